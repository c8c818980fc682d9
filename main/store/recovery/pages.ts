/**
 * A sum of every page of the database file, kept beside it, so that damage shows before a damaged row is believed.
 * SQLite checks its log, but not its database file: a flipped bit in an address is a valid address to it.
 *
 * In WAL mode the database file changes only at a checkpoint, and only the station checkpoints (`wal_autocheckpoint` is
 * off). The sums of the pages a checkpoint will write are on disk before it starts. So at start every page must agree
 * with its sum, except pages that whole frames of the log replace: of those the log holds the newest copy.
 *
 * The file holds frames (see frames.ts): first the whole table, then what each checkpoint changed, with the run of the
 * log it came from. If the log is of that run, all its frames must still be there: a log cut short in front of a
 * database file that already has its later pages would give a mix of old and new.
 */
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { openFrameWriter, readFrames, readWhole } from './frames.ts';
import { moveInto } from './files.ts';
import type { FrameWriter } from './frames.ts';
import type { WalContent } from './wal.ts';

/** SQLite's default page size, which the station never changes. */
export const pageSize = 4_096;
/** Pages read at once when the whole file is summed: 1 MB. */
const pagesPerRead = 256;
/** Changes are folded into the table once they are this much longer than it. */
const foldAfterBytes = 1024 * 1024;

/** The sum of a page at its place; a page written to the wrong place has another one. Never 0, which is "no page". */
export function pageSum(content: Uint8Array, page: number): number {
  return crc32(content, page) || 1;
}

export interface PageTable {
  /** Writes down what the next checkpoint makes of the file; on disk when it returns. */
  expect(wal: WalContent): void;
  /** A copy of the sums by page, `[0]` unused. */
  sums(): Uint32Array;
  close(): void;
}

/** Sums of every page of a database file that nobody writes to. */
export function sumsOfFile(path: string): Uint32Array {
  const file = openSync(path, 'r');
  try {
    const sums: number[] = [0];
    const buffer = Buffer.allocUnsafe(pagesPerRead * pageSize);
    for (let offset = 0; ;) {
      const read = readSync(file, buffer, 0, buffer.length, offset);
      if (read === 0) return Uint32Array.from(sums);
      for (let at = 0; at < read; at += pageSize) {
        sums.push(pageSum(buffer.subarray(at, Math.min(at + pageSize, read)), sums.length));
      }
      offset += read;
    }
  } finally {
    closeSync(file);
  }
}

interface Expected {
  readonly sums: Uint32Array;
  readonly salts: readonly [number, number] | null;
  readonly frames: number;
  /** Bytes of whole frames. */
  readonly end: number;
}

function readTable(path: string): Expected | 'missing' | 'damaged' {
  const bytes = readWhole(path);
  if (bytes === null) return 'missing';
  const { frames, damaged } = readFrames(bytes);
  const [base, ...changes] = frames;
  if (base === undefined || base.sequence !== 0 || damaged > 0) return 'damaged';
  let sums = new Uint32Array(base.payload.length / 4);
  for (let index = 0; index < sums.length; index += 1) sums[index] = base.payload.readUInt32LE(index * 4);
  let salts: [number, number] | null = null;
  let walFrames = 0;
  let number = 0;
  for (const { payload, sequence } of changes) {
    number += 1;
    if (sequence !== number) return 'damaged';
    salts = [payload.readUInt32LE(0), payload.readUInt32LE(4)];
    walFrames = payload.readUInt32LE(8);
    const pages = payload.readUInt32LE(12);
    if (pages + 1 > sums.length) {
      const longer = new Uint32Array(pages + 1);
      longer.set(sums);
      sums = longer;
    }
    for (let at = 16; at < payload.length; at += 8) sums[payload.readUInt32LE(at)] = payload.readUInt32LE(at + 4);
  }
  return { sums, salts, frames: walFrames, end: frames.at(-1)?.end ?? 0 };
}

/** What comparing the database file with its sums came to. `missing`: there are no sums yet. */
export type PageVerdict =
  | { readonly kind: 'agrees'; readonly pages: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'differs'; readonly reason: string };

/** Compares the closed database at `databasePath` and its log with the sums at `tablePath`. Reads the whole file once. */
export function comparePages(databasePath: string, tablePath: string, wal: WalContent | null): PageVerdict {
  const expected = readTable(tablePath);
  if (expected === 'missing') return { kind: 'missing' };
  if (expected === 'damaged') return { kind: 'differs', reason: 'the sums of its pages are damaged' };
  if (wal !== null && expected.salts?.[0] === wal.salts[0] && expected.salts[1] === wal.salts[1]) {
    if (wal.frames < expected.frames) {
      return { kind: 'differs', reason: `its log lost ${expected.frames - wal.frames} of ${expected.frames} frames` };
    }
  }
  const found = sumsOfFile(databasePath);
  const bad: number[] = [];
  const count = Math.max(found.length, expected.sums.length);
  for (let page = 1; page < count; page += 1) {
    const wanted = expected.sums[page] ?? 0;
    if (found[page] === wanted || wal?.pages.has(page) === true) continue;
    // A page no checkpoint ever wrote (freed before it was used) is a hole in the file.
    if (wanted === 0 && found[page] === pageSum(new Uint8Array(pageSize), page)) continue;
    bad.push(page);
  }
  if (bad.length === 0) return { kind: 'agrees', pages: count - 1 };
  return {
    kind: 'differs',
    reason: `${bad.length} of its ${count - 1} pages changed by themselves (first: ${bad[0]})`,
  };
}

/**
 * Opens the sums for writing. `fresh`: the file is known good for another reason and fully checkpointed; the table is
 * made from it.
 */
export function openPageTable(databasePath: string, tablePath: string, fresh: boolean): PageTable {
  const read = fresh ? 'missing' : readTable(tablePath);
  let sums: Uint32Array;
  let writer: FrameWriter;
  let number = 0;
  let baseBytes = 0;

  const writeBase = (): FrameWriter => {
    const part = `${tablePath}.part`;
    rmSync(part, { force: true });
    const made = openFrameWriter(part, 0);
    try {
      const payload = Buffer.allocUnsafe(sums.length * 4);
      for (let index = 0; index < sums.length; index += 1) payload.writeUInt32LE(sums[index] ?? 0, index * 4);
      made.append(0, payload);
      baseBytes = made.bytes;
    } finally {
      made.close();
    }
    moveInto(part, tablePath);
    number = 0;
    return openFrameWriter(tablePath, baseBytes);
  };

  if (typeof read === 'string') {
    sums = sumsOfFile(databasePath);
    writer = writeBase();
  } else {
    sums = read.sums;
    // Folds what earlier runs changed. The last change stays apart: it says which log the table has seen.
    const whole = readFrames(readWhole(tablePath) ?? Buffer.alloc(0)).frames;
    number = whole.length - 1;
    baseBytes = whole[0]?.end ?? 0;
    writer = openFrameWriter(tablePath, read.end);
  }

  return {
    expect(wal) {
      if (wal.pages.size === 0) return;
      if (wal.databasePages + 1 > sums.length) {
        const longer = new Uint32Array(wal.databasePages + 1);
        longer.set(sums);
        sums = longer;
      }
      const payload = Buffer.allocUnsafe(16 + wal.pages.size * 8);
      payload.writeUInt32LE(wal.salts[0], 0);
      payload.writeUInt32LE(wal.salts[1], 4);
      payload.writeUInt32LE(wal.frames, 8);
      payload.writeUInt32LE(wal.databasePages, 12);
      let at = 16;
      for (const [page, sum] of wal.pages) {
        payload.writeUInt32LE(page, at);
        payload.writeUInt32LE(sum, at + 4);
        at += 8;
      }
      if (writer.bytes > baseBytes * 2 + foldAfterBytes) {
        writer.close();
        writer = writeBase();
      }
      number += 1;
      writer.append(number, payload);
      for (const [page, sum] of wal.pages) sums[page] = sum;
    },
    sums: () => sums.slice(),
    close() {
      writer.close();
    },
  };
}
