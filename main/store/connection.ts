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
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync, backup } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { isNoRoom } from './recovery/files.ts';
import { StoreError } from './store.ts';
import type { JournalStatement, JournalValue } from './recovery/journal.ts';
import type { StoreErrorCode } from './store.ts';

/** A row as SQLite returns it; repositories name the columns they select. */
export type Row = Record<string, null | number | string | Uint8Array>;

const oldestSqlite = [3, 51, 3] as const;

/** Caps that keep hostile input from growing without bound; SQLite's own are far larger. */
const limits = { length: 64 * 1024 * 1024, sqlLength: 256 * 1024, likePatternLength: 1_000, attach: 1 };

/** Where a transaction goes before SQLite commits it: see recovery/journal.ts. */
export interface ChangeLog {
  /** On disk when it returns. */
  append(statements: readonly JournalStatement[]): void;
  /** Number of the last transaction in it. */
  readonly last: number;
  /** True once nobody can say what stands at its end. */
  readonly broken: boolean;
  /** After each commit. */
  committed(): void;
}

/** The counter that says which transaction of the journal this database has last. */
export const journalCounter = 'journal.last';
const setPosition = 'INSERT INTO counters (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value';

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
  /** Told once, after the call that found out, that this connection refuses all further work. */
  onFailure(listener: (failure: StoreError) => void): () => void;
  /** Told at once when the disk has no room, before the call that found out throws. */
  onFull(listener: () => void): () => void;
  /** From now on every transaction goes into `log` before it is committed. */
  attach(log: ChangeLog): void;
  /** Marks a transaction as the last one applied; inside it. For replay. */
  setPosition(number: number): void;
  /** Refuses all further work because of what was found outside SQLite. */
  refuse(failure: StoreError): void;
  /**
   * `keepLog`: leaves the write-ahead log as it is. Closing would otherwise write it into the database file without the
   * sums of its pages being known (recovery/pages.ts).
   */
  close(keepLog?: boolean): void;
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

/** True for a statement that writes, though a row is asked of it (RETURNING). */
function changes(sql: string): boolean {
  return /^\s*(?:insert|update|delete|replace)/i.test(sql);
}

/**
 * The first pages are asked for on another thread. If a transaction is open at that moment, SQLite says busy; Node waits
 * that out once the copy has begun, but gives the first one up with an error of code 0, "not an error" (measured on Node
 * 24.18.1: most copies begun during steady work failed). So begin again.
 */
async function copyPages(database: DatabaseSync, part: string): Promise<void> {
  for (let left = 1_000; ; left -= 1) {
    try {
      await backup(database, part, { rate: 256 });
      return;
    } catch (error) {
      if (resultCode(error) !== 0 || left <= 0) throw error;
    }
  }
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

/** Closes what is open when the process ends by itself: Node would close connections in any order. */
const openConnections = new Set<Connection>();
let atExit = false;
function closeAtExit(connection: Connection): void {
  openConnections.add(connection);
  if (atExit) return;
  atExit = true;
  process.on('exit', () => {
    for (const each of openConnections) {
      try {
        each.close(true);
      } catch {
        // The process ends; the next start reads the log.
      }
    }
  });
}

/** Opens and sets up the database. Throws `StoreError` with `too-old`, `settings`, `corrupt`, `locked` or `failed`. */
export function openConnection(path: string, onListenerError: (error: unknown) => void): Connection {
  let database: DatabaseSync;
  /**
   * A second connection that only reads. SQLite writes the log into the database file when the last connection closes;
   * as long as this one is open, the other is not the last, and one that cannot write leaves the log alone.
   */
  let guard: DatabaseSync;
  try {
    if (!existsSync(path)) {
      const made = new DatabaseSync(path);
      made.exec('PRAGMA journal_mode = WAL');
      made.close();
    }
    guard = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    database = new DatabaseSync(path, { timeout: 5_000, limits, enableForeignKeyConstraints: true });
  } catch (error) {
    throw new StoreError('failed', `Cannot open ${path}: ${describe(error)}. Check the folder and its permissions.`);
  }
  const statements = new Map<string, StatementSync>();
  const listeners = new Set<() => void>();
  const failureListeners = new Set<(failure: StoreError) => void>();
  const fullListeners = new Set<() => void>();
  let changeLog: ChangeLog | null = null;
  let ran: JournalStatement[] = [];
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
    if (ours === 'full') tellFull();
    if (committing || code === ioError || code === corrupt || code === notADatabase) refuse(result);
    return result;
  };

  const tellFull = (): void => {
    for (const listener of [...fullListeners]) listener();
  };

  const refuse = (given: StoreError): void => {
    if (refusal !== null) return;
    refusal = given;
    queueMicrotask(() => {
      for (const listener of [...failureListeners]) {
        try {
          listener(given);
        } catch (error) {
          onListenerError(error);
        }
      }
    });
  };

  /** Writes the open transaction into the change log. A throw means that it must be rolled back. */
  const record = (log: ChangeLog): void => {
    attempt(() => statement(setPosition).run(journalCounter, log.last + 1));
    try {
      log.append(ran);
    } catch (error) {
      const full = isNoRoom(error) && !log.broken;
      if (full) tellFull();
      const because = error instanceof Error ? error.message.split('\n')[0] : String(error);
      const ours = full
        ? new StoreError('full', `${path}: its journal cannot grow: ${because}. The disk is full: free some space.`)
        : new StoreError('ambiguous', `${path}: its journal cannot be written: ${because}. Open it again and read it.`);
      if (!full) refuse(ours);
      throw ours;
    }
  };

  const remember = (sql: string, changed: number, parameters: readonly SQLInputValue[]): void => {
    if (changeLog === null || changed === 0) return;
    ran.push({ sql, changed, parameters: parameters as readonly JournalValue[] });
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
    run(sql, ...parameters) {
      // A statement by itself is a transaction too, and goes into the journal like any other.
      if (changeLog !== null && !inTransaction) return connection.transaction(() => connection.run(sql, ...parameters));
      const changed = attempt(() => Number(statement(sql).run(...parameters).changes));
      remember(sql, changed, parameters);
      return changed;
    },
    get(sql, ...parameters) {
      if (changeLog === null || !changes(sql)) {
        return attempt(() => statement(sql).get(...parameters) as Row | undefined);
      }
      if (!inTransaction) return connection.transaction(() => connection.get(sql, ...parameters));
      const row = attempt(() => statement(sql).get(...parameters) as Row | undefined);
      remember(sql, -1, parameters);
      return row;
    },
    all: (sql, ...parameters) => attempt(() => statement(sql).all(...parameters) as Row[]),
    exec: (sql) => attempt(() => database.exec(sql)),
    transaction<T>(work: () => T): T {
      usable();
      if (inTransaction) throw new Error('A transaction is already open; it cannot hold another one.');
      attempt(() => statement('BEGIN IMMEDIATE').run());
      inTransaction = true;
      touched = false;
      ran = [];
      let result: T;
      try {
        result = work();
        if (typeof result === 'object' && result !== null && 'then' in result) {
          throw new Error('A transaction cannot wait: its work returned a promise.');
        }
        if (refusal) throw refusal;
        if (changeLog !== null && ran.length > 0) record(changeLog);
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
      changeLog?.committed();
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
        await copyPages(database, part);
        const file = openSync(part, 'r+');
        fsyncSync(file);
        closeSync(file);
        renameSync(part, toPath);
      } catch (error) {
        rmSync(part, { force: true });
        throw new StoreError('failed', `Cannot copy ${path} to ${toPath}: ${describe(error)}.`);
      }
    },
    onFailure(listener) {
      failureListeners.add(listener);
      return () => void failureListeners.delete(listener);
    },
    onFull(listener) {
      fullListeners.add(listener);
      return () => void fullListeners.delete(listener);
    },
    attach(log) {
      changeLog = log;
    },
    setPosition(number) {
      attempt(() => statement(setPosition).run(journalCounter, number));
    },
    refuse,
    close(keepLog = false) {
      if (closed) return;
      closed = true;
      openConnections.delete(connection);
      listeners.clear();
      failureListeners.clear();
      fullListeners.clear();
      statements.clear();
      try {
        if (!keepLog) guard.close();
        database.close();
      } finally {
        if (keepLog) guard.close();
      }
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
        // The station checkpoints by itself, after the sums of the pages are written down: recovery/pages.ts.
        'PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 0; PRAGMA cell_size_check = ON;',
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
    guard.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (error) {
    try {
      database.close();
      guard.close();
    } catch {
      // The first error is the one to report.
    }
    throw resultCode(error) === null ? error : failure(error, false);
  }
  closeAtExit(connection);
  return connection;
}
