import { answerOf, testCall, type ConformanceCase } from '../kit/testing.ts';
import scanFormAnswer from './fixtures/scan-form-answer.json' with { type: 'json' };

const isDone = (body: unknown): boolean => {
  const { code, success } = (body ?? {}) as { code?: unknown; success?: unknown };
  return (code === 200 || (typeof code === 'string' && code.trim() === '200')) && success === true;
};
const done = (data: unknown) => ({ code: 200, success: true, detail: '', data });
const identity = { apiKey: 'key-of-the-test', apiSecret: 'secret-of-the-test' };

export const conformanceCase: ConformanceCase = {
  vendor: 'hge',
  settings: { baseUrl: 'http://127.0.0.1:1', ...identity },
  variants: [
    { baseUrl: 'http://127.0.0.1:1/openapi/customer/', auth: 'signed', ...identity },
    { baseUrl: 'http://127.0.0.1:1/openapi/customer', auth: 'bearer', token: 'token-of-the-test' },
    { baseUrl: 'http://127.0.0.1:1', ...identity, assumed: { paths: { confirm: 'v9/confirm/' } } },
  ],
  secrets: ['secret-of-the-test', 'token-of-the-test'],
  aside: (request) => (request.url.endsWith('/get_token/') ? answerOf(done({ token: 'token-of-the-test' })) : null),
  answerWithCode: (code) => ({
    code: Number(code),
    success: true,
    detail: '',
    data: { order_num: 'HGE2507080000516', label: '^XA^XZ' },
  }),
  bareAnswer: (code) => ({ code: Number(code) }),
  operations: [
    {
      call: testCall('placeOrder', { earlier: {} }),
      success: done({ order_num: 'HGE2507080000516' }),
      mayBeDone: isDone,
    },
    { call: testCall('confirm'), success: done({ tracking_num: '9261290100000000000012' }), mayBeDone: isDone },
    { call: testCall('fetchLabel'), success: done({ label: '^XA^FO10,10^FDx^FS^XZ' }), mayBeDone: isDone },
  ],
  samples: [{ name: 'Scan Form (the only answer the documents show)', operation: 'placeOrder', body: scanFormAnswer }],
  limits: [],
};
