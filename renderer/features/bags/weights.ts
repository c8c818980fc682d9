/** Weights as they are read on bags. */

/** 12345 g as `12.345`: kilograms with all grams, so that what is shown adds up. */
export function kilograms(grams: number): string {
  const digits = String(Math.abs(grams)).padStart(4, '0');
  return `${grams < 0 ? '−' : ''}${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

/** 350 g as `+350`, a loss with a true minus sign. */
export function signedGrams(grams: number): string {
  return grams < 0 ? `−${-grams}` : `+${grams}`;
}
