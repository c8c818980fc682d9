import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BagCommand, PackCommand } from '../../preload/contract/index.ts';
import { maxScanLength, normaliseScan, readScan, sameCode, sameParcel, sameProduct } from './scan.ts';
import { scannerTestText, scannerTestTextLong } from './scanner-test.ts';

const fullWidth = (text: string) =>
  text.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)).replace(/ /g, '\u3000');

test.each([
  ['6901234567892\r\n', { kind: 'code', code: '6901234567892' }],
  ['\u000200123\u0003', { kind: 'code', code: '00123' }],
  ['\ufeff ABC-1\t', { kind: 'code', code: 'ABC-1' }],
  ['ＤＤ２０２６－００１', { kind: 'code', code: 'DD2026-001' }],
  [']C1420123\u001d91', { kind: 'code', code: '420123\u001d91' }],
  [']d2\u001d0106901234567892', { kind: 'code', code: '0106901234567892' }],
  [']C1', { kind: 'code', code: ']C1' }],
  [']x0ABC', { kind: 'code', code: ']x0ABC' }],
  ['瓶装水 A', { kind: 'code', code: '瓶装水 A' }],
  ['LPN-D01-512000042', { kind: 'lpn', code: 'LPN-D01-512000042' }],
  ['lpn-d01-512000042', { kind: 'lpn', code: 'LPN-D01-512000042' }],
  ['LPN-', { kind: 'code', code: 'LPN-' }],
  ['LPN-D01-12A', { kind: 'code', code: 'LPN-D01-12A' }],
  ['BAG-D01-512000042', { kind: 'bag', code: 'BAG-D01-512000042' }],
  ['bag-d01-7', { kind: 'bag', code: 'BAG-D01-7' }],
  ['BAG-D01', { kind: 'code', code: 'BAG-D01' }],
  ['pb:bag:Take-Out', { kind: 'bag-command', command: 'take-out' }],
  ['PB:CMD:reprint', { kind: 'command', command: 'reprint' }],
  ['pb:cmd:LABEL-HERE', { kind: 'command', command: 'label-here' }],
  ['ＰＢ：ＣＭＤ：ｒｅｐｒｉｎｔ', { kind: 'command', command: 'reprint' }],
  ['PB:TARE', { kind: 'command', command: 'tare' }],
  ['pb:tare:stay', { kind: 'command', command: 'tare-stay' }],
  ['PB:TARE:CLEAR', { kind: 'command', command: 'tare-clear' }],
  ['PB:QTY:12', { kind: 'quantity', count: 12 }],
])('%j is read', (text, meaning) => {
  expect(readScan(text)).toEqual(meaning);
});

test.each([
  ['', 'scan.refused-cut'],
  ['\r\n', 'scan.refused-cut'],
  ['12\u000034', 'scan.refused-key'],
  ['12\n34', 'scan.refused-key'],
  ['12\u202e34', 'scan.refused-key'],
  ['12\u200b34', 'scan.refused-key'],
  ['12\ud83434', 'scan.refused-key'],
  ['PB:CMD:shutdown', 'scan.command-not-now'],
  ['PB:CMD:', 'scan.command-not-now'],
  ['PB:TARE:300', 'scan.command-not-now'],
  ['PB:BAG:burn', 'scan.command-not-now'],
  ['PB:BAG:', 'scan.command-not-now'],
  ['PB:', 'scan.command-not-now'],
  ['PB:QTY:0', 'scan.command-not-now'],
  ['PB:QTY:-1', 'scan.command-not-now'],
  ['PB:QTY:10000', 'scan.command-not-now'],
  ['PB:QTY:1e3', 'scan.command-not-now'],
  ['PB:QTY:2:2', 'scan.command-not-now'],
  ['x'.repeat(maxScanLength + 1), 'scan.refused-too-long'],
  [' '.repeat(100_000), 'scan.refused-too-long'],
])('%j is refused', (text, code) => {
  expect(readScan(text)).toMatchObject({ kind: 'refused', notice: { code } });
});

test('every bag command has its barcode', () => {
  for (const command of BagCommand.options)
    expect(readScan(`PB:BAG:${command}`)).toEqual({ kind: 'bag-command', command });
});

test('every pack command has its barcode', () => {
  for (const command of PackCommand.options)
    expect(readScan(`PB:CMD:${command}`)).toEqual({ kind: 'command', command });
});

test.each([
  ['abc-1', 'ABC-1', true],
  ['ＡＢＣ-１', 'abc-1\r', true],
  [']E06901234567892', '6901234567892', true],
  ['001', '1', false],
  ['ß', 'SS', false],
  ['', '', false],
])('%j and %j are the same code: %s', (a, b, same) => {
  expect(sameCode(a, b)).toBe(same);
});

test.each([
  ['6901234567892', '06901234567892', true],
  ['6901234567892', ']E06901234567892\r', true],
  ['6901234567892', '010690123456789210LOT7\u001d', true],
  ['690123-A', ' 690123-a', true],
  // A case of the same goods, another product, a number that is no GTIN.
  ['6901234567892', '16901234567899', false],
  ['6901234567892', '6901234567908', false],
  ['0123', '123', false],
])('%j and %j are the same product: %s', (a, b, same) => {
  expect(sameProduct(a, b)).toBe(same);
  expect(sameProduct(b, a)).toBe(same);
});

test.each([
  ['106141411234567897', '00106141411234567897', true],
  [']C100106141411234567897', '106141411234567897', true],
  ['SF1234567890', 'sf1234567890', true],
  ['106141411234567897', '00106141411234567898', false],
])('%j and %j are the same parcel: %s', (a, b, same) => {
  expect(sameParcel(a, b)).toBe(same);
  expect(sameParcel(b, a)).toBe(same);
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(']', 'C', '1', 'd', ' ', '\r', '\u001d', 'Ａ', 'P', 'B', ':', '\u3000'),
    maxLength: 12,
  }),
);
const ascii = fc.string({ unit: fc.constantFrom(...'ABCdef0129-_/. +'), minLength: 1, maxLength: 30 });

test('normalising never throws, and a second time changes nothing', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const once = normaliseScan(text);
      if (once.kind === 'code') expect(normaliseScan(once.code)).toEqual(once);
      readScan(text);
    }),
    { numRuns: 3_000 },
  );
});

test('an accepted code holds no control character but FNC1', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const scan = normaliseScan(text);
      if (scan.kind === 'code') expect(scan.code).not.toMatch(/[\u0000-\u001c\u001e\u001f\u007f-\u009f]/);
    }),
    { numRuns: 3_000 },
  );
});

test('terminators, width and case do not make another code', () => {
  fc.assert(
    fc.property(ascii, fc.constantFrom('\r', '\n', '\r\n', '\t', ''), (code, end) => {
      if (normaliseScan(code).kind === 'refused') return;
      expect(readScan(fullWidth(code) + end)).toEqual(readScan(code));
      expect(sameCode(code.toLowerCase() + end, fullWidth(code.toUpperCase()))).toBe(true);
    }),
  );
});

test('sameCode is symmetric', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      expect(sameCode(a, b)).toBe(sameCode(b, a));
    }),
  );
});

test('a self-test barcode is judged, never taken for a command or goods', () => {
  for (const text of [scannerTestText, scannerTestTextLong, `${scannerTestText}\r\n`]) {
    expect(readScan(text)).toEqual({ kind: 'test', fault: null });
  }
  expect(readScan(scannerTestText.toUpperCase())).toEqual({ kind: 'test', fault: { kind: 'caps' } });
});
