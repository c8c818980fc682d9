/** The settings of a dimension-weigh-scan machine, by its format and link. */
import { lineSection } from './line-settings.ts';
import type { Section, Setting, SettingValue } from './setting.ts';

const recordFields = [
  'barcode',
  'weight',
  'length',
  'width',
  'height',
  'volume',
  'timestamp',
  'sequence',
  'picture',
  'status',
  'skip',
];
/** Formats whose records carry no units. */
const bare = { protocols: ['csv', 'template', 'json', 'fixed-width'] } as const;
const text = { protocols: ['csv', 'template', 'fixed-width'] } as const;
const fixed = { protocols: ['fixed-width'] } as const;
const network = { links: ['tcp-listen://', 'http-listen://'] } as const;

const setting = (path: string, value: SettingValue, more: Omit<Setting, 'path' | 'words' | 'value'> = {}): Setting => ({
  path: path.split('.'),
  words: `dws.${path}`,
  value,
  ...more,
});
const choice = (options: readonly (string | number)[]): SettingValue => ({ kind: 'choice', options });
const whole = (least: number, most: number): SettingValue => ({ kind: 'number', least, most, whole: true });
/** Asked for in seconds, kept in milliseconds. */
const seconds = (least: number, most: number): SettingValue => ({
  kind: 'number',
  least,
  most,
  whole: true,
  unit: 's',
  per: 1_000,
});
const escaped = (most: number, suggestions: readonly string[] = []): SettingValue => ({
  kind: 'text',
  most,
  control: 'escaped',
  ...(suggestions.length === 0 ? {} : { suggestions }),
});
const reply = (name: string): Setting =>
  setting(
    name,
    {
      kind: 'text',
      most: 300,
      control: 'escaped',
      pieces: ['{Code}', '{Weight}', '{Chute}', '{Status}', '{Reason}', '{Sequence}', '\\r\\n'],
    },
    { usual: '', wide: true },
  );

export const dwsSections: readonly Section[] = [
  {
    id: 'reading',
    folded: false,
    settings: [
      setting('format', { kind: 'choice', options: [], from: 'protocols' }, { usual: 'csv' }),
      setting('weightUnit', choice(['g', 'kg', 'mg', 't', 'lb', 'oz']), { where: bare }),
      setting('lengthUnit', choice(['mm', 'cm', 'm', 'in']), { where: bare }),
      setting('volumeUnit', choice(['mm3', 'cm3', 'dm3', 'm3', 'in3']), { where: bare }),
      setting(
        'template',
        {
          kind: 'text',
          most: 100,
          control: 'escaped',
          pieces: ['{Code}', '{Weight}', '{Length}', '{Width}', '{Height}', '{Volume}', '{Timestamp}', '{_}', ','],
        },
        {
          where: { protocols: ['csv', 'template'] },
          usual: '{Code},{Weight},{Length},{Width},{Height},{Volume},{Timestamp}',
          wide: true,
        },
      ),
      setting(
        'fields',
        {
          kind: 'table',
          as: 'map',
          columns: [
            { name: 'field', value: { kind: 'choice', options: recordFields } },
            { name: 'place', value: { kind: 'text', most: 100 } },
          ],
          most: 11,
        },
        { where: { protocols: ['json'] }, usual: {}, wide: true },
      ),
      setting(
        'layout',
        {
          kind: 'table',
          as: 'list',
          columns: [
            { name: 'field', value: { kind: 'choice', options: recordFields } },
            { name: 'at', value: { kind: 'number', least: 0, most: 4_000 } },
            { name: 'length', value: { kind: 'number', least: 1, most: 500 } },
            { name: 'decimals', value: { kind: 'number', least: 0, most: 6 } },
          ],
          most: 40,
        },
        { where: fixed, usual: [], wide: true },
      ),
      setting('recordLength', whole(1, 4_000), { where: fixed }),
      setting('header', escaped(100, ['\\x02']), { where: text, usual: '' }),
      setting('trailer', escaped(100, ['\\r\\n', '\\r', '\\x03']), { where: text, usual: '' }),
      setting('sequence', whole(0, 3), { where: text, usual: 0 }),
      setting('check', choice(['none', 'bcc', 'crc-8']), { where: text, usual: 'none' }),
    ],
  },
  {
    id: 'pairing',
    folded: false,
    settings: [
      setting('pairing', choice(['desk', 'line']), { usual: 'desk' }),
      setting('duplicateMs', seconds(0, 600_000), { usual: 3_000 }),
      setting('holdMs', seconds(1_000, 24 * 3_600_000)),
      setting('maxHeld', whole(1, 100_000), { usual: 20_000 }),
      setting('keepDays', whole(1, 90), { usual: 7 }),
    ],
  },
  lineSection(),
  {
    id: 'network',
    folded: false,
    settings: [
      setting('peers', whole(1, 16), { where: { links: ['tcp-listen://'] }, usual: 1 }),
      setting('token', { kind: 'text', most: 87 }, { where: { links: ['http-listen://'] } }),
      setting('allow', { kind: 'texts', most: 16, length: 50 }, { where: network }),
    ],
  },
  {
    id: 'barcodes',
    folded: true,
    settings: [
      setting('barcodeSeparators', { kind: 'text', most: 8 }),
      setting(
        'volumeTolerance',
        { kind: 'number', least: 0, most: 1, whole: false, unit: '%', per: 0.01 },
        { usual: 0.02 },
      ),
      setting(
        'noRead',
        { kind: 'texts', most: 40, length: 60, empty: true },
        { usual: ['*noread*', 'no read*', 'nolable', 'nolabel', '0000000000000', 'BR', 'NR', '?*', ''] },
      ),
      setting('idle', { kind: 'texts', most: 20, length: 60 }, { usual: ['HB', 'PING', 'HEARTBEAT', 'ALIVE', 'IDLE'] }),
      setting('pictures', { kind: 'switch' }, { where: { protocols: ['json'] }, usual: false }),
    ],
  },
  {
    id: 'answers',
    folded: true,
    settings: [
      reply('reply'),
      reply('replyRefused'),
      reply('replyIdle'),
      setting('sorting.chute', { kind: 'text', most: 20 }),
      setting(
        'sorting.exception',
        { kind: 'text', most: 20 },
        { usual: '999', where: { given: { path: ['sorting'] } } },
      ),
      setting(
        'sorting.carriers',
        {
          kind: 'table',
          as: 'map',
          columns: [
            { name: 'carrier', value: { kind: 'text', most: 40 } },
            { name: 'chute', value: { kind: 'text', most: 20 } },
          ],
          most: 100,
        },
        { usual: {}, where: { given: { path: ['sorting'] } }, wide: true },
      ),
    ],
  },
  {
    id: 'asking',
    folded: true,
    settings: [
      setting('pollMs', seconds(200, 60_000), { where: { protocols: ['cubiscan'] } }),
      setting('silentMs', seconds(1_000, 600_000)),
    ],
  },
];
