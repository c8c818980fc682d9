import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scannerTestText } from '../../domain/scanner-test.ts';
import { judgeScans } from './autodetect.ts';
import { scanText, scannerDecoder } from './index.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));
const judge = (...texts: string[]) => judgeScans(texts.map(ascii));

test.each([
  ['CR', ['690123\r', 'ABC-9\r', '690123\r'], { prefix: '', suffix: '\r' }],
  [
    'CR LF and an AIM identifier',
    [']E0690123\r\n', ']C0ABC\r\n', ']C1010690\x1d10A\r\n'],
    { prefix: '', suffix: '\r\n' },
  ],
  ['STX and ETX', ['\x02690123\x03', '\x02ABC\x03', '\x02XYZ\x03'], { prefix: '\x02', suffix: '\x03' }],
  ['no ending', ['690123', 'ABCDE', 'XYZ12'], { prefix: '', suffix: '' }],
  ['a letter before the AIM identifier', ['~]E0690123\r', '~]C0ABC\r', '~]C0XYZ\r'], { prefix: '~', suffix: '\r' }],
  ['letters around the self-test code', [`A.${scannerTestText}!\r`], { prefix: 'A.', suffix: '!\r' }],
  ['two codes so fast that no silence parts them', ['690123\r\nABC\r\n', 'XYZ\r\n'], { prefix: '', suffix: '\r\n' }],
])('%s', (_, scans, framing) => {
  const { proposal, unreadable } = judge(...scans);
  expect(unreadable).toBe(false);
  expect(proposal).toMatchObject({ protocol: 'serial-text', parity: null, refused: 0, ...framing });
});

test('three scans are enough, the AIM identifier is named, and so is that there is none', () => {
  const codes = (scans: string[]): string[] => judge(...scans).proposal?.because.map(({ code }) => code) ?? [];
  expect(judge('690123\r', '690123\r').proposal?.score).toBeLessThan(0.9);
  expect(judge('690123\r', '690123\r', '690123\r').proposal?.score).toBeGreaterThan(0.9);
  expect(codes([']E0690123\r'])).toContain('device.because-aim');
  expect(codes(['690123\r'])).toContain('device.because-no-aim');
});

test('seven bits with parity, listened to as eight, are found without another scan', () => {
  const ones = (byte: number): number => byte.toString(2).replaceAll('0', '').length;
  const even = ascii('6901234567892\r').map((byte) => (ones(byte) % 2 === 1 ? byte | 0x80 : byte));
  const odd = ascii('6901234567892\r').map((byte) => (ones(byte) % 2 === 0 ? byte | 0x80 : byte));
  expect(judgeScans([even]).proposal).toMatchObject({ parity: 'even', suffix: '\r', frames: 1 });
  expect(judgeScans([odd]).proposal).toMatchObject({ parity: 'odd', suffix: '\r', frames: 1 });
});

test('Chinese text is told by its encoding', () => {
  const gb = Buffer.from('5342cbb3b7e1cbd9d4cb0d', 'hex');
  expect(judgeScans([gb]).proposal).toMatchObject({ encoding: 'gb18030', suffix: '\r' });
  expect(judgeScans([new TextEncoder().encode('顺丰速运123\r')]).proposal).toMatchObject({ encoding: 'utf-8' });
});

test('what a wrong speed makes of a code is unreadable, and so is a plug that crackles nothing', () => {
  expect(judgeScans([Uint8Array.of(0x00, 0xfe, 0x80, 0x06, 0xf8, 0x1c)])).toEqual({ proposal: null, unreadable: true });
  expect(judgeScans([Uint8Array.of(0x00)])).toEqual({ proposal: null, unreadable: false });
  expect(judgeScans([Uint8Array.of(0x00), Uint8Array.of(0xf8)])).toEqual({ proposal: null, unreadable: true });
});

test('HID-POS reports over a line are known as such', () => {
  const report = new Uint8Array(64);
  report.set([0x02, 6, ...ascii(']E0690123')]);
  expect(judgeScans([report, report])).toMatchObject({ proposal: { protocol: 'hid-pos', frames: 2 } });
});

test('codes in any framing of control characters are read by what is proposed', () => {
  const code = fc.stringMatching(/^[A-Z0-9][A-Z0-9.-]{3,20}$/);
  const ends = fc.constantFrom('\r', '\n', '\r\n', '\t', '\x03', '\x03\r\n');
  const heads = fc.constantFrom('', '\x02', '\x01\x02');
  fc.assert(
    fc.property(fc.array(code, { minLength: 1, maxLength: 5 }), heads, ends, (codes, head, end) => {
      const bursts = codes.map((one) => ascii(`${head}${one}${end}`));
      const { proposal } = judgeScans(bursts);
      if (proposal === null) throw new Error('nothing proposed');
      const decoder = scannerDecoder({ ...proposal, silenceMs: 150 });
      const reads = bursts.flatMap((bytes, index) => decoder.push(bytes, index * 1_000));
      expect(reads.map((one) => ('error' in one ? one.error : scanText(one.data, 'utf-8')))).toEqual(codes);
    }),
  );
});

test('any bytes are judged without an error', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 6 }), (bursts) => {
      const { proposal } = judgeScans(bursts);
      expect(proposal?.score ?? 0).toBeLessThanOrEqual(1);
    }),
    { numRuns: 3_000 },
  );
});
