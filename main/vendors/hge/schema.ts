/** The documented answer of every HGE call: `{code, success, detail, data}`. */
import { z } from 'zod';
import { outsideNumber, outsideText } from '../kit/outside.ts';

export const envelope = z.object({
  code: outsideNumber,
  success: z.unknown().optional(),
  detail: outsideText,
  data: z.unknown().optional(),
});
