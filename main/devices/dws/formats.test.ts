/** The documented frames of each format, every chunking of them, and bytes that are none. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameWords } from '../../domain/frame-problems.ts';
import { hexOf, type DwsItem, type DwsRecord } from '../../domain/dws-record.ts';
import { parseDwsDecoding, type DwsDecodingInput } from '../../domain/dws-settings.ts';
import { decodeDwsHex, dwsFormat, replayDws } from './index.ts';
import { bcc, crc8 } from './text-lines.ts';

const metric = { weightUnit: 'g', lengthUnit: 'mm' } as const;

function decode(given: DwsDecodingInput, text: string): DwsItem[] {
  return decodeDwsHex(given, hexOf(new TextEncoder().encode(text)));
}

function only(items: readonly DwsItem[]): DwsRecord {
  expect(items).toHaveLength(1);
  const [item] = items;
  if (item === undefined || !('barcodes' in item)) throw new Error(`no record: ${JSON.stringify(item)}`);
  return item;
}

function errorsOf(items: readonly DwsItem[]): string[] {
  return items.map((item) => ('error' in item ? item.error : 'a record'));
}

describe('csv and template', () => {
  test('the public template: grams, millimetres, cubic centimetres, milliseconds', () => {
    const record = only(decode({ format: 'csv', ...metric }, 'TEST123,250.5,100.2,50.3,30.1,150.75,1765365164205\n'));
    expect(record).toMatchObject({
      barcodes: ['TEST123'],
      noRead: false,
      weightG: 250.5,
      lengthMm: 100.2,
      widthMm: 50.3,
      heightMm: 30.1,
      volumeCm3: 150.75,
      volumeComputedCm3: 151.706,
      volumeMismatch: false,
      stamp: 1_765_365_164_205,
      errors: [],
    });
  });

  test('zeros are not measured', () => {
    const record = only(decode({ format: 'csv', ...metric }, '9811962888027,0.000,0,0,0,0,1765365164205'));
    expect(record).toMatchObject({ barcodes: ['9811962888027'], weightG: null, lengthMm: null, volumeCm3: null });
    expect(record.errors).toEqual(['no weight', 'no size']);
  });

  test('another delimiter, and seconds', () => {
    const given = {
      format: 'csv',
      ...metric,
      template: '{Code}|{Weight}|{Length}|{Width}|{Height}|{Volume}|{Timestamp}',
    } as const;
    expect(only(decode(given, 'PIPE123|456.78|100|50|25|125.0|1765365164\r\n'))).toMatchObject({
      barcodes: ['PIPE123'],
      weightG: 456.78,
      stamp: 1_765_365_164_000,
    });
  });

  test('a wrong number of fields is refused with both numbers', () => {
    expect(errorsOf(decode({ format: 'csv', ...metric }, 'A,1,2,3\n'))).toEqual([
      'record has 4 fields; the template has 7',
    ]);
  });

  test('units are the ones that were said: kilograms and centimetres', () => {
    const given = { format: 'csv', weightUnit: 'kg', lengthUnit: 'cm' } as const;
    expect(only(decode(given, 'A1,1.0005,10,5,2.5,125,\n'))).toMatchObject({
      weightG: 1000.5,
      lengthMm: 100,
      heightMm: 25,
    });
  });

  test('without a unit no weight is made up', () => {
    expect(errorsOf(decode({ format: 'csv' }, 'A1,1,10,5,2,100,\n'))).toEqual([
      'weight has no unit; say which one the machine sends',
    ]);
  });

  test('volume that does not fit the sizes is marked', () => {
    expect(only(decode({ format: 'csv', ...metric }, 'A1,100,100,100,100,900,\n')).volumeMismatch).toBe(true);
    expect(only(decode({ format: 'csv', ...metric }, 'A1,100,100,100,100,1001,\n')).volumeMismatch).toBe(false);
  });

  test('several barcodes in one field, each once, no-reads among them left out', () => {
    const record = only(decode({ format: 'csv', ...metric }, 'SF1;NoRead;]C1SF2;SF1,100,1,1,1,0.001,\n'));
    expect([record.barcodes, record.noRead]).toEqual([['SF1', 'SF2'], false]);
  });

  test.each(['noread', 'NOREAD', 'xxNoReadxx', 'NOLABLE', '0000000000000', 'BR', 'NR', '?', '????', '', 'No Read d_1'])(
    '"%s" is a no-read',
    (code) => {
      const record = only(decode({ format: 'csv', ...metric, barcodeSeparators: '' }, `${code},100,1,1,1,0.001,\n`));
      expect([record.noRead, record.barcodes]).toEqual([true, []]);
    },
  );

  test('a list of no-reads in the profile replaces the usual one', () => {
    const given: DwsDecodingInput = { format: 'csv', ...metric, noRead: ['ERR*'] };
    expect(only(decode(given, 'ERR7,100,1,1,1,0.001,\n')).noRead).toBe(true);
    expect(only(decode(given, 'BR,100,1,1,1,0.001,\n')).barcodes).toEqual(['BR']);
  });

  test('signs of life and empty lines make no record', () => {
    expect(decode({ format: 'csv', ...metric }, 'HB\r\n\r\nheartbeat\nHBHB\n\0\0\n')).toEqual([]);
  });

  test.each([['bcc', bcc] as const, ['crc-8', crc8] as const])(
    'header, trailer, running number and %s',
    (check, sum) => {
      const body = '007A1,100,10,10,10,1,';
      const characters = (n: number): string => n.toString(16).padStart(2, '0').toUpperCase();
      const given = { format: 'template', ...metric, header: '\\x02', trailer: '\\x03', sequence: 3, check } as const;
      const good = `\x02${body}${characters(sum(new TextEncoder().encode(body)))}\x03`;
      expect(only(decode(given, good))).toMatchObject({ barcodes: ['A1'], sequence: '007', weightG: 100 });
      expect(errorsOf(decode(given, good.replace('100', '101')))).toEqual(['check characters do not fit the record']);
    },
  );

  test('a record that does not end is no record, and costs only itself', () => {
    const given = { format: 'template', ...metric, header: '\\x02', trailer: '\\x03' } as const;
    const items = decode(given, '\x02A1,100,1\x02A2,200,10,10,10,1,\x03');
    expect(items.map((item) => ('error' in item ? item.error : 'barcodes' in item ? item.barcodes[0] : ''))).toEqual([
      'record begins again before it ended',
      'A2',
    ]);
  });

  test.each([
    ['{Kode},{Weight}', 'template field {Kode} is not known'],
    ['{Code}{Weight}', 'needs a delimiter'],
    ['nothing', 'has no field'],
    ['{Weight},{Weight}', 'twice'],
  ])('template "%s" is refused', (template, why) => {
    expect(() => decode({ format: 'template', ...metric, template }, 'x')).toThrow(why);
  });

  test('a record that is too long is refused, and the next one read', () => {
    const items = decode({ format: 'csv', ...metric }, `${'9'.repeat(10_000)}\nA1,1,1,1,1,0.001,\n`);
    expect(items.map((item) => 'error' in item)).toEqual([true, false]);
  });

  test('a weight that is no number, or cannot be true, is refused', () => {
    expect(errorsOf(decode({ format: 'csv', ...metric }, 'A,1x,1,1,1,1,\n'))).toEqual([
      'weight "1x" is not a number in g',
    ]);
    expect(errorsOf(decode({ format: 'csv', ...metric }, 'A,99999999,1,1,1,1,\n'))[0]).toContain('too large');
  });
});

describe('json', () => {
  const given = { format: 'json', ...metric } as const;

  test('the public example', () => {
    const record = only(
      decode(given, '{"barcode":"JSON123","weight":99.9,"length":150,"width":80,"height":60,"volume":720}'),
    );
    expect(record).toMatchObject({
      barcodes: ['JSON123'],
      weightG: 99.9,
      volumeComputedCm3: 720,
      volumeMismatch: false,
    });
  });

  test('glued objects, a list of them, and one over several lines', () => {
    const one = '{"barcode":"A","weight":1}';
    const items = decode(
      given,
      `${one}${one.replace('A', 'B')}[${one.replace('A', 'C')},\n{\n"barcode": "D",\n"weight": 2\n}]`,
    );
    expect(items.map((item) => ('barcodes' in item ? item.barcodes[0] : item))).toEqual(['A', 'B', 'C', 'D']);
  });

  test('numbers as texts with a decimal comma', () => {
    expect(only(decode({ ...given, weightUnit: 'kg' }, '{"barcode":"A","weight":"12,3"}')).weightG).toBe(12_300);
  });

  test('names from the profile, in nested objects', () => {
    const fields = { barcode: 'DwsPayload.Barcode', weight: 'DwsPayload.WeightGrams', length: 'DwsPayload.LengthMm' };
    const text = '{"ParcelId":7,"DwsPayload":{"WeightGrams":1250.5,"LengthMm":450.0,"Barcode":"SF1234567890"}}\n';
    expect(only(decode({ ...given, fields }, text))).toMatchObject({
      barcodes: ['SF1234567890'],
      weightG: 1250.5,
      lengthMm: 450,
      sequence: '7',
    });
  });

  test('a broken object costs itself only', () => {
    const items = decode(given, '{"barcode":"A","wei\n{garbage\n{"barcode":"B","weight":5}\n');
    expect(items.at(-1)).toMatchObject({ barcodes: ['B'], weightG: 5 });
    expect(items.slice(0, -1).every((item) => 'error' in item)).toBe(true);
  });

  test('a heartbeat object is no record; an object without fields is refused', () => {
    expect(decode(given, '{"type":"heartbeat"}')).toEqual([]);
    expect(errorsOf(decode(given, '{"hello":1}'))).toEqual(['JSON has no field of a record']);
  });

  test('a picture in the record is taken out of the raw bytes', () => {
    const picture = 'QUJD'.repeat(400);
    const record = only(decode({ ...given, pictures: true }, `{"barcode":"A","weight":1,"image":"${picture}"}`));
    expect(record.pictureData).toBe(picture);
    expect(record.raw.length).toBeLessThan(400);
  });

  test('keys that name what every object has are no fields', () => {
    expect(errorsOf(decode({ ...given, fields: { barcode: '__proto__.x' } }, '{"constructor":1}'))).toHaveLength(1);
  });
});

describe('fixed-width', () => {
  const given: DwsDecodingInput = {
    format: 'fixed-width',
    weightUnit: 'kg',
    layout: [
      { field: 'weight', at: 0, length: 6, decimals: 3 },
      { field: 'barcode', at: 6, length: 10 },
    ],
  };

  test('fields at their places, with a decimal point that is not sent', () => {
    expect(only(decode(given, '001250SF123     \r'))).toMatchObject({ barcodes: ['SF123'], weightG: 1_250 });
  });

  test('without a line end the length parts the records', () => {
    const items = decode({ ...given, recordLength: 16 }, '001250SF123     \r\n002500SF124     ');
    expect(items.map((item) => ('weightG' in item ? item.weightG : item))).toEqual([1_250, 2_500]);
  });

  test('a short record is refused', () => {
    expect(errorsOf(decode(given, '0012\r'))).toEqual(['record has 4 characters; 16 are needed']);
  });
});

describe('sick', () => {
  const given = { format: 'sick' } as const;
  const telegram = '0145;1JVGL0012345;000081212;g;0;0321;0150;0087;mm;0000;4189050';

  test("the manual's example", () => {
    expect(only(decode(given, `\x02${telegram}\x03`))).toMatchObject({
      barcodes: ['1JVGL0012345'],
      weightG: 81_212,
      lengthMm: 321,
      widthMm: 150,
      heightMm: 87,
      volumeCm3: 4_189.05,
      volumeComputedCm3: 4_189.05,
      volumeMismatch: false,
      sequence: '0145',
    });
  });

  test('a scale error gives no weight, a parcel outside the field no size', () => {
    const wrong = telegram.replace(';g;0;', ';g;1;').replace(';0000;', ';0001;').replace('1JVGL0012345', 'NoRead');
    const record = only(decode(given, `\x02${wrong}\x03`));
    expect(record).toMatchObject({ noRead: true, weightG: null, lengthMm: null });
    expect(record.errors).toEqual([
      'the scale reports an error',
      'the parcel was outside the measuring field',
      'no size',
    ]);
  });

  test('an unknown unit is refused', () => {
    expect(errorsOf(decode(given, `\x02${telegram.replace(';g;', ';st;')}\x03`))[0]).toContain('not a number in st');
  });
});

describe('cubiscan', () => {
  const given = { format: 'cubiscan' } as const;

  test("the manual's example: centimetres and kilograms", () => {
    const text = '\x02MAC004600,L020.0,W010.0,H030.0,M,K500.50,D510.50,M,F0010,I\x03\r\n\0\0';
    expect(only(decode(given, text))).toMatchObject({
      barcodes: [],
      noRead: false,
      weightG: 500_500,
      lengthMm: 200,
      widthMm: 100,
      heightMm: 300,
      volumeCm3: null,
      volumeComputedCm3: 6_000,
    });
  });

  test('inches and pounds, and marks in a value', () => {
    const text = '\x02MAH004600,L010.0,W~99.9,H-01.0,E,K_00.00,D000.00,E,F0166,D\x03\r\n';
    const record = only(decode(given, text));
    expect(record).toMatchObject({ lengthMm: 254, widthMm: null, heightMm: null, weightG: null });
    expect(record.errors).toContain('width is over the range');
  });

  test('refusals are no measurement, replies to other commands nothing', () => {
    expect(errorsOf(decode(given, '\x02MNCZ\x03\r\n\x02?N\x03\r\n\x02UAMMI0010004600\x03\r\n'))).toEqual([
      'the machine has a zeroing error',
      'the machine does not know the command',
    ]);
  });
});

/** One stream of each format, with a refused record, signs of life and blanks between the records. */
const streams: readonly (readonly [DwsDecodingInput, string])[] = [
  [{ format: 'csv', ...metric }, 'HB\nA1,1,1,1,1,0.001,\r\nno record\nA2;A3,2,1,1,1,0.001,1765365164\n'],
  [
    { format: 'template', ...metric, header: '\\x02', trailer: '\\r\\n', sequence: 2 },
    'x\n\x0201A1,1,1,1,1,0.001,\r\n\x0202A2,1\r\n\x0203A3,1,1\x0204A4,1,1,1,1,0.001,\r\n',
  ],
  [
    { format: 'json', ...metric },
    'HB\n{"barcode":"A}\\"","weight":"1,5"}{"barcode":["B","C"],"weight":2}\n{"x":{\n{"code":"D","weight":1}',
  ],
  [
    {
      format: 'fixed-width',
      weightUnit: 'g',
      recordLength: 8,
      layout: [
        { field: 'weight', at: 0, length: 4 },
        { field: 'barcode', at: 4, length: 4 },
      ],
    },
    '0100AAAA0200BBBB\r\n0300CCCC',
  ],
  [{ format: 'sick' }, 'HB\r\n\x021;A;1;g;0;1;1;1;mm;0000;1\x03zz\x022;B;1;g;0\x02\x02bad\x03'],
  [{ format: 'cubiscan' }, '\x02MAC004600,L020.0,W010.0,H030.0,M,K500.50,D510.50,M,F0010,I\x03\r\n\0\x02MNCC\x03\r\n'],
];

describe('whatever the chunking', () => {
  test.each(streams)('%o', (given, text) => {
    const bytes = new TextEncoder().encode(text);
    const whole = replayDws(given, [{ at: 0, hex: hexOf(bytes) }]);
    expect(whole.some((item) => 'barcodes' in item)).toBe(true);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), (cuts) => {
        const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
        const parts = edges.slice(1).map((to, index) => ({ at: 0, hex: hexOf(bytes.slice(edges[index] ?? 0, to)) }));
        expect(replayDws(given, parts)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });
});

test('1,000,000 fuzzed bytes: no throw, no record that is not well-formed, bounded memory', () => {
  let seed = 20_261_122;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const perStream = Math.ceil(1_000_000 / streams.length);
  let records = 0;
  for (const [given, text] of streams) {
    const settings = parseDwsDecoding(given);
    const decoder = dwsFormat(settings.format).decoder(settings);
    const sample = new TextEncoder().encode(text);
    for (let fed = 0; fed < perStream;) {
      // Half of the pieces are damaged copies of real records: pure noise never gets past the first byte.
      const length = 1 + Math.floor(random() * 200);
      const noisy = random() < 0.5;
      const from = Math.floor(random() * sample.length);
      const piece = Uint8Array.from({ length }, (_, index) =>
        noisy || random() < 0.03 ? Math.floor(random() * 256) : (sample[(from + index) % sample.length] ?? 0),
      );
      fed += length;
      for (const item of decoder.push(piece, 0)) {
        if ('error' in item) expect(item.error).toBe(frameWords(item.problem));
        if (!('barcodes' in item)) continue;
        records += 1;
        for (const value of [item.weightG, item.lengthMm, item.widthMm, item.heightMm, item.volumeCm3]) {
          expect(value === null || (Number.isFinite(value) && value > 0)).toBe(true);
        }
        expect(item.barcodes.every((code) => code !== '' && !/[^\P{C}\x1d]/u.test(code))).toBe(true);
      }
      expect(decoder.pending().length).toBeLessThanOrEqual(70_000);
    }
  }
  expect(records).toBeGreaterThan(100);
}, 60_000);
