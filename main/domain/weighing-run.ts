/** The stability window: equal, stable, consecutive frames over a span of time. Pure. */
import type { ScaleReading } from './device.ts';
import { freshMs, recent } from './weighing-pulse.ts';

export interface RunLimits {
  /** At least so many equal frames in a row, spanning at least so much time. */
  readonly stableFrames: number;
  readonly stableMs: number;
  /** Frames count as equal if the run's highest and lowest differ by at most this, in grams. */
  readonly toleranceG: number;
}

const maxRun = 64;

/** Appends a frame to the run, dropping what is not equal to it, and what is no longer needed to prove the window. */
export function extendRun(
  run: readonly ScaleReading[],
  reading: ScaleReading,
  limits: RunLimits,
): readonly ScaleReading[] {
  if (!reading.stable || reading.overload || reading.underload) return [];
  const newest = run.at(-1);
  if (newest !== undefined && !recent(newest.at, reading.at, freshMs)) return [reading];
  let next = [...run, reading];
  while (next.length > 1 && !(spread(next) <= limits.toleranceG)) next = next.slice(1);
  while (isSettled(next.slice(1), limits)) next = next.slice(1);
  // Many frames in one instant (a flushed buffer) must not grow the run without end: keep its ends.
  return next.length > maxRun ? [...next.slice(0, maxRun - 1), reading] : next;
}

function spread(run: readonly ScaleReading[]): number {
  let low = Infinity;
  let high = -Infinity;
  for (const reading of run) {
    low = Math.min(low, reading.grams);
    high = Math.max(high, reading.grams);
  }
  return run.length < 2 ? 0 : high - low;
}

/** `once`: the scale sends no second frame of a weight, so one that it calls stable has to do. */
export function isSettled(run: readonly ScaleReading[], limits: RunLimits, once = false): boolean {
  const first = run[0];
  const newest = run.at(-1);
  if (first === undefined || newest === undefined) return false;
  if (once) return true;
  return run.length >= limits.stableFrames && newest.at - first.at >= limits.stableMs;
}
