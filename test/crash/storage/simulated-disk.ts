/**
 * A disk that loses power. It takes recorded operations in order and can say, at any point between two of them, what a
 * disk could hold after a power cut there.
 *
 * The model:
 * - Synced is kept: a sync of a file makes everything written to it before durable.
 * - Each later write is on its own dropped (40 %), torn (20 %: each of its 512-byte sectors kept or not, evenly) or kept
 *   (40 %); each later truncation kept or not, evenly. Kept ones apply in order, whatever happened to those before.
 * - Names (created, renamed, removed) are kept in order, as a journalling file system does (ext4, XFS, NTFS): a sync of a
 *   file makes the operations on names up to the last one about this file durable, a sync of the folder all of that
 *   folder's; of the rest a random first part is kept.
 * - A synced sector never changes afterwards: disks that lie about a sync, or damage neighbours, are not in this model
 *   (flips.ts damages what was synced).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RandomSource } from '../../../main/ports.ts';
import type { StorageOperation } from './record.ts';

type Change =
  | { readonly kind: 'write'; readonly at: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly size: number };

const sectorBytes = 512;
const droppedShare = 0.4;
const tornShare = 0.2;

/** Bytes that can grow without being copied each time. */
class Content {
  #bytes = Buffer.alloc(0);
  #size = 0;

  static copyOf(other: Content): Content {
    const copy = new Content();
    copy.#bytes = Buffer.from(other.#bytes.subarray(0, other.#size));
    copy.#size = other.#size;
    return copy;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  write(at: number, data: Buffer): void {
    this.#reach(at + data.length);
    data.copy(this.#bytes, at);
  }

  truncate(size: number): void {
    if (size < this.#size) this.#bytes.fill(0, size, this.#size);
    else this.#reach(size);
    this.#size = size;
  }

  #reach(size: number): void {
    if (size > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(size, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#size);
      this.#bytes = larger;
    }
    this.#size = Math.max(this.#size, size);
  }
}

interface File {
  readonly durable: Content;
  pending: Change[];
}

interface NameChange {
  readonly about: File;
  readonly folders: readonly string[];
  apply(names: Map<string, File>): void;
}

export interface SimulatedDisk {
  apply(operation: StorageOperation): void;
  /** Bytes by path that a power cut now could leave. */
  afterCut(random: RandomSource): Map<string, Buffer>;
  /** Writes not synced yet, in all files that have a name. */
  readonly unsynced: number;
}

export function createSimulatedDisk(): SimulatedDisk {
  const names = new Map<string, File>();
  const durableNames = new Map<string, File>();
  let nameChanges: NameChange[] = [];
  const handles = new Map<number, File>();

  const rename = (folders: readonly string[], about: File, apply: NameChange['apply']): void => {
    apply(names);
    nameChanges.push({ about, folders, apply });
  };
  const settle = (file: File): void => {
    for (const change of file.pending) applyChange(file.durable, change);
    file.pending = [];
    // The journal is written in order, so all before goes with it.
    const last = nameChanges.findLastIndex((change) => change.about === file);
    for (const change of nameChanges.slice(0, last + 1)) change.apply(durableNames);
    nameChanges = nameChanges.slice(last + 1);
  };
  const fileOf = (handle: number): File => {
    const file = handles.get(handle);
    if (file === undefined) throw new Error(`the record speaks of handle ${handle} before it was opened`);
    return file;
  };

  return {
    apply(operation) {
      switch (operation.kind) {
        case 'open': {
          let file = names.get(operation.path);
          if (file === undefined) {
            const made: File = { durable: new Content(), pending: [] };
            file = made;
            rename([dirname(operation.path)], made, (into) => void into.set(operation.path, made));
          }
          if (operation.emptied) file.pending.push({ kind: 'truncate', size: 0 });
          handles.set(operation.handle, file);
          break;
        }
        case 'write':
          fileOf(operation.handle).pending.push(operation);
          break;
        case 'truncate':
          fileOf(operation.handle).pending.push(operation);
          break;
        case 'sync':
          settle(fileOf(operation.handle));
          break;
        case 'sync-folder': {
          const folder = operation.path === '' ? '.' : operation.path;
          const last = nameChanges.findLastIndex((change) => change.folders.includes(folder));
          for (const change of nameChanges.slice(0, last + 1)) change.apply(durableNames);
          nameChanges = nameChanges.slice(last + 1);
          break;
        }
        case 'rename': {
          const { from, to } = operation;
          const file = names.get(from);
          if (file === undefined) throw new Error(`the record renames ${from}, which it never made`);
          rename([dirname(from), dirname(to)], file, (into) => {
            into.delete(from);
            into.set(to, file);
          });
          break;
        }
        case 'remove': {
          const { path } = operation;
          const file = names.get(path);
          if (file !== undefined) rename([dirname(path)], file, (into) => void into.delete(path));
          break;
        }
        case 'acknowledge':
          break;
      }
    },
    afterCut(random) {
      const left = new Map(durableNames);
      const kept = Math.floor(random.next() * (nameChanges.length + 1));
      for (const change of nameChanges.slice(0, kept)) change.apply(left);
      const images = new Map<File, Buffer>();
      for (const file of new Set(left.values())) images.set(file, survivors(file, random));
      return new Map([...left].map(([path, file]) => [path, images.get(file) ?? Buffer.alloc(0)]));
    },
    get unsynced() {
      return [...new Set(names.values())].reduce((sum, file) => sum + file.pending.length, 0);
    },
  };
}

function applyChange(content: Content, change: Change): void {
  if (change.kind === 'write') content.write(change.at, change.data);
  else content.truncate(change.size);
}

function survivors(file: File, random: RandomSource): Buffer {
  if (file.pending.length === 0) return file.durable.bytes;
  const content = Content.copyOf(file.durable);
  for (const change of file.pending) {
    if (change.kind === 'truncate') {
      if (random.next() < 0.5) content.truncate(change.size);
      continue;
    }
    const fate = random.next();
    if (fate < droppedShare) continue;
    if (fate >= droppedShare + tornShare) {
      content.write(change.at, change.data);
      continue;
    }
    for (let sector = 0; sector < change.data.length; sector += sectorBytes) {
      if (random.next() < 0.5) content.write(change.at + sector, change.data.subarray(sector, sector + sectorBytes));
    }
  }
  return content.bytes;
}

/** Writes the files of a cut into an empty folder. */
export function layOut(files: ReadonlyMap<string, Buffer>, folder: string): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}
