/** Schemas for the parameters of calls by name: the vendors' column types, with messages that name the fix. */
import { z } from 'zod';

/** Free text of `min` to `max` characters (code points, as VARCHAR counts), without control characters but line ends. */
export const textParam = (max: number, min = 1) =>
  z.string().superRefine((value, context) => {
    const length = [...value].length;
    if (length < min) context.addIssue({ code: 'custom', message: `has ${length} characters, needs ${min}` });
    if (length > max) {
      context.addIssue({ code: 'custom', message: `has ${length} characters, at most ${max} are allowed` });
    }
    if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value)) {
      context.addIssue({ code: 'custom', message: 'must not hold control characters' });
    }
  });

/**
 * NUMERIC(precision, scale) as text, sent as written: digits and an optional fraction, no exponent. A JSON number is
 * taken if it has at most 15 digits, so that it is exact.
 */
export const numericParam = (precision: number, scale: number, options: { readonly signed?: boolean } = {}) =>
  z.union([z.string(), z.number()], 'must be a decimal number, best as text').transform((value, context) => {
    const text = typeof value === 'number' ? String(value) : value.trim();
    const match = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?$/.exec(text);
    const tooFine = typeof value === 'number' && text.replace(/\D/g, '').length > 15;
    const whole = (match?.[2] ?? '').replace(/^0+/, '');
    const problem =
      match === null || tooFine
        ? 'must be a decimal number such as "10.5", without exponent'
        : match[1] === '-' && options.signed !== true
          ? 'must not be negative'
          : whole.length > precision - scale || (match[3] ?? '').length > scale
            ? `has too many digits: at most ${precision - scale} before and ${scale} after the point`
            : null;
    if (problem === null) return text;
    context.addIssue({ code: 'custom', message: problem });
    return z.NEVER;
  });

const calendarParam = (pattern: RegExp, shape: string) =>
  z.string().superRefine((value, context) => {
    const match = pattern.exec(value);
    const day = match?.[1] ?? '';
    const at = Date.parse(`${day}T${match?.[2] ?? '00:00:00'}Z`);
    // Date.parse takes 31 February for 3 March.
    if (match === null || Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day) {
      context.addIssue({ code: 'custom', message: `must be a date written ${shape}` });
    }
  });

/** `yyyy-MM-dd`. */
export const dayParam = () => calendarParam(/^(\d{4}-\d{2}-\d{2})$/, 'yyyy-MM-dd');
/** `yyyy-MM-dd HH:mm`, no seconds. */
export const minuteParam = () => calendarParam(/^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})$/, 'yyyy-MM-dd HH:mm');
/** `yyyy-MM-dd HH:mm:ss`. */
export const secondParam = () => calendarParam(/^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/, 'yyyy-MM-dd HH:mm:ss');

/** One of a few words or digits; a JSON number is taken for its digits. */
export const wordParam = <const W extends string>(words: readonly [W, ...W[]]) =>
  z.preprocess(
    (value) => (typeof value === 'number' ? String(value) : value),
    z.enum(words, `must be one of ${words.join(', ')}`),
  );

/** An "at least one of these is required" rule, for `.superRefine`. An empty text counts as absent. */
export const needsOneOf =
  (...fields: readonly string[]) =>
  (value: object, context: z.core.$RefinementCtx): void => {
    const given = value as Readonly<Record<string, unknown>>;
    if (fields.some((field) => given[field] !== undefined && given[field] !== null && given[field] !== '')) return;
    context.addIssue({
      code: 'custom',
      path: [fields[0] ?? ''],
      message: `one of ${fields.join(', ')} is required`,
      input: value,
    });
  };
