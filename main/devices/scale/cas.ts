/**
 * CAS indicators (CI-400, CI-600D, CI-6000A, NT-200 and others): lines of 22, 18 or 10 characters, by a menu of the scale.
 * Source: CAS CI-600D manual p. 74, CI-400 manual p. 103, CI-6000A manual p. 63, NT-200 manual p. 48.
 *
 *   22  53 54 2c 47 53 2c 31 c4 2c 20 20 30 31 33 2e 35 30 20 6b 67 0d 0a   `ST,GS,1Ä,  013.50 kg`
 *       ST|US|OL, GS|NT, device, lamps, weight 8, blank, unit 2
 *   18  `ST,GS,  013.50kg`
 *   10  `  013.50`: no unit and no sign for stable
 *   `E R R code`: an error
 * Lamps: bit 7 always 1, 6 stable, 5 differs by model, 4 hold, 3 print, 2 gross, 1 tare, 0 zero. The byte is above 0x7f,
 * so a line is never read as UTF-8. A weight on hold is not what lies on the scale now: it is not stable here.
 */
import type { ScaleForm, ScaleProtocol } from '../../domain/device.ts';
import { frameProblem } from '../../domain/frame-problems.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import { beyond, lineText, notALine, reading, refuse, type ScaleItem } from './kit/frame.ts';
import { createLineDecoder } from './kit/lines.ts';
import { createEqualFrames, type EqualFrames } from './kit/steady.ts';
import { signedNumber, toGrams, unitMissing, unitTable, unpadded } from './kit/units.ts';

const form = (id: string, layout: string, said: boolean): ScaleForm => ({
  id,
  layout,
  carriesUnit: said,
  saysStable: said,
  poll: null,
  standing: 'documented',
});

export const cas: ScaleProtocol = {
  id: 'cas',
  makes: 'CAS CI-400, CI-600D, CI-6000A, NT-200',
  poll: null,
  forms: [
    form('standard', 'ST|US|OL,GS|NT,[id lamps,]weight(8)[ ]unit(2) CR LF', true),
    form('10-byte', 'weight(8) CR LF', false),
  ],
  serial: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  settings: ['form', 'unit', 'equalFrames'],
  firstIsStale: false,
  source: 'CAS CI-600D manual p. 74, CI-400 p. 103, CI-6000A p. 63, NT-200 p. 48',
  standing: 'documented',
  decoder(settings = {}) {
    const equal = createEqualFrames(settings.equalFrames);
    return createLineDecoder((line, at) => {
      const item = readLine(line, at, settings, equal);
      if ('error' in item) equal.broken();
      return item;
    });
  },
};

const units = unitTable({ kg: 'kg', g: 'g', lb: 'lb', oz: 'oz', t: 't' });

const long = /^(ST|US|OL),(GS|NT),[^](.),(.{8}) (.{2})$/s;
const short = /^(ST|US|OL),(GS|NT),()(.{8})(.{2})$/;

function readLine(line: Uint8Array, at: number, settings: ScaleSettings, equal: EqualFrames): ScaleItem {
  const text = lineText(line);
  if (text === null) return refuse(notALine, line, at);
  if (text.length === 8 && !text.startsWith('E')) return readBare(text, line, at, settings, equal);
  if (/^E ?R ?R/.test(text)) return refuse(frameProblem('reports', { text: text.slice(0, 16).trim() }), line, at);
  const [, state, mode, lamps = '', field = '', unit = ''] = long.exec(text) ?? short.exec(text) ?? [];
  if (state === undefined) return refuse(frameProblem('format-cas'), line, at);
  const net = mode === 'NT';
  const lamp = lamps === '' ? lampStable : lamps.charCodeAt(0);
  if ((lamp & 0x80) === 0) return refuse(frameProblem('lamp-byte'), line, at);
  if (state === 'OL') return beyond(line, at, 'overload', net);
  const number = signedNumber(field);
  if (number === null) return refuse(frameProblem('weight-aligned-width', { width: 8 }), line, at);
  const weight = units.read(number, unpadded(unit));
  if ('error' in weight) return refuse(weight.error, line, at);
  return reading(line, at, { grams: weight.grams, stable: state === 'ST' && (lamp & 0x50) === 0x40, net });
}

/** What the lamps say where there are none: the header alone decides. */
const lampStable = 0xc0;

function readBare(text: string, line: Uint8Array, at: number, settings: ScaleSettings, equal: EqualFrames): ScaleItem {
  const number = signedNumber(text);
  if (number === null) return refuse(frameProblem('format-cas'), line, at);
  if (settings.unit === undefined) return refuse(unitMissing, line, at);
  const grams = toGrams(number, settings.unit);
  if (grams === null) return refuse(frameProblem('weight-none'), line, at);
  return reading(line, at, { grams, stable: equal.see(number, at) });
}
