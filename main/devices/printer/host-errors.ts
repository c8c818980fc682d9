/**
 * The answer to `~HQES`: errors and warnings as hexadecimal flags. Source: Zebra, "ZPL II Programming Guide", ~HQ Host
 * Query, tables of error and warning flags; the paused flag and the near-end warning are general knowledge. The words
 * are in the language of the printer's panel, so only the digits are read.
 */
import type { PrinterStatus } from '../../domain/device.ts';
import type { StatusQuestion } from './status-answer.ts';
import { ascii } from './status-answer.ts';

const stx = 0x02;
const etx = 0x03;
/** An answer has about 100 characters. */
const maxAnswer = 1_000;

const errorFlags: readonly (readonly [bit: number, code: string])[] = [
  [0x4, 'printer.head-open'],
  [0x1, 'printer.paper-out'],
  [0x2, 'printer.ribbon-out'],
  [0x8, 'printer.cutter'],
  [0x10, 'printer.too-hot'],
  [0x20, 'printer.too-hot'],
  [0x10000, 'printer.paused'],
];
const paperLow = 0x8;

/** Asked when ~HS stays silent, as it does on some firmware while media is out or the head open. */
export const hostErrors: StatusQuestion = {
  id: 'zpl-hqes',
  request: ascii('~HQES\r\n'),
  decoder() {
    let text: string | null = null;
    return {
      push(bytes) {
        const found: PrinterStatus[] = [];
        for (const byte of bytes) {
          if (byte === stx) text = '';
          else if (text === null) continue;
          else if (byte === etx) {
            const status = readFlags(text);
            if (status !== null) found.push(status);
            text = null;
          } else if (text.length < maxAnswer) text += String.fromCharCode(byte);
          else text = null;
        }
        return found;
      },
    };
  },
};

/** Two lines `WORD: f hhhhhhhh hhhhhhhh`: errors, then warnings. What is queued is not told. */
function readFlags(text: string): PrinterStatus | null {
  const lines = [...text.matchAll(/:\s*([01])\s+([0-9A-Fa-f]{8})\s+([0-9A-Fa-f]{8})(?![0-9A-Fa-f])/g)];
  const [errors, warnings] = lines;
  if (errors === undefined || warnings === undefined || lines.length > 2) return null;
  const flags = Number.parseInt(errors[3] ?? '', 16);
  const reasons = errorFlags.filter(([bit]) => (flags & bit) !== 0).map(([, code]) => code);
  const named = errorFlags.reduce((all, [bit]) => all | bit, 0);
  const others = (flags & ~named) !== 0 || Number.parseInt(errors[2] ?? '', 16) !== 0;
  if (others || (errors[1] === '1' && reasons.length === 0)) reasons.push('printer.fault');
  const low = (Number.parseInt(warnings[3] ?? '', 16) & paperLow) !== 0;
  return {
    ready: reasons.length === 0,
    reasons: [...new Set(reasons)],
    queued: null,
    remaining: null,
    warnings: low ? ['printer.paper-low'] : [],
  };
}
