/**
 * Opens the database and, if it is damaged or gone, brings back what it held. What this promises:
 *
 * - A damaged page, log or file is found before a row is read: each page of the file is compared with a sum kept beside
 *   it, the log checks itself, and the journal tells whether the end of either is missing. Nothing doubtful is believed.
 * - The damaged file is never deleted and never written to: it goes, with its log, into `<database>-recovery/damaged-…`.
 * - The newest snapshot whose digest still fits is restored, and the journal replayed on it: each transaction once, by
 *   number. With both whole the result is the database as it was, and nothing is lost or in doubt.
 * - If part of the journal is missing too, whatever may have gone out is `unknown` (asked about, never sent again by
 *   itself), and the orders concerned are listed by number until a person has seen the list.
 * - Without a good snapshot and without a journal the station begins with an empty database, and says so.
 *
 * Calling it again after a crash in the middle is safe: the damaged file is moved only once the new one is whole.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { pagesFile, recoveryFolder, setAside } from './recovery/folder.ts';
import { moveInto } from './recovery/files.ts';
import { keepReport, openReport } from './recovery/report.ts';
import { restoreDatabase } from './recovery/restore.ts';
import { takeStationLock } from './lock.ts';
import { openLocked } from './open.ts';
import { StoreError } from './store.ts';
import type { StationLock } from './lock.ts';
import type { StoreOptions } from './open.ts';
import type { RecoveryReport } from './recovery/report.ts';
import type { Store } from './store.ts';

export type { RecoveryReport } from './recovery/report.ts';

export type Recovered =
  /** `rolledForward`: transactions taken over from the journal, after a kill between journal and commit. */
  | { readonly kind: 'sound'; readonly store: Store; readonly rolledForward: number }
  | { readonly kind: 'restored'; readonly store: Store; readonly report: RecoveryReport };

/** Throws `StoreError` as `openStore` does, `corrupt` only if the disk does not even let it restore. */
export function recoverStore(options: StoreOptions): Recovered {
  const { path, log } = options;
  mkdirSync(dirname(path), { recursive: true });
  const lock = takeStationLock(path);
  try {
    try {
      const store = openTwice(options, lock);
      return { kind: 'sound', store, rolledForward: store.upkeep.rolledForward };
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'corrupt') throw error;
      log.error({ path, error: error.message }, 'the database is damaged; restoring it');
      const report = restore(options, error.message);
      const store = openLocked(options, lock);
      store.events.append('database-restored', {}, { ...report });
      return { kind: 'restored', store, report };
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A read error may pass; a sector that cannot be read twice is damage like any other. */
function openTwice(options: StoreOptions, lock: StationLock): Store {
  try {
    return openLocked(options, lock);
  } catch (error) {
    if (!isReadError(error)) throw error;
    options.log.error({ path: options.path, error: String(error) }, 'the database cannot be read; trying again');
  }
  try {
    return openLocked(options, lock);
  } catch (error) {
    if (!isReadError(error)) throw error;
    throw new StoreError('corrupt', `${options.path} cannot be read: ${String(error)}.`);
  }
}

function isReadError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EIO';
}

function restore({ path, clock, log }: StoreOptions, reason: string): RecoveryReport {
  const folder = recoveryFolder(path);
  const at = clock.now();
  const restored = restoreDatabase({ databasePath: path, folder, clock });
  const found: RecoveryReport = {
    at,
    reason,
    damagedFiles: [],
    snapshotAt: restored.snapshot?.at ?? null,
    badSnapshots: restored.badSnapshots,
    replayed: restored.replayed,
    gaps: restored.gaps,
    lost: [...restored.lost],
    inDoubt: restored.inDoubt,
    seen: false,
  };
  // The report first: should the power fail now, the next start restores again and adds to it.
  keepReport(folder, found);
  const report = { ...found, damagedFiles: setAside(path, at) };
  moveInto(restored.file, path);
  keepReport(folder, report);
  log.warn({ ...report, lost: report.lost.length, pages: pagesFile(path) }, 'the database was restored');
  return report;
}

/** The last recovery nobody has confirmed yet, of a database at `path`, or null. */
export function unseenRecovery(path: string): RecoveryReport | null {
  const report = openReport(recoveryFolder(path));
  return report === null || report.seen ? null : report;
}
