/** A short form of `npm run crash -- --flips`: damage is found at the start, and nothing is dropped in silence. */
import { expect, test } from 'vitest';
import { flipPages } from './flips.ts';

const some = { seed: 20_260_106, commits: 100, flipsPerStore: 60 };

test(
  'a damaged page is found before anything is sent, and all comes back or is named',
  { timeout: 120_000 },
  async () => {
    const result = await flipPages({ ...some, flips: 60, withoutSums: false });
    expect(result.examples).toEqual([]);
    expect(result.violations).toBe(0);
    expect(result.detected + result.harmless).toBe(60);
    expect(result.restoredWhole).toBeGreaterThan(10);
  },
);

test('without the sums of the pages, damage gets through and is noticed here', { timeout: 120_000 }, async () => {
  const result = await flipPages({ ...some, flips: 30, withoutSums: true });
  expect(result.undetected).toBeGreaterThan(0);
});
