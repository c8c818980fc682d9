/** USB scales: HID Point of Sale Usage Tables 1.02, section 4. Report 3: status, unit, scaling, weight low and high. */
import { digitsOf, type ScaleVoice, type ShownWeight } from './shown.ts';

const unitCodes = { g: 2, kg: 3, oz: 11, lb: 12 } as const;

function statusOf(shown: ShownWeight, negative: boolean, zero: boolean): number {
  if (shown.overload) return 6;
  if (shown.underload || negative) return 5;
  if (!shown.stable) return 3;
  return zero ? 2 : 4;
}

function report(shown: ShownWeight): number[] {
  const { digits, negative } = digitsOf(shown);
  // Sixteen bits: a larger weight is shown with fewer digits behind the point, as such scales do.
  let [magnitude, exponent] = [Number(digits), -shown.decimals];
  while (magnitude > 0xffff) [magnitude, exponent] = [Math.round(magnitude / 10), exponent + 1];
  const status = statusOf(shown, negative, magnitude === 0);
  return [status, unitCodes[shown.unit], exponent & 0xff, magnitude & 0xff, magnitude >> 8];
}

const common = {
  protocol: 'hid-pos',
  streams: true,
  says: { unit: true, stable: true, net: false, beyond: true },
  weighsMoving: true,
  digits: 4,
  // The sign and "below zero" are one status.
  negative: false,
  answer: () => null,
} as const;

export const hidPosVoices: readonly ScaleVoice[] = [
  { ...common, form: null, frame: (shown) => Uint8Array.from([3, ...report(shown)]) },
  { ...common, form: 'webhid', frame: (shown) => Uint8Array.from(report(shown)) },
];
