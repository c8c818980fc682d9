import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesInWords, readText, shownText } from './setting-text.ts';

const grams = { kind: 'number', least: -30, most: 30, whole: true } as const;
const seconds = { kind: 'number', least: 1_000, most: 600_000, whole: true, unit: 's', per: 1_000 } as const;
const percent = { kind: 'number', least: 0, most: 1, whole: false, unit: '%', per: 0.01 } as const;
const bytes = { kind: 'bytes', most: 8 } as const;
const plain = { kind: 'text', most: 8, control: 'characters' } as const;
const escaped = { kind: 'text', most: 300, control: 'escaped' } as const;

const code = (read: ReturnType<typeof readText>): string => ('problem' in read ? read.problem.code : '');

test.each([
  [grams, '-12', -12],
  [grams, '１２', 12],
  [grams, '', undefined],
  [seconds, '2.5', 2_500],
  [percent, '7', 0.07],
  [bytes, '57 0d', '57 0d'],
  [bytes, '570D', '57 0d'],
  [bytes, '"W" <CR><lf>', '57 0d 0a'],
  [plain, '\\x02', '\u0002'],
  [plain, '\\r\\n', '\r\n'],
  [escaped, 'OK\\r', 'OK\\r'],
  [{ kind: 'text', most: 8 } as const, '100x150mm', '100x150mm'],
])('%j reads %j', (kind, typed, value) => {
  expect(readText(kind, typed)).toEqual({ value });
});

test.each([
  [grams, '1.5', 'setting.whole'],
  [grams, '31', 'setting.range'],
  [grams, 'ten', 'setting.number'],
  [seconds, '0.5', 'setting.range'],
  [seconds, '1.0005', 'setting.too-fine'],
  [bytes, '5', 'setting.hex'],
  [bytes, 'W', 'setting.hex'],
  [bytes, '<CRLF>', 'setting.hex'],
  [bytes, '00 01 02 03 04 05 06 07 08', 'setting.too-many-bytes'],
  [plain, '\\q', 'setting.escape'],
])('%j refuses %j', (kind, typed, problem) => {
  expect(code(readText(kind, typed))).toBe(problem);
});

test('a range is said in what the field shows', () => {
  const read = readText(seconds, '601');
  expect('problem' in read ? read.problem.params : null).toEqual({ least: 1, most: 600 });
});

test('what is shown reads back as what is stored', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', maxLength: 8 }), (text) => {
      fc.pre(text !== '');
      expect(readText(plain, shownText(plain, text))).toEqual({ value: text });
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1_000, max: 600_000 }), (ms) => {
      expect(readText(seconds, shownText(seconds, ms))).toEqual({ value: ms });
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 8 }), (some) => {
      const stored = Array.from(some, (byte) => byte.toString(16).padStart(2, '0')).join('');
      expect(readText(bytes, shownText(bytes, stored))).toEqual({ value: shownText(bytes, stored) });
    }),
  );
});

test('bytes are also said in signs', () => {
  expect(bytesInWords('57 0d')).toBe('W<CR>');
  expect(bytesInWords('02ff')).toBe('<STX>·');
});

test('a value of another kind is shown as it stands in the profile', () => {
  expect(shownText(grams, 'much')).toBe('much');
  expect(shownText(bytes, 'nothing')).toBe('nothing');
});
