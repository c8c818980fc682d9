/** Mettler-Toledo continuous output: STX, three status words, weight and tare of six digits, CR, check sum if set. */
import { ascii, digitsOf, type ScaleVoice, type ShownWeight } from './shown.ts';

function frameOf(withCheck: boolean) {
  return (shown: ShownWeight): Uint8Array => {
    const { negative, digits } = digitsOf(shown);
    const weight = digits.replace(/^0+(?=\d)/, '').padStart(6);
    const pointCode = 2 + shown.decimals;
    // Bits 3 and 4: divisions of one; bit 5 is always set.
    const statusA = 0x20 | 0x08 | pointCode;
    let statusB = 0x20;
    if (shown.net) statusB |= 0x01;
    if (negative || shown.underload) statusB |= 0x02;
    if (shown.overload || shown.underload) statusB |= 0x04;
    if (!shown.stable) statusB |= 0x08;
    if (shown.unit === 'kg') statusB |= 0x10;
    const statusC = shown.unit === 'g' ? 0x21 : 0x20;
    const bytes = [0x02, statusA, statusB, statusC, ...ascii(`${weight}     0\r`)];
    const sum = bytes.reduce((total, byte) => total + byte, 0);
    return Uint8Array.from(withCheck ? [...bytes, (0x80 - (sum % 0x80)) % 0x80] : bytes);
  };
}

const common = {
  protocol: 'toledo-continuous',
  streams: true,
  says: { unit: true, stable: true, net: true, beyond: true },
  weighsMoving: true,
  digits: 6,
  negative: true,
  answer: () => null,
} as const;

export const toledoContinuousVoices: readonly ScaleVoice[] = [
  { ...common, form: null, frame: frameOf(true) },
  { ...common, form: 'plain', frame: frameOf(false) },
];
