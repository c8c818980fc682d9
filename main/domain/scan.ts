/**
 * What a scanned text means. Pure and total: any text gives an answer, none throws.
 *
 * A text is first brought to one form: terminators trimmed, full-width characters (a Chinese input method types them)
 * made half-width, the AIM symbology prefix some scanners are set to send removed. Then it is one of
 *   PB:CMD:<command>   a command barcode, the same as its key or button
 *   PB:BAG:<command>   the same at the bagging place
 *   PB:TARE            what lies on the scale is a container; PB:TARE:STAY for every parcel, PB:TARE:CLEAR ends it
 *   PB:BADGE:<id>      a person's badge
 *   PB:QTY:<n>         the next item scan counts n times, 1 to 9999
 *   PB:TEST:<signs>    a self-test of the scanner: did every sign come through?
 *   LPN-<desk>-<n>     our own rack label
 *   BAG-<desk>-<n>     our own number of a big bag
 *   anything else      an outside number: order, waybill, product
 * Sources: AIM prefix: ISO/IEC 15424 (Data Carrier Identifiers). FNC1 as GS (1D): GS1 General Specifications,
 * section 7.8 (the separator between element strings of a scanned GS1 symbol).
 */
import { BagCommand, PackCommand } from '../../preload/contract/index.ts';
import type { Notice, ScanManner } from '../../preload/contract/index.ts';
import { gtinOf, splitAim, ssccOf } from './gs1.ts';
import { judgeScannerTest } from './scanner-test.ts';
import type { ScannerTest } from './scanner-test.ts';

/** Longest text accepted, in UTF-16 units, after trimming; the contract's limit for a scan. */
export const maxScanLength = 2_048;
export type Scan =
  | { readonly kind: 'command'; readonly command: PackCommand }
  | { readonly kind: 'bag-command'; readonly command: BagCommand }
  | { readonly kind: 'quantity'; readonly count: number }
  /** `badge` in upper case, as printed. */
  | { readonly kind: 'badge'; readonly badge: string }
  | ({ readonly kind: 'test' } & ScannerTest)
  /** `code` in upper case, as printed. */
  | { readonly kind: 'lpn'; readonly code: string }
  /** `code` in upper case, as printed. */
  | { readonly kind: 'bag'; readonly code: string }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'refused'; readonly notice: Notice };

/** Reads a scanned or typed text. `manner`, how it came in, is only for the self-test of the scanner. */
export function readScan(text: string, manner: ScanManner = {}): Scan {
  const normal = normaliseScan(text);
  if (normal.kind === 'refused') return normal;
  const { code } = normal;
  const ours = /^PB:(.*)$/is.exec(code)?.[1];
  const test = judgeScannerTest(code, manner);
  if (test !== null) return { kind: 'test', ...test };
  if (ours !== undefined) return readOurs(ours);
  const upper = asciiUpper(code);
  const [, family] = /^(LPN|BAG)-[A-Z0-9][A-Z0-9_.-]*-\d{1,20}$/.exec(upper) ?? [];
  if (family === undefined) return { kind: 'code', code };
  return { kind: family === 'LPN' ? 'lpn' : 'bag', code: upper };
}

/**
 * Brings a text to its one form, or refuses it: empty, too long, or with a control or invisible character inside
 * (only FNC1 as GS, 1D, may stay: it separates fields of a GS1 code). Normalising twice changes nothing.
 */
export function normaliseScan(
  text: string,
): { readonly kind: 'code'; readonly code: string } | Extract<Scan, { kind: 'refused' }> {
  // Cut before any pattern runs over it; ten times the limit leaves room for what trimming removes.
  if (text.length > maxScanLength * 10) return refuse('scan.refused-too-long');
  let code = trimEnds(halfWidth(text));
  for (let rest = withoutAimPrefix(code); rest !== code; rest = withoutAimPrefix(code)) code = rest;
  if (code.length > maxScanLength) return refuse('scan.refused-too-long');
  if (code === '') return refuse('scan.refused-cut');
  if (/[^\P{C}\x1d]/u.test(code)) return refuse('scan.refused-key');
  return { kind: 'code', code };
}

/**
 * True if two texts are the same code, whatever caps lock, the input method and the scanner's prefix made of them.
 * Leading zeros count: `001` is not `1`. Only A-Z are compared without case; a text that would be refused equals nothing.
 */
export function sameCode(a: string, b: string): boolean {
  const left = normaliseScan(a);
  const right = normaliseScan(b);
  return left.kind === 'code' && right.kind === 'code' && asciiUpper(left.code) === asciiUpper(right.code);
}

/**
 * True if two texts name the same product: the same code, or one GTIN in two of its forms (EAN-13 or 14 digits with a
 * leading zero, alone or inside a GS1 element string). A case of the product has a GTIN of its own and is not the same.
 */
export function sameProduct(a: string, b: string): boolean {
  if (sameCode(a, b)) return true;
  const gtin = gtinOf(trimEnds(halfWidth(a)));
  return gtin !== null && gtin === gtinOf(trimEnds(halfWidth(b)));
}

/** True if two texts name the same parcel: the same code, or one SSCC with and without its identifier (00). */
export function sameParcel(a: string, b: string): boolean {
  return sameCode(ssccOf(trimEnds(halfWidth(a))) ?? a, ssccOf(trimEnds(halfWidth(b))) ?? b);
}

/** The short forms for the wall: the container on the scale is tared with one scan. */
const tareCommands: Readonly<Record<string, PackCommand>> = {
  TARE: 'tare',
  'TARE:STAY': 'tare-stay',
  'TARE:CLEAR': 'tare-clear',
};

function readOurs(body: string): Scan {
  const [, verb = '', argument = ''] = /^([a-z]+):(.*)$/is.exec(body) ?? [];
  if (asciiUpper(verb) === 'CMD') {
    const command = PackCommand.safeParse(argument.toLowerCase());
    if (command.success) return { kind: 'command', command: command.data };
  }
  const tare = tareCommands[asciiUpper(body)];
  if (tare !== undefined) return { kind: 'command', command: tare };
  if (asciiUpper(verb) === 'BAG') {
    const command = BagCommand.safeParse(argument.toLowerCase());
    if (command.success) return { kind: 'bag-command', command: command.data };
  }
  if (asciiUpper(verb) === 'QTY' && /^[1-9]\d{0,3}$/.test(argument))
    return { kind: 'quantity', count: Number(argument) };
  if (asciiUpper(verb) === 'BADGE' && /^[A-Z0-9_-]{1,32}$/i.test(argument)) {
    return { kind: 'badge', badge: asciiUpper(argument) };
  }
  // Never a product code: a worn or foreign command barcode must not count as goods.
  return refuse('scan.command-not-now', { command: `PB:${body.slice(0, 40)}` });
}

function refuse(code: string, params: Notice['params'] = {}): Extract<Scan, { kind: 'refused' }> {
  return { kind: 'refused', notice: { code, tone: 'warn', params } };
}

/** U+FF01..FF5E are the full-width forms of 21..7E, U+3000 of the space (Unicode, "Halfwidth and Fullwidth Forms"). */
function halfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e\u3000]/g, (one) =>
    one === '\u3000' ? ' ' : String.fromCharCode(one.charCodeAt(0) - 0xfee0),
  );
}

/** Drops white space, line ends, tabs, STX, ETX, NUL, a stray FNC1 and invisible marks at both ends. */
function trimEnds(text: string): string {
  const loose = /[\s\u0000\u0002\u0003\u001d\u200b-\u200f\u2060\ufeff]/;
  let from = 0;
  let to = text.length;
  while (from < to && loose.test(text.charAt(from))) from += 1;
  while (to > from && loose.test(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/** Only a symbology this project knows (`gs1.ts`), only if a code follows. */
function withoutAimPrefix(code: string): string {
  const trimmed = trimEnds(splitAim(code)?.rest ?? '');
  return trimmed === '' ? code : trimmed;
}

function asciiUpper(text: string): string {
  return text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}
