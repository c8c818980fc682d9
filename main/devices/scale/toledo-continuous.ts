/**
 * Mettler-Toledo standard continuous output, 17 or 18 bytes; also of KERN, Cardinal 225 and many other terminals.
 * Source: Mettler-Toledo Wildcat technical manual p. 40 (tables 6-8 to 6-11); ICS425 manual p. 50; KERN FTC manual
 * p. 42. Status C: Triner TS-700 manual p. 15 (units g and t, bit 4 extended display). Power-up (bit 6 of status B) and
 * ounces (3 in status C) are general knowledge, not confirmed: the first makes a frame not stable, the second is refused.
 *
 *   02 2c 30 20 20 31 32 33 34 35 20 20 20 20 20 30 0d 06   123.45 kg, gross, stable
 *   STX SWA SWB SWC weight(6) tare(6) CR [check]
 * The check sum is the two's complement of the 7-bit sum of all bytes before it, STX and CR included. Whether a scale
 * sends it is a setting of the scale: it is told by what follows CR. A check sum once seen is asked for from then on.
 * While that is not known a frame waits for the byte behind it.
 */
import type { ScaleDecoder, ScaleForm, ScaleProtocol } from '../../domain/device.ts';
import { frameProblem, type FrameProblem } from '../../domain/frame-problems.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import type { ScaleUnit } from '../../domain/scale-units.ts';
import { beyond, latin1, reading, refuse, sevenBits, type ScaleItem } from './kit/frame.ts';
import { createHeadDecoder } from './kit/heads.ts';
import { pointed, toGrams } from './kit/units.ts';

const form = (id: string, layout: string): ScaleForm => ({
  id,
  layout,
  carriesUnit: true,
  saysStable: true,
  poll: null,
  standing: 'documented',
});

export const toledoContinuous: ScaleProtocol = {
  id: 'toledo-continuous',
  makes: 'Mettler-Toledo, KERN, Cardinal 225 and many terminals',
  poll: null,
  forms: [
    form('auto', 'STX SWA SWB SWC weight(6) tare(6) CR [check]'),
    form('check', 'STX SWA SWB SWC weight(6) tare(6) CR check'),
    form('plain', 'STX SWA SWB SWC weight(6) tare(6) CR'),
  ],
  // The manuals let everything be chosen; this is the usual setting (general knowledge, not confirmed).
  serial: { baud: 9_600, dataBits: 7, parity: 'even', stopBits: 1 },
  settings: ['form'],
  firstIsStale: false,
  source: 'Mettler-Toledo Wildcat manual p. 40, ICS425 manual p. 50; KERN FTC manual p. 42',
  standing: 'documented',
  decoder: createToledoContinuous,
};

const STX = 0x02;
const plainBytes = 17;
/** So many frames in a row without a check sum mean that the scale sends none. */
const surePlain = 3;

export function createToledoContinuous(settings?: ScaleSettings): ScaleDecoder {
  const given = settings?.form;
  let checked: 'yes' | 'no' | 'unknown' = given === 'check' ? 'yes' : given === 'plain' ? 'no' : 'unknown';
  const mayLearn = checked === 'unknown';
  let plainInARow = 0;

  /** The length of the frame, once it is certain whether a check sum belongs to it. */
  function measure(head: Uint8Array): number | null {
    const bytes = sevenBits(head);
    if (head.length < plainBytes) return null;
    if (bytes[plainBytes - 1] !== 0x0d) return 0;
    if (checked !== 'unknown') return checked === 'yes' ? plainBytes + 1 : plainBytes;
    if (head.length === plainBytes) return null;
    if (bytes[plainBytes] !== STX) return plainBytes + 1;
    // STX behind CR begins the next frame, or is a check sum of 02: the byte behind it tells. Status A is never STX.
    if (checkOf(bytes) !== STX) return plainBytes;
    if (head.length === plainBytes + 1) return null;
    return bytes[plainBytes + 1] === STX ? plainBytes + 1 : plainBytes;
  }

  function learn(hasCheck: boolean): void {
    if (!mayLearn) return;
    plainInARow = hasCheck ? 0 : plainInARow + 1;
    if (hasCheck) checked = 'yes';
    else if (plainInARow >= surePlain) checked = 'no';
  }

  const decoder = createHeadDecoder({
    maxBytes: plainBytes + 2,
    starts: (byte) => (byte & 0x7f) === STX,
    measure,
    last(head) {
      const hasCheck = head.length > plainBytes && sevenBits(head)[plainBytes] === checkOf(sevenBits(head));
      if (hasCheck) return plainBytes + 1;
      return head.length >= plainBytes && checked !== 'yes' ? plainBytes : 0;
    },
    broken: (raw) => brokenFrame(sevenBits(raw)),
    read(raw, at) {
      learn(raw.length > plainBytes);
      return readFrame(raw, sevenBits(raw), at);
    },
  });
  return {
    ...decoder,
    push(bytes, at) {
      const out: ScaleItem[] = [];
      for (const byte of bytes) {
        // A byte that is no STX where a frame without check sum ended: there is one after all.
        if (mayLearn && checked === 'no' && decoder.pending().length === 0 && (byte & 0x7f) !== STX) {
          checked = 'unknown';
          plainInARow = 0;
        }
        out.push(...decoder.push(Uint8Array.of(byte), at));
      }
      return out;
    },
  };
}

function checkOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes.subarray(0, plainBytes)) sum += byte;
  return -sum & 0x7f;
}

/** Status A, bits 0 to 2: how many digits stand behind the point; below zero are noughts behind the number. */
const decimalsOf = [-2, -1, 0, 1, 2, 3, 4, 5];

function brokenFrame(bytes: Uint8Array): FrameProblem | null {
  const [, statusA = 0, statusB = 0] = bytes;
  if (bytes.length > plainBytes && bytes[plainBytes] !== checkOf(bytes)) return frameProblem('check-sum');
  // Bit 5 is always 1 and bit 6 always 0; LIDEN LUW2001 numbers status A differently and is seen by that.
  if ((statusA & 0x60) !== 0x20) return frameProblem('status-a');
  if ((statusA & 0x18) === 0) return frameProblem('status-a-division');
  if ((statusB & 0x20) === 0) return frameProblem('status-b');
  const text = latin1(bytes);
  // Out of range there need be no digits.
  if ((statusB & 0x04) === 0 && !/^ *\d+$/.test(text.slice(4, 10))) return frameProblem('weight-digits');
  return /^[ -~]{12}$/.test(text.slice(4, 16)) ? null : frameProblem('weight-tare');
}

function readFrame(raw: Uint8Array, bytes: Uint8Array, at: number): ScaleItem {
  const [, statusA = 0, statusB = 0, statusC = 0] = bytes;
  const net = (statusB & 0x01) !== 0;
  const negative = (statusB & 0x02) !== 0;
  // Out of range there is no weight, whatever the digits are.
  if ((statusB & 0x04) !== 0) return beyond(raw, at, negative ? 'underload' : 'overload', net);
  const weight = latin1(bytes.subarray(4, 10)).trim();
  if ((statusC & 0x10) !== 0) return refuse(frameProblem('extended-resolution'), raw, at);
  const unit = unitOf(statusB, statusC);
  if (unit === null) return refuse(frameProblem('unit-code', { value: statusC & 0x07 }), raw, at);
  const decimals = decimalsOf[statusA & 0x07] ?? 0;
  const number = `${negative ? '-' : ''}${pointed(weight, Math.max(0, decimals))}`;
  const grams = toGrams(number, unit, Math.max(0, -decimals));
  if (grams === null) return refuse(frameProblem('weight-digits'), raw, at);
  return reading(raw, at, { grams, stable: (statusB & 0x48) === 0, net });
}

function unitOf(statusB: number, statusC: number): ScaleUnit | null {
  switch (statusC & 0x07) {
    case 0:
      return (statusB & 0x10) === 0 ? 'lb' : 'kg';
    case 1:
      return 'g';
    case 2:
      return 't';
    default:
      return null;
  }
}
