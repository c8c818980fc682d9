import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rgbaToZ64 } from 'zpl-image';
import type { Bitmap } from '../bitmap.ts';
import { blankBitmap, fillBox, toRgba } from '../bitmap.ts';
import { encodeAcs, encodeZ64, graphicField, zplCrc } from './graphic.ts';

const anyBitmap = fc
  .tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(), { maxLength: 60 }))
  .map(([width, height, seeds]) => {
    const bitmap = blankBitmap(width, height);
    for (const seed of seeds) {
      fillBox(
        bitmap,
        { x: seed % width, y: (seed >> 5) % height, width: 1 + (seed % 9), height: 1 + (seed % 3) },
        true,
      );
    }
    return bitmap;
  });

/** Decodes the alternative compression as the manual describes it, apart from the encoder. */
function decodeAcs(text: string, rowBytes: number, height: number): string {
  const digits = rowBytes * 2;
  const rows: string[] = [];
  let row = '';
  let count = 0;
  const finish = (): void => {
    rows.push(row);
    row = '';
  };
  for (const character of text) {
    if (character === ':') rows.push(rows.at(-1) ?? ''.padEnd(digits, '0'));
    else if (character === ',') {
      row = row.padEnd(digits, '0');
      finish();
    } else if (character >= 'G' && character <= 'Y') count += character.charCodeAt(0) - 70;
    else if (character >= 'g' && character <= 'z') count += (character.charCodeAt(0) - 102) * 20;
    else {
      row += character.repeat(count || 1);
      count = 0;
      if (row.length === digits) finish();
    }
  }
  expect(rows.length).toBe(height);
  return rows.join('');
}

const hex = (bitmap: Bitmap): string => Buffer.from(bitmap.data).toString('hex').toUpperCase();

test.each([
  ['123456789', '31c3'],
  ['eNr7/x8GGhj+/2cAYUZsLCjNAFKJjQUDAOLDM1I=', '8f39'],
  ['', '0000'],
])('the checksum of %j is %s', (text, crc) => {
  // The first is the check value of CRC-16/XMODEM; the second was taken from a Zebra-compatible encoder.
  expect(zplCrc(text)).toBe(crc);
});

test('the published 80 x 8 picture gives the published zlib text', () => {
  const rows = ['FFFFFFFFFFFFFFFFFFFF', '8000FFFF0000FFFF0001', '8000FFFF0000FFFF0001', '8000FFFF0000FFFF0001'];
  const data = Buffer.from(
    [...rows, 'FFFF0000FFFF0000FFFF', 'FFFF0000FFFF0000FFFF', 'FFFF0000FFFF0000FFFF', rows[0]].join(''),
    'hex',
  );
  const text = encodeZ64(data);
  expect(text).toMatch(/^:Z64:eNr[0-9A-Za-z+/]+=*:[0-9a-f]{4}$/);
  expect(inflateSync(Buffer.from(text.split(':')[2] ?? '', 'base64')).equals(data)).toBe(true);
});

test('a known zlib text decodes to the published picture, whose alternative form uses repeats of digits and rows', () => {
  const data = inflateSync(Buffer.from('eNr7/x8GGhj+/2cAYUZsLCjNAFKJjQUDAOLDM1I=', 'base64'));
  expect(data.toString('hex').toUpperCase().slice(0, 20)).toBe('FFFFFFFFFFFFFFFFFFFF');
  const acs = encodeAcs(data, 10);
  expect(acs.startsWith('gF')).toBe(true);
  expect(decodeAcs(acs, 10, data.length / 10)).toBe(data.toString('hex').toUpperCase());
});

test.each([
  [1, ''],
  [2, 'H'],
  [19, 'Y'],
  [20, 'g'],
  [21, 'gG'],
  [39, 'gY'],
  [40, 'h'],
  [642, 'zrH'],
  [800, 'zz'],
  [842, 'zzhH'],
])('a run of %i digits is written as %j', (count, expected) => {
  const rowBytes = Math.ceil(count / 2);
  const row = Buffer.from('A'.repeat(count).padEnd(rowBytes * 2, '1'), 'hex');
  expect(encodeAcs(row, rowBytes).startsWith(`${expected}A`)).toBe(true);
});

test('the form that implementations disagree on is never written', () => {
  expect(encodeAcs(new Uint8Array(20).fill(255), 10)).toBe('gF:');
  expect(encodeAcs(new Uint8Array(20), 10)).toBe(',:');
});

test('both compressions decode to exactly our dots, whatever the width', () => {
  fc.assert(
    fc.property(anyBitmap, (bitmap) => {
      const z64 = encodeZ64(bitmap.data).split(':');
      expect(z64[3]).toBe(zplCrc(z64[2] ?? ''));
      expect(inflateSync(Buffer.from(z64[2] ?? '', 'base64')).equals(bitmap.data)).toBe(true);
      expect(decodeAcs(encodeAcs(bitmap.data, bitmap.rowBytes), bitmap.rowBytes, bitmap.height)).toBe(hex(bitmap));
    }),
  );
});

test('an independent encoder makes the same dots of the same picture', () => {
  fc.assert(
    fc.property(anyBitmap, (bitmap) => {
      const theirs = rgbaToZ64(toRgba(bitmap), bitmap.width, { notrim: true });
      expect([theirs.length, theirs.rowlen]).toEqual([bitmap.data.length, bitmap.rowBytes]);
      const [, , base64, crc] = theirs.z64.split(':');
      expect(crc).toBe(zplCrc(base64 ?? ''));
      expect(inflateSync(Buffer.from(base64 ?? '', 'base64')).equals(bitmap.data)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('the field says total, total and row length in bytes', () => {
  const bitmap = blankBitmap(9, 3);
  fillBox(bitmap, { x: 0, y: 0, width: 9, height: 1 }, true);
  expect(graphicField(bitmap, 'acs')).toBe('^GFA,6,6,2,HF80,:');
  expect(graphicField(bitmap, 'z64')).toMatch(/^\^GFA,6,6,2,:Z64:/);
});
