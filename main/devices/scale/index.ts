/** The scales this station can read. Another protocol is one file and one line in `scaleProtocols`. */
import { bytesOfHex } from '../hex.ts';
import type { RefusedFrame, ScaleProtocol, ScaleReading } from '../../domain/device.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import { adam } from './adam.ts';
import { and } from './and.ts';
import { cas } from './cas.ts';
import { hidPos } from './hid-pos.ts';
import { kern } from './kern.ts';
import { unitMissing } from './kit/units.ts';
import { mtSics } from './mt-sics.ts';
import { nci } from './nci.ts';
import { ohaus } from './ohaus.ts';
import { sbi } from './sbi.ts';
import { scaleForm } from './settings.ts';
import { toledo8217 } from './toledo-8217.ts';
import { toledoContinuous } from './toledo-continuous.ts';
import { userDefined } from './user-defined.ts';
import { xk3190 } from './xk3190.ts';

export { createScale } from './driver.ts';
export type { Scale, ScaleOptions } from './driver.ts';
export { scalePoll, scaleProblem } from './settings.ts';

export const scaleProtocols: Readonly<Record<string, ScaleProtocol>> = {
  [hidPos.id]: hidPos,
  [mtSics.id]: mtSics,
  [toledo8217.id]: toledo8217,
  [toledoContinuous.id]: toledoContinuous,
  [xk3190.id]: xk3190,
  [and.id]: and,
  [cas.id]: cas,
  [ohaus.id]: ohaus,
  [sbi.id]: sbi,
  [nci.id]: nci,
  [adam.id]: adam,
  [kern.id]: kern,
  [userDefined.id]: userDefined,
};

/** The protocol of that name. Throws a one-line Error that lists the known ones. */
export function scaleProtocol(id: string): ScaleProtocol {
  const found = Object.hasOwn(scaleProtocols, id) ? scaleProtocols[id] : undefined;
  if (found !== undefined) return found;
  throw new Error(
    `scale protocol "${id.slice(0, 40)}" is not known; known are ${Object.keys(scaleProtocols).join(', ')}`,
  );
}

const maxDecodeBytes = 1024 * 1024;

/**
 * Decodes recorded bytes, for `packbench device decode --kind scale`. `hex` may hold white space between bytes.
 * Every frame gives one entry, in order; bytes left without the end of a frame give a last, refused entry. All `at`
 * are 0. Throws a one-line Error if the protocol is unknown or the text is not hexadecimal.
 */
export function decodeHex(
  protocolId: string,
  hex: string,
  settings: ScaleSettings = {},
): (ScaleReading | RefusedFrame)[] {
  const decoder = scaleProtocol(protocolId).decoder({ ...settings, forShow: true });
  const bytes = bytesOfHex(hex, maxDecodeBytes);
  return [...decoder.push(bytes, 0), ...decoder.end(0)];
}

/** The same for a person at a command line: without a unit where frames carry none, it shows kilograms and says so. */
export function decodeHexForShow(
  protocolId: string,
  hex: string,
  settings: ScaleSettings = {},
): { readonly frames: (ScaleReading | RefusedFrame)[]; readonly remarks: readonly string[] } {
  const protocol = scaleProtocol(protocolId);
  scaleForm(protocol, settings);
  const frames = decodeHex(protocolId, hex, settings);
  const remarks: string[] = [];
  if (protocol.id === xk3190.id && settings.form === undefined && frames.some(({ raw }) => raw.startsWith('3d'))) {
    remarks.push('frames that begin with = are read in the likelier direction; say --form reversed or --form forward');
  }
  if (settings.unit !== undefined || !frames.some((frame) => 'error' in frame && frame.error === unitMissing)) {
    return { frames, remarks };
  }
  remarks.push(`frames of ${protocol.id} carry no unit; shown as if the scale were set to kg, say --unit for another`);
  return { frames: decodeHex(protocolId, hex, { ...settings, unit: 'kg' }), remarks };
}
