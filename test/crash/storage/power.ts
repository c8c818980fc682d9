/**
 * Power cuts. A child works with the real store and says after each commit that it returned; everything that reached the
 * disk is recorded (shim.c). Then the power fails at random points of the record (simulated-disk.ts), the real store is
 * opened on what is left, and it must hold every acknowledged commit: its content must be, row for row, what the same
 * commits give in a database that was never cut.
 *
 * The database and the journal beside it each keep every commit, so either would hide that the other lost some. That is
 * why the database is also read by itself, past the station's code, before the store opens it.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RandomSource } from '../../../main/ports.ts';
import { openStore } from '../../../main/store/open.ts';
import { recoverStore } from '../../../main/store/recover.ts';
import { seededRandom, silentLog } from '../../kit/ports.ts';
import { bundleChild } from './bundle.ts';
import { contentOf, differencesBetween } from './compare.ts';
import { commitIn, differingTables, digestOf, integrityFaults } from './content.ts';
import type { StorageMutant } from './mutants.ts';
import { readRecord, type StorageOperation } from './record.ts';
import { openStorageFaults } from './shim.ts';
import { createSimulatedDisk, layOut, type SimulatedDisk } from './simulated-disk.ts';
import { lastCommit, makeCommit, workloadPorts } from './workload.ts';
import type { WorkloadSettings } from './workload-child.ts';

export interface PowerOptions {
  readonly cuts: number;
  readonly seed: number;
  readonly commitsPerRecording: number;
  readonly cutsPerRecording: number;
  readonly mutant: StorageMutant | null;
  /** Called after each recording with the cuts made so far. */
  readonly onProgress?: (cuts: number) => void;
}

export interface PowerResult {
  readonly cuts: number;
  readonly recordings: number;
  /** Operations recorded, all recordings together. */
  readonly operations: number;
  /** Acknowledged commits that were looked for, all cuts together. */
  readonly acknowledgedChecked: number;
  /** Of these, missing once the store was open. */
  readonly lost: number;
  /** Of these, missing in the database read by itself, without the journal. */
  readonly lostByDatabase: number;
  readonly cutsWithLoss: number;
  readonly mostLostAtOnce: number;
  /** The database cannot be read by itself, the store refuses it, or SQLite or the hash chain finds a fault. */
  readonly integrityFailures: number;
  /** Opened and whole, but the content is not that of the commits it says it holds. */
  readonly wrongContent: number;
  /**
   * Cuts after which the database was taken away as well, and the store had to come back from snapshot and journal; and
   * those of them from a snapshot, not from the journal alone. `wrong`: something acknowledged was missing, or other.
   */
  readonly restored: { readonly tried: number; readonly fromSnapshot: number; readonly wrong: number };
  /** Cuts with at least one write under way or not synced. */
  readonly cutsWithUnsynced: number;
  /** The last operation before the cut. */
  readonly cutsAfter: Readonly<Record<string, number>>;
  /** The first few things that were wrong. */
  readonly examples: readonly string[];
  readonly elapsedMs: number;
}

const databaseName = 'packbench.db';
/** What is taken away where all must come back from snapshot and journal. */
const databaseFiles = [databaseName, `${databaseName}-wal`, `${databaseName}-recovery/pages`];
const restoreEvery = 4;
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const mostExamples = 10;

/** Needs `whyNoStorageFaults() === null`. */
export async function cutPower(options: PowerOptions): Promise<PowerResult> {
  const startedAt = performance.now();
  const tally = createTally();
  let recordings = 0;
  let operations = 0;
  while (tally.cuts < options.cuts) {
    recordings += 1;
    const seed = options.seed * 10_007 + recordings;
    const folder = realpathSync(mkdtempSync(join(memory, 'packbench-power-')));
    try {
      const record = await recordWorkload(folder, seed, options);
      operations += record.length;
      const reference = createReference(join(folder, 'reference'), seed);
      try {
        const wanted = Math.min(options.cutsPerRecording, options.cuts - tally.cuts);
        cutRecord(record, wanted, seededRandom(seed), join(folder, 'cut'), reference, tally);
      } finally {
        reference.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    options.onProgress?.(tally.cuts);
  }
  return { ...tally, recordings, operations, elapsedMs: Math.round(performance.now() - startedAt) };
}

async function recordWorkload(folder: string, seed: number, options: PowerOptions): Promise<StorageOperation[]> {
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  const recordFile = join(folder, 'record');
  const acknowledgements = join(folder, 'acknowledgements');
  const faults = openStorageFaults(dataDir, { recordFile, acknowledgements });
  const settings: WorkloadSettings = {
    dataFile: join(dataDir, databaseName),
    acknowledgements,
    seed,
    commits: options.commitsPerRecording,
    reopenEvery: Math.ceil(options.commitsPerRecording * 0.6),
    snapshotEvery: Math.ceil(options.commitsPerRecording / 4),
  };
  try {
    await runToEnd([await bundleChild('workload-child', options.mutant), JSON.stringify(settings)], faults.env);
    const record = readRecord(recordFile);
    const acknowledged = record.filter((operation) => operation.kind === 'acknowledge').length;
    if (acknowledged !== options.commitsPerRecording) {
      throw new Error(`the record holds ${acknowledged} acknowledgements of ${options.commitsPerRecording}`);
    }
    return record;
  } finally {
    faults.remove();
  }
}

function runToEnd(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'inherit', 'pipe'],
      env: { ...process.env, ...env },
    });
    let errors = '';
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString('utf8')));
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`the workload ended with ${status}: ${errors.trim()}`));
    });
  });
}

/** The same commits in a database that nothing happens to. */
interface Reference {
  /** Goes on to `commit` if it is not there yet, and keeps the digest of the content there. */
  reach(commit: number): void;
  /** Null for a commit that was passed by. */
  digestAfter(commit: number): string | null;
  /** The tables that differ from those of the last commit reached. */
  differing(file: string): string[];
  /** The same for a restored database, if the reference stands at `commit`: what every restoration changes is left out. */
  restoredDifferently(commit: number, file: string): string[];
  close(): void;
}

function createReference(folder: string, seed: number): Reference {
  mkdirSync(folder);
  const file = join(folder, databaseName);
  const ports = workloadPorts();
  const store = openStore({ path: file, clock: ports.clock, ids: ports.ids, log: silentLog });
  const digests = new Map<number, string>();
  return {
    reach(commit) {
      let last = lastCommit(store);
      if (last > commit) return;
      while (last < commit) makeCommit(store, ports, seed, (last += 1));
      if (!digests.has(commit)) digests.set(commit, digestOf(file));
    },
    digestAfter: (commit) => digests.get(commit) ?? null,
    differing: (other) => differingTables(file, other),
    restoredDifferently(commit, other) {
      if (commit > lastCommit(store)) this.reach(commit);
      return commit === lastCommit(store) ? differencesBetween(contentOf(file), contentOf(other)).tables : [];
    },
    close: () => store.close(),
  };
}

function createTally() {
  return {
    cuts: 0,
    acknowledgedChecked: 0,
    lost: 0,
    lostByDatabase: 0,
    cutsWithLoss: 0,
    mostLostAtOnce: 0,
    integrityFailures: 0,
    wrongContent: 0,
    restored: { tried: 0, fromSnapshot: 0, wrong: 0 },
    cutsWithUnsynced: 0,
    cutsAfter: {} as Record<string, number>,
    examples: [] as string[],
  };
}
type Tally = ReturnType<typeof createTally>;

function cutRecord(
  record: readonly StorageOperation[],
  cuts: number,
  random: RandomSource,
  folder: string,
  reference: Reference,
  tally: Tally,
): void {
  const points = Array.from({ length: cuts }, () => 1 + Math.floor(random.next() * record.length));
  points.sort((a, b) => a - b);
  const disk = createSimulatedDisk();
  let done = 0;
  let acknowledged = 0;
  for (const point of points) {
    for (const operation of record.slice(done, point)) {
      disk.apply(operation);
      if (operation.kind === 'acknowledge') acknowledged = Number(operation.text);
    }
    done = point;
    const last = record[point - 1];
    const after = last?.kind ?? 'nothing';
    tally.cutsAfter[after] = (tally.cutsAfter[after] ?? 0) + 1;
    cutOnce(disk, acknowledged, random, folder, reference, tally);
  }
}

function cutOnce(
  disk: SimulatedDisk,
  acknowledged: number,
  random: RandomSource,
  folder: string,
  reference: Reference,
  tally: Tally,
): void {
  tally.cuts += 1;
  tally.acknowledgedChecked += acknowledged;
  if (disk.unsynced > 0) tally.cutsWithUnsynced += 1;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  layOut(disk.afterCut(random), folder);
  const file = join(folder, databaseName);
  const say = (what: string): void => {
    if (tally.examples.length < mostExamples) tally.examples.push(`cut ${tally.cuts}: ${what}`);
  };

  const alone = readAlone(file);
  const found = lookInto(file);
  const faults = [...alone.faults, ...found.faults];
  if (faults.length > 0) {
    tally.integrityFailures += 1;
    say(faults.join('; '));
  }
  const lostByDatabase = Math.max(0, acknowledged - alone.commits);
  const lost = Math.max(0, acknowledged - found.commits);
  tally.lost += lost;
  tally.lostByDatabase += lostByDatabase;
  if (lost + lostByDatabase > 0) {
    tally.cutsWithLoss += 1;
    tally.mostLostAtOnce = Math.max(tally.mostLostAtOnce, lost, lostByDatabase);
    say(`of ${acknowledged} acknowledged commits the database has ${alone.commits}, the store ${found.commits}`);
  }
  // One commit may be there whose acknowledgement was still to come.
  reference.reach(acknowledged);
  if (found.commits === acknowledged + 1) reference.reach(found.commits);
  // Cut off in its first opening, a database may count its journal from 1 instead of 0.
  const made = found.commits > 0 || reference.restoredDifferently(0, file).length > 0;
  const wanted = made ? reference.digestAfter(found.commits) : null;
  const tooMany = found.commits > acknowledged + 1;
  if (faults.length === 0 && (tooMany || (wanted !== null && wanted !== found.digest))) {
    tally.wrongContent += 1;
    const tables = tooMany ? '' : `, in ${reference.differing(file).join(', ')}`;
    say(`wrong content after ${found.commits} commits, ${acknowledged} acknowledged${tables}`);
  }

  if (tally.cuts % restoreEvery === 0 && acknowledged > 0)
    restoreOnce(disk, acknowledged, random, folder, reference, tally, say);
}

/** The power cut took the database with it: snapshot and journal must bring back every acknowledged commit. */
function restoreOnce(
  disk: SimulatedDisk,
  acknowledged: number,
  random: RandomSource,
  folder: string,
  reference: Reference,
  tally: Tally,
  say: (what: string) => void,
): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const left = [...disk.afterCut(random)].filter(([path]) => !databaseFiles.includes(path));
  layOut(new Map(left), folder);
  const file = join(folder, databaseName);
  const ports = workloadPorts();
  tally.restored.tried += 1;
  try {
    const recovered = recoverStore({ path: file, clock: ports.clock, ids: ports.ids, log: silentLog });
    try {
      if (recovered.kind === 'restored' && recovered.report.snapshotAt !== null) tally.restored.fromSnapshot += 1;
      const commits = lastCommit(recovered.store);
      const differing = reference.restoredDifferently(commits, file);
      if (commits >= acknowledged && commits <= acknowledged + 1 && differing.length === 0) return;
      say(`restored ${commits} of ${acknowledged} acknowledged commits; differs in ${differing.join(', ')}`);
    } finally {
      recovered.store.close();
    }
  } catch (error) {
    say(`not restored: ${error instanceof Error ? error.message : String(error)}`);
  }
  tally.restored.wrong += 1;
}

/** Without the station's code and without the journal. Nothing of it stays: a reader changes neither file nor log. */
function readAlone(file: string): { commits: number; faults: string[] } {
  // A cut before the first commit: there is nothing yet, and the store makes it.
  if (!existsSync(file) || statSync(file).size === 0) return { commits: 0, faults: [] };
  try {
    return { commits: commitIn(file), faults: integrityFaults(file) };
  } catch (error) {
    // Cut off while the file was first made a database with a WAL: only who may write can undo that. Nothing is in it.
    if (isReadOnlyError(error)) return { commits: 0, faults: [] };
    return { commits: 0, faults: [error instanceof Error ? error.message : String(error)] };
  }
}

function isReadOnlyError(error: unknown): boolean {
  const readOnly = 8;
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === readOnly;
}

/** Opens it as the station does, and checks all there is to check. */
function lookInto(file: string): { commits: number; digest: string; faults: string[] } {
  const ports = workloadPorts();
  try {
    const store = openStore({ path: file, clock: ports.clock, ids: ports.ids, log: silentLog });
    try {
      const commits = lastCommit(store);
      const broken = store.events.firstBroken();
      const faults = integrityFaults(file);
      if (broken !== null) faults.push(`the chain of events breaks at ${broken}`);
      return { commits, digest: digestOf(file), faults };
    } finally {
      store.close();
    }
  } catch (error) {
    return { commits: 0, digest: '', faults: [error instanceof Error ? error.message : String(error)] };
  }
}
