/**
 * 外勤365's `return_code`. The documents give 0 成功 and 1 失败 and point to an appendix that is not public; every other
 * code is `unknown`. Codes come as text or as a number; both are compared as text.
 */
import type { CodeTable } from '../kit/vendor.ts';

export const successCode = '0';

export const codes: CodeTable = [
  { code: successCode, class: 'done', meaning: '成功', evidence: 'documented' },
  { code: '1', class: 'rejected', meaning: '失败 (refused without a reason)', evidence: 'documented' },
];
