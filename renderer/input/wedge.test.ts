import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyFor } from './keys.ts';
import {
  defaultWedgeSettings,
  initialWedgeState,
  type KeyInput,
  type WedgeOutput,
  type WedgeSettings,
  type WedgeState,
} from './wedge-model.ts';
import { stepWedge, tickWedge, typedText } from './wedge.ts';

const plain: Omit<KeyInput, 'type' | 'code' | 'at'> = {
  key: '',
  keyCode: 0,
  shift: false,
  ctrl: false,
  alt: false,
  meta: false,
  altGraph: false,
  repeat: false,
  composing: false,
  inField: false,
};

/** How the system treats one key of a scan. */
type Fate = 'normal' | 'process' | 'process-no-code' | 'lost-down';

interface Keystroke {
  readonly code: string;
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly fate: Fate;
  readonly gapMs: number;
}

/** A desk: feeds events, keeps what came out, models the text field that has the focus. */
class Desk {
  state: WedgeState = initialWedgeState;
  outputs: WedgeOutput[] = [];
  leaked: string[] = [];
  at = 1_000;
  readonly settings: WedgeSettings;
  inField: boolean;
  inSecretField = false;
  constructor(settings: WedgeSettings, inField: boolean) {
    this.settings = settings;
    this.inField = inField;
  }

  send(input: Partial<KeyInput> & Pick<KeyInput, 'type' | 'code'>): boolean {
    const step = stepWedge(this.state, { ...plain, ...this.focus(), at: this.at, ...input }, this.settings);
    this.state = step.state;
    for (const output of step.outputs) this.take(output);
    if (!step.swallow && input.type === 'down') this.leaked.push(input.code);
    return step.swallow;
  }

  private focus(): Pick<KeyInput, 'inField' | 'inSecretField'> {
    return { inField: this.inField, inSecretField: this.inSecretField };
  }

  press(stroke: Keystroke, key = 'x'): void {
    this.at += stroke.gapMs;
    if (stroke.shift) this.send({ type: 'down', code: 'ShiftLeft', key: 'Shift', shift: true });
    const chord = { shift: stroke.shift, ctrl: stroke.ctrl };
    if (stroke.fate === 'normal') this.send({ type: 'down', code: stroke.code, key, ...chord });
    if (stroke.fate === 'process')
      this.send({ type: 'down', code: stroke.code, key: 'Process', keyCode: 229, ...chord });
    if (stroke.fate === 'process-no-code') {
      this.send({ type: 'down', code: '', key: 'Process', keyCode: 229, composing: true, ...chord });
    }
    this.send({ type: 'up', code: stroke.code, key, ...chord });
    if (stroke.shift) this.send({ type: 'up', code: 'ShiftLeft', key: 'Shift' });
  }

  type(text: string, gapMs: number, end: string | null = 'Enter'): void {
    for (const character of text) this.press({ ...strokeOf(character), fate: 'normal', gapMs });
    if (end !== null) this.press({ code: end, shift: false, ctrl: false, fate: 'normal', gapMs });
  }

  wait(ms: number): void {
    this.at += ms;
    const tick = tickWedge(this.state, this.at, this.settings);
    this.state = tick.state;
    for (const output of tick.outputs) this.take(output);
  }

  private take(output: WedgeOutput): void {
    this.outputs.push(output);
    // The listener takes the focus out of the field.
    if (output.kind === 'takeover') this.inField = false;
  }

  get scans(): string[] {
    return this.outputs.flatMap((output) => (output.kind === 'scan' ? [output.code] : []));
  }

  get refusals(): string[] {
    return this.outputs.flatMap((output) => (output.kind === 'refused' ? [output.reason] : []));
  }
}

function strokeOf(character: string): { code: string; shift: boolean; ctrl: boolean } {
  const stroke = keyFor(character);
  if (stroke === null) throw new Error(`no key for ${character}`);
  return stroke;
}

const f13: WedgeSettings = { ...defaultWedgeSettings, prefix: { code: 'F13', ctrl: false } };
const stx: WedgeSettings = { ...defaultWedgeSettings, prefix: { code: 'KeyB', ctrl: true } };

const character = fc.integer({ min: 0x20, max: 0x7e }).map((point) => String.fromCharCode(point));
const code = fc.array(character, { minLength: 4, maxLength: 40 }).map((all) => all.join('').replace(/^ /, '0'));
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Fate>('normal') },
  { weight: 6, arbitrary: fc.constant<Fate>('process') },
  { weight: 1, arbitrary: fc.constant<Fate>('process-no-code') },
  { weight: 1, arbitrary: fc.constant<Fate>('lost-down') },
);
/** What the layout or Caps Lock made of the key: anything at all. */
const madeKey = fc.constantFrom('a', 'A', 'é', 'Dead', '测', '&', '1', 'Unidentified', 'ArrowUp');

describe('a burst through any system gives its code or a named refusal, never another code', () => {
  const world = fc.record({
    text: code,
    fates: fc.array(fate, { minLength: 42, maxLength: 42 }),
    keys: fc.array(madeKey, { minLength: 42, maxLength: 42 }),
    gaps: fc.array(fc.integer({ min: 1, max: 35 }), { minLength: 42, maxLength: 42 }),
    inField: fc.boolean(),
    framing: fc.constantFrom('none', 'f13', 'stx'),
    ending: fc.constantFrom('Enter', 'Tab', 'NumpadEnter'),
    typedBefore: fc.stringMatching(/^[a-z0-9]{0,3}$/),
    pauseMs: fc.integer({ min: 130, max: 9_000 }),
  });

  test.each([true, false])('with keys hidden by the input method: %s', (hidden) => {
    fc.assert(
      fc.property(world, (w) => {
        const settings = w.framing === 'f13' ? f13 : w.framing === 'stx' ? stx : defaultWedgeSettings;
        const desk = new Desk(settings, w.inField);
        for (const one of w.typedBefore) desk.press({ ...strokeOf(one), fate: 'normal', gapMs: 150 });
        desk.wait(w.pauseMs);
        if (settings.prefix !== null) {
          desk.press({
            code: settings.prefix.code,
            ctrl: settings.prefix.ctrl,
            shift: false,
            fate: 'normal',
            gapMs: 5,
          });
        }
        [...w.text].forEach((one, index) => {
          const wanted = w.fates[index] ?? 'normal';
          const hides = wanted === 'process-no-code' || wanted === 'lost-down';
          const applied = hides && !hidden ? 'process' : wanted;
          desk.press({ ...strokeOf(one), fate: applied, gapMs: w.gaps[index] ?? 10 }, w.keys[index]);
        });
        desk.press({ code: w.ending, shift: false, ctrl: false, fate: 'normal', gapMs: 5 }, w.ending);
        desk.wait(20_000);
        expect(desk.scans.filter((scan) => scan !== w.text)).toEqual([]);
        expect(desk.scans.length + desk.refusals.length).toBe(1);
        // Untouched by hidden keys and by typing, a scan always comes through.
        if (!hidden && w.typedBefore === '') expect(desk.scans).toEqual([w.text]);
      }),
      { numRuns: 1_500 },
    );
  });

  test('nothing of a burst after its first three keys reaches a text field', () => {
    fc.assert(
      fc.property(code, fc.integer({ min: 1, max: 35 }), (text, gapMs) => {
        const desk = new Desk(defaultWedgeSettings, true);
        desk.type(text, gapMs);
        expect(desk.leaked.filter((one) => one !== 'ShiftLeft').length).toBeLessThanOrEqual(3);
        expect(desk.outputs[0]).toMatchObject({ kind: 'takeover' });
        expect(desk.scans).toEqual([text]);
      }),
    );
  });

  test('with a prefix nothing at all reaches a text field, however slow the scanner', () => {
    fc.assert(
      fc.property(code, fc.integer({ min: 1, max: 400 }), fc.constantFrom(f13, stx), (text, gapMs, settings) => {
        const desk = new Desk(settings, true);
        desk.press({
          code: settings.prefix?.code ?? '',
          ctrl: settings.prefix?.ctrl ?? false,
          shift: false,
          fate: 'normal',
          gapMs,
        });
        desk.type(text, gapMs);
        expect(desk.leaked.filter((one) => one !== 'ShiftLeft')).toEqual([]);
        expect(desk.scans).toEqual([text]);
      }),
    );
  });
});

test('typing in a text field stays typing', () => {
  const desk = new Desk(defaultWedgeSettings, true);
  // A quick typist, uneven as people are.
  const gapsMs = [95, 140, 70, 110, 85, 160, 75, 130, 90, 120, 200];
  [...'alice wang'].forEach((one, index) =>
    desk.press({ ...strokeOf(one), fate: 'normal', gapMs: gapsMs[index] ?? 100 }),
  );
  desk.press({ code: 'Enter', shift: false, ctrl: false, fate: 'normal', gapMs: 180 });
  expect(desk.outputs).toEqual([]);
  expect(desk.leaked).toHaveLength('alice wang'.length + 1);
});

test('a password filled in fast is typing when the scanner has a prefix', () => {
  const desk = new Desk(f13, true);
  desk.inSecretField = true;
  desk.type('hunter22', 20);
  expect(desk.outputs).toEqual([]);
});

test('a scan without the programmed prefix is refused by that name in a text field, and read elsewhere', () => {
  const inField = new Desk(f13, true);
  inField.type('6901234567892', 10);
  expect(inField.outputs).toEqual([
    { kind: 'takeover', since: 1_010 },
    { kind: 'refused', reason: 'no-prefix' },
  ]);
  const elsewhere = new Desk(f13, false);
  elsewhere.type('6901234567892', 10);
  expect(elsewhere.outputs).toMatchObject([{ kind: 'scan', code: '6901234567892', manner: { framed: false } }]);
});

test('outside text fields a code typed by hand and ended by Enter is a keyboard scan', () => {
  const desk = new Desk(defaultWedgeSettings, false);
  desk.type('SO-123', 180, null);
  expect(typedText(desk.state)).toBe('SO-123');
  desk.press({ code: 'Enter', shift: false, ctrl: false, fate: 'normal', gapMs: 900 });
  expect(desk.outputs).toMatchObject([{ kind: 'scan', code: 'SO-123', source: 'keyboard' }]);
});

test('Escape forgets and Backspace shortens what was typed by hand', () => {
  const desk = new Desk(defaultWedgeSettings, false);
  desk.type('AB', 150, 'Backspace');
  expect(typedText(desk.state)).toBe('A');
  desk.press({ code: 'Escape', shift: false, ctrl: false, fate: 'normal', gapMs: 150 });
  expect(typedText(desk.state)).toBe('');
});

test('a scan after typing left over is refused as mixed', () => {
  const desk = new Desk(defaultWedgeSettings, false);
  desk.type('12', 150, null);
  desk.wait(3_000);
  desk.type('6901234567892', 10);
  expect(desk.scans).toEqual([]);
  expect(desk.refusals).toEqual(['mixed']);
});

test('one key alone is offered as an answer once, and not when a scan follows', () => {
  const alone = new Desk(defaultWedgeSettings, false);
  alone.type('y', 10, null);
  alone.wait(250);
  alone.wait(250);
  expect(alone.outputs).toEqual([{ kind: 'lone', key: 'y' }]);
  const scan = new Desk(defaultWedgeSettings, false);
  scan.type('1234567', 10);
  expect(scan.outputs.map((output) => output.kind)).toEqual(['scan']);
});

test('an Alt + keypad number that does not end is refused by name', () => {
  const desk = new Desk(defaultWedgeSettings, false);
  for (const digit of '0065') {
    desk.at += 8;
    desk.send({ type: 'down', code: `Numpad${digit}`, alt: true });
    desk.send({ type: 'up', code: `Numpad${digit}`, alt: true });
  }
  desk.press({ code: 'Enter', shift: false, ctrl: false, fate: 'normal', gapMs: 8 });
  expect(desk.outputs).toEqual([{ kind: 'refused', reason: 'alt' }]);
});

test('a key only other countries have is refused as a layout fault', () => {
  const desk = new Desk(defaultWedgeSettings, false);
  desk.type('AB', 10, null);
  desk.press({ code: 'IntlBackslash', shift: false, ctrl: false, fate: 'normal', gapMs: 10 });
  desk.type('CD', 10);
  expect(desk.outputs).toEqual([{ kind: 'refused', reason: 'layout' }]);
});

test('a burst without its end is refused, and so is what follows too closely', () => {
  const desk = new Desk(defaultWedgeSettings, false);
  desk.type('69012345', 10, null);
  desk.wait(600);
  expect(desk.refusals).toEqual(['cut']);
  desk.type('67892', 10);
  expect(desk.scans).toEqual([]);
  desk.wait(2_000);
  desk.type('6901234567892', 10);
  expect(desk.scans).toEqual(['6901234567892']);
});

test('the second half of a CR LF ending presses nothing', () => {
  const desk = new Desk(defaultWedgeSettings, false);
  desk.type('6901234567892', 10);
  desk.leaked = [];
  desk.press({ code: 'Enter', shift: false, ctrl: false, fate: 'normal', gapMs: 8 });
  expect(desk.leaked).toEqual([]);
  desk.wait(500);
  desk.press({ code: 'Enter', shift: false, ctrl: false, fate: 'normal', gapMs: 8 });
  expect(desk.leaked).toEqual(['Enter']);
});

test('a group separator sent as Ctrl + ] stays in the code', () => {
  const desk = new Desk(defaultWedgeSettings, false);
  desk.type('0106901\x1d10AB', 10);
  expect(desk.scans).toEqual(['0106901\x1d10AB']);
});

test('a code longer than the limit is refused by name', () => {
  const desk = new Desk({ ...defaultWedgeSettings, maxLength: 16 }, false);
  desk.type('01234567890123456', 5);
  expect(desk.outputs).toEqual([{ kind: 'refused', reason: 'too-long' }]);
});

test('a key held down is one key', () => {
  const desk = new Desk(defaultWedgeSettings, false);
  desk.send({ type: 'down', code: 'KeyA' });
  for (let count = 0; count < 10; count += 1) {
    desk.at += count === 0 ? 400 : 33;
    desk.send({ type: 'down', code: 'KeyA', repeat: true });
  }
  expect(typedText(desk.state)).toBe('a');
});
