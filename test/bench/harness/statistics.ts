/** The few numbers a benchmark is judged by. */

export interface Summary {
  readonly n: number;
  readonly p50: number;
  /** The value that 95 of 100 samples stay within: at most this if small is good, at least this if large is good. */
  readonly p95: number;
  readonly max: number;
}

/** Whether a small value (a time) or a large one (a rate) is the good one. */
export type Better = 'smaller' | 'larger';

/**
 * The nearest-rank percentile: the smallest sample that at least `percent` of 100 samples do not exceed. Always one of
 * the samples. `sorted` is ascending and not empty; `percent` above 0, at most 100.
 */
export function percentile(sorted: readonly number[], percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  const found = sorted[rank - 1];
  if (found === undefined) throw new Error('a percentile needs at least one sample');
  return found;
}

/** Throws if there are no samples, or one is not a finite number: such a benchmark did not measure anything. */
export function summarize(samples: readonly number[], better: Better = 'smaller'): Summary {
  if (samples.length === 0) throw new Error('nothing was measured');
  if (!samples.every(Number.isFinite)) throw new Error('a sample is not a number');
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    n: sorted.length,
    p50: percentile(sorted, 50),
    p95: better === 'smaller' ? percentile(sorted, 95) : percentile(sorted.toReversed(), 95),
    max: percentile(sorted, 100),
  };
}
