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
import type { ScaleProtocol } from '../../domain/device.ts';
import { frameProblem, type FrameProblem } from '../../domain/frame-problems.ts';
import { beyond, bytesOf, lineText, notALine, reading, refuse, type ScaleItem } from './kit/frame.ts';
import { createLineDecoder } from './kit/lines.ts';
import { paddedNumber, unitTable } from './kit/units.ts';

/** `SI`: send the current weight at once, stable or not. */
const poll = bytesOf('SI\r\n');

export const mtSics: ScaleProtocol = {
  id: 'mt-sics',
  makes: 'Mettler-Toledo; Ohaus after PSI',
  poll,
  forms: [
    {
      id: 'standard',
      layout: 'S S|D weight(10) unit CR LF',
      carriesUnit: true,
      saysStable: true,
      poll,
      standing: 'documented',
    },
  ],
  // No handshake.
  serial: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  settings: [],
  firstIsStale: false,
  source: 'Mettler-Toledo, MT-SICS Interface Commands, level 0',
  standing: 'documented',
  decoder: () => createLineDecoder(readLine),
};

/** `t` is left out: the manual's list also has units of other countries, and a tonne on a bench scale is a mistake. */
const units = unitTable({ g: 'g', kg: 'kg', mg: 'mg', lb: 'lb', oz: 'oz', ct: 'ct', ozt: 'ozt', dwt: 'dwt', GN: 'gr' });

const weightLine = /^S ([SD]) (.{10}) ([A-Za-z]{1,3})$/;
/** Replies to commands other than S (zero, tare, inquiry, reset): understood, and no weight. */
const otherReply = /^(?:Z|ZI|T|TI|TA|TAC|I\d{1,2})(?: [\x20-\x7e]*)?$/;

const errorReplies: Readonly<Record<string, FrameProblem>> = {
  ES: frameProblem('answers-es'),
  ET: frameProblem('answers-et'),
  EL: frameProblem('answers-el'),
  'S I': frameProblem('answers-si'),
};

/** One line, its CR LF included; null for a reply that is understood and is no weight. */
function readLine(bytes: Uint8Array, at: number): ScaleItem | null {
  const text = lineText(bytes);
  if (text === null) return refuse(notALine, bytes, at);
  if (text === 'S +') return beyond(bytes, at, 'overload');
  if (text === 'S -') return beyond(bytes, at, 'underload');
  const answer = Object.hasOwn(errorReplies, text) ? errorReplies[text] : undefined;
  if (answer !== undefined) return refuse(answer, bytes, at);
  const [, status, field = '', unit = ''] = weightLine.exec(text) ?? [];
  if (status === undefined) return otherReply.test(text) ? null : refuse(frameProblem('format-sics'), bytes, at);
  const number = paddedNumber(field);
  if (number === null) return refuse(frameProblem('weight-aligned-width', { width: 10 }), bytes, at);
  const weight = units.read(number, unit);
  if ('error' in weight) return refuse(weight.error, bytes, at);
  return reading(bytes, at, { grams: weight.grams, stable: status === 'S' });
}
