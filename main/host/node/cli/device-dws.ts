/** `packbench device decode --kind dws`: bytes of a dimension-weigh-scan machine to records, one JSON line each. */
import { z } from 'zod';
import { decodeDwsHex, dwsFormat } from '../../../devices/dws/index.ts';
import type { DwsItem } from '../../../domain/dws-record.ts';
import { DwsFormatId, formatsWithUnits } from '../../../domain/dws-settings.ts';
import { describeIssue } from '../../../profile/profile.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions } from './options.ts';

/** Options that are a text of the settings under another spelling. */
const texts = {
  'weight-unit': 'weightUnit',
  'length-unit': 'lengthUnit',
  'volume-unit': 'volumeUnit',
  template: 'template',
  header: 'header',
  trailer: 'trailer',
  check: 'check',
  'barcode-separators': 'barcodeSeparators',
} as const;

/**
 * `--protocol` is the format. Settings as the profile's, one option each; `--settings` takes all of them as JSON
 * (`layout`, `fields`, `noRead`). Where neither gives the units of a format whose records carry none, the public template's
 * (g, mm) are taken, and standard error says so.
 */
export function runDecodeDws(args: readonly string[]): number {
  const options = readOptions(args, {
    kind: { type: 'string' },
    protocol: { type: 'string' },
    hex: { type: 'string' },
    json: { type: 'boolean' },
    settings: { type: 'string' },
    sequence: { type: 'string' },
    'record-length': { type: 'string' },
    ...Object.fromEntries(Object.keys(texts).map((name) => [name, { type: 'string' as const }])),
  });
  const hex = options.need('hex');
  const protocol = options.need('protocol');
  const given: Record<string, unknown> = { ...readSettings(options.text('settings')) };
  for (const [option, name] of Object.entries(texts)) {
    const value = options.text(option);
    if (value !== undefined) given[name] = value;
  }
  const sequence = options.whole('sequence', 0, 3);
  const recordLength = options.whole('record-length', 1, 4_000);
  if (sequence !== undefined) given['sequence'] = sequence;
  if (recordLength !== undefined) given['recordLength'] = recordLength;
  try {
    dwsFormat(protocol);
    const format = DwsFormatId.parse(protocol);
    if (!formatsWithUnits.has(format) && (given['weightUnit'] === undefined || given['lengthUnit'] === undefined)) {
      console.error(`units not given: read as g and mm; say --weight-unit and --length-unit`);
    }
    const items = decodeDwsHex({ weightUnit: 'g', lengthUnit: 'mm', ...given, format }, hex);
    for (const item of items) console.log(JSON.stringify(dwsLine(item)));
  } catch (error) {
    if (error instanceof z.ZodError) throw new UsageError(`settings: ${describeIssue(error)}`);
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : String(error));
  }
  return exitStatus.done;
}

/** A record as it is printed: without the picture itself; a refused one as its reason only. */
export function dwsLine(item: DwsItem): object {
  if ('error' in item) return { error: item.error };
  if ('idle' in item) return { idle: item.idle };
  const { pictureData: _, ...record } = item;
  return record;
}

function readSettings(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    throw new UsageError('--settings is not a JSON object, such as {"noRead":["ERR"]}');
  }
}
