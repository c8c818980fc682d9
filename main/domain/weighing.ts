/**
 * When a weight may be taken for the parcel on the desk. Pure: events in, state out; `judge` reads the state.
 *
 * A weight is usable only if it is
 *   fresh      its newest frame is at most 2 s old on the monotonic clock, and the link is open;
 *   valid      no refused frame came since the run of equal frames began;
 *   stable     the scale says so, for `stableFrames` frames in a row over `stableMs`, equal within `toleranceG`;
 *   this one's the scale was seen at zero (or below) since the last weight that belonged to another parcel, or shows
 *              a weight that differs from that one by more than `changeG`;
 *   in range   from `minG` to `maxG`.
 *
 * Sources: ShipHero, "How to Add a Weight While Shipping": ignore the scale until it is non-zero, and for a new
 * package accept no weight until the scale has changed. erjiang/usbscale discards the first reading ("may be incorrect
 * (from the previous weighing)"). "Changed" is judged on the weight about to be taken, not on anything that flickered
 * by: a packer who leans on parcel A and lets go has not put parcel B on the scale. Parcel B with the very weight of A
 * therefore needs the scale to be empty once in between, which lifting A off does.
 */
import type { Notice, ScaleState } from '../../preload/contract/index.ts';
import type { ScaleReading } from './device.ts';
import { freshMs, pulse, recent, scaleStateOf, startPulse } from './weighing-pulse.ts';
import type { ScaleEvent, ScaleLinkState, ScalePulse } from './weighing-pulse.ts';

/** All weights in grams, all times in monotonic milliseconds. */
export interface WeighingLimits {
  /** Lightest and heaviest parcel this desk ships, inclusive. */
  readonly minG: number;
  readonly maxG: number;
  /** At least so many equal frames in a row, spanning at least so much time. */
  readonly stableFrames: number;
  readonly stableMs: number;
  /** Frames count as equal if the run's highest and lowest differ by at most this. */
  readonly toleranceG: number;
  /** Up to this the scale counts as empty. */
  readonly zeroG: number;
  /** The next parcel's weight must differ by more than this, if the scale was not seen empty in between. */
  readonly changeG: number;
}

/** 3 frames over 200 ms at 8 polls a second: 250 ms after the scale's own stable flag. Zero and change: 1 and 2
 *  divisions of a 30 kg / 5 g bench scale. */
export const defaultWeighingLimits: WeighingLimits = {
  minG: 10,
  maxG: 50_000,
  stableFrames: 3,
  stableMs: 200,
  toleranceG: 2,
  zeroG: 5,
  changeG: 10,
};

export type WeighingEvent =
  | ScaleEvent
  | { readonly kind: 'tick'; readonly at: number }
  /** A parcel is on the desk. Opening another one while a parcel is open closes that one first. */
  | { readonly kind: 'parcel-opened'; readonly parcelId: string; readonly at: number }
  /** The parcel left the desk without its weight being taken (order released). */
  | { readonly kind: 'parcel-closed'; readonly at: number }
  /** The weight was written down for this parcel. */
  | { readonly kind: 'weight-taken'; readonly parcelId: string; readonly grams: number; readonly at: number };

/**
 * `parcelId` null: of an earlier run of the station, or not certain. `grams` null: it had not settled when its parcel
 * left the desk, so any weight might be it, and only an empty scale frees the next parcel.
 */
interface HeldWeight {
  readonly parcelId: string | null;
  readonly grams: number | null;
}

export interface WeighingState {
  readonly pulse: ScalePulse;
  /** Equal, stable, consecutive frames; the newest last. */
  readonly run: readonly ScaleReading[];
  /** The parcel on the desk, or null. */
  readonly parcelId: string | null;
  /** What may still lie on the scale and belongs to a parcel; null once the scale was seen empty. */
  readonly held: HeldWeight | null;
}

export interface Judgement {
  /** This weight may be taken for the parcel on the desk, now. */
  readonly usable: boolean;
  /** What the scale shows, in whole grams (see `roundGrams`), or null if it shows nothing fresh and valid. */
  readonly grams: number | null;
  /** Why it may not be taken; null if usable, and if no parcel is on the desk and the scale is well. */
  readonly reason: Notice | null;
  readonly state: ScaleState;
  /** Monotonic arrival of the frame behind `grams`. */
  readonly at: number | null;
  /**
   * Raw frames behind a settled weight, hexadecimal, newest last, at most 16; else empty. A weight that settled and is
   * only out of range, or not proven to be this parcel's, carries its frames: a supervisor may override these.
   */
  readonly frames: readonly string[];
}

const maxRun = 64;
const maxFrames = 16;

/**
 * The state at start-up. `lastTakenG` is the weight of the last parcel this desk sealed, from the store, or null if it
 * never sealed one: that parcel may still lie on the scale when the station comes back after a crash. `link` is
 * `absent` if the desk has no scale at all.
 */
export function startWeighing(lastTakenG: number | null, link: ScaleLinkState = 'closed'): WeighingState {
  return {
    pulse: startPulse(link),
    run: [],
    parcelId: null,
    held: lastTakenG === null ? null : { parcelId: null, grams: lastTakenG },
  };
}

/** The next state. Never throws; an event that makes no sense changes nothing or makes the weight unusable. */
export function weighing(state: WeighingState, event: WeighingEvent, limits: WeighingLimits): WeighingState {
  switch (event.kind) {
    case 'reading':
      return takeReading(state, event.reading, limits);
    case 'refused':
      return { ...state, pulse: pulse(state.pulse, event), run: [] };
    case 'link-state': {
      const next = pulse(state.pulse, event);
      return next === state.pulse ? state : { ...state, pulse: next, run: [] };
    }
    case 'tick':
      return newestIsFresh(state, event.at) || state.run.length === 0 ? state : { ...state, run: [] };
    case 'parcel-opened':
      if (state.parcelId === event.parcelId) return state;
      return { ...closeParcel(state, limits), parcelId: event.parcelId };
    case 'parcel-closed':
      return closeParcel(state, limits);
    case 'weight-taken':
      return {
        ...state,
        parcelId: state.parcelId === event.parcelId ? null : state.parcelId,
        // If the scale is empty by now (a fast packer), the weight has already left it.
        held: isEmpty(state.pulse.last, limits) ? null : { parcelId: event.parcelId, grams: event.grams },
        run: [],
      };
  }
}

/** Judges the weight on the scale at monotonic time `now`. Of several reasons the one to be settled first is given. */
export function judge(state: WeighingState, now: number, limits: WeighingLimits): Judgement {
  const scale = scaleStateOf(state.pulse, now);
  const refuse = (code: string, tone: Notice['tone'], shown: ScaleReading | null, params: Notice['params'] = {}) => ({
    usable: false,
    grams: shown === null ? null : roundGrams(shown.grams),
    reason: { code, tone, params },
    state: scale,
    at: shown === null ? null : shown.at,
    frames: [],
  });
  if (scale === 'absent') return refuse('weight.no-scale', 'warn', null);
  if (scale === 'connecting') return refuse('weight.silent', 'warn', null);
  if (scale === 'noise') return refuse('weight.noise', 'stop', null);
  const last = state.pulse.last;
  if (last === null) return refuse('weight.silent', 'stop', null);
  if (!recent(last.at, now, freshMs))
    return refuse('weight.stale', 'stop', null, { ageMs: Math.max(0, now - last.at) });
  if (last.overload) return refuse('weight.overload', 'stop', null);
  if (last.underload) return refuse('weight.underload', 'stop', null);
  if (state.pulse.noiseAt !== null) return refuse('weight.noise', 'info', last);

  const grams = roundGrams(last.grams);
  if (last.stable && last.grams < -limits.zeroG) return refuse('weight.underload', 'stop', last, { grams });
  if (last.stable && last.grams <= limits.zeroG) return refuse('weight.zero', 'info', last);
  if (!isSettled(state.run, limits)) return refuse('weight.unstable', 'info', last);

  const frames = state.run.slice(-maxFrames).map((reading) => reading.raw);
  const settled = (reason: Notice | null, usable: boolean): Judgement => ({
    usable,
    grams,
    reason,
    state: scale,
    at: last.at,
    frames,
  });
  if (state.parcelId === null) return settled(null, false);
  if (!belongs(state.held, state.parcelId, last.grams, limits)) {
    return settled({ code: 'weight.not-changed', tone: 'stop', params: { grams } }, false);
  }
  if (grams > limits.maxG) {
    return settled({ code: 'weight.too-heavy', tone: 'stop', params: { grams, maxG: limits.maxG } }, false);
  }
  // Written so that a limit that is not a number refuses.
  if (!(grams >= limits.minG && grams <= limits.maxG)) {
    return settled({ code: 'weight.too-light', tone: 'stop', params: { grams, minG: limits.minG } }, false);
  }
  return settled(null, true);
}

/**
 * Judges the weight of a big bag that was put on the same scale (`parcel-opened` with an id of its own). The same rules
 * but the range: a bag is as heavy as it is, and the scale itself says when it is too much (`overload`). That its weight
 * was seen to change, or the scale to be empty, since a parcel's weight was taken or a parcel waited on it, is what keeps
 * a parcel's weight from becoming the bag's.
 */
export function judgeLoad(state: WeighingState, now: number, limits: WeighingLimits): Judgement {
  return judge(state, now, { ...limits, minG: 1, maxG: Infinity });
}

/** Whole grams, half up (towards plus infinity): 1000.5 -> 1001, -0.5 -> 0. Exact: no sum that could itself round. */
export function roundGrams(grams: number): number {
  const floor = Math.floor(grams);
  // `+ 0` turns -0 into 0.
  return (grams - floor >= 0.5 ? floor + 1 : floor) + 0;
}

function takeReading(state: WeighingState, reading: ScaleReading, limits: WeighingLimits): WeighingState {
  if (!Number.isFinite(reading.grams) || !Number.isFinite(reading.at)) {
    const frame = { error: 'weight is not a finite number', at: reading.at, raw: reading.raw };
    return { ...state, pulse: pulse(state.pulse, { kind: 'refused', frame }), run: [] };
  }
  return {
    ...state,
    pulse: pulse(state.pulse, { kind: 'reading', reading }),
    run: extendRun(state.run, reading, limits),
    held: isEmpty(reading, limits) ? null : state.held,
  };
}

/** Appends a frame to the run, dropping what is not equal to it, and what is no longer needed to prove the window. */
function extendRun(
  run: readonly ScaleReading[],
  reading: ScaleReading,
  limits: WeighingLimits,
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

function isSettled(run: readonly ScaleReading[], limits: WeighingLimits): boolean {
  const first = run[0];
  const newest = run.at(-1);
  if (first === undefined || newest === undefined) return false;
  return run.length >= limits.stableFrames && newest.at - first.at >= limits.stableMs;
}

/** Nothing lies on the scale. Below zero counts too: where a tray is zeroed away, lifting it off shows underload. */
function isEmpty(reading: ScaleReading | null, limits: WeighingLimits): boolean {
  if (reading === null || reading.overload) return false;
  return reading.underload || reading.grams <= limits.zeroG;
}

/** True if a settled weight on the scale can be this parcel's: nothing is held, or its own, or clearly another. */
function belongs(held: HeldWeight | null, parcelId: string, grams: number, limits: WeighingLimits): boolean {
  if (held === null || held.parcelId === parcelId) return true;
  return held.grams !== null && Math.abs(grams - held.grams) > limits.changeG;
}

/** The parcel leaves the desk without its weight taken: what lies on the scale now must not become the next one's. */
function closeParcel(state: WeighingState, limits: WeighingLimits): WeighingState {
  if (state.parcelId === null) return state;
  return { ...state, parcelId: null, held: leftBehind(state, state.parcelId, limits), run: [] };
}

function leftBehind(state: WeighingState, parcelId: string, limits: WeighingLimits): HeldWeight | null {
  const newest = state.run.at(-1);
  if (isEmpty(state.pulse.last, limits)) return state.held;
  if (newest !== undefined && isSettled(state.run, limits)) {
    if (belongs(state.held, parcelId, newest.grams, limits)) return { parcelId, grams: newest.grams };
    // Whose this is cannot be told any more: with two that may lie there, it is neither's.
    return state.held?.grams === null ? { parcelId: null, grams: null } : state.held;
  }
  const own = state.held === null || state.held.parcelId === parcelId;
  return { parcelId: own ? parcelId : null, grams: null };
}

function newestIsFresh(state: WeighingState, now: number): boolean {
  return recent(state.run.at(-1)?.at ?? null, now, freshMs);
}
