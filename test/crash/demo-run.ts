/** Runs `packbench demo` as a process of its own, and kills it at a chosen moment. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DemoReport } from '../../main/host/node/cli/demo/report.ts';

const projectDir = fileURLToPath(new URL('../../', import.meta.url));
const command = join(projectDir, 'main/host/node/cli/packbench.ts');

/**
 * `line`: when the shift has said so many lines. `effect`: when so many effects stand in the records of the virtual
 * vendors and printer: the vendor has done it and the station may not know yet.
 */
export interface KillMoment {
  readonly after: 'line' | 'effect';
  readonly count: number;
}

export interface DemoRun {
  /** Exit status, or null if it was killed. */
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
  /** Effects recorded by the end, earlier runs in this folder included. */
  readonly effects: number;
  readonly elapsedMs: number;
}

export interface DemoRunOptions {
  readonly dataDir: string;
  readonly orders: number;
  readonly seed: number;
  readonly reportFile?: string;
  readonly profileFile?: string;
  /** Environment beyond the machine's own; secrets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly killAt?: KillMoment;
  /** The vendors answer badly all through the shift. */
  readonly faults?: boolean;
}

/** Resolves when the process is gone, killed or not. */
export function runDemo(options: DemoRunOptions): Promise<DemoRun> {
  const { dataDir, killAt } = options;
  const training = join(dataDir, 'training');
  mkdirSync(training, { recursive: true });
  const startedAt = performance.now();
  const effectsBefore = countEffects(training);
  const child = spawn(
    process.execPath,
    [
      command,
      'demo',
      '--data',
      dataDir,
      '--orders',
      String(options.orders),
      '--seed',
      String(options.seed),
      ...(options.reportFile === undefined ? [] : ['--report', options.reportFile]),
      ...(options.faults === true ? ['--faults'] : []),
      ...(options.profileFile === undefined ? [] : ['--profile', options.profileFile]),
    ],
    // What the demo writes beside its report lands in the data folder too.
    { stdio: ['ignore', 'pipe', 'pipe'], cwd: dataDir, env: { ...process.env, ...options.env } },
  );
  const lines: string[] = [];
  let errors = '';
  const kill = (): void => void child.kill('SIGKILL');
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString('utf8')));
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    if (killAt?.after === 'line' && lines.length >= killAt.count) kill();
  });
  const watcher = watch(training, () => {
    if (killAt?.after === 'effect' && countEffects(training) - effectsBefore >= killAt.count) kill();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      watcher.close();
      resolve({
        status,
        lines,
        errors,
        effects: countEffects(training),
        elapsedMs: Math.round(performance.now() - startedAt),
      });
    });
  });
}

function countEffects(training: string): number {
  if (!existsSync(training)) return 0;
  return readdirSync(training)
    .filter((name) => name.endsWith('.jsonl'))
    .reduce((sum, name) => sum + readFileSync(join(training, name)).filter((byte) => byte === 0x0a).length, 0);
}

export function readReport(file: string): DemoReport {
  return JSON.parse(readFileSync(file, 'utf8')) as DemoReport;
}

/** A fresh folder, and the way to remove it. */
export function temporaryFolder(): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'packbench-crash-'));
  return {
    dir,
    remove() {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** What a finished shift of one carrier must come to, however often it was killed. */
export function wholeShift(orders: number): Partial<DemoReport> {
  return {
    ordersPulled: orders,
    parcelsSealed: orders,
    vendorOrders: orders,
    labelsPrinted: orders,
    labelsVerified: orders,
    trackingUploaded: orders,
    bagsVoided: 1,
    scanForms: 1,
    manifests: 1,
    needsPerson: 0,
    duplicates: 0,
    lost: 0,
  };
}

/** How many bags a finished shift must have made: one for each in which a parcel left, and the one that was voided. */
export function bagsOf({ items }: DemoReport): number {
  return new Set(items.map((item) => item.bag)).size + 1;
}
