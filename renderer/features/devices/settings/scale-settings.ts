/** The settings of a scale. What each protocol takes, and which forms it has, comes from the station. */
import { lineSection } from './line-settings.ts';
import type { Column, Section, Setting } from './setting.ts';

const units = ['kg', 'g', 'lb', 'oz', 'mg', 't', 'ct', 'gr', 'dwt', 'ozt', 'ton'];
const definition = { taken: 'definition' } as const;

const text: Column = { name: 'text', value: { kind: 'text', most: 16 } };
const meaning = (name: string, options: readonly string[], usual?: Readonly<Record<string, string>>): Setting => ({
  path: ['definition', name],
  words: `scale.definition.${name}`,
  value: {
    kind: 'table',
    as: 'map',
    columns: [text, { name: 'meaning', value: { kind: 'choice', options } }],
    most: 32,
  },
  where: definition,
  ...(usual === undefined ? {} : { usual }),
});
const bytes = (name: string, most: number): Setting => ({
  path: ['definition', name],
  words: `scale.definition.${name}`,
  value: { kind: 'bytes', most },
  where: definition,
});

export const scaleSections: readonly Section[] = [
  {
    id: 'reading',
    folded: false,
    settings: [
      {
        path: ['protocol'],
        words: 'scale.protocol',
        value: { kind: 'choice', options: [], from: 'protocols' },
        usual: 'mt-sics',
      },
      {
        path: ['form'],
        words: 'scale.form',
        value: { kind: 'choice', options: [], from: 'forms' },
        where: { taken: 'form' },
        wide: true,
      },
      { path: ['unit'], words: 'scale.unit', value: { kind: 'choice', options: units }, where: { taken: 'unit' } },
      {
        path: ['decimals'],
        words: 'scale.decimals',
        value: { kind: 'number', least: 0, most: 6, whole: true },
        where: { taken: 'decimals', pointless: true },
      },
      {
        path: ['equalFrames'],
        words: 'scale.equalFrames',
        value: { kind: 'number', least: 1, most: 50, whole: true },
        usual: 3,
        where: { taken: 'equalFrames' },
      },
    ],
  },
  {
    id: 'definition',
    folded: false,
    settings: [
      bytes('request', 32),
      bytes('start', 8),
      bytes('end', 8),
      {
        path: ['definition', 'length'],
        words: 'scale.definition.length',
        value: { kind: 'number', least: 2, most: 128, whole: true },
        where: definition,
      },
      {
        path: ['definition', 'pattern'],
        words: 'scale.definition.pattern',
        value: {
          kind: 'text',
          most: 200,
          pieces: ['{weight:7}', '{sign:1}', '{unit:2}', '{state:2}', '{mode:2}', '{any:1}'],
        },
        where: definition,
        wide: true,
      },
      meaning('states', ['stable', 'moving', 'overload', 'underload', 'error']),
      meaning('units', units),
      meaning('modes', ['gross', 'net']),
      meaning('signs', ['plus', 'minus'], { '+': 'plus', '-': 'minus', '': 'plus', '0': 'plus' }),
      {
        path: ['definition', 'maxBytes'],
        words: 'scale.definition.maxBytes',
        value: { kind: 'number', least: 4, most: 128, whole: true },
        usual: 64,
        where: definition,
      },
    ],
  },
  lineSection('line'),
  {
    id: 'asking',
    folded: true,
    settings: [
      { path: ['ask'], words: 'scale.ask', value: { kind: 'switch' }, usual: true, where: { asked: true } },
      {
        path: ['pollMs'],
        words: 'scale.pollMs',
        value: { kind: 'number', least: 50, most: 10_000, whole: true, unit: 'ms' },
        where: { asked: true },
      },
    ],
  },
];
