/** Shapes of scanners that the station reads itself: shared by their protocols, the driver and what uses their scans. */

import { frameWords, type FrameProblem } from './frame-problems.ts';

/** One whole code, as its bytes came. */
export interface ScannerRead {
  /** Without framing. */
  readonly data: Uint8Array;
  /** The AIM identifier the scanner sends beside the data, such as `]C1`; empty if it sends none. */
  readonly aim: string;
  /** The bytes as they came, with their framing, hexadecimal. */
  readonly raw: string;
  /** Monotonic milliseconds of its last byte. */
  readonly at: number;
}

/** Why bytes are no code; each is the tail of a locale key `scan.refused-…`. */
export type ScannerRefusal = 'cut' | 'too-long' | 'key' | 'no-prefix' | 'report';

export interface ScannerRefused {
  readonly error: ScannerRefusal;
  /** One English line for the log, that of `problem`. */
  readonly detail: string;
  /** The same for the screen. */
  readonly problem: FrameProblem;
  readonly at: number;
  /** The first bytes of it, hexadecimal. */
  readonly raw: string;
}

/** `raw`: the first bytes, hexadecimal. */
export function refusedScan(error: ScannerRefusal, problem: FrameProblem, at: number, raw: string): ScannerRefused {
  return { error, detail: frameWords(problem), problem, at, raw };
}

/** Bytes in, codes out, whatever the chunking. Time is given in; a fresh decoder per opening of the link. */
export interface ScannerDecoder {
  push(bytes: Uint8Array, at: number): (ScannerRead | ScannerRefused)[];
  /** Ends what has been quiet for too long. */
  tick(at: number): (ScannerRead | ScannerRefused)[];
  /** When `tick` has something to do next, or null. */
  wakeAt(): number | null;
}
