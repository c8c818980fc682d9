/**
 * Where everything that brings a database back stands: `<database>-recovery/`.
 *
 *   journal-00000001.log     accepted changes (journal.ts)
 *   pages                    sums of the database's pages (pages.ts)
 *   snapshot-….db, ….json    copies of the database, and what is known of each (snapshots.ts)
 *   reserve                  room kept free for a full disk (room.ts)
 *   distrusted               why the next open must restore, if it must
 *   making                   only while a database is first made
 *   damaged-…/               databases that were set aside; the station never deletes one
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from './files.ts';

export function recoveryFolder(databasePath: string): string {
  return `${databasePath}-recovery`;
}

export function pagesFile(databasePath: string): string {
  return join(recoveryFolder(databasePath), 'pages');
}

/** Stands there from before a database is first made until it has a journal. */
export function makingFile(databasePath: string): string {
  return join(recoveryFolder(databasePath), 'making');
}

/** Says why the database is not to be believed although its pages are those the station wrote. */
export function distrustFile(databasePath: string): string {
  return join(recoveryFolder(databasePath), 'distrusted');
}

/** The next open restores the database instead of believing it. */
export function distrust(databasePath: string, reason: string): void {
  writeFileSync(distrustFile(databasePath), reason, { flush: true });
}

/** `2026-11-03T08-15-30-123Z`: an instant that can be part of a file's name and sorts by time. */
export function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[:.]/g, '-');
}

/** Moves a database that is not believed any more, with its log and sums, into a folder of its own. Returns where to. */
export function setAside(databasePath: string, at: number): string[] {
  const folder = recoveryFolder(databasePath);
  let target = join(folder, `damaged-${stamp(at)}`);
  for (let again = 2; existsSync(target); again += 1) target = join(folder, `damaged-${stamp(at)}-${again}`);
  mkdirSync(target, { recursive: true });
  const moved: string[] = [];
  const move = (from: string, name: string): void => {
    if (!existsSync(from)) return;
    const to = join(target, name);
    renameSync(from, to);
    moved.push(to);
  };
  // The log first: a database without its log is whole, a log without its database is nothing.
  move(`${databasePath}-wal`, 'station.db-wal');
  move(databasePath, 'station.db');
  move(`${databasePath}-shm`, 'station.db-shm');
  move(pagesFile(databasePath), 'pages');
  move(distrustFile(databasePath), 'distrusted');
  syncFolder(target);
  syncFolder(folder);
  return moved;
}
