/** One way to look at the frames of any kind of device that is read: for watching, recording and replaying. */
import { z } from 'zod';
import { dwsFormat } from '../../devices/dws/index.ts';
import { settleScale } from '../../devices/scale/index.ts';
import type { LinkOptions } from '../../ports.ts';
import type { RefusedFrame } from '../../domain/device.ts';
import type { FrameProblem } from '../../domain/frame-problems.ts';
import { dwsFormatShape, parseDwsDecoding, type DwsDecodingInput } from '../../domain/dws-settings.ts';
import { describeIssue, parseScale, parseScanner, type ScannerProfile } from '../../profile/profile.ts';
import { scanFrames } from './scan-frames.ts';

/** Kinds of devices whose bytes can be decoded here. */
export const readKinds = ['scale', 'dws', 'scanner'] as const;
export type ReadKind = (typeof readKinds)[number];

/** A device to be read. `protocol`: of a scale or scanner its protocol, of a DWS machine its format. */
export interface ReadSettings {
  readonly kind: ReadKind;
  readonly protocol: string;
  /** Fields of the profile; those that have nothing to do with decoding are left alone. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What one frame came to. Exactly one of `decoded` and `error` is set; `at` is the time the caller gave. */
export interface DecodedFrame {
  readonly at: number;
  /** Hexadecimal. */
  readonly raw: string;
  readonly decoded: Readonly<Record<string, unknown>> | null;
  readonly error: string | null;
  /** Why it was refused, for the screen; with `error`. */
  readonly problem?: FrameProblem;
}

export interface FrameDecoder {
  push(bytes: Uint8Array, at: number): DecodedFrame[];
  /** Ends what silence ends, or breaks; time as given to `push`. */
  tick(at: number): DecodedFrame[];
  /** When `tick` has something to do next, or null. */
  wakeAt(): number | null;
  /** Nothing more will come. */
  end(at: number): DecodedFrame[];
}

type SettledScale = ReturnType<typeof settleScale>;

/** A scale made ready to be opened. Throws a one-line Error if its protocol is not known or its settings do not fit. */
export function settledScale({ protocol, fields }: ReadSettings): SettledScale {
  try {
    return settleScale(parseScale({ ...fields, protocol, id: 'read', link: '-' }));
  } catch (error) {
    throw inOneLine(error);
  }
}

/** A scanner's settings with what the profile leaves out. Throws a one-line Error if they do not fit. */
export function settledScanner({ protocol, fields }: ReadSettings): ScannerProfile {
  try {
    return parseScanner({ ...fields, protocol, id: 'read', link: '-' });
  } catch (error) {
    throw inOneLine(error);
  }
}

/** How the line of a device is set where nobody says otherwise. Throws as `frameDecoder`. */
export function usualLine(settings: ReadSettings): LinkOptions {
  if (settings.kind === 'scale') return settledScale(settings).line;
  if (settings.kind === 'dws') return {};
  const { baud, dataBits, parity, stopBits } = settledScanner(settings);
  return { baud, dataBits, parity, stopBits };
}

/** Of what no silence ends. */
const noSilence = { tick: (): DecodedFrame[] => [], wakeAt: () => null };

/** A fresh decoder, for one session of a link. Throws a one-line Error if the settings do not fit. */
export function frameDecoder(settings: ReadSettings): FrameDecoder {
  if (settings.kind === 'scale') {
    const scale = settledScale(settings);
    const decoder = scale.protocol.decoder(scale.settings);
    return {
      ...noSilence,
      push: (bytes, at) => decoder.push(bytes, at).map(asDecoded),
      end: (at) => decoder.end(at).map(asDecoded),
    };
  }
  if (settings.kind === 'scanner') return scanFrames(settledScanner(settings));
  try {
    const fields = Object.entries(settings.fields).filter(([name]) => Object.hasOwn(dwsFormatShape, name));
    const given = parseDwsDecoding({ ...Object.fromEntries(fields), format: settings.protocol } as DwsDecodingInput);
    const decoder = dwsFormat(settings.protocol).decoder(given);
    return {
      ...noSilence,
      push: (bytes, at) => decoder.push(bytes, at).map(asDecoded),
      end: (at) => decoder.end(at).map(asDecoded),
    };
  } catch (error) {
    throw inOneLine(error);
  }
}

function inOneLine(error: unknown): Error {
  if (error instanceof z.ZodError) return new Error(describeIssue(error));
  return error instanceof Error ? error : new Error(String(error));
}

/** A reading or refused frame as the tools show it. */
export function asDecoded(item: RefusedFrame | { readonly at: number; readonly raw: string }): DecodedFrame {
  const { at, raw } = item;
  if ('error' in item) return { at, raw, decoded: null, error: item.error, problem: item.problem };
  return { at, raw, decoded: { ...item }, error: null };
}

/** Bytes as lower-case hexadecimal. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Names of the control characters (ASCII, ANSI X3.4). */
const controlNames =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

/** Bytes as text a person can read: control characters by name in angle brackets, what is not ASCII as a dot. */
export function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    if (byte < 0x20) return `<${controlNames[byte] ?? ''}>`;
    return byte < 0x7f ? String.fromCharCode(byte) : byte === 0x7f ? '<DEL>' : '·';
  }).join('');
}
