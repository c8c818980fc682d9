/**
 * Storage faults in a child process, by a library of our own that is loaded before the C library (shim.c). For any
 * harness that wants storage operations as kill points or failing ones:
 *
 *     const refusal = whyNoStorageFaults();                    // say it loudly and skip
 *     const faults = openStorageFaults(dataDir);               // one per child; the folder must exist
 *     faults.set({ killAt: 17 });                              // before the start, or while the child runs
 *     spawn(process.execPath, [...], { env: { ...process.env, ...faults.env } });
 *     faults.counts().operations; faults.remove();
 *
 * Operations are counted from the start of the child (from `reset`, if called): every write, sync, truncation, rename,
 * removal and creation of a file below the folder, SQLite's and ours; not the WAL's index, not lock files. Reads are
 * counted apart.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readSync, realpathSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('shim.c', import.meta.url));

/** Places of the numbers in the control file; the same order as in shim.c. */
const slots = [
  'version',
  'operations',
  'writes',
  'syncs',
  'reads',
  'truncations',
  'renames',
  'removals',
  'creations',
  'delivered',
  'killAt',
  'killHalfway',
  'failMask',
  'matching',
  'failFrom',
  'failCount',
  'failErrno',
  'space',
] as const;
type Slot = (typeof slots)[number];
const slotBytes = 8;
const controlBytes = 64 * slotBytes;

const classes = { write: 1, sync: 2, read: 4, truncate: 8, rename: 16, remove: 32, create: 64 } as const;
export type OperationClass = keyof typeof classes;
const errorNumbers = { EIO: 5, ENOSPC: 28 } as const;

export interface FaultSettings {
  /** SIGKILL just before the n-th operation (1 is the first). */
  readonly killAt?: number;
  /** If that operation is a write, half of it is written first. */
  readonly killHalfway?: boolean;
  /** Operations of these classes fail, from the `from`-th such operation after this call on, `count` times (0: from then on). */
  readonly fail?: {
    readonly classes: readonly OperationClass[];
    readonly from: number;
    readonly count: number;
    readonly error: keyof typeof errorNumbers;
  };
  /** Bytes that all files below the folder may have together; a write that needs more fails with ENOSPC. */
  readonly spaceBytes?: number;
}

export interface StorageFaults {
  /** To be merged into the child's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Replaces all faults set before; `{}` takes them away. Takes effect with the next operation. */
  set(settings: FaultSettings): void;
  /** Operations so far by class, and how many faults were delivered. */
  counts(): Readonly<Record<Slot, number>>;
  /** Counts from zero again: for the next process on the same folder. */
  reset(): void;
  remove(): void;
}

let compiled: { readonly library: string } | { readonly refusal: string } | null = null;

function compile(): { readonly library: string } | { readonly refusal: string } {
  if (process.platform !== 'linux') return { refusal: 'storage faults need Linux' };
  const header = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  if (header.header?.glibcVersionRuntime === undefined) return { refusal: 'storage faults need the GNU C library' };
  const folder = mkdtempSync(join(tmpdir(), 'packbench-shim-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const library = join(folder, 'shim.so');
  const options = ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl', '-lpthread'];
  const complaints: string[] = [];
  for (const compiler of ['cc', 'gcc', 'clang']) {
    const { status, error, stderr } = spawnSync(compiler, options, { encoding: 'utf8' });
    if (status === 0) return { library };
    if (error === undefined) complaints.push(`${compiler}: ${stderr.split('\n')[0] ?? ''}`);
  }
  return { refusal: complaints.length > 0 ? complaints.join('; ') : 'no C compiler (cc, gcc or clang) is installed' };
}

/** Why this machine cannot have storage faults, or null if it can. Compiles the library the first time. */
export function whyNoStorageFaults(): string | null {
  compiled ??= compile();
  return 'refusal' in compiled ? compiled.refusal : null;
}

export interface StorageFaultOptions {
  /** Where to append the record of all operations (record.ts reads it). */
  readonly recordFile?: string;
  /** Lines the child writes to this file go into the record, in order with the operations. */
  readonly acknowledgements?: string;
  /** Endings of file names that are not watched, instead of the usual ones (see shim.c). */
  readonly skip?: readonly string[];
}

/** Faults for one child on one folder. Throws where `whyNoStorageFaults` has an answer. */
export function openStorageFaults(folder: string, options: StorageFaultOptions = {}): StorageFaults {
  const refusal = whyNoStorageFaults();
  if (refusal !== null || compiled === null || !('library' in compiled)) throw new Error(refusal ?? 'not compiled');
  const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const own = mkdtempSync(join(memory, 'packbench-faults-'));
  const controlFile = join(own, 'control');
  const file = openSync(controlFile, 'wx+');
  writeSync(file, Buffer.alloc(controlBytes), 0, controlBytes, 0);
  const write = (slot: Slot, value: number): void => {
    const bytes = Buffer.alloc(slotBytes);
    bytes.writeBigInt64LE(BigInt(value));
    writeSync(file, bytes, 0, slotBytes, slots.indexOf(slot) * slotBytes);
  };
  return {
    env: {
      LD_PRELOAD: compiled.library,
      PACKBENCH_FAULTS_DIR: realpathSync(folder),
      PACKBENCH_FAULTS_CONTROL: controlFile,
      // Calls that go through io_uring would pass the library by.
      UV_USE_IO_URING: '0',
      ...(options.recordFile === undefined ? {} : { PACKBENCH_FAULTS_RECORD: options.recordFile }),
      ...(options.acknowledgements === undefined ? {} : { PACKBENCH_FAULTS_ACK: options.acknowledgements }),
      ...(options.skip === undefined ? {} : { PACKBENCH_FAULTS_SKIP: options.skip.join(':') }),
    },
    set(settings) {
      // Nothing is armed while the numbers change.
      for (const slot of ['killAt', 'failMask', 'failFrom', 'matching'] as const) write(slot, 0);
      write('killHalfway', settings.killHalfway === true ? 1 : 0);
      write('space', settings.spaceBytes ?? 0);
      if (settings.fail !== undefined) {
        write('failCount', settings.fail.count);
        write('failErrno', errorNumbers[settings.fail.error]);
        write('failFrom', settings.fail.from);
        write(
          'failMask',
          settings.fail.classes.reduce((mask, each) => mask | classes[each], 0),
        );
      }
      write('killAt', settings.killAt ?? 0);
    },
    counts() {
      const bytes = Buffer.alloc(controlBytes);
      readSync(file, bytes, 0, controlBytes, 0);
      return Object.fromEntries(
        slots.map((slot, index) => [slot, Number(bytes.readBigInt64LE(index * slotBytes))]),
      ) as Record<Slot, number>;
    },
    reset() {
      for (const slot of slots.slice(1, slots.indexOf('killAt'))) write(slot, 0);
    },
    remove() {
      closeSync(file);
      rmSync(own, { recursive: true, force: true });
    },
  };
}
