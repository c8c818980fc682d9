/** One way to look at the frames of any kind of device that is read: for watching, detecting, recording and replaying. */
import { scaleProtocol } from '../../devices/scale/index.ts';
import type { ScaleProtocol } from '../../domain/device.ts';

/** Kinds of devices whose bytes can be decoded here. */
export const readKinds = ['scale'] as const;
export type ReadKind = (typeof readKinds)[number];

/** A device to be read: its fields are those of the profile. */
export interface ReadSettings {
  readonly kind: ReadKind;
  readonly protocol: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What one frame came to. Exactly one of `decoded` and `error` is set; `at` is the time the caller gave. */
export interface DecodedFrame {
  readonly at: number;
  /** Hexadecimal. */
  readonly raw: string;
  readonly decoded: Readonly<Record<string, unknown>> | null;
  readonly error: string | null;
}

export interface FrameDecoder {
  push(bytes: Uint8Array, at: number): DecodedFrame[];
}

/** The protocol of a scale with its settings. Throws a one-line Error if it is not known or not complete. */
export function scaleProtocolOf(settings: ReadSettings): ScaleProtocol {
  return scaleProtocol(settings.protocol);
}

/** A fresh decoder, for one session of a link. Throws a one-line Error if the protocol is not known. */
export function frameDecoder(settings: ReadSettings): FrameDecoder {
  const decoder = scaleProtocolOf(settings).decoder();
  return { push: (bytes, at) => decoder.push(bytes, at).map(asDecoded) };
}

/** A reading or refused frame as the tools show it. */
export function asDecoded(item: { readonly at: number; readonly raw: string; readonly error?: string }): DecodedFrame {
  const { at, raw } = item;
  if (item.error !== undefined) return { at, raw, decoded: null, error: item.error };
  return { at, raw, decoded: { ...item }, error: null };
}

/** Bytes as lower-case hexadecimal. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Bytes as text a person can read: control characters as their pictures (U+2400…), what is not ASCII as a dot. */
export function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    if (byte < 0x20) return String.fromCharCode(0x2400 + byte);
    return byte < 0x7f ? String.fromCharCode(byte) : byte === 0x7f ? '\u2421' : '·';
  }).join('');
}
