/** Scales: their protocols (registry.ts), how an entry of the profile is settled, the driver, and tools that show bytes. */
import { bytesOfHex } from '../hex.ts';
import type { RefusedFrame, ScaleReading } from '../../domain/device.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import { hidPos } from './hid-pos.ts';
import { unitMissing } from './kit/units.ts';
import { scaleProtocol } from './registry.ts';
import { scaleForm } from './settings.ts';
import { xk3190 } from './xk3190.ts';

export { createScale } from './driver.ts';
export type { Scale, ScaleOptions } from './driver.ts';
export { scaleProtocol, scaleProtocols } from './registry.ts';
export { scalePoll, scaleProblem, scaleSettingProblem } from './settings.ts';
export { settleScale } from './settle.ts';
export type { ScaleEntry, SettledScale } from './settle.ts';

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
  const remarks: string[] = [];
  const bytes = hex.replace(/\s+/g, '').length / 2;
  if (protocol.id === hidPos.id && settings.form === undefined && bytes % 5 === 0 && bytes % 6 !== 0) {
    remarks.push('reports of five bytes are read as WebHID gives them, without the report id; say --form webhid');
    return { frames: decodeHex(protocolId, hex, { ...settings, form: 'webhid' }), remarks };
  }
  const frames = decodeHex(protocolId, hex, settings);
  if (protocol.id === xk3190.id && settings.form === undefined && frames.some(({ raw }) => raw.startsWith('3d'))) {
    remarks.push('frames that begin with = are read in the likelier direction; say --form reversed or --form forward');
  }
  if (
    settings.unit !== undefined ||
    !frames.some((frame) => 'error' in frame && frame.problem.code === unitMissing.code)
  ) {
    return { frames, remarks };
  }
  remarks.push(
    `these frames of ${protocol.id} carry no unit; shown as if the scale were set to kg, say --unit for another`,
  );
  return { frames: decodeHex(protocolId, hex, { ...settings, unit: 'kg' }), remarks };
}
