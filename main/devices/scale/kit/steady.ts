/** What a decoder has to remember of earlier frames, where one frame alone does not say enough. Pure, and small. */
import type { ScaleReading } from '../../../domain/device.ts';
import { frameProblem } from '../../../domain/frame-problems.ts';
import type { ScaleSettings } from '../../../domain/scale-settings.ts';
import { reading, refuse, type ScaleItem } from './frame.ts';
import { toGrams } from './units.ts';
import type { ScaleUnit } from '../../../domain/scale-units.ts';

/** Equal frames that count as stable if the profile does not say. Over a stream of 10 frames a second, 200 ms. */
const usualEqualFrames = 3;
/** A frame that came later than this after the one before begins a new row (monotonic milliseconds). */
const longestGapMs = 2_000;

export interface EqualFrames {
  /** Counts a frame of this content; true once enough equal ones came in a row. */
  see(content: string, at: number): boolean;
  /** A refused frame, overload or the like: the row is broken. */
  broken(): void;
}

/**
 * Stability for protocols whose frames have no sign for it: stable only after this many equal frames in a row. It also
 * stands in for a check sum that does not see everything (an XOR does not see exchanged digits).
 */
export function createEqualFrames(wanted: number = usualEqualFrames): EqualFrames {
  let content: string | null = null;
  let count = 0;
  let newest = 0;
  return {
    see(next, at) {
      const joins = next === content && at - newest <= longestGapMs;
      content = next;
      newest = at;
      count = joins ? Math.min(count + 1, wanted) : 1;
      return count >= wanted;
    },
    broken() {
      content = null;
      count = 0;
    },
  };
}

export interface LastWeight {
  /** Remembers a reading that had a weight. */
  keep(item: ScaleReading): ScaleReading;
  /** A frame that says that the scale moves and gives no weight. */
  moving(bytes: Uint8Array, at: number, net: boolean): ScaleItem;
}

/**
 * For scales that send no weight while they move. The last weight stands in, marked as not stable: 0 would say that the
 * scale was seen empty, which frees the next parcel's weight. Before the first weight the frame is refused instead.
 */
export function createLastWeight(settings: ScaleSettings | undefined): LastWeight {
  let grams: number | null = settings?.forShow === true ? 0 : null;
  return {
    keep(item) {
      grams = item.grams;
      return item;
    },
    moving(bytes, at, net) {
      if (grams === null) return refuse(frameProblem('in-motion'), bytes, at);
      return reading(bytes, at, { grams, stable: false, net });
    },
  };
}

export interface UnitMemory {
  /** A stable frame said this unit. */
  keep(unit: ScaleUnit): void;
  /** Grams of a moving weight in the unit that is meant, or null if that is not known. */
  grams(number: string): number | null;
}

/**
 * For scales that leave the unit out while they move: the profile's unit, else that of the newest stable frame. Such a
 * reading is never stable, so it is shown and not used.
 */
export function createUnitMemory(settings: ScaleSettings | undefined): UnitMemory {
  let newest = settings?.unit ?? null;
  return {
    keep(unit) {
      newest = unit;
    },
    grams: (number) => (newest === null ? null : toGrams(number, newest)),
  };
}

/**
 * For lines without a check sum whose width differs by model: a line as wide as the one before, or as the one refused
 * for its new width just now. A character lost on the line is seen by it.
 */
export function createSteadyWidth(): (width: number) => boolean {
  let known: number | null = null;
  let candidate: number | null = null;
  return (width) => {
    if (known === null || width === known || width === candidate) {
      known = width;
      candidate = null;
      return true;
    }
    candidate = width;
    return false;
  };
}

export const widthChanged = frameProblem('width-changed');
