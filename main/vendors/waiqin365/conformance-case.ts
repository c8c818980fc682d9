import type { ConformanceCase } from '../kit/testing.ts';

const settings = {
  baseUrl: 'http://127.0.0.1:1/',
  openid: '8888888888888888888',
  appkey: 'BFCO0PAgIUgd50c0l6',
  pollMs: 60_000,
};
/** The document's sample of an answer without data. */
const written = { msg_id: 'X000001', return_code: 0, return_msg: '' };
const isDone = (body: unknown): boolean => {
  const { return_code: code } = (body ?? {}) as { return_code?: unknown };
  return code === 0 || (typeof code === 'string' && code.trim() === '0');
};

/** The pull itself has its own tests in waiqin365.test.ts. */
export const conformanceCase: ConformanceCase = {
  vendor: 'waiqin365',
  settings,
  variants: [
    { ...settings, writeBack: { kind: 'custom-field', field: '物流单号' } },
    { ...settings, writeBack: { kind: 'delivery-order', waybillField: '物流单号' } },
  ],
  secrets: ['BFCO0PAgIUgd50c0l6'],
  aside: () => null,
  answerWithCode: (code) => ({ return_code: code, return_msg: '', msg_id: 'X000001', response_data: '[]' }),
  bareAnswer: (code) => ({ return_code: code }),
  operations: [],
  calls: { pullOrders: { success: { return_code: '0', return_msg: '', msg_id: 'X000001', response_data: '[]' } } },
  anySuccess: written,
  anyDone: isDone,
  samples: [],
  limits: [],
};
