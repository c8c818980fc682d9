/** The settings of a printer, by its language. A model gives what is left out. */
import type { Section, Setting, SettingValue } from './setting.ts';

const setting = (path: string, value: SettingValue, more: Omit<Setting, 'path' | 'words' | 'value'> = {}): Setting => ({
  path: path.split('.'),
  words: `printer.${path}`,
  value,
  ...more,
});
const choice = (options: readonly (string | number)[]): SettingValue => ({ kind: 'choice', options });
const toggle: SettingValue = { kind: 'switch' };
const mm = (least: number, most: number): SettingValue => ({ kind: 'number', least, most, whole: false, unit: 'mm' });
const whole = (least: number, most: number): SettingValue => ({ kind: 'number', least, most, whole: true });
const model = { usualFrom: 'model' } as const;
const receipts = { where: { protocols: ['escpos'] } };

export const printerSections: readonly Section[] = [
  {
    id: 'printer',
    folded: false,
    settings: [
      setting('model', { kind: 'choice', options: [], from: 'models' }),
      setting('language', choice(['zpl', 'tspl', 'escpos', 'cpcl', 'epl']), { ...model, usual: 'zpl' }),
      setting('dpi', choice([203, 300, 600]), { ...model, usual: 203 }),
      setting(
        'media',
        {
          kind: 'text',
          most: 40,
          suggestions: ['100x150mm', '100x180mm', '100x100mm', '76x130mm', '60x40mm', '80x150mm', '210x297mm'],
        },
        { ...model, usual: '100x150mm' },
      ),
      setting('use', { kind: 'several', options: ['parcel', 'bag', 'slip', 'document'] }, { usual: ['parcel'] }),
      setting('fallback', { kind: 'choice', options: [], from: 'printers' }),
    ],
  },
  {
    id: 'label',
    folded: false,
    settings: [
      setting('tracking', choice(['gap', 'mark', 'continuous']), { ...model, usual: 'gap' }),
      setting('gapMm', mm(0, 25), { usual: 2, where: { protocols: ['tspl', 'epl'] } }),
      setting('darkness', whole(-30, 30)),
      setting(
        'speed',
        { kind: 'number', least: 1, most: 14, whole: false, unit: 'ips' },
        {
          where: { protocols: ['zpl', 'tspl', 'cpcl', 'epl'] },
        },
      ),
      setting('offset.xMm', mm(-20, 20), { usual: 0 }),
      setting('offset.yMm', mm(-20, 20), { usual: 0 }),
      setting('rotate', choice([0, 90, 180, 270]), { usual: 0 }),
      setting('ending', choice(['tear', 'cut', 'peel']), { usual: 'tear' }),
    ],
  },
  {
    id: 'answers-printer',
    folded: true,
    settings: [
      setting('answers', toggle, { ...model, usual: true }),
      setting('confirms', toggle, { ...model, usual: false, where: { protocols: ['escpos'] } }),
    ],
  },
  {
    id: 'receipt',
    folded: true,
    settings: [
      setting('columns', whole(16, 96), { ...model, ...receipts, usual: 48 }),
      setting('chinese', choice(['gb18030', 'gbk', 'none']), { ...model, ...receipts, usual: 'gb18030' }),
      setting('quirks.receipt.cut', choice(['full', 'partial', 'none']), { ...receipts, usual: 'partial' }),
      setting('quirks.receipt.feedLines', whole(0, 20), { ...receipts, usual: 4 }),
      setting('quirks.receipt.chineseCommand', toggle, { ...receipts, usual: true }),
      setting('quirks.receipt.initialise', toggle, { ...receipts, usual: true }),
      setting('quirks.receipt.fourByte', toggle, { ...receipts, usual: false }),
      setting('quirks.receipt.codePage', whole(0, 255), receipts),
    ],
  },
  {
    id: 'quirks',
    folded: true,
    settings: [
      setting('compression', choice(['z64', 'acs']), { ...model, usual: 'z64', where: { protocols: ['zpl'] } }),
      setting('quirks.inverted', toggle, { usual: false, where: { protocols: ['tspl', 'epl'] } }),
      setting('quirks.raster', choice(['gs-v-0', 'gs-paren-l']), { ...receipts, usual: 'gs-v-0' }),
      setting('quirks.bandDots', whole(1, 2_303), { ...receipts, usual: 256 }),
      setting('quirks.hexadecimal', toggle, { usual: false, where: { protocols: ['cpcl'] } }),
    ],
  },
];
