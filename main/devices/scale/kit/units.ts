/**
 * Mass units a scale may report, as exact decimal factors to grams: value × numerator × 10^exponent.
 *
 * Pound and ounce (avoirdupois): 1 lb = 0.45359237 kg exactly, 1 oz = 1/16 lb = 28.349523125 g exactly (International
 * Yard and Pound Agreement, 1959). 1 grain = 1/7,000 lb = 64.79891 mg, 1 pennyweight = 24 grains, 1 troy ounce = 480
 * grains, 1 short ton = 2,000 lb, all exact (NIST Handbook 44, Appendix C, "General Tables of Units of Measurement").
 * 1 metric carat = 200 mg (4th General Conference on Weights and Measures, 1907). 1 tonne = 1,000 kg (SI Brochure,
 * table 8).
 *
 * An unlisted unit is an error, never a guess. The tael is refused: 37.799 g in Hong Kong and Singapore, 37.5 g in
 * Taiwan, 50 g in mainland China (general knowledge, not confirmed; that they differ is the reason).
 */
import { frameProblem, type FrameProblem } from '../../../domain/frame-problems.ts';
import type { ScaleUnit } from '../../../domain/scale-units.ts';

interface Factor {
  readonly numerator: bigint;
  readonly exponent: number;
}

const factors: ReadonlyMap<string, Factor> = new Map<ScaleUnit, Factor>([
  ['mg', { numerator: 1n, exponent: -3 }],
  ['g', { numerator: 1n, exponent: 0 }],
  ['kg', { numerator: 1n, exponent: 3 }],
  ['t', { numerator: 1n, exponent: 6 }],
  ['ct', { numerator: 2n, exponent: -1 }],
  ['gr', { numerator: 6_479_891n, exponent: -8 }],
  ['dwt', { numerator: 155_517_384n, exponent: -8 }],
  ['oz', { numerator: 28_349_523_125n, exponent: -9 }],
  ['ozt', { numerator: 311_034_768n, exponent: -7 }],
  ['lb', { numerator: 45_359_237n, exponent: -5 }],
  ['ton', { numerator: 90_718_474n, exponent: -2 }],
]);

/**
 * Grams of a plain decimal text (`-12.30`) in a unit, or null if either is not understood. Computed on the digits, so
 * `1.0005` kg is 1000.5 g and not 1000.4999…. `shift` moves the point to the right, for signed exponents.
 */
export function toGrams(decimal: string, unit: string, shift = 0): number | null {
  const factor = factors.get(unit);
  const match = /^(-?)(\d{1,20})(?:\.(\d{1,20}))?$/.exec(decimal);
  if (factor === undefined || match === null) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = BigInt(whole + fraction) * factor.numerator;
  const grams = Number(`${digits}e${factor.exponent - fraction.length + shift}`);
  // `0 - 0` keeps "-0.00" from becoming negative zero.
  return sign === '-' ? 0 - grams : grams;
}

/** The number in a right-aligned field, with the sign at its digits, or null: `  -12.30`. Exactly as wide as the field. */
export function paddedNumber(field: string): string | null {
  return /^ *(-?\d+(?:\.\d+)?)$/.exec(field)?.[1] ?? null;
}

/** The number of a field whose sign stands before the blanks or at the digits: `- 12.30`, `+0012.30`; or null. */
export function signedNumber(field: string): string | null {
  const [, sign = '', number] = /^ *([+-]?) *(\d+(?:\.\d+)?)$/.exec(field) ?? [];
  return number === undefined ? null : `${sign === '-' ? '-' : ''}${number}`;
}

/** Digits without a point, and how many of them stand behind it: `001560`, 2 -> `15.60`. */
export function pointed(digits: string, decimals: number): string {
  if (decimals === 0) return digits;
  const padded = digits.padStart(decimals + 1, '0');
  return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
}

/** Without the blanks around it. Only blanks: a tab or another odd byte on the line is no part of any format. */
export function unpadded(text: string): string {
  return text.replace(/^ +/, '').replace(/ +$/, '');
}

/** Why a unit is refused. `known` is what the protocol can read. */
export function unitRefused(unit: string, known: readonly string[]): FrameProblem {
  if (/^(?:tael|tl|tlh|tls|tlt|tl\.[a-z]?)$/i.test(unit)) {
    return frameProblem('unit-tael', { unit, known: known.join(', ') });
  }
  const last = known.at(-1) ?? '';
  if (known.length < 2) return frameProblem('unit-only', { unit, known: last });
  return frameProblem('unit-unknown', { unit, known: known.slice(0, -1).join(', '), last });
}

/** Frames that carry no unit, and a profile that does not give it. */
export const unitMissing = frameProblem('unit-missing');

/** Reads the units of one protocol: its texts for them, exactly as its manual writes them. */
export interface UnitTable {
  /** Grams and the unit, or why the unit or the number is refused. */
  read(
    decimal: string,
    text: string,
  ): { readonly grams: number; readonly unit: ScaleUnit } | { readonly error: FrameProblem };
}

/** A protocol's own texts for units. What is not listed is refused, a tael with its reason. */
export function unitTable(texts: Readonly<Record<string, ScaleUnit>>): UnitTable {
  const known = new Map(Object.entries(texts));
  return {
    read(decimal, text) {
      const unit = known.get(text);
      if (unit === undefined) return { error: unitRefused(text, [...known.keys()]) };
      const grams = toGrams(decimal, unit);
      return grams === null ? { error: frameProblem('weight-text', { text: decimal.slice(0, 24) }) } : { grams, unit };
    },
  };
}
