import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeRecords } from './detect-dws.ts';
import { judgeBursts } from './detect-scanner.ts';
import { createEar } from './ear.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));
const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 });

/** Pushes in pieces of these lengths, over and over. */
function pushed(ear: ReturnType<typeof createEar>, bytes: Uint8Array, lengths: readonly number[], from?: string): void {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    ear.push(bytes.subarray(at, at + length), from);
    at += length;
  }
}

const records = fc.constantFrom(
  'SF1234567890,1.25,300,200,150\r\nSF1234567891,2.5,310,20,10\r\n',
  '{"barcode":"SF1234567890","weight":1.25,"length":300,"width":200,"height":150}\n',
  '\x020145;1JVGL0012345;000081212;g;0;0321;0150;0087;mm;0000;4189050\x03',
);

test('however records are cut on their way, and however connections mix, the proposals are the same', () => {
  fc.assert(
    fc.property(records, cuts, cuts, (text, one, other) => {
      const whole = createEar();
      whole.push(ascii(text), 'a');
      whole.push(ascii(text), 'b');
      const cut = createEar();
      pushed(cut, ascii(text), one, 'a');
      cut.silence();
      pushed(cut, ascii(text), other, 'b');
      const judge = (ear: ReturnType<typeof createEar>) =>
        judgeRecords({ streams: ear.streams(), ended: false, line: null });
      expect(judge(cut)).toEqual(judge(whole));
      expect(judge(whole).proposals.length).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});

test('however scans are cut on their way, what is proposed is the same', () => {
  const code = fc.stringMatching(/^[A-Z0-9]{4,20}$/);
  fc.assert(
    fc.property(fc.array(code, { minLength: 1, maxLength: 4 }), cuts, (codes, lengths) => {
      const whole = createEar();
      const cut = createEar();
      for (const one of codes) {
        whole.push(ascii(`${one}\r`));
        pushed(cut, ascii(`${one}\r`), lengths);
        whole.silence();
        cut.silence();
      }
      expect(cut.bursts()).toEqual(whole.bursts());
      expect(judgeBursts(cut.bursts(), null)).toEqual(judgeBursts(whole.bursts(), null));
    }),
  );
});

test('heartbeats are no wrong speed, and some few bytes that are no text are', () => {
  const judge = (bytes: Uint8Array): boolean => judgeRecords({ streams: [bytes], ended: false, line: null }).unreadable;
  expect(judge(ascii('HB\r\n'.repeat(30)))).toBe(false);
  expect(judge(Uint8Array.of(0x00, 0xf8, 0x80, 0x1c, 0xfe))).toBe(true);
  expect(judge(Uint8Array.of(0x00))).toBe(false);
});

test('a device that never stops is kept within bounds', () => {
  const ear = createEar();
  for (let turn = 0; turn < 2_000; turn += 1) {
    ear.push(new Uint8Array(1_000), `connection ${turn}`);
    if (turn % 2 === 0) ear.silence();
  }
  expect(ear.streams().length).toBeLessThanOrEqual(64);
  expect(ear.bursts().length).toBeLessThanOrEqual(40);
  expect(ear.bursts().every((bytes) => bytes.length <= 4_096)).toBe(true);
});
