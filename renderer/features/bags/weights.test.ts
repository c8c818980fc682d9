import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kilograms, signedGrams } from './weights.ts';

test('kilograms keep every gram', () => {
  fc.assert(
    fc.property(fc.integer({ min: -999_999_999, max: 999_999_999 }), (grams) => {
      expect(Number(kilograms(grams).replace('−', '-').replace('.', ''))).toBe(grams);
    }),
  );
  expect(kilograms(5)).toBe('0.005');
  expect(kilograms(31_500)).toBe('31.500');
});

test('a difference has its sign', () => {
  expect(signedGrams(-520)).toBe('−520');
  expect(signedGrams(40)).toBe('+40');
});
