/** What the harness and the station in its child process say to each other: one line of JSON each. */
import type { FailpointName } from '../../../main/ports.ts';
import type { PackCommand, PackStage } from '../../../preload/contract/index.ts';
import type { ClockSetting } from './scaled-clock.ts';

/** Everything a child is told when it starts; in the environment variable of this name, as JSON. */
export const setupVariable = 'PACKBENCH_TRIAL';

export interface ChildSetup {
  readonly dataDir: string;
  /** As written in a profile file. */
  readonly profile: unknown;
  readonly secrets: Readonly<Record<string, string>>;
  readonly clock: ClockSetting;
  readonly resourcesDir: string;
  /** Where the child kills itself: at this visit (1 is the first) of this failpoint. */
  readonly kill: { readonly point: FailpointName; readonly visit: number } | null;
  /** `process.hrtime.bigint()` is not shared between processes, so the spawn is named by the wall clock. */
  readonly spawnedAt: number;
}

/** Harness to child, on standard input. */
export type ToChild =
  | { readonly kind: 'scan'; readonly n: number; readonly code: string }
  | { readonly kind: 'command'; readonly n: number; readonly command: PackCommand; readonly reason: string }
  /** The wall clock is set by this many milliseconds. */
  | { readonly kind: 'jump'; readonly ms: number }
  /** Both clocks move on, as after a sleep of the machine. */
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'line'; readonly up: boolean }
  /** Say what is open now. */
  | { readonly kind: 'look'; readonly n: number }
  | { readonly kind: 'stop' };

/** The pack screen, as far as a packer's hands need it. */
export interface PackReport {
  readonly stage: PackStage;
  readonly order: string | null;
  readonly parcelId: string | null;
  readonly lines: readonly { readonly code: string; readonly left: number }[];
  readonly labelKind: 'carrier' | 'lpn' | null;
  readonly expects: string | null;
  /** The newest attempt to print the label at stake. */
  readonly print: { readonly id: string; readonly state: string } | null;
  readonly prompt: { readonly kind: string; readonly code: string; readonly commands: readonly string[] } | null;
  readonly lastSeq: number;
  readonly lastCode: string;
  readonly lastAccepted: boolean;
  readonly next: string;
}

/** Child to harness, written to file descriptor 3 without a buffer: what was said was said before the kill. */
export type FromChild =
  /** The station runs; `interrupted` jobs were under way when the one before it ended. */
  | { readonly kind: 'ready'; readonly sinceSpawnMs: number; readonly interrupted: number }
  | { readonly kind: 'pack'; readonly pack: PackReport }
  | { readonly kind: 'answer'; readonly n: number; readonly accepted: boolean; readonly code: string }
  /** About to kill itself. */
  | { readonly kind: 'killed-at'; readonly point: FailpointName; readonly visit: number }
  | { readonly kind: 'seen'; readonly n: number; readonly jobs: number; readonly prints: number }
  /** Every interrupted job was looked at; milliseconds of the machine's time since the spawn. */
  | { readonly kind: 'resumed'; readonly sinceSpawnMs: number }
  /** Jobs and prints that may still go on by themselves, and whether orders were pulled since the start. */
  | { readonly kind: 'open'; readonly jobs: number; readonly prints: number; readonly pulled: boolean }
  | { readonly kind: 'stopped'; readonly visits: Readonly<Partial<Record<FailpointName, number>>> }
  | { readonly kind: 'failed'; readonly message: string };
