/**
 * What a spooler link needs of the operating system's spooler, and which spooler this system has.
 *
 * The rule of outcomes: a queue that took a label is not a printed label. CUPS says `completed` when the bytes left for the
 * device, Windows when the spooler wrote them to the port; neither knows of the paper. So a handed-over label is unknown
 * until the packer scans it.
 */
import type { DeviceWord } from '../link.ts';
import { createCupsSpooler } from './cups.ts';
import { createWindowsSpooler, loadWinspool } from './winspool.ts';

export interface Spooler {
  /** Resolves null if the queue is there, else one line why it cannot be used. Never rejects. */
  find(queue: string, timeoutMs: number): Promise<string | null>;
  /**
   * Hands one label over as one raw job. `taken` 0 only if it is certain that the spooler has no job of it; all of the
   * bytes if that is not certain. Never rejects.
   */
  hand(queue: string, title: string, bytes: Uint8Array, timeoutMs: number): Promise<HandOver>;
  /** What the spooler says of the queue; null if it does not answer. Never rejects. */
  state(queue: string, timeoutMs: number): Promise<DeviceWord | null>;
  /** The queues there are. Rejects with an Error whose message is one line. */
  list(timeoutMs: number): Promise<readonly SpoolerQueue[]>;
}

/** What became of a label. `taken` never understates; `problem` in the spooler's words, null: it was taken. */
export interface HandOver {
  readonly taken: number;
  readonly problem: string | null;
}

export interface SpoolerQueue {
  readonly queue: string;
  /** Where it sends to, as the spooler writes it (`usb://Zebra/GK420d`, `socket://10.0.0.5`); null if it does not say. */
  readonly device: string | null;
}

/** The spooler of this system. Throws a one-line Error if it has none. */
export function systemSpooler(platform: NodeJS.Platform = process.platform): Spooler {
  return platform === 'win32' ? createWindowsSpooler(loadWinspool()) : createCupsSpooler();
}
