/** How long to wait before trying again. */

export interface BackoffPolicy {
  /** Never waits less; the range doubles from here. */
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Full jitter: uniform between `baseMs` and `baseMs * 2^tries`, at most `capMs`. Spreading the whole range is what
 * keeps many desks from returning at the same instant (AWS Architecture Blog, "Exponential Backoff And Jitter").
 *
 * @param tries failures so far, 1 or more
 * @param random uniform in [0, 1)
 */
export function backoffMs(tries: number, random: number, { baseMs, capMs }: BackoffPolicy): number {
  // 2^30 is beyond any cap; without the limit the power overflows to Infinity.
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(Math.max(1, tries), 30));
  return Math.floor(baseMs + random * Math.max(0, ceiling - baseMs));
}
