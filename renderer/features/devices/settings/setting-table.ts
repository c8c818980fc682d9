/** Settings that are several rows (a map, a list of fields, a list of texts) as rows of cells, and back. Pure. */
import type { Notice } from '#contract';
import { plainText, type Column, type SettingValue } from './setting.ts';

type Rows = Extract<SettingValue, { kind: 'table' | 'texts' }>;
export type Row = readonly string[];

export type ReadRows = { readonly value: unknown } | { readonly problem: Notice };

export function columnsOf(kind: Rows): readonly Column[] {
  if (kind.kind === 'table') return kind.columns;
  return [{ name: 'text', value: { kind: 'text', most: kind.length } }];
}

/** The rows of a stored value; none for a value of another shape. */
export function rowsOf(kind: Rows, stored: unknown): Row[] {
  if (typeof stored !== 'object' || stored === null) return [];
  if (kind.kind === 'texts') return Array.isArray(stored) ? stored.map((text) => [plainText(text)]) : [];
  if (kind.as === 'map')
    return Array.isArray(stored) ? [] : Object.entries(stored).map(([key, value]) => [key, plainText(value)]);
  if (!Array.isArray(stored)) return [];
  return stored.map((entry: unknown) =>
    kind.columns.map(({ name }) => plainText((entry as Readonly<Record<string, unknown>> | null)?.[name])),
  );
}

const wrong = (code: string, params: Notice['params']): ReadRows => ({
  problem: { code: `setting.${code}`, tone: 'stop', params },
});

/** What the rows say; rows with nothing in them say nothing. No rows: no value. */
export function readRows(kind: Rows, rows: readonly Row[]): ReadRows {
  if (kind.kind === 'texts') {
    const texts = rows.map(([text = '']) => text).filter((text) => text !== '' || kind.empty === true);
    return { value: texts.length === 0 ? undefined : texts };
  }
  return kind.as === 'map' ? readMap(kind.columns, rows) : readList(kind.columns, rows);
}

function readMap(columns: readonly Column[], rows: readonly Row[]): ReadRows {
  const map = new Map<string, string>();
  // An empty text may mean something (no sign: plus); an empty name of a place or carrier is a row not finished.
  const emptyKey = columns[0]?.value.kind === 'text' && columns[1]?.value.kind === 'choice';
  for (const [index, [key = '', value = '']] of rows.entries()) {
    if (key === '' && value === '') continue;
    if (value === '' || (key === '' && !emptyKey)) return wrong('row-open', { row: index + 1 });
    if (map.has(key)) return wrong('row-twice', { row: index + 1, text: key });
    map.set(key, value);
  }
  return { value: map.size === 0 ? undefined : Object.fromEntries(map) };
}

function readList(columns: readonly Column[], rows: readonly Row[]): ReadRows {
  const list: Record<string, string | number>[] = [];
  for (const [index, row] of rows.entries()) {
    if (row.every((each) => each === '')) continue;
    const entry: Record<string, string | number> = {};
    for (const [at, { name, value }] of columns.entries()) {
      const typed = row[at] ?? '';
      if (value.kind !== 'number') {
        if (typed === '') return wrong('row-open', { row: index + 1 });
        entry[name] = typed;
        continue;
      }
      // The last number of a row may be left out.
      if (typed === '' && at === columns.length - 1) continue;
      const number = Number(typed.normalize('NFKC'));
      if (typed.trim() === '' || !Number.isInteger(number)) return wrong('row-open', { row: index + 1 });
      if (number < value.least || number > value.most) {
        return wrong('row-range', { row: index + 1, least: value.least, most: value.most });
      }
      entry[name] = number;
    }
    list.push(entry);
  }
  return { value: list.length === 0 ? undefined : list };
}
