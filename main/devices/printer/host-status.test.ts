import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PrinterStatus } from '../../domain/device.ts';
import { createHostStatusDecoder } from './host-status.ts';

const frame = (line: string): string => `\u0002${line}\u0003\r\n`;
const answer = (first: string, second: string): string => frame(first) + frame(second) + frame('1234,0');
const calmFirst = '030,0,0,1245,000,0,0,0,000,0,0,0';
const calmSecond = '000,0,0,0,0,2,4,0,00000000,1,000';
const calm = answer(calmFirst, calmSecond);

function decode(chunks: readonly string[]): PrinterStatus[] {
  const decoder = createHostStatusDecoder();
  return chunks.flatMap((chunk) => decoder.push(Buffer.from(chunk, 'latin1')));
}

function cutAt(text: string, cuts: readonly number[]): string[] {
  const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
}

test('a calm printer is ready', () => {
  expect(decode([calm])).toEqual([{ ready: true, reasons: [], queued: 0, remaining: 0 }]);
});

test.each([
  ['030,1,0,1245,000,0,0,0,000,0,0,0', calmSecond, ['printer.paper-out'], 0, 0],
  ['030,0,1,1245,003,0,0,0,000,0,0,0', calmSecond, ['printer.paused'], 3, 0],
  [
    '030,0,0,1245,000,0,1,0,000,1,1,1',
    calmSecond,
    ['printer.diagnostic-mode', 'printer.memory-lost', 'printer.too-cold', 'printer.too-hot'],
    0,
    0,
  ],
  [calmFirst, '000,0,1,1,0,2,4,0,00000000,1,000', ['printer.head-open', 'printer.ribbon-out'], 0, 0],
  [calmFirst, '000,0,0,0,0,2,4,1,00000007,1,000', [], 0, 7],
  ['030,0,0,1245,002,1,0,1,000,0,0,0', calmSecond, [], 3, 0],
])('%s / %s', (first, second, reasons, queued, remaining) => {
  expect(decode([answer(first, second)])).toEqual([{ ready: reasons.length === 0, reasons, queued, remaining }]);
});

test('answers are found however they are cut or glued, with or without the last line end, among noise', () => {
  const text = `noise${calm}${calm.trimEnd()}${answer('030,1,0,1245,000,0,0,0,000,0,0,0', calmSecond)}\r\n`;
  const whole = decode([text]);
  expect(whole.map((status) => status.ready)).toEqual([true, true, false]);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 40 }), (cuts) => {
      expect(decode(cutAt(text, cuts))).toEqual(whole);
    }),
  );
});

test.each([
  ['a lost first line', frame(calmSecond) + frame('1234,0')],
  ['a lost middle line', frame(calmFirst) + frame('1234,0')],
  ['lines in another order', frame(calmSecond) + frame(calmFirst) + frame('1234,0')],
  ['no frame marks', `${calmFirst}\r\n${calmSecond}\r\n1234,0\r\n`],
  ['a line without end', `\u0002${'0,'.repeat(5_000)}`],
  ['fields that are no numbers', answer('030,0,0,1245,abc,0,0,0,000,0,0,0', calmSecond)],
])('%s is no answer, and the next whole answer is', (_, text) => {
  expect(decode([text])).toEqual([]);
  expect(decode([text, calm])).toHaveLength(1);
});

test('no bytes whatever make it throw or answer ready by chance', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
      expect(createHostStatusDecoder().push(noise)).toEqual([]);
    }),
  );
});
