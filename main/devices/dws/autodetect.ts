/**
 * Which formats may have made the bytes a measuring machine sent, with the record each would give, and why. Pure: the bytes of
 * a connection are looked at whole, so how they were cut cannot matter. It proposes; a person compares with the machine's
 * display and says the units, which no record of a free format carries.
 */
import type { Notice } from '../../../preload/contract/index.ts';
import type { DwsRecord } from '../../domain/dws-record.ts';
import { formatsWithUnits, type DwsDecodingInput } from '../../domain/dws-settings.ts';
import { reason } from '../reasons.ts';
import { decode, type DwsGuess, type HeardDws } from './autodetect-heard.ts';
import { guessJson } from './autodetect-json.ts';
import { guessText } from './autodetect-text.ts';

export interface DwsProposal {
  readonly settings: DwsDecodingInput;
  readonly frames: number;
  readonly refused: number;
  readonly score: number;
  /** The newest record; a unit that is needed is taken for g or mm. */
  readonly record: DwsRecord;
  readonly needs: readonly ('weightUnit' | 'lengthUnit')[];
  readonly because: readonly Notice[];
}

/** More than this of one stream, and more streams, are not looked at; machines repeat themselves. */
const maxBytes = 16 * 1_024;
const maxStreams = 64;
const leastScore = 0.3;

/** The formats that explain what was heard, the likeliest first. */
export function proposeDws({ streams, ended }: HeardDws): DwsProposal[] {
  const heard = { streams: streams.slice(0, maxStreams).map((bytes) => bytes.subarray(0, maxBytes)), ended };
  const guesses: DwsGuess[] = [
    { settings: { format: 'sick' }, strength: 1, because: [] },
    { settings: { format: 'cubiscan' }, strength: 1, because: [] },
    ...guessJson(heard),
    ...guessText(heard),
  ];
  return guesses
    .flatMap((guess) => tried(guess, heard) ?? [])
    .filter(({ score }) => score >= leastScore)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, 6);
}

function tried({ settings, strength, because }: DwsGuess, heard: HeardDws): DwsProposal | null {
  const items = decode(settings, heard);
  const records = items.flatMap((item) => ('barcodes' in item ? [item] : []));
  // The newest that has all a record can have; else the newest.
  const record = records.findLast(isWhole) ?? records.at(-1);
  if (record === undefined) return null;
  const understood = items.flatMap((item) => ('error' in item ? [] : [item]));
  const came = heard.streams.reduce((sum, bytes) => sum + bytes.length, 0);
  const explained = understood.reduce((sum, { raw }) => sum + raw.length / 2, 0) / Math.max(1, came);
  const refused = items.filter((item) => 'error' in item).length;
  const free = !formatsWithUnits.has(settings.format ?? 'csv');
  const needs = free ? (['weightUnit', 'lengthUnit'] as const).filter((name) => settings[name] === undefined) : [];
  return {
    settings,
    frames: records.length,
    refused,
    score: Math.min(1, explained) * (records.length > 1 ? 1 : 0.9) * strength,
    record,
    needs,
    because: [
      reason('device.because-records', { frames: records.length, of: records.length + refused }),
      ...because,
      ...(needs.length > 0 ? [reason('device.because-no-unit-dws')] : []),
    ],
  };
}

function isWhole({ barcodes, weightG, lengthMm }: DwsRecord): boolean {
  return barcodes.length > 0 && weightG !== null && lengthMm !== null;
}
