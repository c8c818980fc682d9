/** The scales this station can read. Another protocol is one file and one line in `scaleProtocols`. */
import { bytesOfHex } from '../hex.ts';
import type { RefusedFrame, ScaleProtocol, ScaleReading } from '../../domain/device.ts';
import { mtSics } from './mt-sics.ts';

export { createScale } from './driver.ts';
export type { Scale, ScaleOptions } from './driver.ts';

export const scaleProtocols: Readonly<Record<string, ScaleProtocol>> = {
  [mtSics.id]: mtSics,
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
export function decodeHex(protocolId: string, hex: string): (ScaleReading | RefusedFrame)[] {
  const decoder = scaleProtocol(protocolId).decoder();
  const bytes = bytesOfHex(hex, maxDecodeBytes);
  const out = decoder.push(bytes, 0);
  const left = decoder.pending();
  if (left.length === 0) return out;
  const raw = Array.from(left, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [...out, { error: 'frame is not complete', at: 0, raw }];
}
