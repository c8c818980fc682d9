/** ANE's answer (document, 返回参数信息): `{result, resultCode, resultInfo, reason}`. */
import { z } from 'zod';
import { outsideNumber, outsideText } from '../kit/outside.ts';

export const envelope = z.object({
  result: z.unknown().optional(),
  resultCode: outsideNumber,
  /** Words, or JSON as text (public client code), or an object. */
  resultInfo: z.unknown().optional(),
  reason: outsideText.catch(''),
});
