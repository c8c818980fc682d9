/** What may happen to a burst of keys: it begins, grows, is refused, is given out. Pure. */
import { characterOf } from './keys.ts';
import type { Burst, KeyInput, Refusal, WedgeOutput, WedgeSettings, WedgeState, WedgeStep } from './wedge-model.ts';
import { isFast, isHeldBefore, isMixed, isSteady, middleGapMs, overlaps, scanStart } from './wedge-rhythm.ts';

/** How long after a burst without an end the next one may be its rest, and is refused. */
export const cutGuardMs = 1_000;
/** After a burst in which two sources mixed, keys without a prefix this soon are the rest of the second. Not measured. */
const restGuardMs = 120;

export function emptyBurst(input: KeyInput): Burst {
  return {
    text: '',
    times: [],
    holds: [],
    startedAt: input.at,
    lastAt: input.at,
    framed: false,
    inField: input.inField,
    scanner: false,
    refusal: null,
    offered: false,
    altDigits: '',
    altTimes: [],
    altNumbers: false,
    inputMethod: false,
    capsLock: false,
    heldShift: false,
  };
}

/** The first reason stays: it is the one that broke the burst. */
export function refuse(burst: Burst, reason: Refusal): Burst {
  return burst.refusal === null ? { ...burst, refusal: reason } : burst;
}

/** What the key says of the system it came through. */
export function marked(burst: Burst, input: KeyInput, state: WedgeState): Burst {
  const begins = burst.times.length === 0 && input.shift;
  const heldShift =
    begins &&
    (isHeldBefore(state.down.get('ShiftLeft'), input.at) || isHeldBefore(state.down.get('ShiftRight'), input.at));
  return {
    ...burst,
    inputMethod: burst.inputMethod || throughInputMethod(input),
    capsLock: burst.capsLock || input.capsLock === true,
    heldShift: burst.heldShift || heldShift,
  };
}

/**
 * Adds a character to the burst, and notices when the burst has become certainly a scanner's. `certain`: something
 * else than its rhythm says so.
 */
export function append(
  state: WedgeState,
  input: KeyInput,
  text: string,
  settings: WedgeSettings,
  certain = false,
): WedgeStep {
  const burst = marked(state.burst ?? emptyBurst(input), input, state);
  const guarded = burst.framed ? burst : refuseRest(burst, state, input.at);
  const tooLong = burst.text.length + text.length > settings.maxLength;
  const grown: Burst = tooLong
    ? { ...guarded, refusal: 'too-long', lastAt: input.at }
    : { ...guarded, text: burst.text + text, times: [...burst.times, input.at], lastAt: input.at };
  return settle(state, input, grown, certain, settings);
}

function refuseRest(burst: Burst, state: WedgeState, at: number): Burst {
  if (at - state.cutAt < cutGuardMs) return refuse(burst, 'cut');
  return at - state.mixedAt < restGuardMs ? refuse(burst, 'mixed') : burst;
}

/** Refuses the burst this key belongs to; the burst goes on to its end, so that none of it leaks. */
export function poison(
  state: WedgeState,
  input: KeyInput,
  burst: Burst,
  reason: Refusal,
  settings: WedgeSettings,
): WedgeStep {
  const next: Burst = {
    ...refuse(marked(burst, input, state), reason),
    times: [...burst.times, input.at],
    lastAt: input.at,
  };
  const step = settle(state, input, next, reason === 'alt', settings);
  // A key-up has nothing to keep from anyone.
  return input.type === 'up' ? { ...step, state: { ...step.state, swallowed: state.swallowed }, swallow: false } : step;
}

/** Takes the grown burst over: swallows it once it is a scanner's, or if no text field has the focus. */
function settle(
  state: WedgeState,
  input: KeyInput,
  burst: Burst,
  certain: boolean,
  settings: WedgeSettings,
): WedgeStep {
  if (burst.scanner) return swallow(state, input, burst);
  const unframed = settings.prefix !== null && burst.inField;
  const minimum = unframed ? settings.noPrefixMinimum : settings.fastMinimum;
  if (!certain && !isFast(burst.times, settings, minimum) && !isSteady(burst, settings)) {
    return burst.inField ? pass({ ...state, burst }) : swallow(state, input, burst);
  }
  if (!burst.inField) return swallow(state, input, { ...burst, scanner: true });
  const own = withoutTyping(burst, settings);
  const taken: Burst = { ...(unframed ? refuse(own, 'no-prefix') : own), scanner: true };
  return { ...swallow(state, input, taken), outputs: [{ kind: 'takeover', since: taken.startedAt }] };
}

/** What was typed into the field before a clear pause is not the scanner's. */
function withoutTyping(burst: Burst, settings: WedgeSettings): Burst {
  // Each character has its time only while nothing was refused.
  const start =
    burst.refusal === null && burst.text.length === burst.times.length ? scanStart(burst.times, settings) : 0;
  const startedAt = burst.times[start];
  if (start === 0 || startedAt === undefined) return burst;
  return {
    ...burst,
    text: burst.text.slice(start),
    times: burst.times.slice(start),
    holds: burst.holds.filter(({ at }) => at >= startedAt),
    startedAt,
    heldShift: false,
    overlappedAt: (burst.overlappedAt ?? 0) >= startedAt ? burst.overlappedAt : undefined,
  };
}

/** A character key of the burst came up. */
export function released(burst: Burst, downAt: number, input: KeyInput): Burst {
  if (downAt < burst.startedAt || characterOf(input.code, false) === null) return burst;
  const held: Burst = { ...burst, holds: [...burst.holds, { at: downAt, ms: input.at - downAt }] };
  return overlaps(burst, downAt, input.at)
    ? { ...held, overlappedAt: Math.max(downAt, burst.overlappedAt ?? downAt) }
    : held;
}

/** A character key of the burst is still down: a scanner lets go of each before it sends the end. */
function hasKeyDown({ down }: WedgeState, burst: Burst, { prefix }: WedgeSettings): boolean {
  return [...down].some(
    ([code, at]) => at >= burst.startedAt && code !== prefix?.code && characterOf(code, false) !== null,
  );
}

/** The burst is whole: gives its code, or why not. `code` is the key that ended it, if its key-down was seen. */
export function finish(state: WedgeState, burst: Burst, at: number, settings: WedgeSettings, code?: string): WedgeStep {
  const disturbed =
    burst.overlappedAt !== undefined ||
    burst.heldShift ||
    isMixed(burst, settings) ||
    hasKeyDown(state, burst, settings);
  const { refusal } =
    burst.altDigits !== '' ? refuse(burst, 'alt') : burst.scanner && disturbed ? refuse(burst, 'mixed') : burst;
  const output: WedgeOutput =
    refusal !== null
      ? { kind: 'refused', reason: refusal }
      : {
          kind: 'scan',
          code: burst.text,
          source: burst.scanner ? 'wedge' : 'keyboard',
          manner: {
            framed: settings.prefix === null ? null : burst.framed,
            gapMs: middleGapMs(burst),
            inputMethod: burst.inputMethod,
            capsLock: burst.capsLock,
            altNumbers: burst.altNumbers,
          },
        };
  const swallowed = code === undefined ? state.swallowed : including(state.swallowed, code);
  return {
    state: { ...state, burst: null, swallowed, endedAt: at, mixedAt: refusal === 'mixed' ? at : state.mixedAt },
    swallow: true,
    outputs: [output],
  };
}

export function pass(state: WedgeState): WedgeStep {
  return { state, swallow: false, outputs: [] };
}

export function swallow(state: WedgeState, input: KeyInput, burst: Burst | null): WedgeStep {
  return { state: { ...state, burst, swallowed: including(state.swallowed, input.code) }, swallow: true, outputs: [] };
}

export function throughInputMethod(input: KeyInput): boolean {
  return input.composing || input.key === 'Process' || input.keyCode === 229;
}

function including(set: ReadonlySet<string>, value: string): ReadonlySet<string> {
  return set.has(value) ? set : new Set([...set, value]);
}

export function without(set: ReadonlySet<string>, value: string): ReadonlySet<string> {
  return set.has(value) ? new Set([...set].filter((one) => one !== value)) : set;
}
