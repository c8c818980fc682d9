/** What a vendor's EPL says: the data of its barcodes, and the dots of its pictures. */
import type { Bitmap } from '../bitmap.ts';
import { blankBitmap, fillBox, placeOn } from '../bitmap.ts';
import { complement } from '../joined.ts';
import type { EplArtwork, EplCommand } from './artwork.ts';

/** Texts of the barcode commands B and b, in order. */
export function eplBarcodes(artwork: EplArtwork): string[] {
  return artwork.formats
    .flat()
    .filter(({ name }) => name === 'B' || name === 'b')
    .map(({ text }) => /"((?:[^"\\]|\\.)*)"$/.exec(text)?.[1] ?? '')
    .map((data) => data.replace(/\\(.)/g, '$1').trim())
    .filter((data) => data !== '');
}

/** True if everything the label draws is dots we can draw too: pictures, lines and boxes, no text, no barcode. */
export function isAllDots(artwork: EplArtwork): boolean {
  return artwork.formats.flat().every(({ name }) => !/^(?:A|B|b|LS|LE)$/.test(name));
}

/** The pictures, lines and boxes of one label on media of that size; texts and barcodes are left out. */
export function drawEplDots(commands: readonly EplCommand[], width: number, height: number): Bitmap {
  const page = blankBitmap(width, height);
  let origin = { x: 0, y: 0 };
  for (const { name, text, data } of commands) {
    const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = text.split(',').map(Number);
    const x = origin.x + first;
    const y = origin.y + second;
    if (name === 'R') origin = { x: first, y: second };
    else if (name === 'LO' || name === 'LW') fillBox(page, { x, y, width: third, height: fourth }, name === 'LO');
    else if (name === 'X') drawFrame(page, x, y, third, origin.x + fourth, origin.y + fifth);
    else if (name === 'GW' && data !== null) {
      const rows = { width: third * 8, height: fourth, rowBytes: third, data: complement(data) };
      const placed = placeOn(width, height, rows, x, y);
      placed.data.forEach((byte, at) => (page.data[at] = (page.data[at] ?? 0) | byte));
    }
  }
  return page;
}

function drawFrame(page: Bitmap, x: number, y: number, thickness: number, right: number, bottom: number): void {
  const width = right - x;
  const height = bottom - y;
  fillBox(page, { x, y, width, height: thickness }, true);
  fillBox(page, { x, y: bottom - thickness, width, height: thickness }, true);
  fillBox(page, { x, y, width: thickness, height }, true);
  fillBox(page, { x: right - thickness, y, width: thickness, height }, true);
}
