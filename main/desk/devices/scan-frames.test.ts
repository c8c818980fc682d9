import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameDecoder, type DecodedFrame, type ReadSettings } from './frame-decoder.ts';
import { readingInWords } from './session-view.ts';

const serial = (fields: ReadSettings['fields'] = {}): ReadSettings => ({
  kind: 'scanner',
  protocol: 'serial-text',
  fields,
});
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function decoded(text: string | Uint8Array, settings = serial()): DecodedFrame[] {
  const decoder = frameDecoder(settings);
  const given = typeof text === 'string' ? bytes(text) : text;
  return [...decoder.push(given, 1_000), ...decoder.end(1_000)];
}

describe('the codes of a scanner', () => {
  test('a code with its AIM identifier names its symbology, and raw keeps the framing', () => {
    const [frame] = decoded(']Q3010690123456789210LOT7\u001d21A\r');
    expect(frame?.decoded).toEqual({
      ...{ code: '010690123456789210LOT7\u001d21A', aim: ']Q3', symbology: 'GS1 QR Code' },
      ...{ gs1: '(01)06901234567892(10)LOT7(21)A', at: 1_000, raw: frame?.raw },
    });
    expect(frame?.raw).toMatch(/^5d5133.*0d$/);
    expect(readingInWords(frame?.decoded ?? {})).toBe(']Q3 GS1 QR Code · 010690123456789210LOT7<GS>21A');
  });

  test('without an identifier no symbology is guessed', () => {
    const [frame] = decoded('6901234567892\r');
    expect(frame?.decoded).toMatchObject({ code: '6901234567892', aim: null, symbology: null, gs1: null });
    expect(readingInWords(frame?.decoded ?? {})).toBe('6901234567892');
  });

  test.each([
    ['the prefix is missing', '690\r', { prefix: '~' }, /^no-prefix: /],
    ['the ending does not come', '690', {}, /^cut: /],
    ['a key inside it', '6\u001b90\r', {}, /^key: /],
    ['its bytes are no text', Uint8Array.of(0xff, 0x30, 0x0d), {}, /^key: .*utf-8/],
    ['it is longer than the desk takes', `${'9'.repeat(2_049)}\r`, {}, /^too-long: /],
  ])('refused because %s', (_, text, fields, error) => {
    expect(decoded(text, serial(fields))).toMatchObject([{ decoded: null, error: expect.stringMatching(error) }]);
  });

  test('silence ends a code that has no ending, not before', () => {
    const decoder = frameDecoder(serial({ suffix: '', silenceMs: 100 }));
    expect(decoder.push(bytes('690'), 1_000)).toEqual([]);
    expect(decoder.wakeAt()).toBe(1_100);
    expect(decoder.tick(1_099)).toEqual([]);
    expect(decoder.tick(1_100)).toMatchObject([{ decoded: { code: '690' } }]);
    expect(decoder.wakeAt()).toBeNull();
  });

  test('any chunking gives the same codes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[ -~]{1,40}$/), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (codes, cuts) => {
          const all = bytes(codes.map((code) => `${code}\r`).join(''));
          const whole = frameDecoder(serial()).push(all, 0);
          const decoder = frameDecoder(serial());
          const pieces: DecodedFrame[] = [];
          for (let from = 0, cut = 0; from < all.length; cut += 1) {
            const to = from + (cuts[cut % cuts.length] ?? 1);
            pieces.push(...decoder.push(all.slice(from, to), 0));
            from = to;
          }
          expect(pieces).toEqual(whole);
          expect(whole.length).toBe(codes.length);
        },
      ),
    );
  });

  test('settings that do not fit are one line that names them', () => {
    expect(() => frameDecoder(serial({ silenceMs: 1 }))).toThrow('silenceMs');
    expect(() => frameDecoder({ kind: 'scanner', protocol: 'morse', fields: {} })).toThrow('protocol');
  });
});
