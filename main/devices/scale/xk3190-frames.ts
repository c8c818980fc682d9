/** The frames of Yaohua terminals one by one; sources and examples are in xk3190.ts. Pure. */
import { frameProblem, type FrameProblem } from '../../domain/frame-problems.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import { beyond, latin1, reading, refuse, type ScaleItem } from './kit/frame.ts';
import type { EqualFrames } from './kit/steady.ts';
import { pointed, toGrams, unitMissing } from './kit/units.ts';

export type YaohuaForm =
  'checked' | 'command' | 'reversed' | 'reversed-short' | 'forward' | 'price' | 'a12' | 'a12-text' | 'c602';

const checked = /^\x02([+-])(\d{6})([0-4])([0-9A-F]{2})\x03$/;
const command = /^\x02([A-Z])([BCD])([+-])(\d{6})([0-4])([0-9A-F]{2})\x03$/;
const handshake = /^\x02([A-Z])A([0-9A-F]{2})\x03$/;
const c602 = /^\x02(\d{6})\r\n\x03$/;
const equalsSign = /^=([-0-9.]{7,8})$/;
const price = /^=([-0]\d{1,6}(?:\.\d{1,4})?)([a-z]{2});[\d.]{7};[\d.]{7}$/;
const a12 = /^W([GN])( *-?[\d.]+)(kg)([0-9A-F]{2})\r\n$/;
const a12Beyond = /^ {9}(OL|LO)([0-9A-F]{2})\r\n$/;
const a12Text = /^w([nwt])([-0-9.]{7})(kg|lb)$/;

/** How long the frame is whose first bytes these are; null if more of it is needed, 0 if it is none. `ended`: the last byte stands for the end of all bytes. */
export function measureFrame(head: Uint8Array, settings: ScaleSettings, ended = false): number | null {
  const [first, second] = latin1(head.subarray(0, 2));
  switch (first) {
    case '=':
      return measureEquals(latin1(ended ? head.subarray(0, -1) : head), settings, ended);
    case 'W':
    case ' ':
      return 15;
    case 'w':
      return 11;
    default:
      break;
  }
  if (second === undefined) return null;
  if (second === '+' || second === '-') return 12;
  if (/[A-Z]/.test(second)) return head.length < 3 ? null : head[2] === 0x41 ? 6 : 14;
  return settings.form === 'c602' || settings.forShow === true ? 10 : 0;
}

function measureEquals(text: string, settings: ScaleSettings, ended: boolean): number | null {
  if (settings.form === 'price') return 27;
  if (settings.form === 'reversed-short') return 8;
  if (settings.forShow !== true || settings.form !== undefined) return 9;
  // Without a form, for show: what follows tells how long it is.
  const behind = /^=[-0-9.]*/.exec(text)?.[0].length ?? 0;
  if (behind === text.length && !ended) return text.length > 9 ? 9 : null;
  if (text[behind] === 'k' || text[behind] === 'l') return 27;
  return behind >= 9 ? 9 : behind === 8 ? 8 : 0;
}

/** What is wrong with a frame's shape, or null. */
export function brokenFrame(frame: Uint8Array): FrameProblem | null {
  const text = latin1(frame);
  if (equalsSign.test(text) || price.test(text) || a12Text.test(text) || c602.test(text)) return null;
  const sum = (
    checked.exec(text) ??
    command.exec(text) ??
    handshake.exec(text) ??
    a12.exec(text) ??
    a12Beyond.exec(text)
  )?.at(-1);
  if (sum === undefined) return frameProblem('format-yaohua');
  const until = frame.length - (text.startsWith('\x02') ? 3 : 4);
  return sum === xorOf(frame.subarray(text.startsWith('\x02') ? 1 : 0, until)) ? null : frameProblem('check-xor');
}

/** The XOR as two characters: a nibble up to 9 as 30h + nibble, above as 37h + nibble. */
function xorOf(bytes: Uint8Array): string {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum.toString(16).toUpperCase().padStart(2, '0');
}

/** One frame of the right shape. */
export function readFrame(
  frame: Uint8Array,
  at: number,
  settings: ScaleSettings,
  equal: EqualFrames,
): ScaleItem | null {
  const text = latin1(frame);
  const form = formOf(text);
  if (form !== null && settings.form !== undefined && form !== settings.form) {
    equal.broken();
    return refuse(frameProblem('form-other', { form, given: settings.form }), frame, at);
  }
  const said = saidBy(text, settings);
  if (said === null) return null;
  if ('error' in said || 'beyond' in said) {
    equal.broken();
    return 'error' in said ? refuse(said.error, frame, at) : beyond(frame, at, said.beyond);
  }
  const unit = said.unit ?? settings.unit;
  const grams = unit === undefined ? null : toGrams(said.number, unit);
  if (grams === null) {
    equal.broken();
    return refuse(unit === undefined ? unitMissing : frameProblem('weight-none'), frame, at);
  }
  const net = said.net ?? false;
  return reading(frame, at, { grams, stable: equal.see(`${said.number} ${unit} ${net}`, at), net });
}

/** The form a frame shows by itself; null for frames behind =, which do not tell their direction. */
function formOf(text: string): YaohuaForm | null {
  if (checked.test(text)) return 'checked';
  if (command.test(text) || handshake.test(text)) return 'command';
  if (a12.test(text) || a12Beyond.test(text)) return 'a12';
  if (a12Text.test(text)) return 'a12-text';
  if (price.test(text)) return 'price';
  return c602.test(text) ? 'c602' : null;
}

type Said =
  | { readonly number: string; readonly unit?: 'kg' | 'lb'; readonly net?: boolean }
  | { readonly beyond: 'overload' | 'underload' }
  | { readonly error: FrameProblem };

/** What a frame says; null if it is understood and no weight. */
function saidBy(text: string, settings: ScaleSettings): Said | null {
  let match = checked.exec(text);
  if (match !== null) return { number: signed(match[1], pointed(match[2] ?? '', Number(match[3]))) };
  match = command.exec(text);
  if (match !== null) {
    // C answers with the tare.
    if (match[2] === 'C') return null;
    return { number: signed(match[3], pointed(match[4] ?? '', Number(match[5]))), net: match[2] === 'D' };
  }
  match = a12.exec(text);
  if (match !== null) return decimal(match[2]?.trim() ?? '', unitOf(match[3]), match[1] === 'N');
  match = a12Beyond.exec(text);
  if (match !== null) return { beyond: match[1] === 'OL' ? 'overload' : 'underload' };
  match = a12Text.exec(text);
  if (match !== null) return match[1] === 't' ? null : decimal(match[2] ?? '', unitOf(match[3]), match[1] === 'n');
  match = price.exec(text);
  if (match !== null) {
    const unit = unitOf(match[2]);
    return unit === undefined
      ? { error: frameProblem('unit-kg-lb', { unit: match[2] ?? '' }) }
      : decimal(match[1] ?? '', unit, false);
  }
  match = c602.exec(text);
  if (match !== null) {
    if (settings.decimals === undefined) return { error: frameProblem('decimals-missing') };
    return { number: pointed(match[1] ?? '', settings.decimals) };
  }
  match = equalsSign.exec(text);
  return match === null ? null : equals(match[1] ?? '', settings);
}

const signed = (sign: string | undefined, number: string): string => (sign === '-' ? `-${number}` : number);
const unitOf = (text: string | undefined): 'kg' | 'lb' | undefined =>
  text === 'kg' || text === 'lb' ? text : undefined;

function decimal(number: string, unit: 'kg' | 'lb' | undefined, net: boolean): Said {
  if (!/^-?\d+(?:\.\d+)?$/.test(number)) return { error: frameProblem('weight-none') };
  return unit === undefined ? { number, net } : { number, unit, net };
}

/** A frame behind `=`; which way it reads is the profile's to say. */
function equals(body: string, settings: ScaleSettings): Said {
  const form = settings.form ?? (settings.forShow === true ? likelierForm(body) : undefined);
  switch (form) {
    case 'reversed':
    case 'reversed-short':
      return plain([...body].reverse().join(''), body.length === 8);
    case 'forward':
      return plain(body, true);
    default:
      return { error: frameProblem('form-missing') };
  }
}

/** Sign (`-` or `0`) if there is one, then six digits with or without a point. */
function plain(text: string, hasSign: boolean): Said {
  const number = hasSign ? text.slice(1) : text;
  const sign = hasSign ? text[0] : '0';
  if (sign !== '0' && sign !== '-') return { error: frameProblem('form-sign') };
  if (!/^\d{6}\.?$|^\d{1,5}\.\d{1,5}$|^\d{7}$/.test(number)) return { error: frameProblem('weight-six') };
  return { number: signed(sign, number.replace(/\.$/, '')) };
}

/**
 * Which way a frame behind `=` reads more likely: by its sign if it has one, else by its point, because a terminal shows
 * at most 4 decimals, and 4 less often than 3.
 */
export function likelierForm(body: string): 'reversed' | 'reversed-short' | 'forward' {
  if (body.length < 8) return 'reversed-short';
  if (body.startsWith('-')) return 'forward';
  if (body.endsWith('-')) return 'reversed';
  const point = body.indexOf('.');
  return point > 3 ? 'forward' : 'reversed';
}
