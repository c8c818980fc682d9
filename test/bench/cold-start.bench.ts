/**
 * A station that starts with a long backlog (the network was away): from the start of its process, and from the start
 * of the station in it, to the first accepted scan. The outbox starts to work the backlog off at the same time.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchmark, type Bench } from './harness/benchmark.ts';
import type { StartReport } from './harness/start-child.ts';
import { growHistory } from './harness/grow.ts';
import { addOrder, addSealed, fourJobs, inBulk, openBenchStore, orderNumber } from './harness/history.ts';

const startMs = 2_000;
const waitingOrders = 200;

async function run(bench: Bench): Promise<void> {
  const openJobs = bench.quick ? 10_000 : 100_000;
  const parcels = openJobs / fourJobs.length;
  const written = 1_000;
  let store = openBenchStore(bench.folder);
  inBulk(store, 0, written, (index) => void addSealed(store, index, fourJobs));
  store.close();
  growHistory(bench.folder, written, parcels, fourJobs.length);
  store = openBenchStore(bench.folder);
  inBulk(store, parcels, parcels + waitingOrders, (index) => void addOrder(store, index));
  const { open } = store.jobs.summary();
  store.close();
  bench.progress(`${open} open jobs`);
  if (open !== openJobs) throw new Error(`${open} jobs are open instead of ${openJobs}`);

  const reports: StartReport[] = [];
  const rounds = bench.quick ? 5 : 12;
  for (let round = 0; round < rounds; round += 1) reports.push(await start(bench.folder, orderNumber(parcels + round)));
  const name = `${openJobs} open jobs`;
  bench.add({
    name: `process to first scan, ${name}`,
    unit: 'ms',
    samples: reports.map((each) => each.processMs),
    budget: startMs,
  });
  bench.add({ name: 'of it: station to first scan', unit: 'ms', samples: reports.map((each) => each.stationMs) });
  bench.add({ name: 'of it: the scan itself', unit: 'ms', samples: reports.map((each) => each.scanMs) });
  bench.add({ name: 'processor time until then', unit: 'ms', samples: reports.map((each) => each.cpuMs) });
  bench.add({ name: 'memory after the first scan', unit: 'MB', samples: reports.map((each) => each.rssMb) });
  bench.note('training mode: the virtual vendors, printer and scale start in the same process');
}

/** Starts a station in a process of its own, lets it take one scan, and stops it. */
function start(dataDir: string, order: string): Promise<StartReport> {
  const file = fileURLToPath(new URL('./harness/start-child.ts', import.meta.url));
  const child = fork(file, [dataDir, order], { stdio: ['ignore', 2, 'inherit', 'ipc'], timeout: 60_000 });
  return new Promise((resolve, reject) => {
    let report: StartReport | null = null;
    child.once('message', (message) => (report = message as StartReport));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (report !== null && code === 0) resolve(report);
      else reject(new Error(`the station's process ended with status ${code}`));
    });
  });
}

await benchmark(run);
