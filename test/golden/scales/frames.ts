/** The frames of the manuals and of public sources, byte for byte, with what they say. `calculated`: made from the documented rule. */
import type { ScaleSettings } from '../../../main/domain/scale-settings.ts';
import type { ShownWeight } from '../../../main/training/scale-frames/index.ts';

export interface GoldenFrame {
  readonly protocol: string;
  readonly settings?: ScaleSettings;
  readonly hex: string;
  /** What the reading is, or null where the frame is refused. */
  readonly says: Partial<ShownWeight & { at: number }> | null;
  /** What a scale shows that sends this frame; absent where no virtual scale writes it so. */
  readonly shown?: Partial<ShownWeight>;
  /** The form whose virtual scale writes it, and which of several. */
  readonly form?: string;
  readonly voice?: number;
}

const kg = { unit: 'kg' } as const;
const lb = { unit: 'lb' } as const;
export const hexOfText = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const ounces = (value: number) => ({ grams: value * 28.349523125, unit: 'oz', decimals: 1 }) as const;

export const goldenFrames: readonly GoldenFrame[] = [
  // HID Point of Sale Usage Tables 1.02, section 4; reports of public projects.
  { protocol: 'hid-pos', hex: '0304 02 00 6e03', says: { grams: 878, stable: true }, shown: { grams: 878 } },
  { protocol: 'hid-pos', hex: '0304 0b ff 4e00', says: { grams: 221.126280375, stable: true }, shown: ounces(7.8) },
  { protocol: 'hid-pos', hex: '0304 0b ff 1900', says: { grams: 70.8738078125, stable: true }, shown: ounces(2.5) },
  { protocol: 'hid-pos', hex: '0304 0b ff 3800', says: { grams: 158.7573295, stable: true }, shown: ounces(5.6) },
  { protocol: 'hid-pos', hex: '0304 0b ff 9700', says: { grams: 428.0777991875, stable: true }, shown: ounces(15.1) },
  { protocol: 'hid-pos', hex: '0302 0b ff 0000', says: { grams: 0, stable: true }, shown: ounces(0) },
  { protocol: 'hid-pos', hex: '0305 0b ff 0000', says: { grams: 0, stable: false, underload: true } },
  {
    protocol: 'hid-pos',
    hex: '0305 02 00 1400',
    says: { grams: -20, stable: false, underload: true },
    shown: { grams: -20 },
  },
  { protocol: 'hid-pos', hex: '0304 00 00 9000', says: null },
  { protocol: 'hid-pos', hex: '0304 01 00 9000', says: { grams: 0.144, stable: true } },
  { protocol: 'hid-pos', hex: '0304 00 ff 3800', says: null },
  { protocol: 'hid-pos', hex: '0302 00 00 0000', says: { grams: 0, stable: true } },
  {
    protocol: 'hid-pos',
    hex: '0304 0c fe 1103',
    says: { grams: 3560.7001045 },
    shown: { grams: 3560.7001045, ...lb, decimals: 2 },
  },
  { protocol: 'hid-pos', hex: '0304 0b ff 6f04', says: { grams: 3217.6708746875, stable: true }, shown: ounces(113.5) },
  { protocol: 'hid-pos', hex: '0404 0b ff 1900', says: { grams: 70.8738078125, stable: true } },
  {
    protocol: 'hid-pos',
    hex: '0303 02 00 6e03',
    says: { grams: 878, stable: false },
    shown: { grams: 878, stable: false },
  },
  { protocol: 'hid-pos', hex: '0306 02 00 6e03', says: { grams: 0, overload: true, stable: false } },
  { protocol: 'hid-pos', hex: '0304 02 01 0a00', says: { grams: 100 } },
  { protocol: 'hid-pos', hex: '0304 03 fd d204', says: { grams: 1234 }, shown: { grams: 1234, ...kg, decimals: 3 } },
  { protocol: 'hid-pos', hex: '0304 04 00 0500', says: { grams: 1 } },
  { protocol: 'hid-pos', hex: '0304 05 00 0500', says: null },
  { protocol: 'hid-pos', hex: '0304 06 00 e803', says: { grams: 64.79891 } },
  { protocol: 'hid-pos', hex: '0304 07 00 0100', says: { grams: 1.55517384 } },
  { protocol: 'hid-pos', hex: '0304 08 fd 0200', says: { grams: 2000 } },
  { protocol: 'hid-pos', hex: '0304 09 fd 0100', says: { grams: 907.18474 } },
  { protocol: 'hid-pos', hex: '0304 0a 00 0100', says: { grams: 31.1034768 } },
  { protocol: 'hid-pos', hex: '0304 0d 00 0100', says: null },
  { protocol: 'hid-pos', hex: '0300 02 00 0100', says: null },
  { protocol: 'hid-pos', hex: '0309 02 00 0100', says: null },
  { protocol: 'hid-pos', hex: '0301 02 00 0100', says: null },
  { protocol: 'hid-pos', hex: '0307 02 00 0100', says: null },
  { protocol: 'hid-pos', hex: '0308 02 00 0100', says: null },
  { protocol: 'hid-pos', hex: '0302 02 00 0100', says: null },
  {
    protocol: 'hid-pos',
    settings: { form: 'webhid' },
    hex: '04 02 00 1400',
    says: { grams: 20 },
    form: 'webhid',
    shown: { grams: 20 },
  },
  { protocol: 'hid-pos', settings: { form: 'webhid' }, hex: '04 0b ff 3419', says: { grams: 645.2 * 28.349523125 } },

  // MT-SICS, level 0.
  {
    protocol: 'mt-sics',
    hex: '53 20 53 20 20 20 20 20 31 30 30 2e 30 30 20 67 0d 0a',
    says: { grams: 100, stable: true },
    shown: { grams: 100, decimals: 2 },
  },
  {
    protocol: 'mt-sics',
    hex: hexOfText('S D     129.07 g\r\n'),
    says: { grams: 129.07, stable: false },
    shown: { grams: 129.07, decimals: 2, stable: false },
  },
  { protocol: 'mt-sics', hex: hexOfText('S +\r\n'), says: { overload: true }, shown: { overload: true } },
  { protocol: 'mt-sics', hex: hexOfText('S -\r\n'), says: { underload: true }, shown: { underload: true } },
  { protocol: 'mt-sics', hex: hexOfText('S I\r\n'), says: null },

  // Toledo 8217, calculated.
  {
    protocol: 'toledo-8217',
    settings: kg,
    hex: '02 30 31 32 2e 33 34 0d',
    says: { grams: 12_340, stable: true },
    shown: { grams: 12_340, ...kg, decimals: 2 },
  },
  {
    protocol: 'toledo-8217',
    settings: lb,
    hex: '02 30 31 32 2e 33 34 0d',
    says: { grams: 5597.3298458, stable: true },
    shown: { grams: 5597.3298458, ...lb, decimals: 2 },
  },
  { protocol: 'toledo-8217', settings: kg, hex: '82 30 b1 b2 2e 33 b4 8d', says: { grams: 12_340, stable: true } },
  {
    protocol: 'toledo-8217',
    settings: kg,
    hex: hexOfText('\x02012.34N\r'),
    says: { grams: 12_340, net: true },
    shown: { grams: 12_340, ...kg, decimals: 2, net: true },
  },
  {
    protocol: 'toledo-8217',
    settings: kg,
    hex: '02 3f 41 0d',
    says: null,
    shown: { grams: 100, ...kg, stable: false, decimals: 2 },
  },
  {
    protocol: 'toledo-8217',
    settings: kg,
    hex: '02 3f 42 0d',
    says: { overload: true },
    shown: { grams: 100, ...kg, overload: true, decimals: 2 },
  },
  { protocol: 'toledo-8217', settings: kg, hex: '02 3f 44 0d', says: { underload: true } },
  { protocol: 'toledo-8217', settings: kg, hex: '02 3f 62 0d', says: { overload: true, net: true } },
  { protocol: 'toledo-8217', settings: kg, hex: '02 3f 48 0d', says: null },
  { protocol: 'toledo-8217', settings: kg, hex: '02 3f 02 0d', says: null },
  { protocol: 'toledo-8217', hex: '02 30 31 32 2e 33 34 0d', says: null },

  // Toledo continuous, calculated.
  {
    protocol: 'toledo-continuous',
    hex: '02 2c 30 20 20 31 32 33 34 35 20 20 20 20 20 30 0d 06',
    says: { grams: 123_450, stable: true, net: false },
    shown: { grams: 123_450, ...kg, decimals: 2 },
  },
  {
    protocol: 'toledo-continuous',
    hex: '02 2c 2b 20 20 20 20 20 35 30 20 20 20 31 30 30 0d 24',
    says: { grams: -226.796185, stable: false, net: true },
  },
  {
    protocol: 'toledo-continuous',
    hex: '02 2c 30 20 20 31 32 33 34 35 20 20 20 20 20 30 0d',
    says: { grams: 123_450, stable: true },
    form: 'plain',
    shown: { grams: 123_450, ...kg, decimals: 2 },
  },
  { protocol: 'toledo-continuous', hex: '02 2c 30 20 20 31 32 33 34 35 20 20 20 20 20 30 0d 07', says: null },

  // Yaohua XK3190: recorded by a public weighbridge project, the manuals' examples, and calculated.
  {
    protocol: 'xk3190',
    settings: kg,
    hex: '02 2b 30 30 30 30 30 30 30 31 42 03',
    says: { grams: 0, stable: false },
    shown: { grams: 0, ...kg },
  },
  {
    protocol: 'xk3190',
    settings: kg,
    hex: '02 2b 30 30 31 35 36 30 30 31 39 03',
    says: { grams: 1_560_000 },
    shown: { grams: 1_560_000, ...kg },
  },
  {
    protocol: 'xk3190',
    settings: kg,
    hex: '02 2b 30 30 31 36 35 30 30 31 39 03',
    says: { grams: 1_650_000 },
    shown: { grams: 1_650_000, ...kg },
  },
  {
    protocol: 'xk3190',
    settings: kg,
    hex: '02 2b 30 30 32 30 30 30 32 31 42 03',
    says: { grams: 20_000 },
    shown: { grams: 20_000, ...kg, decimals: 2 },
  },
  {
    protocol: 'xk3190',
    settings: kg,
    hex: '02 2d 30 30 30 31 30 30 32 31 45 03',
    says: { grams: -1_000 },
    shown: { grams: -1_000, ...kg, decimals: 2 },
  },
  { protocol: 'xk3190', hex: '02 2b 30 30 31 35 36 30 30 31 39 03', says: null },
  {
    protocol: 'xk3190',
    settings: { ...kg, form: 'reversed' },
    hex: hexOfText('=000.3000'),
    says: { grams: 3_000 },
    form: 'reversed',
    shown: { grams: 3_000, ...kg, decimals: 3 },
  },
  {
    protocol: 'xk3190',
    settings: { ...kg, form: 'reversed' },
    hex: hexOfText('=00.1000-'),
    says: { grams: -1_000 },
    form: 'reversed',
    shown: { grams: -1_000, ...kg, decimals: 2 },
  },
  {
    protocol: 'xk3190',
    settings: { ...kg, form: 'forward' },
    hex: hexOfText('=0003.000'),
    says: { grams: 3_000 },
    form: 'forward',
    shown: { grams: 3_000, ...kg, decimals: 3 },
  },
  {
    protocol: 'xk3190',
    settings: { ...kg, form: 'forward' },
    hex: hexOfText('=-0001.00'),
    says: { grams: -1_000 },
    form: 'forward',
    shown: { grams: -1_000, ...kg, decimals: 2 },
  },
  {
    protocol: 'xk3190',
    settings: { form: 'price' },
    hex: hexOfText('=0002.000kg;0001.00;0002.00'),
    says: { grams: 2_000 },
    form: 'price',
    shown: { grams: 2_000, ...kg, decimals: 3 },
  },
  { protocol: 'xk3190', settings: kg, hex: hexOfText('=000.3000'), says: null },
  {
    protocol: 'xk3190',
    settings: { form: 'a12' },
    hex: '57 47 30 30 34 2e 31 33 39 6b 67 33 44 0d 0a',
    says: { grams: 4_139 },
    form: 'a12',
    shown: { grams: 4_139, ...kg, decimals: 3 },
  },
  {
    protocol: 'xk3190',
    settings: { form: 'a12' },
    hex: hexOfText('         OL23\r\n'),
    says: { overload: true },
    form: 'a12',
    shown: { overload: true },
  },
  {
    protocol: 'xk3190',
    settings: { form: 'a12' },
    hex: hexOfText('         LO23\r\n'),
    says: { underload: true },
    form: 'a12',
    shown: { underload: true },
  },
  {
    protocol: 'xk3190',
    settings: { form: 'a12-text' },
    hex: hexOfText('wn-0000.1kg'),
    says: { grams: -100, net: true },
    form: 'a12-text',
    shown: { grams: -100, ...kg, decimals: 1, net: true },
  },
  { protocol: 'xk3190', settings: { form: 'a12-text' }, hex: hexOfText('ww000.000lb'), says: { grams: 0, net: false } },
  {
    protocol: 'xk3190',
    settings: { ...kg, form: 'c602', decimals: 2 },
    hex: '02 30 30 31 32 33 34 0d 0a 03',
    says: { grams: 12_340 },
    form: 'c602',
    shown: { grams: 12_340, ...kg, decimals: 2 },
  },

  // A&D EK-L manual p. 30, GC manual p. 51, AD-4329A.
  {
    protocol: 'and',
    hex: '53 54 2c 2b 30 30 31 32 33 34 2e 35 20 20 67 0d 0a',
    says: { grams: 1234.5, stable: true },
    shown: { grams: 1234.5, decimals: 1 },
  },
  { protocol: 'and', hex: hexOfText('QT,+00012345 PC\r\n'), says: null },
  { protocol: 'and', hex: hexOfText('OL,+999999.9  g\r\n'), says: { overload: true, stable: false } },
  { protocol: 'and', hex: hexOfText('ST,OK,+001234.5  g\r\n'), says: { grams: 1234.5, stable: true } },
  {
    protocol: 'and',
    hex: hexOfText('ST,G ,+01234.5kg\r\n'),
    says: { grams: 1_234_500, stable: true, net: false },
    voice: 1,
    shown: { grams: 1_234_500, ...kg, decimals: 1 },
  },
  { protocol: 'and', hex: hexOfText('OL,G ,+    .  kg\r\n'), says: { overload: true } },
  { protocol: 'and', hex: hexOfText('ST,+001234.5 tl\r\n'), says: null },

  // CAS CI-600D p. 74 and others, calculated.
  {
    protocol: 'cas',
    hex: '53 54 2c 47 53 2c 31 c4 2c 20 20 30 31 33 2e 35 30 20 6b 67 0d 0a',
    says: { grams: 13_500, stable: true },
    shown: { grams: 13_500, ...kg, decimals: 2 },
  },
  {
    protocol: 'cas',
    hex: hexOfText('ST,GS,  013.50kg\r\n'),
    says: { grams: 13_500, stable: true },
    voice: 1,
    shown: { grams: 13_500, ...kg, decimals: 2 },
  },
  {
    protocol: 'cas',
    settings: kg,
    hex: hexOfText('  013.50\r\n'),
    says: { grams: 13_500, stable: false },
    form: '10-byte',
    shown: { grams: 13_500, ...kg, decimals: 2 },
  },
  { protocol: 'cas', hex: hexOfText('  013.50\r\n'), says: null },
  { protocol: 'cas', hex: hexOfText('E R R 03\r\n'), says: null },
  { protocol: 'cas', hex: hexOfText('ST,GS,1\x44,  013.50 kg\r\n'), says: null },
  { protocol: 'cas', hex: hexOfText('ST,GS,1\x84,  013.50 kg\r\n'), says: { grams: 13_500, stable: false } },
  { protocol: 'cas', hex: hexOfText('ST,GS,1\xd4,  013.50 kg\r\n'), says: { grams: 13_500, stable: false } },

  // Ohaus.
  {
    protocol: 'ohaus',
    hex: hexOfText('     192.21 g\r\n'),
    says: { grams: 192.21, stable: true },
    shown: { grams: 192.21, decimals: 2 },
  },
  {
    protocol: 'ohaus',
    hex: hexOfText('       0.01 g ?\r\n'),
    says: { grams: 0.01, stable: false },
    shown: { grams: 0.01, decimals: 2, stable: false },
  },
  {
    protocol: 'ohaus',
    hex: hexOfText('        0.85 oz     WET WT\r\n'),
    says: { grams: 0.85 * 28.349523125, stable: true },
  },
  {
    protocol: 'ohaus',
    hex: hexOfText('-    1.25 kg   ?NET\r\n'),
    says: { grams: -1_250, stable: false, net: true },
    voice: 1,
    shown: { grams: -1_250, ...kg, decimals: 2, stable: false, net: true },
  },
  { protocol: 'ohaus', hex: hexOfText('92.21 g\r\n'), says: null },

  // Sartorius SBI: CB manual p. 34.
  {
    protocol: 'sbi',
    hex: hexOfText('+   1255.7 g  \r\n'),
    says: { grams: 1255.7, stable: true },
    shown: { grams: 1255.7, decimals: 1 },
  },
  { protocol: 'sbi', hex: hexOfText('+  123.56 g  \r\n'), says: { grams: 123.56, stable: true } },
  {
    protocol: 'sbi',
    hex: hexOfText('N     +   123.56 g  \r\n'),
    says: { grams: 123.56, stable: true, net: true },
    voice: 1,
    shown: { grams: 123.56, decimals: 2, net: true },
  },
  {
    protocol: 'sbi',
    settings: { unit: 'g' },
    hex: hexOfText('+   123.56    \r\n'),
    says: { grams: 123.56, stable: false },
    shown: { grams: 123.56, decimals: 2, stable: false },
  },
  { protocol: 'sbi', hex: hexOfText('+   123.56    \r\n'), says: null },
  { protocol: 'sbi', hex: hexOfText('+ 123.5[6] g  \r\n'), says: { grams: 123.56, stable: true } },
  {
    protocol: 'sbi',
    hex: hexOfText('Stat        High    \r\n'),
    says: { overload: true },
    voice: 1,
    shown: { overload: true },
  },
  {
    protocol: 'sbi',
    hex: hexOfText('Stat        Low     \r\n'),
    says: { underload: true },
    voice: 1,
    shown: { underload: true },
  },
  { protocol: 'sbi', hex: hexOfText('Stat      ERR 054   \r\n'), says: null },

  { protocol: 'sbi', hex: hexOfText('+\t  1255.7 g  \r\n'), says: null },
  { protocol: 'sbi', hex: hexOfText('+   1255.7 g\xa0 \r\n'), says: null },

  // NCI and SMA (Sartorius PR5220 pp. 130-133).
  {
    protocol: 'nci',
    hex: '0a 20 31 47 20 20 20 20 20 20 20 35 2e 30 32 35 6c 62 20 0d',
    says: { grams: 2279.30165925, stable: true, net: false },
    form: 'sma',
    shown: { grams: 2279.30165925, ...lb, decimals: 3 },
  },
  {
    protocol: 'nci',
    hex: hexOfText('\n 1GM      7.650kg \r'),
    says: { grams: 7_650, stable: false },
    form: 'sma',
    shown: { grams: 7_650, ...kg, decimals: 3, stable: false },
  },
  { protocol: 'nci', hex: hexOfText('\n?\r'), says: null },
  { protocol: 'nci', hex: hexOfText('\n!\r'), says: null },
  { protocol: 'nci', hex: hexOfText('\n  1.25LB\r\n00\r\x03'), says: { grams: 566.9904625, stable: true } },
  { protocol: 'nci', hex: hexOfText('\n  1.25LB\r\nS0000\r\x03'), says: { grams: 566.9904625, stable: true } },
  {
    protocol: 'nci',
    hex: hexOfText('\n^^^^^^^^^kg\r\n020\r\x03'),
    says: { overload: true },
    shown: { ...kg, grams: 1_000, overload: true },
  },
  { protocol: 'nci', hex: hexOfText('\n______kg\r\n00\r\x03'), says: { underload: true } },
  { protocol: 'nci', hex: hexOfText('\n------kg\r\n00\r\x03'), says: null },
  { protocol: 'nci', hex: hexOfText('\n10\r\x03'), says: null },
  { protocol: 'nci', hex: hexOfText('\n02\r\x03'), says: { overload: true } },
  { protocol: 'nci', hex: hexOfText('\n40\r\x03'), says: null },
  { protocol: 'nci', hex: hexOfText('\n?\r\x03'), says: null },

  // Adam AZExtra (public source) and CPWplus.
  {
    protocol: 'adam',
    hex: hexOfText('    1.23kg\r\n'),
    says: { grams: 1_230, stable: false },
    shown: { grams: 1_230, ...kg, decimals: 2 },
  },
  {
    protocol: 'adam',
    settings: { equalFrames: 1 },
    hex: hexOfText('1.23kg\r\n'),
    says: { grams: 1_230, stable: true },
  },
  {
    protocol: 'adam',
    hex: hexOfText('G/W + 1.23 kg\r\n'),
    says: { grams: 1_230, net: false },
    form: 'cpwplus',
    shown: { grams: 1_230, ...kg, decimals: 2 },
  },

  // KERN DE manual p. 33, FKB manual p. 37.
  {
    protocol: 'kern',
    hex: hexOfText('       1.250 kg \r\n'),
    says: { grams: 1_250, stable: true },
    shown: { grams: 1_250, ...kg, decimals: 3 },
  },
  { protocol: 'kern', hex: hexOfText('M-       0.000 kg\r\n'), says: { grams: 0, stable: true } },
  {
    protocol: 'kern',
    settings: kg,
    hex: hexOfText('       1.250    \r\n'),
    says: { grams: 1_250, stable: false },
    shown: { grams: 1_250, ...kg, decimals: 3, stable: false },
  },
  { protocol: 'kern', hex: hexOfText('           Error\r\n'), says: null, shown: { overload: true } },
  {
    protocol: 'kern',
    settings: { form: 'continuous' },
    hex: '02 2c 30 20 20 31 32 33 34 35 20 20 20 20 20 30 0d 06',
    says: { grams: 123_450, stable: true },
  },
];
