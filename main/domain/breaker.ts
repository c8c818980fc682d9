/**
 * One breaker per vendor. It stops sends, never the writing of jobs.
 *
 *   closed --(threshold failures in a row)--> open --(wait)--> half-open --(one probe)--> closed | open (longer wait)
 *
 * Times are monotonic milliseconds: a breaker does not outlive the process.
 */
import { backoffMs } from './backoff.ts';
import type { BackoffPolicy } from './backoff.ts';

export interface Breaker {
  readonly failures: number;
  /** When the wait ends, or null while closed. */
  readonly openUntil: number | null;
  /** Opened this many times in a row without an answer in between. */
  readonly opens: number;
}

export interface BreakerPolicy extends BackoffPolicy {
  readonly threshold: number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

export const closedBreaker: Breaker = { failures: 0, openUntil: null, opens: 0 };

export function breakerState(breaker: Breaker, now: number): BreakerState {
  if (breaker.openUntil === null) return 'closed';
  return now >= breaker.openUntil ? 'half-open' : 'open';
}

/** The vendor answered, whatever it said. */
export function breakerAnswered(): Breaker {
  return closedBreaker;
}

/** No usable answer. While open, failures of calls that were already on their way say nothing new. */
export function breakerFailed(breaker: Breaker, now: number, random: number, policy: BreakerPolicy): Breaker {
  const state = breakerState(breaker, now);
  if (state === 'open') return breaker;
  const failures = breaker.failures + 1;
  if (state === 'closed' && failures < policy.threshold) return { ...breaker, failures };
  const opens = breaker.opens + 1;
  // The upper half of the range: a probe right after a failed one says nothing new and only adds to the load.
  return { failures, opens, openUntil: now + backoffMs(opens, 0.5 + random / 2, policy) };
}

/** Ends the wait: a person or the network says that it may work now. */
export function breakerRetryNow(breaker: Breaker, now: number): Breaker {
  return breaker.openUntil === null ? breaker : { ...breaker, openUntil: Math.min(breaker.openUntil, now) };
}
