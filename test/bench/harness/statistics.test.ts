import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentile, summarize } from './statistics.ts';

const samples = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 });

test('of 1 to 100, the 50th is 50, the 95th 95 and the largest 100', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(summarize(values)).toEqual({ n: 100, p50: 50, p95: 95, max: 100 });
});

test('of a rate, the 95th is what 95 of 100 samples reach', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(summarize(values, 'larger')).toEqual({ n: 100, p50: 50, p95: 6, max: 100 });
});

test('one sample is every statistic', () => {
  expect(summarize([7])).toEqual({ n: 1, p50: 7, p95: 7, max: 7 });
  expect(summarize([7], 'larger')).toEqual({ n: 1, p50: 7, p95: 7, max: 7 });
});

test('no samples, and samples that are no numbers, are errors, not zeros', () => {
  expect(() => summarize([])).toThrow('nothing was measured');
  expect(() => summarize([1, Number.NaN])).toThrow('not a number');
  expect(() => percentile([], 50)).toThrow('at least one sample');
});

test('a percentile is a sample, and at least that share of the samples does not exceed it', () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 100 }), (values, percent) => {
      const found = percentile(
        values.toSorted((a, b) => a - b),
        percent,
      );
      expect(values).toContain(found);
      const within = values.filter((value) => value <= found).length;
      expect(within).toBeGreaterThanOrEqual((percent / 100) * values.length);
    }),
  );
});

test('the order of the samples does not matter', () => {
  fc.assert(
    fc.property(samples, (values) => {
      expect(summarize(values)).toEqual(summarize(values.toReversed()));
    }),
  );
});

test('for a time p50 <= p95 <= max; for a rate p95 <= p50 <= max', () => {
  fc.assert(
    fc.property(samples, (values) => {
      const time = summarize(values);
      const rate = summarize(values, 'larger');
      expect(time.p50).toBeLessThanOrEqual(time.p95);
      expect(time.p95).toBeLessThanOrEqual(time.max);
      expect(rate.p95).toBeLessThanOrEqual(rate.p50);
      expect(rate.p50).toBeLessThanOrEqual(rate.max);
    }),
  );
});
