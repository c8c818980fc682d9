/**
 * One snapshot: a copy of the database as it is at one moment, verified before it counts. Runs in a thread of its own
 * (copy-worker.ts) with a connection that only reads, so that the desk's own connection never waits for it.
 *
 * Verified: every page of the copy is the page the station last wrote (pages.ts); so the copy, taken every few minutes,
 * is also the look at the database file that finds damage while the station runs. Then SQLite's quick check, or once a
 * day the whole integrity check and the chain of the events' hashes.
 */
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DatabaseSync, backup } from 'node:sqlite';
import { firstBrokenEvent } from '../events.ts';
import { moveInto } from './files.ts';
import { stamp } from './folder.ts';
import { pageSize, pageSum } from './pages.ts';
import { digestOf } from './snapshots.ts';
import { readWal } from './wal.ts';
import type { Row } from '../connection.ts';
import type { SnapshotManifest } from './snapshots.ts';

export interface CopyTask {
  readonly databasePath: string;
  readonly folder: string;
  /** Of the database file, for every page that is not in the log. */
  readonly sums: Uint32Array;
  readonly schema: number;
  /** Wall clock at the start. */
  readonly at: number;
  /** Make the whole integrity check, not only the quick one. */
  readonly whole: boolean;
}

/**
 * `damaged`: pages of the database changed by themselves; the next open finds them too. `faulty`: the pages are those the
 * station wrote, and SQLite finds no order in them; opening again would not show it. Either way the copy was thrown away.
 */
export type CopyResult =
  | { readonly kind: 'made'; readonly path: string; readonly manifest: SnapshotManifest }
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'faulty'; readonly reason: string };

/** Pages copied in one step: 1 MB. Between steps others get at the disk. */
const pagesPerStep = 256;
const stepsPerSync = 4;

export async function copyDatabase(task: CopyTask): Promise<CopyResult> {
  const { databasePath, folder, at } = task;
  const name = `snapshot-${stamp(at)}`;
  const part = join(folder, 'snapshot.part');
  for (const tail of ['', '-wal', '-shm', '-journal']) rmSync(`${part}${tail}`, { force: true });

  const source = new DatabaseSync(databasePath, { readOnly: true, timeout: 10_000 });
  let position: number;
  let bad: number[];
  try {
    // One read transaction over all of it: later commits do not make the copy start again, and the log is not reset.
    source.exec('BEGIN');
    position = Number(source.prepare("SELECT value FROM counters WHERE key = 'journal.last'").get()?.['value'] ?? 0);
    await copyGently(source, part);
    bad = foreignPages(part, databasePath, task.sums);
    source.exec('COMMIT');
  } catch (error) {
    rmSync(part, { force: true });
    const reason = damageOf(error);
    if (reason !== null) return { kind: 'damaged', reason };
    throw error;
  } finally {
    source.close();
  }
  if (bad.length > 0) {
    rmSync(part, { force: true });
    return { kind: 'damaged', reason: `${bad.length} of its pages changed by themselves (first: ${bad[0]})` };
  }
  const { faults, brokenEvent } = look(part, task.whole);
  if (faults.length > 0) {
    rmSync(part, { force: true });
    return { kind: 'faulty', reason: faults[0] ?? '' };
  }
  const file = openSync(part, 'r+');
  fsyncSync(file);
  closeSync(file);
  const manifest: SnapshotManifest = {
    at,
    position,
    schema: task.schema,
    bytes: statSync(part).size,
    sha256: digestOf(part),
    integrity: task.whole ? (brokenEvent === null ? [] : [`the record of events is broken at ${brokenEvent}`]) : null,
  };
  const path = join(folder, `${name}.db`);
  renameSync(part, path);
  const list = join(folder, `${name}.json`);
  writeFileSync(`${list}.part`, `${JSON.stringify(manifest)}\n`, { flush: true });
  moveInto(`${list}.part`, list);
  return { kind: 'made', path, manifest };
}

/**
 * What was copied is synced bit by bit: one long sync at the end would make the desk's own commits wait behind it.
 */
async function copyGently(source: DatabaseSync, part: string): Promise<void> {
  let file: number | null = null;
  let steps = 0;
  try {
    await backup(source, part, {
      rate: pagesPerStep,
      progress() {
        steps += 1;
        if (steps % stepsPerSync !== 0) return;
        file ??= openSync(part, 'r+');
        fdatasyncSync(file);
      },
    });
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** Pages of the copy that are neither what the file should hold nor any version in the log. */
function foreignPages(copy: string, databasePath: string, sums: Uint32Array): number[] {
  const wal = readWal(`${databasePath}-wal`);
  const bad: number[] = [];
  const file = openSync(copy, 'r');
  try {
    const buffer = Buffer.allocUnsafe(pagesPerStep * pageSize);
    for (let page = 0; ;) {
      const read = readSync(file, buffer, 0, buffer.length, page * pageSize);
      if (read === 0) return bad;
      for (let offset = 0; offset < read; offset += pageSize) {
        page += 1;
        // SQLite marks the copy's first page as changed by the copying. Its quick check reads that page whole.
        if (page === 1) continue;
        const sum = pageSum(buffer.subarray(offset, offset + pageSize), page);
        if (sum === sums[page]) continue;
        const inLog = wal?.pages.has(page) === true;
        if (inLog ? !wal.versions(page).has(sum) : sums[page] !== undefined && sums[page] !== 0) bad.push(page);
        else if (!inLog && buffer.subarray(offset, offset + pageSize).some((byte) => byte !== 0)) bad.push(page);
      }
    }
  } finally {
    closeSync(file);
  }
}

/** What SQLite finds wrong with the copy, and, if it is looked at whole, the first event that does not follow. */
function look(copy: string, whole: boolean): { faults: string[]; brokenEvent: number | null } {
  // Nobody else writes to the copy, and this keeps SQLite from putting files beside it.
  const address = pathToFileURL(join(dirname(copy), basename(copy)));
  address.searchParams.set('immutable', '1');
  const database = new DatabaseSync(address, { readOnly: true });
  try {
    const pragma = whole ? 'integrity_check' : 'quick_check';
    const faults = database
      .prepare(`PRAGMA ${pragma}(20)`)
      .all()
      .map((row) => String(row[pragma]))
      .filter((line) => line !== 'ok');
    if (!whole || faults.length > 0) return { faults, brokenEvent: null };
    const brokenEvent = firstBrokenEvent({
      all: (sql, ...parameters) => database.prepare(sql).all(...parameters) as Row[],
    });
    return { faults, brokenEvent };
  } catch (error) {
    const reason = damageOf(error);
    if (reason !== null) return { faults: [reason], brokenEvent: null };
    throw error;
  } finally {
    database.close();
  }
}

/** What SQLite says if it found damage, else null. */
function damageOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return null;
  const code = Number(error.errcode) & 0xff;
  return code === 11 || code === 26 ? (error instanceof Error ? error.message : 'damaged') : null;
}
