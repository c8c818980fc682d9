/** 鸿讯's codes: only success is documented (`code: 200` with `flag: true`); every other code is `unknown`. */
import type { CodeTable } from '../kit/vendor.ts';

export const successCode = '200';

export const codes: CodeTable = [
  { code: successCode, class: 'done', meaning: '响应成功, with flag true', evidence: 'documented' },
];
