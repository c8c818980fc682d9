/** The settings of a scanner that the station reads itself. */
import { lineSection } from './line-settings.ts';
import type { Section } from './setting.ts';

const text = { protocols: ['serial-text'] } as const;

export const scannerSections: readonly Section[] = [
  {
    id: 'reading',
    folded: false,
    settings: [
      {
        path: ['protocol'],
        words: 'scanner.protocol',
        value: { kind: 'choice', options: ['serial-text', 'hid-pos'] },
        usual: 'serial-text',
      },
      {
        path: ['place'],
        words: 'scanner.place',
        value: { kind: 'choice', options: ['screen', 'pack', 'bags', 'day'] },
        usual: 'screen',
      },
      {
        path: ['prefix'],
        words: 'scanner.prefix',
        value: { kind: 'text', most: 8, control: 'characters' },
        usual: '',
        where: text,
      },
      {
        path: ['suffix'],
        words: 'scanner.suffix',
        value: {
          kind: 'text',
          most: 8,
          control: 'characters',
          suggestions: ['\\r', '\\r\\n', '\\t', '\\x03'],
          empty: true,
        },
        usual: '\r',
        where: text,
      },
      {
        path: ['encoding'],
        words: 'scanner.encoding',
        value: { kind: 'choice', options: ['utf-8', 'gb18030'] },
        usual: 'utf-8',
      },
      {
        path: ['silenceMs'],
        words: 'scanner.silenceMs',
        value: { kind: 'number', least: 20, most: 2_000, whole: true, unit: 'ms' },
        usual: 150,
      },
    ],
  },
  lineSection(),
];
