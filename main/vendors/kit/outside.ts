/** Zod schemas for what vendors send, and for their part of the profile. */
import { z } from 'zod';
import { normalizeDecimal } from '../../domain/decimal.ts';

/**
 * A number that identifies something: text, or a JSON number that a double holds exactly. Larger numbers have already
 * lost digits when we see them (AsiaBill's sample shows `2.0210928100113805e+21`), so they are refused.
 */
export const outsideNumber = z
  .union([z.string(), z.number()])
  .transform((value, context) => {
    if (typeof value === 'string') return value.trim();
    if (Number.isSafeInteger(value)) return String(value);
    context.addIssue({ code: 'custom', message: 'number too large to be exact; it must be sent as text' });
    return z.NEVER;
  })
  .pipe(z.string().min(1).max(128));

/** Free text: absent and null become ''; a number becomes its digits; control characters but line ends become spaces. */
export const outsideText = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .optional()
  .transform((value) => (value === undefined || value === null ? '' : cleanText(String(value))));

/** A decimal number as text or as a JSON number short enough to be exact, normalised. */
export const outsideDecimal = z.union([z.string(), z.number()]).transform((value, context) => {
  const text = String(value);
  const normal = typeof value === 'number' && text.replace(/\D/g, '').length > 15 ? null : normalizeDecimal(text);
  if (normal === null) {
    context.addIssue({ code: 'custom', message: 'not an exact decimal number' });
    return z.NEVER;
  }
  return normal;
});

/** Removes what no field needs: C0/C1 controls (kept: line feed), bidi overrides and zero-width characters; trims. */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]+/g, ' ')
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '')
    .trim();
}

/** The first issue of a failed parse in one line: where, and what is wrong. Never shows the value. */
export function issueLine(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'not in the expected form';
  const where = issue.path.map(String).join('.');
  return where === '' ? issue.message : `${where}: ${issue.message}`;
}

/** `http:` or `https:` address without user name, query or fragment. */
export const baseAddress = z.string().superRefine((value, context) => {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be an address like https://host/path' });
    return;
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    context.addIssue({ code: 'custom', message: 'must start with https:// or http://' });
  if (url.username !== '' || url.password !== '')
    context.addIssue({ code: 'custom', message: 'must not hold a user name or password' });
  if (url.search !== '' || url.hash !== '')
    context.addIssue({ code: 'custom', message: 'must not hold a query (?…) or a fragment (#…)' });
});

/** A secret or a key that goes into a header or is hashed: printable, no blanks around it. */
export const credential = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^[\u0021-\u007e]+$/, 'must be printable ASCII without blanks');

/** Settings every vendor has: how long one call may take, and how long the vendor may work on after we gave up. */
export const callTimes = {
  timeoutMs: z.number().int().min(1_000).max(600_000).default(20_000),
  inFlightMs: z.number().int().min(0).max(3_600_000).default(30_000),
};

/** The vendor cannot be done with a call before we give up on it. */
export function inFlightOf(times: { readonly timeoutMs: number; readonly inFlightMs: number }): number {
  return Math.max(times.timeoutMs, times.inFlightMs);
}
