/**
 * The shapes a link is built from. They match the station's own ports by structure, so this tree imports nothing of
 * the station and each folder below may be left out of a build.
 */

import type { LinkProblem } from './link-problems.ts';
import type { Owners } from './owners.ts';
import type { Plugs } from './plugs.ts';

export type LinkState = 'closed' | 'opening' | 'open' | 'failed';

export type WriteOutcome =
  | { readonly kind: 'written'; readonly bytes: number }
  | { readonly kind: 'failed'; readonly bytes: number; readonly message: string };

/**
 * What the way to a device knows of it by itself, without speaking the device's language: a USB printer's port status, the
 * state of a spooler's queue. `reasons` are the station's notice codes; `queued` counts jobs in front, null if not known.
 */
export interface DeviceWord {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly queued: number | null;
}

export interface Link {
  readonly uri: string;
  readonly state: LinkState;
  readonly lastError: string | null;
  /** The same with its code; null together with it. */
  readonly problem?: LinkProblem | null;
  open(): void;
  write(bytes: Uint8Array, timeoutMs: number, to?: string): Promise<WriteOutcome>;
  onBytes(listener: (bytes: Uint8Array, from?: string) => void): () => void;
  onState(listener: (state: LinkState) => void): () => void;
  close(): Promise<void>;
  /** Asks the way to the device; null if it does not say. Absent on links that cannot know. Never rejects. */
  deviceWord?(timeoutMs: number): Promise<DeviceWord | null>;
  /** What a USB printer says of itself (IEEE 1284: `CMD`, `MDL`, `MFG`); null if it does not say. Never rejects. */
  deviceId?(): Promise<Readonly<Record<string, string>> | null>;
  /** Absent or true: bytes written go to the device itself. False: to a queue that reports nothing back. */
  readonly direct?: boolean;
  /** On a listening link: `tcp://host:port` where it listens, null while it does not. Absent on all others. */
  readonly listening?: string | null;
}

export interface LinkOptions {
  readonly baud?: number | undefined;
  readonly dataBits?: 7 | 8 | undefined;
  readonly parity?: 'none' | 'even' | 'odd' | undefined;
  readonly stopBits?: 1 | 2 | undefined;
  readonly reopen?: boolean | undefined;
  readonly owner?: string | undefined;
  readonly silentMs?: number | undefined;
  readonly peers?: number | undefined;
  readonly allow?: readonly string[] | undefined;
}

export interface LinkTimer {
  cancel(): void;
}

export interface LinkClock {
  monotonic(): number;
  after(delayMs: number, task: () => void): LinkTimer;
}

export interface LinkLog {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What every kind of link is given. */
export interface LinkDeps {
  readonly clock: LinkClock;
  readonly log: LinkLog;
  /** Uniform in [0, 1): spreads the re-open attempts of several desks. */
  readonly random: () => number;
  /** Who has which device in this process; left out: not checked. */
  readonly owners?: Owners | undefined;
  /** Word of things plugged in and pulled out; left out: the back-off alone finds a device that came back. */
  readonly plugs?: Plugs | undefined;
}

/** Makes a link of one scheme. Throws a one-line Error that names the URI if the URI or the platform does not allow it. */
export type LinkMaker = (uri: string, options: LinkOptions, deps: LinkDeps) => Link;
