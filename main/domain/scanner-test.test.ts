import { expect, test } from 'vitest';
import type { ScanManner } from '../../preload/contract/index.ts';
import { judgeScannerTest, scannerTestNotice, scannerTestText, scannerTestTextLong } from './scanner-test.ts';

test('the printed texts are right, other codes are no test', () => {
  expect(judgeScannerTest(scannerTestText)).toEqual({ fault: null });
  expect(judgeScannerTest(scannerTestTextLong)).toEqual({ fault: null });
  expect(judgeScannerTest('PB:CMD:retry')).toBeNull();
  expect(judgeScannerTest('DD201612090000001')).toBeNull();
  expect(judgeScannerTest('')).toBeNull();
});

test('the long text holds every visible ASCII character', () => {
  for (let code = 0x21; code <= 0x7e; code += 1) expect(scannerTestTextLong).toContain(String.fromCharCode(code));
});

test.each([
  ['caps lock', scannerTestText.toUpperCase(), { kind: 'caps' }],
  ['a scanner that turns all into small letters', scannerTestText.toLowerCase(), { kind: 'caps' }],
  ['case turned round', scannerTestText.replace('Az', 'aZ'), { kind: 'caps' }],
  ['a sign nobody knows', scannerTestText.replace('-_/', 'ß?-'), { kind: 'text', expected: '-', read: 'ß' }],
  ['a scan cut short', scannerTestText.slice(0, -1), { kind: 'text', expected: '@', read: '⏎' }],
  ['a suffix that is typed', `${scannerTestText}x`, { kind: 'text', expected: '⏎', read: 'x' }],
  [
    'the long text with one sign changed',
    scannerTestTextLong.replace('~', '\u00ac'),
    { kind: 'text', expected: '~', read: '\u00ac' },
  ],
  // What the US keys under those layouts give, by hand from their pictures.
  ['German', 'PB>TEST>Ay09/?&]\\@', { kind: 'layout', layout: 'QWERTZ (Deutsch)' }],
  ['French', 'PB.TEST.Qw)(68>+#@', { kind: 'layout', layout: 'AZERTY (Français)' }],
  ['British', 'PB:TEST:Az09-_/+\\"', { kind: 'layout', layout: 'QWERTY (UK)' }],
  ['Dvorak', 'RNZKD:KZA/09\'"[}#@', { kind: 'layout', layout: 'Dvorak' }],
])('%s is named', (_, text, fault) => {
  expect(judgeScannerTest(text)).toEqual({ fault });
});

test.each<[string, ScanManner, string]>([
  ['nothing known, as of a scanner that is no keyboard', {}, 'scan.test-ok'],
  ['all as it should be', { framed: true, gapMs: 8, inputMethod: false, capsLock: false }, 'scan.test-ok'],
  ['no prefix programmed, fast', { framed: null, gapMs: 35 }, 'scan.test-ok'],
  ['the prefix is missing', { framed: false, gapMs: 8 }, 'scan.test-prefix'],
  ['an input method', { framed: true, inputMethod: true, gapMs: 8 }, 'scan.test-ime'],
  ['slow', { framed: null, gapMs: 90 }, 'scan.test-slow'],
  ['Alt + keypad', { altNumbers: true, gapMs: 30 }, 'scan.test-alt'],
  ['Caps Lock of the desk', { capsLock: true, gapMs: 8 }, 'scan.test-caps-lock'],
])('the text is right, but %s', (_, manner, code) => {
  const test = judgeScannerTest(scannerTestText, manner);
  expect(test === null ? null : scannerTestNotice(test).code).toBe(code);
});
