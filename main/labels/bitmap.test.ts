import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bitmap } from './bitmap.ts';
import { blankBitmap, enlarge, fillBox, inkBounds, isBlack, placeOn, thresholdGray, toRgba } from './bitmap.ts';

/** Rows of `#` and `.`. */
function bitmapOf(rows: readonly string[]): Bitmap {
  const bitmap = blankBitmap(rows[0]?.length ?? 0, rows.length);
  rows.forEach((row, y) => {
    [...row].forEach((dot, x) => {
      if (dot === '#') fillBox(bitmap, { x, y, width: 1, height: 1 }, true);
    });
  });
  return bitmap;
}

function rowsOf(bitmap: Bitmap): string[] {
  return Array.from({ length: bitmap.height }, (_, y) =>
    Array.from({ length: bitmap.width }, (__, x) => (isBlack(bitmap, x, y) ? '#' : '.')).join(''),
  );
}

const anyRows = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 12 })).chain(([width, height]) =>
  fc.array(fc.string({ unit: fc.constantFrom('#', '.'), minLength: width, maxLength: width }), {
    minLength: height,
    maxLength: height,
  }),
);

test('the leftmost dot is the highest bit and black is 1', () => {
  expect([...bitmapOf(['#.......#', '.#......#']).data]).toEqual([0x80, 0x80, 0x40, 0x80]);
});

test('darker than the threshold is black, and a turn moves the upper left corner to the upper right', () => {
  const gray = { width: 3, height: 2, data: Uint8Array.of(0, 127, 128, 255, 255, 255) };
  expect(rowsOf(thresholdGray(gray, 128, false))).toEqual(['##.', '...']);
  expect(rowsOf(thresholdGray(gray, 128, true))).toEqual(['.#', '.#', '..']);
});

test('laying a bitmap somewhere moves every dot by the same distance and leaves the padding white', () => {
  fc.assert(
    fc.property(anyRows, fc.integer({ min: -20, max: 20 }), fc.integer({ min: -8, max: 8 }), (rows, x, y) => {
      const source = bitmapOf(rows);
      const placed = placeOn(29, 11, source, x, y);
      for (let row = 0; row < 11; row += 1) {
        for (let column = 0; column < placed.rowBytes * 8; column += 1) {
          const bit = ((placed.data[row * placed.rowBytes + (column >> 3)] ?? 0) & (0x80 >> (column & 7))) !== 0;
          expect(bit).toBe(column < 29 && isBlack(source, column - x, row - y));
        }
      }
    }),
  );
});

test('ink bounds hold all ink and nothing more', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const bounds = inkBounds(bitmapOf(rows));
      const inked = rows.flatMap((row, y) => [...row].flatMap((dot, x) => (dot === '#' ? [{ x, y }] : [])));
      if (bounds === null) {
        expect(inked).toEqual([]);
        return;
      }
      const xs = inked.map((dot) => dot.x);
      const ys = inked.map((dot) => dot.y);
      expect(bounds).toEqual({
        x: Math.min(...xs),
        y: Math.min(...ys),
        width: Math.max(...xs) - Math.min(...xs) + 1,
        height: Math.max(...ys) - Math.min(...ys) + 1,
      });
    }),
  );
});

test('enlarging keeps proportions', () => {
  expect(rowsOf(enlarge(bitmapOf(['#.', '.#']), 2))).toEqual(['##..', '##..', '..##', '..##']);
});

test('pixels are opaque, black where the bit is set', () => {
  expect([...toRgba(bitmapOf(['.#']))]).toEqual([255, 255, 255, 255, 0, 0, 0, 255]);
});
