/**
 * Bitmaps -> ESC/POS pictures. Commands from Epson, "ESC/POS Command Reference": ESC @, GS v 0, GS ( L functions 112
 * and 50, GS ( K function 49, GS V function B, GS FF, ESC d. A 1 bit burns. ESC/POS has no comments, so the print id
 * is not in the bytes.
 */
import type { Bitmap } from '../bitmap.ts';
import { joined, within } from '../joined.ts';
import type { LabelTarget } from '../media.ts';

const esc = 0x1b;
const gs = 0x1d;
/** Rows of one picture command: small enough for printers with a few tens of kilobytes of buffer. */
const usualBandDots = 256;
/** `GS v 0` counts at most 2303 rows (yH at most 8). */
const mostBandDots = 2_303;
/** `GS ( L` counts its bytes, 10 of them parameters, in 16 bits. */
const mostGraphicsBytes = 65_535 - 10;
/** Lines to feed so that the picture's end passes the tear bar (general knowledge: about 15 mm on receipt printers). */
const tearLines = 4;

/**
 * The bytes of one print. Pages are cut into bands, so that no command is larger than the printer's buffer. Darkness
 * becomes the density of `GS ( K` (250 to 255 lighter, 0 usual, 1 to 6 darker; which levels exist differs by model).
 * Speed has only levels without unit and stays as the printer is set. A cutter gets `GS V` 66 (feed to it, then a
 * partial cut); labels with a gap or mark are fed to the next with `GS FF`. `ESC @` at the start undoes what someone
 * else left set.
 */
export function encodeEscpos(pages: readonly Bitmap[], _printId: string, target: LabelTarget): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(esc, 0x40)];
  if (target.darkness !== undefined) {
    const level = within(target.darkness / 5, -6, 6);
    parts.push(Uint8Array.of(gs, 0x28, 0x4b, 2, 0, 0x31, level & 0xff));
  }
  for (const page of pages) {
    const once = [...picture(page, target), ...ending(target)];
    for (let copy = 0; copy < within(target.copies ?? 1, 1, 99); copy += 1) parts.push(...once);
  }
  return joined(parts);
}

/** The page in bands from top to bottom. */
function picture(page: Bitmap, target: LabelTarget): Uint8Array[] {
  const older = (target.quirks?.raster ?? 'gs-v-0') === 'gs-v-0';
  const most = older ? mostBandDots : Math.max(1, Math.floor(mostGraphicsBytes / page.rowBytes));
  const rows = Math.min(most, within(target.quirks?.bandDots ?? usualBandDots, 1, mostBandDots));
  const parts: Uint8Array[] = [];
  for (let top = 0; top < page.height; top += rows) {
    const height = Math.min(rows, page.height - top);
    const data = page.data.subarray(top * page.rowBytes, (top + height) * page.rowBytes);
    if (older) parts.push(Uint8Array.of(gs, 0x76, 0x30, 0, ...two(page.rowBytes), ...two(height)), data);
    else {
      const store = [0x30, 0x70, 0x30, 1, 1, 0x31, ...two(page.rowBytes * 8), ...two(height)];
      parts.push(Uint8Array.of(gs, 0x28, 0x4c, ...two(data.length + 10), ...store), data);
      parts.push(Uint8Array.of(gs, 0x28, 0x4c, 2, 0, 0x30, 0x32));
    }
  }
  return parts;
}

function ending(target: LabelTarget): Uint8Array[] {
  const parts: Uint8Array[] = [];
  if (target.tracking === 'gap' || target.tracking === 'mark') parts.push(Uint8Array.of(gs, 0x0c));
  if (target.ending === 'cut') parts.push(Uint8Array.of(gs, 0x56, 66, 0));
  else if (target.ending === 'tear' && parts.length === 0) parts.push(Uint8Array.of(esc, 0x64, tearLines));
  return parts;
}

/** Low byte first. */
function two(value: number): [number, number] {
  return [value & 0xff, value >> 8];
}
