/**
 * KERN balances in their own format (DE, FKB, EW, EG and others, "tws" commands). KERN's continuous output of other models
 * is that of Toledo (KERN FTC manual p. 42), form `continuous`.
 * Source: KERN DE manual (DE-BA-e-1255) p. 33, sections 8.3.2 and 8.3.3; FKB manual (FKB_A-BA-e-1513) p. 37.
 *
 *   M S N1..N10 B U1 U2 U3 CR LF     stable: `-      1.250 kg `
 *   M S N1..N10 B B  B  B  CR LF     not stable: the unit is blank (FKB ends behind the weight's blank)
 *   `           Error`               fault
 * M is blank or `M`; what it stands for is not documented, and is not used. S is blank or minus. Asked with `w`, without
 * an end of line. Some write two blanks more: a line must be as wide as the one before.
 */
import type { ScaleDecoder, ScaleForm, ScaleProtocol } from '../../domain/device.ts';
import { frameProblem } from '../../domain/frame-problems.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import { bytesOf, lineText, notALine, reading, refuse, type ScaleItem } from './kit/frame.ts';
import { createLineDecoder } from './kit/lines.ts';
import { createSteadyWidth, createUnitMemory, widthChanged } from './kit/steady.ts';
import { signedNumber, unitMissing, unitTable } from './kit/units.ts';
import { createToledoContinuous } from './toledo-continuous.ts';

/** `w`: the weight, stable or not. */
const poll = bytesOf('w');
const form = (id: string, layout: string, asked: Uint8Array | null): ScaleForm => ({
  id,
  layout,
  carriesUnit: true,
  saysStable: true,
  poll: asked,
  standing: 'documented',
});

export const kern: ScaleProtocol = {
  id: 'kern',
  makes: 'KERN DE, FKB, DS, EW, EG, 572; FTC (continuous)',
  poll,
  forms: [
    form('standard', 'M sign weight(10) unit(3) CR LF', poll),
    form('continuous', 'STX SWA SWB SWC weight(6) tare(6) CR [check]', null),
  ],
  // As public drivers of DE and of the "tws" models set it; older ones leave the factory with 1200 baud.
  serial: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  settings: ['form', 'unit'],
  firstIsStale: false,
  source: 'KERN DE manual (DE-BA-e-1255) p. 33; FKB manual (FKB_A-BA-e-1513) p. 37; FTC manual p. 42',
  standing: 'documented',
  decoder: (settings = {}) => (settings.form === 'continuous' ? createToledoContinuous() : createKern(settings)),
};

const units = unitTable({ g: 'g', kg: 'kg', mg: 'mg', lb: 'lb', oz: 'oz', ct: 'ct', ozt: 'ozt', dwt: 'dwt', GN: 'gr' });

const line = /^[ M]([ +-])(.{9,11}\d)(?: {1,4}| ([A-Za-z%]{1,3}) {0,2})$/;

function createKern(settings: ScaleSettings): ScaleDecoder {
  const steady = createSteadyWidth();
  const memory = createUnitMemory(settings);

  function readLine(bytes: Uint8Array, at: number): ScaleItem | null {
    const text = lineText(bytes);
    if (text === null) return refuse(notALine, bytes, at);
    if (/^ *Error *$/.test(text)) return refuse(frameProblem('reports-fault'), bytes, at);
    const [, sign, field = '', unit = ''] = line.exec(text) ?? [];
    const number = sign === undefined || /[+-]/.test(field) ? null : signedNumber(field);
    if (number === null) return refuse(frameProblem('format-line', { format: 'KERN' }), bytes, at);
    if (!steady(field.length)) return refuse(widthChanged, bytes, at);
    const signed = `${sign === '-' ? '-' : ''}${number}`;
    if (unit !== '') {
      const weight = units.read(signed, unit);
      if ('error' in weight) return refuse(weight.error, bytes, at);
      memory.keep(weight.unit);
      return reading(bytes, at, { grams: weight.grams, stable: true });
    }
    const grams = memory.grams(signed);
    return grams === null ? refuse(unitMissing, bytes, at) : reading(bytes, at, { grams, stable: false });
  }

  return createLineDecoder(readLine);
}
