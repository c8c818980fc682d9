/** Several sources on one keyboard stream: scanners of every speed, people, input methods, Alt + keypad numbers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyFor } from './keys.ts';
import {
  defaultWedgeSettings,
  initialWedgeState,
  type KeyInput,
  type WedgeOutput,
  type WedgeSettings,
} from './wedge-model.ts';
import { stepWedge, tickWedge } from './wedge.ts';

type Event = Pick<KeyInput, 'type' | 'code' | 'at'> & Partial<KeyInput>;

const f13: WedgeSettings = { ...defaultWedgeSettings, prefix: { code: 'F13', ctrl: false } };

function tap(code: string, at: number, holdMs: number, more: Partial<KeyInput> = {}): Event[] {
  return [
    { type: 'down', code, at, ...more },
    { type: 'up', code, at: at + holdMs, ...more },
  ];
}

interface Typist {
  readonly gapsMs: readonly number[];
  readonly holdsMs: readonly number[];
}

/** A scanner: even, lets go of each key before the next. */
function scanned(
  text: string,
  from: number,
  gapMs: number,
  prefix: boolean,
  jitterMs: readonly number[] = [],
): Event[] {
  const keys = [...(prefix ? ['F13'] : []), ...text, 'Enter'];
  return keys.flatMap((key, index) => {
    const at = from + index * gapMs + (jitterMs[index] ?? 0) * Math.min(1, gapMs / 20);
    const stroke = [...key].length > 1 ? { code: key, shift: false, ctrl: false } : keyFor(key);
    if (stroke === null) throw new Error(key);
    const chord = { shift: stroke.shift, ctrl: stroke.ctrl };
    const shift = stroke.shift ? tap('ShiftLeft', at - 0.2, gapMs * 0.3 + 0.4) : [];
    return [...shift, ...tap(stroke.code, at, gapMs * 0.3, chord)];
  });
}

/** A person: uneven, and keys overlap. */
function typed(text: string, from: number, { gapsMs, holdsMs }: Typist): Event[] {
  let at = from;
  return [...text].flatMap((one, index) => {
    at += gapsMs[index] ?? 100;
    const stroke = keyFor(one);
    if (stroke === null) throw new Error(one);
    // The same key cannot go down again before it came up.
    const again = text[index + 1] === one ? (gapsMs[index + 1] ?? 100) - 10 : Infinity;
    return tap(stroke.code, at, Math.min(again, holdsMs[index] ?? 80));
  });
}

/** What a desk hears and what its text field holds in the end, if one has the focus. */
function hear(events: readonly Event[], settings: WedgeSettings, inField: boolean) {
  let state = initialWedgeState;
  let focus = inField;
  const outputs: WedgeOutput[] = [];
  let field: { readonly code: string; readonly at: number }[] = [];
  const take = (given: readonly WedgeOutput[]): void => {
    for (const output of given) {
      outputs.push(output);
      if (output.kind !== 'takeover') continue;
      field = field.filter(({ at }) => at < output.since);
      focus = false;
    }
  };
  // Releases come before presses of the same moment, as a HID report is read.
  const rank = (event: Event): number => (event.type === 'up' ? 0 : 1);
  const inOrder = events.toSorted((a, b) => a.at - b.at || rank(a) - rank(b));
  for (const event of inOrder) {
    const input: KeyInput = {
      ...{ key: 'x', keyCode: 0, shift: false, ctrl: false, alt: false, meta: false, altGraph: false },
      ...{ repeat: false, composing: false, inField: focus },
      ...event,
    };
    const step = stepWedge(state, input, settings);
    state = step.state;
    if (!step.swallow && event.type === 'down' && focus && !/^(Shift|Alt)/.test(event.code)) {
      field.push({ code: event.code, at: event.at });
    }
    take(step.outputs);
  }
  take(tickWedge(state, (inOrder.at(-1)?.at ?? 0) + 20_000, settings).outputs);
  return {
    outputs,
    field: field.map(({ code }) => code),
    scans: outputs.flatMap((output) => (output.kind === 'scan' ? [output.code] : [])),
    refusals: outputs.flatMap((output) => (output.kind === 'refused' ? [output.reason] : [])),
  };
}

const code = fc.stringMatching(/^[A-Z0-9][A-Za-z0-9/-]{7,19}$/);
const typist: fc.Arbitrary<Typist> = fc.record({
  gapsMs: fc.array(fc.integer({ min: 70, max: 260 }), { minLength: 12, maxLength: 12 }),
  holdsMs: fc.array(fc.integer({ min: 50, max: 130 }), { minLength: 12, maxLength: 12 }),
});
const words = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const jitter = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 24, maxLength: 24 });

describe('a scanner and a person at one desk', () => {
  test('with a prefix, at any speed, keys pressed during the scan refuse it: no wrong code', () => {
    fc.assert(
      fc.property(
        fc.record({
          text: code,
          gapMs: fc.integer({ min: 5, max: 100 }),
          jitter,
          inField: fc.boolean(),
          words,
          typist,
          offset: fc.integer({ min: -400, max: 2_200 }),
        }),
        (w) => {
          const events = [
            ...scanned(w.text, 1_000, w.gapMs, true, w.jitter),
            ...typed(w.words, 1_000 + w.offset, w.typist),
          ];
          const { scans, refusals, outputs } = hear(events, f13, w.inField);
          const wedge = outputs.filter((output) => output.kind === 'scan' && output.source === 'wedge');
          expect(wedge.every((output) => output.kind === 'scan' && output.code === w.text)).toBe(true);
          expect(scans.includes(w.text) || refusals.length > 0).toBe(true);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('without a prefix, a scan into a field keeps what was typed there before, and no wrong code is taken', () => {
    fc.assert(
      fc.property(
        fc.record({ text: code, gapMs: fc.integer({ min: 5, max: 100 }), jitter, words, typist }),
        fc.integer({ min: 20, max: 600 }),
        (w, pause) => {
          // A key pressed just one gap before a slow scan is told from it by nothing but a prefix.
          const pauseMs = w.gapMs > 35 ? pause + 2.6 * w.gapMs : pause;
          const before = typed(w.words, 1_000, w.typist);
          const lastDown = before.findLast((event) => event.type === 'down')?.at ?? 1_000;
          const events = [...before, ...scanned(w.text, lastDown + pauseMs, w.gapMs, false, w.jitter)];
          const { scans, refusals, field } = hear(events, defaultWedgeSettings, true);
          expect(scans.filter((scan) => scan !== w.text)).toEqual([]);
          expect(scans.length + refusals.length).toBeGreaterThan(0);
          // After a pause longer than the scanner's gaps the typed text is the person's.
          if (pauseMs > 260) {
            expect(scans).toEqual([w.text]);
            expect(field).toHaveLength(w.words.length);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('a person who types alone is never taken for a scanner', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9 ]{8,12}$/).map((text) => text.replace(/^ /, 'x')),
        typist,
        fc.constantFrom(f13, defaultWedgeSettings),
        (text, hand, settings) => {
          const { outputs, field } = hear(typed(text, 1_000, hand), settings, true);
          expect(outputs).toEqual([]);
          expect(field).toHaveLength(text.length);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

test('a key of the typing that comes up late does not hide that the scan began on a key still held', () => {
  const hand = { gapsMs: [70, 70, 70, 70, 70, 95], holdsMs: [50, 50, 50, 50, 118, 63] };
  const before = typed('a00aa0', 1_000, hand);
  const lastDown = before.findLast((event) => event.type === 'down')?.at ?? 0;
  const events = [...before, ...scanned('02-a-0-0', lastDown + 20, 5, false)];
  expect(hear(events, defaultWedgeSettings, true)).toMatchObject({ scans: [], refusals: ['mixed'] });
});

test('a slow scanner without a prefix is told by its evenness, and its field put back', () => {
  const { scans, field } = hear(scanned('6901234567892', 1_000, 90, false), defaultWedgeSettings, true);
  expect({ scans, field }).toEqual({ scans: ['6901234567892'], field: [] });
});

test('a short code, fast to its end, is a scan in a field too', () => {
  const { scans, field } = hear(scanned('A7', 1_000, 8, false), defaultWedgeSettings, true);
  expect({ scans, field }).toEqual({ scans: ['A7'], field: [] });
});

test('Shift held by a person refuses the scan that it would change', () => {
  const held: Event[] = [{ type: 'down', code: 'ShiftRight', at: 500 }];
  const shifted = scanned('69012345', 1_000, 8, false).map((event) => ({ ...event, shift: true }));
  expect(hear([...held, ...shifted], defaultWedgeSettings, false).refusals).toEqual(['mixed']);
});

test('two scanners at once: with a prefix their mixture is refused', () => {
  fc.assert(
    fc.property(code, code, fc.integer({ min: 0, max: 120 }), fc.integer({ min: 5, max: 20 }), (a, b, lag, gapMs) => {
      const events = [...scanned(a, 1_000, gapMs, true), ...scanned(b, 1_000.5 + lag, gapMs, true)];
      const { scans } = hear(events, f13, false);
      const apart = lag > (a.length + 2) * gapMs;
      if (!apart) expect(scans.filter((scan) => scan !== a && scan !== b)).toEqual([]);
    }),
  );
});

describe('Alt + keypad numbers', () => {
  const numbered = (text: string, gapMs: number, digits = 4): Event[] => {
    let at = 1_000;
    const events: Event[] = [];
    for (const one of `${text}\r`) {
      events.push({ type: 'down', code: 'AltLeft', at: (at += gapMs), alt: true });
      for (const digit of String(one.charCodeAt(0)).padStart(digits, '0')) {
        events.push(...tap(`Numpad${digit}`, (at += gapMs), gapMs / 3, { alt: true }));
      }
      events.push({ type: 'up', code: 'AltLeft', at: (at += gapMs) });
    }
    return events;
  };

  test('give the code exactly, FNC1 and the end too, whatever has the focus', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[ -~]{1,20}$/),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(3, 4),
        fc.boolean(),
        (text, gapMs, digits, inField) => {
          const { scans, field } = hear(numbered(`${text}\x1d1`, gapMs, digits), defaultWedgeSettings, inField);
          expect({ scans, field: inField ? field.filter((each) => !each.startsWith('Numpad')) : [] }).toEqual({
            scans: [`${text}\x1d1`],
            field: [],
          });
        },
      ),
    );
  });

  test('above ASCII depend on the system: refused by name', () => {
    expect(hear(numbered('12é4', 6), defaultWedgeSettings, false).refusals).toEqual(['alt']);
  });

  test('typed by a person into a field stay typing', () => {
    const degree: Event[] = [{ type: 'down', code: 'AltLeft', at: 1_000, alt: true }];
    [...'0176'].forEach((digit, index) =>
      degree.push(...tap(`Numpad${digit}`, 1_200 + index * 180, 70, { alt: true })),
    );
    degree.push({ type: 'up', code: 'AltLeft', at: 2_000 });
    expect(hear(degree, defaultWedgeSettings, true).outputs).toEqual([]);
  });
});

test('the manner of a scan tells of the input method, Caps Lock, the prefix and the speed', () => {
  const events = scanned('ABCDEFGH', 1_000, 12, true).map((event) => ({
    ...event,
    key: 'Process',
    keyCode: 229,
    capsLock: true,
  }));
  expect(hear(events, f13, true).outputs.at(-1)).toEqual({
    kind: 'scan',
    code: 'ABCDEFGH',
    source: 'wedge',
    manner: { framed: true, gapMs: 12, inputMethod: true, capsLock: true, altNumbers: false },
  });
});

test('scans right after one another are all read; what follows a mixed one is its rest', () => {
  const first = scanned('6901234567892', 1_000, 8, false);
  const end = (events: readonly Event[]): number => events.at(-1)?.at ?? 0;
  const second = scanned('6901234567908', end(first) + 15, 8, false);
  expect(hear([...first, ...second], defaultWedgeSettings, false)).toMatchObject({
    scans: ['6901234567892', '6901234567908'],
    refusals: [],
  });
  const held: Event[] = [{ type: 'down', code: 'ShiftRight', at: 500 }];
  const mixed = first.map((event) => ({ ...event, shift: true }));
  expect(hear([...held, ...mixed, ...second], defaultWedgeSettings, false)).toMatchObject({
    scans: [],
    refusals: ['mixed', 'mixed'],
  });
});
