/**
 * Makes a database again from the newest good snapshot and the journal, beside the damaged one.
 *
 * If the journal goes on without a gap from the snapshot to its end, the result is the database as it was. If a part of
 * it is missing, what happened there is not known: then every call and print that may have gone out is in doubt, and
 * every order that may have gone further than the record says is named.
 */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openConnection } from '../connection.ts';
import { migrate, schemaVersion } from '../migrate.ts';
import { isIntact, listSnapshots } from './snapshots.ts';
import { readJournal } from './journal.ts';
import { applyEntry } from './replay.ts';
import { ordersOf, ordersThatDiffer, openOrders } from './salvage.ts';
import type { Clock } from '../../ports.ts';
import type { Connection } from '../connection.ts';
import type { JournalEntry } from './journal.ts';
import type { Snapshot } from './snapshots.ts';

/** An order of which the record may not be complete. `what` is one of the codes of `store.lost-*` on the screen. */
export interface LostOrder {
  readonly orderNumber: string;
  readonly what: 'entry-unreadable' | 'differs-from-damaged' | 'open-at-gap';
}

export interface Restored {
  /** The new database, closed; to be moved into place. */
  readonly file: string;
  readonly snapshot: Snapshot | null;
  /** Snapshots that were not what they had been. */
  readonly badSnapshots: number;
  readonly replayed: number;
  /** Stretches of the journal that are missing or unreadable. */
  readonly gaps: number;
  readonly lost: readonly LostOrder[];
  readonly inDoubt: { readonly jobs: number; readonly prints: number };
}

/** Added to the revision of the order list, so that no screen takes an older list for the one it has. */
const revisionStep = 1_000_000;

export function restoreDatabase(options: { databasePath: string; folder: string; clock: Clock }): Restored {
  const { folder, clock } = options;
  const file = join(folder, 'restoring.db');
  for (const tail of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${tail}`, { force: true });
  const snapshots = listSnapshots(folder);
  const index = snapshots.findIndex(isIntact);
  const snapshot = snapshots[index] ?? null;
  if (snapshot !== null) copyFileSync(snapshot.path, file);

  const connection = openConnection(file, () => undefined);
  try {
    const { entries, damaged, torn, last } = readJournal(folder, snapshot?.position ?? 0);
    const unreadable: JournalEntry[] = [];
    let replayed = 0;
    let gaps = 0;
    let gapAt: number | null = null;
    let before = snapshot?.at ?? 0;
    let expected = (snapshot?.position ?? 0) + 1;
    for (const entry of entries) {
      if (entry.number > expected) {
        gaps += 1;
        gapAt ??= before;
      }
      expected = entry.number + 1;
      before = entry.at;
      if (entry.schema > schemaVersion(connection)) migrate(connection, undefined, entry.schema);
      try {
        applyEntry(connection, entry);
        replayed += 1;
      } catch {
        unreadable.push(entry);
        gapAt ??= entry.at;
      }
    }
    // An entry that is not whole at the very end may be one that was cut off, or the last one, damaged. A journal that
    // ends before the snapshot, or is not there at all, cannot say what came after it.
    const cannotSay = last < (snapshot?.position ?? 1);
    if (cannotSay || last >= expected || torn > 0 || (damaged > 0 && gaps === 0)) {
      gaps += 1;
      gapAt ??= before;
    }
    migrate(connection);
    const inDoubt = gapAt === null ? { jobs: 0, prints: 0 } : putInDoubt(connection, gapAt, clock.now());
    const lost = gapAt === null ? [] : lostOrders(connection, options.databasePath, unreadable);
    connection.transaction(() => {
      connection.run('UPDATE order_revision SET value = value + ?', revisionStep);
      connection.setPosition(Math.max(last, expected - 1, 1));
    });
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const faults = connection.all('PRAGMA quick_check(1)').map((row) => String(row['quick_check']));
    if (faults[0] !== 'ok') throw new Error(`the restored database is damaged: ${faults[0] ?? 'unknown'}`);
    return {
      file,
      snapshot,
      badSnapshots: index < 0 ? snapshots.length : index,
      replayed,
      gaps: gaps + unreadable.length,
      lost,
      inDoubt,
    };
  } finally {
    connection.close();
  }
}

/**
 * What may have been sent or printed in a stretch nobody knows: asked about, never sent or printed again by itself. A
 * vendor's window for a request id counts from the beginning of the stretch, its time in flight from now.
 */
function putInDoubt(connection: Connection, since: number, now: number): Restored['inDoubt'] {
  const error = JSON.stringify({
    kind: 'unknown',
    code: 'restored',
    message: 'The database was restored; this call may have gone out before.',
    at: now,
  });
  return connection.transaction(() => ({
    jobs: connection.run(
      "UPDATE jobs SET state = 'unknown', doubt = 1, asks = 0, not_before = ?1, sent_at = ?1," +
        ' first_sent_at = min(ifnull(first_sent_at, ?2), ?2), last_error = ?3, last_error_kind = ?4' +
        " WHERE state IN ('ready', 'sending', 'reconciling')",
      ...[now, since, error, 'unknown'],
    ),
    prints: connection.run(
      "UPDATE prints SET state = 'unknown', bytes_written = -1, message = ?, settled_at = ?" +
        " WHERE state NOT IN ('printed', 'not-printed', 'unknown')",
      ...['The database was restored; this label may have come out before.', now],
    ),
  }));
}

function lostOrders(connection: Connection, damagedPath: string, unreadable: readonly JournalEntry[]): LostOrder[] {
  const found = new Map<string, LostOrder['what']>();
  const add = (numbers: Iterable<string>, what: LostOrder['what']): void => {
    for (const number of numbers) if (!found.has(number)) found.set(number, what);
  };
  for (const entry of unreadable) add(ordersOf(connection, entry), 'entry-unreadable');
  if (existsSync(damagedPath)) {
    try {
      const damaged = new DatabaseSync(damagedPath, { readOnly: true });
      try {
        add(ordersThatDiffer(connection, damaged), 'differs-from-damaged');
      } finally {
        damaged.close();
      }
    } catch {
      // It cannot even be opened; the orders under way are named below.
    }
  }
  add(openOrders(connection), 'open-at-gap');
  return [...found].map(([orderNumber, what]) => ({ orderNumber, what }));
}
