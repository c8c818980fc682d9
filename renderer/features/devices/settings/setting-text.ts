/** Values of settings as a person types and reads them. Pure; what cannot be read is said, and never guessed. */
import type { Notice } from '#contract';
import { plainText, type SettingValue } from './setting.ts';

type Typed = Extract<SettingValue, { kind: 'number' | 'text' | 'bytes' }>;

/** What was typed: a value, none (the field is empty), or why it is none. */
export type ReadText = { readonly value: string | number | undefined } | { readonly problem: Notice };

const wrong = (code: string, params: Notice['params'] = {}): ReadText => ({
  problem: { code: `setting.${code}`, tone: 'stop', params },
});

/** A stored value as the field shows it; empty for none. */
export function shownText(kind: Typed, stored: unknown): string {
  if (stored === undefined || stored === null) return '';
  if (kind.kind === 'number' && typeof stored === 'number') return String(rounded(stored / (kind.per ?? 1)));
  if (kind.kind === 'text' && typeof stored === 'string') {
    return kind.control === undefined ? stored : shownControls(stored, kind.control === 'characters');
  }
  if (kind.kind === 'bytes' && typeof stored === 'string') return spaced(stored);
  return plainText(stored);
}

/** Reads what was typed into the field of this kind. */
export function readText(kind: Typed, typed: string): ReadText {
  // An empty text is none: every text setting may be left out, or is needed and then missing.
  if (typed.trim() === '' && (kind.kind !== 'text' || typed === '')) return { value: undefined };
  if (kind.kind === 'number') return readNumber(kind, typed.trim());
  if (kind.kind === 'bytes') return readBytes(kind, typed);
  if (kind.control === undefined) return { value: typed };
  const plain = unescaped(typed);
  if (plain === null) return wrong('escape');
  return { value: kind.control === 'characters' ? plain : typed };
}

function readNumber(kind: Extract<SettingValue, { kind: 'number' }>, typed: string): ReadText {
  const { least, most, whole, per = 1 } = kind;
  // Full-width digits and points of a Chinese input method are the same number.
  const plain = typed.normalize('NFKC').replaceAll('。', '.');
  if (!/^[+-]?\d+(?:\.\d+)?$/.test(plain)) return wrong('number');
  const value = rounded(Number(plain) * per);
  if (value < least || value > most) return wrong('range', { least: rounded(least / per), most: rounded(most / per) });
  if (whole && !Number.isInteger(value)) return per === 1 ? wrong('whole') : wrong('too-fine');
  return { value };
}

/** Without what binary fractions add. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

/** ASCII names of control characters, as the frames are shown (ANSI X3.4). */
const controls =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

/** Bytes as hexadecimal pairs (`57 0d`), as text in quotes (`"W"`) or as names (`<CR>`), in any order. */
function readBytes(kind: Extract<SettingValue, { kind: 'bytes' }>, typed: string): ReadText {
  const digits: string[] = [];
  let rest = typed.normalize('NFKC').trim();
  while (rest !== '') {
    const [part = '', pair, quoted, name] =
      /^(?:([0-9a-fA-F]{2})|"([\x20-\x7e]*?)"|<([A-Za-z0-9]{2,3})>)[\s,]*/.exec(rest) ?? [];
    const control = name === undefined ? -1 : controls.indexOf(name.toUpperCase());
    if (part === '' || (name !== undefined && control < 0)) return wrong('hex');
    if (pair !== undefined) digits.push(pair.toLowerCase());
    if (control >= 0) digits.push(hex(control));
    for (const one of quoted ?? '') digits.push(hex(one.charCodeAt(0)));
    rest = rest.slice(part.length);
  }
  if (digits.length === 0) return { value: undefined };
  if (digits.length > kind.most) return wrong('too-many-bytes', { most: kind.most });
  return { value: digits.join(' ') };
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Hexadecimal digits in pairs, as they are written in manuals. */
function spaced(stored: string): string {
  const digits = stored.replaceAll(' ', '');
  return /^(?:[0-9a-fA-F]{2})+$/.test(digits) ? digits.replaceAll(/(..)(?=.)/g, '$1 ').toLowerCase() : stored;
}

/** Bytes in hexadecimal as a person reads them: `57 0d` is `W<CR>`; empty if they are none. */
export function bytesInWords(stored: unknown): string {
  if (typeof stored !== 'string') return '';
  const pairs = stored.replaceAll(' ', '').match(/[0-9a-fA-F]{2}/g) ?? [];
  return pairs
    .map((pair) => {
      const byte = Number.parseInt(pair, 16);
      if (byte < 0x20) return `<${controls[byte] ?? ''}>`;
      return byte < 0x7f ? String.fromCharCode(byte) : byte === 0x7f ? '<DEL>' : '·';
    })
    .join('');
}

/** Control characters as `\r`, `\n`, `\t` or `\xHH`; `backslash`: and a backslash as two. */
function shownControls(text: string, backslash: boolean): string {
  const names: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\t': '\\t' };
  return [...(backslash ? text.replaceAll('\\', '\\\\') : text)]
    .map((one) => {
      const code = one.charCodeAt(0);
      return code < 0x20 || code === 0x7f ? (names[one] ?? `\\x${hex(code)}`) : one;
    })
    .join('');
}

/** The text that escapes stand for, or null if one is not known. */
function unescaped(text: string): string | null {
  if (!/^(?:[^\\]|\\[rnt\\]|\\x[0-9a-fA-F]{2})*$/s.test(text)) return null;
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/gs, (_, pair: string | undefined, one: string) =>
    pair === undefined ? ({ r: '\r', n: '\n', t: '\t' }[one] ?? one) : String.fromCharCode(Number.parseInt(pair, 16)),
  );
}
