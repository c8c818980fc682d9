/** Finds the columns of text records: between delimiters, or at fixed places. */
import { unescapeText } from '../../domain/dws-settings.ts';
import { doubt, reason } from '../reasons.ts';
import type { DwsGuess, HeardDws } from './autodetect-heard.ts';
import { nameColumns, type Column, type NamedColumns } from './autodetect-columns.ts';
import { isBlank, textOf } from './frames.ts';
import { csvTemplate } from './template.ts';

/** Lines that are looked at, and the longest. */
const maxLines = 100;
const maxLine = 1_000;
const maxColumns = 40;
/** This part of the lines must have the same number of columns: noise and hellos are among them. */
const leastEqual = 0.6;
/** Lines with as many characters each, before columns may be told by their places. */
const leastFixedLines = 3;
const signsOfLife = new Set(['HB', 'PING', 'HEARTBEAT', 'ALIVE', 'IDLE']);
const delimiters = [',', ';', '|', '\t', '#', '*', '/', '&', ' '] as const;

export function guessText(heard: HeardDws): DwsGuess[] {
  const framed = linesBetween(heard, 0x02, 0x03);
  const marks = framed.length > 0 ? { header: '\\x02', trailer: '\\x03' } : {};
  const lines = framed.length > 0 ? framed : linesOf(heard);
  if (lines.length === 0) return [];
  const delimited = guessDelimited(lines, marks);
  return delimited.length > 0 ? delimited : guessFixed(lines, marks);
}

function guessDelimited(lines: readonly string[], marks: { header?: string; trailer?: string }): DwsGuess[] {
  const [best] = delimiters
    .flatMap((delimiter) => {
      const cut = lines.map((line) => line.split(delimiter));
      const count = commonest(cut.map((values) => values.length));
      const fits = cut.filter((values) => values.length === count);
      const enough = count >= 2 && count <= maxColumns && fits.length >= leastEqual * lines.length;
      return enough ? [{ delimiter, count, rows: fits }] : [];
    })
    .toSorted((a, b) => b.count - a.count);
  if (best === undefined) return [];
  const { delimiter, count, rows } = best;
  const columns = Array.from({ length: count }, (_, index) => rows.map((row) => unquote(row[index] ?? '')));
  return nameColumns(columns).flatMap((named) => {
    const template = escaped(named.columns.map(templateField).join(delimiter));
    // A brace in a literal would read as a field.
    if (template.length > 500 || named.columns.some(({ before, after }) => /[{}]/.test(before + after))) return [];
    const isPublic = template === csvTemplate && Object.keys(marks).length === 0;
    return [
      {
        settings: { ...(isPublic ? { format: 'csv' } : { format: 'template', template }), ...marks, ...named.units },
        strength: named.strength * (isPublic ? 1 : 0.95),
        because: columnReasons(named, template),
      } satisfies DwsGuess,
    ];
  });
}

function guessFixed(lines: readonly string[], marks: { header?: string; trailer?: string }): DwsGuess[] {
  const length = commonest(lines.map((line) => line.length));
  const rows = lines.filter((line) => line.length === length);
  if (rows.length < leastFixedLines || rows.length < leastEqual * lines.length) return [];
  const places: { at: number; length: number }[] = [];
  for (let at = 0; at < length; at += 1) {
    if (rows.every((row) => row[at] === ' ')) continue;
    const last = places.at(-1);
    if (last !== undefined && last.at + last.length === at) last.length += 1;
    else places.push({ at, length: 1 });
  }
  // Digits that touch could be cut anywhere.
  if (places.length < 2 || places.length > maxColumns) return [];
  const columns = places.map((place) => rows.map((row) => row.slice(place.at, place.at + place.length).trim()));
  return nameColumns(columns).flatMap((named) => {
    if (named.columns.some(({ before, after }) => before + after !== '')) return [];
    const layout = named.columns.flatMap(({ field }, index) => {
      const place = places[index];
      return place === undefined || field === 'skip' ? [] : [{ field, ...place }];
    });
    const shown = layout.map(({ field, at, length: long }) => `${field} ${at}+${long}`).join(', ');
    return [
      {
        settings: { format: 'fixed-width', layout, recordLength: length, ...marks, ...named.units },
        // Half of what delimiters prove: blanks may be part of a field, and decimals may be left out.
        strength: named.strength * 0.6,
        because: [...columnReasons(named, shown), doubt('device.because-decimals')],
      } satisfies DwsGuess,
    ];
  });
}

function columnReasons(named: NamedColumns, columns: string): DwsGuess['because'] {
  const params = { columns: columns.slice(0, 300) };
  return [
    named.proved ? reason('device.because-columns-volume', params) : doubt('device.because-columns-guessed', params),
  ];
}

const templateNames = {
  barcode: '{Code}',
  weight: '{Weight}',
  length: '{Length}',
  width: '{Width}',
  height: '{Height}',
  volume: '{Volume}',
  timestamp: '{Timestamp}',
  sequence: '{Sequence}',
  skip: '{_}',
} as const;

function templateField({ field, before, after }: Column): string {
  return `${before}${templateNames[field]}${after}`;
}

/** As the profile writes it. */
function escaped(text: string): string {
  const plain = text.replace(/[\\\x00-\x1f]/g, (one) =>
    one === '\\' ? '\\\\' : one === '\t' ? '\\t' : `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return unescapeText(plain) === null ? '' : plain;
}

function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}

function unquote(text: string): string {
  const plain = text.trim();
  return plain.length >= 2 && plain.startsWith('"') && plain.endsWith('"') ? plain.slice(1, -1) : plain;
}

/** Whole lines, those of life left out; what has no line end counts only where the stream has ended. */
function linesOf({ streams, ended }: HeardDws): string[] {
  return streams
    .flatMap((bytes) => {
      const lines = textOf(bytes).split(/[\r\n]+/);
      return ended ? lines : lines.slice(0, -1);
    })
    .filter(isRecord)
    .slice(0, maxLines);
}

function linesBetween({ streams }: HeardDws, first: number, last: number): string[] {
  const found: string[] = [];
  for (const bytes of streams) {
    for (let from = bytes.indexOf(first); from >= 0 && found.length < maxLines; from = bytes.indexOf(first, from + 1)) {
      const to = bytes.indexOf(last, from);
      if (to < 0) break;
      const next = bytes.indexOf(first, from + 1);
      if (next >= 0 && next < to) continue;
      const body = bytes.subarray(from + 1, to);
      if (!isBlank(body)) found.push(textOf(body));
    }
  }
  return found.filter(isRecord);
}

function isRecord(line: string): boolean {
  const plain = line.trim();
  return plain !== '' && line.length <= maxLine && !signsOfLife.has(plain.toUpperCase());
}
