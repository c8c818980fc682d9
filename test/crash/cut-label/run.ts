/**
 * `npm run crash -- --cut-label [--every N] [--report FILE]`: a label cut off at every 64 bytes over TCP and over a
 * serial line. Promised: no second label by itself, and none counted as printed that did not come out.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ptyMissing } from '../../kit/pty.ts';
import { labelBytes, mutants, runTrial, type Mutant, type Transport, type TrialResult } from './trial.ts';

export interface CutLabelReport {
  readonly mode: 'cut-label';
  readonly labelBytes: number;
  readonly everyBytes: number;
  readonly trials: number;
  readonly trialsByTransport: Readonly<Record<Transport, number>>;
  /** Why no serial line was tried, or null. */
  readonly serialNotRun: string | null;
  readonly statesReached: Readonly<Record<string, number>>;
  readonly automaticSecondLabels: number;
  readonly countedPrintedWithoutLabel: number;
  readonly notResolvedByOneAnswer: number;
  readonly violations: number;
  /** From the cut to the state on the screen. */
  readonly settledP95Ms: number;
  readonly settledMaxMs: number;
  readonly mutants: number;
  readonly mutantsCaught: number;
  readonly failed: readonly TrialResult[];
}

const atOnce = 8;

/** Every place a label is cut at: before its first byte, every so many bytes, one byte before its end, and right after it. */
export function cutPlaces(everyBytes: number): number[] {
  const places: number[] = [];
  for (let at = 0; at < labelBytes; at += everyBytes) places.push(at);
  return [...new Set([...places, labelBytes - 1, labelBytes])];
}

const isViolation = (it: TrialResult): boolean =>
  it.automaticSecondLabels > 0 || it.countedWithoutLabel > 0 || !it.resolved;

async function runAll(
  jobs: readonly { readonly transport: Transport; readonly cutAt: number }[],
  mutant: Mutant | null,
): Promise<TrialResult[]> {
  const queue = [...jobs];
  const results: TrialResult[] = [];
  const worker = async (): Promise<void> => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      results.push(await runTrial(job.transport, job.cutAt, mutant));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

/** Runs the trials, and then the mutants at a few places each. */
export async function cutLabels(everyBytes: number): Promise<CutLabelReport> {
  const serialNotRun = ptyMissing();
  const transports: Transport[] = serialNotRun === null ? ['tcp', 'serial'] : ['tcp'];
  const places = cutPlaces(everyBytes);
  const results = await runAll(
    transports.flatMap((transport) => places.map((cutAt) => ({ transport, cutAt }))),
    null,
  );
  let mutantsCaught = 0;
  for (const mutant of mutants) {
    const few = [0, 640, labelBytes].map((cutAt) => ({ transport: 'tcp' as const, cutAt }));
    if ((await runAll(few, mutant)).some(isViolation)) mutantsCaught += 1;
  }
  const sum = (value: (it: TrialResult) => number): number => results.reduce((total, it) => total + value(it), 0);
  const settled = results.map((it) => it.settledAfterMs).toSorted((a, b) => a - b);
  const statesReached: Record<string, number> = {};
  for (const { state } of results) statesReached[state] = (statesReached[state] ?? 0) + 1;
  const failed = results.filter(isViolation);
  return {
    mode: 'cut-label',
    labelBytes,
    everyBytes,
    trials: results.length,
    trialsByTransport: {
      tcp: results.filter(({ transport }) => transport === 'tcp').length,
      serial: results.filter(({ transport }) => transport === 'serial').length,
    },
    serialNotRun,
    statesReached,
    automaticSecondLabels: sum((it) => it.automaticSecondLabels),
    countedPrintedWithoutLabel: sum((it) => it.countedWithoutLabel),
    notResolvedByOneAnswer: results.filter((it) => !it.resolved).length,
    violations: failed.length,
    settledP95Ms: settled[Math.floor(settled.length * 0.95)] ?? 0,
    settledMaxMs: settled.at(-1) ?? 0,
    mutants: mutants.length,
    mutantsCaught,
    failed: failed.slice(0, 20),
  };
}

export async function run(args: readonly string[]): Promise<number> {
  let everyBytes: number;
  let file: string | undefined;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { 'cut-label': { type: 'boolean' }, every: { type: 'string' }, report: { type: 'string' } },
    });
    everyBytes = Number(values.every ?? 64);
    file = values.report;
    if (!Number.isInteger(everyBytes) || everyBytes < 1) throw new Error(`--every ${values.every}: must be at least 1`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const report = await cutLabels(everyBytes);
  const text = JSON.stringify(report, null, 2);
  if (file !== undefined) writeFileSync(file, `${text}\n`);
  console.log(text);
  return report.violations === 0 && report.mutantsCaught === report.mutants ? 0 : 1;
}
