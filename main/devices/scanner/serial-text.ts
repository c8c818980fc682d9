/**
 * Scanners that send text over a serial line or USB-COM (CDC-ACM): the code between a prefix and a suffix the scanner is
 * set to. There is no standard; makers deliver them with CR, CR LF, or nothing at the end (general knowledge, not
 * confirmed). Therefore: the suffix is a setting; LF after CR is never a code; with an empty suffix silence ends a code.
 */
import { frameProblem, type FrameProblem } from '../../domain/frame-problems.ts';
import { refusedScan } from '../../domain/scanner.ts';
import type { ScannerDecoder, ScannerRead, ScannerRefusal, ScannerRefused } from '../../domain/scanner.ts';

export interface TextFraming {
  /** Bytes before each code; empty: none. */
  readonly prefix: Uint8Array;
  /** Bytes after each code; empty: `silenceMs` without a byte ends it. */
  readonly suffix: Uint8Array;
  /** Without a byte for this long a code has ended, or lost its end. */
  readonly silenceMs: number;
  readonly maxBytes: number;
}

const shownBytes = 64;
const lineFeed = 0x0a;

export function textDecoder(framing: TextFraming): ScannerDecoder {
  const { prefix, suffix, silenceMs, maxBytes } = framing;
  const most = prefix.length + maxBytes + suffix.length;
  let buffer: number[] = [];
  let lastAt = 0;
  /** Longer than any code: the rest up to its end is left out. */
  let overflowed = false;
  /** The code before ended with CR: an LF that follows is its second half. */
  let afterReturn = false;

  function endsWithSuffix(): boolean {
    return suffix.length > 0 && suffix.every((byte, index) => buffer[buffer.length - suffix.length + index] === byte);
  }

  function taken(withSuffix: boolean): (ScannerRead | ScannerRefused)[] {
    const came = buffer;
    const whole = withSuffix ? came.slice(0, came.length - suffix.length) : came;
    buffer = [];
    const tooLong = overflowed;
    overflowed = false;
    if (tooLong) return [refused('too-long', frameProblem('scan-bytes', { max: maxBytes }), whole)];
    if (!prefix.every((byte, index) => whole[index] === byte)) {
      return whole.length === 0 ? [] : [refused('no-prefix', frameProblem('scan-prefix'), whole)];
    }
    const data = Uint8Array.from(whole.slice(prefix.length));
    // A scanner that sends only its ending says nothing.
    return data.length === 0 ? [] : [{ data, aim: '', raw: hexOf(came), at: lastAt }];
  }

  function refused(error: ScannerRefusal, problem: FrameProblem, bytes: readonly number[]): ScannerRefused {
    return refusedScan(error, problem, lastAt, hexOf(bytes.slice(0, shownBytes)));
  }

  function tick(at: number): (ScannerRead | ScannerRefused)[] {
    if (buffer.length === 0 || at - lastAt < silenceMs) return [];
    if (suffix.length === 0 || overflowed) return taken(false);
    const left = buffer;
    buffer = [];
    return [refused('cut', frameProblem('scan-ending', { ms: silenceMs }), left)];
  }

  return {
    push(bytes, at) {
      const out = tick(at);
      for (const byte of bytes) {
        lastAt = at;
        const secondHalf = afterReturn && byte === lineFeed && buffer.length === 0;
        afterReturn = false;
        if (secondHalf) continue;
        buffer.push(byte);
        if (buffer.length > most) {
          overflowed = true;
          // Enough to see the ending, and what it began with.
          buffer.splice(shownBytes, buffer.length - shownBytes - suffix.length);
        }
        if (!endsWithSuffix()) continue;
        afterReturn = suffix.at(-1) === 0x0d;
        out.push(...taken(true));
      }
      return out;
    },
    tick,
    wakeAt: () => (buffer.length === 0 ? null : lastAt + silenceMs),
  };
}

function hexOf(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
