/**
 * What a virtual scale shows, and how a scale of one protocol says it. These encoders are a second reading of the same
 * manuals: they share no code with the decoders in `devices/scale`.
 */

export type ShownUnit = 'g' | 'kg' | 'lb' | 'oz';

export interface ShownWeight {
  readonly grams: number;
  /** The unit the scale is set to, and how many digits it shows behind the point. */
  readonly unit: ShownUnit;
  readonly decimals: number;
  readonly stable: boolean;
  readonly net: boolean;
  readonly overload: boolean;
  readonly underload: boolean;
}

/** One protocol, in one of its forms. */
export interface ScaleVoice {
  readonly protocol: string;
  /** Null where the protocol has one form, or it is the usual one. */
  readonly form: string | null;
  /** True if the scale sends by itself; else only `answer` brings a frame. */
  readonly streams: boolean;
  /** What a frame can say besides the weight. */
  readonly says: { readonly unit: boolean; readonly stable: boolean; readonly net: boolean; readonly beyond: boolean };
  /** False: a scale that sends nothing but a status while it moves. */
  readonly weighsMoving: boolean;
  /** Digits before and behind the point together. */
  readonly digits: number;
  /** Whether it can show less than zero. */
  readonly negative: boolean;
  frame(shown: ShownWeight): Uint8Array;
  /** What the scale sends when it received these bytes, or null. */
  answer(request: Uint8Array, shown: ShownWeight): Uint8Array | null;
}

/** The same numbers as on the legal tables, rounded to what a double holds: a display has at most 6 digits. */
const gramsIn: Readonly<Record<ShownUnit, number>> = { g: 1, kg: 1_000, lb: 453.59237, oz: 28.349523125 };

export interface Digits {
  readonly negative: boolean;
  /** Without a sign, with its point: `12.50`. */
  readonly text: string;
  /** Without sign and point: `1250`. */
  readonly digits: string;
}

/** What stands on the display. Minus nought is nought. */
export function digitsOf({ grams, unit, decimals }: ShownWeight): Digits {
  const text = (Math.abs(grams) / gramsIn[unit]).toFixed(decimals);
  return { negative: grams < 0 && /[1-9]/.test(text), text, digits: text.replace('.', '') };
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** True if the request is exactly this text, with or without CR and LF behind it. */
export function asks(request: Uint8Array, command: string): boolean {
  return String.fromCharCode(...request).replace(/[\r\n]+$/, '') === command;
}

/** The XOR of bytes as two upper-case hexadecimal characters. */
export function xorText(bytes: Uint8Array): string {
  const sum = bytes.reduce((before, byte) => before ^ byte, 0);
  return `${'0123456789ABCDEF'[sum >> 4] ?? ''}${'0123456789ABCDEF'[sum & 15] ?? ''}`;
}
