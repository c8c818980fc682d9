/** The record formats this station can read. Another format is one file and one line in `dwsFormats`. */
import type { DwsFormat, DwsItem } from '../../domain/dws-record.ts';
import { parseDwsDecoding, type DwsDecodingInput } from '../../domain/dws-settings.ts';
import { bytesOfHex } from '../hex.ts';
import { cubiscan } from './cubiscan.ts';
import { fixedWidth } from './fixed-width.ts';
import { json } from './json.ts';
import { sick } from './sick.ts';
import { csv, template } from './template.ts';

const formats: Readonly<Record<string, DwsFormat>> = {
  csv,
  template,
  json,
  'fixed-width': fixedWidth,
  cubiscan,
  sick,
};

/** The format of that name. Throws a one-line Error that lists the known ones. */
export function dwsFormat(id: string): DwsFormat {
  const found = Object.hasOwn(formats, id) ? formats[id] : undefined;
  if (found !== undefined) return found;
  throw new Error(`DWS format "${id.slice(0, 40)}" is not known; known are ${Object.keys(formats).join(', ')}`);
}

const maxDecodeBytes = 8 * 1024 * 1024;

/** One line of a recorded stream: milliseconds from its start, and what came. */
export interface RecordedBytes {
  readonly at: number;
  readonly hex: string;
}

/**
 * Puts a recorded stream through a decoder: what `device replay` and tests show. The recording's end is the end of the
 * stream. Throws a one-line Error if the format is unknown, its settings do not fit, or a line is not hexadecimal.
 */
export function replayDws(given: DwsDecodingInput, recorded: Iterable<RecordedBytes>): DwsItem[] {
  const settings = parseDwsDecoding(given);
  const decoder = dwsFormat(settings.format).decoder(settings);
  const out: DwsItem[] = [];
  let last = 0;
  for (const { at, hex } of recorded) {
    last = at;
    out.push(...decoder.push(bytesOfHex(hex, maxDecodeBytes), at));
  }
  out.push(...decoder.end(last));
  return out;
}

/**
 * Decodes recorded bytes for `packbench device decode --kind dws`: one entry per record or refused frame, signs of life left
 * out. The end of the bytes ends the message. All `at` are 0. Throws like `replayDws`.
 */
export function decodeDwsHex(given: DwsDecodingInput, hex: string): DwsItem[] {
  return replayDws(given, [{ at: 0, hex }]).filter((item) => !('idle' in item));
}
