/**
 * Cuts a byte stream into JSON objects, glued together or split anywhere, one per line or over several lines. Objects of a
 * list `[{…},{…}]` come one by one. A broken object costs itself only: a line end inside a text, or `{` where JSON allows
 * none, begins anew.
 */
import { frameProblem, type FrameProblem } from '../../domain/frame-problems.ts';
import { isBlank } from './frames.ts';

export interface JsonFrameEvents {
  frame(bytes: Uint8Array): void;
  outside(bytes: Uint8Array): void;
  bad(reason: FrameProblem, bytes: Uint8Array): void;
}

export interface JsonFramer {
  push(bytes: Uint8Array, events: JsonFrameEvents): void;
  end(events: JsonFrameEvents): void;
  pending(): Uint8Array;
}

const [quote, backslash, open, close, comma, colon, openList, closeList, CR, LF] = [
  0x22, 0x5c, 0x7b, 0x7d, 0x2c, 0x3a, 0x5b, 0x5d, 0x0d, 0x0a,
] as const;
const STX = 0x02;
const ETX = 0x03;
/** Deeper objects are no record of a machine. */
const maxDepth = 12;

export function createJsonFramer(maxBytes: number): JsonFramer {
  let buffer = new Uint8Array(512);
  let length = 0;
  let depth = 0;
  let inText = false;
  let escaped = false;
  /** The last byte of an object that is no white space. */
  let last = 0;
  /** An object that was too long: passed over up to a line end. */
  let skipping = false;

  function add(byte: number): void {
    if (length === buffer.length) {
      const larger = new Uint8Array(buffer.length * 2);
      larger.set(buffer);
      buffer = larger;
    }
    buffer[length] = byte;
    length += 1;
  }

  function take(): Uint8Array {
    const bytes = buffer.slice(0, length);
    length = 0;
    depth = 0;
    inText = false;
    escaped = false;
    last = 0;
    return bytes;
  }

  function takeOutside(byte: number, events: JsonFrameEvents): void {
    const ends = byte === CR || byte === LF;
    if (byte === open) {
      const before = take();
      if (!isOutsideBlank(before)) events.outside(before);
      add(byte);
      depth = 1;
      last = byte;
      return;
    }
    if (!ends) add(byte);
    if (!ends && length < maxBytes) return;
    const line = take();
    if (!ends) {
      events.bad(frameProblem('record-too-long', { max: maxBytes }), line);
      skipping = true;
    } else if (!isOutsideBlank(line)) events.outside(line);
  }

  function takeText(byte: number, events: JsonFrameEvents): void {
    if (byte === LF || byte === CR) {
      events.bad(frameProblem('json-text-end'), take());
      return;
    }
    add(byte);
    if (escaped) escaped = false;
    else if (byte === backslash) escaped = true;
    else if (byte === quote) {
      inText = false;
      last = byte;
    }
  }

  function takeInside(byte: number, events: JsonFrameEvents): void {
    if (byte === open && last !== colon && last !== comma && last !== openList) {
      events.bad(frameProblem('json-object-end'), take());
      takeOutside(byte, events);
      return;
    }
    add(byte);
    if (byte === quote) inText = true;
    if (byte > 0x20) last = byte;
    if (byte === open) {
      depth += 1;
      if (depth > maxDepth) events.bad(frameProblem('json-deep'), take());
    } else if (byte === close) {
      depth -= 1;
      if (depth === 0) events.frame(take());
    }
  }

  return {
    push(bytes, events) {
      for (const byte of bytes) {
        if (skipping) {
          skipping = byte !== LF && byte !== CR;
          continue;
        }
        if (depth === 0) takeOutside(byte, events);
        else if (inText) takeText(byte, events);
        else takeInside(byte, events);
        if (depth > 0 && length >= maxBytes) {
          events.bad(frameProblem('record-too-long', { max: maxBytes }), take());
          skipping = true;
        }
      }
    },
    end(events) {
      const unfinished = depth > 0;
      const rest = take();
      skipping = false;
      if (unfinished) events.bad(frameProblem('record-incomplete'), rest);
      else if (!isOutsideBlank(rest)) events.outside(rest);
    },
    pending: () => buffer.slice(0, length),
  };
}

/** Between objects: white space, and what makes a list of them or frames them. */
function isOutsideBlank(bytes: Uint8Array): boolean {
  return isBlank(
    bytes.filter((byte) => byte !== comma && byte !== openList && byte !== closeList && byte !== STX && byte !== ETX),
  );
}
