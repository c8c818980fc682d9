/** What a dimension-weigh-scan machine said of one parcel, in the station's own units. */
import type { RefusedFrame } from './device.ts';
import { formatsWithUnits, usualNoRead, type DwsDecoding } from './dws-settings.ts';
import { cubicCentimetresOf, gramsOf, millimetresOf } from './dws-units.ts';
import { frameProblem, refusedFrame, type FrameProblem } from './frame-problems.ts';
import { normaliseScan } from './scan.ts';

export interface DwsRecord {
  /** What was read, in the machine's order, each once. Empty after a no-read, and where the format carries none. */
  readonly barcodes: readonly string[];
  /** The machine looked for a barcode and read none. */
  readonly noRead: boolean;
  /** Grams, exact to the record's resolution; null if the machine did not measure, or says so itself. */
  readonly weightG: number | null;
  readonly lengthMm: number | null;
  readonly widthMm: number | null;
  readonly heightMm: number | null;
  /** As the machine said, and as length × width × height gives it. */
  readonly volumeCm3: number | null;
  readonly volumeComputedCm3: number | null;
  /** Both are known and differ by more than the tolerance. */
  readonly volumeMismatch: boolean;
  /** The machine's own instant, milliseconds since the epoch; null if it gave none, or one without a time zone. */
  readonly stamp: number | null;
  readonly stampText: string;
  readonly sequence: string | null;
  /** Where the machine keeps its picture (never opened), or the name of the kept one. */
  readonly picture: string | null;
  /** What the machine, or the numbers, say is wrong; one line each. */
  readonly errors: readonly string[];
  /** Monotonic milliseconds of arrival. */
  readonly at: number;
  /** The record as it came, hexadecimal. */
  readonly raw: string;
  /** The picture itself, base64, on its way to the folder of pictures; never stored with the record. */
  readonly pictureData?: string | undefined;
}

/** A line that is no record: a sign of life. */
export interface DwsIdle {
  readonly idle: string;
  readonly at: number;
  readonly raw: string;
}

export type DwsItem = DwsRecord | DwsIdle | RefusedFrame;

/** Bytes in, records out, whatever the chunking. One decoder per connection. */
export interface DwsDecoder {
  push(bytes: Uint8Array, at: number): DwsItem[];
  /** The message ended here (end of an HTTP body, of a recording): what is whole without its line end counts. */
  end(at: number): DwsItem[];
  /** Bytes of a record that has not ended yet. */
  pending(): Uint8Array;
}

export interface DwsFormat {
  readonly id: string;
  /** What asks the machine for a measurement, or null. */
  readonly poll: Uint8Array | null;
  decoder(settings: DwsDecoding): DwsDecoder;
}

/** Fields of one record as texts, before units. Undefined: the record has no such field. */
export interface DwsTexts {
  readonly codes?: readonly string[] | undefined;
  readonly weight?: string | undefined;
  readonly length?: string | undefined;
  readonly width?: string | undefined;
  readonly height?: string | undefined;
  readonly volume?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly sequence?: string | undefined;
  readonly picture?: string | undefined;
  readonly pictureData?: string | undefined;
  /** What the machine says is wrong. */
  readonly errors?: readonly string[] | undefined;
  /** Units the frame itself carries; they win over the profile's. */
  readonly weightUnit?: string | undefined;
  readonly lengthUnit?: string | undefined;
  readonly volumeUnit?: string | undefined;
}

const maxWeightG = 10_000_000;
const maxLengthMm = 100_000;
const maxVolumeCm3 = 1e12;
/** Most barcodes of one record; a six-sided reader on a parcel full of labels gives some tens. */
export const maxBarcodes = 32;
const maxBarcodeLength = 128;
/** Rounding of small parcels: volumes this close are the same. */
const volumeRoundingCm3 = 1;

/** Makes a record of texts, or says in one line why it is none. */
export function makeRecord(texts: DwsTexts, settings: DwsDecoding, raw: string, at: number): DwsRecord | RefusedFrame {
  const errors = [...(texts.errors ?? [])];
  const weightUnit = texts.weightUnit ?? settings.weightUnit;
  const lengthUnit = texts.lengthUnit ?? settings.lengthUnit;
  const volumeUnit = texts.volumeUnit ?? settings.volumeUnit ?? usualVolumeUnit(settings);

  /** Why it is refused. */
  const problems: FrameProblem[] = [];
  const number = (
    name: string,
    text: string | undefined,
    unit: string | undefined,
    convert: (decimal: string, unit: string) => number | null,
    most: number,
  ): number | null => {
    if (text === undefined || text.trim() === '' || problems.length > 0) return null;
    if (unit === undefined) {
      problems.push(frameProblem('measure-unit', { measure: name }));
      return null;
    }
    const value = convert(text, unit);
    const said = { measure: name, text: shown(text), unit };
    if (value === null || !Number.isFinite(value)) problems.push(frameProblem('measure-number', said));
    else if (value > most) problems.push(frameProblem('measure-large', said));
    else if (value < 0) errors.push(`${name} is below zero`);
    return problems.length === 0 && value !== null && value > 0 ? value : null;
  };
  const weightG = number('weight', texts.weight, weightUnit, gramsOf, maxWeightG);
  const lengthMm = number('length', texts.length, lengthUnit, millimetresOf, maxLengthMm);
  const widthMm = number('width', texts.width, lengthUnit, millimetresOf, maxLengthMm);
  const heightMm = number('height', texts.height, lengthUnit, millimetresOf, maxLengthMm);
  // A volume whose unit is not said is left alone: it is compared, never used.
  const volumeCm3 =
    volumeUnit === undefined ? null : number('volume', texts.volume, volumeUnit, cubicCentimetresOf, maxVolumeCm3);
  const [problem] = problems;
  if (problem !== undefined) return refusedFrame(problem, at, raw);

  const codes = readCodes(texts.codes ?? [], settings);
  if ('code' in codes) return refusedFrame(codes, at, raw);
  const measured = lengthMm !== null && widthMm !== null && heightMm !== null;
  const computed = measured ? Number(((lengthMm * widthMm * heightMm) / 1_000).toFixed(3)) : null;
  const allowed = Math.max(volumeRoundingCm3, (computed ?? 0) * settings.volumeTolerance);
  if (weightG === null && errors.length === 0) errors.push('no weight');
  if (!measured && (texts.length ?? texts.width ?? texts.height) !== undefined) errors.push('no size');
  const stampText = (texts.timestamp ?? '').trim().slice(0, 60);
  return {
    barcodes: codes.barcodes,
    noRead: texts.codes !== undefined && codes.barcodes.length === 0,
    weightG,
    lengthMm,
    widthMm,
    heightMm,
    volumeCm3,
    volumeComputedCm3: computed,
    volumeMismatch: computed !== null && volumeCm3 !== null && Math.abs(computed - volumeCm3) > allowed,
    stamp: readStamp(stampText),
    stampText,
    sequence: texts.sequence === undefined || texts.sequence === '' ? null : texts.sequence.slice(0, 20),
    picture: texts.picture === undefined || texts.picture === '' ? null : texts.picture.slice(0, 500),
    errors,
    at,
    raw,
    ...(texts.pictureData === undefined ? {} : { pictureData: texts.pictureData }),
  };
}

/**
 * The public template (`{Code},{Weight},…`, g and mm) and its JSON form give the volume in cm³:
 * 150 × 80 × 60 mm and `"volume":720`. With other length units nothing is known of it.
 */
function usualVolumeUnit(settings: DwsDecoding): string | undefined {
  if (formatsWithUnits.has(settings.format)) return undefined;
  return settings.lengthUnit === 'mm' || settings.lengthUnit === 'cm' ? 'cm3' : undefined;
}

/** Splits, drops what stands for no-read and what repeats, and checks the rest. */
function readCodes(
  given: readonly string[],
  settings: DwsDecoding,
): { readonly barcodes: readonly string[] } | FrameProblem {
  const separators = settings.barcodeSeparators ?? '';
  const parts = given.flatMap((text) => splitAny(text, separators));
  if (parts.length > maxBarcodes) return frameProblem('barcode-count', { max: maxBarcodes });
  const barcodes: string[] = [];
  for (const part of parts) {
    if (isNoRead(part, settings.noRead ?? usualNoRead)) continue;
    const normal = normaliseScan(part);
    if (normal.kind === 'refused') return frameProblem('barcode-character', { text: shown(part) });
    if (normal.code.length > maxBarcodeLength) return frameProblem('barcode-long', { max: maxBarcodeLength });
    if (!barcodes.includes(normal.code)) barcodes.push(normal.code);
  }
  return { barcodes };
}

function splitAny(text: string, separators: string): string[] {
  let parts = [text];
  for (const separator of separators) parts = parts.flatMap((part) => part.split(separator));
  return parts;
}

/** True if this text stands for "no barcode was read": any case, `*` at either end of a pattern for any text. */
export function isNoRead(text: string, patterns: readonly string[]): boolean {
  const plain = text.trim().toLowerCase();
  return patterns.some((pattern) => {
    const open = pattern.startsWith('*');
    const ended = pattern.length > 1 && pattern.endsWith('*');
    const core = pattern.slice(open ? 1 : 0, ended ? -1 : undefined).toLowerCase();
    if (core === '') return plain === '';
    if (open && ended) return plain.includes(core);
    if (open) return plain.endsWith(core);
    return ended ? plain.startsWith(core) : plain === core;
  });
}

/**
 * Seconds or milliseconds since the epoch, or ISO 8601 with a zone. A local time without a zone gives null: which zone
 * the machine is set to is not known.
 */
export function readStamp(text: string): number | null {
  if (/^\d{10}$/.test(text)) return Number(text) * 1_000;
  if (/^\d{13}$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/.test(text)) return null;
  const at = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(at) ? null : at;
}

/** Hexadecimal text of bytes. */
export function hexOf(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0');
  return out;
}

function shown(text: string): string {
  return text.slice(0, 40).replace(/[^\x20-\x7e]/g, '?');
}
