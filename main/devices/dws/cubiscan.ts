/**
 * Cubiscan. Serial 9600 8N1, or TCP with a port that is set at the machine.
 * Source: Cubiscan 125 manual, pages 70 to 77, and Cubiscan 325 manual, page 64.
 * Command `STX cmd ETX CR LF`; `M` measures. Reply to it:
 * `STX M A (C|H) city(6) ,Lddd.d,Wddd.d,Hddd.d,(E|M),Kddd.dd,Dddd.dd,(E|M),Fdddd,(D|I) ETX CR LF`, E inches and pounds, M
 * centimetres and kilograms; L length, W width, H height, K weight, D dimensional weight, F its factor. In place of a value's
 * first sign `-` means low precision, `_` under and `~` over the range. Refusal `STX M N C (C|M|Z) ETX CR LF`; unknown command
 * `STX ? N ETX CR LF`. The 325 also sends gate measures as `m` unasked. NUL padding behind a frame is tolerated.
 * Whether `m` frames have the very form of `M` is not in our source; they are read as such, and refused if they differ.
 */
import { frameProblem, refusedFrame, type FrameProblem } from '../../domain/frame-problems.ts';
import { makeRecord, type DwsFormat, type DwsItem } from '../../domain/dws-record.ts';
import type { DwsDecoding } from '../../domain/dws-settings.ts';
import { stxDecoder } from './sick.ts';

export const cubiscan: DwsFormat = {
  id: 'cubiscan',
  poll: Uint8Array.of(0x02, 0x4d, 0x03, 0x0d, 0x0a),
  decoder: (settings) => stxDecoder(settings, readCubiscan),
};

const measured =
  /^([Mm])A([CH])(.{6}),L([^,]{1,12}),W([^,]{1,12}),H([^,]{1,12}),([EM]),K([^,]{1,12}),D([^,]{1,12}),([EM]),F(\d{1,6}),([DI])$/;

const refusals: Readonly<Record<string, FrameProblem>> = {
  C: frameProblem('cubiscan-calibration'),
  M: frameProblem('cubiscan-parcel'),
  Z: frameProblem('cubiscan-zero'),
};

/** Meanings of C and M in a refusal are our reading of the letters; Z is in the manual's example. */
function readCubiscan(text: string, settings: DwsDecoding, raw: string, at: number): DwsItem {
  const refused = /^[Mm]NC([CMZ])$/.exec(text)?.[1];
  if (refused !== undefined) return refusedFrame(refusals[refused] ?? frameProblem('cubiscan-parcel'), at, raw);
  if (/^\?N$/.test(text)) return refusedFrame(frameProblem('cubiscan-command'), at, raw);
  // Replies to other commands (zero, units, values): understood, and no measurement.
  if (/^[A-LN-Za-ln-z"#][AN]/.test(text)) return { idle: text.slice(0, 20), at, raw };
  const match = measured.exec(text);
  if (match === null) return refusedFrame(frameProblem('cubiscan-other'), at, raw);
  const [, , , , length = '', width = '', height = '', lengthUnit, weight = '', , weightUnit] = match;
  const errors: string[] = [];
  const value = (name: string, given: string): string => {
    const plain = given.trim();
    const mark = /^([-_~])/.exec(plain)?.[1];
    if (mark === undefined) return plain;
    const why = { '-': 'has low precision', _: 'is under the range', '~': 'is over the range' }[mark] ?? 'is not known';
    errors.push(`${name} ${why}`);
    return '';
  };
  const texts = {
    length: value('length', length),
    width: value('width', width),
    height: value('height', height),
    weight: value('weight', weight),
  };
  return makeRecord(
    { ...texts, lengthUnit: lengthUnit === 'M' ? 'cm' : 'in', weightUnit: weightUnit === 'M' ? 'kg' : 'lb', errors },
    settings,
    raw,
    at,
  );
}
