/**
 * Room on the disk. A file of real bytes is kept in reserve; when a write finds no room, it is given up so that what
 * is under way can still be written down (calls that come back, labels that come out), and nothing new is begun. Once
 * there is room again the file is written anew, which proves that there is, and work goes on.
 */
import { randomFillSync } from 'node:crypto';
import { existsSync, rmSync, statSync, statfsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { isNoRoom } from './files.ts';
import type { Clock, Log, Timer } from '../../ports.ts';

/**
 * `enough` · `low`: work goes on, a person should make room · `none`: nothing new is begun.
 */
export type RoomLevel = 'enough' | 'low' | 'none';

export interface RoomState {
  readonly level: RoomLevel;
  /** Free for this user, or null if the system does not say. */
  readonly freeBytes: number | null;
  /** The reserve is there in full. */
  readonly reserved: boolean;
}

export interface RoomLimits {
  readonly reserveBytes: number;
  /** Below this a person is warned. */
  readonly lowBytes: number;
  /** Below this nothing new is begun, before any write has failed. */
  readonly leastBytes: number;
  readonly lookEveryMs: number;
  readonly firstAfterMs: number;
}

const megabyte = 1024 * 1024;
export const usualRoom: RoomLimits = {
  reserveBytes: 64 * megabyte,
  lowBytes: 1024 * megabyte,
  leastBytes: 32 * megabyte,
  lookEveryMs: 5_000,
  firstAfterMs: 5_000,
};

export interface Room {
  state(): RoomState;
  /** A write found no room: gives up the reserve at once. */
  full(): void;
  onChange(listener: (state: RoomState) => void): () => void;
  /** Looks now; resolves when the reserve was tried, if it was missing. */
  look(): Promise<RoomState>;
  stop(): Promise<void>;
}

/** Free bytes for this user, as the file system says; null if it does not. */
export function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

export function createRoom(options: {
  /** Where the reserve stands: on the disk of the database. Must exist. */
  folder: string;
  clock: Clock;
  log: Log;
  limits?: Partial<RoomLimits> | undefined;
  /** For tests: what the file system would say. */
  free?: (folder: string) => number | null;
}): Room {
  const { folder, clock, log } = options;
  const limits = { ...usualRoom, ...options.limits };
  const free = options.free ?? freeBytes;
  const path = join(folder, 'reserve');
  const listeners = new Set<(state: RoomState) => void>();
  let timer: Timer | null = null;
  let stopped = false;
  let looking: Promise<RoomState> | null = null;
  /** A write failed, and the reserve has not been written anew since. */
  let failed = false;
  let state: RoomState = { level: 'enough', freeBytes: free(folder), reserved: hasReserve() };

  function hasReserve(): boolean {
    return existsSync(path) && statSync(path).size === limits.reserveBytes;
  }

  function set(next: RoomState): void {
    const before = state;
    state = next;
    if (before.level === next.level && before.reserved === next.reserved) return;
    log.warn({ ...next }, 'room on the disk');
    for (const listener of [...listeners]) listener(next);
  }

  function judge(): RoomState {
    const bytes = free(folder);
    const reserved = hasReserve();
    if (failed) return { level: 'none', freeBytes: bytes, reserved };
    if (bytes === null) return { level: 'enough', freeBytes: null, reserved };
    // Once it was too little, a little more is not enough: the line would be crossed again and again.
    const least = state.level === 'none' ? limits.leastBytes * 2 : limits.leastBytes;
    const level = bytes < least ? 'none' : bytes < limits.lowBytes || !reserved ? 'low' : 'enough';
    return { level: level === 'low' && bytes >= limits.lowBytes ? 'enough' : level, freeBytes: bytes, reserved };
  }

  /** Writes the reserve: real bytes, on the disk. Leaves nothing behind if there is no room for it. */
  async function write(): Promise<boolean> {
    const bytes = free(folder);
    if (bytes !== null && bytes < limits.reserveBytes + limits.leastBytes) return false;
    const block = Buffer.allocUnsafe(Math.min(megabyte, limits.reserveBytes));
    randomFillSync(block);
    try {
      const file = await open(path, 'w');
      try {
        for (let done = 0; done < limits.reserveBytes; done += block.length) {
          if (stopped) return false;
          const part = block.subarray(0, Math.min(block.length, limits.reserveBytes - done));
          for (let at = 0; at < part.length;) at += (await file.write(part, at)).bytesWritten;
        }
        await file.datasync();
      } finally {
        await file.close();
      }
      return true;
    } catch (error) {
      if (!isNoRoom(error)) log.warn({ error: String(error) }, 'the reserve could not be written');
      return false;
    } finally {
      if (!hasReserve()) rmSync(path, { force: true });
    }
  }

  async function doLook(): Promise<RoomState> {
    if (!hasReserve()) {
      const written = await write();
      // The reserve can be written: whatever failed before would not fail now.
      if (written) failed = false;
    }
    if (!stopped) set(judge());
    return state;
  }

  async function look(): Promise<RoomState> {
    looking ??= doLook().finally(() => (looking = null));
    return looking;
  }

  function again(): void {
    timer = null;
    void look()
      .catch((error: unknown) => {
        log.error({ error: String(error) }, 'could not look for room on the disk');
      })
      .finally(() => {
        if (!stopped) timer = clock.after(limits.lookEveryMs, again);
      });
  }
  timer = clock.after(limits.firstAfterMs, again);

  return {
    state: () => state,
    full() {
      failed = true;
      rmSync(path, { force: true });
      set({ level: 'none', freeBytes: free(folder), reserved: false });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    look,
    async stop() {
      stopped = true;
      timer?.cancel();
      await looking?.catch(() => null);
    },
  };
}
