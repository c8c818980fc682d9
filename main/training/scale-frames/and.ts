/** A&D standard format: EK-L manual p. 30, GC manual p. 51; indicators as AD-4329A. */
import { ascii, asks, digitsOf, type ScaleVoice, type ShownWeight } from './shown.ts';

function header({ overload, underload, stable }: ShownWeight): string {
  if (overload || underload) return 'OL';
  return stable ? 'ST' : 'US';
}

function field(shown: ShownWeight, width: number): string {
  if (shown.overload || shown.underload) return `${shown.underload ? '-' : '+'}${'999999.9'.slice(-(width - 1))}`;
  const { negative, text } = digitsOf(shown);
  return `${negative ? '-' : '+'}${text.padStart(width - 1, '0')}`;
}

const balance = (shown: ShownWeight): Uint8Array =>
  ascii(`${header(shown)},${field(shown, 9)}${shown.unit.padStart(3)}\r\n`);
const indicator = (shown: ShownWeight): Uint8Array =>
  ascii(`${header(shown)},${shown.net ? 'N' : 'G'} ,${field(shown, 8)}${shown.unit.padStart(2)}\r\n`);

function voice(frame: (shown: ShownWeight) => Uint8Array, net: boolean): ScaleVoice {
  return {
    protocol: 'and',
    form: null,
    streams: true,
    says: { unit: true, stable: true, net, beyond: true },
    weighsMoving: true,
    digits: 6,
    negative: true,
    frame,
    answer: (request, shown) => (asks(request, 'Q') ? frame(shown) : null),
  };
}

export const andVoices: readonly ScaleVoice[] = [voice(balance, false), voice(indicator, true)];
