/**
 * The kill trials: `npm run crash -- [--trials N] [--seed S] [--report FILE] [--lanes L] [--only N | --only N-M] [--mutant-trials N]`.
 * A trial that finds something wrong keeps its folder and prints how to run it alone. Exit status 1 if there was one,
 * or if a mutant got through.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildChild } from './bundle.ts';
import { mutantProblems, mutants, type Mutant } from './mutants.ts';
import { createTally, type CaughtMutant } from './report.ts';
import { makeSchedule } from './schedule.ts';
import { runTrial, type TrialOptions, type TrialResult } from './trial.ts';
import { synchronousNormal } from '../storage/mutants.ts';
import { cutPower } from '../storage/power.ts';
import { whyNoStorageFaults } from '../storage/shim.ts';

/** A trial that the harness itself held up is run again, so often. */
const mostRepeats = 5;
const powerCuts = 60;

interface Settings {
  readonly trials: number;
  readonly seed: number;
  readonly lanes: number;
  readonly mutantTrials: number;
  /** First and last trial to run, instead of all; then no mutants. */
  readonly only: readonly [number, number] | null;
  readonly report: string | null;
}

export async function run(args: readonly string[]): Promise<number> {
  const settings = readSettings(args);
  if (typeof settings === 'string') {
    console.error(settings);
    return 2;
  }
  // Said before an hour of trials, not after it.
  const problems = settings.only === null ? mutantProblems() : [];
  if (problems.length > 0) {
    for (const problem of problems) console.error(problem);
    return 2;
  }
  const dir = mkdtempSync(join(tmpdir(), 'packbench-crash-'));
  const startedAt = Date.now();
  const program = await buildChild(join(dir, 'station'));
  const base = { seed: settings.seed, program, dir };
  const tally = createTally(settings.seed);
  const [first, last] = settings.only ?? [1, settings.trials];
  let next = first;
  const finish = (result: TrialResult): void => {
    tally.add(result);
    tell(result, settings.seed);
    const done = tally.trials;
    if (done % 25 === 0) {
      const seconds = Math.round((Date.now() - startedAt) / 1_000);
      console.error(`${done} of ${last - first + 1} trials, ${tally.violations} violations, ${seconds} s`);
    }
    if (settings.report !== null && done % 100 === 0) write(settings.report, tally.report([], Date.now() - startedAt));
  };
  await inLanes(settings.lanes, async () => {
    if (next > last) return false;
    const trial = next;
    next += 1;
    finish(await validTrial(trial, base, () => tally.voided()));
    return true;
  });
  if (settings.report !== null) write(settings.report, tally.report([], Date.now() - startedAt));
  const caught = settings.only === null ? await tryMutants(settings, dir) : [];
  const report = tally.report(caught, Date.now() - startedAt);
  const text = `${JSON.stringify(report, null, 2)}\n`;
  console.log(text);
  if (settings.report !== null) write(settings.report, report);
  const right = tally.violations === 0;
  if (right) rmSync(dir, { recursive: true, force: true });
  return right && caught.every((mutant) => mutant.caught) ? 0 : 1;
}

/** Repeats a trial during which this process was held up, because then the vendors did not keep their times. */
async function validTrial(trial: number, options: TrialOptions, onVoid: () => void): Promise<TrialResult> {
  for (let repeat = 0; ; repeat += 1) {
    const result = await runTrial(trial, options);
    if (result.valid || repeat >= mostRepeats) return result;
    rmSync(result.dir, { recursive: true, force: true });
    onVoid();
  }
}

async function inLanes(lanes: number, work: () => Promise<boolean>): Promise<void> {
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (await work());
    }),
  );
}

async function tryMutants(settings: Settings, dir: string): Promise<CaughtMutant[]> {
  const results: CaughtMutant[] = [];
  for (const [index, mutant] of mutants.entries()) {
    results.push(await tryMutant(mutant, settings, join(dir, `mutant-${index}`)));
  }
  results.push(await tryWithoutFullSync(settings.seed));
  for (const { name, caught, trials, by } of results) {
    console.error(
      `mutant "${name}": ${caught ? `caught by trial ${trials}: ${by}` : `NOT CAUGHT in ${trials} trials`}`,
    );
  }
  return results;
}

async function tryMutant(mutant: Mutant, settings: Settings, dir: string): Promise<CaughtMutant> {
  const program = await buildChild(join(dir, 'station'), mutant.replacements);
  let trials = 0;
  let by: string | null = null;
  await inLanes(settings.lanes, async () => {
    if (by !== null || trials >= settings.mutantTrials) return false;
    trials += 1;
    const trial = trials;
    const schedule = makeSchedule(settings.seed, trial, mutant.theme);
    const result = await validTrial(trial, { seed: settings.seed, program, dir, schedule }, () => undefined);
    by ??= result.verdict.violations.find(({ kind }) => kind === mutant.shows)?.what ?? null;
    return true;
  });
  rmSync(dir, { recursive: true, force: true });
  return { name: mutant.name, caught: by !== null, trials, by };
}

/** A kill never loses a commit, however SQLite syncs; only a power cut shows the difference. */
async function tryWithoutFullSync(seed: number): Promise<CaughtMutant> {
  const { name } = synchronousNormal;
  const refusal = whyNoStorageFaults();
  if (refusal !== null) return { name, caught: false, trials: 0, by: `cannot be tried on this machine: ${refusal}` };
  const each = { seed, commitsPerRecording: 120, cutsPerRecording: powerCuts, cuts: powerCuts };
  const { cutsWithLoss } = await cutPower({ ...each, mutant: synchronousNormal });
  return { name, caught: cutsWithLoss > 0, trials: powerCuts, by: `${cutsWithLoss} power cuts lost commits` };
}

function tell(result: TrialResult, seed: number): void {
  const { schedule, verdict, dir } = result;
  if (verdict.violations.length === 0) return;
  console.error(
    `trial ${schedule.trial} (${schedule.theme}) went wrong; run it alone: --seed ${seed} --only ${schedule.trial}`,
  );
  console.error(`  kept in ${dir}`);
  for (const { kind, what } of verdict.violations) console.error(`  ${kind}: ${what}`);
}

function write(file: string, report: unknown): void {
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

function readSettings(args: readonly string[]): Settings | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        trials: { type: 'string', default: '300' },
        seed: { type: 'string', default: '1' },
        lanes: { type: 'string', default: '4' },
        'mutant-trials': { type: 'string', default: '40' },
        only: { type: 'string' },
        report: { type: 'string' },
      },
    });
    const whole = (name: 'trials' | 'seed' | 'lanes' | 'mutant-trials' | 'only', text: string): number => {
      const number = Number(text);
      if (!Number.isSafeInteger(number) || number < 1)
        throw new Error(`--${name} must be a whole number above 0, not "${text}"`);
      return number;
    };
    const range = (text: string): readonly [number, number] => {
      const [from = '', to = from] = text.split('-');
      return [whole('only', from), whole('only', to)];
    };
    return {
      trials: whole('trials', values.trials),
      seed: whole('seed', values.seed),
      lanes: whole('lanes', values.lanes),
      mutantTrials: whole('mutant-trials', values['mutant-trials']),
      only: values.only === undefined ? null : range(values.only),
      report: values.report ?? null,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
