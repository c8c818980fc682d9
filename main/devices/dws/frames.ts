/**
 * Cuts a byte stream into records by header and trailer, one byte at a time, so that the chunking cannot matter.
 * Without a header every trailer ends a record; with one, what stands outside is handed over line by line.
 */
import { frameProblem, type FrameProblem } from '../../domain/frame-problems.ts';

export interface FramerOptions {
  /** Empty: a record begins where the one before ended. */
  readonly header: Uint8Array;
  /** Any of these ends a record; it is not part of it. */
  readonly trailers: readonly Uint8Array[];
  /** A longer record is reported and passed over up to its end. */
  readonly maxBytes: number;
  /** Without trailers: every so many bytes are a record. */
  readonly exactBytes?: number | undefined;
}

export interface FrameEvents {
  /** A whole record, without header and trailer; `raw` with them. Never blank. */
  frame(bytes: Uint8Array, raw: Uint8Array): void;
  /** Bytes outside of a header and trailer, up to a line end. Never blank. */
  outside(bytes: Uint8Array): void;
  /** Bytes that cannot be a record. */
  bad(reason: FrameProblem, bytes: Uint8Array): void;
}

export interface Framer {
  push(bytes: Uint8Array, events: FrameEvents): void;
  /** No more comes: a record without a header needs no trailer at the very end. */
  end(events: FrameEvents): void;
  pending(): Uint8Array;
}

const CR = 0x0d;
const LF = 0x0a;
export const lineEnds: readonly Uint8Array[] = [Uint8Array.of(CR), Uint8Array.of(LF)];

export function createFramer(options: FramerOptions): Framer {
  const { header, trailers, maxBytes, exactBytes } = options;
  const room = maxBytes + header.length + 32;
  // Grows with what comes, up to the limit: most records are some tens of bytes.
  let buffer = new Uint8Array(Math.min(room, 256));
  let length = 0;
  let inside = header.length === 0;
  /** The rest of an over-long record is not looked at: its tail must not pass for one. */
  let skipping = false;
  const restarts = header.length > 0 && (header[0] ?? 0x20) < 0x20;

  function add(byte: number): void {
    if (length === buffer.length) {
      const larger = new Uint8Array(Math.min(room, buffer.length * 2));
      larger.set(buffer);
      buffer = larger;
    }
    buffer[length] = byte;
    length += 1;
  }

  function endsWith(mark: Uint8Array): boolean {
    if (mark.length === 0 || length < mark.length) return false;
    for (let index = 0; index < mark.length; index += 1) {
      if (buffer[length - mark.length + index] !== mark[index]) return false;
    }
    return true;
  }

  function reset(): void {
    length = 0;
    inside = header.length === 0;
    skipping = false;
  }

  function finish(trailerLength: number, events: FrameEvents): void {
    const raw = buffer.slice(0, length);
    const body = raw.subarray(header.length, raw.length - trailerLength);
    const skipped = skipping;
    reset();
    if (skipped) return;
    if (header.length > 0 || !isBlank(body)) events.frame(body, raw);
  }

  function takeOutside(events: FrameEvents): void {
    if (endsWith(header)) {
      const before = buffer.slice(0, length - header.length);
      length = 0;
      for (const byte of header) add(byte);
      inside = true;
      if (!skipping && !isBlank(before)) events.outside(before);
      skipping = false;
      return;
    }
    const last = buffer[length - 1];
    if (last !== CR && last !== LF && length < maxBytes) return;
    const line = buffer.slice(0, length);
    length = 0;
    const skipped = skipping;
    skipping = last !== CR && last !== LF;
    if (!skipped && !isBlank(line)) events.outside(line);
  }

  function takeInside(events: FrameEvents): void {
    if (restarts && length > header.length && endsWith(header)) {
      const before = buffer.slice(0, length - header.length);
      const skipped = skipping;
      length = 0;
      skipping = false;
      for (const byte of header) add(byte);
      if (!skipped) events.bad(frameProblem('record-again'), before);
      return;
    }
    for (const trailer of trailers) {
      if (length - header.length >= trailer.length && endsWith(trailer)) {
        finish(trailer.length, events);
        return;
      }
    }
    if (exactBytes !== undefined && trailers.length === 0) {
      const [first] = buffer;
      // Line ends between records that are told apart by their length.
      if (length === 1 && header.length === 0 && (first === CR || first === LF)) length = 0;
      if (length - header.length === exactBytes) finish(0, events);
      return;
    }
    if (length - header.length <= maxBytes) return;
    if (!skipping) events.bad(frameProblem('record-too-long', { max: maxBytes }), buffer.slice(0, length));
    skipping = true;
    // Keeps what the next trailer may begin with.
    const keep = Math.max(header.length, ...trailers.map((trailer) => trailer.length)) - 1;
    const tail = buffer.slice(length - Math.max(0, keep), length);
    length = 0;
    for (const byte of header) add(byte);
    for (const byte of tail) add(byte);
  }

  return {
    push(bytes, events) {
      for (const byte of bytes) {
        add(byte);
        if (inside) takeInside(events);
        else takeOutside(events);
      }
    },
    end(events) {
      const rest = buffer.slice(0, length);
      const [wasInside, skipped] = [inside, skipping];
      reset();
      if (skipped || isBlank(rest)) return;
      if (header.length === 0) events.frame(rest, rest);
      else if (wasInside) events.bad(frameProblem('record-incomplete'), rest);
      else events.outside(rest);
    },
    pending: () => buffer.slice(0, length),
  };
}

/** Only spaces, line ends and NUL: padding between records. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === CR || byte === LF || byte === 0 || byte === 0x09);
}

/** The bytes of a text of single-byte characters. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (one) => one.charCodeAt(0) & 0xff);
}

/** The text of single-byte characters. */
export function textOf(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += String.fromCharCode(byte);
  return out;
}
