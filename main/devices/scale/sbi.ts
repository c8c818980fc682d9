/**
 * Sartorius SBI (also Minebea Intec), lines of 16 or 22 characters.
 * Source: Sartorius "gc803s" interface manual p. 57, Entris II p. 3, Master p. 79, CB operating instructions p. 34
 * (positions), LE2202S manual p. 51 (codes H, L, C and Err). The serial setting 9600 8O1 of newer ones is general
 * knowledge, not confirmed; classic is 1200 7O1.
 *
 *   `+     123.56 g  `           sign, blank, weight 8, blank, unit 3: 14 characters and CR LF
 *   `N     +     123.56 g  `     the same behind an id of 6: N net, G gross
 *   `Stat      High`, `... Low`, `... ERR 054`
 * The unit is blank while the weight is not stable. A digit in brackets is not verified, and still the weight. Some leave
 * out one blank: a line must be as wide as the one before.
 */
import type { ScaleDecoder, ScaleProtocol } from '../../domain/device.ts';
import { frameProblem } from '../../domain/frame-problems.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import { beyond, bytesOf, lineText, notALine, reading, refuse, type ScaleItem } from './kit/frame.ts';
import { createLineDecoder } from './kit/lines.ts';
import { createSteadyWidth, createUnitMemory, widthChanged } from './kit/steady.ts';
import { signedNumber, unitMissing, unitTable, unpadded } from './kit/units.ts';

/** `ESC P`: print. */
const poll = bytesOf('\x1bP');

export const sbi: ScaleProtocol = {
  id: 'sbi',
  makes: 'Sartorius, Minebea Intec',
  poll,
  forms: [
    {
      id: 'standard',
      layout: '[id(6)]+|- weight(8) unit(3) CR LF',
      carriesUnit: true,
      saysStable: true,
      poll,
      standing: 'documented',
    },
  ],
  serial: { baud: 1_200, dataBits: 7, parity: 'odd', stopBits: 1 },
  settings: ['unit'],
  firstIsStale: false,
  source: 'Sartorius gc803s manual p. 57, Entris II p. 3, Master p. 79, CB p. 34, LE2202S p. 51',
  standing: 'documented',
  decoder: createDecoder,
};

const units = unitTable({ g: 'g', kg: 'kg', mg: 'mg', lb: 'lb', oz: 'oz', ct: 'ct', ozt: 'ozt', dwt: 'dwt', GN: 'gr' });

const weightLine = /^([+ -])(.{7,8}[\d\].]) (.{3})$/;

function createDecoder(settings: ScaleSettings = {}): ScaleDecoder {
  const steady = createSteadyWidth();
  const memory = createUnitMemory(settings);

  function readLine(bytes: Uint8Array, at: number): ScaleItem | null {
    const text = lineText(bytes);
    if (text === null) return refuse(notALine, bytes, at);
    const id = text.length >= 19 ? unpadded(text.slice(0, 6)) : '';
    const body = text.length >= 19 ? text.slice(6) : text;
    const [, sign, field = '', unit = ''] = weightLine.exec(body) ?? [];
    if (sign === undefined) return readSpecial(text, bytes, at);
    if (!/^(?:[NG]#?)?$/.test(id)) return refuse(frameProblem('not-the-weight', { text: id }), bytes, at);
    const digits = field.replace(/\[(\d+)\]$/, '$1');
    const number = /[+-]/.test(digits) ? null : signedNumber(digits);
    if (number === null) return refuse(frameProblem('weight-aligned-width', { width: 8 }), bytes, at);
    if (!steady(text.length)) return refuse(widthChanged, bytes, at);
    return weight(`${sign === '-' ? '-' : ''}${number}`, unpadded(unit), id.startsWith('N'), bytes, at);
  }

  function weight(number: string, text: string, net: boolean, bytes: Uint8Array, at: number): ScaleItem {
    if (text !== '') {
      const said = units.read(number, text);
      if ('error' in said) return refuse(said.error, bytes, at);
      memory.keep(said.unit);
      return reading(bytes, at, { grams: said.grams, stable: true, net });
    }
    const grams = memory.grams(number);
    return grams === null ? refuse(unitMissing, bytes, at) : reading(bytes, at, { grams, stable: false, net });
  }

  return createLineDecoder(readLine);
}

/** Lines without a weight: too much, too little, an error, nothing. */
function readSpecial(text: string, bytes: Uint8Array, at: number): ScaleItem {
  const word = unpadded(text.replace(/^Stat/, ''));
  if (/^(?:H|High)$/i.test(word)) return beyond(bytes, at, 'overload');
  if (/^(?:L|Low)$/i.test(word)) return beyond(bytes, at, 'underload');
  if (/^E/i.test(word)) return refuse(frameProblem('reports', { text: word.slice(0, 16) }), bytes, at);
  if (/^(?:C|Cal.*)$/i.test(word)) return refuse(frameProblem('calibrating'), bytes, at);
  return refuse(frameProblem('format-sbi'), bytes, at);
}
