/** Barcodes of our own labels, drawn dot for dot: every module is a whole number of dots, whatever the head. */
import bwip from 'bwip-js/node';
import type { Bitmap, Box } from '../bitmap.ts';
import { fillBox } from '../bitmap.ts';
import { HeldError } from '../held.ts';

/** `linear` is Code 128; `matrix` is QR; `either` is Code 128 where the text and the box allow it, else QR. */
export type CodeKind = 'linear' | 'matrix' | 'either';

/**
 * Narrowest module, in millimetres. Our own limit, not a standard's: hand scanners of desks name 5 mil (0.127 mm) as
 * their finest code, and a label is wrinkled, filmed over and read from an arm's length. One dot of a 203 dpi head
 * (0.125 mm) is refused, two are used.
 */
export const narrowestModuleMm = 0.19;
/** Wider bars only take room: half a millimetre is read from two metres. */
const widestModuleMm = 0.5;
/** White on each side of a Code 128 symbol, in modules (ISO/IEC 15417). */
const linearQuiet = 10;
/** White around a QR symbol, in modules (ISO/IEC 18004). */
const matrixQuiet = 4;

/** Modules of a Code 128 symbol without its white sides; null if the text cannot be written in Code 128. */
export function linearModules(text: string): number | null {
  const widths = linearWidths(text);
  return widths === null ? null : widths.reduce((sum, width) => sum + width, 0);
}

/** Narrowest box, in millimetres, that holds the text as Code 128 with its white sides at this resolution. */
export function linearWidthMm(text: string, headDotsPerMm: number): number | null {
  const modules = linearModules(text);
  return modules === null ? null : ((modules + 2 * linearQuiet) * fewestDots(headDotsPerMm)) / headDotsPerMm;
}

function fewestDots(headDotsPerMm: number): number {
  return Math.ceil(narrowestModuleMm * headDotsPerMm);
}

/** Draws the code in the middle of the box. Throws `HeldError` if it cannot be drawn readably. */
export function drawCode(page: Bitmap, text: string, kind: CodeKind, box: Box, headDotsPerMm: number): void {
  if (text === '') throw new HeldError('label.unreadable', 'the label has no number for its barcode');
  const least = fewestDots(headDotsPerMm);
  if (kind !== 'matrix' && drawLinear(page, text, box, headDotsPerMm, least)) return;
  if (kind !== 'linear' && drawMatrix(page, text, box, least)) return;
  throw new HeldError(
    'label.too-large',
    `the code "${text.slice(0, 60)}" does not fit the label; use wider media or a finer print head`,
  );
}

/** False if the text cannot be written in Code 128, or would be narrower than `least` dots per module. */
export function drawLinear(page: Bitmap, text: string, box: Box, headDotsPerMm: number, least: number): boolean {
  const widths = linearWidths(text);
  if (widths === null) return false;
  const modules = widths.reduce((sum, width) => sum + width, 0);
  const fits = Math.floor(box.width / (modules + 2 * linearQuiet));
  const module = Math.min(fits, Math.max(least, Math.floor(headDotsPerMm * widestModuleMm)));
  if (modules === 0 || module < least) return false;
  let x = box.x + Math.floor((box.width - modules * module) / 2);
  widths.forEach((width, index) => {
    if (index % 2 === 0) fillBox(page, { x, y: box.y, width: width * module, height: box.height }, true);
    x += width * module;
  });
  return true;
}

function drawMatrix(page: Bitmap, text: string, box: Box, least: number): boolean {
  const symbol = matrixOf(text);
  if (symbol === null) return false;
  const { pixs, pixx, pixy } = symbol;
  const module = Math.floor(Math.min(box.width / (pixx + 2 * matrixQuiet), box.height / (pixy + 2 * matrixQuiet)));
  if (module < least) return false;
  const left = box.x + Math.floor((box.width - pixx * module) / 2);
  const top = box.y + Math.floor((box.height - pixy * module) / 2);
  pixs.forEach((dark, index) => {
    if (dark === 0) return;
    const [column, row] = [index % pixx, Math.floor(index / pixx)];
    fillBox(page, { x: left + column * module, y: top + row * module, width: module, height: module }, true);
  });
  return true;
}

function linearWidths(text: string): readonly number[] | null {
  // Code 128 holds ASCII; a control character or a Chinese one is for the matrix code.
  if (!/^[\x20-\x7e]+$/.test(text)) return null;
  const [symbol] = bwip.raw({ bcid: 'code128', text });
  return symbol !== undefined && 'sbs' in symbol ? symbol.sbs : null;
}

function matrixOf(text: string): { pixs: number[]; pixx: number; pixy: number } | null {
  try {
    const [symbol] = bwip.raw('qrcode', Buffer.from(text, 'utf8').toString('latin1'), 'binarytext eclevel=M');
    return symbol !== undefined && 'pixs' in symbol ? symbol : null;
  } catch {
    // Longer than any QR symbol.
    return null;
  }
}
