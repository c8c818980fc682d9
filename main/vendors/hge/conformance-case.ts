import { answerOf, testCall, type ConformanceCase } from '../kit/testing.ts';
import { documentCall, sampleBag, sampleFlightNode, sampleHandover, sampleMention } from './document-samples.ts';
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
    { call: testCall('cancel'), success: done({ order_num: 'HGE2507080000516' }), mayBeDone: isDone },
    { call: testCall('updateWeight'), success: done(null), mayBeDone: isDone },
  ],
  // Ours, in the documented envelope: only Scan Form's answer is in a document.
  calls: {
    token: {
      success: done({ token: 'token-of-the-test', expires_in: 7200 }),
      settings: { baseUrl: 'http://127.0.0.1:1', ...identity, token: 'token-of-the-test' },
    },
    queryServices: { success: done([{ service_code: 'P10006' }]) },
    placeOrder: { success: done({ customer_order_num: 'CS1298738912739131', order_num: 'HGE2507080000516' }) },
    queryOrder: { success: done({ customer_order_num: 'CS1298738912739131', order_num: 'HGE2507080000516' }) },
    track: { success: done({ status: 'in_transit', tracks: [{ time: '2025-12-14 10:00:00', status: 'in_transit' }] }) },
    scanForm: { success: { ...scanFormAnswer, data: { reference_num: 'TR20250427000000001' } } },
    createBag: { success: done({ reference_num: 'BAG-D01-0001', bag_num: 'BG2512130000001' }) },
    bagLabel: { success: done({ bag_num: 'BG2512130000001', label: '^XA^FO10,10^FDx^FS^XZ' }) },
  },
  documents: [
    { call: documentCall('createBag', sampleBag), success: done({ bag_num: 'BG2512130000001' }) },
    { call: documentCall('bagLabel', sampleMention), success: done({ label: '^XA^FO10,10^FDx^FS^XZ' }) },
    { call: documentCall('voidBag', sampleMention), success: done({ bag_num: 'BG2512130000001' }) },
    {
      call: documentCall('scanForm', sampleHandover),
      success: { ...scanFormAnswer, data: { reference_num: 'TR20250427000000001' } },
    },
    { call: documentCall('scanFormResult', sampleHandover), success: done({ status: 'success' }) },
    { call: documentCall('manifest', sampleHandover), success: done({ reference_num: 'TR20250427000000001' }) },
    { call: documentCall('manifestResult', sampleHandover), success: done({ status: 'success' }) },
    { call: documentCall('updateFlight', sampleFlightNode), success: done(null) },
  ],
  anySuccess: done(null),
  anyDone: isDone,
  samples: [{ name: 'Scan Form (the only answer the documents show)', operation: 'placeOrder', body: scanFormAnswer }],
  limits: [],
};
