/**
 * SICK Master Data Analyzer.
 * Source: its manual, page 119: `STX ON(4);BC(var);OWE(9);g;scaleErr(0|1);OLE(4);OLI(4);OHE(4);mm;OMS1(4 hex);volume(7..) ETX`.
 * ON object number, BC barcode (`NoRead` if none), OWE weight, zeroed after a scale error, OLE, OLI and OHE length, width and
 * height, OMS1 measuring state (bit 0: outside the field). The manual's example column:
 * `0145;1JVGL0012345;000081212;g;0;0321;0150;0087;mm;0000;4189050`; the volume is in mm³, as 321 × 150 × 87 shows.
 */
import { frameProblem, refusedFrame } from '../../domain/frame-problems.ts';
import { hexOf, makeRecord, type DwsDecoder, type DwsFormat, type DwsItem } from '../../domain/dws-record.ts';
import type { DwsDecoding } from '../../domain/dws-settings.ts';
import { createFramer, textOf, type FrameEvents } from './frames.ts';
import { idleOf, maxRecordBytes } from './text-lines.ts';

const STX = 0x02;
const ETX = 0x03;
const fieldCount = 11;

export const sick: DwsFormat = {
  id: 'sick',
  poll: null,
  decoder: (settings) => stxDecoder(settings, readSick),
};

/** STX … ETX frames of printable characters, with anything blank between them. */
export function stxDecoder(
  settings: DwsDecoding,
  read: (text: string, settings: DwsDecoding, raw: string, at: number) => DwsItem,
): DwsDecoder {
  const framer = createFramer({
    header: Uint8Array.of(STX),
    trailers: [Uint8Array.of(ETX)],
    maxBytes: maxRecordBytes,
  });
  function collect(at: number, run: (events: FrameEvents) => void): DwsItem[] {
    const out: DwsItem[] = [];
    run({
      frame: (body, raw) => out.push(read(textOf(body), settings, hexOf(raw), at)),
      outside(bytes) {
        const raw = hexOf(bytes);
        out.push(idleOf(textOf(bytes), settings, raw, at) ?? refusedFrame(frameProblem('record-outside-stx'), at, raw));
      },
      bad: (problem, bytes) => out.push(refusedFrame(problem, at, hexOf(bytes))),
    });
    return out;
  }
  return {
    push: (bytes, at) => collect(at, (events) => framer.push(bytes, events)),
    end: (at) => collect(at, (events) => framer.end(events)),
    pending: () => framer.pending(),
  };
}

function readSick(text: string, settings: DwsDecoding, raw: string, at: number): DwsItem {
  // The manual prints the telegram in quotation marks; some firmware sends them.
  const plain = text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
  const idle = idleOf(plain, settings, raw, at);
  if (idle !== null) return idle;
  const fields = plain.split(';').map((field) => field.trim());
  if (fields.length !== fieldCount) {
    return refusedFrame(frameProblem('telegram-fields', { count: fields.length, wanted: fieldCount }), at, raw);
  }
  const [
    object = '',
    code = '',
    weight = '',
    weightUnit = '',
    scaleError = '',
    length,
    width,
    height,
    lengthUnit = '',
  ] = fields;
  const state = fields[9] ?? '';
  const volume = fields[10] ?? '';
  if (!/^\d{1,9}$/.test(object)) return refusedFrame(frameProblem('telegram-object'), at, raw);
  if (!/^[01]$/.test(scaleError))
    return refusedFrame(frameProblem('telegram-scale-error', { text: scaleError.slice(0, 10) }), at, raw);
  if (!/^[0-9a-fA-F]{4}$/.test(state)) return refusedFrame(frameProblem('telegram-state'), at, raw);
  const bits = Number.parseInt(state, 16);
  const errors = [
    ...(scaleError === '1' ? ['the scale reports an error'] : []),
    ...((bits & 1) === 1 ? ['the parcel was outside the measuring field'] : []),
    ...((bits & ~1) === 0 ? [] : [`the measuring system reports ${state}`]),
  ];
  return makeRecord(
    {
      codes: [code],
      weight: scaleError === '1' ? '' : weight,
      weightUnit,
      // Outside the field, or in a state this manual page does not explain: the sizes are not known.
      ...(bits === 0 ? { length, width, height, volume } : { length: '', width: '', height: '' }),
      lengthUnit,
      ...(lengthUnit === 'mm' ? { volumeUnit: 'mm3' } : {}),
      sequence: object,
      errors,
    },
    settings,
    raw,
    at,
  );
}
