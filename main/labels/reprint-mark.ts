/** The words REPRINT n on a second copy, drawn where the label is white. */
import type { Bitmap, Box } from './bitmap.ts';
import { copyBitmap, fillBox } from './bitmap.ts';

/** 5 x 7 dots per character, one number per row, the leftmost of five bits first. */
const font: Readonly<Record<string, readonly number[]>> = {
  R: [30, 17, 17, 30, 20, 18, 17],
  E: [31, 16, 16, 30, 16, 16, 31],
  P: [30, 17, 17, 30, 16, 16, 16],
  I: [14, 4, 4, 4, 4, 4, 14],
  N: [17, 25, 21, 19, 17, 17, 17],
  T: [31, 4, 4, 4, 4, 4, 4],
  ' ': [0, 0, 0, 0, 0, 0, 0],
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 6, 8, 16, 31],
  '3': [14, 17, 1, 6, 1, 17, 14],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
};

/**
 * Where the mark goes: the whitest place that touches none of `keepOut`. Large enough for three digits, so that it is
 * the same place for every copy of a label.
 */
export function findMarkPlace(page: Bitmap, keepOut: readonly Box[] = []): Box {
  const { scale, margin } = markScale(page);
  const size = { width: ('REPRINT 999'.length * 6 - 1) * scale + 2 * margin, height: 7 * scale + 2 * margin };
  return { ...size, ...whitestSpot(page, size, keepOut) };
}

/** A copy of the page with REPRINT `copy` on it, about 3 mm high on any head. */
export function markReprint(page: Bitmap, copy: number, place: Box = findMarkPlace(page)): Bitmap {
  const text = `REPRINT ${copy}`;
  const { scale, margin } = markScale(page);
  const marked = copyBitmap(page);
  fillBox(marked, place, false);
  [...text].forEach((character, index) => {
    (font[character] ?? []).forEach((bits, row) => {
      for (let column = 0; column < 5; column += 1) {
        if ((bits & (16 >> column)) === 0) continue;
        const x = place.x + margin + (index * 6 + column) * scale;
        fillBox(marked, { x, y: place.y + margin + row * scale, width: scale, height: scale }, true);
      }
    });
  });
  return marked;
}

function markScale(page: Bitmap): { scale: number; margin: number } {
  const scale = Math.max(2, Math.round(page.width / 270));
  return { scale, margin: scale * 2 };
}

/**
 * Where a box of that size covers the least ink, looking every 8 dots from the bottom up, so that bars and addresses
 * stay readable. Sums over cells of 8 x 8 dots make it one pass.
 */
function whitestSpot(
  page: Bitmap,
  size: { width: number; height: number },
  keepOut: readonly Box[],
): Pick<Box, 'x' | 'y'> {
  const columns = Math.floor(page.width / 8);
  const rows = Math.floor(page.height / 8);
  const boxColumns = Math.ceil(size.width / 8);
  const boxRows = Math.ceil(size.height / 8);
  // A place inside a barcode or its quiet zone is worse than any other.
  const isKeptOut = (x: number, y: number): boolean =>
    keepOut.some((box) => x + 8 > box.x && x < box.x + box.width && y + 8 > box.y && y < box.y + box.height);
  const sums = new Uint32Array((columns + 1) * (rows + 1));
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let inked = 0;
      for (let line = 0; line < 8; line += 1) {
        if (page.data[(row * 8 + line) * page.rowBytes + column] !== 0) inked += 1;
      }
      if (keepOut.length > 0 && isKeptOut(column * 8, row * 8)) inked += 1_000;
      const at = (row + 1) * (columns + 1) + column + 1;
      sums[at] = inked + (sums[at - 1] ?? 0) + (sums[at - columns - 1] ?? 0) - (sums[at - columns - 2] ?? 0);
    }
  }
  const inkIn = (column: number, row: number): number => {
    const at = (x: number, y: number): number => sums[y * (columns + 1) + x] ?? 0;
    const right = column + boxColumns;
    const bottom = row + boxRows;
    return at(right, bottom) - at(column, bottom) - at(right, row) + at(column, row);
  };
  let best = { x: 0, y: 0, ink: Number.POSITIVE_INFINITY };
  for (let row = rows - boxRows; row >= 0; row -= 1) {
    for (let column = 0; column + boxColumns <= columns; column += 1) {
      const ink = inkIn(column, row);
      if (ink < best.ink) best = { x: column * 8, y: row * 8, ink };
      if (ink === 0) return best;
    }
  }
  return best;
}
