/** Ohaus: Scout Pro and Navigator (RS232 manual p. 5) and 3000 series indicators (manual p. 35). */
import { ascii, asks, digitsOf, type ScaleVoice, type ShownWeight } from './shown.ts';

function scout(shown: ShownWeight): Uint8Array {
  const { negative, text } = digitsOf(shown);
  const weight = `${negative ? '-' : ''}${text}`.padStart(11);
  return ascii(
    `${weight} ${shown.unit}${shown.stable ? '' : ' ?'}${shown.net ? `${shown.stable ? '  ' : ''} NET` : ''}\r\n`,
  );
}

function indicator(shown: ShownWeight): Uint8Array {
  const { negative, text } = digitsOf(shown);
  const legend = shown.net ? 'NET' : 'G  ';
  return ascii(
    `${negative ? '-' : ' '} ${text.padStart(7)} ${shown.unit.padEnd(5)}${shown.stable ? ' ' : '?'}${legend}\r\n`,
  );
}

function voice(frame: (shown: ShownWeight) => Uint8Array): ScaleVoice {
  return {
    protocol: 'ohaus',
    form: null,
    streams: false,
    says: { unit: true, stable: true, net: true, beyond: false },
    weighsMoving: true,
    digits: 6,
    negative: true,
    frame,
    answer: (request, shown) => (asks(request, 'IP') || asks(request, 'P') ? frame(shown) : ascii('ES\r\n')),
  };
}

export const ohausVoices: readonly ScaleVoice[] = [voice(scout), voice(indicator)];
