/** Opens the station's database: lock, connection, migrations, repositories. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { openConnection } from './connection.ts';
import { createEventLog } from './events.ts';
import { createJobRepository } from './jobs.ts';
import { takeStationLock } from './lock.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { createOrderRepository } from './orders.ts';
import { createParcelRepository } from './parcels.ts';
import { createPrintRepository } from './prints.ts';
import { createProofRepository } from './proofs.ts';
import { createTrackingRepository } from './tracking.ts';
import { createValueRepository } from './values.ts';
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
 * SQLite or disk cannot keep our promises · `newer` written by a newer Packbench · `corrupt` · `failed`.
 */
export function openStore({ path, clock, ids, log }: StoreOptions): Store {
  mkdirSync(dirname(path), { recursive: true });
  const lock = takeStationLock(path);
  try {
    const connection = openConnection(path, (error) => log.error({ error: String(error) }, 'a commit listener failed'));
    try {
      migrate(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
    return {
      orders: createOrderRepository(connection, clock, ids),
      parcels: createParcelRepository(connection, clock),
      jobs: createJobRepository(connection),
      prints: createPrintRepository(connection),
      tracking: createTrackingRepository(connection),
      proofs: createProofRepository(connection),
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
      snapshot: (toPath) => connection.snapshot(toPath),
      check: () =>
        connection
          .all('PRAGMA quick_check(20)')
          .map((row) => String(row['quick_check']))
          .filter((line) => line !== 'ok'),
      close() {
        connection.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
