/** What template and fixed-width records share: framing, running number, check characters, signs of life. */
import type { DwsDecoder, DwsItem } from '../../domain/dws-record.ts';
import { hexOf } from '../../domain/dws-record.ts';
import { frameProblem, refusedFrame, type FrameProblem } from '../../domain/frame-problems.ts';
import type { DwsDecoding } from '../../domain/dws-settings.ts';
import { bytesOf, createFramer, lineEnds, textOf, type FrameEvents } from './frames.ts';

/** Longest record of a text format, in bytes. */
export const maxRecordBytes = 4_096;

/** The texts of a record after the running number was taken off its front. */
export interface TextRecord {
  readonly text: string;
  readonly sequence: string | undefined;
}

/** Makes a decoder; `read` turns one record's text into an item. */
export function textDecoder(
  settings: DwsDecoding,
  options: { readonly exactBytes?: number | undefined },
  read: (record: TextRecord, raw: string, at: number) => DwsItem,
): DwsDecoder {
  const header = bytesOf(settings.header);
  const exact = settings.trailer === '' ? options.exactBytes : undefined;
  const trailers = settings.trailer === '' ? (exact === undefined ? lineEnds : []) : [bytesOf(settings.trailer)];
  const framer = createFramer({ header, trailers, maxBytes: maxRecordBytes, exactBytes: exact });

  function collect(at: number, run: (events: FrameEvents) => void): DwsItem[] {
    const out: DwsItem[] = [];
    run({
      frame(body, raw) {
        const hex = hexOf(raw);
        const item = idleOf(textOf(body), settings, hex, at) ?? takeOff(body, hex);
        out.push(item);
      },
      outside(bytes) {
        const hex = hexOf(bytes);
        out.push(idleOf(textOf(bytes), settings, hex, at) ?? refusedFrame(frameProblem('record-outside'), at, hex));
      },
      bad(problem, bytes) {
        out.push(refusedFrame(problem, at, hexOf(bytes)));
      },
    });
    return out;

    function takeOff(body: Uint8Array, raw: string): DwsItem {
      const checked = withoutCheck(body, settings.check);
      if ('code' in checked) return refusedFrame(checked, at, raw);
      const text = textOf(checked);
      const sequence = text.slice(0, settings.sequence);
      if (settings.sequence > 0 && !new RegExp(`^\\d{${settings.sequence}}$`).test(sequence)) {
        return refusedFrame(frameProblem('record-sequence', { digits: settings.sequence }), at, raw);
      }
      return read(
        { text: text.slice(settings.sequence), sequence: settings.sequence > 0 ? sequence : undefined },
        raw,
        at,
      );
    }
  }

  return {
    push: (bytes, at) => collect(at, (events) => framer.push(bytes, events)),
    end: (at) => collect(at, (events) => framer.end(events)),
    pending: () => framer.pending(),
  };
}

/** A line that is a sign of life, perhaps several times over; null if it is something else. */
export function idleOf(text: string, settings: Pick<DwsDecoding, 'idle'>, raw: string, at: number): DwsItem | null {
  const line = text.replace(/[\s\0]+/g, '').toUpperCase();
  if (line === '') return null;
  for (const idle of settings.idle) {
    const word = idle.replace(/\s+/g, '').toUpperCase();
    if (word !== '' && line.length % word.length === 0 && line === word.repeat(line.length / word.length)) {
      return { idle, at, raw };
    }
  }
  return null;
}

/**
 * Takes the two hexadecimal check characters off the end, or says what is wrong with them. `bcc` is the exclusive or of
 * all bytes in front of them. `crc-8` is the one with polynomial 07, start 00: the manual (Datalogic DM3610, "BCC/CRC")
 * names no polynomial, so this one is our assumption.
 */
function withoutCheck(body: Uint8Array, check: DwsDecoding['check']): Uint8Array | FrameProblem {
  if (check === 'none') return body;
  const data = body.subarray(0, Math.max(0, body.length - 2));
  const sent = textOf(body.subarray(data.length));
  if (!/^[0-9a-fA-F]{2}$/.test(sent)) return frameProblem('record-check-missing');
  const expected = check === 'bcc' ? bcc(data) : crc8(data);
  return Number.parseInt(sent, 16) === expected ? data : frameProblem('record-check');
}

export function bcc(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum ^ byte, 0);
}

export function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x80) === 0 ? (crc << 1) & 0xff : ((crc << 1) ^ 0x07) & 0xff;
  }
  return crc;
}
