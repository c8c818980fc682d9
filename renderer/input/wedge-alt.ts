/**
 * Alt + keypad numbers: some scanners are set to send each character as Alt, its number on the keypad, and Alt let go
 * ("ALT mode", "universal keyboard"). Windows makes the character when Alt comes up: 0 to 127 are ASCII in every code
 * page it may take the number from (Microsoft, "Keyboard Input", Alt + Numpad); above that it depends on the desk's
 * system, so the burst is refused.
 */
import { append, emptyBurst, marked, pass, poison, swallow } from './wedge-burst.ts';
import type { KeyInput, WedgeSettings, WedgeState, WedgeStep } from './wedge-model.ts';

/** People take longer between two digits. Not measured. */
const quickDigitMs = 60;
const longestNumber = 5;

export function isAltDigit(input: KeyInput): boolean {
  return input.alt && !input.altGraph && /^Numpad[0-9]$/.test(input.code);
}

/** A digit of a number: nothing is typed by it yet. */
export function altDigit(state: WedgeState, input: KeyInput, settings: WedgeSettings): WedgeStep {
  const burst = marked(state.burst ?? emptyBurst(input), input, state);
  const altDigits = burst.altDigits + input.code.slice(6);
  const next = { ...burst, altDigits, altTimes: [...burst.altTimes, input.at], altNumbers: true, lastAt: input.at };
  if (altDigits.length > longestNumber) return poison(state, input, { ...next, altDigits: '' }, 'alt', settings);
  return next.inField && !next.scanner ? pass({ ...state, burst: next }) : swallow(state, input, next);
}

/** Alt came up: the number is whole. Null if there was none. `ending` takes a number that ends the code. */
export function altReleased(
  state: WedgeState,
  input: KeyInput,
  settings: WedgeSettings,
  ending: (state: WedgeState, code: string, certain: boolean) => WedgeStep,
): WedgeStep | null {
  const { burst } = state;
  if (burst === null || burst.altDigits === '' || (input.code !== 'AltLeft' && input.code !== 'AltRight')) return null;
  const [first = input.at] = burst.altTimes;
  const quick = ((burst.altTimes.at(-1) ?? first) - first) / Math.max(1, burst.altTimes.length - 1) <= quickDigitMs;
  const whole = { ...state, burst: { ...burst, altDigits: '', altTimes: [] } };
  const certain = burst.scanner || (quick && burst.altDigits.length > 1);
  // A person who types a sign that the keyboard does not have.
  if (burst.inField && !certain) return pass({ ...state, burst: null });
  const point = Number(burst.altDigits);
  if (point === 9) return ending(whole, 'Tab', certain);
  if (point === 10 || point === 13) return ending(whole, 'Enter', certain);
  if (point === 0x1d || (point >= 0x20 && point <= 0x7e)) {
    return append(whole, input, String.fromCharCode(point), settings, certain);
  }
  return poison(whole, { ...input, type: 'down' }, whole.burst, 'alt', settings);
}
