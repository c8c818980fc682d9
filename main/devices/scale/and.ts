/**
 * A&D standard format, of A&D balances and indicators.
 * Source: A&D EK-L manual p. 30, GC manual p. 51. The commands (`Q`) are general knowledge, not confirmed.
 *
 *   53 54 2c 2b 30 30 31 32 33 34 2e 35 20 20 67 0d 0a   `ST,+001234.5  g`
 *   header ST stable | US unstable | QT count | OL out of range, weight 9 characters with its sign, unit 3 right-aligned
 *   `ST,OK,+001234.5  g`   newer GC: LO, OK or HI in between
 *   `ST,G ,+01234.5kg`     indicators (AD-4329A): gross or net in between, weight 8, unit 2
 *
 * `t` is refused: at some models it is a tonne and at others a tola.
 */
import type { ScaleProtocol } from '../../domain/device.ts';
import { frameProblem } from '../../domain/frame-problems.ts';
import { beyond, bytesOf, lineText, notALine, reading, refuse, type ScaleItem } from './kit/frame.ts';
import { createLineDecoder } from './kit/lines.ts';
import { signedNumber, unitTable, unpadded } from './kit/units.ts';

const poll = bytesOf('Q\r\n');

export const and: ScaleProtocol = {
  id: 'and',
  makes: 'A&D balances (EK, GC, GF, GX, FX) and indicators (AD-4329A)',
  poll,
  forms: [
    {
      id: 'standard',
      layout: 'ST|US|OL,[LO|OK|HI|G|N,]weight(9|8) unit(3|2) CR LF',
      carriesUnit: true,
      saysStable: true,
      poll,
      standing: 'documented',
    },
  ],
  serial: { baud: 2_400, dataBits: 7, parity: 'even', stopBits: 1 },
  settings: [],
  firstIsStale: false,
  source: 'A&D EK-L manual p. 30, GC manual p. 51',
  standing: 'documented',
  decoder: () => createLineDecoder(readLine),
};

const units = unitTable({
  g: 'g',
  kg: 'kg',
  mg: 'mg',
  lb: 'lb',
  oz: 'oz',
  ozt: 'ozt',
  ct: 'ct',
  dwt: 'dwt',
  GN: 'gr',
});

const balance = /^(ST|US|QT|OL),(?:(LO|OK|HI),)?([+-].{8})(.{3})$/;
const indicator = /^(ST|US|OL),(G|N|T)[ STR],([+-].{7})(.{2})$/;

function readLine(line: Uint8Array, at: number): ScaleItem | null {
  const text = lineText(line);
  if (text === null) return refuse(notALine, line, at);
  const [, state, mode, field = '', unit = ''] = balance.exec(text) ?? indicator.exec(text) ?? [];
  if (state === undefined) return refuse(frameProblem('format-line', { format: 'A&D' }), line, at);
  if (mode === 'T') return null;
  const net = mode === 'N';
  if (state === 'OL') return beyond(line, at, field.startsWith('-') ? 'underload' : 'overload', net);
  if (state === 'QT') return refuse(frameProblem('counting'), line, at);
  const number = /^[+-][\d.]+$/.test(field) ? signedNumber(field) : null;
  if (number === null) return refuse(frameProblem('weight-number', { width: field.length }), line, at);
  const weight = units.read(number, unpadded(unit));
  if ('error' in weight) return refuse(weight.error, line, at);
  return reading(line, at, { grams: weight.grams, stable: state === 'ST', net });
}
