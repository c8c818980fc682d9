import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultWeighingLimits, judge, startWeighing, weighing } from '../../domain/weighing.ts';
import { seededRandom } from '../../../test/kit/ports.ts';
import { decodeHex, scaleProtocol } from './index.ts';
import { maxLineBytes } from './kit/lines.ts';
import { mtSics } from './mt-sics.ts';
import { toGrams } from './kit/units.ts';

const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const decode = (text: string) => mtSics.decoder().push(bytesOf(text), 7);
const hexOf = (text: string) => bytesOf(text).toString('hex');

test('the weight reply of the reference manual, byte for byte', () => {
  expect(decodeHex('mt-sics', '53 20 53 20 20 20 20 20 31 30 30 2e 30 30 20 67 0d 0a')).toEqual([
    {
      grams: 100,
      stable: true,
      net: false,
      overload: false,
      underload: false,
      at: 0,
      raw: '53205320202020203130302e303020670d0a',
    },
  ]);
});

test.each([
  ['S D     129.07 g', { grams: 129.07, stable: false }],
  ['S S      1.234 kg', { grams: 1234, stable: true }],
  ['S S     1.0005 kg', { grams: 1000.5, stable: true }],
  ['S S    -12.300 kg', { grams: -12_300, stable: true }],
  ['S S      -0.00 g', { grams: 0, stable: true }],
  ['S S    2500.00 mg', { grams: 2.5, stable: true }],
  ['S S       7.85 lb', { grams: 3560.7001045, stable: true }],
  ['S S        7.8 oz', { grams: 221.126280375, stable: true }],
  ['S S 9999999999 g', { grams: 9_999_999_999, stable: true }],
  ['S +', { grams: 0, stable: false, overload: true, underload: false }],
  ['S -', { grams: 0, stable: false, overload: false, underload: true }],
])('%s', (line, wanted) => {
  const [reading] = decode(`${line}\r\n`);
  expect(reading).toMatchObject({ ...wanted, at: 7, raw: hexOf(`${line}\r\n`) });
});

test.each([
  'ES',
  'ET',
  'EL',
  'S I',
  'S S',
  'S S     100.00',
  'S S     100.00 ',
  'S S     100.00 mom',
  'S S     100.00 G',
  'S S     100.00 constructor',
  'S S    100.00 g',
  'S S      100.00 g',
  'S S     100,00 g',
  'S S     1e3.00 g',
  'S S   0x100.00 g',
  'S S    +100.00 g',
  'S S    - 10.00 g',
  'S S        .50 g',
  'S S       100. g',
  'S S 100.00     g',
  'S S        NaN g',
  'S S   Infinity g',
  's s     100.00 g',
  'xS S     100.00 g',
  'S S     100.00 g ',
  ' S S     100.00 g',
  'S X     100.00 g',
  'SI',
  'T S',
  '\u00d3 S     100.00 g',
])('%j is no weight', (line) => {
  for (const item of decode(`${line}\r\n`)) expect(item).toHaveProperty('error');
});

test.each(['S S     100.00 g\n', 'S S     100.00 g\r', 'S S     100.00 g'])('%j has no end of a frame', (text) => {
  expect(decode(text).filter((item) => 'grams' in item)).toEqual([]);
});

test('replies to zero, tare, inquiry and reset are understood and give nothing', () => {
  expect(decode('Z A\r\nZI S\r\nT S     100.00 g\r\nI4 A "1234567"\r\nI0 B 0 "I0"\r\nTAC A\r\n')).toEqual([]);
});

test('garbage between frames is refused by itself; the frames around it stand', () => {
  const items = decode('S S     100.00 g\r\n\x00\xff\x80garbage\r\nS D     101.00 g\r\n');
  expect(items.map((item) => ('grams' in item ? item.grams : item.error))).toEqual([100, 'not an MT-SICS reply', 101]);
});

test('a frame cut short and followed by a whole one never joins into a weight', () => {
  for (let cut = 1; cut < 18; cut++) {
    const items = decode(`${'S S     123.45 g\r\n'.slice(0, cut)}S S     678.90 g\r\nS S     678.90 g\r\n`);
    for (const item of items) if ('grams' in item) expect(item.grams).toBe(678.9);
    expect(items.at(-1)).toMatchObject({ grams: 678.9 });
  }
});

test('an endless line is refused piece by piece in bounded memory, and its tail is no frame', () => {
  const decoder = mtSics.decoder();
  const items = decoder.push(bytesOf(`${'x'.repeat(10 * maxLineBytes)}S S     100.00 g\r\nS S     200.00 g\r\n`), 0);
  expect(items.filter((item) => 'grams' in item)).toMatchObject([{ grams: 200 }]);
  expect(items.filter((item) => 'error' in item)).toHaveLength(11);
  expect(Math.max(...items.map((item) => item.raw.length))).toBe(2 * maxLineBytes);
});

test('the tail of an over-long line that falls on a boundary is no frame either', () => {
  const items = decode(`${'x'.repeat(maxLineBytes)}S S     100.00 g\r\n`);
  expect(items.filter((item) => 'grams' in item)).toEqual([]);
});

const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('S S', 'S D').map((id) => ({ id })) },
  { weight: 1, arbitrary: fc.constantFrom('S +', 'S -', 'ES', 'Z A', '\x00\x07', 'S S').map((line) => ({ line })) },
);
const stream = fc.array(
  fc
    .tuple(piece, fc.integer({ min: -9_999, max: 99_999 }), fc.constantFrom('g', 'kg', 'lb', 'ct'))
    .map(([what, value, unit]) =>
      'line' in what ? `${what.line}\r\n` : `${what.id} ${(value / 100).toFixed(2).padStart(10)} ${unit}\r\n`,
    ),
  { maxLength: 30 },
);

test('any chunking of the same bytes gives the same readings and the same judgement', () => {
  fc.assert(
    fc.property(stream, fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (lines, sizes) => {
      const whole = mtSics.decoder();
      const split = mtSics.decoder();
      let left = startWeighing(null);
      let right = left;
      const both = [
        { kind: 'link-state', state: 'open', at: 0 },
        { kind: 'parcel-opened', parcelId: 'A', at: 0 },
      ] as const;
      for (const event of both) {
        left = weighing(left, event, defaultWeighingLimits);
        right = weighing(right, event, defaultWeighingLimits);
      }
      lines.forEach((line, index) => {
        const at = index * 125;
        const bytes = bytesOf(line);
        for (const item of whole.push(bytes, at)) {
          left = weighing(
            left,
            'error' in item ? { kind: 'refused', frame: item } : { kind: 'reading', reading: item },
            defaultWeighingLimits,
          );
        }
        for (let from = 0; from < bytes.length;) {
          const size = sizes.next().value;
          for (const item of split.push(bytes.subarray(from, from + size), at)) {
            right = weighing(
              right,
              'error' in item ? { kind: 'refused', frame: item } : { kind: 'reading', reading: item },
              defaultWeighingLimits,
            );
          }
          from += size;
        }
        expect(judge(right, at, defaultWeighingLimits)).toEqual(judge(left, at, defaultWeighingLimits));
      });
      expect(right).toEqual(left);
    }),
    { numRuns: 300 },
  );
});

test('1,000,000 random bytes: no crash and no reading that is not a documented frame', () => {
  const random = seededRandom(20_260_105);
  const decoder = mtSics.decoder();
  const buffer = new Uint8Array(1_000);
  let readings = 0;
  for (let round = 0; round < 1_000; round++) {
    for (let i = 0; i < buffer.length; i++) buffer[i] = Math.floor(random.next() * 256);
    readings += decoder.push(buffer, round).filter((item) => 'grams' in item).length;
  }
  expect(readings).toBe(0);
});

test('1,000,000 bytes of damaged frames: every reading is a documented frame, character for character', () => {
  const random = seededRandom(7);
  const documented = /^S [SD] (?=.{10} )( *)(-?\d+(\.\d+)?) (g|kg|mg|lb|oz)\r\n$|^S [+-]\r\n$/;
  const decoder = mtSics.decoder();
  let sent = 0;
  let readings = 0;
  while (sent < 1_000_000) {
    const bytes = [...bytesOf(`S S ${(random.next() * 1000).toFixed(2).padStart(10)} kg\r\n`)];
    const damage = Math.floor(random.next() * 6);
    const spot = Math.floor(random.next() * bytes.length);
    if (damage === 0) bytes.splice(spot, 1);
    if (damage === 1) bytes.splice(spot, 0, Math.floor(random.next() * 256));
    if (damage === 2) bytes[spot] = Math.floor(random.next() * 256);
    if (damage === 3) bytes.splice(spot);
    if (damage === 4) bytes.splice(spot, 3, Math.floor(random.next() * 256));
    sent += bytes.length;
    for (const item of decoder.push(Uint8Array.from(bytes), sent)) {
      if (!('grams' in item)) continue;
      readings += 1;
      expect(Buffer.from(item.raw, 'hex').toString('latin1')).toMatch(documented);
      expect(Number.isFinite(item.grams)).toBe(true);
    }
  }
  expect(readings).toBeGreaterThan(1_000);
});

test('a byte lost inside the weight is always seen by the width', () => {
  const frame = 'S S    1234.56 kg\r\n';
  for (let spot = 4; spot < 14; spot++) {
    const items = decode(frame.slice(0, spot) + frame.slice(spot + 1));
    expect(items.filter((item) => 'grams' in item)).toEqual([]);
  }
});

test('units are converted on the digits, without binary rounding on the way', () => {
  expect(toGrams('1.0005', 'kg')).toBe(1000.5);
  expect(toGrams('1', 'lb')).toBe(453.59237);
  expect(toGrams('16', 'oz')).toBe(453.59237);
  expect(toGrams('0.1', 'mg')).toBe(0.0001);
  expect(toGrams('1', 'tael')).toBeNull();
});

test('decodeHex says what is wrong with its input in one line', () => {
  expect(() => decodeHex('mt-six', '')).toThrow('scale protocol "mt-six" is not known; known are hid-pos, mt-sics');
  expect(() => decodeHex('constructor', '')).toThrow('not known');
  expect(() => decodeHex('mt-sics', '5g')).toThrow('hex has "g" at digit 2');
  expect(() => decodeHex('mt-sics', '532')).toThrow('hex has 3 digits');
  expect(decodeHex('mt-sics', '')).toEqual([]);
});

test('decodeHex reports bytes that end before their frame does', () => {
  expect(decodeHex('mt-sics', '53 20')).toMatchObject([{ error: 'frame is not complete', at: 0, raw: '5320' }]);
});

test('the question is SI CR LF', () => {
  expect([...(scaleProtocol('mt-sics').poll ?? [])]).toEqual([0x53, 0x49, 0x0d, 0x0a]);
});
