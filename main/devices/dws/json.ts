/**
 * JSON records: one object per parcel, however framed. Numbers may be texts, with a decimal point or comma.
 *
 * Sources, all public code or public interface descriptions: sorting-rule engine
 * (`{"barcode":"JSON123","weight":99.9,"length":150,"width":80,"height":60,"volume":720}`); KuaiLv client (`barCode`, `noread`);
 * SangNeng (`timestamp`, `image` in base64); J&T (`billcode`, `imgpath`); OCA zippcube (decimal commas); WallTech eTower
 * (numbers as texts). Other names are set by the profile's `fields`.
 */
import { createHash } from 'node:crypto';
import { frameProblem, refusedFrame, type FrameProblem } from '../../domain/frame-problems.ts';
import { hexOf, makeRecord, type DwsDecoder, type DwsFormat, type DwsItem } from '../../domain/dws-record.ts';
import type { DwsDecoding, DwsField } from '../../domain/dws-settings.ts';
import { textOf } from './frames.ts';
import { createJsonFramer, type JsonFrameEvents } from './json-frames.ts';
import { idleOf } from './text-lines.ts';

/** Longest record, in bytes: without a picture in it, and with one. */
const maxPlainBytes = 64 * 1024;
const maxPictureBytes = 6 * 1024 * 1024;
/** A longer text in the field of the picture is the picture itself, not the place of one. */
const longestReference = 500;

/** Names of a field where the profile gives none, compared without case. */
const usualNames: Readonly<Record<Exclude<DwsField, 'skip'>, readonly string[]>> = {
  barcode: ['barcode', 'barcodes', 'billcode', 'code', 'codes'],
  weight: ['weight'],
  length: ['length'],
  width: ['width'],
  height: ['height'],
  volume: ['volume'],
  timestamp: ['timestamp', 'time'],
  sequence: ['sequence', 'parcelid'],
  picture: ['image', 'imgpath', 'picture'],
  status: ['status'],
};

export const json: DwsFormat = { id: 'json', poll: null, decoder };

function decoder(settings: DwsDecoding): DwsDecoder {
  const framer = createJsonFramer(settings.pictures ? maxPictureBytes : maxPlainBytes);
  const fatal = new TextDecoder('utf-8', { fatal: true });
  const own = { ...settings, barcodeSeparators: settings.barcodeSeparators ?? ';|,' };

  function read(bytes: Uint8Array, at: number): DwsItem {
    let value: unknown;
    let text: string;
    try {
      text = fatal.decode(bytes);
      value = JSON.parse(text);
    } catch {
      return refusedFrame(frameProblem('json-invalid'), at, hexOf(bytes.subarray(0, maxPlainBytes)));
    }
    const object = value as Readonly<Record<string, unknown>>;
    const found = fieldsOf(object, settings);
    if ('code' in found) return refusedFrame(found, at, hexOf(bytes.subarray(0, maxPlainBytes)));
    const { texts, codes } = found;
    if (codes === undefined && texts.weight === undefined && texts.length === undefined) {
      const alive = idleWords(object, settings);
      const raw = hexOf(bytes.subarray(0, maxPlainBytes));
      return alive === null ? refusedFrame(frameProblem('json-empty'), at, raw) : { idle: alive, at, raw };
    }
    const { picture = '', ...others } = texts;
    const inline = picture.length > longestReference;
    const raw = inline ? withoutPicture(text, picture) : hexOf(bytes);
    return makeRecord(
      {
        ...others,
        ...(codes === undefined ? {} : { codes }),
        ...(inline ? (settings.pictures ? { pictureData: picture } : {}) : { picture }),
      },
      own,
      raw,
      at,
    );
  }

  function collect(at: number, run: (events: JsonFrameEvents) => void): DwsItem[] {
    const out: DwsItem[] = [];
    run({
      frame: (bytes) => out.push(read(bytes, at)),
      outside(bytes) {
        const raw = hexOf(bytes);
        out.push(idleOf(textOf(bytes), settings, raw, at) ?? refusedFrame(frameProblem('json-outside'), at, raw));
      },
      bad: (problem, bytes) => out.push(refusedFrame(problem, at, hexOf(bytes.subarray(0, maxPlainBytes)))),
    });
    return out;
  }
  return {
    push: (bytes, at) => collect(at, (events) => framer.push(bytes, events)),
    end: (at) => collect(at, (events) => framer.end(events)),
    pending: () => framer.pending(),
  };
}

type Texts = Partial<
  Record<'weight' | 'length' | 'width' | 'height' | 'volume' | 'timestamp' | 'sequence' | 'picture', string>
>;

/** The texts of the fields, or what is wrong with one. */
function fieldsOf(
  object: Readonly<Record<string, unknown>>,
  settings: DwsDecoding,
): { readonly texts: Texts; readonly codes: readonly string[] | undefined } | FrameProblem {
  const texts: Texts = {};
  let codes: readonly string[] | undefined;
  for (const field of Object.keys(usualNames) as (keyof typeof usualNames)[]) {
    const path = settings.fields[field];
    const value = path === undefined ? byUsualName(object, usualNames[field]) : byPath(object, path);
    if (value === undefined || field === 'status') continue;
    if (field === 'barcode') {
      const list = value === null ? [''] : Array.isArray(value) ? (value as unknown[]) : [value];
      const read = list.map((each) => scalarText(each));
      if (read.some((each) => each === null)) return frameProblem('json-barcode');
      codes = read.length === 0 ? [''] : read.filter((each) => each !== null);
      continue;
    }
    const text = value === null ? '' : scalarText(value);
    if (text === null) return frameProblem('json-measure', { measure: field });
    texts[field] = text;
  }
  return { texts, codes };
}

function scalarText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return plainNumber(value);
  return null;
}

/** Without an exponent: `1e-7` is `0.0000001`. */
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes('e') && Math.abs(value) < 1 ? value.toFixed(12) : text;
}

function byUsualName(object: Readonly<Record<string, unknown>>, names: readonly string[]): unknown {
  for (const name of names) {
    for (const key of Object.keys(object)) if (key.toLowerCase() === name) return object[key];
  }
  return undefined;
}

function byPath(object: unknown, path: string): unknown {
  let value = object;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** An object that only says that the machine is alive: `{"type":"heartbeat"}`. */
function idleWords(object: Readonly<Record<string, unknown>>, settings: DwsDecoding): string | null {
  const words = [...settings.idle, 'heartbeat', 'ping'].map((word) => word.toUpperCase());
  for (const [key, value] of Object.entries(object)) {
    if (words.includes(key.toUpperCase())) return key.slice(0, 60);
    if (typeof value === 'string' && words.includes(value.toUpperCase())) return value.slice(0, 60);
  }
  return null;
}

/** The record as it came, with the picture's text replaced by its digest: it is kept apart, or not at all. */
function withoutPicture(text: string, picture: string): string {
  const digest = `sha256:${createHash('sha256').update(picture).digest('hex')}`;
  const spelled = [picture, picture.replaceAll('/', '\\/')].find((each) => text.includes(each));
  const short = spelled === undefined ? JSON.stringify({ unreadable: digest }) : text.replace(spelled, () => digest);
  return hexOf(new TextEncoder().encode(short)).slice(0, maxPlainBytes * 2);
}
