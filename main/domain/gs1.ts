/**
 * Codes of the GS1 system, and the AIM identifier that some scanners put before a code. Pure and total.
 *
 * Element strings are taken apart by `gs1-barcode-parser-mod` (its table of application identifiers); what is kept of
 * it is checked here: nothing of the text may be lost, and a GTIN or SSCC must have its check digit.
 * Sources: GS1 General Specifications, 3.2 (application identifiers; 00 SSCC, 01 GTIN), 3.3.2 and 2.1.2 (a shorter GTIN is
 * filled with leading zeros to 14 digits), 7.8 (FNC1 as GS, 1D, between elements), 7.9.1 (check digit, modulo 10).
 * AIM identifiers: ISO/IEC 15424; those of GS1 symbols: GS1 General Specifications, 5.1.3.
 */
import { parseBarcode } from 'gs1-barcode-parser-mod';

/** FNC1 between two elements, as a scanner sends it. */
export const groupSeparator = '\x1d';

export interface Gs1Element {
  /** Application identifier: `01`, `3103`. */
  readonly ai: string;
  /** The characters after it, as they stand in the code. */
  readonly value: string;
}

/** Longest element string of any GS1 symbol is far below (GS1 DataMatrix: 3,116 digits). */
const longest = 4_096;

/**
 * The symbologies by the letter of their AIM identifier, as far as this project names them. `]E` with modifier 4 is an
 * add-on of two or five digits.
 */
const symbologies: Readonly<Record<string, string>> = {
  A: 'Code 39',
  C: 'Code 128',
  E: 'EAN/UPC',
  F: 'Codabar',
  G: 'Code 93',
  H: 'Code 11',
  I: 'Interleaved 2 of 5',
  J: 'DotCode',
  L: 'PDF417',
  M: 'MSI',
  Q: 'QR Code',
  R: 'Straight 2 of 5',
  S: 'Straight 2 of 5',
  U: 'MaxiCode',
  X: 'other',
  Z: 'not a barcode',
  d: 'Data Matrix',
  e: 'GS1 DataBar',
  h: 'Han Xin',
  z: 'Aztec',
};

/** With these the content is GS1 element strings, certainly. `]e1` and `]e2` end or continue another symbol's. */
const gs1Identifiers: ReadonlySet<string> = new Set([']C1', ']d2', ']Q3', ']J1', ']e0', ']e1', ']e2']);

/** The AIM identifier at the head of a text, and what follows it; null if there is none or nothing follows. */
export function splitAim(text: string): { readonly aim: string; readonly rest: string } | null {
  const [, aim = '', rest = ''] = /^(\][A-Za-z][0-9])(.+)$/s.exec(text) ?? [];
  return aim !== '' && Object.hasOwn(symbologies, aim.charAt(1)) ? { aim, rest } : null;
}

/** The symbology an AIM identifier names: `]C1` is `GS1 Code 128`. */
export function symbologyOf(aim: string): string | null {
  const name = Object.hasOwn(symbologies, aim.charAt(1)) ? symbologies[aim.charAt(1)] : undefined;
  if (name === undefined) return null;
  return gs1Identifiers.has(aim) && !name.startsWith('GS1') ? `GS1 ${name}` : name;
}

/**
 * The elements of a scanned text, with or without its AIM identifier and a leading FNC1; null if it is not GS1. A text
 * that neither an identifier nor an FNC1 marks counts only if it begins with a whole SSCC or GTIN, check digit and all:
 * a carrier's number may look like anything.
 */
export function readGs1(text: string): readonly Gs1Element[] | null {
  if (text.length > longest) return null;
  const split = splitAim(text);
  const body = (split?.rest ?? text).replace(/^\x1d+|\x1d+$/g, '');
  const marked = (split !== null && gs1Identifiers.has(split.aim)) || text.includes(groupSeparator);
  if (!marked && !/^(00\d{18}|01\d{14})/.test(body)) return null;
  const elements = takeApart(body);
  if (elements === null || !elements.every(hasItsCheckDigit)) return null;
  // Without a mark, only what stands for itself.
  return marked || elements[0]?.ai === '00' || elements[0]?.ai === '01' ? elements : null;
}

function takeApart(body: string): readonly Gs1Element[] | null {
  let elements: readonly Gs1Element[];
  try {
    elements = parseBarcode(body).parsedCodeItems.map(({ ai, raw }) => ({ ai, value: raw }));
  } catch {
    return null;
  }
  const whole = elements.map(({ ai, value }) => ai + value).join('');
  return whole === body.replaceAll(groupSeparator, '') && elements.every(({ value }) => value !== '') ? elements : null;
}

function hasItsCheckDigit({ ai, value }: Gs1Element): boolean {
  return !['00', '01', '02'].includes(ai) || hasCheckDigit(value);
}

/** The last digit is the check digit of the others (modulo 10, weights 3 and 1 from the right). */
export function hasCheckDigit(digits: string): boolean {
  if (!/^\d{2,}$/.test(digits)) return false;
  const sum = Array.from(digits, Number)
    .toReversed()
    .reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

/**
 * The 14 digits of the product a text names: a GTIN-8, -12, -13 or -14 by itself, or the (01) of an element string. Null
 * if it names none. The same product by whatever symbol it was scanned off.
 */
export function gtinOf(text: string): string | null {
  const plain = splitAim(text)?.rest ?? text;
  if (/^(\d{8}|\d{12,14})$/.test(plain) && hasCheckDigit(plain)) return plain.padStart(14, '0');
  return readGs1(text)?.find(({ ai }) => ai === '01')?.value ?? null;
}

/** The 18 digits of the logistic unit (00) a text names, or null. */
export function ssccOf(text: string): string | null {
  return readGs1(text)?.find(({ ai }) => ai === '00')?.value ?? null;
}

/** As people write it: `(01)06901234567892(10)AB1`. */
export function inBrackets(elements: readonly Gs1Element[]): string {
  return elements.map(({ ai, value }) => `(${ai})${value}`).join('');
}
