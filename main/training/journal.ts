/**
 * What a virtual vendor remembers, one JSON line per effect, written before the effect is answered for. A line that
 * was written survives the death of the process; a torn last line never counted and is cut off at the next start.
 */
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

export interface Journal<E> {
  /** Appends one entry. Throws if the whole line could not be written; then the effect must not be answered for. */
  append(entry: E): void;
  close(): void;
}

/**
 * Opens `file`, hands every whole entry to `replay` in order, and cuts a torn last line off.
 * Throws a one-line Error that names the file and line if a line before the last does not parse.
 */
export function openJournal<E>(file: string, schema: z.ZodType<E>, replay: (entry: E) => void): Journal<E> {
  mkdirSync(dirname(file), { recursive: true });
  const existing = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const whole = existing.lastIndexOf(0x0a) + 1;
  const lines = existing.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
  lines.forEach((line, index) => replay(parseLine(file, index + 1, line, schema)));
  const handle = openSync(file, 'a');
  if (whole < existing.length) ftruncateSync(handle, whole);
  let size = whole;
  let open = true;
  return {
    append(entry) {
      if (!open) throw new Error(`training record ${file} is closed`);
      const line = Buffer.from(`${JSON.stringify(entry)}\n`, 'utf8');
      let written = 0;
      try {
        while (written < line.length) written += writeSync(handle, line, written);
      } catch (error) {
        // A full disk can take half a line; take it back so that the next line does not grow onto it.
        if (written > 0) ftruncateSync(handle, size);
        throw error;
      }
      size += line.length;
    },
    close() {
      if (!open) return;
      open = false;
      closeSync(handle);
    },
  };
}

function parseLine<E>(file: string, number: number, line: string, schema: z.ZodType<E>): E {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new Error(`training record ${file}, line ${number}: not JSON; delete the file to start training afresh`);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw new Error(`training record ${file}, line ${number}: unknown entry; delete the file to start training afresh`);
  }
  return parsed.data;
}
