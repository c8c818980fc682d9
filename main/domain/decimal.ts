/**
 * Decimal numbers as text. Upstreams send NUMERIC(28,8) as `20.00000000`; a double would not hold it, and nothing here
 * needs arithmetic on it, so it stays text.
 */

const decimalForm = /^([+-]?)(\d{1,40})(?:\.(\d{0,40}))?$/;

/** The same number without leading and trailing zeros (`020.50` -> `20.5`, `-0.0` -> `0`), or null if it is no plain decimal. */
export function normalizeDecimal(text: string): string | null {
  const match = decimalForm.exec(text.trim());
  if (match === null) return null;
  const whole = (match[2] ?? '').replace(/^0+(?=\d)/, '');
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return match[1] === '-' && digits !== '0' ? `-${digits}` : digits;
}

/** True if `text` is a plain decimal above zero. */
export function isPositiveDecimal(text: string): boolean {
  const normal = normalizeDecimal(text);
  return normal !== null && normal !== '0' && !normal.startsWith('-');
}

/** `value / 10^places` as text with exactly `places` decimals: whole grams to kilograms is `scaleDown(1234, 3)` = `1.234`. */
export function scaleDown(value: number, places: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number`);
  const sign = value < 0 ? '-' : '';
  const digits = String(Math.abs(value)).padStart(places + 1, '0');
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
