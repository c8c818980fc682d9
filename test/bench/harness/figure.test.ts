import { expect, test } from 'vitest';
import { figure } from './figure.ts';

test('a time meets its budget if p95 is at most the limit', () => {
  expect(figure({ name: 'a', unit: 'ms', samples: [1, 2, 3], budget: 3 }).budget).toEqual({ limit: 3, met: true });
  expect(figure({ name: 'a', unit: 'ms', samples: [1, 2, 3.1], budget: 3 }).budget).toEqual({ limit: 3, met: false });
});

test('a rate meets its budget if p95 is at least the limit', () => {
  const rate = { name: 'a', unit: 'jobs/s', better: 'larger', budget: 3 } as const;
  expect(figure({ ...rate, samples: [3, 9] }).budget?.met).toBe(true);
  expect(figure({ ...rate, samples: [2.9, 9] }).budget?.met).toBe(false);
});

test('without a budget there is no verdict', () => {
  expect(figure({ name: 'a', unit: 'ms', samples: [1] }).budget).toBeNull();
});

test('a comparison is our median divided by the median of the other', () => {
  const { comparisons } = figure({ name: 'a', unit: 'ms', samples: [1, 2, 3], against: { peer: [4, 8, 9] } });
  expect(comparisons).toEqual([{ to: 'peer', p50: 8, ratio: 0.25 }]);
});
