/**
 * One station per database. The lock is an exclusive SQLite transaction held open on a tiny side file `<path>-lock`,
 * because SQLite's locks are the operating system's own: they work between processes and inside one, on Windows and
 * POSIX, and vanish with the process however it dies. A side file, not `locking_mode=EXCLUSIVE` on the database
 * itself, so that `diagnose` and the crash tests can still read the database while the station runs, and because on
 * POSIX any code that opens and closes the database file would silently drop a lock held on it.
 */
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from './store.ts';

export interface StationLock {
  release(): void;
}

/** Throws `StoreError` `locked` at once if another station holds the lock. */
export function takeStationLock(path: string): StationLock {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(`${path}-lock`, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    try {
      database?.close();
    } catch {
      // The first error is the one to report.
    }
    const code = typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
    if (code === 5) {
      throw new StoreError('locked', `Another Packbench already uses ${path}. Close it first.`);
    }
    const because = error instanceof Error ? error.message : String(error);
    throw new StoreError('failed', `Cannot lock ${path}: ${because}. Check the folder and its permissions.`);
  }
  const held = database;
  let released = false;
  return {
    release() {
      if (released) return;
      released = true;
      held.close();
    },
  };
}
