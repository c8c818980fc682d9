/** AsiaBill's codes: only success is documented; the table of errors is not public, so all others are `unknown`. */
import type { CodeTable } from '../kit/vendor.ts';

export const successCode = '00000';

export const codes: CodeTable = [{ code: successCode, class: 'done', meaning: 'success', evidence: 'documented' }];
