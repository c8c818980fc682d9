/** Moves SQLite's log into the database file, after the sums of the pages it will write are on disk. */
import { StoreError } from '../store.ts';
import { readWal } from './wal.ts';
import type { Connection } from '../connection.ts';
import type { PageTable } from './pages.ts';

/** SQLite's own default: 1,000 pages. */
const framesBeforeCheckpoint = 1_000;

/** Frames in the log, and how many of them the database file has already. */
export function logState(connection: Connection): { readonly frames: number; readonly done: number } {
  const row = connection.get('PRAGMA wal_checkpoint(NOOP)');
  return { frames: Number(row?.['log'] ?? 0), done: Number(row?.['checkpointed'] ?? 0) };
}

/**
 * Checkpoints if `wanted` ('all': whatever is there, and empties the log; 'due': once it is long). Outside a
 * transaction. Throws `StoreError` `corrupt` if the log changed by itself, and what the disk says if the sums cannot be
 * written; nothing was checkpointed then.
 */
export function checkpoint(connection: Connection, table: PageTable, wanted: 'due' | 'all'): void {
  const { frames, done } = logState(connection);
  if (frames <= 0 || (wanted === 'due' && frames - done < framesBeforeCheckpoint)) return;
  if (frames > done) {
    const wal = readWal(`${connection.path}-wal`);
    if (wal === null || wal.frames < frames) {
      const failure = new StoreError(
        'corrupt',
        `${connection.path}: its log has ${wal?.frames ?? 0} whole frames of ${frames}; the rest changed by itself.`,
      );
      connection.refuse(failure);
      throw failure;
    }
    table.expect(wal);
  }
  connection.exec(`PRAGMA wal_checkpoint(${wanted === 'all' ? 'TRUNCATE' : 'PASSIVE'})`);
}
