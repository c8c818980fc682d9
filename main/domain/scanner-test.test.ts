import { expect, test } from 'vitest';
import { judgeScannerTest, scannerTestText, scannerTestTextLong } from './scanner-test.ts';

test('the printed texts are right, other codes are no test', () => {
  expect(judgeScannerTest(scannerTestText)).toEqual({ wrong: null });
  expect(judgeScannerTest(scannerTestTextLong)).toEqual({ wrong: null });
  expect(judgeScannerTest('PB:CMD:retry')).toBeNull();
  expect(judgeScannerTest('DD201612090000001')).toBeNull();
});

test('the long text holds every visible ASCII character', () => {
  for (let code = 0x21; code <= 0x7e; code += 1) expect(scannerTestTextLong).toContain(String.fromCharCode(code));
});

test.each([
  ['caps lock', scannerTestText.toUpperCase(), { expected: 'z', read: 'Z' }],
  ['a scanner that turns all into small letters', scannerTestText.toLowerCase(), { expected: 'P', read: 'p' }],
  ['another layout', scannerTestText.replace('-_/', 'ß?-'), { expected: '-', read: 'ß' }],
  ['a scan cut short', scannerTestText.slice(0, -1), { expected: '@', read: '⏎' }],
  ['a suffix that is typed', `${scannerTestText}x`, { expected: '⏎', read: 'x' }],
  [
    'the long text with one sign changed',
    scannerTestTextLong.replace('~', '\u00ac'),
    { expected: '~', read: '\u00ac' },
  ],
])('%s is named', (_, text, wrong) => {
  expect(judgeScannerTest(text)).toEqual({ wrong });
});
