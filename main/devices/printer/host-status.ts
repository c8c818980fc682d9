/**
 * The answer to `~HS`: three lines, each between STX and ETX. Source: Zebra, "ZPL II Programming Guide", ~HS Host
 * Status Return; the missing last CR LF, split and glued answers as seen in the test data of browserprint-es.
 */
import type { PrinterStatus } from '../../domain/device.ts';
import type { StatusDecoder, StatusQuestion } from './status-answer.ts';
import { ascii } from './status-answer.ts';

const stx = 0x02;
const etx = 0x03;
/** The longest line has 39 characters. */
const maxLine = 200;
const fieldsOfLine = [12, 11, 2] as const;

/**
 * Frames by STX and ETX and counts three lines of 12, 11 and 2 fields; anything else starts over at the next first
 * line, so an answer that lost its head is never completed by the tail of another.
 */
export function createHostStatusDecoder(): StatusDecoder {
  let line: string | null = null;
  let lines: string[][] = [];

  function takeLine(text: string): PrinterStatus | null {
    const fields = text.split(',').map((field) => field.trim());
    const wellFormed = fields.every((field) => /^[0-9A-Za-z]{1,12}$/.test(field));
    if (wellFormed && fields.length === fieldsOfLine[0]) lines = [fields];
    else if (wellFormed && lines.length > 0 && fields.length === fieldsOfLine[lines.length]) lines.push(fields);
    else lines = [];
    if (lines.length < 3) return null;
    const [first = [], second = []] = lines;
    lines = [];
    return readStatus(first, second);
  }

  return {
    push(bytes) {
      const found: PrinterStatus[] = [];
      for (const byte of bytes) {
        if (byte === stx) line = '';
        else if (line === null) continue;
        else if (byte === etx) {
          const status = takeLine(line);
          if (status !== null) found.push(status);
          line = null;
        } else if (line.length < maxLine) line += String.fromCharCode(byte);
        else {
          line = null;
          lines = [];
        }
      }
      return found;
    },
  };
}

/** `~HS`. */
export const hostStatus: StatusQuestion = {
  id: 'zpl-hs',
  request: ascii('~HS\r\n'),
  decoder: createHostStatusDecoder,
};

/** Flags of line 1 by position, and the notice code of each. */
const firstLineReasons: readonly (readonly [index: number, code: string])[] = [
  [1, 'printer.paper-out'],
  [2, 'printer.paused'],
  [6, 'printer.diagnostic-mode'],
  [9, 'printer.memory-lost'],
  [10, 'printer.too-cold'],
  [11, 'printer.too-hot'],
];
const secondLineReasons: readonly (readonly [index: number, code: string])[] = [
  [2, 'printer.head-open'],
  [3, 'printer.ribbon-out'],
];

function readStatus(first: readonly string[], second: readonly string[]): PrinterStatus | null {
  const isSet = (fields: readonly string[], index: number): boolean => fields[index] === '1';
  const reasons = [
    ...firstLineReasons.filter(([index]) => isSet(first, index)),
    ...secondLineReasons.filter(([index]) => isSet(second, index)),
  ].map(([, code]) => code);
  const formats = Number(first[4]);
  const remaining = Number(second[8]);
  if (!Number.isInteger(formats) || !Number.isInteger(remaining)) return null;
  // A format still coming in counts as queued: the label is not out yet.
  const queued = formats + (isSet(first, 7) ? 1 : 0);
  return { ready: reasons.length === 0, reasons, queued, remaining };
}
