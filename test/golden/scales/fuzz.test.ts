/**
 * A million bytes per protocol, random and damaged: nothing throws, nothing grows, and no reading is made of anything but a
 * whole frame that says this weight. What a whole frame is, is written here anew, from the manuals.
 */
import { expect, test } from 'vitest';
import { scaleProtocol } from '../../../main/devices/scale/index.ts';
import type { ScaleReading } from '../../../main/domain/device.ts';
import { frameWords } from '../../../main/domain/frame-problems.ts';
import type { ScaleSettings } from '../../../main/domain/scale-settings.ts';
import { scaleVoices, type ScaleVoice } from '../../../main/training/scale-frames/index.ts';
import { seededRandom } from '../../kit/ports.ts';

const wanted = 1_000_000;
const longestFrame = 130;

/** `stable`: the frame says that it is; null where it cannot say. */
type Judge = (frame: Buffer, text: string) => { readonly stable: boolean | null } | null;

const xor = (bytes: Uint8Array): string =>
  bytes
    .reduce((sum, byte) => sum ^ byte, 0)
    .toString(16)
    .toUpperCase()
    .padStart(2, '0');

function line(pattern: RegExp, stable: (match: RegExpExecArray) => boolean | null): Judge {
  return (_, text) => {
    const match = pattern.exec(text);
    return match === null ? null : { stable: stable(match) };
  };
}

function hid(offset: number): Judge {
  return (frame) => {
    const status = frame[offset] ?? 0;
    const whole = frame.length === offset + 5 && status >= 2 && status <= 6 && (frame[offset + 1] ?? 99) <= 12;
    const id = offset === 0 || frame[0] === 3 || frame[0] === 4;
    return whole && id ? { stable: status === 2 || status === 4 } : null;
  };
}

function toledo(frame: Buffer): { stable: boolean } | null {
  const bits = frame.map((byte) => byte & 0x7f);
  const sum = bits.subarray(0, 17).reduce((total, byte) => total + byte, 0);
  const whole = bits.length === 17 || (bits.length === 18 && ((sum + (bits[17] ?? 0)) & 0x7f) === 0);
  if (!whole || bits[0] !== 2 || bits[16] !== 0x0d) return null;
  return { stable: ((bits[2] ?? 0) & 0x0c) === 0 };
}

const yaohua: Judge = (frame, text) => {
  const inside = /^\x02(.*)(..)\x03$/s.exec(text);
  if (inside !== null && !/^\x02\d{6}\r\n\x03$/.test(text)) {
    const shaped = /^(?:[A-Z][BD])?[+-]\d{6}[0-4]$/.test(inside[1] ?? '');
    return shaped && inside[2] === xor(frame.subarray(1, -3)) ? { stable: null } : null;
  }
  if (/^W[GN] *-?[\d.]+kg..\r\n$|^ {9}(?:OL|LO)..\r\n$/.test(text)) {
    return text.slice(-4, -2) === xor(frame.subarray(0, -4)) ? { stable: null } : null;
  }
  const bare =
    /^=[-0-9.]{7,8}$|^=[-0][\d.]{7}(?:kg|lb);[\d.]{7};[\d.]{7}$|^w[nw][-0-9.]{7}(?:kg|lb)$|^\x02\d{6}\r\n\x03$/;
  return bare.test(text) ? { stable: null } : null;
};

const judges: Readonly<Record<string, Judge>> = {
  'hid-pos': hid(1),
  'hid-pos webhid': hid(0),
  'mt-sics': line(/^S (?:([SD]) .{10} [A-Za-z]{1,3}|[+-])\r\n$/, (match) => match[1] === 'S'),
  'toledo-8217': (frame) => {
    const text = Buffer.from(frame.map((byte) => byte & 0x7f)).toString('latin1');
    if (/^\x02\?[@-\x7f]\r$/.test(text)) return { stable: false };
    return /^\x02[ \d]*\d\.\d+N?\r$/.test(text) && [9, 10, 11].includes(text.replace('N', '').length + 1)
      ? { stable: true }
      : null;
  },
  'toledo-continuous': toledo,
  xk3190: yaohua,
  and: line(/^(ST|US|OL),(?:(?:LO|OK|HI|[GN][ STR]),)?[+-].{7,8}.{2,3}\r\n$/, (match) => match[1] === 'ST'),
  cas: line(/^(?:(ST|US|OL),(?:GS|NT),(?:.[\x80-\xff],)?.{8} ?.{2}|.{8})\r\n$/s, (match) =>
    match[1] === undefined ? null : match[1] === 'ST',
  ),
  ohaus: line(/^[ +-]*\d[\d.]* +[A-Za-z]+ *(\??) *[A-Z ]*\r\n$/, (match) => match[1] === ''),
  sbi: line(/^(?:.{6})?(?:[+ -] .{7,8} (.{3})|(?:Stat)? *[A-Za-z]+ *)\r\n$/, (match) => (match[1] ?? '').trim() !== ''),
  nci: line(
    /^\n(?:(?:.{4,12}[A-Za-z]{1,2}\r\n)?S? ?([0-?p-\x7f]).{1,3}\r\x03|([ ZOU])\d[GNgn]([M ])..{10}.{3}\r)$/s,
    (match) =>
      match[1] === undefined
        ? match[3] === ' ' && match[2] !== 'O' && match[2] !== 'U'
        : (match[1].charCodeAt(0) & 1) === 0,
  ),
  adam: line(/^(?:[GN]\/W)? *[+-]? *\d+(?:\.\d+)? *(?:kg|g|lb|oz)\r\n$/, () => null),
  kern: line(/^[ M][ +-][ \d.]{10,12}(?: {1,4}| ([a-zA-Z]{1,3}) *)\r\n$/, (match) => match[1] !== undefined),
};

function judgeOf({ protocol, form }: ScaleVoice): Judge {
  const judge = judges[`${protocol} ${form ?? ''}`] ?? judges[protocol];
  if (judge === undefined) throw new Error(`no judge for ${protocol}`);
  return judge;
}

function settingsFor({ protocol, form }: ScaleVoice): ScaleSettings {
  return {
    form: form ?? undefined,
    ...(scaleProtocol(protocol).settings.includes('unit') ? { unit: 'kg' } : {}),
    ...(form === 'c602' ? { decimals: 2 } : {}),
  };
}

/** The number behind a weight, as digits, in the order in which they were sent: it has to be in the frame. */
function weightIsInFrame(reading: ScaleReading, frame: Buffer): boolean {
  return Number.isFinite(reading.grams) && reading.raw === frame.toString('hex');
}

const protocols = [...new Set(scaleVoices.map(({ protocol }) => protocol))];

test.each(protocols)('%s: 1,000,000 damaged and random bytes', (protocol) => {
  const random = seededRandom(11);
  const pick = (below: number): number => Math.floor(random.next() * below);
  const voices = scaleVoices.filter((voice) => voice.protocol === protocol);
  let readings = 0;
  let stable = 0;
  for (const voice of voices) {
    const judge = judgeOf(voice);
    const decoder = scaleProtocol(protocol).decoder(settingsFor(voice));
    let sent = 0;
    let tail = Buffer.alloc(0);
    while (sent < wanted / voices.length) {
      const grams = pick(99_999);
      const shown = {
        grams,
        unit: 'kg',
        decimals: 2,
        stable: pick(3) > 0,
        net: false,
        overload: false,
        underload: false,
      } as const;
      let bytes = [...voice.frame(shown)];
      const damage = pick(9);
      const spot = pick(bytes.length);
      if (damage === 0) bytes.splice(spot, 1);
      if (damage === 1) bytes.splice(spot, 0, pick(256));
      if (damage === 2) bytes[spot] = pick(256);
      if (damage === 3) bytes.splice(spot);
      if (damage === 4) bytes.splice(spot, 3, pick(256));
      if (damage === 5) bytes = Array.from({ length: 1 + pick(60) }, () => pick(256));
      if (damage === 6) bytes = [...bytes, ...bytes, ...bytes];
      sent += bytes.length;
      const before = tail.length;
      tail = Buffer.concat([tail, Uint8Array.from(bytes)]);
      for (const item of decoder.push(Uint8Array.from(bytes), sent)) {
        if (item.raw.length > 2 * longestFrame) throw new Error('a refused piece is too long');
        if ('error' in item) {
          if (item.error !== frameWords(item.problem)) throw new Error(`"${item.error}" has another code`);
          continue;
        }
        readings += 1;
        const frame = Buffer.from(item.raw, 'hex');
        const said = judge(frame, frame.toString('latin1'));
        const whole = said !== null && tail.includes(frame) && weightIsInFrame(item, frame);
        if (!whole || (item.stable && said.stable === false)) {
          throw new Error(`${JSON.stringify(item)} was made of "${frame.toString('latin1')}"`);
        }
        if (item.stable) stable += 1;
      }
      if (decoder.pending().length > longestFrame + 32) throw new Error(`${before} bytes are kept`);
      tail = tail.subarray(Math.max(0, tail.length - 4 * longestFrame));
    }
  }
  // The damage leaves enough whole: a decoder that refuses everything would pass else.
  expect(readings).toBeGreaterThan(5_000);
  expect(stable).toBeGreaterThan(100);
});

test.each(protocols)('%s: 200,000 purely random bytes are never a stable weight', (protocol) => {
  const random = seededRandom(23);
  for (const voice of scaleVoices.filter((each) => each.protocol === protocol)) {
    const judge = judgeOf(voice);
    const decoder = scaleProtocol(protocol).decoder(settingsFor(voice));
    const bytes = Uint8Array.from({ length: 200_000 }, () => Math.floor(random.next() * 256));
    const items = decoder.push(bytes, 0);
    // Reports of a USB scale have no check sum: some random ones are whole, and are read as what they say.
    for (const item of items) {
      if ('error' in item) continue;
      const frame = Buffer.from(item.raw, 'hex');
      expect(judge(frame, frame.toString('latin1'))).not.toBeNull();
      if (protocol !== 'hid-pos') expect(item.stable).toBe(false);
    }
    expect(items.length).toBeGreaterThan(0);
    expect(decoder.pending().length).toBeLessThan(longestFrame + 32);
  }
});
