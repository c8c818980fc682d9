/**
 * The journal of accepted changes: every transaction of the station, as the statements it ran, on disk before SQLite
 * commits it. With a snapshot it gives the whole database back; by itself it completes a log that was cut short.
 *
 * Transactions are numbered from 1; the database carries the number of its last one, changed in the same commit. So
 * replay is exact: statements name every id and instant, and each transaction is applied once or not at all.
 *
 * A transaction that is in the journal is decided. If the process dies between journal and commit, the next start
 * applies it; nothing had been told to anybody yet, and what was under way becomes unknown as after any kill.
 *
 * Files: `journal-00000001.log`, 2, 3, ... in the recovery folder, each a file of frames (frames.ts). The first frame of
 * each says after which transaction it begins. A later file is right where an earlier one says something else.
 */
import { closeSync, openSync, readSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openFrameWriter, readFrames, readWhole } from './frames.ts';
import { syncFolder } from './files.ts';
import type { FrameWriter } from './frames.ts';

export type JournalValue = null | number | string | bigint | Uint8Array;

export interface JournalStatement {
  readonly sql: string;
  /** Rows it changed; -1 where that was not counted. A replay that changes another number has gone astray. */
  readonly changed: number;
  readonly parameters: readonly JournalValue[];
}

export interface JournalEntry {
  readonly number: number;
  /** Wall clock of the commit. */
  readonly at: number;
  /** Of the database the statements were written for. */
  readonly schema: number;
  readonly statements: readonly JournalStatement[];
}

const Head = z.object({
  kind: z.literal('head'),
  after: z.number().int().min(0),
  schema: z.number().int(),
  at: z.number(),
});
const Packed = z.union([
  z.null(),
  z.number(),
  z.string(),
  z.object({ blob: z.string() }),
  z.object({ big: z.string() }),
]);
const Entry = z.object({
  kind: z.literal('change'),
  at: z.number(),
  run: z.array(z.tuple([z.string(), z.number().int()], Packed)),
});

/** A file grows to about this size before the next one is begun. */
const fullFileBytes = 64 * 1024 * 1024;
/** Room taken in advance. */
const aheadBytes = 1024 * 1024;

function pack(value: JournalValue): unknown {
  if (value instanceof Uint8Array) return { blob: Buffer.from(value).toString('base64') };
  return typeof value === 'bigint' ? { big: String(value) } : value;
}

function unpack(value: z.infer<typeof Packed>): JournalValue {
  if (value === null || typeof value !== 'object') return value;
  return 'blob' in value ? Buffer.from(value.blob, 'base64') : BigInt(value.big);
}

export interface JournalContent {
  /** By number, each once, in order; entries of a file that a later file overrules are left out. */
  readonly entries: readonly JournalEntry[];
  /** Places where something unreadable stands, other than an unfinished entry at the very end. */
  readonly damaged: number;
  /** Bytes at the very end that are no whole entry: cut off by a crash, or damaged. */
  readonly torn: number;
  /** Number of the last entry, or where the last file begins; 0 if there is nothing. */
  readonly last: number;
}

function fileNumbers(folder: string): number[] {
  return readdirSync(folder)
    .map((name) => /^journal-(\d{8})\.log$/.exec(name)?.[1])
    .flatMap((digits) => (digits === undefined ? [] : [Number(digits)]))
    .sort((a, b) => a - b);
}

const fileName = (ordinal: number): string => `journal-${String(ordinal).padStart(8, '0')}.log`;

interface ReadFile {
  readonly after: number | null;
  readonly schema: number;
  readonly entries: JournalEntry[];
  /** Of the last entry, or null if there is none. */
  readonly lastNumber: number | null;
  readonly damaged: number;
  readonly torn: number;
  readonly end: number;
}

/** More than the first frame of a journal file ever needs. */
const headBytes = 4_096;

/** After which transaction a file begins, or null if its head cannot be read. */
function beginOf(path: string): number | null {
  const buffer = Buffer.alloc(headBytes);
  const file = openSync(path, 'r');
  let first: Buffer | undefined;
  try {
    const read = readSync(file, buffer, 0, headBytes, 0);
    first = readFrames(buffer.subarray(0, read)).frames[0]?.payload;
  } finally {
    closeSync(file);
  }
  const head = Head.safeParse(first === undefined ? null : parse(first));
  return head.success ? head.data.after : null;
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return null;
  }
}

/** Entries up to `from` are passed over without being read: their frames were whole, and they are not needed. */
function readFile(path: string, from: number): ReadFile {
  const { frames, damaged, torn } = readFrames(readWhole(path) ?? Buffer.alloc(0));
  const head = Head.safeParse(frames[0] === undefined ? null : parse(frames[0].payload));
  const entries: JournalEntry[] = [];
  let bad = damaged;
  let lastNumber: number | null = null;
  for (const frame of head.success ? frames.slice(1) : frames) {
    lastNumber = frame.sequence;
    if (frame.sequence <= from) continue;
    const entry = Entry.safeParse(parse(frame.payload));
    if (!entry.success) {
      bad += 1;
      continue;
    }
    entries.push({
      number: frame.sequence,
      at: entry.data.at,
      schema: head.success ? head.data.schema : 0,
      statements: entry.data.run.map(([sql, changed, ...parameters]) => ({
        sql,
        changed,
        parameters: parameters.map(unpack),
      })),
    });
  }
  return {
    after: head.success ? head.data.after : null,
    schema: head.success ? head.data.schema : 0,
    entries,
    lastNumber,
    damaged: bad + (head.success || frames.length === 0 ? 0 : 1),
    torn,
    end: frames.at(-1)?.end ?? 0,
  };
}

/** Reads the journal of `folder` beyond transaction `from`. */
export function readJournal(folder: string, from = 0): JournalContent {
  const paths = fileNumbers(folder).map((ordinal) => join(folder, fileName(ordinal)));
  const begins = paths.map(beginOf);
  // A file whose successor begins at or before `from` has nothing to say, unless one after it takes something back.
  const first = begins.findLastIndex((after) => after !== null && after <= from);
  const files = paths.slice(Math.max(0, first)).map((path) => readFile(path, from));
  let damaged = 0;
  let torn = 0;
  let last = 0;
  const entries = new Map<number, JournalEntry>();
  for (const [index, file] of files.entries()) {
    const next = files[index + 1];
    if (file.after !== null) {
      for (const number of entries.keys()) if (number > file.after) entries.delete(number);
      last = file.after;
    }
    for (const entry of file.entries) entries.set(entry.number, entry);
    last = file.lastNumber ?? last;
    damaged += file.damaged;
    // A file that was followed by another one was closed by a start that knew where the database stood.
    if (next === undefined) torn = file.torn;
  }
  return {
    entries: [...entries.values()].filter(({ number }) => number > from).sort((a, b) => a.number - b.number),
    damaged,
    torn,
    last,
  };
}

export interface Journal {
  /** On disk when it returns. Throws what the disk said; then `broken` tells whether the journal can go on. */
  append(statements: readonly JournalStatement[], at: number): void;
  /** Begins a new file, so that older ones can go once a snapshot covers them. */
  rotate(at: number): void;
  /** Removes files whose every entry is at or before `number`. */
  forget(number: number): void;
  /** Number of the last transaction. */
  readonly last: number;
  /** Written since it was opened, in bytes. */
  readonly written: number;
  readonly broken: boolean;
  close(): void;
}

/** Opens the journal behind transaction `after`: what files say beyond it is overruled from now on. */
export function openJournal(folder: string, after: number, schema: number, at: number): Journal {
  let last = after;
  let written = 0;
  let writer: FrameWriter;

  const begin = (now: number): FrameWriter => {
    const ordinal = (fileNumbers(folder).at(-1) ?? 0) + 1;
    const made = openFrameWriter(join(folder, fileName(ordinal)), 0, aheadBytes);
    made.append(last, Buffer.from(JSON.stringify({ kind: 'head', after: last, schema, at: now })));
    syncFolder(folder);
    return made;
  };
  const newest = fileNumbers(folder).at(-1);
  const known = newest === undefined ? null : readFile(join(folder, fileName(newest)), after);
  const goesOn =
    known?.after !== undefined &&
    known.after !== null &&
    known.damaged === 0 &&
    known.torn === 0 &&
    known.schema === schema &&
    (known.lastNumber ?? known.after) === after;
  writer =
    goesOn && newest !== undefined ? openFrameWriter(join(folder, fileName(newest)), known.end, aheadBytes) : begin(at);

  const rotate = (now: number): void => {
    const next = begin(now);
    writer.close();
    writer = next;
  };

  return {
    get last() {
      return last;
    },
    get written() {
      return written;
    },
    get broken() {
      return writer.broken;
    },
    append(statements, now) {
      if (writer.bytes > fullFileBytes) rotate(now);
      const run = statements.map(({ sql, changed, parameters }) => [sql, changed, ...parameters.map(pack)]);
      const payload = Buffer.from(JSON.stringify({ kind: 'change', at: now, run }));
      writer.append(last + 1, payload);
      last += 1;
      written += payload.length;
    },
    rotate,
    forget(number) {
      const ordinals = fileNumbers(folder);
      for (const [index, ordinal] of ordinals.entries()) {
        const next = ordinals[index + 1];
        if (next === undefined) return;
        const from = beginOf(join(folder, fileName(next)));
        // All of a file is at or before the point where the next one begins.
        if (from === null || from > number) return;
        rmSync(join(folder, fileName(ordinal)), { force: true });
      }
    },
    close() {
      writer.close();
    },
  };
}
