/**
 * Units of dimension-weigh-scan machines as exact decimal factors. A machine's unit stands in its profile or in its frame;
 * an unlisted unit is an error, never a guess.
 * Inch 25.4 mm, pound 0.45359237 kg: exact (International Yard and Pound Agreement, 1959).
 */

interface Factor {
  readonly numerator: bigint;
  readonly exponent: number;
}

/** To grams. */
const masses: Readonly<Record<string, Factor>> = {
  mg: { numerator: 1n, exponent: -3 },
  g: { numerator: 1n, exponent: 0 },
  kg: { numerator: 1n, exponent: 3 },
  t: { numerator: 1n, exponent: 6 },
  lb: { numerator: 45_359_237n, exponent: -5 },
  oz: { numerator: 28_349_523_125n, exponent: -9 },
};

/** To millimetres. */
const lengths: Readonly<Record<string, Factor>> = {
  mm: { numerator: 1n, exponent: 0 },
  cm: { numerator: 1n, exponent: 1 },
  m: { numerator: 1n, exponent: 3 },
  in: { numerator: 254n, exponent: -1 },
};

/** To cubic centimetres; 1 in³ = 16.387064 cm³. */
const volumes: Readonly<Record<string, Factor>> = {
  mm3: { numerator: 1n, exponent: -3 },
  cm3: { numerator: 1n, exponent: 0 },
  dm3: { numerator: 1n, exponent: 3 },
  m3: { numerator: 1n, exponent: 6 },
  in3: { numerator: 16_387_064n, exponent: -6 },
};

/** Longest number read, in characters. */
const maxNumberLength = 24;

/** Grams of a plain decimal in a unit; null if either is not understood. A single comma is a decimal comma. */
export function gramsOf(decimal: string, unit: string): number | null {
  return convert(decimal, masses, unit);
}

/** Millimetres of a plain decimal in a unit; null if either is not understood. */
export function millimetresOf(decimal: string, unit: string): number | null {
  return convert(decimal, lengths, unit);
}

/** Cubic centimetres of a plain decimal in a unit; null if either is not understood. */
export function cubicCentimetresOf(decimal: string, unit: string): number | null {
  return convert(decimal, volumes, unit);
}

/** Computed on the digits, so that `1.0005` kg is 1000.5 g and not 1000.4999…. */
function convert(decimal: string, factors: Readonly<Record<string, Factor>>, unit: string): number | null {
  const factor = Object.hasOwn(factors, unit) ? factors[unit] : undefined;
  const text = decimal.trim();
  if (factor === undefined || text.length > maxNumberLength) return null;
  // No machine of the reference sends thousands separators; a decimal comma is sent by OCA's zippcube ("12,3").
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d*)(?:[.,](\d*))?$/.exec(text) ?? [];
  if (whole === '' && fraction === '') return null;
  const digits = BigInt(whole + fraction) * factor.numerator;
  const value = Number(`${digits}e${factor.exponent - fraction.length}`);
  return sign === '-' ? 0 - value : value;
}
