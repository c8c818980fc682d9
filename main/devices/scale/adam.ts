/**
 * Adam Equipment scales: AZExtra and CPWplus.
 * Source: public source (Odoo's driver of AZExtra: 4800 8N1, `P CR LF`, `1.23kg`); the CPWplus line `G/W + 1.23 kg` and its
 * 9600 baud are general knowledge, not confirmed. Adam MDW speaks NCI.
 *
 * AZExtra answers only for a new weight that is not zero, and never twice for the same: with `equalFrames` 1 in the
 * profile the one answer counts (`saysOnce`), and a question without a new weight makes it beep. It never reports zero, so
 * the desk never sees it empty.
 * No line says whether the weight is stable: stable is what came several times in a row. That AZExtra's one answer is of a
 * load at rest is general knowledge, not confirmed; whoever writes `equalFrames` 1 says so of their scale.
 */
import type { ScaleDecoder, ScaleForm, ScaleProtocol } from '../../domain/device.ts';
import { frameProblem } from '../../domain/frame-problems.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import { bytesOf, lineText, notALine, reading, refuse, type ScaleItem } from './kit/frame.ts';
import { createLineDecoder } from './kit/lines.ts';
import { createEqualFrames } from './kit/steady.ts';
import { unitTable } from './kit/units.ts';

const poll = bytesOf('P\r\n');
const form = (id: string, layout: string, standing: ScaleForm['standing']): ScaleForm => ({
  id,
  layout,
  carriesUnit: true,
  saysStable: false,
  poll,
  standing,
});

export const adam: ScaleProtocol = {
  id: 'adam',
  makes: 'Adam Equipment AZExtra, CPWplus',
  poll,
  forms: [
    { ...form('azextra', '1.23kg CR LF', 'documented'), saysOnce: true },
    form('cpwplus', 'G/W|N/W +|- 1.23 kg CR LF', 'general knowledge'),
  ],
  serial: { baud: 4_800, dataBits: 8, parity: 'none', stopBits: 1 },
  settings: ['form', 'equalFrames'],
  firstIsStale: false,
  source: 'public source: Odoo IoT scale driver (AZExtra)',
  standing: 'general knowledge',
  decoder: createDecoder,
};

const units = unitTable({ kg: 'kg', g: 'g', lb: 'lb', oz: 'oz' });

const azExtra = /^ *(-?\d{1,6}(?:\.\d{1,5})?) ?(kg|g|lb|oz)$/;
const cpwPlus = /^([GNT])\/W *([+-]) *(\d{1,6}(?:\.\d{1,5})?) *(kg|g|lb|oz)$/;

function createDecoder(settings: ScaleSettings = {}): ScaleDecoder {
  const equal = createEqualFrames(settings.equalFrames);
  const once = settings.form !== 'cpwplus' && settings.equalFrames === 1;

  function readLine(line: Uint8Array, at: number): ScaleItem | null {
    const text = lineText(line);
    if (text === null) return refuse(notALine, line, at);
    const blank = text.trim() === '';
    if (blank) return null;
    const withMode = cpwPlus.exec(text);
    // It says a weight over and over: one such line proves nothing, and is not what `saysOnce` was written for.
    if (withMode !== null && once) return refuse(frameProblem('form-cpwplus'), line, at);
    const [, mode = 'G', sign = '', number, unit = ''] = withMode ?? withoutMode(text);
    if (number === undefined) return refuse(frameProblem('format-adam'), line, at);
    if (mode === 'T') return null;
    const weight = units.read(`${sign === '-' ? '-' : ''}${number}`, unit);
    if ('error' in weight) return refuse(weight.error, line, at);
    const net = mode === 'N';
    return reading(line, at, { grams: weight.grams, stable: equal.see(`${number} ${sign} ${unit} ${net}`, at), net });
  }

  return createLineDecoder((line, at) => {
    const item = readLine(line, at);
    if (item !== null && 'error' in item) equal.broken();
    return item;
  });
}

function withoutMode(text: string): (string | undefined)[] {
  const [all, number, unit] = azExtra.exec(text) ?? [];
  return [all, undefined, undefined, number, unit];
}
