/**
 * NCI (Weigh-Tronix, Brecknell, UPS and FedEx bench scales) and the SMA protocol of the Scale Manufacturers Association.
 * Source, NCI: CAS CI-100A manual p. 40; Weigh-Tronix 67xxU p. 68, NCI 7800 p. 32; Ohaus Aviator 7000 p. 47; Adam MDW
 * manual p. 13. SMA: Sartorius PR5220 manual pp. 130-133.
 *
 * NCI, asked with `W CR`: `LF weight unit CR LF status CR ETX`; only `LF status CR ETX` where there is no weight;
 * `^^^^` over, `____` under, `----` zero error in place of the weight; `LF ? CR ETX` unknown command.
 *   status 1: bit 0 not stable, 1 at zero, 2 RAM error, 3 EEPROM error, 4 and 5 always 1
 *   status 2: bit 0 under, 1 over capacity, 2 ROM error, 3 calibration error
 *   status 3: bits 0 and 1 compare, 2 net, 3 zero error at start; a fourth is of hold and battery, and not used
 * Newer ones write an `S` before the status.
 *
 * SMA, asked with `LF W CR`: `LF s r n m f weight(10) unit(3) CR`, 20 bytes:
 *   0a 20 31 47 20 20 20 20 20 20 20 35 2e 30 32 35 6c 62 20 0d   5.025 lb
 *   s Z zero, O over, U under, E zero error, I zero error at start, T; r range; n G|N|T (g, n in high resolution); m M in motion
 * Both kinds are told apart by their bytes; the form decides only what is asked.
 */
import type { ScaleDecoder, ScaleForm, ScaleProtocol } from '../../domain/device.ts';
import { frameProblem } from '../../domain/frame-problems.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import { beyond, bytesOf, latin1, reading, refuse, type ScaleItem } from './kit/frame.ts';
import { createHeadDecoder } from './kit/heads.ts';
import { createLastWeight, createSteadyWidth, widthChanged, type LastWeight } from './kit/steady.ts';
import { paddedNumber, unitTable, unpadded } from './kit/units.ts';

const form = (id: string, layout: string, poll: string): ScaleForm => ({
  id,
  layout,
  carriesUnit: true,
  saysStable: true,
  poll: bytesOf(poll),
  standing: 'documented',
});

export const nci: ScaleProtocol = {
  id: 'nci',
  makes: 'Weigh-Tronix, NCI, Brecknell, Adam MDW; SMA: Sartorius, Fairbanks, Rice Lake',
  poll: bytesOf('W\r'),
  forms: [
    form('nci', 'LF weight unit CR LF status(2-4) CR ETX', 'W\r'),
    form('sma', 'LF s r n m f weight(10) unit(3) CR', '\nW\r'),
  ],
  serial: { baud: 9_600, dataBits: 7, parity: 'even', stopBits: 1 },
  settings: ['form'],
  firstIsStale: false,
  source:
    'CAS CI-100A p. 40, Weigh-Tronix 67xxU p. 68, NCI 7800 p. 32, Adam MDW p. 13; SMA: Sartorius PR5220 pp. 130-133',
  standing: 'documented',
  decoder: createDecoder,
};

const units = unitTable({ lb: 'lb', LB: 'lb', oz: 'oz', OZ: 'oz', kg: 'kg', KG: 'kg', g: 'g', G: 'g' });

const LF = 0x0a;
const CR = 0x0d;
const ETX = 0x03;
const smaBytes = 20;
const maxFrame = 40;

const sma = /^\n([ ZOUEIT])(\d)([GNTgn])([M ])(.)(.{10})(.{3})\r$/s;
const unknownCommand = /^\n([?!])\r(?:\x03)?$/;
const weighed = /^\n(.{4,12}?)([A-Za-z]{1,2})\r\nS? ?([0-?p-\x7f]{2,4})\r\x03$/;
const statusOnly = /^\nS? ?([0-?p-\x7f]{2,4})\r\x03$/;

function createDecoder(settings?: ScaleSettings): ScaleDecoder {
  const last = createLastWeight(settings);
  const steady = createSteadyWidth();
  return createHeadDecoder({
    maxBytes: maxFrame,
    starts: (byte) => byte === LF,
    measure,
    broken: (frame) => {
      const text = latin1(frame);
      const known = [sma, unknownCommand, weighed, statusOnly].some((shape) => shape.test(text));
      return known ? null : frameProblem('format-nci');
    },
    read(frame, at) {
      const text = latin1(frame);
      if (unknownCommand.test(text)) return refuse(frameProblem('unknown-command'), frame, at);
      return sma.test(text) ? readSma(text, frame, at) : readNci(text, frame, at, last, steady);
    },
    // Behind `LF ? CR`, and CR LF of scales that add it.
    ignores: (byte) => byte === ETX || byte === CR,
  });
}

function measure(head: Uint8Array): number | null {
  const [before, newest] = [head.at(-2), head.at(-1)];
  if (head.length > 1 && newest === LF && before !== CR) return 0;
  if (newest === ETX && before === CR) return head.length;
  if (newest !== CR) return null;
  const text = latin1(head);
  return (head.length === smaBytes && sma.test(text)) || unknownCommand.test(text) ? head.length : null;
}

function readSma(text: string, frame: Uint8Array, at: number): ScaleItem | null {
  const [, state = '', , mode = '', motion, , field = '', unit = ''] = sma.exec(text) ?? [];
  const net = mode.toUpperCase() === 'N';
  if (state === 'O') return beyond(frame, at, 'overload', net);
  if (state === 'U') return beyond(frame, at, 'underload', net);
  if (state !== ' ' && state !== 'Z') return refuse(frameProblem('reports-state', { text: state }), frame, at);
  if (mode === 'T') return null;
  const number = paddedNumber(field);
  if (number === null) return refuse(frameProblem('weight-aligned-width', { width: 10 }), frame, at);
  const weight = units.read(number, unpadded(unit));
  if ('error' in weight) return refuse(weight.error, frame, at);
  return reading(frame, at, { grams: weight.grams, stable: motion === ' ', net });
}

function readNci(
  text: string,
  frame: Uint8Array,
  at: number,
  last: LastWeight,
  steady: (width: number) => boolean,
): ScaleItem {
  const [, field = '', unit = '', statusOfWeight] = weighed.exec(text) ?? [];
  const status = statusOfWeight ?? statusOnly.exec(text)?.[1] ?? '';
  const [first = 0, second = 0, third = 0] = bytesOf(status);
  const net = (third & 0x04) !== 0;
  if ((first & 0x0c) !== 0 || (second & 0x0c) !== 0) {
    return refuse(frameProblem('reports-memory'), frame, at);
  }
  if ((second & 0x02) !== 0 || /^\^+$/.test(field)) return beyond(frame, at, 'overload', net);
  if ((second & 0x01) !== 0 || /^_+$/.test(field)) return beyond(frame, at, 'underload', net);
  if ((third & 0x08) !== 0 || /^-+$/.test(field)) {
    return refuse(frameProblem('zero-not-found'), frame, at);
  }
  const moving = (first & 0x01) !== 0;
  if (statusOfWeight === undefined) return last.moving(frame, at, net);
  const number = paddedNumber(field.replace(/^- +/, (blank) => `${' '.repeat(blank.length - 1)}-`));
  if (number === null) return refuse(frameProblem('weight-aligned'), frame, at);
  if (!steady(field.length)) return refuse(widthChanged, frame, at);
  const weight = units.read(number, unit);
  if ('error' in weight) return refuse(weight.error, frame, at);
  return last.keep(reading(frame, at, { grams: weight.grams, stable: !moving, net }));
}
