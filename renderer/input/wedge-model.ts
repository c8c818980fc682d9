/** What the keyboard-wedge decoder speaks of: key events, its settings, what it gives out, and its state. */

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
  /** That field hides what is typed: a password may be filled in at any speed. */
  readonly inSecretField?: boolean;
  readonly capsLock?: boolean;
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
  /** Shortest fast run in a text field that is refused because the programmed prefix is missing. */
  readonly noPrefixMinimum: number;
  /** Longest time between keys of a slow scanner, which is told from a person by its evenness. */
  readonly steadyGapMs: number;
  /** Shortest run that can be told from typing by its evenness. */
  readonly steadyMinimum: number;
  /** Widest spread of a slow scanner's gaps, and of how long it holds its keys. */
  readonly steadySpreadMs: number;
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
  noPrefixMinimum: 6,
  steadyGapMs: 130,
  steadyMinimum: 8,
  // One step of the coarsest clock key events are stamped with (Windows: 15.6 ms), and a little more.
  steadySpreadMs: 18,
  mixedGapMs: 120,
  idleMs: 500,
  typedIdleMs: 10_000,
  loneMs: 200,
  maxLength: 2_048,
};

/** Why a burst was refused; each is the tail of a locale key `scan.refused-…`. */
export type Refusal = 'ime' | 'alt' | 'layout' | 'key' | 'mixed' | 'cut' | 'too-long' | 'no-prefix';

/** How a scan came in; the self-test of the scanner names what is wrong with it (`main/domain/scanner-test.ts`). */
export interface WedgeManner {
  /** It began with the programmed prefix; null if none is programmed. */
  readonly framed: boolean | null;
  /** The middle one of the times between its keys, in whole milliseconds; 0 for a single key. */
  readonly gapMs: number;
  /** Keys of it went through an input method. */
  readonly inputMethod: boolean;
  /** Caps Lock was on. It changes nothing here, but it will in other programs. */
  readonly capsLock: boolean;
  /** Characters of it came as Alt + keypad numbers. */
  readonly altNumbers: boolean;
}

export type WedgeOutput =
  | {
      readonly kind: 'scan';
      readonly code: string;
      readonly source: 'wedge' | 'keyboard';
      readonly manner: WedgeManner;
    }
  | { readonly kind: 'refused'; readonly reason: Refusal }
  /** The burst is a scanner's and goes into a text field: put back what that held before the key pressed at `since`. */
  | { readonly kind: 'takeover'; readonly since: number }
  /** One key pressed alone outside text fields: may answer a question on the screen. */
  | { readonly kind: 'lone'; readonly key: string };

export interface Burst {
  readonly text: string;
  /** Times of its keys: characters, and keys that were refused. */
  readonly times: readonly number[];
  /** Its character keys that have come up: when each went down, and how long it was held. */
  readonly holds: readonly { readonly at: number; readonly ms: number }[];
  readonly startedAt: number;
  readonly lastAt: number;
  /** The prefix key opened it. */
  readonly framed: boolean;
  /** It began while a text field had the focus. */
  readonly inField: boolean;
  /** It is certainly a scanner's: framed, fast or even enough. Swallowed from here on. */
  readonly scanner: boolean;
  readonly refusal: Refusal | null;
  /** Its only key was already offered as an answer. */
  readonly offered: boolean;
  /** Keypad digits of an Alt number that has not ended, and when each came. */
  readonly altDigits: string;
  readonly altTimes: readonly number[];
  readonly altNumbers: boolean;
  readonly inputMethod: boolean;
  readonly capsLock: boolean;
  /** Shift was down long before its first key: what a scanner typed came out shifted. */
  readonly heldShift: boolean;
  /** When the newest key went down that was still down well after the next one: they are not of one scanner. */
  readonly overlappedAt?: number | undefined;
}

export interface WedgeState {
  readonly burst: Burst | null;
  /** Physical keys now down whose key-down was seen, and when they went down. */
  readonly down: ReadonlyMap<string, number>;
  /** Physical keys whose key-down was swallowed: their key-up is swallowed too. */
  readonly swallowed: ReadonlySet<string>;
  /** When the last burst ended, to swallow the second half of a CR LF ending. */
  readonly endedAt: number;
  /** When a burst refused as mixed ended: what follows closely without a prefix may be the rest of its second source. */
  readonly mixedAt: number;
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
  mixedAt: Number.NEGATIVE_INFINITY,
  cutAt: Number.NEGATIVE_INFINITY,
};
