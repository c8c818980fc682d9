/**
 * MT-SICS, the Standard Interface Command Set of Mettler-Toledo (also spoken by Ohaus scales after `PSI`).
 * Source: Mettler-Toledo, "MT-SICS Interface Commands" reference manual, level 0 commands S, SI, SIR; error replies
 * ES, ET, EL.
 *
 * Weight reply: `ID SP STATUS SP WEIGHT SP UNIT CR LF`, where ID is `S`, STATUS is `S` stable or `D` dynamic, and
 * WEIGHT is 10 characters, right-aligned, sign and point included:
 *   53 20 53 20 20 20 20 20 31 30 30 2e 30 30 20 67 0d 0a   `S S     100.00 g`
 * The width is enforced: MT-SICS has no check sum, and a byte lost on the line is seen only by it.
 * Without weight: `S I` not executable now, `S +` overload, `S -` underload.
 *
 * A weight reply does not say whether a tare is set, so `net` is always false.
 */
import type { RefusedFrame, ScaleDecoder, ScaleProtocol, ScaleReading } from '../../domain/device.ts';
import { toGrams } from './units.ts';

/** Longer than any documented reply to a command we send; more bytes without an end of line are refused in pieces. */
export const maxLineBytes = 128;

const CR = 0x0d;
const LF = 0x0a;

/** `SI`: send the current weight at once, stable or not. Serial default 9600 8N1, no handshake. */
export const mtSics: ScaleProtocol = {
  id: 'mt-sics',
  poll: Uint8Array.of(0x53, 0x49, CR, LF),
  decoder: createDecoder,
};

function createDecoder(): ScaleDecoder {
  const line = new Uint8Array(maxLineBytes);
  let length = 0;
  /** The rest of an over-long line is not looked at: its tail must not pass for a frame. */
  let overlong = false;

  function endLine(at: number): ScaleReading | RefusedFrame | null {
    const bytes = line.subarray(0, length);
    const whole = !overlong;
    length = 0;
    overlong = false;
    return whole ? readLine(bytes, at) : refuse('line is too long', bytes, at);
  }

  return {
    push(bytes, at) {
      const out: (ScaleReading | RefusedFrame)[] = [];
      for (const byte of bytes) {
        if (length === maxLineBytes) {
          out.push(refuse('line is too long', line, at));
          length = 0;
          overlong = true;
        }
        line[length] = byte;
        length += 1;
        if (byte !== LF) continue;
        const item = endLine(at);
        if (item !== null) out.push(item);
      }
      return out;
    },
    pending: () => line.slice(0, length),
  };
}

const weightLine = /^S ([SD]) (.{10}) ([a-z]{1,3})$/;
const paddedNumber = /^ *(-?\d+(?:\.\d+)?)$/;
/** Replies to commands other than S (zero, tare, inquiry, reset): understood, and no weight. */
const otherReply = /^(?:Z|ZI|T|TI|TA|TAC|I\d{1,2})(?: [\x20-\x7e]*)?$/;

const errorReplies: Readonly<Record<string, string>> = {
  ES: 'scale answers ES: it does not know the command',
  ET: 'scale answers ET: transmission error, check baud rate and parity',
  EL: 'scale answers EL: it cannot carry out the command',
  'S I': 'scale answers S I: it cannot weigh now',
};

/** One line, its CR LF included; null for a reply that is understood and is no weight. */
function readLine(bytes: Uint8Array, at: number): ScaleReading | RefusedFrame | null {
  if (bytes.at(-2) !== CR) return refuse('line does not end with CR LF', bytes, at);
  const text = latin1(bytes.subarray(0, -2));
  if (text === 'S +') return reading(bytes, at, { grams: 0, stable: false, overload: true });
  if (text === 'S -') return reading(bytes, at, { grams: 0, stable: false, underload: true });
  const answer = Object.hasOwn(errorReplies, text) ? errorReplies[text] : undefined;
  if (answer !== undefined) return refuse(answer, bytes, at);
  const [, status, field = '', unit = ''] = weightLine.exec(text) ?? [];
  if (status === undefined) return otherReply.test(text) ? null : refuse('not an MT-SICS reply', bytes, at);
  const number = paddedNumber.exec(field)?.[1];
  if (number === undefined) return refuse('weight is not a right-aligned number of 10 characters', bytes, at);
  const grams = toGrams(number, unit);
  if (grams === null)
    return refuse(`unit "${unit}" is not g, kg, mg, lb or oz; set the scale to one of them`, bytes, at);
  return reading(bytes, at, { grams, stable: status === 'S' });
}

function reading(
  bytes: Uint8Array,
  at: number,
  said: Pick<ScaleReading, 'grams' | 'stable'> & Partial<ScaleReading>,
): ScaleReading {
  return { net: false, overload: false, underload: false, ...said, at, raw: hex(bytes) };
}

function refuse(error: string, bytes: Uint8Array, at: number): RefusedFrame {
  return { error, at, raw: hex(bytes) };
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
