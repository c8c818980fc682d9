/** Toledo 8217: STX weight [N] CR in answer to `W`; STX ? status CR when it moves or is out of range. 7 bits. */
import { ascii, digitsOf, type ScaleVoice, type ShownWeight } from './shown.ts';

/** Even parity in bit 7, as it looks on a port opened with 8 bits. */
export function withEvenParity(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => {
    let ones = 0;
    for (let bit = 0; bit < 7; bit++) ones += (byte >> bit) & 1;
    return (byte & 0x7f) | ((ones & 1) << 7);
  });
}

function frameOf(width: number) {
  return (shown: ShownWeight): Uint8Array => {
    const { negative, text, digits } = digitsOf(shown);
    const centre = Number(digits) === 0 ? 0x10 : 0;
    const state = (shown.stable ? 0 : 0x01) | (shown.overload ? 0x02 : 0) | (shown.underload || negative ? 0x04 : 0);
    if (state !== 0) return Uint8Array.of(0x02, 0x3f, 0x40 | state | centre | (shown.net ? 0x20 : 0), 0x0d);
    return ascii(`\x02${text.padStart(width, '0')}${shown.net ? 'N' : ''}\r`);
  };
}

function voice(form: string | null, width: number): ScaleVoice {
  const frame = frameOf(width);
  return {
    protocol: 'toledo-8217',
    form,
    streams: false,
    says: { unit: false, stable: true, net: true, beyond: true },
    weighsMoving: false,
    digits: width - 1,
    negative: false,
    frame,
    answer: (request, shown) => (request.at(-1) === 0x57 ? frame(shown) : null),
  };
}

export const toledo8217Voices: readonly ScaleVoice[] = [voice(null, 6), voice('high-resolution', 7)];
