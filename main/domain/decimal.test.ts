import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPositiveDecimal, normalizeDecimal, scaleDown } from './decimal.ts';

test.each([
  ['20.00000000', '20'],
  ['0020.50', '20.5'],
  ['-0.00', '0'],
  ['-1.10', '-1.1'],
  ['+3', '3'],
  ['5.', '5'],
  ['99999999999999999999.12345678', '99999999999999999999.12345678'],
])('%s is %s', (text, normal) => {
  expect(normalizeDecimal(text)).toBe(normal);
});

test.each(['', 'abc', '1e3', '.5', '1,5', '1.2.3', 'NaN', '１'])('%j is no decimal', (text) => {
  expect(normalizeDecimal(text)).toBeNull();
  expect(isPositiveDecimal(text)).toBe(false);
});

test('only numbers above zero are positive', () => {
  expect(['0.00000001', '1', '0', '0.000', '-1'].map(isPositiveDecimal)).toEqual([true, true, false, false, false]);
});

test('zeros at the end never change the number', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 99_999_999 }), fc.nat({ max: 8 }), (whole, fraction, zeros) => {
      const text = `${whole}.${String(fraction).padStart(8, '0')}`;
      expect(normalizeDecimal(text + '0'.repeat(zeros))).toBe(normalizeDecimal(text));
    }),
  );
});

test('grams become kilograms with three decimals', () => {
  expect([0, 5, 1234, 30_000, -42].map((grams) => scaleDown(grams, 3))).toEqual([
    '0.000',
    '0.005',
    '1.234',
    '30.000',
    '-0.042',
  ]);
  expect(() => scaleDown(1.5, 3)).toThrow('not a whole number');
});
