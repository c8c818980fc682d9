/**
 * ESC/POS: the real-time status `DLE EOT` 1 to 4, and the process id of `GS ( H`. Source: Epson, "ESC/POS Command
 * Reference", DLE EOT and GS ( H function 48. What bit 2 of the third answer means differs by model.
 */
import type { PrinterStatus } from '../../domain/device.ts';
import type { StatusQuestion } from './status-answer.ts';

/** Of every answer bits 1 and 4 are set, bits 0 and 7 are not. */
const fixedMask = 0x93;
const fixedBits = 0x12;

/** By answer: bit and notice code. */
const reasonBits: readonly (readonly (readonly [bit: number, code: string])[])[] = [
  // Waiting to go on line again; its feed button is pressed.
  [
    [0x20, 'printer.paused'],
    [0x40, 'printer.paused'],
  ],
  [
    [0x04, 'printer.head-open'],
    [0x08, 'printer.paused'],
    [0x20, 'printer.paper-out'],
    [0x40, 'printer.fault'],
  ],
  [
    [0x04, 'printer.fault'],
    [0x08, 'printer.cutter'],
    [0x20, 'printer.fault'],
    [0x40, 'printer.too-hot'],
  ],
  [[0x60, 'printer.paper-out']],
];
const offlineBit = 0x08;
const nearEndBits = 0x0c;

/**
 * All four answers, in the order they were asked; anything else among them is passed over. Ready only if none of the
 * four says otherwise. What the printer has not printed yet is not told.
 */
export const escposStatus: StatusQuestion = {
  id: 'escpos',
  request: Uint8Array.of(0x10, 4, 1, 0x10, 4, 2, 0x10, 4, 3, 0x10, 4, 4),
  decoder() {
    const frames = createFrameFilter();
    let answers: number[] = [];
    return {
      push(bytes) {
        const found: PrinterStatus[] = [];
        for (const byte of frames(bytes).rest) {
          if ((byte & fixedMask) !== fixedBits) continue;
          answers.push(byte);
          if (answers.length < 4) continue;
          found.push(readAnswers(answers));
          answers = [];
        }
        return found;
      },
    };
  },
};

function readAnswers(answers: readonly number[]): PrinterStatus {
  const codes = answers.flatMap((byte, at) =>
    (reasonBits[at] ?? []).filter(([bit]) => (byte & bit) !== 0).map(([, code]) => code),
  );
  const offline = ((answers[0] ?? 0) & offlineBit) !== 0;
  const reasons = [...new Set(codes)];
  if (offline && reasons.length === 0) reasons.push('printer.paused');
  const warnings = ((answers[3] ?? 0) & nearEndBits) === 0 ? [] : ['printer.paper-low'];
  return { ready: reasons.length === 0, reasons, queued: null, remaining: null, warnings };
}

/** `37 22 d d d d 00`: the printer has done everything up to the place where the id stood. */
const idLength = 7;

/** Takes process ids out of the stream, so that their digits are not read as status. */
function createFrameFilter(): (bytes: Uint8Array) => { readonly ids: number[]; readonly rest: number[] } {
  let pending: number[] = [];
  return (bytes) => {
    const ids: number[] = [];
    const rest: number[] = [];
    for (const byte of bytes) {
      pending.push(byte);
      while (pending.length > 0 && !isIdStart(pending)) rest.push(pending.shift() ?? 0);
      if (pending.length < idLength) continue;
      ids.push(Number(String.fromCharCode(...pending.slice(2, 6))));
      pending = [];
    }
    return { ids, rest };
  };
}

function isIdStart(bytes: readonly number[]): boolean {
  return bytes.every((byte, at) => {
    if (at === 0) return byte === 0x37;
    if (at === 1) return byte === 0x22;
    return at < 6 ? byte >= 0x30 && byte <= 0x39 : byte === 0;
  });
}

/**
 * `GS ( H` function 48 behind a label: the printer sends the id back when everything before it is done. Printers that
 * do not know it may print its bytes, so it is used only where the profile says that the printer confirms.
 */
export const escposProcessId = {
  /** `id`: 0 to 9999. */
  request(id: number): Uint8Array {
    const digits = [...String(id % 10_000).padStart(4, '0')].map((digit) => digit.charCodeAt(0));
    return Uint8Array.of(0x1d, 0x28, 0x48, 6, 0, 0x30, 0x30, ...digits);
  },
  /** The ids that came back, whatever the chunking. */
  decoder(): { push(bytes: Uint8Array): number[] } {
    const frames = createFrameFilter();
    return { push: (bytes) => frames(bytes).ids };
  },
};
