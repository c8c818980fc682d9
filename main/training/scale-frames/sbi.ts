/** Sartorius SBI: CB operating instructions p. 34 (positions of 16 and 22 characters); the unit is blank while it moves. */
import { ascii, asks, digitsOf, type ScaleVoice, type ShownWeight } from './shown.ts';

function frameOf(withId: boolean) {
  return (shown: ShownWeight): Uint8Array => {
    const id = withId ? (shown.net ? 'N' : 'G').padEnd(6) : '';
    if (shown.overload) return ascii(`${withId ? 'Stat  ' : ''}      High    \r\n`);
    if (shown.underload) return ascii(`${withId ? 'Stat  ' : ''}      Low     \r\n`);
    const { negative, text } = digitsOf(shown);
    const unit = shown.stable ? shown.unit.padEnd(3) : '   ';
    return ascii(`${id}${negative ? '-' : '+'} ${text.padStart(8)} ${unit}\r\n`);
  };
}

function voice(withId: boolean): ScaleVoice {
  const frame = frameOf(withId);
  return {
    protocol: 'sbi',
    form: null,
    streams: false,
    says: { unit: true, stable: true, net: withId, beyond: true },
    weighsMoving: true,
    digits: 6,
    negative: true,
    frame,
    answer: (request, shown) => (asks(request, '\x1bP') ? frame(shown) : null),
  };
}

export const sbiVoices: readonly ScaleVoice[] = [voice(false), voice(true)];
