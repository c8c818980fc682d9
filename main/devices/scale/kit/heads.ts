/**
 * Cuts a stream of bytes into frames that are known by how they begin and how long they are, in bounded memory. Pure.
 *
 * Every byte is looked at once as it comes, so chunks make no difference. In a broken frame the search goes on behind its
 * first byte: a byte lost on the line costs one frame and not two.
 */
import type { ScaleDecoder } from '../../../domain/device.ts';
import { frameProblem, type FrameProblem } from '../../../domain/frame-problems.ts';
import { refuse, type ScaleItem } from './frame.ts';

export interface HeadRules {
  /** The longest frame. */
  readonly maxBytes: number;
  /** True if a frame may begin with this byte. */
  starts(byte: number): boolean;
  /** How long the frame is of which these are the first bytes; null if that needs more of them, 0 if it is none. */
  measure(head: Uint8Array): number | null;
  /** What is wrong with the shape of a frame (check sum, digits), or null. What it says is not looked at here. */
  broken(frame: Uint8Array): FrameProblem | null;
  /** One frame of the right shape; null if it is understood and no weight. */
  read(frame: Uint8Array, at: number): ScaleItem | null;
  /** How long the frame is of which these are all bytes that will ever come; 0 if it is not whole. */
  last?(head: Uint8Array): number;
  /** True for bytes between frames that mean nothing, such as an end of line. */
  ignores?(byte: number): boolean;
}

/** Bytes that are no frame are refused in pieces of this many. */
const maxStray = 32;

export function createHeadDecoder(rules: HeadRules): ScaleDecoder {
  const head = new Uint8Array(rules.maxBytes);
  let length = 0;
  const stray = new Uint8Array(maxStray);
  let strays = 0;

  function endStray(at: number, out: ScaleItem[]): void {
    if (strays > 0) out.push(refuse(frameProblem('between-frames'), stray.subarray(0, strays), at));
    strays = 0;
  }

  function drop(bytes: Uint8Array, at: number, out: ScaleItem[]): void {
    for (const byte of bytes) {
      stray[strays] = byte;
      strays += 1;
      if (strays === maxStray) endStray(at, out);
    }
  }

  /** Index of the next byte a frame may begin with, behind the first. */
  function nextStart(bytes: Uint8Array): number {
    for (let index = 1; index < bytes.length; index++) if (rules.starts(bytes[index] ?? 0)) return index;
    return bytes.length;
  }

  /** Takes `used` bytes off the head and looks at the rest as if it came now. */
  function again(used: number, at: number, out: ScaleItem[]): void {
    const rest = head.slice(used, length);
    length = 0;
    for (const byte of rest) feed(byte, at, out);
  }

  function settle(size: number | null, at: number, out: ScaleItem[]): void {
    if (size === null && length < rules.maxBytes) return;
    if (size === null || size === 0 || size > rules.maxBytes) {
      const used = nextStart(head.subarray(0, length));
      drop(head.subarray(0, used), at, out);
      again(used, at, out);
      return;
    }
    if (length < size) return;
    const frame = head.slice(0, size);
    endStray(at, out);
    const error = rules.broken(frame);
    const used = error === null ? size : nextStart(frame);
    const item = error === null ? rules.read(frame, at) : refuse(error, frame.subarray(0, used), at);
    if (item !== null) out.push(item);
    again(used, at, out);
  }

  function feed(byte: number, at: number, out: ScaleItem[]): void {
    if (length === 0 && !rules.starts(byte)) {
      if (strays > 0 || rules.ignores?.(byte) !== true) drop(Uint8Array.of(byte), at, out);
      return;
    }
    head[length] = byte;
    length += 1;
    settle(rules.measure(head.subarray(0, length)), at, out);
  }

  /** Reads what is whole without a byte behind it. */
  function finish(at: number, out: ScaleItem[]): void {
    const before = length;
    const size = before === 0 ? 0 : (rules.last?.(head.subarray(0, before)) ?? 0);
    if (size === 0) return;
    settle(size, at, out);
    if (length < before) finish(at, out);
  }

  return {
    push(bytes, at) {
      const out: ScaleItem[] = [];
      for (const byte of bytes) feed(byte, at, out);
      return out;
    },
    pending: () => Uint8Array.of(...stray.subarray(0, strays), ...head.subarray(0, length)),
    end(at) {
      const out: ScaleItem[] = [];
      finish(at, out);
      endStray(at, out);
      if (length > 0) out.push(refuse(frameProblem('incomplete'), head.slice(0, length), at));
      length = 0;
      return out;
    },
  };
}
