/**
 * When a weight may be taken for the parcel on the desk. Pure: events in, state out; `judge` reads the state.
 *
 * A weight is usable only if it is
 *   fresh      its newest frame is at most 2 s old on the monotonic clock, and the link is open;
 *   valid      no refused frame came since the run of equal frames began;
 *   stable     the scale says so, for `stableFrames` frames in a row over `stableMs`, equal within `toleranceG`;
 *   this one's the scale was seen at zero (or below) since the last weight that belonged to another parcel, or shows
 *              a weight that differs from that one by more than `changeG`;
 *   of these   if goods were scanned after a weight had settled, the scale was empty since, or shows a weight that differs
 *   goods      by more than `changeG` from the one before;
 *   in range   from `minG` to `maxG`, and within what the parcel should weigh, where that is known.
 *
 * Tare. The weight of a container on the scale is taken off by the station, not by the scale: the scale goes on showing
 * gross, gross and tare are both kept, and what may lie on the scale is judged by gross. A tare is of the parcel on the
 * desk and goes with it, unless it was set to stay (a tray). It goes with the session of the scale, for nobody knows
 * what lies there when it comes back; then no weight is usable until a person set the tare again or said that there is
 * none. With a tare that stays, the container alone counts as an empty scale.
 *
 * A scale that says each weight a single time (`once`, Adam AZExtra) never shows zero, and its one stable frame is all there
 * is: it settles a weight by itself, and is as old after 2 s as any other. A parcel that was put down too early is lifted
 * and put down again.
 *
 * Sources: ShipHero, "How to Add a Weight While Shipping": ignore the scale until it is non-zero, and for a new
 * package accept no weight until the scale has changed. erjiang/usbscale discards the first reading ("may be incorrect
 * (from the previous weighing)"). "Changed" is judged on the weight about to be taken, not on anything that flickered
 * by: a packer who leans on parcel A and lets go has not put parcel B on the scale. Parcel B with the very weight of A
 * therefore needs the scale to be empty once in between, which lifting A off does.
 */
import type { Notice, ScaleState } from '../../preload/contract/index.ts';
import type { ScaleReading } from './device.ts';
import { unexpectedWeight, type Expectation } from './expected-weight.ts';
import { frameProblem, refusedFrame } from './frame-problems.ts';
import { freshMs, pulse, recent, scaleStateOf, startPulse } from './weighing-pulse.ts';
import type { ScaleEvent, ScaleLinkState, ScalePulse } from './weighing-pulse.ts';
import { extendRun, isSettled, type RunLimits } from './weighing-run.ts';
import { belongs, isEmpty, type HeldWeight, type LoadLimits, type LostTare, type Tare } from './weighing-load.ts';

/** All weights in grams, all times in monotonic milliseconds. */
export interface WeighingLimits extends RunLimits, LoadLimits {
  /** Lightest and heaviest parcel this desk ships, inclusive. */
  readonly minG: number;
  readonly maxG: number;
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
  /**
   * Goods of the parcel on the desk were scanned, or taken back: frames from before are not its weight. If all goods had
   * been scanned (`complete`), what lay there was the weight of other goods, and has to change as well; while they are
   * still being counted the packed box may lie on the scale already.
   */
  | { readonly kind: 'items-changed'; readonly complete: boolean; readonly at: number }
  /** What lies on the scale is a container (`judgeTare` gave its weight). `stays`: also for the parcels after this one. */
  | { readonly kind: 'tare-set'; readonly grams: number; readonly stays: boolean; readonly at: number }
  | { readonly kind: 'tare-cleared'; readonly at: number }
  /** The weight was written down for this parcel. `grams` is gross: what lies on the scale. */
  | { readonly kind: 'weight-taken'; readonly parcelId: string; readonly grams: number; readonly at: number };

export interface WeighingState {
  readonly pulse: ScalePulse;
  /** Equal, stable, consecutive frames; the newest last. */
  readonly run: readonly ScaleReading[];
  /** The parcel on the desk, or null. */
  readonly parcelId: string | null;
  /** What may still lie on the scale and belongs to a parcel; null once the scale was seen empty. */
  readonly held: HeldWeight | null;
  /** Gross weight that had settled when goods were scanned; null once the scale was seen empty. */
  readonly beforeItemsG: number | null;
  readonly tare: Tare | null;
  readonly lostTare: LostTare | null;
  /** A container whose parcel is gone, and that may still lie on the scale; null once the scale was seen empty. */
  readonly containerG: number | null;
}

export interface Judgement {
  /** This weight may be taken for the parcel on the desk, now. */
  readonly usable: boolean;
  /** The weight less the tare, in whole grams (see `roundGrams`), or null if the scale shows nothing fresh and valid. */
  readonly grams: number | null;
  /** What the scale shows, in whole grams, and the tare that is taken off it. `grossG` is `grams` plus `tareG`. */
  readonly grossG: number | null;
  readonly tareG: number;
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

const maxFrames = 16;

/**
 * The state at start-up. `lastTakenG` is the weight of the last parcel this desk sealed, from the store, or null if it
 * never sealed one: that parcel may still lie on the scale when the station comes back after a crash. `link` is
 * `absent` if the desk has no scale at all. `lostTare` is the tare that was in force when the station stopped.
 */
export function startWeighing(
  lastTakenG: number | null,
  link: ScaleLinkState = 'closed',
  lostTare: LostTare | null = null,
): WeighingState {
  return {
    pulse: startPulse(link),
    run: [],
    parcelId: null,
    held: lastTakenG === null ? null : { parcelId: null, grams: lastTakenG },
    beforeItemsG: null,
    tare: null,
    lostTare,
    containerG: null,
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
      return next === state.pulse ? state : loseTare({ ...state, pulse: next, run: [] });
    }
    case 'tick':
      return newestIsFresh(state, event.at) || state.run.length === 0 ? state : { ...state, run: [] };
    case 'parcel-opened':
      if (state.parcelId === event.parcelId) return state;
      return { ...closeParcel(state, limits), parcelId: event.parcelId };
    case 'parcel-closed':
      return closeParcel(state, limits);
    case 'items-changed': {
      if (isEmpty(state.pulse.last, state.tare, limits)) return { ...state, beforeItemsG: null, run: [] };
      const newest = state.run.at(-1);
      const settled = newest !== undefined && isSettled(state.run, limits, state.pulse.once);
      return { ...state, beforeItemsG: event.complete && settled ? newest.grams : state.beforeItemsG, run: [] };
    }
    case 'tare-set':
      if (!(event.grams > 0) || !Number.isFinite(event.grams)) return state;
      return { ...state, tare: { grams: event.grams, stays: event.stays }, lostTare: null };
    case 'tare-cleared':
      return { ...state, tare: null, lostTare: null };
    case 'weight-taken':
      return {
        ...withoutOwnTare(state),
        parcelId: state.parcelId === event.parcelId ? null : state.parcelId,
        // If the scale is empty by now (a fast packer), the weight has already left it.
        held: isEmptyLater(state, limits) ? null : { parcelId: event.parcelId, grams: event.grams },
        beforeItemsG: null,
        lostTare: state.lostTare?.parcelId === event.parcelId ? null : state.lostTare,
        run: [],
      };
  }
}

/**
 * Judges the weight on the scale at monotonic time `now`. Of several reasons the one to be settled first is given.
 * `expected` is what the parcel on the desk should weigh, null where that is not known.
 */
export function judge(
  state: WeighingState,
  now: number,
  limits: WeighingLimits,
  expected: Expectation | null = null,
): Judgement {
  const scale = scaleStateOf(state.pulse, now);
  const tareG = state.tare?.grams ?? 0;
  const refuse = (code: string, tone: Notice['tone'], shown: ScaleReading | null, params: Notice['params'] = {}) => ({
    usable: false,
    grams: shown === null ? null : roundGrams(shown.grams) - tareG,
    grossG: shown === null ? null : roundGrams(shown.grams),
    tareG,
    reason: { code, tone, params },
    state: scale,
    at: shown === null ? null : shown.at,
    frames: [],
  });
  if (scale === 'absent') return refuse('weight.no-scale', 'warn', null);
  if (scale === 'connecting') return refuse('weight.silent', 'warn', null);
  if (scale === 'noise') return refuse('weight.noise', 'stop', null);
  if (scale === 'waiting') {
    const waits = refuse('weight.once', 'info', null);
    return state.parcelId === null ? { ...waits, reason: null } : waits;
  }
  const last = state.pulse.last;
  if (last === null) return refuse('weight.silent', 'stop', null);
  if (!recent(last.at, now, freshMs))
    return refuse('weight.stale', 'stop', null, { ageMs: Math.max(0, now - last.at) });
  if (last.overload) return refuse('weight.overload', 'stop', null);
  if (last.underload) return refuse('weight.underload', 'stop', null);
  if (state.pulse.noiseAt !== null) return refuse('weight.noise', 'info', last);

  const grossG = roundGrams(last.grams);
  const grams = grossG - tareG;
  if (last.stable && last.grams < -limits.zeroG) return refuse('weight.underload', 'stop', last, { grams: grossG });
  if (last.stable && isEmpty(last, state.tare, limits)) return refuse('weight.zero', 'info', last);
  if (last.stable && last.grams < tareG) return refuse('weight.below-tare', 'warn', last, { tareG, grossG });
  if (!isSettled(state.run, limits, state.pulse.once)) return refuse('weight.unstable', 'info', last);

  const frames = state.run.slice(-maxFrames).map((reading) => reading.raw);
  const settled = (reason: Notice | null, usable: boolean): Judgement => ({
    usable,
    grams,
    grossG,
    tareG,
    reason,
    state: scale,
    at: last.at,
    frames,
  });
  if (state.parcelId === null) return settled(null, false);
  const left = state.containerG !== null && !(Math.abs(last.grams - state.containerG) > limits.changeG);
  if (left || !belongs(state.held, state.parcelId, last.grams, limits)) {
    return settled({ code: 'weight.not-changed', tone: 'stop', params: { grams } }, false);
  }
  if (state.beforeItemsG !== null && !(Math.abs(last.grams - state.beforeItemsG) > limits.changeG)) {
    return settled({ code: 'weight.reweigh', tone: 'stop', params: { grams } }, false);
  }
  if (state.lostTare !== null && (state.lostTare.parcelId ?? state.parcelId) === state.parcelId) {
    return settled({ code: 'weight.tare-lost', tone: 'stop', params: { grams } }, false);
  }
  if (grams > limits.maxG) {
    return settled({ code: 'weight.too-heavy', tone: 'stop', params: { grams, maxG: limits.maxG } }, false);
  }
  // Written so that a limit that is not a number refuses.
  if (!(grams >= limits.minG && grams <= limits.maxG)) {
    return settled({ code: 'weight.too-light', tone: 'stop', params: { grams, minG: limits.minG } }, false);
  }
  if (expected !== null && !(grams >= expected.fromG && grams <= expected.toG)) {
    return settled(unexpectedWeight(expected, grams), false);
  }
  return settled(null, true);
}

/**
 * The weight of the container on the scale, or why it cannot be taken as tare: a tare is as stable, fresh and this
 * parcel's as any weight, and the goods come after it.
 */
export function judgeTare(state: WeighingState, now: number, limits: WeighingLimits): Judgement {
  const parcelId = state.parcelId ?? 'a container';
  const bare = { ...state, parcelId, tare: null, lostTare: null, beforeItemsG: null };
  return judge(bare, now, { ...limits, minG: 1 });
}

/**
 * Judges the weight of a big bag that was put on the same scale (`parcel-opened` with an id of its own). The same rules
 * but the range: a bag is as heavy as it is, and the scale itself says when it is too much (`overload`). That its weight
 * was seen to change, or the scale to be empty, since a parcel's weight was taken or a parcel waited on it, is what keeps
 * a parcel's weight from becoming the bag's. Gross: a tare is of parcels, and the sack has one of its own.
 */
export function judgeLoad(state: WeighingState, now: number, limits: WeighingLimits): Judgement {
  return judge({ ...state, tare: null, lostTare: null }, now, { ...limits, minG: 1, maxG: Infinity });
}

/** Whole grams, half up (towards plus infinity): 1000.5 -> 1001, -0.5 -> 0. Exact: no sum that could itself round. */
export function roundGrams(grams: number): number {
  const floor = Math.floor(grams);
  // `+ 0` turns -0 into 0.
  return (grams - floor >= 0.5 ? floor + 1 : floor) + 0;
}

function takeReading(state: WeighingState, reading: ScaleReading, limits: WeighingLimits): WeighingState {
  if (!Number.isFinite(reading.grams) || !Number.isFinite(reading.at)) {
    const frame = refusedFrame(frameProblem('weight-not-finite'), reading.at, reading.raw);
    return { ...state, pulse: pulse(state.pulse, { kind: 'refused', frame }), run: [] };
  }
  return {
    ...state,
    pulse: pulse(state.pulse, { kind: 'reading', reading }),
    run: extendRun(state.run, reading, limits),
    ...(isEmpty(reading, state.tare, limits) ? { held: null, beforeItemsG: null, containerG: null } : {}),
  };
}

/** The parcel leaves the desk without its weight taken: what lies on the scale now must not become the next one's. */
function closeParcel(state: WeighingState, limits: WeighingLimits): WeighingState {
  if (state.parcelId === null) return state;
  const { tare, parcelId } = state;
  return {
    ...withoutOwnTare(state),
    parcelId: null,
    held: leftBehind(state, parcelId, limits),
    beforeItemsG: null,
    // It may come back with its container: then a person says what the container weighs.
    lostTare: tare !== null && !tare.stays ? { parcelId } : state.lostTare,
    run: [],
  };
}

/** The parcel is gone, and its tare with it; the container may stay behind, and is not the next parcel. */
function withoutOwnTare(state: WeighingState): WeighingState {
  if (state.tare === null || state.tare.stays) return state;
  return { ...state, tare: null, containerG: state.tare.grams };
}

/** Whether the scale is empty for the next parcel: a container of this one alone is not. */
function isEmptyLater(state: WeighingState, limits: WeighingLimits): boolean {
  return isEmpty(state.pulse.last, withoutOwnTare(state).tare, limits);
}

function loseTare(state: WeighingState): WeighingState {
  if (state.tare === null) return state;
  return { ...state, tare: null, lostTare: { parcelId: state.tare.stays ? null : state.parcelId } };
}

function leftBehind(state: WeighingState, parcelId: string, limits: WeighingLimits): HeldWeight | null {
  if (state.pulse.once) return lastSaid(state, parcelId);
  const newest = state.run.at(-1);
  if (isEmptyLater(state, limits)) return state.held;
  if (newest !== undefined && isSettled(state.run, limits)) {
    const { held } = state;
    if (held === null) return { parcelId, grams: newest.grams };
    if (belongs(held, parcelId, newest.grams, limits)) {
      const same = held.grams !== null && Math.abs(newest.grams - held.grams) <= limits.changeG;
      if (same) return { parcelId, grams: newest.grams };
      // Two weights were seen with no empty scale between them: either may come back.
      return { parcelId: held.parcelId === parcelId ? parcelId : null, grams: null };
    }
    // Whose this is cannot be told any more: with two that may lie there, it is neither's.
    return state.held?.grams === null ? { parcelId: null, grams: null } : state.held;
  }
  const own = state.held === null || state.held.parcelId === parcelId;
  return { parcelId: own ? parcelId : null, grams: null };
}

/**
 * What a scale that says each weight once said last: whatever it says next is another load, so an older weight is off it.
 * Waiting for an empty scale would be waiting for ever.
 */
function lastSaid({ pulse: { last }, held }: WeighingState, parcelId: string): HeldWeight | null {
  if (last === null || last.overload || last.underload) return held;
  return { parcelId, grams: last.grams };
}

function newestIsFresh(state: WeighingState, now: number): boolean {
  return recent(state.run.at(-1)?.at ?? null, now, freshMs);
}
