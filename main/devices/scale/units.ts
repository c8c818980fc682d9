/**
 * Mass units a scale may report, as exact decimal factors to grams: value × numerator × 10^exponent.
 * Pound and ounce (avoirdupois): 1 lb = 0.45359237 kg exactly, 1 oz = 1/16 lb = 28.349523125 g exactly
 * (International Yard and Pound Agreement, 1959). An unlisted unit is an error, never a guess.
 */
const factors: ReadonlyMap<string, { readonly numerator: bigint; readonly exponent: number }> = new Map([
  ['mg', { numerator: 1n, exponent: -3 }],
  ['g', { numerator: 1n, exponent: 0 }],
  ['kg', { numerator: 1n, exponent: 3 }],
  ['lb', { numerator: 45_359_237n, exponent: -5 }],
  ['oz', { numerator: 28_349_523_125n, exponent: -9 }],
]);

/**
 * Grams of a plain decimal text (`-12.30`) in a unit, or null if either is not understood. Computed on the digits, so
 * `1.0005` kg is 1000.5 g and not 1000.4999….
 */
export function toGrams(decimal: string, unit: string): number | null {
  const factor = factors.get(unit);
  const match = /^(-?)(\d{1,20})(?:\.(\d{1,20}))?$/.exec(decimal);
  if (factor === undefined || match === null) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = BigInt(whole + fraction) * factor.numerator;
  const grams = Number(`${digits}e${factor.exponent - fraction.length}`);
  // `0 - 0` keeps "-0.00" from becoming negative zero.
  return sign === '-' ? 0 - grams : grams;
}
