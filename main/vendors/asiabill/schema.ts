/**
 * AsiaBill's answers. The document's generated samples show numbers where the tables say String, one of them already
 * rounded (`2.0210928100113805e+21`), so numbers that identify something are read only where they are exact.
 */
import { z } from 'zod';
import { outsideNumber, outsideText } from '../kit/outside.ts';

/** The success code is text with zeros in front; a number could not be it. */
const code = z.union([z.string(), z.number().transform(String)]);

export const envelope = z.object({ code, message: outsideText, data: z.unknown().optional() });

/** A number that identifies something, or null: known to be there, not known which. */
const exactNumber = z
  .unknown()
  .optional()
  .transform((value) => {
    const parsed = outsideNumber.safeParse(value);
    return parsed.success ? parsed.data : null;
  });
/** Upload: `data` is an object. */
export const uploaded = z.object({ status: outsideText, description: outsideText, tradeNo: exactNumber });

/** Query: `data` is a list. */
export const tracked = z.array(
  z.object({
    tradeNo: exactNumber,
    trackingNo: exactNumber,
    logisticsStatus: outsideText,
    tbLcCode: outsideText,
    trackingWeb: outsideText,
  }),
);
