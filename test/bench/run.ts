/**
 * `npm run bench [-- --quick] [-- --only NAME,...] [-- --json FILE]`: measures the paths that have a budget, each in a
 * process of its own, one after another. A missed budget is reported and is no failure: exit status 1 only if a
 * benchmark could not run, 2 for bad input.
 */
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { BenchMessage } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';
import { machineFacts } from './harness/machine.ts';
import { tableLines } from './harness/table.ts';

/** In the order they run. */
const benchmarks: Readonly<Record<string, string>> = {
  seal: './seal.bench.ts',
  'expected-weight': './expected-weight.bench.ts',
  bags: './bags.bench.ts',
  day: './day.bench.ts',
  'outbox-drain': './outbox-drain.bench.ts',
  'pdf-to-printer': './pdf-to-printer.bench.ts',
  'label-encoders': './label-encoders.bench.ts',
  'scale-to-screen': './scale-to-screen.bench.ts',
  'scan-response': './browser/scan-response.bench.ts',
  'cold-start': './cold-start.bench.ts',
  'scan-lookup': './scan-lookup.bench.ts',
};

interface Result {
  readonly name: string;
  readonly figures: Figure[];
  readonly notes: string[];
  /** Null if it ran; else why it could not. */
  failure: string | null;
  elapsedMs: number;
}

/** A benchmark that has not ended by then never will. */
const limitMs = 600_000;

async function main(): Promise<number> {
  const given = readArguments();
  if (typeof given === 'string') {
    console.error(given);
    return 2;
  }
  const machine = machineFacts();
  const startedAt = performance.now();
  const results: Result[] = [];
  for (const name of given.names) {
    console.error(`${name} ...`);
    results.push(await run(name, given.quick));
  }
  const elapsedMs = Math.round(performance.now() - startedAt);
  console.log(
    `\n${machine.line}${given.quick ? ', quick run: smaller data sets' : ''}, ${Math.round(elapsedMs / 1000)} s\n`,
  );
  console.log(tableLines(results).join('\n'));
  for (const { name, failure } of results) if (failure !== null) console.log(`\n${name} could not run: ${failure}`);
  const missed = results.flatMap(({ name, figures }) =>
    figures.filter(({ budget }) => budget?.met === false).map((each) => `${name}: ${each.name}`),
  );
  console.log(
    missed.length === 0 ? '\nEvery budget that was measured is met.' : `\nBudgets missed:\n  ${missed.join('\n  ')}`,
  );
  if (given.json !== null) {
    const { line: _, ...facts } = machine;
    const report = { at: new Date().toISOString(), quick: given.quick, machine: facts, elapsedMs, benchmarks: results };
    writeFileSync(given.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  return results.some(({ failure }) => failure !== null) ? 1 : 0;
}

/** What was asked for, or one line that says what is wrong with it. */
function readArguments(): { names: string[]; quick: boolean; json: string | null } | string {
  try {
    const { values } = parseArgs({
      options: { quick: { type: 'boolean' }, only: { type: 'string' }, json: { type: 'string' } },
    });
    const all = Object.keys(benchmarks);
    const names = values.only?.split(',') ?? all;
    const unknown = names.find((name) => benchmarks[name] === undefined);
    if (unknown !== undefined) return `--only ${unknown}: no such benchmark; there are ${all.join(', ')}`;
    return { names, quick: values.quick ?? false, json: values.json ?? null };
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

function run(name: string, quick: boolean): Promise<Result> {
  const result: Result = { name, figures: [], notes: [], failure: null, elapsedMs: 0 };
  const file = fileURLToPath(new URL(benchmarks[name] ?? '', import.meta.url));
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = fork(file, quick ? ['--quick'] : [], { stdio: ['ignore', 2, 'inherit', 'ipc'], timeout: limitMs });
    const finish = (failure: string | null): void => {
      result.failure = failure;
      result.elapsedMs = Math.round(performance.now() - startedAt);
      resolve(result);
    };
    child.on('message', (message) => {
      const said = message as BenchMessage;
      if (said.kind === 'figure') result.figures.push(said.figure);
      else result.notes.push(said.line);
    });
    child.once('error', (error) => finish(error.message));
    child.once('exit', (code, signal) => {
      if (code !== 0) finish(signal === null ? `it ended with status ${code}` : `it was ended by ${signal}`);
      else finish(result.figures.length === 0 ? 'it measured nothing' : null);
    });
  });
}

process.exitCode = await main();
