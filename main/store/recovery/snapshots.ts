/**
 * Whole copies of the database, and what is known of each. `snapshot-<time>.db` has a `.json` of the same name, written
 * after the copy was verified: a copy without it was never finished, and one that does not have the digest in it is
 * not the copy that was verified.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Manifest = z.object({
  /** Wall clock of the moment the copy shows. */
  at: z.number().int(),
  /** Its last transaction. */
  position: z.number().int(),
  schema: z.number().int(),
  bytes: z.number().int(),
  /** Of the whole file, hexadecimal. */
  sha256: z.string(),
  /** Faults of the whole integrity check, if it was made of this copy; null if only the quick one was. */
  integrity: z.array(z.string()).nullable(),
});
export type SnapshotManifest = z.infer<typeof Manifest>;

export interface Snapshot extends SnapshotManifest {
  readonly path: string;
}

const largestManifest = 64 * 1024;

function readManifest(path: string): SnapshotManifest | null {
  try {
    if (statSync(path).size > largestManifest) return null;
    const parsed = Manifest.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Finished copies, newest first. Whether each is still what it was is for `isIntact` to say. */
export function listSnapshots(folder: string): Snapshot[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^snapshot-[0-9TZ-]+\.json$/.test(name))
    .flatMap((name) => {
      const path = join(folder, `${name.slice(0, -'.json'.length)}.db`);
      const manifest = existsSync(path) ? readManifest(join(folder, name)) : null;
      return manifest === null ? [] : [{ ...manifest, path }];
    })
    .sort((a, b) => b.position - a.position || b.at - a.at);
}

/** SHA-256 of a file, hexadecimal, read a megabyte at a time. */
export function digestOf(path: string): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(1024 * 1024);
    for (;;) {
      const read = readSync(file, buffer, 0, buffer.length, null);
      if (read === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
}

/** True if the copy is, bit by bit, the one that was verified. */
export function isIntact(snapshot: Snapshot): boolean {
  try {
    return statSync(snapshot.path).size === snapshot.bytes && digestOf(snapshot.path) === snapshot.sha256;
  } catch {
    return false;
  }
}
