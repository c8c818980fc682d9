/** Quarter turns of bitmaps, dot for dot. */
import type { Bitmap } from '../bitmap.ts';
import { blankBitmap } from '../bitmap.ts';

/** Degrees clockwise. */
export type QuarterTurn = 0 | 90 | 180 | 270;

/** The bitmap turned clockwise; every dot is kept. 0 gives the bitmap itself. */
export function turnBitmap(source: Bitmap, turn: QuarterTurn): Bitmap {
  if (turn === 0) return source;
  const { width, height, rowBytes, data } = source;
  const target = turn === 180 ? blankBitmap(width, height) : blankBitmap(height, width);
  for (let y = 0; y < height; y += 1) {
    for (let column = 0; column < rowBytes; column += 1) {
      const byte = data[y * rowBytes + column] ?? 0;
      if (byte === 0) continue;
      const end = Math.min(8, width - column * 8);
      for (let bit = 0; bit < end; bit += 1) {
        if ((byte & (0x80 >> bit)) === 0) continue;
        const x = column * 8 + bit;
        const toX = turn === 90 ? height - 1 - y : turn === 180 ? width - 1 - x : y;
        const toY = turn === 90 ? x : turn === 180 ? height - 1 - y : width - 1 - x;
        const at = toY * target.rowBytes + (toX >> 3);
        target.data[at] = (target.data[at] ?? 0) | (0x80 >> (toX & 7));
      }
    }
  }
  return target;
}
