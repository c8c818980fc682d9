import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { proposeDws } from './autodetect.ts';
import { decode } from './autodetect-heard.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));
const propose = (text: string, ended = false) => proposeDws({ streams: [ascii(text)], ended });

const sick = '\x020145;1JVGL0012345;000081212;g;0;0321;0150;0087;mm;0000;4189050\x03';
const cubiscan = '\x02MAC000001,L032.1,W015.0,H008.7,M,K008.12,D008.12,M,F0010,I\x03\r\n';

describe('what it is', () => {
  test.each([
    ['the manual of SICK', sick.repeat(3), { format: 'sick' }, []],
    ['the manual of Cubiscan', cubiscan.repeat(2), { format: 'cubiscan' }, []],
    [
      'the public template',
      '9811962888027,12.5,150,80,60,720,1765365164205\r\nNoRead,3.25,100,50,20,100,1765365165205\r\n',
      { format: 'csv' },
      ['weightUnit', 'lengthUnit'],
    ],
    [
      'usual JSON names',
      '{"barcode":"JSON123","weight":99.9,"length":150,"width":80,"height":60,"volume":720}\n'.repeat(2),
      { format: 'json' },
      ['weightUnit', 'lengthUnit'],
    ],
    [
      'JSON names of somebody else, inside another object',
      '{"type":"dws","data":{"waybillNo":"SF1234567890","grossWeight":"1.25","lengthMm":300,"widthMm":200,"heightMm":150}}\n',
      {
        format: 'json',
        fields: {
          barcode: 'data.waybillNo',
          weight: 'data.grossWeight',
          length: 'data.lengthMm',
          width: 'data.widthMm',
          height: 'data.heightMm',
        },
      },
      ['weightUnit', 'lengthUnit'],
    ],
    [
      'a delimiter and an order of its own, proved by the volume',
      '300|200|150|9000|SF1234567890|1.25\r\n310|200|100|6200|SF1234567891|2.5\r\n',
      { format: 'template', template: '{Length}|{Width}|{Height}|{Volume}|{Code}|{Weight}' },
      ['weightUnit', 'lengthUnit'],
    ],
    [
      'units that stand behind the numbers',
      'SF1234567890;1.25kg;300mm;200mm;150mm\r\nSF1234567891;0.5kg;100mm;90mm;80mm\r\n',
      {
        format: 'template',
        template: '{Code};{Weight}kg;{Length}mm;{Width}mm;{Height}mm',
        weightUnit: 'kg',
        lengthUnit: 'mm',
      },
      [],
    ],
    [
      'STX and ETX around it',
      '\x02SF1234567890\t1.25\t300\t200\t150\x03\x02SF1234567891\t2.50\t310\t210\t160\x03',
      {
        format: 'template',
        template: '{Code}\\t{Weight}\\t{Length}\\t{Width}\\t{Height}',
        header: '\\x02',
        trailer: '\\x03',
      },
      ['weightUnit', 'lengthUnit'],
    ],
    [
      'fields at fixed places',
      'SF1234567890   01.250 0300 0200 0150\rYT998877665544 00.500 0100 0090 0080\rNOREAD         12.000 0400 0300 0200\r',
      {
        format: 'fixed-width',
        recordLength: 36,
        layout: [
          { field: 'barcode', at: 0, length: 14 },
          { field: 'weight', at: 15, length: 6 },
          { field: 'length', at: 22, length: 4 },
          { field: 'width', at: 27, length: 4 },
          { field: 'height', at: 32, length: 4 },
        ],
      },
      ['weightUnit', 'lengthUnit'],
    ],
  ])('%s', (_, text, settings, needs) => {
    const [first] = propose(text);
    expect(first?.settings).toEqual(settings);
    expect(first?.needs).toEqual(needs);
    expect(first?.score).toBeGreaterThan(0.35);
  });

  test('weights that grow by one are weights, and a number in front that does is a running number', () => {
    const rows = [1, 2, 3].map((n) => `${n},SF123456789${n},${1_250 + n},300,200,150`).join('\r\n');
    expect(propose(`${rows}\r\n`)[0]?.settings.template).toBe('{Sequence},{Code},{Weight},{Length},{Width},{Height}');
  });

  test('two orders of columns that cannot be told apart are both proposed, as guesses', () => {
    const [first, second] = propose('SF1234567890,125,300,200,150\r\nSF1234567891,250,310,200,100\r\n');
    expect(first?.settings.template).toBe('{Code},{Weight},{Length},{Width},{Height}');
    expect(second?.settings.template).toBe('{Code},{Length},{Width},{Height},{Weight}');
    expect(first?.because).toContainEqual(
      expect.objectContaining({ code: 'device.because-columns-guessed', tone: 'warn' }),
    );
  });

  test('the record shows what would be read', () => {
    expect(propose(sick)[0]?.record).toMatchObject({ barcodes: ['1JVGL0012345'], weightG: 81_212, lengthMm: 321 });
  });

  test('heartbeats and noise among the records do not hide them', () => {
    const [first] = propose(
      'HB\r\n\x00#noise\x7f\r\nSF1234567890,1.25,300,200,150\r\nHB\r\nSF1234567891,2.5,31,20,10\r\n',
    );
    expect(first?.settings.template).toBe('{Code},{Weight},{Length},{Width},{Height}');
    expect(first?.refused).toBe(1);
  });

  test('one whole message needs no line end', () => {
    expect(propose('SF1234567890,1.25,300,200,150', true)[0]?.frames).toBe(1);
    expect(propose('SF1234567890,1.25,300,200,150', false)).toEqual([]);
  });

  test('bytes of two connections are never one record', () => {
    const half = ascii(sick.slice(0, 20));
    const rest = ascii(sick.slice(20));
    expect(proposeDws({ streams: [half, rest], ended: false })).toEqual([]);
  });

  test('a code alone is a scanner and no measuring machine; words are nothing', () => {
    expect(propose('SF1234567890\r\nSF1234567891\r\n')).toEqual([]);
    expect(propose('hello, world, this\r\nis, no, machine\r\n')).toEqual([]);
    expect(propose('')).toEqual([]);
  });
});

test('any bytes are judged without an error, and what is proposed reads what it says', () => {
  const alphabet = [...'{}[]":,;|.0123456789SFkgm\r\n\t \x02\x03-'].map((one) => one.charCodeAt(0));
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.array(fc.constantFrom(...alphabet), { maxLength: 300 }).map((all) => Uint8Array.from(all)),
  );
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 4 }), fc.boolean(), (streams, ended) => {
      for (const proposal of proposeDws({ streams, ended })) {
        expect(proposal.score).toBeLessThanOrEqual(1);
        const records = decode(proposal.settings, { streams, ended }).filter((item) => 'barcodes' in item);
        expect(records).toHaveLength(proposal.frames);
      }
    }),
    { numRuns: 3_000 },
  );
});

test('any table of weights and sizes in any order, with a volume, is read to the same sizes', () => {
  const row = fc.record({
    code: fc.stringMatching(/^[A-Z]{2}\d{9}$/),
    weight: fc.integer({ min: 1, max: 30_000 }).map((grams) => (grams / 1_000).toFixed(3)),
    sizes: fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 20, max: 900 }))),
  });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 3, maxLength: 8 }),
      fc.constantFrom(',', ';', '|', '\t'),
      fc.shuffledSubarray(['code', 'weight', 'sizes', 'volume'], { minLength: 4 }),
      (rows, delimiter, order) => {
        const cells = (each: (typeof rows)[number]): Record<string, string> => {
          const [l = 0, w = 0, h = 0] = each.sizes;
          return {
            code: each.code,
            weight: each.weight,
            sizes: each.sizes.join(delimiter),
            volume: ((l * w * h) / 1_000).toFixed(3),
          };
        };
        const text = rows.map((each) => order.map((name) => cells(each)[name]).join(delimiter)).join('\r\n');
        const [first] = propose(`${text}\r\n`);
        const last = rows.at(-1);
        expect([first?.record.lengthMm, first?.record.widthMm, first?.record.heightMm]).toEqual(last?.sizes);
        expect(first?.record.barcodes).toEqual([last?.code]);
      },
    ),
  );
});
