/**
 * Keeps a scale that sends faster than anyone looks from keeping the station busy. Pure.
 *
 * What is left out can only make a weight come later, never make one acceptable: a reading equal to the one before it,
 * within the same moment, says nothing new; and where so many different ones come that some have to be left out, one
 * refused frame stands for them, which ends every run of equal frames.
 */
import type { RefusedFrame, ScaleReading } from '../../domain/device.ts';
import { frameProblem, refusedFrame } from '../../domain/frame-problems.ts';

/** Equal readings closer than this are told once (milliseconds). 20 leaves 50 a second. */
const sameMomentMs = 20;
/** At most so many readings and refused frames are told in one window. Scales send up to about 100 frames a second. */
const windowMs = 100;
const mostInWindow = 40;

export interface FloodGate {
  /** The item to tell listeners, or null. */
  pass(item: ScaleReading | RefusedFrame, at: number): ScaleReading | RefusedFrame | null;
}

export function createFloodGate(): FloodGate {
  let newest: ScaleReading | RefusedFrame | null = null;
  let windowAt = 0;
  let told = 0;
  return {
    pass(item, at) {
      if (newest !== null && at - newest.at < sameMomentMs && equal(newest, item)) return null;
      if (told === 0 || at - windowAt >= windowMs) {
        windowAt = at;
        told = 0;
      }
      told += 1;
      if (told > mostInWindow) return null;
      newest = told < mostInWindow ? item : refusedFrame(frameProblem('flood'), at, item.raw);
      return newest;
    },
  };
}

function equal(a: ScaleReading | RefusedFrame, b: ScaleReading | RefusedFrame): boolean {
  if ('error' in a || 'error' in b) return 'error' in a && 'error' in b && a.error === b.error;
  return (
    a.grams === b.grams &&
    a.stable === b.stable &&
    a.net === b.net &&
    a.overload === b.overload &&
    a.underload === b.underload
  );
}
