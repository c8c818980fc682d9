/**
 * The desk's database and what keeps it safe: opens it, or restores it, keeps snapshots, and keeps room on the disk.
 * One database after another may be opened through it, because one that failed is closed and opened again.
 */
import { mkdirSync } from 'node:fs';
import type { Notice } from '../../preload/contract/index.ts';
import type { Ports } from '../ports.ts';
import { recoverStore, type Recovered } from '../store/recover.ts';
import { recoveryFolder } from '../store/recovery/folder.ts';
import { createSnapshotKeeper, type KeeperTimes, type SnapshotKeeper } from '../store/recovery/keeper.ts';
import { markSeen, openReport, type RecoveryReport } from '../store/recovery/report.ts';
import { createRoom, type Room, type RoomLimits, type RoomState } from '../store/recovery/room.ts';
import { StoreError, type Store } from '../store/store.ts';

/** What is known of the safety of the records, for the status bar and `diagnose`. */
export interface SafetyFacts {
  readonly snapshotAt: number | null;
  readonly snapshots: number;
  readonly snapshotProblem: string | null;
  readonly checkedAt: number | null;
  readonly room: RoomState;
  readonly recovery: RecoveryReport | null;
  /** How often the database was opened again since the start, and why the last time. */
  readonly reopened: number;
  readonly reopenedFor: string | null;
}

export interface SafeStore {
  /** Opens the database. Throws StoreError. */
  open(): Store;
  /** Ends what looks after the open database, and closes it. */
  close(): Promise<void>;
  facts(): SafetyFacts;
  /** Null if work may begin; else why not, for the packer. */
  refusal(): Notice | null;
  /** What a person should know of now. */
  problems(): Notice[];
  /** A person has seen the last recovery (null), or what it says of one order. */
  seen(orderNumber: string | null): void;
  onChange(listener: () => void): () => void;
  stop(): Promise<void>;
}

export interface SafetyOptions {
  readonly snapshots?: Partial<KeeperTimes> | undefined;
  readonly room?: Partial<RoomLimits> | undefined;
  /** Free bytes of a folder; the file system's answer if left out. */
  readonly free?: ((folder: string) => number | null) | undefined;
}

const megabyte = 1024 * 1024;

export function createSafeStore(path: string, ports: Ports, options: SafetyOptions = {}): SafeStore {
  const { clock, ids, log } = ports;
  const folder = recoveryFolder(path);
  mkdirSync(folder, { recursive: true });
  const room: Room = createRoom({
    folder,
    clock,
    log,
    limits: options.room,
    ...(options.free === undefined ? {} : { free: options.free }),
  });
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  room.onChange(tell);
  let store: Store | null = null;
  let keeper: SnapshotKeeper | null = null;
  let recovery = openReport(folder);
  let opened = 0;
  let reopenedFor: string | null = null;

  function attempt(): Recovered {
    try {
      return recoverStore({ path, clock, ids, log });
    } catch (error) {
      const noRoom = error instanceof StoreError ? error.code === 'full' : isNoRoomError(error);
      if (!noRoom) throw error;
      // The reserve is for this: what is under way must be readable, and finished.
      room.full();
      return recoverStore({ path, clock, ids, log });
    }
  }

  return {
    open() {
      const found = attempt();
      opened += 1;
      if (found.kind === 'restored') recovery = found.report;
      store = found.store;
      store.onFull(() => {
        room.full();
      });
      store.onFailure((failure) => (reopenedFor = failure.message));
      keeper = createSnapshotKeeper({
        store,
        clock,
        log,
        times: options.snapshots,
      });
      keeper.onChange(tell);
      return store;
    },
    async close() {
      const closing = store;
      store = null;
      await keeper?.stop();
      keeper = null;
      closing?.close();
    },
    facts() {
      const snapshot = keeper?.state();
      return {
        snapshotAt: snapshot?.at ?? null,
        snapshots: snapshot?.count ?? 0,
        snapshotProblem: snapshot?.problem ?? null,
        checkedAt: snapshot?.checkedAt ?? null,
        room: room.state(),
        recovery,
        reopened: Math.max(0, opened - 1),
        reopenedFor,
      };
    },
    refusal() {
      return room.state().level === 'none' ? { code: 'store.full', tone: 'stop', params: {} } : null;
    },
    problems() {
      const found: Notice[] = [];
      const { level, freeBytes } = room.state();
      if (level === 'none') found.push({ code: 'store.full', tone: 'stop', params: {} });
      if (level === 'low') {
        const free = freeBytes === null ? '?' : Math.floor(freeBytes / megabyte);
        found.push({ code: 'store.low', tone: 'warn', params: { megabytes: free } });
      }
      const problem = keeper?.state().problem ?? null;
      if (problem !== null) found.push({ code: 'store.no-snapshot', tone: 'warn', params: { reason: problem } });
      return found;
    },
    seen(orderNumber) {
      markSeen(folder, orderNumber);
      recovery = openReport(folder);
      tell();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async stop() {
      await room.stop();
    },
  };
}

function isNoRoomError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOSPC';
}
