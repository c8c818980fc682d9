/**
 * The self-test barcodes of the scanner sheet: letters of both cases, digits and every kind of sign that a wrong
 * keyboard layout, caps lock or an input method would change. Scanned, they tell whether the scanner is set right, and
 * if not, what is wrong.
 */
import type { Notice, ScanManner } from '../../preload/contract/index.ts';
import { layoutOf } from './scanner-layouts.ts';

const prefix = 'PB:TEST:';

/** For a linear code: as many signs as fit a label 76 mm wide at 203 dpi. */
export const scannerTestText = `${prefix}Az09-_/+#@`;

/** For a two-dimensional code: all 94 visible characters of ASCII. */
export const scannerTestTextLong = `${prefix}${Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join('')}`;

/** Above this a scanner without a prefix cannot be told from typing by its speed (`renderer/input/wedge-model.ts`). */
export const slowGapMs = 35;

/**
 * What is wrong with the scanner or the desk, the worst first; null if all is right. `text`: a sign is not what was
 * printed, and why is not known.
 */
export type ScannerFault =
  | { readonly kind: 'layout'; readonly layout: string }
  | { readonly kind: 'caps' }
  | { readonly kind: 'text'; readonly expected: string; readonly read: string }
  | { readonly kind: 'prefix' }
  | { readonly kind: 'ime' }
  | { readonly kind: 'slow'; readonly gapMs: number }
  | { readonly kind: 'alt' }
  | { readonly kind: 'caps-lock' };

export interface ScannerTest {
  readonly fault: ScannerFault | null;
}

/**
 * Judges a scanned text: null if it is no self-test at all. The text is compared as it came, with its upper and lower
 * case; the one printed code that it is closest to in length counts. `manner`: what its keys told beside the text.
 */
export function judgeScannerTest(text: string, manner: ScanManner = {}): ScannerTest | null {
  const expected = text.length > scannerTestText.length + 10 ? scannerTestTextLong : scannerTestText;
  const ours = text.slice(0, prefix.length).toUpperCase() === prefix;
  const layout = text === expected ? null : layoutOf(text, expected, prefix.length);
  if (!ours && layout === null) return null;
  if (layout !== null) return { fault: { kind: 'layout', layout } };
  return { fault: faultOfText(text, expected) ?? faultOfManner(manner) };
}

function faultOfText(text: string, expected: string): ScannerFault | null {
  if (text === expected) return null;
  if (text.length === expected.length && text.toLowerCase() === expected.toLowerCase()) return { kind: 'caps' };
  let at = 0;
  while (at < expected.length && expected[at] === text[at]) at += 1;
  return { kind: 'text', expected: expected.slice(at, at + 1) || '⏎', read: text.slice(at, at + 1) || '⏎' };
}

/** The text is right; what may make the next one wrong, or lets a scan fall into a text field. */
function faultOfManner(manner: ScanManner): ScannerFault | null {
  if (manner.framed === false) return { kind: 'prefix' };
  if (manner.inputMethod === true) return { kind: 'ime' };
  if (manner.gapMs !== undefined && manner.gapMs > slowGapMs) return { kind: 'slow', gapMs: manner.gapMs };
  if (manner.altNumbers === true) return { kind: 'alt' };
  return manner.capsLock === true ? { kind: 'caps-lock' } : null;
}

/** The sentence that says so, and what to do. */
export function scannerTestNotice({ fault }: ScannerTest): Notice {
  if (fault === null) return { code: 'scan.test-ok', tone: 'ok', params: {} };
  switch (fault.kind) {
    case 'layout':
      return { code: 'scan.test-layout', tone: 'warn', params: { layout: fault.layout } };
    case 'text':
      return { code: 'scan.test-wrong', tone: 'warn', params: { expected: fault.expected, read: fault.read } };
    case 'slow':
      return { code: 'scan.test-slow', tone: 'warn', params: { gapMs: fault.gapMs, most: slowGapMs } };
    case 'caps':
      return { code: 'scan.test-caps', tone: 'warn', params: {} };
    case 'prefix':
      return { code: 'scan.test-prefix', tone: 'warn', params: {} };
    case 'ime':
      return { code: 'scan.test-ime', tone: 'warn', params: {} };
    case 'alt':
      return { code: 'scan.test-alt', tone: 'warn', params: {} };
    case 'caps-lock':
      return { code: 'scan.test-caps-lock', tone: 'warn', params: {} };
  }
}
