/** How scales of each protocol talk: for virtual scales, and as the second opinion in the tests of the decoders. */
import { adamVoices } from './adam.ts';
import { andVoices } from './and.ts';
import { casVoices } from './cas.ts';
import { hidPosVoices } from './hid-pos.ts';
import { kernVoices } from './kern.ts';
import { mtSicsVoices } from './mt-sics.ts';
import { nciVoices } from './nci.ts';
import { ohausVoices } from './ohaus.ts';
import { sbiVoices } from './sbi.ts';
import type { ScaleVoice } from './shown.ts';
import { toledo8217Voices } from './toledo-8217.ts';
import { toledoContinuousVoices } from './toledo-continuous.ts';
import { xk3190Voices } from './xk3190.ts';

export { withEvenParity } from './toledo-8217.ts';
export type { ScaleVoice, ShownUnit, ShownWeight } from './shown.ts';

/** Every protocol in each of its forms, the usual one first. */
export const scaleVoices: readonly ScaleVoice[] = [
  ...hidPosVoices,
  ...mtSicsVoices,
  ...toledo8217Voices,
  ...toledoContinuousVoices,
  ...xk3190Voices,
  ...andVoices,
  ...casVoices,
  ...ohausVoices,
  ...sbiVoices,
  ...nciVoices,
  ...adamVoices,
  ...kernVoices,
];

/** The voice of a protocol in one form, or in its usual one. Throws a one-line Error if there is none. */
export function scaleVoice(protocol: string, form: string | null = null): ScaleVoice {
  const found = scaleVoices.find((voice) => voice.protocol === protocol && (form === null || voice.form === form));
  if (found === undefined) throw new Error(`no virtual scale speaks ${protocol}${form === null ? '' : ` (${form})`}`);
  return found;
}
