/**
 * Ohaus scales in their own format (Scout, Navigator, Ranger, Defender). `PSI` would switch many to MT-SICS.
 * Source: Ohaus RS232 interface manual for Scout Pro and Navigator p. 5 (weight 11 or 12 characters right-aligned, blank,
 * unit, blank, `?` if not stable, blank, legend); Ohaus 3000 series indicators manual p. 35 (sign, blank, weight 7, blank,
 * unit 5, stability 1, legend 3); print format 3 (unit right-aligned in 5).
 *
 *   `     192.21 g`, `       0.01 g ?`, `-     1.25 kg   ?NET`
 *
 * The weight's width differs by model and is held to: a line as wide as the one before. At least 9 characters, so that
 * the tail of a torn line is no weight. `t` is refused: it is not said which tonne, tola or tael it is.
 */
import type { ScaleDecoder, ScaleProtocol } from '../../domain/device.ts';
import { frameProblem } from '../../domain/frame-problems.ts';
import { bytesOf, lineText, notALine, reading, refuse, type ScaleItem } from './kit/frame.ts';
import { createLineDecoder } from './kit/lines.ts';
import { createSteadyWidth, widthChanged } from './kit/steady.ts';
import { unitTable } from './kit/units.ts';

/** `IP`: print at once, stable or not. */
const poll = bytesOf('IP\r\n');

export const ohaus: ScaleProtocol = {
  id: 'ohaus',
  makes: 'Ohaus Scout, Navigator, Ranger, Defender',
  poll,
  forms: [
    {
      id: 'standard',
      layout: 'weight(9-12) unit [?] [G|N|NET] CR LF',
      carriesUnit: true,
      saysStable: true,
      poll,
      standing: 'documented',
    },
  ],
  serial: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  settings: [],
  firstIsStale: false,
  source: 'Ohaus RS232 interface manual (Scout Pro, Navigator) p. 5; 3000 series indicators manual p. 35',
  standing: 'documented',
  decoder: createDecoder,
};

const units = unitTable({
  g: 'g',
  kg: 'kg',
  mg: 'mg',
  lb: 'lb',
  oz: 'oz',
  ct: 'ct',
  ozt: 'ozt',
  dwt: 'dwt',
  GN: 'gr',
});

const line = /^([ +-]*)(\d+(?:\.\d+)?) {1,5}([A-Za-z:]{1,5}) *(\??) *([A-Z]{0,4}(?: [A-Z]{1,4})?) *$/;
const leastWidth = 9;

function createDecoder(): ScaleDecoder {
  const steady = createSteadyWidth();

  function readLine(bytes: Uint8Array, at: number): ScaleItem | null {
    const text = lineText(bytes);
    if (text === null) return refuse(notALine, bytes, at);
    if (text === 'ES') return refuse(frameProblem('answers-es'), bytes, at);
    const [, lead = '', digits, unit = '', moving, legend = ''] = line.exec(text) ?? [];
    const sign = lead.replaceAll(' ', '');
    if (digits === undefined || sign.length > 1)
      return refuse(frameProblem('format-line', { format: 'Ohaus' }), bytes, at);
    if (/^P?T$/.test(legend)) return null;
    const width = lead.length + digits.length;
    if (width < leastWidth) return refuse(frameProblem('weight-narrow', { width: leastWidth }), bytes, at);
    if (!steady(width)) return refuse(widthChanged, bytes, at);
    const weight = units.read(`${sign === '-' ? '-' : ''}${digits}`, unit);
    if ('error' in weight) return refuse(weight.error, bytes, at);
    const net = legend === 'N' || legend === 'NET';
    return reading(bytes, at, { grams: weight.grams, stable: moving === '', net });
  }

  return createLineDecoder(readLine);
}
