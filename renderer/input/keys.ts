/**
 * Physical keys to characters, US layout. A barcode scanner in keyboard mode presses the keys of a US keyboard unless
 * it is told otherwise, so the physical key (`KeyboardEvent.code`, W3C UI Events "code values") and Shift say which
 * character it meant, whatever layout, input method or Caps Lock the desk's system has.
 */

/** Unshifted and shifted character of each printable key of a US keyboard. */
const printable: Readonly<Record<string, readonly [string, string]>> = {
  Backquote: ['`', '~'],
  Digit1: ['1', '!'],
  Digit2: ['2', '@'],
  Digit3: ['3', '#'],
  Digit4: ['4', '$'],
  Digit5: ['5', '%'],
  Digit6: ['6', '^'],
  Digit7: ['7', '&'],
  Digit8: ['8', '*'],
  Digit9: ['9', '('],
  Digit0: ['0', ')'],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Backslash: ['\\', '|'],
  Semicolon: [';', ':'],
  Quote: ["'", '"'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
  Space: [' ', ' '],
  NumpadDecimal: ['.', '.'],
  NumpadDivide: ['/', '/'],
  NumpadMultiply: ['*', '*'],
  NumpadSubtract: ['-', '-'],
  NumpadAdd: ['+', '+'],
};

/** Control characters a scanner sends as Ctrl + key: GS (FNC1 in GS1 codes), RS, FS and US separate data fields. */
const control: Readonly<Record<string, string>> = {
  BracketRight: '\x1d',
  Digit6: '\x1e',
  Backslash: '\x1c',
  Minus: '\x1f',
};

/** Keys that make a character on other keyboards but not on a US one: the scanner is set to another country. */
const foreign: ReadonlySet<string> = new Set(['IntlBackslash', 'IntlRo', 'IntlYen', 'NumpadComma', 'NumpadEqual']);

/** Keys that only hold or switch a state and never mean a character. */
const modifiers: ReadonlySet<string> = new Set([
  'ShiftLeft',
  'ShiftRight',
  'ControlLeft',
  'ControlRight',
  'AltLeft',
  'AltRight',
  'MetaLeft',
  'MetaRight',
  'CapsLock',
  'NumLock',
  'ScrollLock',
  'Fn',
]);

export function isModifier(code: string): boolean {
  return modifiers.has(code);
}

export function isForeign(code: string): boolean {
  return foreign.has(code);
}

/** The character the key means on a US keyboard, or null if it makes none. Caps Lock and Num Lock do not count. */
export function characterOf(code: string, shift: boolean): string | null {
  if (/^Key[A-Z]$/.test(code)) return shift ? code.slice(3) : code.slice(3).toLowerCase();
  if (/^Numpad[0-9]$/.test(code)) return code.slice(6);
  const pair = printable[code];
  return pair === undefined ? null : pair[shift ? 1 : 0];
}

/** The separator a scanner means by Ctrl + key, or null. */
export function controlCharacterOf(code: string): string | null {
  return control[code] ?? null;
}

/** The key and Shift that make a character on a US keyboard: what a scanner would press. Null outside ASCII. */
export function keyFor(
  character: string,
): { readonly code: string; readonly shift: boolean; readonly ctrl: boolean } | null {
  if (/^[a-z]$/.test(character)) return { code: `Key${character.toUpperCase()}`, shift: false, ctrl: false };
  if (/^[A-Z]$/.test(character)) return { code: `Key${character}`, shift: true, ctrl: false };
  for (const [code, pair] of Object.entries(printable)) {
    if (code.startsWith('Numpad')) continue;
    if (pair[0] === character) return { code, shift: false, ctrl: false };
    if (pair[1] === character) return { code, shift: true, ctrl: false };
  }
  for (const [code, value] of Object.entries(control)) {
    if (value === character) return { code, shift: false, ctrl: true };
  }
  return null;
}
