import type { ConformanceCase } from '../kit/testing.ts';

/** A vendor of questions only: its pull has its own tests in client.test.ts. */
export const conformanceCase: ConformanceCase = {
  vendor: 'waiqin365',
  settings: {
    baseUrl: 'http://127.0.0.1:1/',
    openid: '8888888888888888888',
    appkey: 'BFCO0PAgIUgd50c0l6',
    pollMs: 60_000,
  },
  variants: [],
  secrets: ['BFCO0PAgIUgd50c0l6'],
  aside: () => null,
  answerWithCode: (code) => ({ return_code: code, return_msg: '', msg_id: 'X000001', response_data: '[]' }),
  bareAnswer: (code) => ({ return_code: code }),
  operations: [],
  samples: [],
  limits: [],
};
