/** The inside of one benchmark's own process: its options, a folder on a real disk, and the way its figures go out. */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figure, type Figure, type FigureInput } from './figure.ts';

export interface Bench {
  /** Smaller data sets and fewer samples. */
  readonly quick: boolean;
  /** An empty folder of its own, removed at the end. */
  readonly folder: string;
  /** Reports one figure. */
  add(input: FigureInput): void;
  /** A line about what is measured, for the table and the JSON file. */
  note(line: string): void;
  /** A line for whoever waits. */
  progress(line: string): void;
}

/** What a benchmark's process sends to the one that started it. */
export type BenchMessage =
  { readonly kind: 'figure'; readonly figure: Figure } | { readonly kind: 'note'; readonly line: string };

/** `TMPFS_MAGIC` of Linux (statfs(2)): memory, where a sync costs nothing. */
const memoryFileSystem = 0x01021994;

/** Runs `body` and ends the process: status 0, or 1 if it threw. */
export async function benchmark(body: (bench: Bench) => Promise<void> | void): Promise<never> {
  const base = process.env['PACKBENCH_BENCH_DIR'] ?? tmpdir();
  const folder = mkdtempSync(join(base, 'packbench-bench-'));
  const bench: Bench = {
    quick: process.argv.includes('--quick'),
    folder,
    add: (input) => send({ kind: 'figure', figure: figure(input) }),
    note: (line) => send({ kind: 'note', line }),
    progress: (line) => void process.stderr.write(`  ${line}\n`),
  };
  let status = 0;
  try {
    if (statfsSync(folder).type === memoryFileSystem) {
      bench.note('measured in memory, not on a disk: set PACKBENCH_BENCH_DIR to a folder on a disk');
    }
    const before = busyness();
    await body(bench);
    // Kept beside the figures: on a machine that is busy with other work all times grow by about this factor.
    const name = 'machine: wall time per processor time';
    bench.add({ name, unit: 'times', samples: [...before, ...busyness()] });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    status = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await flushed();
  process.exit(status);
}

/** How much longer than its processor time a small computation takes, again and again: 1 on an idle machine. */
function busyness(): number[] {
  return Array.from({ length: 25 }, () => {
    const cpuFrom = process.cpuUsage();
    const wallMs = timed(() => {
      let sum = 0;
      for (let step = 0; step < 6_000_000; step += 1) sum = (sum + step * 7) % 1_000_003;
      if (sum < 0) throw new Error('never');
    });
    return wallMs / processorMs(cpuFrom);
  });
}

/** Processor time of all threads of this process since `from`, milliseconds. */
export function processorMs(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}

const waiting: Promise<void>[] = [];

/** To the process that started this one; to standard output if it was started by hand. */
function send(message: BenchMessage): void {
  if (process.send === undefined) {
    process.stdout.write(`${JSON.stringify(message)}\n`);
    return;
  }
  waiting.push(new Promise((resolve) => process.send?.(message, undefined, {}, () => resolve())));
}

async function flushed(): Promise<void> {
  await Promise.all(waiting);
}

/** Milliseconds that `work` took. */
export function timed(work: () => unknown): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}
