/**
 * Toledo 8217, of Mettler-Toledo point-of-sale and shipping scales (Ariva, Viva, Diva), and 8213.
 * Source: Mettler-Toledo Diva manual p. 45; Datalogic Magellan 8500 manual p. 51; for 8213 BenchPro / Rice Lake p. 30.
 *
 * Asked with `W`, without an end of line:
 *   02 30 31 32 2e 33 34 0d   weight, `STX 0WW.WW CR` in lb, `STX WW.WWW CR` in kg; a trailing N means net
 *   02 3f 41 0d               `STX ? status CR`: in motion, over or under, so no weight
 * The reply has no unit: the profile says it. In high resolution (`H`) there is one digit more; that is a form of its
 * own, because a weight one character shorter than agreed has lost one.
 *
 * Bit 6 of the status is always 1. 7E1; bytes are read with 7 bits in case the port was opened with 8.
 */
import type { ScaleForm, ScaleProtocol } from '../../domain/device.ts';
import { frameProblem, type FrameProblem } from '../../domain/frame-problems.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import { beyond, bytesOf, latin1, reading, refuse, sevenBits, type ScaleItem } from './kit/frame.ts';
import { createHeadDecoder } from './kit/heads.ts';
import { createLastWeight, type LastWeight } from './kit/steady.ts';
import { toGrams, unitMissing } from './kit/units.ts';

const poll = bytesOf('W');
const form = (id: string, layout: string): ScaleForm => ({
  id,
  layout,
  carriesUnit: false,
  saysStable: true,
  poll,
  standing: 'documented',
});

export const toledo8217: ScaleProtocol = {
  id: 'toledo-8217',
  makes: 'Mettler-Toledo Ariva, Viva, Diva; Magellan scanner scales; 8213',
  poll,
  forms: [
    form('standard', 'STX weight(6) [N] CR | STX ? status CR'),
    form('high-resolution', 'STX weight(7) [N] CR | STX ? status CR'),
  ],
  serial: { baud: 9_600, dataBits: 7, parity: 'even', stopBits: 1 },
  settings: ['unit', 'form'],
  firstIsStale: false,
  source: 'Mettler-Toledo Diva manual p. 45; Datalogic Magellan 8500 manual p. 51',
  standing: 'documented',
  decoder(settings) {
    const last = createLastWeight(settings);
    const width = settings?.form === 'high-resolution' ? 7 : 6;
    return createHeadDecoder({
      maxBytes: maxReply,
      starts: (byte) => (byte & 0x7f) === STX,
      measure,
      broken: (reply) => brokenReply(reply, width),
      read: (reply, at) => readReply(reply, at, settings, last),
      // Some of these scales end a reply with LF too.
      ignores: (byte) => byte === 0x0a,
    });
  },
};

const STX = 0x02;
const CR = 0x0d;
const maxReply = 12;

function measure(head: Uint8Array): number | null {
  const newest = (head.at(-1) ?? 0) & 0x7f;
  if (head.length > 1 && newest === STX) return 0;
  return newest === CR ? head.length : null;
}

const textOf = (reply: Uint8Array): string => latin1(sevenBits(reply)).slice(1, -1);
const weightReply = /^( *\d{1,5}\.\d{1,5})(N?)$/;

function brokenReply(reply: Uint8Array, width: number): FrameProblem | null {
  const text = textOf(reply);
  if (text.startsWith('?')) {
    return text.length === 2 && (text.charCodeAt(1) & 0x40) !== 0 ? null : frameProblem('status-bit-six');
  }
  return weightReply.exec(text)?.[1]?.length === width ? null : frameProblem('weight-width', { width });
}

function readReply(raw: Uint8Array, at: number, settings: ScaleSettings | undefined, last: LastWeight): ScaleItem {
  const text = textOf(raw);
  if (text.startsWith('?')) return readStatus(raw, text.charCodeAt(1), at, last);
  const [, field = '', net] = weightReply.exec(text) ?? [];
  if (settings?.unit === undefined) return refuse(unitMissing, raw, at);
  const grams = toGrams(field.trim(), settings.unit);
  return grams === null
    ? refuse(frameProblem('weight-none'), raw, at)
    : last.keep(reading(raw, at, { grams, stable: true, net: net === 'N' }));
}

/** Bit 0 in motion, 1 over capacity, 2 under zero, 3 outside the range of zero, 4 centre of zero, 5 net, 6 always 1. */
function readStatus(raw: Uint8Array, status: number, at: number, last: LastWeight): ScaleItem {
  const net = (status & 0x20) !== 0;
  if ((status & 0x02) !== 0) return beyond(raw, at, 'overload', net);
  if ((status & 0x04) !== 0) return beyond(raw, at, 'underload', net);
  if ((status & 0x08) !== 0) return refuse(frameProblem('zero-range'), raw, at);
  return last.moving(raw, at, net);
}
