/** NCI (Weigh-Tronix 67xxU p. 68, Adam MDW p. 13) and SMA (Sartorius PR5220 pp. 130-133). */
import { ascii, digitsOf, type ScaleVoice, type ShownWeight } from './shown.ts';

function nci(shown: ShownWeight): Uint8Array {
  const { negative, text, digits } = digitsOf(shown);
  const first = 0x30 | (shown.stable ? 0 : 1) | (Number(digits) === 0 ? 2 : 0);
  const second = 0x30 | (shown.underload ? 1 : 0) | (shown.overload ? 2 : 0);
  const third = 0x30 | (shown.net ? 4 : 0);
  const status = `${String.fromCharCode(first, second, third)}\r\x03`;
  const unit = shown.unit;
  if (shown.overload) return ascii(`\n^^^^^^^^^${unit}\r\n${status}`);
  if (shown.underload) return ascii(`\n_________${unit}\r\n${status}`);
  if (!shown.stable) return ascii(`\n${status}`);
  return ascii(`\n${`${negative ? '-' : ''}${text}`.padStart(9)}${unit}\r\n${status}`);
}

function sma(shown: ShownWeight): Uint8Array {
  const { negative, text, digits } = digitsOf(shown);
  const state = shown.overload ? 'O' : shown.underload ? 'U' : Number(digits) === 0 ? 'Z' : ' ';
  const weight = `${negative ? '-' : ''}${text}`.padStart(10);
  return ascii(`\n${state}1${shown.net ? 'N' : 'G'}${shown.stable ? ' ' : 'M'} ${weight}${shown.unit.padEnd(3)}\r`);
}

const common = {
  protocol: 'nci',
  streams: false,
  says: { unit: true, stable: true, net: true, beyond: true },
  digits: 6,
  negative: true,
} as const;
const text = (request: Uint8Array): string => String.fromCharCode(...request);

export const nciVoices: readonly ScaleVoice[] = [
  {
    ...common,
    form: null,
    weighsMoving: false,
    frame: nci,
    answer: (request, shown) => (text(request) === 'W\r' ? nci(shown) : ascii('\n?\r\x03')),
  },
  {
    ...common,
    form: 'sma',
    weighsMoving: true,
    frame: sma,
    answer: (request, shown) => (text(request) === '\nW\r' ? sma(shown) : ascii('\n?\r')),
  },
];
