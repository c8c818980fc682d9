/** Yaohua XK3190: XK3190-A26 manual pp. 12-13, A23p manual p. 23, A12(E) manual. No frame says whether it is stable. */
import { ascii, digitsOf, xorText, type ScaleVoice, type ShownWeight } from './shown.ts';

const sixDigits = (shown: ShownWeight): string => digitsOf(shown).digits.padStart(6, '0');

function closed(inside: string): Uint8Array {
  const bytes = ascii(inside);
  return ascii(`\x02${inside}${xorText(bytes)}\x03`);
}

function signOf(shown: ShownWeight, minus: string, plus: string): string {
  return digitsOf(shown).negative ? minus : plus;
}

/** Six digits with their point. */
const pointed = (shown: ShownWeight): string => digitsOf(shown).text.padStart(7, '0');

function a12(shown: ShownWeight): Uint8Array {
  const word = shown.overload ? 'OL' : shown.underload ? 'LO' : null;
  const inside =
    word === null
      ? `W${shown.net ? 'N' : 'G'}${signOf(shown, '-', '')}${digitsOf(shown).text.padStart(digitsOf(shown).negative ? 6 : 7, '0')}kg`
      : `         ${word}`;
  return ascii(`${inside}${xorText(ascii(inside))}\r\n`);
}

function voice(
  form: string | null,
  frame: (shown: ShownWeight) => Uint8Array,
  more: Partial<ScaleVoice> = {},
): ScaleVoice {
  return {
    protocol: 'xk3190',
    form,
    streams: true,
    says: { unit: false, stable: false, net: false, beyond: false },
    weighsMoving: true,
    digits: 6,
    negative: true,
    frame,
    answer: () => null,
    ...more,
  };
}

function command(shown: ShownWeight): Uint8Array {
  return closed(`A${shown.net ? 'D' : 'B'}${signOf(shown, '-', '+')}${sixDigits(shown)}${shown.decimals}`);
}

export const xk3190Voices: readonly ScaleVoice[] = [
  voice(null, (shown) => closed(`${signOf(shown, '-', '+')}${sixDigits(shown)}${shown.decimals}`)),
  voice('command', command, {
    streams: false,
    says: { unit: false, stable: false, net: true, beyond: false },
    answer(request, shown) {
      const asked = String.fromCharCode(...request);
      if (asked === '\x02AA00\x03') return closed('AA');
      return asked === '\x02AB03\x03'
        ? command({ ...shown, net: false })
        : asked === '\x02AD05\x03'
          ? command({ ...shown, net: true })
          : null;
    },
  }),
  voice('reversed', (shown) => ascii(`=${[...pointed(shown)].toReversed().join('')}${signOf(shown, '-', '0')}`)),
  voice('reversed-short', (shown) => ascii(`=${[...pointed(shown)].toReversed().join('')}`), { negative: false }),
  voice('forward', (shown) => ascii(`=${signOf(shown, '-', '0')}${pointed(shown)}`)),
  voice('price', (shown) => ascii(`=${signOf(shown, '-', '0')}${pointed(shown)}${shown.unit};0001.00;0002.00`), {
    says: { unit: true, stable: false, net: false, beyond: false },
  }),
  voice('a12', a12, { says: { unit: true, stable: false, net: true, beyond: true }, digits: 5 }),
  voice(
    'a12-text',
    (shown) =>
      ascii(`w${shown.net ? 'n' : 'w'}${signOf(shown, '-', '0')}${digitsOf(shown).text.padStart(6, '0')}${shown.unit}`),
    {
      says: { unit: true, stable: false, net: true, beyond: false },
      digits: 5,
    },
  ),
  voice('c602', (shown) => ascii(`\x02${sixDigits(shown)}\r\n\x03`), { negative: false }),
];
