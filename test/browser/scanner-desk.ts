/**
 * A desk where a scanner, a person and an input method share one keyboard, in a real Chromium. Every key is a real input
 * event of the browser (DevTools protocol), so text really goes into fields; an input method is simulated by its
 * compositions and by keys it took (`Process`, 229). Time stamps are given to the events: what the decoder sees as 100 ms
 * takes no time here. Only `paced` waits between keys.
 */
import { keyFor } from '../../renderer/input/keys.ts';
import type { Screen } from './kit.ts';

export type Focus = (typeof focuses)[number];
export const focuses = [
  'none',
  'search',
  'input',
  'textarea',
  'editable',
  'select',
  'button',
  'dialog',
  'number',
] as const;

/** The input method: off; on and taking keys; or in the middle of a word when the scan begins. */
export type InputMethod = 'off' | 'taking' | 'composing';

export interface KeyEvent {
  readonly type: 'down' | 'up';
  readonly code: string;
  /** Character it types where nothing keeps it from doing so; null: none. */
  readonly text: string | null;
  readonly modifiers: number;
  /** Milliseconds from the beginning of the scene. */
  readonly at: number;
}

export interface Rhythm {
  readonly gapMs: number;
  readonly holdMs: number;
  /** Of each key against its even place, in milliseconds. */
  readonly jitterMs: (index: number) => number;
}

const prefixCode = 'F13';

/** What a scanner set to US keyboard sends: prefix, the code, Enter. */
export function scannerKeys(code: string, from: number, rhythm: Rhythm, prefix: boolean): KeyEvent[] {
  const keys = [...(prefix ? [prefixCode] : []), ...code, 'Enter'];
  return keys.flatMap((key, index) => {
    const at = from + index * rhythm.gapMs + rhythm.jitterMs(index);
    if (key === prefixCode || key === 'Enter') return tap(key, key === 'Enter' ? '\r' : null, 0, at, rhythm.holdMs);
    const stroke = keyFor(key);
    if (stroke === null) throw new Error(`a scanner cannot type ${JSON.stringify(key)}`);
    const modifiers = (stroke.shift ? 8 : 0) + (stroke.ctrl ? 2 : 0);
    const typed = tap(stroke.code, stroke.ctrl ? null : key, modifiers, at, rhythm.holdMs);
    return stroke.shift ? [...tap('ShiftLeft', null, 8, at - 0.3, rhythm.holdMs + 0.6), ...typed] : typed;
  });
}

/** What a person types: each key with its own gap and hold. */
export function personKeys(text: string, from: number, gapMs: () => number, holdMs: () => number): KeyEvent[] {
  let at = from;
  let before = '';
  let upAt = 0;
  return [...text].flatMap((one) => {
    at += gapMs();
    // The same key cannot go down before it came up.
    if (one === before) at = Math.max(at, upAt + 10);
    const hold = holdMs();
    [before, upAt] = [one, at + hold];
    return tap(`Key${one.toUpperCase()}`, one, 0, at, hold);
  });
}

function tap(code: string, text: string | null, modifiers: number, at: number, holdMs: number): KeyEvent[] {
  return [
    { type: 'down', code, text, modifiers, at },
    { type: 'up', code, text, modifiers: code === 'ShiftLeft' ? 0 : modifiers, at: at + holdMs },
  ];
}

/** In the order of time; of one moment, releases first, as a keyboard's report is read. */
export function inOrder(events: readonly KeyEvent[]): KeyEvent[] {
  return events.toSorted((a, b) => a.at - b.at || (a.type === 'up' ? 0 : 1) - (b.type === 'up' ? 0 : 1));
}

/** Puts fields of every kind on the page, over the screen, where they take no click. */
export async function addFields(screen: Screen): Promise<void> {
  await screen.page.evaluate(() => {
    const box = document.createElement('div');
    box.style.cssText = 'position:fixed;left:0;bottom:0;opacity:0.01;pointer-events:none';
    box.innerHTML = `
      <input id="t-input"><textarea id="t-textarea"></textarea><div id="t-editable" contenteditable="true"></div>
      <select id="t-select"><option>A</option><option>6</option><option>S</option></select>
      <button id="t-button" type="button">x</button><input id="t-number" type="number">
      <dialog id="t-shell"><input id="t-dialog"></dialog>`;
    document.body.append(box);
    document.getElementById('t-button')?.addEventListener('click', () => {
      Object.assign(window, { pressed: ((window as { pressed?: number }).pressed ?? 0) + 1 });
    });
    (document.getElementById('t-shell') as HTMLDialogElement).show();
    const settleFields = (focus: string): Record<string, string> => {
      const found: Record<string, string> = {};
      const search = document.querySelector<HTMLInputElement>('[data-testid=queue-search]');
      const byId = (id: string): HTMLElement | null => document.getElementById(id);
      const values = ['input', 'textarea', 'number', 'dialog'].map((id) => [id, byId(`t-${id}`)] as const);
      for (const [id, field] of [...values, ['search', search] as const]) {
        if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) continue;
        found[id] = field.value;
        if (field.value === '') continue;
        const prototype =
          field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
        Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, '');
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
      const editable = byId('t-editable');
      found['editable'] = editable?.textContent ?? '';
      if (editable !== null) editable.textContent = '';
      const select = byId('t-select') as HTMLSelectElement | null;
      found['select'] = select?.value === 'A' ? '' : (select?.value ?? '');
      if (select !== null) select.value = 'A';
      const { pressed = 0 } = window as { pressed?: number };
      found['button'] = pressed === 0 ? '' : `pressed ${pressed}`;
      (document.activeElement as HTMLElement | null)?.blur();
      if (focus === 'search') search?.focus();
      else if (focus !== 'none') byId(`t-${focus}`)?.focus();
      return found;
    };
    Object.assign(window, { settleFields });
    // What the screen said, each once.
    const said: string[] = [];
    let last = '';
    Object.assign(window, { said, pressed: 0 });
    new MutationObserver(() => {
      const strip = document.querySelector('[data-testid=feedback]');
      const id = strip?.getAttribute('data-id') ?? '';
      if (id === last || id === '') return;
      last = id;
      said.push(strip?.getAttribute('data-code') ?? '');
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
}

/** What stands in each field; then empties them all and puts the focus where the next scene begins. */
export async function settleFields(screen: Screen, next: Focus): Promise<Record<string, string>> {
  return screen.page.evaluate(
    (focus) => (window as unknown as { settleFields: (focus: string) => Record<string, string> }).settleFields(focus),
    next,
  );
}

export interface Sending {
  /** Seconds, as the browser stamps events; the scene begins there. */
  readonly base: number;
  readonly inputMethod: InputMethod;
  readonly capsLock: boolean;
  /** Waits between keys as long as the time stamps say. */
  readonly paced?: boolean;
}

/** Sends all events; resolves when the page has seen the last. */
export async function send(screen: Screen, events: readonly KeyEvent[], sending: Sending): Promise<void> {
  const sent: Promise<unknown>[] = [];
  let composed = '';
  const compose = (text: string): void => {
    // Without a field in the focus there is nothing to compose in.
    const composing = screen.keys.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
    sent.push(composing.catch(() => undefined));
  };
  if (sending.inputMethod === 'composing') compose((composed = 'ni'));
  const started = performance.now();
  for (const event of events) {
    if (sending.paced === true) {
      const waitMs = event.at - (performance.now() - started);
      if (waitMs > 0.5) await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    const plain = event.text !== null && event.text.length === 1 && event.text !== '\r';
    const taken = sending.inputMethod !== 'off' && plain;
    const shown = plain && sending.capsLock ? swapCase(event.text ?? '') : (event.text ?? '');
    const key = taken ? 'Process' : plain ? shown : event.code === 'ShiftLeft' ? 'Shift' : event.code;
    const types = event.type === 'down' && !taken && event.text !== null;
    sent.push(
      screen.keys.send('Input.dispatchKeyEvent', {
        type: event.type === 'up' ? 'keyUp' : types ? 'keyDown' : 'rawKeyDown',
        code: event.code,
        key,
        modifiers: event.modifiers,
        windowsVirtualKeyCode: taken && event.type === 'down' ? 229 : virtualKey(event.code),
        ...(sending.paced === true ? {} : { timestamp: sending.base + event.at / 1_000 }),
        ...(types ? { text: event.text === '\r' ? '\r' : shown } : {}),
      }),
    );
    if (taken && event.type === 'down' && sending.inputMethod === 'composing' && composed.length < 8) {
      compose((composed += event.text ?? ''));
    }
  }
  await Promise.all(sent);
}

function swapCase(character: string): string {
  const lower = character.toLowerCase();
  return character === lower ? character.toUpperCase() : lower;
}

function virtualKey(code: string): number {
  const known: Readonly<Record<string, number>> = {
    Enter: 13,
    Tab: 9,
    ShiftLeft: 16,
    F13: 124,
    Minus: 189,
    Slash: 191,
  };
  const letter = /^(?:Key|Digit)(.)$/.exec(code)?.[1];
  return letter?.charCodeAt(0) ?? known[code] ?? 0;
}
