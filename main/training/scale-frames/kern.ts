/** KERN DE manual p. 33: M, sign, ten characters, blank, unit of three; the unit is blank while it moves. Asked with `w`. */
import { ascii, digitsOf, type ScaleVoice, type ShownWeight } from './shown.ts';

function frame(shown: ShownWeight): Uint8Array {
  if (shown.overload || shown.underload) return ascii('           Error\r\n');
  const { negative, text } = digitsOf(shown);
  const unit = shown.stable ? shown.unit.padEnd(3) : '   ';
  return ascii(` ${negative ? '-' : ' '}${text.padStart(10)} ${unit}\r\n`);
}

export const kernVoices: readonly ScaleVoice[] = [
  {
    protocol: 'kern',
    form: null,
    streams: false,
    says: { unit: true, stable: true, net: false, beyond: false },
    weighsMoving: true,
    digits: 6,
    negative: true,
    frame,
    answer: (request, shown) => (String.fromCharCode(...request) === 'w' ? frame(shown) : null),
  },
];
