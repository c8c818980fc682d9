/**
 * The keyboard-wedge decoder: a stream of key events in, scans and named refusals out. Pure: no DOM, no clock.
 *
 * A scanner in keyboard mode types a code as a burst of keys and ends it with Enter or Tab. The rules here:
 * - characters come from physical keys (US map), so layout, Caps Lock and an input method cannot change a code;
 * - a key the input method hid (no physical code, or a key-up whose key-down never came) refuses the whole burst;
 * - Alt + keypad sequences, keys of another country's layout, and bursts mixed with typing are refused by name;
 * - with a programmed prefix, the prefix alone tells a scan from typing; without one, timing does (fallback).
 * A burst gives its exact code or a named refusal, never a different code.
 *
 * Measured scanner speeds behind the limits: Datalogic 1 ms, Netum 6 ms, Honeywell 10 ms, NSC750 19 ms per key
 * (KeyboardBarcodeScanner, `src/main.js`); onScan.js takes 30 ms as the average limit; people stay above it.
 */
import { characterOf, controlCharacterOf, isForeign, isModifier } from './keys.ts';

/** One key event, as the browser reports it. `at` is in milliseconds of any monotonic clock. */
export interface KeyInput {
  readonly type: 'down' | 'up';
  /** Physical key, `''` or `Unidentified` when something hid it. */
  readonly code: string;
  /** What the system made of it; used only to notice an input method. */
  readonly key: string;
  readonly keyCode: number;
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
  readonly altGraph: boolean;
  readonly repeat: boolean;
  readonly composing: boolean;
  /** A field that takes typed text has the focus. */
  readonly inField: boolean;
  readonly at: number;
}

/** A key the scanner sends before every code, for example F13, or STX as Ctrl + B. */
export interface PrefixKey {
  readonly code: string;
  readonly ctrl: boolean;
}

export interface WedgeSettings {
  readonly prefix: PrefixKey | null;
  readonly suffixes: readonly string[];
  /** Average time between keys up to which a run counts as typed by a scanner. */
  readonly fastGapMs: number;
  /** Shortest run that can be told from typing by its speed. */
  readonly fastMinimum: number;
  /** A gap longer than this inside a scanner's burst means that two sources are mixed. */
  readonly mixedGapMs: number;
  /** A burst with no key for this long has lost its end. */
  readonly idleMs: number;
  /** Text typed by hand is forgotten after this long. */
  readonly typedIdleMs: number;
  /** One key alone for this long is an answer to a question, not the start of a code. */
  readonly loneMs: number;
  readonly maxLength: number;
}

export const defaultWedgeSettings: WedgeSettings = {
  prefix: null,
  suffixes: ['Enter', 'NumpadEnter', 'Tab'],
  fastGapMs: 35,
  fastMinimum: 4,
  mixedGapMs: 120,
  idleMs: 500,
  typedIdleMs: 10_000,
  loneMs: 200,
  maxLength: 2_048,
};

/** Why a burst was refused; each is the tail of a locale key `scan.refused-…`. */
export type Refusal = 'ime' | 'alt' | 'layout' | 'key' | 'mixed' | 'cut' | 'too-long';

export type WedgeOutput =
  | { readonly kind: 'scan'; readonly code: string; readonly source: 'wedge' | 'keyboard' }
  | { readonly kind: 'refused'; readonly reason: Refusal }
  /** The burst is a scanner's and has begun inside a text field: put back what the field held at `takeoverFrom`. */
  | { readonly kind: 'takeover' }
  /** One key pressed alone outside text fields: may answer a question on the screen. */
  | { readonly kind: 'lone'; readonly key: string };

interface Burst {
  readonly text: string;
  /** Times of its keys: characters, and keys that were refused. */
  readonly times: readonly number[];
  readonly startedAt: number;
  readonly lastAt: number;
  /** The prefix key opened it. */
  readonly framed: boolean;
  /** It began while a text field had the focus. */
  readonly inField: boolean;
  /** It is certainly a scanner's: framed, or fast enough. Swallowed from here on. */
  readonly scanner: boolean;
  readonly refusal: Refusal | null;
  /** Its only key was already offered as an answer. */
  readonly offered: boolean;
}

export interface WedgeState {
  readonly burst: Burst | null;
  /** Physical keys now down whose key-down was seen, and when they went down. */
  readonly down: ReadonlyMap<string, number>;
  /** Physical keys whose key-down was swallowed: their key-up is swallowed too. */
  readonly swallowed: ReadonlySet<string>;
  /** When the last burst ended, to swallow the second half of a CR LF ending. */
  readonly endedAt: number;
  /** When the last key of a burst without an end came: what follows closely may be its rest. */
  readonly cutAt: number;
}

export interface WedgeStep {
  readonly state: WedgeState;
  /** Keep the event from everyone else. */
  readonly swallow: boolean;
  readonly outputs: readonly WedgeOutput[];
}

export const initialWedgeState: WedgeState = {
  burst: null,
  down: new Map(),
  swallowed: new Set(),
  endedAt: Number.NEGATIVE_INFINITY,
  cutAt: Number.NEGATIVE_INFINITY,
};

/** How long after the end of a scan a second line ending still belongs to it. */
const secondEndingMs = 100;
/** How long after a burst without an end the next one may be its rest, and is refused. */
const cutGuardMs = 1_000;
/** Automatic repeat of a held key starts no sooner than this (Windows, X11 and macOS: 250 ms at their shortest). */
const repeatDelayMs = 250;
/** GS, the only separator a code may begin with (FNC1 in first position). */
const groupSeparator = '\x1d';

/** Text typed by hand so far, for the echo on the screen. */
export function typedText(state: WedgeState): string {
  return state.burst !== null && !state.burst.inField && !state.burst.scanner ? state.burst.text : '';
}

/** Takes one key event. */
export function stepWedge(before: WedgeState, input: KeyInput, settings: WedgeSettings): WedgeStep {
  const idle = tickWedge(before, input.at, settings);
  const step = input.type === 'down' ? keyDown(idle.state, input, settings) : keyUp(idle.state, input, settings);
  return { ...step, outputs: [...idle.outputs, ...step.outputs] };
}

/** Ends what has been quiet for too long. Call at `wakeAt`, or at any time. */
export function tickWedge(state: WedgeState, at: number, settings: WedgeSettings): Omit<WedgeStep, 'swallow'> {
  const burst = state.burst;
  if (burst === null) return { state, outputs: [] };
  const quietMs = at - burst.lastAt;
  const cleared = { ...state, burst: null };
  if (burst.scanner) {
    if (quietMs < settings.idleMs) return { state, outputs: [] };
    return {
      state: { ...cleared, cutAt: burst.lastAt },
      outputs: [{ kind: 'refused', reason: burst.refusal ?? 'cut' }],
    };
  }
  if (burst.inField) return { state: quietMs >= cutGuardMs ? cleared : state, outputs: [] };
  if (burst.refusal !== null) {
    if (quietMs < settings.idleMs) return { state, outputs: [] };
    // One stray key-up is no scan; two refused keys are something the packer should hear about.
    const said = burst.times.length > 1;
    return { state: cleared, outputs: said ? [{ kind: 'refused', reason: burst.refusal }] : [] };
  }
  if (burst.text.length === 1 && !burst.offered && quietMs >= settings.loneMs && quietMs < settings.typedIdleMs) {
    return { state: { ...state, burst: { ...burst, offered: true } }, outputs: [{ kind: 'lone', key: burst.text }] };
  }
  return { state: quietMs >= settings.typedIdleMs ? cleared : state, outputs: [] };
}

/** Forgets what was typed by hand: Escape, or a lone key that was taken as an answer. */
export function forgetTyped(state: WedgeState): WedgeState {
  return state.burst === null || state.burst.scanner ? state : { ...state, burst: null };
}

/** When `tickWedge` has something to do next, or null. */
export function wakeAt(state: WedgeState, settings: WedgeSettings): number | null {
  const burst = state.burst;
  if (burst === null) return null;
  if (burst.scanner) return burst.lastAt + settings.idleMs;
  if (burst.inField) return burst.lastAt + cutGuardMs;
  if (burst.refusal !== null) return burst.lastAt + settings.idleMs;
  if (burst.text.length === 1 && !burst.offered) return burst.lastAt + settings.loneMs;
  return burst.lastAt + settings.typedIdleMs;
}

function keyUp(state: WedgeState, input: KeyInput, settings: WedgeSettings): WedgeStep {
  const released = new Map(state.down);
  const known = released.delete(input.code);
  const after = { ...state, down: released, swallowed: without(state.swallowed, input.code) };
  if (known || !hasMeaning(input, settings)) {
    return { state: after, swallow: state.swallowed.has(input.code), outputs: [] };
  }
  // A key that came up without ever going down: the input method took its key-down. The character is lost, so the
  // burst it belongs to is refused. Outside a burst this waits silently: the burst may have just lost its first key.
  if (settings.suffixes.includes(input.code)) {
    if (state.burst === null || state.burst.times.length === 0) return pass(after);
    const quick = state.burst.scanner || isQuick(state.burst, input.at, settings);
    if (state.burst.inField && !quick) return pass(after);
    return finish(after, refuse(state.burst, 'ime'), input.at);
  }
  return poison(after, input, state.burst ?? emptyBurst(input), 'ime', settings);
}

function keyDown(before: WedgeState, input: KeyInput, settings: WedgeSettings): WedgeStep {
  const heldMs = input.repeat ? input.at - (before.down.get(input.code) ?? input.at) : 0;
  const held = heldMs >= repeatDelayMs;
  const state = held ? before : { ...before, down: new Map(before.down).set(input.code, input.at) };
  const burst = state.burst;
  if (isModifier(input.code)) return pass(state);
  if (isPrefix(input, settings)) {
    const nested = burst !== null && burst.scanner;
    const opened: Burst = {
      ...emptyBurst(input),
      framed: true,
      scanner: true,
      refusal: nested ? 'mixed' : null,
    };
    return swallow(state, input, opened);
  }
  if (settings.suffixes.includes(input.code) && !input.alt && !input.meta) return ending(state, input, settings);
  if (input.ctrl && input.code === 'KeyJ' && input.at - state.endedAt < secondEndingMs)
    return swallow(state, input, null);
  // Timing tells nothing in a field whose scanner has a prefix: there, keys without the prefix are typing.
  if (settings.prefix !== null && input.inField && burst === null) return pass(state);
  return character(state, input, held, settings);
}

function character(state: WedgeState, input: KeyInput, held: boolean, settings: WedgeSettings): WedgeStep {
  const burst = state.burst;
  const active = burst !== null;
  const certain = burst?.scanner === true;
  if (input.alt && /^Numpad[0-9]$/.test(input.code)) {
    return poison(state, input, burst ?? emptyBurst(input), 'alt', settings);
  }
  if (input.altGraph) return active ? poison(state, input, burst, 'layout', settings) : pass(state);
  if (input.ctrl) {
    const separator = controlCharacterOf(input.code);
    if (separator !== null && (active || separator === groupSeparator))
      return append(state, input, separator, settings);
    return certain ? poison(state, input, burst, 'key', settings) : pass(state);
  }
  if (input.alt || input.meta) return certain ? poison(state, input, burst, 'key', settings) : pass(state);
  if (isForeign(input.code)) {
    return active || !input.inField
      ? poison(state, input, burst ?? emptyBurst(input), 'layout', settings)
      : pass(state);
  }
  if (held) {
    // A person holds the key; in a certain scan it means that a key-up was lost, and with it perhaps a character.
    if (certain) return poison(state, input, burst, 'key', settings);
    return active && !input.inField ? swallow(state, input, burst) : pass(state);
  }
  const text = characterOf(input.code, input.shift);
  if (text !== null) {
    // Outside a burst a space presses the focused button; no code begins with one.
    if (text === ' ' && !active) return pass(state);
    return append(state, input, text, settings);
  }
  const hidden = input.code === '' || input.code === 'Unidentified';
  if (hidden) {
    const reason = throughInputMethod(input) ? 'ime' : 'key';
    const made = throughInputMethod(input) || [...input.key].length === 1;
    if (!made) return certain ? poison(state, input, burst, 'key', settings) : pass(state);
    if (!active && input.inField && !throughInputMethod(input)) return pass(state);
    return poison(state, input, burst ?? emptyBurst(input), reason, settings);
  }
  if (input.code === 'Backspace' && active && !certain && !burst.inField) {
    const shorter = {
      ...burst,
      text: burst.text.slice(0, -1),
      times: burst.times.slice(0, -1),
      lastAt: input.at,
      offered: true,
    };
    return swallow(state, input, shorter.text === '' ? null : shorter);
  }
  if (input.code === 'Escape' && active && !certain && !burst.inField) return swallow(state, input, null);
  return certain ? poison(state, input, burst, 'key', settings) : pass(state);
}

/** Adds a character to the burst, and notices when the burst has become certainly a scanner's. */
function append(state: WedgeState, input: KeyInput, text: string, settings: WedgeSettings): WedgeStep {
  const burst = state.burst ?? emptyBurst(input);
  const guarded = !burst.framed && input.at - state.cutAt < cutGuardMs ? refuse(burst, 'cut') : burst;
  const grown: Burst = {
    ...guarded,
    text: burst.text + text,
    times: [...burst.times, input.at],
    lastAt: input.at,
    refusal: burst.text.length + text.length > settings.maxLength ? 'too-long' : guarded.refusal,
  };
  const kept = grown.refusal === 'too-long' ? { ...grown, text: burst.text, times: burst.times } : grown;
  const certain = kept.scanner || isFast(kept.times, settings);
  const takeover = certain && !burst.scanner && burst.inField;
  const next = { ...kept, scanner: certain };
  const outputs: WedgeOutput[] = takeover ? [{ kind: 'takeover' }] : [];
  if (next.inField && !certain) return { state: { ...state, burst: next }, swallow: false, outputs };
  return { ...swallow(state, input, next), outputs };
}

function ending(state: WedgeState, input: KeyInput, settings: WedgeSettings): WedgeStep {
  const burst = state.burst;
  if (burst === null || (burst.times.length === 0 && !burst.framed)) {
    if (input.at - state.endedAt < secondEndingMs) return swallow(state, input, null);
    return pass(burst === null ? state : { ...state, burst: null });
  }
  if (burst.inField && !burst.scanner) {
    // Ordinary typing in a field, ended by its Enter; or a short burst that broke before it could be told apart.
    if (burst.refusal !== null && isQuick(burst, input.at, settings)) return finish(state, burst, input.at, input.code);
    return pass({ ...state, burst: null });
  }
  // Tab moves the focus of a person who types; only a scanner's Tab ends a code.
  if (input.code === 'Tab' && !burst.scanner && burst.refusal === null) return pass({ ...state, burst: null });
  const mixed = burst.refusal === null && burst.scanner && !burst.framed && hasPause(burst, settings);
  const empty = burst.text === '' && burst.refusal === null;
  return finish(state, mixed ? refuse(burst, 'mixed') : empty ? refuse(burst, 'cut') : burst, input.at, input.code);
}

function finish(state: WedgeState, burst: Burst, at: number, code?: string): WedgeStep {
  const output: WedgeOutput =
    burst.refusal !== null
      ? { kind: 'refused', reason: burst.refusal }
      : { kind: 'scan', code: burst.text, source: burst.scanner ? 'wedge' : 'keyboard' };
  const swallowed = code === undefined ? state.swallowed : with_(state.swallowed, code);
  return { state: { ...state, burst: null, swallowed, endedAt: at }, swallow: true, outputs: [output] };
}

/** Refuses the burst this key belongs to; the burst goes on to its end, so that none of it leaks. */
function poison(state: WedgeState, input: KeyInput, burst: Burst, reason: Refusal, settings: WedgeSettings): WedgeStep {
  const times = [...burst.times, input.at];
  const certain = burst.scanner || reason === 'alt' || isFast(times, settings);
  const next: Burst = { ...refuse(burst, reason), times, lastAt: input.at, scanner: certain };
  const outputs: WedgeOutput[] = certain && !burst.scanner && burst.inField ? [{ kind: 'takeover' }] : [];
  // A key-up has nothing to keep from anyone.
  if (input.type === 'up' || (next.inField && !certain)) {
    return { state: { ...state, burst: next }, swallow: false, outputs };
  }
  return { ...swallow(state, input, next), outputs };
}

function pass(state: WedgeState): WedgeStep {
  return { state, swallow: false, outputs: [] };
}

function swallow(state: WedgeState, input: KeyInput, burst: Burst | null): WedgeStep {
  return { state: { ...state, burst, swallowed: with_(state.swallowed, input.code) }, swallow: true, outputs: [] };
}

function emptyBurst(input: KeyInput): Burst {
  return {
    text: '',
    times: [],
    startedAt: input.at,
    lastAt: input.at,
    framed: false,
    inField: input.inField,
    scanner: false,
    refusal: null,
    offered: false,
  };
}

/** The first reason stays: it is the one that broke the burst. */
function refuse(burst: Burst, reason: Refusal): Burst {
  return burst.refusal === null ? { ...burst, refusal: reason } : burst;
}

function isPrefix(input: KeyInput, settings: WedgeSettings): boolean {
  return settings.prefix !== null && input.code === settings.prefix.code && input.ctrl === settings.prefix.ctrl;
}

function throughInputMethod(input: KeyInput): boolean {
  return input.composing || input.key === 'Process' || input.keyCode === 229;
}

/** A key-up that stands for a character or an ending. */
function hasMeaning(input: KeyInput, settings: WedgeSettings): boolean {
  if (input.ctrl || input.alt || input.meta) return false;
  return characterOf(input.code, input.shift) !== null || settings.suffixes.includes(input.code);
}

/** The newest run of `fastMinimum` keys is at a scanner's speed. */
function isFast(times: readonly number[], settings: WedgeSettings): boolean {
  const run = times.slice(-settings.fastMinimum);
  const first = run[0];
  const last = run.at(-1);
  if (first === undefined || last === undefined || run.length < settings.fastMinimum) return false;
  return (last - first) / (run.length - 1) <= settings.fastGapMs;
}

/** Short or broken, but at a scanner's speed from its first key to its end. */
function isQuick(burst: Burst, endAt: number, settings: WedgeSettings): boolean {
  const keys = burst.times.length;
  return keys > 0 && (endAt - burst.startedAt) / keys <= settings.fastGapMs;
}

function hasPause(burst: Burst, settings: WedgeSettings): boolean {
  return burst.times.some((time, index) => index > 0 && time - (burst.times[index - 1] ?? time) > settings.mixedGapMs);
}

function with_(set: ReadonlySet<string>, value: string): ReadonlySet<string> {
  return set.has(value) ? set : new Set([...set, value]);
}

function without(set: ReadonlySet<string>, value: string): ReadonlySet<string> {
  return set.has(value) ? new Set([...set].filter((one) => one !== value)) : set;
}
