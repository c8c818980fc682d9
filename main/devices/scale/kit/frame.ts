/** Readings, refused frames and text: what every scale protocol makes of bytes. Pure. */
import type { RefusedFrame, ScaleReading } from '../../../domain/device.ts';
import { frameProblem, refusedFrame, type FrameProblem } from '../../../domain/frame-problems.ts';

/** What one frame comes to. */
export type ScaleItem = ScaleReading | RefusedFrame;

/** A reading; what is not said is false. `-0` becomes 0. */
export function reading(
  bytes: Uint8Array,
  at: number,
  said: Pick<ScaleReading, 'grams' | 'stable'> & Partial<ScaleReading>,
): ScaleReading {
  const { grams, stable, net = false, overload = false, underload = false } = said;
  return { grams: grams + 0, stable, net, overload, underload, at, raw: hexOf(bytes) };
}

/** Over or under what the scale can weigh: there is no weight, and 0 stands for it. */
export function beyond(bytes: Uint8Array, at: number, which: 'overload' | 'underload', net = false): ScaleReading {
  return reading(bytes, at, { grams: 0, stable: false, net, [which]: true });
}

export function refuse(problem: FrameProblem, bytes: Uint8Array, at: number): RefusedFrame {
  return refusedFrame(problem, at, hexOf(bytes));
}

/** One character per byte, whatever the byte: a status byte above 0x7f is no broken text. */
export function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The bytes of a text of single-byte characters. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Seven data bits: what is left of a byte when a port was opened with eight bits and the eighth is parity. */
export function sevenBits(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte & 0x7f);
}

/** A line without its CR LF, or null if it does not end so. */
export function lineText(line: Uint8Array): string | null {
  return line.at(-1) === 0x0a && line.at(-2) === 0x0d ? latin1(line.subarray(0, -2)) : null;
}

export const notALine = frameProblem('line-end');
