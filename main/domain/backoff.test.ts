import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';
import { breakerAnswered, breakerFailed, breakerRetryNow, breakerState, closedBreaker } from './breaker.ts';

const policy = { baseMs: 500, capMs: 60_000 };
const random = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

test('a wait is never shorter than the base, never longer than the cap, and its range doubles', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), random, (tries, draw) => {
      const wait = backoffMs(tries, draw, policy);
      expect(wait).toBeGreaterThanOrEqual(500);
      expect(wait).toBeLessThanOrEqual(Math.min(60_000, 500 * 2 ** Math.max(1, tries)));
    }),
  );
  expect([1, 2, 3, 8, 999].map((tries) => backoffMs(tries, 0.999_999, policy))).toEqual([
    999, 1_999, 3_999, 59_999, 59_999,
  ]);
});

test('a breaker opens after enough failures in a row, lets one try through after its wait, and closes on an answer', () => {
  const rules = { ...policy, threshold: 3 };
  let breaker = closedBreaker;
  for (let failure = 1; failure <= 3; failure += 1) {
    expect(breakerState(breaker, 0)).toBe('closed');
    breaker = breakerFailed(breaker, 0, 0, rules);
  }
  expect([breakerState(breaker, 749), breakerState(breaker, 750)]).toEqual(['open', 'half-open']);
  breaker = breakerFailed(breaker, 750, 0.999_999, rules);
  expect(breaker).toMatchObject({ opens: 2, openUntil: 750 + 1_999 });
  expect(breakerState(breakerRetryNow(breaker, 800), 800)).toBe('half-open');
  expect(breakerAnswered()).toEqual(closedBreaker);
});

test('failures of calls that were under way when a breaker opened do not lengthen its wait', () => {
  const rules = { ...policy, threshold: 1 };
  const open = breakerFailed(closedBreaker, 0, 0.5, rules);
  expect(breakerFailed(open, 1, 0.9, rules)).toBe(open);
});
