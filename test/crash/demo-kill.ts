/**
 * `node test/crash/demo-kill.ts --trials N --seed S [--orders N] [--kills K] [--report FILE]`: the long form of the
 * crash test, for hand use. Each trial plays a shift that is killed one or more times at seeded moments, and runs it to
 * the end. The folder of a trial that came out wrong is kept and named. Exit status 1 if there was one.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../kit/ports.ts';
import { bagsOf, readReport, runDemo, temporaryFolder, wholeShift, type KillMoment } from './demo-run.ts';

interface Trial {
  readonly trial: number;
  readonly kills: readonly KillMoment[];
  readonly status: number | null;
  readonly elapsedMs: number;
  /** What the report says otherwise than it should, or null. */
  readonly wrong: string | null;
  readonly dataDir: string | null;
}

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    orders: { type: 'string', default: '12' },
    kills: { type: 'string', default: '2' },
    report: { type: 'string' },
  },
});
const [trials, seed, orders, mostKills] = [values.trials, values.seed, values.orders, values.kills].map(Number);
if (![trials, seed, orders, mostKills].every((value) => Number.isSafeInteger(value) && (value ?? -1) >= 0)) {
  console.error('--trials, --seed, --orders and --kills must be whole numbers');
  process.exit(2);
}

/** A moment anywhere in a shift of that many orders; a shift says about two lines an order and two more for its bag,
 * and makes seven effects an order and four a bag. */
function chooseMoment(random: () => number, count: number): KillMoment {
  const after = random() < 0.4 ? 'line' : 'effect';
  const most = after === 'line' ? count * 4 + 20 : count * 7 + 35;
  return { after, count: 1 + Math.floor(random() * most) };
}

async function play(trial: number): Promise<Trial> {
  const count = orders ?? 12;
  const generator = seededRandom((seed ?? 1) * 7_919 + trial);
  const random = (): number => generator.next();
  const kills = Array.from({ length: 1 + Math.floor(random() * (mostKills ?? 2)) }, (_, index) =>
    // A second kill comes early, while the first one is still being cleared up.
    chooseMoment(random, index === 0 ? count : Math.ceil(count / 4)),
  );
  const folder = temporaryFolder();
  const reportFile = join(folder.dir, 'report.json');
  const setup = { dataDir: folder.dir, orders: count, seed: trial, reportFile };
  for (const killAt of kills) await runDemo({ ...setup, killAt });
  const last = await runDemo(setup);
  const { status, elapsedMs } = last;
  const report = last.status === null || last.status > 1 ? null : readReport(reportFile);
  const differs = Object.entries(wholeShift(count)).flatMap(([name, value]) => {
    const found = report?.[name as keyof typeof report];
    return found === value ? [] : [`${name} ${JSON.stringify(found)} instead of ${JSON.stringify(value)}`];
  });
  if (report !== null && report.bagsCreated !== bagsOf(report)) {
    differs.push(`bagsCreated ${report.bagsCreated} instead of ${bagsOf(report)}`);
  }
  const wrong =
    report === null ? last.errors.trim() : status !== 0 ? `exit ${status}; ${differs.join(', ')}` : differs.join(', ');
  if (wrong === '') folder.remove();
  return { trial, kills, status, elapsedMs, wrong: wrong || null, dataDir: wrong === '' ? null : folder.dir };
}

const results: Trial[] = [];
for (let trial = 1; trial <= (trials ?? 10); trial += 1) {
  const result = await play(trial);
  results.push(result);
  const moments = result.kills.map((kill) => `${kill.after} ${kill.count}`).join(', ');
  console.log(
    `trial ${trial}: killed at ${moments}; last run ${result.elapsedMs} ms: ${result.wrong ?? 'right'}${result.dataDir === null ? '' : ` (kept in ${result.dataDir})`}`,
  );
  if (values.report !== undefined)
    writeFileSync(values.report, `${JSON.stringify({ seed, orders, results }, null, 2)}\n`);
}
const wrong = results.filter((result) => result.wrong !== null);
console.log(`${results.length} trials, ${wrong.length} wrong`);
process.exitCode = wrong.length > 0 ? 1 : 0;
