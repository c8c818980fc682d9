/** MT-SICS level 0: `S S|D weight(10) unit`, `S +`, `S -`; asked with `SI`. */
import { ascii, asks, digitsOf, type ScaleVoice, type ShownWeight } from './shown.ts';

function frame(shown: ShownWeight): Uint8Array {
  if (shown.overload) return ascii('S +\r\n');
  if (shown.underload) return ascii('S -\r\n');
  const { negative, text } = digitsOf(shown);
  const weight = `${negative ? '-' : ''}${text}`.padStart(10);
  return ascii(`S ${shown.stable ? 'S' : 'D'} ${weight} ${shown.unit}\r\n`);
}

export const mtSicsVoices: readonly ScaleVoice[] = [
  {
    protocol: 'mt-sics',
    form: null,
    streams: false,
    says: { unit: true, stable: true, net: false, beyond: true },
    weighsMoving: true,
    digits: 6,
    negative: true,
    frame,
    answer: (request, shown) => (asks(request, 'SI') ? frame(shown) : ascii('ES\r\n')),
  },
];
