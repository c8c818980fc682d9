import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameWords } from '../../domain/frame-problems.ts';
import type { ScannerDecoder, ScannerRead, ScannerRefused } from '../../domain/scanner.ts';
import { bytesOfHex } from '../hex.ts';
import { reportDecoder, scanReportBytes, scanReportData } from './hid-pos.ts';
import { textDecoder, type TextFraming } from './serial-text.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const framing: TextFraming = { prefix: ascii(''), suffix: ascii('\r'), silenceMs: 150, maxBytes: 512 };
const text = (reads: readonly (ScannerRead | ScannerRefused)[]): string[] =>
  reads.map((one) => {
    if (!('error' in one)) return one.aim + new TextDecoder('latin1').decode(one.data);
    // Whatever is refused: its words are those of its code.
    expect(one.detail).toBe(frameWords(one.problem));
    return `! ${one.error}`;
  });

/** Pushes in pieces of these lengths, over and over, all at one moment; then waits. */
function pushed(decoder: ScannerDecoder, bytes: Uint8Array, cuts: readonly number[] = [bytes.length]): string[] {
  const out: (ScannerRead | ScannerRefused)[] = [];
  for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
    const length = Math.max(1, cuts[cut % cuts.length] ?? 1);
    out.push(...decoder.push(bytes.slice(at, at + length), 1_000));
    at += length;
  }
  return text([...out, ...decoder.tick(10_000)]);
}

describe('text over a serial line', () => {
  test.each([
    ['a code ended by CR', framing, '6901234567892\r', ['6901234567892']],
    ['CR LF, and an empty ending', framing, '123\r\n\r\n456\r\n', ['123', '456']],
    ['FNC1 stays', framing, ']C10106901\x1d10AB\r', [']C10106901\x1d10AB']],
    ['STX and ETX', { ...framing, prefix: ascii('\x02'), suffix: ascii('\x03') }, '\x02A\x03\x02B\x03', ['A', 'B']],
    ['without the prefix', { ...framing, prefix: ascii('\x02') }, '\x02A\rB\r', ['A', '! no-prefix']],
    ['without its end', framing, '123', ['! cut']],
    ['silence is the end', { ...framing, suffix: ascii('') }, '123', ['123']],
    ['too long, and the next one is right', { ...framing, maxBytes: 5 }, '1234567\r12345\r', ['! too-long', '12345']],
  ])('%s', (_, settings, bytes, expected) => {
    expect(pushed(textDecoder(settings), ascii(bytes))).toEqual(expected);
  });

  test('what comes after the silence does not belong to what came before', () => {
    const decoder = textDecoder(framing);
    expect(text(decoder.push(ascii('690'), 0))).toEqual([]);
    expect(decoder.wakeAt()).toBe(150);
    expect(text(decoder.push(ascii('123\r'), 400))).toEqual(['! cut', '123']);
    expect(decoder.wakeAt()).toBeNull();
  });

  test('any chunking gives the same codes', () => {
    const codes = fc.array(fc.stringMatching(/^[ -~\x1d]{1,30}$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(codes, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (all, cuts) => {
        expect(pushed(textDecoder(framing), ascii(all.map((one) => `${one}\r\n`).join('')), cuts)).toEqual(all);
      }),
    );
  });
});

/** The reports of one code, as the manuals lay them out. */
function reports(aim: string, data: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < data.length; at += scanReportData) {
    const piece = data.slice(at, at + scanReportData);
    const report = Array.from<number>({ length: scanReportBytes }).fill(0);
    report.splice(0, 5, 0x02, piece.length, ...ascii(aim));
    report.splice(5, piece.length, ...piece);
    report[63] = at + scanReportData < data.length ? 1 : 0;
    out.push(...report);
  }
  return Uint8Array.from(out);
}

describe('HID-POS reports', () => {
  const decoder = (): ScannerDecoder => reportDecoder({ silenceMs: 150, maxBytes: 512 });

  test('the example of the Access-IS manual: 60 bytes in two reports', () => {
    // LSR118 product manual, appendix B.1.1: length 38, `]Q0`, 56 bytes, `s`, 00, 01; then the rest.
    const first = `02385d5130${hex('M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23  '.padEnd(56).slice(0, 56))}730001`;
    const second = `02045d5130${hex('ABCD').padEnd(112, '0')}730000`;
    const read = pushed(decoder(), bytesOfHex(first + second));
    expect(read).toEqual([
      `]Q0${'M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23  '.padEnd(56).slice(0, 56)}ABCD`,
    ]);
  });

  test('any code in any chunking comes out exactly, with its AIM identifier', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(']C1', ']E0', ']d2', ']Q3'),
        fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1 }),
        (codes, aim, cuts) => {
          const bytes = Uint8Array.from(codes.flatMap((code) => [...reports(aim, code)]));
          expect(pushed(decoder(), bytes, cuts)).toEqual(
            codes.map((code) => aim + new TextDecoder('latin1').decode(code)),
          );
        },
      ),
    );
  });

  test.each([
    ['a length that does not fit', 'ff', '! report'],
    ['no AIM identifier', '04', '! report'],
  ])('%s is refused', (_, length, refusal) => {
    const report = `02${length}414243`.padEnd(128, '0');
    expect(pushed(decoder(), bytesOfHex(report))).toEqual([refusal]);
  });

  test('another report is left out, and the next scan is right', () => {
    const out = decoder();
    expect(text(out.push(bytesOfHex('fe0100'), 0))).toEqual(['! report']);
    expect(text(out.push(reports(']E0', ascii('96385074')), 5))).toEqual([']E096385074']);
  });

  test('a code whose rest does not come is refused, not shortened', () => {
    const out = decoder();
    const both = reports(']C1', ascii('x'.repeat(80)));
    expect(text(out.push(both.slice(0, scanReportBytes), 0))).toEqual([]);
    expect(text(out.tick(149))).toEqual([]);
    expect(text(out.tick(150))).toEqual(['! cut']);
    expect(text(out.push(reports(']C1', ascii('ok')), 200))).toEqual([']C1ok']);
  });

  test('longer than any code is refused whole', () => {
    expect(pushed(decoder(), reports(']Q0', ascii('x'.repeat(600))))).toEqual(['! too-long']);
  });
});

test('a million bytes of noise: no crash, bounded, and the next scan is right', () => {
  // Linear congruential generator (Numerical Recipes): the same noise every time.
  let seed = 1;
  const noise = Uint8Array.from({ length: 1_000_000 }, () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed >>> 24;
  });
  for (const decoder of [textDecoder(framing), reportDecoder({ silenceMs: 150, maxBytes: 512 })]) {
    let reads = 0;
    for (let at = 0; at < noise.length; at += 997) reads += decoder.push(noise.slice(at, at + 997), at).length;
    expect(reads).toBeGreaterThan(100);
    decoder.tick(2_000_000);
  }
  const serial = textDecoder(framing);
  serial.push(noise.slice(0, 10_000), 0);
  expect(text(serial.push(ascii('123\r'), 1_000)).at(-1)).toBe('123');
});

function hex(given: string): string {
  return Array.from(ascii(given), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
