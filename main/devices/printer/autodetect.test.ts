import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeFindings, modelOf, readAnswer, readDeviceId, type PrinterFinding } from './autodetect.ts';
import { printerLanguages, type PrinterLanguageName } from './languages.ts';
import { identityOf, quietQuestions, textQuestions, type IdentityQuestion } from './questions.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));
const every = [...quietQuestions, ...textQuestions, ...Object.values(identityOf)].flatMap((one) => one ?? []);
const question = (id: string): IdentityQuestion => {
  const found = every.find((each) => each.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};
const read = (id: string, answer: string | Uint8Array): PrinterFinding | null =>
  readAnswer(question(id), typeof answer === 'string' ? ascii(answer) : answer);

describe('answers', () => {
  test.each([
    ['ESC/POS DLE EOT', '\x12\x12\x12\x12', { language: 'escpos', score: 0.95 }],
    ['ESC/POS DLE EOT', '\x12', { language: 'escpos', score: 0.6 }],
    ['CPCL ESC h', '\x00', { language: 'cpcl', score: 0.5 }],
    ['TSPL ESC !S', '\x02@@@@\x03\r\n', { language: 'tspl', score: 0.95 }],
    ['TSPL ESC !?', '\x00', { language: 'tspl', score: 0.5 }],
    [
      'ZPL ~HI',
      '\x02ZTC GK420d-200dpi,V61.17.17Z,8,2104KB\x03\r\n',
      { language: 'zpl', model: 'ZTC GK420d-200dpi', dpi: 203 },
    ],
    ['ZPL ~HI', '\x02ZT410-300dpi,V75.20.01Z,12,65536KB,X\x03', { language: 'zpl', dpi: 300 }],
    ['ZPL ~HI', '\x02OLD,V1.0.0,6,512KB\x03', { language: 'zpl', dpi: null }],
    [
      'ZPL ~HS',
      '\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03',
      { language: 'zpl' },
    ],
    ['ESC/POS GS I', '_TM-T88V\0', { language: 'escpos', model: 'TM-T88V' }],
    ['CPCL ESC v', 'QLn320 V68.19\r\n\0', { language: 'cpcl', model: 'QLn320 V68.19' }],
    ['TSPL ~!T', 'TTP-244 Plus\r\n', { language: 'tspl', model: 'TTP-244 Plus' }],
  ])('%s', (id, answer, expected) => {
    expect(read(id, answer)).toMatchObject(expected);
  });

  test.each([
    ['ESC/POS DLE EOT', '\x81\x01\x80\x02\x10'],
    // A late answer to the question before.
    ['CPCL ESC h', '\x12'],
    ['TSPL ESC !?', '\x12'],
    ['TSPL ESC !S', '\x00'],
    ['ZPL ~HI', 'hello'],
    ['ZPL ~HI', ''],
    ['TSPL ~!T', '\x00'],
  ])('%s: %j is no answer', (id, answer) => {
    expect(read(id, answer)).toBeNull();
  });

  test('a line that gives back what it is given answers nothing', () => {
    for (const each of every) expect(readAnswer(each, each.bytes)).toBeNull();
  });

  test('any bytes are read without an error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...every), fc.uint8Array({ maxLength: 200 }), (each, bytes) => {
        expect(readAnswer(each, bytes)?.score ?? 0).toBeLessThanOrEqual(1);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('questions', () => {
  const languages = Object.keys(printerLanguages) as PrinterLanguageName[];

  test('of each is said what it does in every other language', () => {
    for (const each of [...quietQuestions, ...textQuestions]) {
      expect(Object.keys(each.elsewhere).toSorted()).toEqual(
        languages.filter((one) => one !== each.language).toSorted(),
      );
    }
  });

  test('before the language is known no line end and no form feed is sent, and quiet ones hold no text', () => {
    for (const { bytes, after } of [...quietQuestions, ...textQuestions]) {
      const all = [...bytes, ...(after ?? [])];
      expect(all.filter((byte) => [0x0a, 0x0c, 0x0d].includes(byte))).toEqual([]);
    }
    for (const { bytes, elsewhere } of quietQuestions) {
      // ESC and its letters, or DLE EOT and its number: two signs of an escape sequence are the most in a row.
      expect(String.fromCharCode(...bytes)).toMatch(/^(?:\x1b[\x21-\x7e]{1,2}|\x10\x04[\x01-\x04])+$/);
      expect(Object.values(elsewhere)).not.toContain('may print');
    }
  });

  test('what may print is asked last, and undone for the printers that would', () => {
    for (const { after } of textQuestions) expect(after).toEqual(Uint8Array.of(0x1b, 0x40));
  });
});

describe('the device id of a USB port', () => {
  test('names the language', () => {
    const id = { MFG: 'Zebra Technologies ', CMD: 'ZPL', MDL: 'ZTC GK420d', CLS: 'PRINTER' };
    expect(readDeviceId(id)).toMatchObject([{ language: 'zpl', model: 'ZTC GK420d', score: 0.97 }]);
  });

  test('several languages are all proposed, in its order, as doubtful', () => {
    const found = readDeviceId({ CMD: 'EPL,ZPL', MDL: 'x' });
    expect(found.map(({ language }) => language)).toEqual(['epl', 'zpl']);
    expect(found[0]?.because.some(({ tone }) => tone === 'warn')).toBe(true);
  });

  test.each([
    ['ESC/POS', 'escpos'],
    ['TSPL2', 'tspl'],
    ['EPL2', 'epl'],
  ])('%s is %s', (said, language) => {
    expect(readDeviceId({ CMD: said }).map((each) => each.language)).toEqual([language]);
  });

  test('an unknown command set proposes nothing', () => {
    expect(readDeviceId({ CMD: 'PCL,POSTSCRIPT' })).toEqual([]);
    expect(readDeviceId({})).toEqual([]);
  });
});

test('a weak answer is carried by the strong one, with what it knew besides', () => {
  const weak = read('TSPL ESC !?', '\x00');
  const strong = read('TSPL ~!T', 'TTP-244 Plus\r\n');
  if (weak === null || strong === null) throw new Error('no answer');
  const [merged] = mergeFindings([weak, strong]);
  expect(merged).toMatchObject({ language: 'tspl', score: 0.9, model: 'TTP-244 Plus' });
  expect(merged?.because.every(({ tone }) => tone === 'info')).toBe(true);
});

test('a model is proposed only if exactly one is named', () => {
  const known = [
    { id: 'zebra-gk420d', language: 'zpl', dpi: 203 },
    { id: 'zebra-zt411', language: 'zpl', dpi: 203 },
    { id: 'zebra-zt411-600', language: 'zpl', dpi: 600 },
  ] as const;
  const named = (text: string): string | null => {
    const finding = read('ZPL ~HI', text);
    return finding === null ? null : (modelOf(finding, known)?.id ?? null);
  };
  expect(named('\x02ZTC GK420d-200dpi,V61.17.17Z,8,2104KB\x03')).toBe('zebra-gk420d');
  expect(named('\x02ZTC ZT411-600dpi,V93.21.17Z,24,2104KB\x03')).toBe('zebra-zt411-600');
  expect(named('\x02ZTC ZT411-300dpi,V93.21.17Z,12,2104KB\x03')).toBeNull();
  expect(named('\x02QLn320,V68,8,2104KB\x03')).toBeNull();
});
