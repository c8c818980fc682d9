/**
 * The self-test barcodes of the scanner sheet: letters of both cases, digits and every kind of sign that a wrong
 * keyboard layout, caps lock or an input method would change. Scanned, they tell whether the scanner is set right.
 */

const prefix = 'PB:TEST:';

/** For a linear code: as many signs as fit a label 76 mm wide at 203 dpi. */
export const scannerTestText = `${prefix}Az09-_/+#@`;

/** For a two-dimensional code: all 94 visible characters of ASCII. */
export const scannerTestTextLong = `${prefix}${Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join('')}`;

/** A scan of a self-test barcode: the first place where it is not what was printed, or null if it is right. */
export interface ScannerTest {
  readonly wrong: { readonly expected: string; readonly read: string } | null;
}

/**
 * Judges a scanned text: null if it is no self-test at all. The text is compared as it came, with its upper and lower
 * case; the one printed code that it is closest to in length counts.
 */
export function judgeScannerTest(text: string): ScannerTest | null {
  if (text.slice(0, prefix.length).toUpperCase() !== prefix) return null;
  const expected = text.length > scannerTestText.length + 10 ? scannerTestTextLong : scannerTestText;
  if (text === expected) return { wrong: null };
  let at = 0;
  while (at < expected.length && expected[at] === text[at]) at += 1;
  return { wrong: { expected: expected.slice(at, at + 1) || '⏎', read: text.slice(at, at + 1) || '⏎' } };
}
