/** Opens the station's database: lock, connection, migrations, repositories. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { openConnection } from './connection.ts';
import { createBagRepository } from './bags.ts';
import { createCandidateRepository } from './candidates.ts';
import { createDwsRepository } from './dws.ts';
import { createEventLog } from './events.ts';
import { createHandoverRepository } from './handovers.ts';
import { createItemWeightRepository } from './item-weights.ts';
import { createJobRepository } from './jobs.ts';
import { createLoadingRepository } from './loadings.ts';
import { takeStationLock } from './lock.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { createOrderRepository } from './orders.ts';
import { createParcelRepository } from './parcels.ts';
import { createPrintRepository } from './prints.ts';
import { createProofRepository } from './proofs.ts';
import { createTrackingRepository } from './tracking.ts';
import { createValueRepository } from './values.ts';
import { checkpoint } from './recovery/checkpoint.ts';
import { distrustFile, makingFile, pagesFile, recoveryFolder, setAside } from './recovery/folder.ts';
import { openJournal, readJournal } from './recovery/journal.ts';
import { comparePages, openPageTable } from './recovery/pages.ts';
import { positionOf, rollForward } from './recovery/replay.ts';
import { listSnapshots } from './recovery/snapshots.ts';
import { readWal } from './recovery/wal.ts';
import { StoreError } from './store.ts';
import type { Connection } from './connection.ts';
import type { StationLock } from './lock.ts';
import type { Journal } from './recovery/journal.ts';
import type { PageTable } from './recovery/pages.ts';
import type { Clock, Ids, Log } from '../ports.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** The database file; `<path>-wal`, `<path>-shm` and `<path>-lock` stand beside it. Its folder is made if missing. */
  readonly path: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/**
 * Opens and updates the database. Throws `StoreError`: `locked` another station has it · `too-old`, `settings` this
 * SQLite or disk cannot keep our promises · `newer` written by a newer Packbench · `corrupt` it is damaged or gone:
 * `recoverStore` (recover.ts) then brings back what it held · `failed`.
 *
 * Before anything is read, every page of the file is compared with the sum kept of it (recovery/pages.ts), and what the
 * journal holds beyond the database is applied (recovery/journal.ts).
 */
export function openStore(options: StoreOptions): Store {
  mkdirSync(dirname(options.path), { recursive: true });
  const lock = takeStationLock(options.path);
  try {
    return openLocked(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** As `openStore`, for a caller that has the lock; closing the store releases it. If this throws, the lock is kept. */
export function openLocked({ path, clock, ids, log }: StoreOptions, lock: StationLock): Store {
  const folder = recoveryFolder(path);
  mkdirSync(folder, { recursive: true });
  // A database whose making was cut off has accepted nothing: it is put aside and made again, without alarm.
  const making = makingFile(path);
  if (existsSync(making) && existsSync(path) && readJournal(folder).last === 0) setAside(path, clock.now());
  const isNew = !existsSync(path);
  if (isNew && (readJournal(folder).last > 0 || listSnapshots(folder).length > 0)) {
    throw new StoreError('corrupt', `${path} is gone, but its journal is there.`);
  }
  if (!isNew && existsSync(distrustFile(path))) {
    const why = readFileSync(distrustFile(path), 'utf8').slice(0, 300);
    throw new StoreError('corrupt', `${path} is damaged: ${why}.`);
  }
  if (isNew) writeFileSync(making, '', { flush: true });
  const verdict = isNew ? ({ kind: 'missing' } as const) : comparePages(path, pagesFile(path), readWal(`${path}-wal`));
  if (verdict.kind === 'differs') throw new StoreError('corrupt', `${path} is damaged: ${verdict.reason}.`);

  const connection = openConnection(path, (error) => log.error({ error: String(error) }, 'a commit listener failed'));
  let table: PageTable | null = null;
  let journal: Journal | null = null;
  try {
    // A database from before there were sums: everything else that can be known of it is looked at.
    if (verdict.kind === 'missing' && !isNew) assertWhole(connection, 'integrity_check');
    const rolledForward = rollForward(connection, readJournal(folder, positionOf(connection)).entries);
    if (rolledForward > 0) log.warn({ path, transactions: rolledForward }, 'completed the database from its journal');
    const before = schemaVersion(connection);
    const schema = migrate(connection);
    if (before > 0 && positionOf(connection) === 0) {
      // What stood here before there was a journal is in no journal: an empty database is no beginning for this one.
      connection.transaction(() => connection.setPosition(1));
    }
    const position = positionOf(connection);
    if (verdict.kind === 'missing') {
      connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      table = openPageTable(path, pagesFile(path), true);
    } else table = openPageTable(path, pagesFile(path), false);
    journal = openJournal(folder, position, schema, clock.now());
    rmSync(making, { force: true });
    return assemble({ path, clock, ids, log, lock, connection, table, journal, rolledForward });
  } catch (error) {
    journal?.close();
    table?.close();
    connection.close(true);
    throw error;
  }
}

/** Throws `StoreError` `corrupt` with the first fault SQLite finds. */
function assertWhole(connection: Connection, pragma: 'quick_check' | 'integrity_check'): void {
  const first = faultsOf(connection, pragma)[0];
  if (first !== undefined) throw new StoreError('corrupt', `${connection.path} is damaged: ${first}.`);
}

function faultsOf(connection: Connection, pragma: 'quick_check' | 'integrity_check'): string[] {
  return connection
    .all(`PRAGMA ${pragma}(20)`)
    .map((row) => String(row[pragma]))
    .filter((line) => line !== 'ok');
}

/** Commits, and bytes of the journal, after which the length of the log is looked at. */
const commitsBeforeLook = 32;
const bytesBeforeLook = 256 * 1024;

function assemble(parts: {
  path: string;
  clock: Clock;
  ids: Ids;
  log: Log;
  lock: StationLock;
  connection: Connection;
  table: PageTable;
  journal: Journal;
  rolledForward: number;
}): Store {
  const { path, clock, ids, log, connection, table, journal } = parts;
  let commits = 0;
  let lookedAt = 0;
  let copying = false;

  const tryCheckpoint = (wanted: 'due' | 'all'): boolean => {
    try {
      checkpoint(connection, table, wanted);
      return true;
    } catch (error) {
      // Nothing is lost: the log keeps what the database file does not have yet, and the next one tries again.
      log.error({ path, error: error instanceof Error ? error.message : String(error) }, 'could not checkpoint');
      return false;
    }
  };

  connection.attach({
    append: (statements) => journal.append(statements, clock.now()),
    get last() {
      return journal.last;
    },
    get broken() {
      return journal.broken;
    },
    committed() {
      commits += 1;
      if (copying) return;
      if (commits < commitsBeforeLook && journal.written - lookedAt < bytesBeforeLook) return;
      commits = 0;
      lookedAt = journal.written;
      tryCheckpoint('due');
    },
  });
  let closed = false;
  return {
    orders: createOrderRepository(connection, clock, ids),
    parcels: createParcelRepository(connection, clock),
    jobs: createJobRepository(connection),
    prints: createPrintRepository(connection),
    tracking: createTrackingRepository(connection),
    proofs: createProofRepository(connection),
    bags: createBagRepository(connection),
    handovers: createHandoverRepository(connection),
    candidates: createCandidateRepository(connection),
    loadings: createLoadingRepository(connection),
    dws: createDwsRepository(connection),
    itemWeights: createItemWeightRepository(connection),
    events: createEventLog(connection, clock),
    values: createValueRepository(connection),
    transaction: (work) => connection.transaction(work),
    onCommit: (listener) => connection.onCommit(listener),
    facts: () => ({
      sqlite: String(connection.get('SELECT sqlite_version() AS version')?.['version']),
      journalMode: String(connection.get('PRAGMA journal_mode')?.['journal_mode']),
      synchronous: Number(connection.get('PRAGMA synchronous')?.['synchronous']),
      schema: schemaVersion(connection),
      bytes: statSync(path).size,
    }),
    get failure() {
      return connection.failure;
    },
    onFailure: (listener) => connection.onFailure(listener),
    onFull: (listener) => connection.onFull(listener),
    snapshot: (toPath) => connection.snapshot(toPath),
    check: () => faultsOf(connection, 'quick_check'),
    upkeep: {
      path,
      rolledForward: parts.rolledForward,
      position: () => journal.last,
      schema: () => schemaVersion(connection),
      beginCopy() {
        copying = true;
        return table.sums();
      },
      endCopy() {
        copying = false;
      },
      rotateJournal: () => journal.rotate(clock.now()),
      forgetJournal: (number) => journal.forget(number),
      refuse: (failure) => connection.refuse(failure),
    },
    close() {
      if (closed) return;
      closed = true;
      const emptied = connection.failure === null && tryCheckpoint('all');
      try {
        connection.close(!emptied);
      } finally {
        table.close();
        journal.close();
        parts.lock.release();
      }
    },
  };
}
