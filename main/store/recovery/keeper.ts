/**
 * Keeps snapshots: a new one at most five minutes after a change, a few older ones, and the part of the journal that
 * completes the newest three. Once a day the copy is checked whole.
 */
import { rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { StoreError } from '../store.ts';
import { distrust, recoveryFolder } from './folder.ts';
import { isNoRoom } from './files.ts';
import { openReport } from './report.ts';
import { listSnapshots } from './snapshots.ts';
import type { Clock, Log, Timer } from '../../ports.ts';
import type { Store } from '../store.ts';
import type { CopyTask } from './copy.ts';
import type { CopyAnswer } from './copy-worker.ts';
import type { Snapshot } from './snapshots.ts';

export interface KeeperTimes {
  /** After the start; the desk comes first. */
  readonly firstAfterMs: number;
  /** A snapshot older than this is renewed if anything changed. */
  readonly renewAfterMs: number;
  readonly lookEveryMs: number;
  readonly wholeCheckEveryMs: number;
}

/** Looking every half minute, a snapshot begins at most four and a half minutes after a change. */
export const usualTimes: KeeperTimes = {
  firstAfterMs: 15_000,
  renewAfterMs: 4 * 60_000,
  lookEveryMs: 30_000,
  wholeCheckEveryMs: 24 * 3_600_000,
};

/** The newest, kept with the journal that completes each. */
const newestKept = 3;
const hoursKept = 3;
const daysKept = 2;
/** Beyond this, older ones go first; the newest two stay whatever they weigh. */
const mostBytes = 2 * 1024 ** 3;

export interface SnapshotState {
  /** The moment the newest good copy shows, or null. */
  readonly at: number | null;
  readonly bytes: number;
  readonly count: number;
  /** When the whole check was last made, and what it found. */
  readonly checkedAt: number | null;
  /** Why the last attempt failed, or null. */
  readonly problem: string | null;
}

export interface SnapshotKeeper {
  state(): SnapshotState;
  /** Makes one now, unless one is being made; resolves when it is done or has failed. */
  take(whole: boolean): Promise<SnapshotState>;
  onChange(listener: () => void): () => void;
  stop(): Promise<void>;
}

export function createSnapshotKeeper(options: {
  store: Store;
  clock: Clock;
  log: Log;
  times?: Partial<KeeperTimes> | undefined;
  workerUrl?: URL | undefined;
}): SnapshotKeeper {
  const { store, clock, log } = options;
  const { upkeep } = store;
  const times = { ...usualTimes, ...options.times };
  const folder = recoveryFolder(upkeep.path);
  const listeners = new Set<() => void>();
  let snapshots = listSnapshots(folder);
  let checkedAt = snapshots.find((each) => each.integrity !== null)?.at ?? null;
  /** What the last whole look found. */
  let found = snapshots.find((each) => each.integrity !== null)?.integrity?.[0] ?? null;
  let problem: string | null = found;
  let running: Promise<SnapshotState> | null = null;
  let worker: Worker | null = null;
  let timer: Timer | null = null;
  let stopped = false;
  // One soon after every start: what stands on the disk then may have changed by itself since it was last looked at.
  let due = true;

  function state(): SnapshotState {
    const [newest] = snapshots;
    return { at: newest?.at ?? null, bytes: newest?.bytes ?? 0, count: snapshots.length, checkedAt, problem };
  }

  function look(): void {
    timer = null;
    if (stopped) return;
    const [newest] = snapshots;
    const now = clock.now();
    const changed = newest?.position !== upkeep.position();
    const old = newest === undefined || now - newest.at >= times.renewAfterMs || newest.at > now;
    const wholeDue = checkedAt === null || now - checkedAt >= times.wholeCheckEveryMs || checkedAt > now;
    if (due || (changed && old) || wholeDue) void take(wholeDue);
    timer = clock.after(times.lookEveryMs, look);
  }

  async function take(whole: boolean): Promise<SnapshotState> {
    if (running !== null) return running;
    if (stopped || store.failure !== null) return state();
    running = make(whole).finally(() => (running = null));
    return running;
  }

  async function make(whole: boolean): Promise<SnapshotState> {
    try {
      const answer = await runWorker({
        databasePath: upkeep.path,
        folder,
        sums: upkeep.beginCopy(),
        schema: upkeep.schema(),
        at: clock.now(),
        whole,
      });
      if (answer.kind === 'made') {
        if (whole) found = answer.manifest.integrity?.[0] ?? null;
        problem = found;
        due = false;
        if (whole) checkedAt = answer.manifest.at;
        snapshots = listSnapshots(folder);
        if (!stopped && store.failure === null) tidy();
        log.info({ bytes: answer.manifest.bytes, position: answer.manifest.position, whole }, 'snapshot made');
      } else if (answer.kind === 'damaged') {
        problem = answer.reason;
        log.error({ reason: answer.reason }, 'the database was found damaged while it was copied');
        store.upkeep.refuse(new StoreError('corrupt', `${upkeep.path} is damaged: ${answer.reason}.`));
      } else if (answer.kind === 'faulty') {
        problem = answer.reason;
        log.error({ reason: answer.reason }, 'SQLite finds a fault in the database');
        // Restored once: if the journal leads to the same again, only a person can help, and the desk works on.
        const last = openReport(folder);
        const tried = last !== null && Math.abs(clock.now() - last.at) < times.wholeCheckEveryMs;
        if (!tried) {
          distrust(upkeep.path, answer.reason);
          upkeep.refuse(new StoreError('corrupt', `${upkeep.path} is damaged: ${answer.reason}.`));
        }
      } else {
        problem = answer.reason;
        log.error({ reason: answer.reason }, 'no snapshot could be made');
        if (isNoRoom({ code: answer.code })) makeRoom();
      }
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
      log.error({ reason: problem }, 'no snapshot could be made');
    } finally {
      upkeep.endCopy();
    }
    for (const listener of [...listeners]) listener();
    return state();
  }

  function runWorker(task: CopyTask): Promise<CopyAnswer> {
    return new Promise((resolve, reject) => {
      const started = new Worker(options.workerUrl ?? new URL('./copy-worker.ts', import.meta.url), {
        workerData: task,
      });
      worker = started;
      started.unref();
      started.once('message', resolve);
      started.once('error', reject);
      started.once('exit', () => {
        worker = null;
        reject(new Error('the thread that copies the database ended without an answer'));
      });
    });
  }

  /** Old snapshots go, and the journal files that only they need. */
  function tidy(): void {
    const kept = keptSnapshots(snapshots, clock.now());
    for (const each of snapshots) if (!kept.has(each.path)) remove(each);
    snapshots = snapshots.filter((each) => kept.has(each.path));
    upkeep.rotateJournal();
    const oldest = snapshots[newestKept - 1] ?? null;
    if (oldest !== null) upkeep.forgetJournal(oldest.position);
  }

  /** A full disk: all but the two newest snapshots are worth less than the work under way. */
  function makeRoom(): void {
    for (const each of snapshots.slice(2)) remove(each);
    snapshots = snapshots.slice(0, 2);
  }

  timer = clock.after(times.firstAfterMs, look);
  return {
    state,
    take,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      await worker?.terminate();
      await running?.catch(() => null);
    },
  };
}

function remove(snapshot: Snapshot): void {
  // The list first: a copy without it does not count.
  rmSync(`${snapshot.path.slice(0, -'.db'.length)}.json`, { force: true });
  rmSync(snapshot.path, { force: true });
}

/** Paths of the snapshots to keep, of a list that is newest first. */
export function keptSnapshots(snapshots: readonly Snapshot[], now: number): Set<string> {
  const kept = new Set(snapshots.slice(0, newestKept).map((each) => each.path));
  const newestOfEach = (lengthMs: number, most: number): void => {
    const seen = new Set<number>();
    for (const each of snapshots) {
      const span = Math.floor(each.at / lengthMs);
      if (seen.has(span) || now - each.at > (most + 1) * lengthMs || seen.size >= most) continue;
      seen.add(span);
      kept.add(each.path);
    }
  };
  newestOfEach(3_600_000, hoursKept);
  newestOfEach(86_400_000, daysKept);
  let bytes = 0;
  for (const [index, each] of snapshots.entries()) {
    if (!kept.has(each.path)) continue;
    bytes += each.bytes;
    if (bytes > mostBytes && index >= 2) kept.delete(each.path);
  }
  return kept;
}
