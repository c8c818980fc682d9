/** Applies transactions of the journal to a database, each once, in its own transaction. */
import { StoreError } from '../store.ts';
import { journalCounter } from '../connection.ts';
import type { Connection } from '../connection.ts';
import type { JournalEntry } from './journal.ts';

/** The number of the last transaction in this database; 0 for one that never had a journal. */
export function positionOf(connection: Connection): number {
  const known = connection.get("SELECT 1 AS found FROM sqlite_schema WHERE type = 'table' AND name = 'counters'");
  if (known === undefined) return 0;
  return Number(connection.get('SELECT value FROM counters WHERE key = ?', journalCounter)?.['value'] ?? 0);
}

/** Throws if a statement fails or changes another number of rows than it did; then nothing of the entry is kept. */
export function applyEntry(connection: Connection, entry: JournalEntry): void {
  connection.transaction(() => {
    for (const { sql, changed, parameters } of entry.statements) {
      const now = changed < 0 ? (connection.get(sql, ...parameters), changed) : connection.run(sql, ...parameters);
      if (now !== changed) {
        throw new StoreError('corrupt', `entry ${entry.number} changed ${now} rows instead of ${changed}: ${sql}`);
      }
    }
    connection.setPosition(entry.number);
  });
}

/**
 * Completes a sound database from the journal: what was decided and not committed, or lost with the end of SQLite's
 * log. Returns how many transactions that were. Throws `StoreError` `corrupt` if some in between are missing.
 */
export function rollForward(connection: Connection, entries: readonly JournalEntry[]): number {
  let applied = 0;
  for (const entry of entries) {
    const wanted = positionOf(connection) + 1;
    if (entry.number < wanted) continue;
    if (entry.number > wanted) {
      throw new StoreError(
        'corrupt',
        `${connection.path} ends at transaction ${wanted - 1}, and its journal goes on at ${entry.number}.`,
      );
    }
    applyEntry(connection, entry);
    applied += 1;
  }
  return applied;
}
