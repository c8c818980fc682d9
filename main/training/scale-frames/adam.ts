/** Adam AZExtra (`P` is answered with `1.23kg`, only for a weight other than zero) and CPWplus. */
import { ascii, asks, digitsOf, type ScaleVoice, type ShownWeight } from './shown.ts';

const azExtra = (shown: ShownWeight): Uint8Array => {
  const { negative, text } = digitsOf(shown);
  return ascii(`${`${negative ? '-' : ''}${text}`.padStart(8)}${shown.unit}\r\n`);
};

const cpwPlus = (shown: ShownWeight): Uint8Array => {
  const { negative, text } = digitsOf(shown);
  return ascii(`${shown.net ? 'N' : 'G'}/W ${negative ? '-' : '+'} ${text} ${shown.unit}\r\n`);
};

const common = {
  protocol: 'adam',
  streams: false,
  weighsMoving: true,
  digits: 6,
  negative: true,
} as const;

export const adamVoices: readonly ScaleVoice[] = [
  {
    ...common,
    form: null,
    says: { unit: true, stable: false, net: false, beyond: false },
    frame: azExtra,
    // That a weight is not sent twice is left to the virtual scale, which knows what it sent.
    answer: (request, shown) => (asks(request, 'P') && Number(digitsOf(shown).digits) !== 0 ? azExtra(shown) : null),
  },
  {
    ...common,
    form: 'cpwplus',
    says: { unit: true, stable: false, net: true, beyond: false },
    frame: cpwPlus,
    answer: (request, shown) => (asks(request, 'P') ? cpwPlus(shown) : null),
  },
];
