/** The short form of the kill trials: every failpoint once, a handful of other faults, and two mutants that must show. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failpointNames } from '../../../main/ports.ts';
import { buildChild } from './bundle.ts';
import { mutants } from './mutants.ts';
import { makeSchedule, pointsSchedule, type Schedule } from './schedule.ts';
import { runTrial, type TrialResult } from './trial.ts';

/** Far above what it takes (about half a minute on two idle cores). */
const limitMs = 600_000;
const seed = 1;
/** Two failpoints in each trial, and then one trial of each of these themes. */
const half = Math.ceil(failpointNames.length / 2);
const atEachPoint = failpointNames
  .slice(0, half)
  .map((first, index) =>
    pointsSchedule(seed, index + 1, [first, ...failpointNames.slice(half + index, half + index + 1)]),
  );
const themes = ['time', 'cut', 'vendor', 'printer', 'jump', 'operation'] as const;
const ofEachTheme = themes.map((theme, index) => makeSchedule(seed, 1_000 + index, theme));

let dir: string;
let program: readonly string[];
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'packbench-crash-'));
  program = await buildChild(join(dir, 'station'));
}, limitMs);
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

async function run(schedules: readonly Schedule[], lanes: number): Promise<TrialResult[]> {
  const left = [...schedules];
  const results: TrialResult[] = [];
  const lane = async (): Promise<void> => {
    for (let schedule = left.shift(); schedule !== undefined; schedule = left.shift()) {
      results.push(await runTrial(schedule.trial, { seed, program, dir, schedule }));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

const wrongOf = (results: readonly TrialResult[]): string[] =>
  results.flatMap(({ schedule, verdict, valid }) =>
    valid
      ? verdict.violations.map(({ kind, what }) => `trial ${schedule.trial} (${schedule.theme}): ${kind}: ${what}`)
      : [],
  );

test(
  'killed at every failpoint, and by time, file operation, cuts and jumps: nothing lost, nothing doubled',
  async () => {
    const first = await run([...atEachPoint, ...ofEachTheme], 3);
    // A busy machine can hold this process up until the virtual vendors keep no times; then a trial proves nothing.
    const again = await run(
      first.filter(({ valid }) => !valid).map(({ schedule }) => schedule),
      1,
    );
    const results = [...first, ...again];
    expect(wrongOf(results)).toEqual([]);
    expect(results.filter(({ valid }) => valid).length).toBeGreaterThan(0);
    const reached = new Set(results.flatMap(({ kills }) => kills.map((kill) => kill.point)));
    expect(failpointNames.filter((name) => !reached.has(name))).toEqual([]);
  },
  limitMs,
);

test.each(['resend on unknown', 'a print cut off by a crash is printed again'])(
  'a station that is wrong on purpose is caught: %s',
  async (name) => {
    const mutant = mutants.find((each) => each.name === name);
    const wrong = await buildChild(join(dir, name.replaceAll(' ', '-')), mutant?.replacements ?? []);
    let found = 0;
    for (let trial = 1; found === 0 && trial <= 20; trial += 1) {
      const schedule = makeSchedule(seed, trial, mutant?.theme);
      const { verdict } = await runTrial(trial, { seed, program: wrong, dir, schedule });
      found = verdict.violations.filter(({ kind }) => kind === mutant?.shows).length;
    }
    expect(found).toBeGreaterThan(0);
  },
  limitMs,
);
