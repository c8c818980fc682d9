import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PrinterStatus } from '../../domain/device.ts';
import { cpclStatus } from './cpcl-status.ts';
import { escposProcessId, escposStatus } from './escpos-status.ts';
import { hostErrors } from './host-errors.ts';
import { hostStatus } from './host-status.ts';
import { printerLanguages, statusQuestions } from './languages.ts';
import type { StatusQuestion } from './status-answer.ts';
import { tsplByte, tsplFrame } from './tspl-status.ts';

const hex = (digits: string): Uint8Array => Buffer.from(digits.replaceAll(' ', ''), 'hex');
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function decode(question: StatusQuestion, bytes: Uint8Array, cuts: readonly number[] = []): PrinterStatus[] {
  const decoder = question.decoder();
  const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).flatMap((end, index) => decoder.push(bytes.subarray(at[index], end)));
}
const said = (question: StatusQuestion, bytes: Uint8Array): (string | boolean)[] =>
  decode(question, bytes).flatMap((status) => [status.ready, ...status.reasons]);

test.each([
  [hostStatus, '7e48530d0a'],
  [hostErrors, '7e485145530d0a'],
  [tsplFrame, '1b2153'],
  [tsplByte, '1b213f'],
  [escposStatus, '100401100402100403100404'],
  [cpclStatus, '1b68'],
])('$0.id asks with the bytes of the manual', (question, bytes) => {
  expect(hexOf(question.request)).toBe(bytes);
});

// Gprinter GP-2120T manual p. 34.
test.each([
  ['00', [true]],
  ['01', [false, 'printer.head-open']],
  ['02', [false, 'printer.jam']],
  ['04', [false, 'printer.paper-out']],
  ['05', [false, 'printer.head-open', 'printer.paper-out']],
  ['08', [false, 'printer.ribbon-out']],
  ['0c', [false, 'printer.paper-out', 'printer.ribbon-out']],
  ['10', [false, 'printer.paused']],
  ['20', [true]],
  ['41', [false, 'printer.head-open']],
  ['80', [false, 'printer.fault']],
])('TSPL ESC ! ? %s says %j', (byte, expected) => {
  expect(said(tsplByte, hex(byte))).toEqual(expected);
});

test('TSPL: a printing printer has a label left, a calm one none', () => {
  expect(decode(tsplByte, hex('20 00')).map(({ queued }) => queued)).toEqual([1, 0]);
});

// TSC TTP-244 Plus manual p. 97.
test.each([
  ['02 40 40 40 40 03 0d 0a', [true], 0],
  ['02 50 40 40 40 03 0d 0a', [true], 1],
  ['02 57 40 40 40 03 0d 0a', [true], 1],
  ['02 4c 40 40 40 03 0d 0a', [true], 0],
  ['02 60 40 40 40 03 0d 0a', [false, 'printer.paused'], 0],
  ['02 4b 40 40 40 03 0d 0a', [false, 'printer.paused'], 0],
  ['02 45 40 40 41 03 0d 0a', [false, 'printer.paper-out'], 0],
  ['02 45 40 40 44 03 0d 0a', [false, 'printer.ribbon-out'], 0],
  ['02 45 40 40 60 03 0d 0a', [false, 'printer.head-open'], 0],
  ['02 45 40 41 42 03 0d 0a', [false, 'printer.jam', 'printer.too-hot'], 0],
  ['02 45 40 48 40 03 0d 0a', [false, 'printer.cutter'], 0],
  ['02 45 40 40 40 03 0d 0a', [false, 'printer.fault'], 0],
])('TSPL ESC ! S %s says %j', (frame, expected, queued) => {
  expect(said(tsplFrame, hex(frame))).toEqual(expected);
  expect(decode(tsplFrame, hex(frame))[0]?.queued).toBe(queued);
});

// Epson, "ESC/POS Command Reference", DLE EOT.
test.each([
  ['12 12 12 12', [true], []],
  ['16 12 12 12', [true], []],
  ['12 12 12 1e', [true], ['printer.paper-low']],
  ['1a 12 12 12', [false, 'printer.paused'], []],
  ['1a 32 12 72', [false, 'printer.paper-out'], []],
  ['1a 32 12 7e', [false, 'printer.paper-out'], ['printer.paper-low']],
  ['1a 16 12 12', [false, 'printer.head-open'], []],
  ['1a 52 1a 12', [false, 'printer.fault', 'printer.cutter'], []],
  ['1a 52 52 12', [false, 'printer.fault', 'printer.too-hot'], []],
])('ESC/POS DLE EOT %s says %j', (bytes, expected, warnings) => {
  expect(said(escposStatus, hex(bytes))).toEqual(expected);
  expect(decode(escposStatus, hex(bytes))[0]?.warnings).toEqual(warnings);
});

test.each(['', '12', '12 12 12', '81 01 80 02 10'])('ESC/POS: %j is no answer', (bytes) => {
  expect(decode(escposStatus, hex(bytes))).toEqual([]);
});

test('ESC/POS: a process id among the answers is no status, though its digits look like one', () => {
  expect(said(escposStatus, hex('12 12 37 22 32 36 32 36 00 12 12'))).toEqual([true]);
  const ids = escposProcessId.decoder();
  expect(ids.push(hex('12 37'))).toEqual([]);
  expect(ids.push(hex('22 32 36'))).toEqual([]);
  expect(ids.push(hex('32 36 00 37 22 30 30 30 31 00'))).toEqual([2626, 1]);
  expect(ids.push(hex('37 22 41 30 30 31 00'))).toEqual([]);
  expect(hexOf(escposProcessId.request(42))).toBe('1d28480600303030303432');
});

// Zebra, "CPCL Programming Manual", P11-3.
test.each([
  ['00', [true], 0, []],
  ['01', [true], 1, []],
  ['02', [false, 'printer.paper-out'], 0, []],
  ['04', [false, 'printer.head-open'], 0, []],
  ['07', [false, 'printer.head-open', 'printer.paper-out'], 1, []],
  ['08', [true], 0, ['printer.battery-low']],
])('CPCL ESC h %s says %j', (byte, expected, queued, warnings) => {
  expect(said(cpclStatus, hex(byte))).toEqual(expected);
  expect(decode(cpclStatus, hex(byte))[0]).toMatchObject({ queued, warnings, restarted: false });
});

test('CPCL: a reset is told, and bytes with upper bits are no answer', () => {
  expect(decode(cpclStatus, hex('10'))[0]).toMatchObject({ ready: true, restarted: true });
  expect(decode(cpclStatus, hex('20 48 ff'))).toEqual([]);
});

const report = (
  errors: string,
  warnings: string,
  words: readonly [string, string] = ['ERRORS', 'WARNINGS'],
): Uint8Array =>
  Buffer.from(
    `\u0002\r\n\r\n  PRINTER STATUS                        \r\n   ${words[0]}:         ${errors}\r\n   ${words[1]}:       ${warnings}\r\n\u0003\r\n`,
    'latin1',
  );
const none = '0 00000000 00000000';

// Zebra, "ZPL II Programming Guide", ~HQ; the words of an Italian printer as seen in a published parser.
test.each([
  [report(none, none), [true]],
  [report('1 00000000 00000005', '1 00000000 00000002'), [false, 'printer.head-open', 'printer.paper-out']],
  [report('1 00000000 00000002', none, ['ERRORI', 'AVVERTIMENTI']), [false, 'printer.ribbon-out']],
  [report('1 00000000 00000018', none), [false, 'printer.cutter', 'printer.too-hot']],
  [report('1 00000000 00010000', none), [false, 'printer.paused']],
  [report('1 00000000 00000200', none), [false, 'printer.fault']],
  [report('1 00000001 00000000', none), [false, 'printer.fault']],
])('~HQES %# is read by its digits', (bytes, expected) => {
  expect(said(hostErrors, bytes)).toEqual(expected);
  expect(decode(hostErrors, bytes)[0]).toMatchObject({ queued: null, remaining: null });
});

test.each([
  ['one line', Buffer.from('\u0002 ERRORS: 0 00000000 00000000\u0003', 'latin1')],
  ['short digits', report('0 0000 00000000', none)],
  ['no frame', report(none, none).subarray(1)],
  ['a ~HS answer', Buffer.from('\u0002030,0,0,1245,000,0,0,0,000,0,0,0\u0003\r\n', 'latin1')],
])('~HQES: %s is no answer', (_, bytes) => {
  expect(decode(hostErrors, bytes)).toEqual([]);
});

describe('however the bytes are cut or glued', () => {
  test.each<[StatusQuestion, Uint8Array]>([
    [tsplFrame, hex('02 40 40 40 40 03 0d 0a 02 45 40 40 41 03 0d 0a')],
    [tsplByte, hex('00 20 04')],
    [escposStatus, hex('12 12 12 12 1a 32 12 72')],
    [cpclStatus, hex('01 00 02')],
    [hostErrors, Buffer.concat([report(none, none), report('1 00000000 00000001', none)])],
  ])('$0.id says the same', (question, bytes) => {
    const whole = decode(question, bytes);
    expect(whole.length).toBeGreaterThan(1);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
        expect(decode(question, bytes, cuts)).toEqual(whole);
      }),
    );
  });

  test('TSPL: a frame is found behind garbage and behind half a frame', () => {
    expect(said(tsplFrame, hex('ff 02 02 40 40 02 40 40 40 40 03 0d 0a'))).toEqual([true]);
    expect(decode(tsplFrame, hex('02 40 40 40 40 03 0d'))).toEqual([]);
    expect(decode(tsplFrame, hex('02 5a 40 40 40 03 0d 0a'))).toEqual([]);
  });
});

test.each([hostErrors, tsplFrame])('$id: no bytes whatever are ready by chance', (question) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
      expect(decode(question, noise).filter(({ ready }) => ready)).toEqual([]);
    }),
  );
});

test('every language has its questions under names of their own, and EPL honestly has none', () => {
  expect([...statusQuestions.keys()]).toEqual(['zpl-hs', 'zpl-hqes', 'tspl-s', 'tspl', 'escpos', 'cpcl']);
  expect(printerLanguages.epl).toMatchObject({ questions: [], completion: 'never' });
});
