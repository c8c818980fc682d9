/** CAS CI-600D p. 74, CI-400 p. 103: lines of 22, 18 and 10 characters. The lamp byte is above 0x7f. */
import { ascii, digitsOf, type ScaleVoice, type ShownWeight } from './shown.ts';

function heads(shown: ShownWeight): string {
  const state = shown.overload ? 'OL' : shown.stable ? 'ST' : 'US';
  return `${state},${shown.net ? 'NT' : 'GS'},`;
}

function data(shown: ShownWeight): string {
  const { negative, text } = digitsOf(shown);
  return `${negative ? '-' : ''}${text.padStart(6, '0')}`.padStart(8);
}

function lamps(shown: ShownWeight): string {
  const zero = Number(digitsOf(shown).digits) === 0;
  return String.fromCharCode(0x80 | (shown.stable ? 0x40 : 0) | (shown.net ? 0x02 : 0x04) | (zero ? 0x01 : 0));
}

const common = {
  protocol: 'cas',
  streams: true,
  weighsMoving: true,
  digits: 6,
  negative: true,
  answer: () => null,
} as const;
const said = { unit: true, stable: true, net: true, beyond: false };

export const casVoices: readonly ScaleVoice[] = [
  {
    ...common,
    form: null,
    says: said,
    frame: (shown) => ascii(`${heads(shown)}1${lamps(shown)},${data(shown)} ${shown.unit.padStart(2)}\r\n`),
  },
  {
    ...common,
    form: null,
    says: said,
    frame: (shown) => ascii(`${heads(shown)}${data(shown)}${shown.unit.padStart(2)}\r\n`),
  },
  {
    ...common,
    form: '10-byte',
    says: { unit: false, stable: false, net: false, beyond: false },
    frame: (shown) => ascii(`${data(shown)}\r\n`),
  },
];
