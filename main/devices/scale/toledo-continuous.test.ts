import { expect, test } from 'vitest';
import { toledoContinuous } from './toledo-continuous.ts';

const frame = (weight: string, { a = 0x2c, b = 0x30, c = 0x20, check = true } = {}): number[] => {
  const bytes = [0x02, a, b, c, ...Buffer.from(`${weight.padStart(6)}     0\r`)];
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  return check ? [...bytes, -sum & 0x7f] : bytes;
};
const read = (...frames: number[][]) => {
  const decoder = toledoContinuous.decoder();
  return frames.flat().flatMap((byte) => decoder.push(Uint8Array.of(byte), 0));
};
const one = (bytes: number[]) => {
  const decoder = toledoContinuous.decoder();
  const [item] = [...decoder.push(Uint8Array.from(bytes), 0), ...decoder.end(0)];
  return item;
};

test.each([
  [0, 1_234_500_000],
  [1, 123_450_000],
  [2, 12_345_000],
  [3, 1_234_500],
  [4, 123_450],
  [5, 12_345],
  [6, 1_234.5],
  [7, 123.45],
])('status A: point %i', (code, grams) => {
  expect(one(frame('12345', { a: 0x28 | code }))).toMatchObject({ grams, stable: true });
});

test.each([0x28, 0x30, 0x38])('status A: divisions of %i', (divisions) => {
  expect(one(frame('12345', { a: divisions | 4 }))).toMatchObject({ grams: 123_450 });
});

test.each([
  [{ a: 0x24 }, 'no division'],
  [{ a: 0x0c }, 'status A is not'],
  [{ a: 0x54 }, 'status A is not'],
  [{ b: 0x10 }, 'status B is not'],
  [{ c: 0x30 }, 'extended resolution'],
  [{ c: 0x23 }, 'unit code 3 is not documented'],
  [{ c: 0x27 }, 'unit code 7 is not documented'],
])('status %j is refused', (status, words) => {
  expect(one(frame('12345', status))).toMatchObject({ error: expect.stringContaining(words) as string });
});

test.each([
  [0x30, { grams: 123_450, net: false, stable: true }],
  [0x31, { grams: 123_450, net: true }],
  [0x32, { grams: -123_450 }],
  [0x38, { grams: 123_450, stable: false }],
  [0x34, { overload: true, underload: false, stable: false }],
  [0x36, { overload: false, underload: true, stable: false }],
  [0x70, { grams: 123_450, stable: false }],
  [0x20, { grams: 55_995.979_765 * 1 }],
])('status B: %i', (b, wanted) => {
  const { grams, ...rest } = { grams: undefined, ...wanted };
  const item = one(frame('12345', { b }));
  expect(item).toMatchObject(rest);
  if (grams !== undefined) expect(item).toHaveProperty('grams', expect.closeTo(grams, 2));
});

test.each([
  [0x21, 123.45],
  [0x22, 123_450_000],
])('status C: unit %i', (c, grams) => {
  expect(one(frame('12345', { c }))).toMatchObject({ grams });
});

test('without check sums a frame waits for the byte behind it, until that is known', () => {
  const plain = frame('12345', { check: false });
  const decoder = toledoContinuous.decoder();
  const counts = [1, 2, 3, 4, 5].map(() => decoder.push(Uint8Array.from(plain), 0).length);
  expect(counts).toEqual([0, 1, 1, 2, 1]);
});

test('once seen, a check sum is asked for', () => {
  const items = read(frame('12345'), frame('12345'), frame('54321', { check: false }), frame('12345'));
  expect(items.map((item) => ('error' in item ? 'refused' : item.grams))).toEqual([
    123_450,
    123_450,
    'refused',
    123_450,
  ]);
});

test('a check sum that is STX is a check sum', () => {
  const weight = Array.from({ length: 100_000 }, (_, value) => String(value)).find(
    (text) => frame(text).at(-1) === 0x02,
  );
  if (weight === undefined) throw new Error('no such weight');
  const items = read(frame(weight), frame(weight), frame(weight));
  expect(items.slice(0, 2)).toMatchObject([{ grams: Number(weight) * 10 }, { grams: Number(weight) * 10 }]);
  expect(items.every((item) => 'grams' in item)).toBe(true);
});
