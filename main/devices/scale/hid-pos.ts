/**
 * USB scales of HID usage page 0x8D, usage 0x20 (DYMO, Stamps.com, Fairbanks, Mettler-Toledo PS, Pitney Bowes, ...).
 * Source: USB-IF, "HID Point of Sale Usage Tables" 1.02, section 4; report ids by convention (public source: usbscale
 * accepts 3 and 4 as data); first report after opening may be of the previous weighing (usbscale reads two).
 *
 * Data report, 6 bytes as node-hid and hidraw give it; WebHID gives 5, without the id (form `webhid`):
 *   id 03|04, status, unit, scaling (signed: value = raw × 10^scaling), weight (16 bits, unsigned, low byte first)
 *   03 04 0b ff 4e 00   stable, ounces, 78 × 10^-1 = 7.8 oz
 *
 * Reports are cut by count. By convention id 4 is the status report, and only some scales send data in it: it is read
 * as data as long as no data report of id 3 was seen. Some scales have no way to be told to tare, so none is used.
 */
import type { ScaleDecoder, ScaleProtocol } from '../../domain/device.ts';
import { frameProblem, type FrameProblem } from '../../domain/frame-problems.ts';
import type { ScaleUnit } from '../../domain/scale-units.ts';
import { beyond, hexOf, reading, refuse, type ScaleItem } from './kit/frame.ts';
import { createHeadDecoder } from './kit/heads.ts';
import { toGrams } from './kit/units.ts';

const form = (id: string, layout: string) =>
  ({ id, layout, carriesUnit: true, saysStable: true, poll: null, standing: 'documented' }) as const;

export const hidPos: ScaleProtocol = {
  id: 'hid-pos',
  makes: 'USB HID scales: DYMO, Stamps.com, Fairbanks, Mettler-Toledo PS/BC, Pitney Bowes',
  poll: null,
  forms: [form('report', '03|04 status unit scaling weight(2)'), form('webhid', 'status unit scaling weight(2)')],
  serial: null,
  settings: ['form'],
  firstIsStale: true,
  source: 'USB-IF, HID Point of Sale Usage Tables 1.02, section 4',
  standing: 'documented',
  decoder: (settings) => (settings?.form === 'webhid' ? webHidDecoder() : reportDecoder()),
};

const dataId = 0x03;
const statusId = 0x04;

function reportDecoder(): ScaleDecoder {
  let sawDataId = false;
  return createHeadDecoder({
    maxBytes: 6,
    starts: (byte) => byte === dataId || (byte === statusId && !sawDataId),
    measure: () => 6,
    broken: (report) => brokenData(report.subarray(1)),
    read(report, at) {
      const item = readReport(report, report.subarray(1), at);
      if (report[0] === dataId && !('error' in item)) sawDataId = true;
      return item;
    },
  });
}

function webHidDecoder(): ScaleDecoder {
  return createHeadDecoder({
    maxBytes: 5,
    starts: (byte) => byte >= 1 && byte <= 8,
    measure: () => 5,
    broken: brokenData,
    read: (report, at) => readReport(report, report, at),
  });
}

/** Usages 0x51 to 0x5C, in this order from 1. */
const units: readonly (ScaleUnit | 'tael' | null)[] = [
  null,
  'mg',
  'g',
  'kg',
  'ct',
  'tael',
  'gr',
  'dwt',
  't',
  'ton',
  'ozt',
  'oz',
  'lb',
];

/** Seen in the field are 0 to -2; a scale of this desk needs no more than this, and noise has it often. */
const largestScaling = 6;

function brokenData([status = 0, unitCode = 0]: Uint8Array): FrameProblem | null {
  if (status === 0 || status > 8) return frameProblem('status-range', { value: status });
  return unitCode < units.length ? null : frameProblem('unit-code-range', { value: unitCode });
}

/** `raw` is the report as it came, `data` its five bytes behind the id. */
function readReport(raw: Uint8Array, data: Uint8Array, at: number): ScaleItem {
  const [status = 0, unitCode = 0, exponent = 0, low = 0, high = 0] = data;
  if (status === 1) return refuse(frameProblem('reports-fault'), raw, at);
  if (status === 6) return beyond(raw, at, 'overload');
  if (status === 7) return refuse(frameProblem('calibration-needed'), raw, at);
  if (status === 8) return refuse(frameProblem('zero-needed'), raw, at);
  const magnitude = low + high * 256;
  const grams = magnitude === 0 ? 0 : weightOf(magnitude, unitCode, (exponent << 24) >> 24);
  if (typeof grams !== 'number') return refuse(grams.error, raw, at);
  if (status === 2 && grams !== 0) return refuse(frameProblem('weight-at-zero'), raw, at);
  // The magnitude has no sign: status 5 is the only way to say "below zero". It does not say whether that is stable.
  if (status === 5) return reading(raw, at, { grams: 0 - grams, stable: false, underload: true });
  return reading(raw, at, { grams, stable: status !== 3 });
}

function weightOf(magnitude: number, unitCode: number, scaling: number): number | { readonly error: FrameProblem } {
  const unit = units[unitCode] ?? null;
  if (unit === null) return { error: frameProblem('unit-code-none') };
  if (unit === 'tael') {
    return { error: frameProblem('unit-tael-code') };
  }
  const grams = Math.abs(scaling) > largestScaling ? null : toGrams(String(magnitude), unit, scaling);
  return grams ?? { error: frameProblem('weight-scaling', { scaling, hex: hexOf(Uint8Array.of(scaling)) }) };
}
