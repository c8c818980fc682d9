/**
 * Damage that nobody wrote: pages of a filled store are flipped, zeroed, exchanged or cut off, as bad sectors and
 * misdirected writes do. Then the store is opened as at a start. Either the damage shows before anything could be sent,
 * and all is restored or what could not be is listed by order number; or it did no harm, and the content is, row for
 * row, what it was. The damaged file must still be there.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RandomSource } from '../../../main/ports.ts';
import { openStore } from '../../../main/store/open.ts';
import { recoverStore, type Recovered } from '../../../main/store/recover.ts';
import type { Store } from '../../../main/store/store.ts';
import { seededRandom, silentLog } from '../../kit/ports.ts';
import { contentOf, differencesBetween, type Content } from './compare.ts';
import { integrityFaults } from './content.ts';
import { takeSnapshot } from './snapshot.ts';
import { layOut } from './simulated-disk.ts';
import { makeCommit, workloadPorts, type WorkloadPorts } from './workload.ts';

export interface FlipOptions {
  readonly flips: number;
  readonly seed: number;
  /** Commits before the store is closed once, so that they are in the database file; a tenth more follow in its log. */
  readonly commits: number;
  /** Flips tried on one filled store. */
  readonly flipsPerStore: number;
  /** Takes the sums of the pages away first: then flips must get through, or this check could not notice one. */
  readonly withoutSums: boolean;
  readonly onProgress?: (flips: number) => void;
}

export interface FlipResult {
  readonly flips: number;
  /** By damaged file: flips, and what became of them. */
  readonly byTarget: Readonly<Record<string, Readonly<Record<Verdict, number>>>>;
  readonly byKind: Readonly<Record<string, number>>;
  /** Noticed before anything could be sent. */
  readonly detected: number;
  /** Not noticed, and the content is what it was. */
  readonly harmless: number;
  /** Of the detected: brought back as it was. */
  readonly restoredWhole: number;
  /** Of the detected: something is missing or in doubt, and every order concerned is named. */
  readonly listed: number;
  readonly ordersListed: number;
  /** Not noticed, and the content is another. */
  readonly undetected: number;
  /** Detected, but something is missing that is not named. */
  readonly dropped: number;
  readonly damagedFileGone: number;
  /** The store could not be opened at all. */
  readonly refused: number;
  readonly violations: number;
  readonly examples: readonly string[];
  readonly startP95Ms: number;
}

type Verdict = 'harmless' | 'restoredWhole' | 'listed' | 'wrong';

const databaseName = 'packbench.db';
const recoveryName = `${databaseName}-recovery`;
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const pageBytes = 4_096;
const mostExamples = 10;

/** What is damaged, and how often of a hundred. `database+journal`: two faults at once, so that something must be lost. */
const targets = [
  ['database', 55],
  ['log', 20],
  ['sums', 5],
  ['journal', 5],
  ['snapshot', 5],
  ['database+journal', 5],
  ['database+snapshot', 5],
] as const;
type Target = (typeof targets)[number][0];

export async function flipPages(options: FlipOptions): Promise<FlipResult> {
  const tally = {
    flips: 0,
    byTarget: {} as Record<string, Record<Verdict, number>>,
    byKind: {} as Record<string, number>,
    detected: 0,
    harmless: 0,
    restoredWhole: 0,
    listed: 0,
    ordersListed: 0,
    undetected: 0,
    dropped: 0,
    damagedFileGone: 0,
    refused: 0,
    violations: 0,
    examples: [] as string[],
  };
  const starts: number[] = [];
  for (let round = 1; tally.flips < options.flips; round += 1) {
    const seed = options.seed * 10_007 + round;
    const folder = realpathSync(mkdtempSync(join(memory, 'packbench-flips-')));
    try {
      const filled = await fillStore(join(folder, 'filled'), seed, options.commits);
      const random = seededRandom(seed);
      for (let index = 0; index < options.flipsPerStore && tally.flips < options.flips; index += 1) {
        tally.flips += 1;
        const flip = flipOnce(filled, random, join(folder, 'flipped'), options.withoutSums);
        starts.push(flip.startMs);
        count(tally, flip);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    options.onProgress?.(tally.flips);
  }
  starts.sort((a, b) => a - b);
  const startP95Ms = Math.round(starts[Math.floor(starts.length * 0.95)] ?? 0);
  return { ...tally, startP95Ms };
}

interface Flip {
  readonly target: Target;
  readonly kind: string;
  readonly verdict: Verdict;
  readonly noticed: boolean;
  readonly orders: number;
  readonly wrong: 'undetected' | 'dropped' | 'damagedFileGone' | 'refused' | null;
  readonly what: string;
  readonly startMs: number;
}

type Counters = {
  -readonly [Name in keyof FlipResult]: FlipResult[Name];
};

function count(
  tally: Omit<Counters, 'startP95Ms' | 'byTarget' | 'byKind' | 'examples'> & {
    byTarget: Record<string, Record<Verdict, number>>;
    byKind: Record<string, number>;
    examples: string[];
  },
  flip: Flip,
): void {
  const row = (tally.byTarget[flip.target] ??= { harmless: 0, restoredWhole: 0, listed: 0, wrong: 0 });
  row[flip.verdict] += 1;
  tally.byKind[flip.kind] = (tally.byKind[flip.kind] ?? 0) + 1;
  tally.ordersListed += flip.orders;
  if (flip.noticed) tally.detected += 1;
  if (flip.verdict !== 'wrong') tally[flip.verdict] += 1;
  if (flip.wrong === null) return;
  tally.violations += 1;
  tally[flip.wrong] += 1;
  if (tally.examples.length < mostExamples) {
    tally.examples.push(`${tally.flips}: ${flip.kind} in the ${flip.target}: ${flip.wrong}: ${flip.what}`);
  }
}

interface Filled {
  /** Every file of the folder as a kill leaves it, by path. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** What the store holds when it is opened on these files. */
  readonly content: Content;
}

/** A store with work in its database file, its log and its journal, and two snapshots, as after a kill. */
async function fillStore(folder: string, seed: number, commits: number): Promise<Filled> {
  mkdirSync(folder);
  const file = join(folder, databaseName);
  const ports = workloadPorts();
  const more = Math.ceil(commits / 10);
  let store = open(file, ports);
  const work = (from: number, to: number): void => {
    for (let n = from; n <= to; n += 1) makeCommit(store, ports, seed, n);
  };
  work(1, Math.ceil(commits / 2));
  await takeSnapshot(store, ports.clock, { whole: true, keepJournalOf: 0 });
  work(Math.ceil(commits / 2) + 1, commits);
  store.close();
  store = open(file, ports);
  await takeSnapshot(store, ports.clock, { whole: true, keepJournalOf: 0 });
  work(commits + 1, commits + more);
  // Copied while it is open: what a kill would leave.
  const killed = `${folder}-killed`;
  cpSync(folder, killed, { recursive: true });
  const files = readFiles(killed);
  store.close();
  rmSync(folder, { recursive: true });

  const again = open(join(killed, databaseName), ports);
  const content = contentOf(join(killed, databaseName));
  again.close();
  rmSync(killed, { recursive: true });
  return { files, content };
}

function open(path: string, { clock, ids }: WorkloadPorts): Store {
  return openStore({ path, clock, ids, log: silentLog });
}

function readFiles(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /-(?:shm|lock)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1), readFileSync(path));
  }
  return files;
}

function flipOnce(filled: Filled, random: RandomSource, folder: string, withoutSums: boolean): Flip {
  const target = withoutSums ? 'database' : chooseTarget(random);
  const files = new Map(filled.files);
  const kinds = filesOf(target, files).map((path) => {
    const { bytes, kind } = damage(files.get(path) ?? Buffer.alloc(0), random);
    files.set(path, bytes);
    return kind;
  });
  const kind = kinds[0] ?? 'nothing';
  if (withoutSums) files.delete(`${recoveryName}/pages`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  layOut(files, folder);
  const file = join(folder, databaseName);
  const startedAt = performance.now();
  let recovered: Recovered;
  const ports = workloadPorts();
  ports.begin(1_000_000);
  try {
    recovered = recoverStore({ path: file, clock: ports.clock, ids: ports.ids, log: silentLog });
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const startMs = performance.now() - startedAt;
    return { target, kind, verdict: 'wrong', noticed: true, orders: 0, wrong: 'refused', what, startMs };
  }
  const startMs = performance.now() - startedAt;
  try {
    return { target, kind, startMs, ...judge(recovered, filled, file, files) };
  } finally {
    recovered.store.close();
  }
}

function judge(
  recovered: Recovered,
  filled: Filled,
  file: string,
  files: ReadonlyMap<string, Buffer>,
): Pick<Flip, 'verdict' | 'noticed' | 'orders' | 'wrong' | 'what'> {
  const faults = integrityFaults(file);
  let differences: ReturnType<typeof differencesBetween>;
  try {
    differences = differencesBetween(filled.content, contentOf(file));
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
    differences = { tables: [], orders: [] };
  }
  const whole = differences.tables.length === 0 && faults.length === 0;
  const what = [...faults, `differs in ${differences.tables.join(', ')}`].join('; ');
  if (recovered.kind === 'sound') {
    if (whole) return { verdict: 'harmless', noticed: false, orders: 0, wrong: null, what: '' };
    return { verdict: 'wrong', noticed: false, orders: 0, wrong: 'undetected', what };
  }
  const { report } = recovered;
  const flipped = files.get(databaseName);
  const kept = report.damagedFiles.some((path) => flipped?.equals(readFileSync(path)) === true);
  const seen = { noticed: true, orders: report.lost.length };
  if (!kept) return { ...seen, verdict: 'wrong', wrong: 'damagedFileGone', what: report.damagedFiles.join(', ') };
  if (whole && report.gaps === 0) return { ...seen, verdict: 'restoredWhole', wrong: null, what: '' };
  const named = new Set(report.lost.map(({ orderNumber }) => orderNumber));
  const unnamed = differences.orders.filter((number) => !named.has(number));
  if (faults.length === 0 && report.gaps > 0 && unnamed.length === 0) {
    return { ...seen, verdict: 'listed', wrong: null, what: '' };
  }
  return { ...seen, verdict: 'wrong', wrong: 'dropped', what: `${what}; not named: ${unnamed.join(', ')}` };
}

function chooseTarget(random: RandomSource): Target {
  let left = random.next() * targets.reduce((sum, [, share]) => sum + share, 0);
  for (const [target, share] of targets) {
    left -= share;
    if (left < 0) return target;
  }
  return 'database';
}

function filesOf(target: Target, files: ReadonlyMap<string, Buffer>): string[] {
  const newest = (pattern: RegExp): string => {
    const found = [...files.keys()].filter((path) => pattern.test(path)).sort();
    return found.at(-1) ?? '';
  };
  const database = databaseName;
  const journal = newest(/journal-\d+\.log$/);
  const copy = newest(/snapshot-[^/]*\.db$/);
  switch (target) {
    case 'database':
      return [database];
    case 'log':
      return [`${databaseName}-wal`];
    case 'sums':
      return [`${recoveryName}/pages`];
    case 'journal':
      return [journal];
    case 'snapshot':
      return [copy];
    case 'database+journal':
      return [database, journal];
    case 'database+snapshot':
      return [database, copy];
  }
}

/** One fault in a copy of `bytes`. */
function damage(bytes: Buffer, random: RandomSource): { bytes: Buffer; kind: string } {
  const below = (limit: number): number => Math.floor(random.next() * limit);
  const damaged = Buffer.from(bytes);
  const pages = Math.max(1, Math.ceil(bytes.length / pageBytes));
  const page = damaged.subarray(below(pages) * pageBytes).subarray(0, pageBytes);
  const flip = (at: number, mask: number): void => {
    page[at] = (page[at] ?? 0) ^ mask;
  };
  const flipByte = (at: number): void => flip(at, 1 + below(255));
  const kinds: readonly [string, () => void][] = [
    ['one bit', () => flip(below(page.length), 1 << below(8))],
    ['one byte', () => flipByte(below(page.length))],
    ['a few bytes', () => Array.from({ length: 2 + below(15) }).forEach(() => flipByte(below(page.length)))],
    ['a whole page', () => page.forEach((_, at) => flipByte(at))],
    ['a zeroed page', () => void page.fill(0)],
    [
      'another page',
      () =>
        void bytes
          .subarray(below(pages) * pageBytes)
          .subarray(0, page.length)
          .copy(page),
    ],
  ];
  const [kind, apply] = kinds[below(kinds.length)] ?? ['nothing', () => undefined];
  apply();
  // One in twenty loses its end instead.
  if (below(20) === 0) return { bytes: Buffer.from(bytes.subarray(0, below(bytes.length))), kind: 'a lost end' };
  return { bytes: damaged, kind };
}
