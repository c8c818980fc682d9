/**
 * TSPL's two immediate status questions. `ESC ! ?`, one byte: Gprinter GP-2120T manual p. 34 and TSC, "TSPL/TSPL2
 * Programming Language". `ESC ! S`, eight bytes (firmware V6.29EZ and later): TSC TTP-244 Plus manual p. 97; its codes
 * for ribbon jam and open head are general knowledge. Many clones do not know `ESC ! S`.
 */
import type { PrinterStatus } from '../../domain/device.ts';
import type { StatusDecoder, StatusQuestion } from './status-answer.ts';

/** Bits of the one-byte answer, in the order reasons are shown. Bits 6 and 7 are optional in the manuals. */
const byteReasons: readonly (readonly [bit: number, code: string])[] = [
  [0x01, 'printer.head-open'],
  [0x40, 'printer.head-open'],
  [0x04, 'printer.paper-out'],
  [0x08, 'printer.ribbon-out'],
  [0x02, 'printer.jam'],
  [0x10, 'printer.paused'],
  [0x80, 'printer.fault'],
];
const printingBit = 0x20;

function createByteDecoder(): StatusDecoder {
  return {
    push: (bytes) => [...bytes].map((byte) => answer(reasonsOf(byte, byteReasons), (byte & printingBit) === 0 ? 0 : 1)),
  };
}

/** `ESC ! ?`: any byte is an answer; there is nothing in it to check. */
export const tsplByte: StatusQuestion = {
  id: 'tspl',
  request: Uint8Array.of(0x1b, 0x21, 0x3f),
  decoder: createByteDecoder,
};

const stx = 0x02;
const frameLength = 8;
/** What the printer is doing, the first character of the answer. */
const working = new Set(['B', 'C', 'F', 'P', 'W']);
/** `K` waits for its key, `` ` `` is paused. */
const waiting = new Set(['`', 'K']);
/** `L`: a label is out and waits to be taken off the peeler. */
const calm = new Set(['@', 'L']);
/** Third and fourth character: flags in the lower six bits of an ASCII letter. */
const firstFlags: readonly (readonly [bit: number, code: string])[] = [
  [0x01, 'printer.too-hot'],
  [0x02, 'printer.too-hot'],
  [0x04, 'printer.fault'],
  [0x08, 'printer.cutter'],
  [0x10, 'printer.memory-lost'],
  [0x20, 'printer.fault'],
];
const secondFlags: readonly (readonly [bit: number, code: string])[] = [
  [0x20, 'printer.head-open'],
  [0x01, 'printer.paper-out'],
  [0x04, 'printer.ribbon-out'],
  [0x02, 'printer.jam'],
  [0x08, 'printer.jam'],
  [0x10, 'printer.fault'],
];

function createFrameDecoder(): StatusDecoder {
  let pending: number[] = [];
  return {
    push(bytes) {
      const found: PrinterStatus[] = [];
      for (const byte of bytes) {
        pending.push(byte);
        // Garbage before a frame is dropped byte by byte, so that the frame behind it is still found.
        while (pending.length > 0 && !isStart(pending)) pending.shift();
        if (pending.length < frameLength) continue;
        const status = readFrame(pending);
        pending = [];
        if (status !== null) found.push(status);
      }
      return found;
    },
  };
}

/** True if these bytes can still become `STX m w e e ETX CR LF`. */
function isStart(bytes: readonly number[]): boolean {
  const wanted = [stx, null, null, null, null, 0x03, 0x0d, 0x0a];
  return bytes.every((byte, at) => {
    const exact = wanted[at];
    return exact === null ? byte >= 0x40 && byte < 0x80 : byte === exact;
  });
}

function readFrame(bytes: readonly number[]): PrinterStatus | null {
  const [, first = 0, , third = 0, fourth = 0] = bytes;
  const doing = String.fromCharCode(first);
  const reasons = [...reasonsOf(fourth, secondFlags), ...reasonsOf(third, firstFlags)];
  if (waiting.has(doing)) reasons.push('printer.paused');
  else if (doing === 'E') {
    if (reasons.length === 0) reasons.push('printer.fault');
  } else if (!working.has(doing) && !calm.has(doing)) return null;
  return answer(reasons, working.has(doing) ? 1 : 0);
}

/** `ESC ! S`. */
export const tsplFrame: StatusQuestion = {
  id: 'tspl-s',
  request: Uint8Array.of(0x1b, 0x21, 0x53),
  decoder: createFrameDecoder,
};

function reasonsOf(byte: number, flags: readonly (readonly [bit: number, code: string])[]): string[] {
  return [...new Set(flags.filter(([bit]) => (byte & bit) !== 0).map(([, code]) => code))];
}

function answer(reasons: readonly string[], queued: number): PrinterStatus {
  return { ready: reasons.length === 0, reasons, queued, remaining: 0 };
}
