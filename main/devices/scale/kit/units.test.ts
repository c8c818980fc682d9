import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameWords } from '../../../domain/frame-problems.ts';
import { paddedNumber, pointed, signedNumber, toGrams, unitTable, unpadded, type UnitTable } from './units.ts';

test.each([
  ['1', 'ct', 0.2],
  ['1', 'gr', 0.06479891],
  ['7000', 'gr', 453.59237],
  ['24', 'gr', 1.55517384],
  ['1', 'dwt', 1.55517384],
  ['20', 'dwt', 31.1034768],
  ['1', 'ozt', 31.1034768],
  ['1', 't', 1_000_000],
  ['1', 'ton', 907_184.74],
  ['2000', 'lb', 907_184.74],
])('%s %s is %d g, exactly', (number, unit, grams) => {
  expect(toGrams(number, unit)).toBe(grams);
});

test('the point is moved on the digits', () => {
  expect(toGrams('785', 'lb', -2)).toBe(3560.7001045);
  expect(toGrams('78', 'oz', -1)).toBe(221.126280375);
  expect(toGrams('5', 'g', 3)).toBe(5_000);
});

function refusal(units: UnitTable, text: string): string | null {
  const read = units.read('1', text);
  return 'error' in read ? frameWords(read.error) : null;
}

test('a tael is refused with its reason, any other unit with the known ones', () => {
  const units = unitTable({ g: 'g', kg: 'kg' });
  for (const text of ['tl', 'tlh', 'TAEL', 'tl.g']) {
    expect(refusal(units, text)).toContain('another weight in every country');
  }
  expect(refusal(units, 'lb')).toBe('unit "lb" is not g or kg; set the scale to one of them');
  expect(refusal(unitTable({ kg: 'kg' }), 'lb')).toBe('unit "lb" is not kg; set the scale to it');
  expect(units.read('1.5', 'kg')).toEqual({ grams: 1_500, unit: 'kg' });
});

test('texts of fields', () => {
  expect(paddedNumber('  -12.30')).toBe('-12.30');
  expect(paddedNumber('- 12.30')).toBeNull();
  expect(signedNumber('-  12.30')).toBe('-12.30');
  expect(signedNumber('+0012.30')).toBe('0012.30');
  expect(signedNumber('12.30 ')).toBeNull();
  expect(signedNumber('\t12.30')).toBeNull();
  expect(unpadded('  kg ')).toBe('kg');
  expect(unpadded('\u00a0kg\t')).toBe('\u00a0kg\t');
});

test('a point put into digits is the number divided by ten as often', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 0, max: 8 }), (value, decimals) => {
      expect(Number(pointed(String(value).padStart(6, '0'), decimals))).toBeCloseTo(value / 10 ** decimals, 10);
    }),
  );
});
