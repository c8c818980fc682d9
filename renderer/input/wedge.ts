/**
 * The keyboard-wedge decoder: a stream of key events in, scans and named refusals out. Pure: no DOM, no clock.
 *
 * A scanner in keyboard mode types a code as a burst of keys and ends it with Enter or Tab. The rules here:
 * - characters come from physical keys (US map), so layout, Caps Lock and an input method cannot change a code;
 * - a key the input method hid (no physical code, or a key-up whose key-down never came) refuses the whole burst;
 * - Alt + keypad numbers are read (`wedge-alt.ts`); keys of another country's layout are refused by name;
 * - with a programmed prefix, the prefix alone tells a scan from typing: a burst that lacks it is refused by name in a
 *   text field. Without one, rhythm tells (`wedge-rhythm.ts`): fast, or as even as only a machine is;
 * - keys that got in between refuse the burst: by a pause, a split gap, an overlap, or Shift held by somebody.
 * A burst gives its exact code or a named refusal, never a different code.
 */
import { characterOf, controlCharacterOf, isForeign, isModifier } from './keys.ts';
import { altDigit, altReleased, isAltDigit } from './wedge-alt.ts';
import {
  append,
  cutGuardMs,
  emptyBurst,
  finish,
  pass,
  poison,
  refuse,
  released,
  swallow,
  throughInputMethod,
  without,
} from './wedge-burst.ts';
import type { Burst, KeyInput, WedgeSettings, WedgeState, WedgeStep } from './wedge-model.ts';
import { isQuick } from './wedge-rhythm.ts';

/** How long after the end of a scan a second line ending still belongs to it. */
const secondEndingMs = 100;
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
    const reason = burst.refusal ?? (burst.altDigits === '' ? 'cut' : 'alt');
    return { state: { ...cleared, cutAt: burst.lastAt }, outputs: [{ kind: 'refused', reason }] };
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

function keyUp(before: WedgeState, input: KeyInput, settings: WedgeSettings): WedgeStep {
  const down = new Map(before.down);
  const downAt = down.get(input.code);
  down.delete(input.code);
  const burst = before.burst === null || downAt === undefined ? before.burst : released(before.burst, downAt, input);
  const state: WedgeState = { ...before, burst, down, swallowed: without(before.swallowed, input.code) };
  const alt = altReleased(state, input, settings, (whole, code, certain) => {
    const scanner = whole.burst === null ? null : { ...whole.burst, scanner: certain || whole.burst.scanner };
    return ending({ ...whole, burst: scanner }, { ...input, code }, settings);
  });
  if (alt !== null) return alt;
  if (downAt !== undefined || !hasMeaning(input, settings)) {
    return { state, swallow: before.swallowed.has(input.code), outputs: [] };
  }
  // A key that came up without ever going down: the input method took its key-down. The character is lost, so the
  // burst it belongs to is refused. Outside a burst this waits silently: the burst may have just lost its first key.
  if (settings.suffixes.includes(input.code)) {
    if (burst === null || burst.times.length === 0) return pass(state);
    const quick = burst.scanner || isQuick(burst, input.at, settings);
    if (burst.inField && !quick) return pass(state);
    return finish(state, refuse(burst, 'ime'), input.at, settings);
  }
  return poison(state, input, burst ?? emptyBurst(input), 'ime', settings);
}

function keyDown(before: WedgeState, input: KeyInput, settings: WedgeSettings): WedgeStep {
  const heldMs = input.repeat ? input.at - (before.down.get(input.code) ?? input.at) : 0;
  const held = heldMs >= repeatDelayMs;
  const state = held ? before : { ...before, down: new Map(before.down).set(input.code, input.at) };
  const burst = state.burst;
  if (isModifier(input.code)) return pass(state);
  if (isPrefix(input, settings)) return opening(state, input, burst);
  if (settings.suffixes.includes(input.code) && !input.alt && !input.meta) return ending(state, input, settings);
  if (input.ctrl && input.code === 'KeyJ' && input.at - state.endedAt < secondEndingMs)
    return swallow(state, input, null);
  // A password may be filled in at any speed; where the scanner has a prefix, keys without it are typing there.
  if (settings.prefix !== null && input.inSecretField === true && burst === null) return pass(state);
  return character(state, input, { held, before: before.down }, settings);
}

/** The prefix: nothing but a scanner sends it, so the field loses the burst before its first character. */
function opening(state: WedgeState, input: KeyInput, before: Burst | null): WedgeStep {
  const nested = before !== null && before.scanner;
  const opened: Burst = {
    ...emptyBurst(input),
    framed: true,
    scanner: true,
    refusal: nested ? 'mixed' : null,
    heldShift: input.shift,
  };
  const step = swallow(state, input, opened);
  return input.inField ? { ...step, outputs: [{ kind: 'takeover', since: input.at }] } : step;
}

/** `held`: the system repeats a key that is kept down. `before`: the keys that were down before this one. */
function character(
  state: WedgeState,
  input: KeyInput,
  { held, before }: { readonly held: boolean; readonly before: WedgeState['down'] },
  settings: WedgeSettings,
): WedgeStep {
  const burst = state.burst;
  const active = burst !== null;
  const certain = burst?.scanner === true;
  if (isAltDigit(input)) return altDigit(state, input, settings);
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
    // Twice down and not up in between: two keyboards. One key again at once is how a fast scanner may come through.
    const downAt = before.get(input.code);
    const twice = burst !== null && downAt !== undefined && downAt >= burst.startedAt;
    if (twice && !(input.repeat && burst.times.at(-1) === downAt)) {
      return append({ ...state, burst: { ...burst, overlappedAt: downAt } }, input, text, settings);
    }
    // Outside a burst a space presses the focused button; no code begins with one.
    if (text === ' ' && !active) return pass(state);
    return append(state, input, text, settings);
  }
  if (input.code === '' || input.code === 'Unidentified') return hiddenKey(state, input, settings);
  if (input.code === 'Backspace' && active && !certain && !burst.inField) {
    const shorter: Burst = {
      ...burst,
      text: burst.text.slice(0, -1),
      times: burst.times.slice(0, -1),
      holds: [],
      lastAt: input.at,
      offered: true,
    };
    return swallow(state, input, shorter.text === '' ? null : shorter);
  }
  if (input.code === 'Escape' && active && !certain && !burst.inField) return swallow(state, input, null);
  return certain ? poison(state, input, burst, 'key', settings) : pass(state);
}

/** A key without its physical code: an input method, a screen keyboard or another program made it. */
function hiddenKey(state: WedgeState, input: KeyInput, settings: WedgeSettings): WedgeStep {
  const { burst } = state;
  const method = throughInputMethod(input);
  const made = method || [...input.key].length === 1;
  if (!made) return burst?.scanner === true ? poison(state, input, burst, 'key', settings) : pass(state);
  if (burst === null && input.inField && !method) return pass(state);
  return poison(state, input, burst ?? emptyBurst(input), method ? 'ime' : 'key', settings);
}

function ending(state: WedgeState, input: KeyInput, settings: WedgeSettings): WedgeStep {
  const burst = state.burst;
  if (burst === null || (burst.times.length === 0 && !burst.framed && burst.altDigits === '')) {
    if (input.at - state.endedAt < secondEndingMs) return swallow(state, input, null);
    return pass(burst === null ? state : { ...state, burst: null });
  }
  if (burst.inField && !burst.scanner) return endingInField(state, burst, input, settings);
  // Tab moves the focus of a person who types; only a scanner's Tab ends a code.
  if (input.code === 'Tab' && !burst.scanner && burst.refusal === null) return pass({ ...state, burst: null });
  const empty = burst.text === '' && burst.refusal === null && burst.altDigits === '';
  return finish(state, empty ? refuse(burst, 'cut') : burst, input.at, settings, input.code);
}

/** Ordinary typing in a field, ended by its Enter; or a burst too short to be told from typing before its end. */
function endingInField(state: WedgeState, burst: Burst, input: KeyInput, settings: WedgeSettings): WedgeStep {
  if (!isQuick(burst, input.at, settings)) return pass({ ...state, burst: null });
  if (burst.refusal === null && (settings.prefix !== null || burst.text.length < 2))
    return pass({ ...state, burst: null });
  const step = finish(state, { ...burst, scanner: true }, input.at, settings, input.code);
  return { ...step, outputs: [{ kind: 'takeover', since: burst.startedAt }, ...step.outputs] };
}

function isPrefix(input: KeyInput, settings: WedgeSettings): boolean {
  return settings.prefix !== null && input.code === settings.prefix.code && input.ctrl === settings.prefix.ctrl;
}

/** A key-up that stands for a character or an ending. */
function hasMeaning(input: KeyInput, settings: WedgeSettings): boolean {
  if (input.ctrl || input.alt || input.meta) return false;
  return characterOf(input.code, input.shift) !== null || settings.suffixes.includes(input.code);
}
