import { expect, test } from 'vitest';
import { readRows, rowsOf } from './setting-table.ts';

type Rows = Parameters<typeof rowsOf>[0];

const text = { name: 'text', value: { kind: 'text', most: 16 } } as const;
const meanings: Rows = {
  kind: 'table',
  as: 'map',
  most: 32,
  columns: [text, { name: 'meaning', value: { kind: 'choice', options: ['plus', 'minus'] } }],
} as const;
const chutes: Rows = { kind: 'table', as: 'map', most: 9, columns: [text, { ...text, name: 'chute' }] } as const;
const layout: Rows = {
  kind: 'table',
  as: 'list',
  most: 40,
  columns: [
    { name: 'field', value: { kind: 'choice', options: ['barcode', 'weight'] } },
    { name: 'at', value: { kind: 'number', least: 0, most: 4_000 } },
    { name: 'decimals', value: { kind: 'number', least: 0, most: 6 } },
  ],
} as const;
const texts: Rows = { kind: 'texts', most: 3, length: 20 } as const;

const code = (read: ReturnType<typeof readRows>): unknown => ('problem' in read ? read.problem : null);

test.each<[Rows, unknown]>([
  [meanings, { '+': 'plus', '': 'plus' }],
  [chutes, { hge: '12' }],
  [
    layout,
    [
      { field: 'barcode', at: 0 },
      { field: 'weight', at: 20, decimals: 3 },
    ],
  ],
  [texts, ['HB', 'PING']],
  [{ kind: 'texts', most: 3, length: 20, empty: true }, ['NR', '']],
])('%j keeps %j', (kind, stored) => {
  expect(readRows(kind, rowsOf(kind, stored))).toEqual({ value: stored });
});

test('empty rows say nothing', () => {
  expect(readRows(meanings, [['', '']])).toEqual({ value: undefined });
  expect(readRows(texts, [[''], ['HB']])).toEqual({ value: ['HB'] });
  expect(readRows(layout, [['', '', '']])).toEqual({ value: undefined });
});

test.each<[Rows, string[][], string]>([
  [meanings, [['ST', '']], 'setting.row-open'],
  [chutes, [['', '5']], 'setting.row-open'],
  [
    chutes,
    [
      ['a', '1'],
      ['a', '2'],
    ],
    'setting.row-twice',
  ],
  [layout, [['barcode', '', '']], 'setting.row-open'],
  [layout, [['barcode', 'x', '']], 'setting.row-open'],
  [layout, [['barcode', '0', '7']], 'setting.row-range'],
])('%j refuses %j', (kind, rows, problem) => {
  expect(code(readRows(kind, rows))).toMatchObject({ code: problem });
});

test('a value of another shape has no rows', () => {
  expect(rowsOf(meanings, ['a'])).toEqual([]);
  expect(rowsOf(layout, 'a')).toEqual([]);
  expect(rowsOf(texts, { a: 1 })).toEqual([]);
});
