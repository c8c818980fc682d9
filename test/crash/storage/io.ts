/**
 * Every storage operation of a small station, one after the other: the process dies just before it, or in the middle of
 * its write; it fails; the disk is full from there on until the station has said so. After each the station must come to
 * its end, and then: everything acknowledged is there, every order sealed once, every effect at the vendor happened once,
 * no label twice, the database whole. Looks at the database and at the counters of vendor and printer, nothing else.
 */
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bundleChild } from './bundle.ts';
import { integrityFaults } from './content.ts';
import { startIoDesk, type IoDesk } from './io-desk.ts';
import { openStorageFaults, type FaultSettings, type StorageFaults } from './shim.ts';
import type { IoMessage, IoSettings } from './io-child.ts';

/** How the n-th operation goes wrong, and which operations have a turn. */
export const ioFaults = {
  kill: (n: number): FaultSettings => ({ killAt: n }),
  'kill-halfway': (n: number): FaultSettings => ({ killAt: n, killHalfway: true }),
  'sync-fails': (n: number): FaultSettings => ({ fail: { classes: ['sync'], from: n, count: 1, error: 'EIO' } }),
  'write-fails': (n: number): FaultSettings => ({ fail: { classes: ['write'], from: n, count: 1, error: 'EIO' } }),
  'read-fails': (n: number): FaultSettings => ({ fail: { classes: ['read'], from: n, count: 1, error: 'EIO' } }),
  'other-fails': (n: number): FaultSettings => ({
    fail: { classes: ['truncate', 'rename', 'remove', 'create'], from: n, count: 1, error: 'EIO' },
  }),
  'disk-full': (n: number): FaultSettings => ({ fail: { classes: ['write'], from: n, count: 0, error: 'ENOSPC' } }),
} as const;
export type IoFault = keyof typeof ioFaults;

export interface IoOptions {
  readonly faults: readonly IoFault[];
  /** Tries every `stride`-th operation only; 1 tries all. */
  readonly stride: number;
  /** After each so many kills the next start is killed too. 0 never. */
  readonly killAgainEvery: number;
  readonly orders: number;
  readonly onProgress?: (line: string) => void;
}

export interface IoResult {
  /** By fault: points of a run without faults, and points at which the fault came. */
  readonly points: Readonly<Record<string, { readonly existing: number; readonly covered: number }>>;
  readonly pointsExisting: number;
  readonly pointsCovered: number;
  readonly kills: number;
  readonly violations: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly integrityFailures: number;
  /** Commits whose outcome nobody knew, and that were read again. */
  readonly ambiguous: number;
  /** Scans refused because the disk had no room, before anything was acknowledged. */
  readonly refusedForSpace: number;
  /** Starts that brought the database back from copy and journal. */
  readonly restored: number;
  /** Prints that a person must settle. */
  readonly printsUnknown: number;
  readonly examples: readonly string[];
}

const databaseName = 'packbench.db';
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const operationsPerParcel = 3;
/** So many operations in a row that never came: the run is over before them. */
const missesThatEnd = 3;
const triesForPoint = 4;
const mostExamples = 10;
/** A run takes under a second; one that does not end is a violation. */
const runLimitMs = 60_000;

/** Needs `whyNoStorageFaults() === null`. */
export async function failEveryOperation(options: IoOptions): Promise<IoResult> {
  const desk = await startIoDesk();
  const tally = {
    points: {} as Record<string, { existing: number; covered: number }>,
    kills: 0,
    violations: 0,
    lost: 0,
    duplicates: 0,
    integrityFailures: 0,
    ambiguous: 0,
    refusedForSpace: 0,
    restored: 0,
    printsUnknown: 0,
    examples: [] as string[],
  };
  try {
    const plain = await playPoint(desk, options.orders, () => ({}), 0);
    add(tally, 'no fault', plain);
    for (const fault of options.faults) {
      const { existing, covered } = await enumerate(desk, fault, options, existingOf(fault, plain.counts), tally);
      tally.points[fault] = { existing, covered };
      options.onProgress?.(`${fault}: ${covered} of ${existing} points, ${tally.violations} violations so far`);
    }
  } finally {
    desk.close();
  }
  const all = Object.values(tally.points);
  return {
    ...tally,
    pointsExisting: all.reduce((sum, { existing }) => sum + existing, 0),
    pointsCovered: all.reduce((sum, { covered }) => sum + covered, 0),
  };
}

type Counts = ReturnType<StorageFaults['counts']>;

function existingOf(fault: IoFault, counts: Counts): number {
  switch (fault) {
    case 'kill':
    case 'kill-halfway':
      return counts.operations;
    case 'sync-fails':
      return counts.syncs;
    case 'write-fails':
    case 'disk-full':
      return counts.writes;
    case 'read-fails':
      return counts.reads;
    case 'other-fails':
      return counts.truncations + counts.renames + counts.removals + counts.creations;
  }
}

async function enumerate(
  desk: IoDesk,
  fault: IoFault,
  options: IoOptions,
  plain: number,
  tally: Tally,
): Promise<{ existing: number; covered: number }> {
  let covered = 0;
  let furthest = plain;
  let missed = 0;
  // Answers come when they come, so two runs may differ by a few operations: it ends where faults stop coming.
  for (let n = 1; missed < (options.stride === 1 ? missesThatEnd : 1); n += options.stride) {
    const again = options.killAgainEvery > 0 && n % options.killAgainEvery === 0 ? 1 + ((n * 7) % 90) : 0;
    const play = (): Promise<Point> => playPoint(desk, options.orders, () => ioFaults[fault](n), again);
    let point = await play();
    // This run happened to end before its fault; another one may get that far.
    const tries = n <= plain ? triesForPoint : 1;
    for (let made = 1; !point.delivered && made < tries; made += 1) point = await play();
    if (point.delivered) {
      covered += 1;
      furthest = Math.max(furthest, n);
      missed = 0;
    } else missed += 1;
    add(tally, `${fault} at ${n}`, point);
  }
  return { existing: options.stride === 1 ? Math.max(covered, furthest) : furthest, covered };
}

interface Point {
  readonly delivered: boolean;
  readonly counts: Counts;
  readonly kills: number;
  readonly messages: readonly IoMessage[];
  readonly faults: readonly { readonly kind: 'lost' | 'duplicate' | 'integrity' | 'other'; readonly what: string }[];
  readonly printsUnknown: number;
}

interface Tally {
  kills: number;
  violations: number;
  lost: number;
  duplicates: number;
  integrityFailures: number;
  ambiguous: number;
  refusedForSpace: number;
  restored: number;
  printsUnknown: number;
  examples: string[];
}

function add(tally: Tally, name: string, point: Point): void {
  tally.kills += point.kills;
  tally.printsUnknown += point.printsUnknown;
  for (const message of point.messages) {
    if (message.kind === 'restored') tally.restored += 1;
    if (message.kind !== 'refused') continue;
    if (message.why.startsWith('ambiguous')) tally.ambiguous += 1;
    if (message.why.startsWith('full') || message.why.includes('ENOSPC')) tally.refusedForSpace += 1;
  }
  if (point.faults.length > 0) tally.violations += 1;
  for (const { kind, what } of point.faults) {
    if (kind === 'lost') tally.lost += 1;
    if (kind === 'duplicate') tally.duplicates += 1;
    if (kind === 'integrity') tally.integrityFailures += 1;
    if (tally.examples.length < mostExamples) tally.examples.push(`${name}: ${what}`);
  }
}

async function playPoint(
  desk: IoDesk,
  orders: number,
  settings: () => FaultSettings,
  killAgainAt: number,
): Promise<Point> {
  desk.clear();
  const folder = realpathSync(mkdtempSync(join(memory, 'packbench-io-')));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  const child: IoSettings = {
    dataFile: join(dataDir, databaseName),
    acknowledgements: join(folder, 'acknowledgements'),
    orders,
    port: desk.port,
  };
  const faults = openStorageFaults(dataDir);
  try {
    faults.set(settings());
    const messages: IoMessage[] = [];
    let last = await runChild(child, faults, messages);
    const counts = faults.counts();
    let kills = last.signal === 'SIGKILL' ? 1 : 0;
    if (kills > 0 && killAgainAt > 0) {
      faults.reset();
      faults.set({ killAt: killAgainAt });
      last = await runChild(child, faults, messages);
      if (last.signal === 'SIGKILL') kills += 1;
    }
    faults.set({});
    if (last.signal === 'SIGKILL') last = await runChild(child, faults, messages);
    const found = check(child, desk);
    const ending =
      last.status === 0 ? [] : [{ kind: 'other' as const, what: `ended with ${last.status}: ${last.errors}` }];
    return { delivered: counts.delivered > 0, counts, kills, messages, ...found, faults: [...ending, ...found.faults] };
  } finally {
    faults.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runChild(
  settings: IoSettings,
  faults: StorageFaults,
  messages: IoMessage[],
): Promise<{ status: number | null; signal: string | null; errors: string }> {
  const script = await bundleChild('io-child');
  return new Promise((resolve, reject) => {
    const child = fork(script, [JSON.stringify(settings)], {
      env: { ...process.env, ...faults.env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    let errors = '';
    const limit = setTimeout(() => {
      errors += `not finished after ${runLimitMs} ms`;
      child.kill('SIGTERM');
    }, runLimitMs);
    child.stderr?.on('data', (bytes: Buffer) => (errors += bytes.toString('utf8')));
    child.on('message', (message: IoMessage) => {
      messages.push(message);
      // Somebody made room. A disk that fails goes on failing as it was told to.
      if (message.kind === 'refused') faults.set({});
    });
    child.once('error', reject);
    child.once('close', (status, signal) => {
      clearTimeout(limit);
      resolve({ status, signal, errors: errors.trim() });
    });
  });
}

/** Reads the database past the station's code. */
function check(settings: IoSettings, desk: IoDesk): Pick<Point, 'faults' | 'printsUnknown'> {
  const faults: Point['faults'][number][] = [];
  const say = (kind: Point['faults'][number]['kind'], what: string): void => void faults.push({ kind, what });
  let printsUnknown = 0;
  try {
    for (const fault of integrityFaults(settings.dataFile)) say('integrity', fault);
    const database = new DatabaseSync(settings.dataFile, { readOnly: true });
    try {
      const parcels = database.prepare('SELECT id, reference, order_id FROM parcels').all();
      const lines = existsSync(settings.acknowledgements) ? readFileSync(settings.acknowledgements, 'utf8') : '';
      for (const line of lines.split('\n').filter((text) => text !== '')) {
        const parcelId = line.split(' ')[1];
        if (!parcels.some(({ id }) => id === parcelId)) say('lost', `acknowledged parcel ${parcelId} is gone`);
      }
      if (new Set(parcels.map((parcel) => parcel['order_id'])).size !== parcels.length) {
        say('duplicate', 'an order was sealed twice');
      }
      if (parcels.length !== settings.orders) say('lost', `${parcels.length} parcels of ${settings.orders}`);
      const jobs = database.prepare('SELECT state, operation, lane FROM jobs').all();
      if (jobs.length !== settings.orders * operationsPerParcel) say('lost', `${jobs.length} jobs`);
      for (const job of jobs) if (job['state'] !== 'done') say('other', `a job ended ${String(job['state'])}`);
      for (const [effect, count] of desk.effects)
        if (count !== 1) say('duplicate', `${effect} happened ${count} times`);
      if (desk.effects.size !== settings.orders * operationsPerParcel) {
        say('lost', `${desk.effects.size} effects at the vendor`);
      }
      for (const print of database.prepare('SELECT parcel_id, state FROM prints').all()) {
        const printed = desk.labels.get(String(print['parcel_id'])) ?? 0;
        if (printed > 1) say('duplicate', `${printed} labels`);
        if (print['state'] === 'printed' && printed === 0) say('other', 'a label counts as printed that never was');
        if (print['state'] === 'unknown') printsUnknown += 1;
        else if (print['state'] !== 'printed') say('other', `a print ended ${String(print['state'])}`);
      }
    } finally {
      database.close();
    }
  } catch (error) {
    say('integrity', error instanceof Error ? error.message : String(error));
  }
  return { faults, printsUnknown };
}
