/**
 * How a scale is doing, as a pure function of what arrived and when. The driver and the weighing rules share it, so
 * the state on the screen and the state a weight is judged by can never differ.
 */
import type { ScaleState } from '../../preload/contract/index.ts';
import type { RefusedFrame, ScaleReading } from './device.ts';

/** What a scale sends into the station. `link-state` takes the words of a link, and `absent` for no scale at all. */
export type ScaleEvent =
  | { readonly kind: 'reading'; readonly reading: ScaleReading }
  | { readonly kind: 'refused'; readonly frame: RefusedFrame }
  /** `once`: the scale of this session says each weight a single time; false if left out. */
  | { readonly kind: 'link-state'; readonly state: ScaleLinkState; readonly at: number; readonly once?: boolean };

export type ScaleLinkState = 'absent' | 'closed' | 'opening' | 'open' | 'failed';

/** A reading older than this is not a weight (monotonic milliseconds). */
export const freshMs = 2_000;
/** Only refused frames for this long: the scale is talking, but not to us. */
const noiseMs = 1_000;

export interface ScalePulse {
  readonly link: ScaleLinkState;
  /** The scale says each weight a single time: silence is usual, and one frame is all there is of a weight. */
  readonly once: boolean;
  /** When the link last opened, or null. */
  readonly openedAt: number | null;
  /** Newest valid frame of this link session, or null. */
  readonly last: ScaleReading | null;
  /** First and newest refused frame since the newest valid one, or null. */
  readonly noiseFrom: number | null;
  readonly noiseAt: number | null;
}

export function startPulse(link: ScaleLinkState, once = false): ScalePulse {
  return { link, once, openedAt: null, last: null, noiseFrom: null, noiseAt: null };
}

export function pulse(state: ScalePulse, event: ScaleEvent): ScalePulse {
  switch (event.kind) {
    case 'reading':
      return { ...state, last: event.reading, noiseFrom: null, noiseAt: null };
    case 'refused':
      return { ...state, noiseFrom: state.noiseFrom ?? event.frame.at, noiseAt: event.frame.at };
    case 'link-state':
      if (event.state === state.link) return state;
      // A new session knows nothing of the old one: what lay on the scale meanwhile was not seen.
      return { ...startPulse(event.state, event.once), openedAt: event.state === 'open' ? event.at : null };
  }
}

/** True if something of monotonic time `at` is at most `withinMs` old. The future is never recent. */
export function recent(at: number | null, now: number, withinMs: number): boolean {
  return at !== null && now - at >= 0 && now - at <= withinMs;
}

/** The state a person is shown, at monotonic time `now`. */
export function scaleStateOf(state: ScalePulse, now: number): ScaleState {
  if (state.link === 'absent') return 'absent';
  if (state.link !== 'open') return 'connecting';
  const noisy = recent(state.noiseAt, now, freshMs);
  if (state.last !== null && recent(state.last.at, now, freshMs)) {
    if (noisy && state.noiseFrom !== null && now - state.noiseFrom >= noiseMs) return 'noise';
    if (state.last.overload) return 'overload';
    if (state.last.underload) return 'underload';
    return state.last.stable ? 'stable' : 'moving';
  }
  if (noisy && (state.last !== null || (state.noiseFrom !== null && now - state.noiseFrom >= noiseMs))) return 'noise';
  if (state.once) return 'waiting';
  return state.last === null && recent(state.openedAt, now, freshMs) ? 'connecting' : 'silent';
}
