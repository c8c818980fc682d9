/**
 * Draining 2,000 jobs (500 parcels of 4) through the real outbox and store on a disk with FULL sync: against a courier
 * that answers at once, and against the virtual vendors over real sockets, in a process of their own, through the
 * real vendor clients. Beside them what the same calls take without an outbox, and a queue that commits every step of
 * every job by itself.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { keepJobResult, withoutArtwork } from '../../main/desk/job-results.ts';
import { labelVerified, sealParcel } from '../../main/desk/sealing.ts';
import type { Courier, JobCall, SendOutcome } from '../../main/domain/job.ts';
import type { PulledOrder } from '../../main/domain/shipping.ts';
import { createNodePorts } from '../../main/host/shared/node-ports.ts';
import { createOutbox } from '../../main/outbox/outbox.ts';
import { parseProfile } from '../../main/profile/profile.ts';
import { buildVendors, createCourier, type TrainingSettings } from '../../main/station/vendor-set.ts';
import type { Store } from '../../main/store/store.ts';
import { fixedRandom, silentLog } from '../kit/ports.ts';
import { benchmark, processorMs, type Bench } from './harness/benchmark.ts';
import { benchClock, benchIds, fourJobs, openBenchStore, pulledOrder } from './harness/history.ts';

const jobsPerSecond = 1_000;
/** As many calls under way as the outbox has by default at these two vendors. */
const atOnce = 8;

async function run(bench: Bench): Promise<void> {
  const parcels = bench.quick ? 250 : 500;
  const rounds = bench.quick ? 1 : 3;
  const made = Array.from({ length: parcels }, (_, index) => pulledOrder(index));
  const inProcess: Drained[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const store = freshStore(bench.folder, `in-process-${round}`, made);
    inProcess.push(await drain(store, obliging));
    store.close();
  }
  const stepwise = Array.from({ length: rounds }, (_, round) => commitEveryStep(bench.folder, round, parcels * 4));
  bench.add({
    name: 'courier that answers at once',
    unit: 'jobs/s',
    better: 'larger',
    samples: inProcess.map((each) => each.perSecond),
    budget: jobsPerSecond,
    against: { 'queue with a commit per step': stepwise },
  });
  bench.add({ name: 'of it: processor time per job', unit: 'ms', samples: inProcess.map((each) => each.cpuMs) });

  const overSockets: Drained[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const store = freshStore(bench.folder, `sockets-${round}`, []);
    const dir = join(bench.folder, `twins-${round}`);
    const vendors = await startTwins(dir, parcels * 2);
    const ports = createNodePorts({ dataDir: dir, version: '0.0.0-bench', env: {} });
    const entries = buildVendors({ profile: parseProfile('{}'), ports, store, training: vendors.settings });
    const upstream = entries.find((entry) => entry.id === 'waiqin365')?.vendor;
    const pulled = (await upstream?.pullOrders?.(null))?.orders ?? [];
    if (pulled.length < parcels * 2) throw new Error(`the upstream gave ${pulled.length} orders of ${parcels * 2}`);
    const courier = createCourier(entries);
    // The first half without an outbox, the second half with it.
    bare.push(await callBare(pulled.slice(0, parcels), courier));
    sealAll(store, pulled.slice(parcels, parcels * 2));
    overSockets.push(await drain(store, courier));
    vendors.child.kill();
    ports.log.close();
    store.close();
  }
  bench.add({
    name: 'local HTTP vendors',
    unit: 'jobs/s',
    better: 'larger',
    samples: overSockets.map((each) => each.perSecond),
    budget: jobsPerSecond,
    against: { 'the same calls without an outbox': bare },
  });
  bench.add({
    name: 'of it: processor time per job, vendors not counted',
    unit: 'ms',
    samples: overSockets.map((each) => each.cpuMs),
  });
  bench.note(
    'HTTP: one fresh connection per call; a quarter of the jobs bring a PDF label of some kilobytes that is kept',
  );
}

function freshStore(folder: string, name: string, orders: readonly PulledOrder[]): Store {
  const own = join(folder, name);
  mkdirSync(own);
  const store = openBenchStore(own);
  sealAll(store, orders);
  return store;
}

/** The upload has a lane of its own, so it waits for its waybill as it waits for the scan of the label at a desk. */
const heldUploads = fourJobs.map((job) =>
  job.operation === 'uploadTracking' ? { ...job, heldBy: labelVerified } : job,
);

/** Seals a parcel of each order, in one transaction. */
function sealAll(store: Store, orders: readonly PulledOrder[]): void {
  store.transaction(() => {
    for (const pulled of orders) {
      const order = store.orders.get(store.orders.upsert('waiqin365', pulled).orderId);
      if (order === null) throw new Error(`order ${pulled.number} is not there`);
      const facts = { order, deskId: 'D01', vendor: 'hge', service: 'P10006', weightG: 1_234, weightFrames: [] };
      sealParcel(store, benchIds, { ...facts, jobs: heldUploads, at: benchClock.now() - 1_000, overrideReason: '' });
    }
  });
}

interface Drained {
  readonly perSecond: number;
  /** Processor time of the station's process per job. */
  readonly cpuMs: number;
}

/** Runs the outbox until every job is done. */
async function drain(store: Store, courier: Courier): Promise<Drained> {
  const total = store.jobs.summary().open;
  const cpuFrom = process.cpuUsage();
  const from = performance.now();
  const outbox = createOutbox({
    store,
    courier,
    clock: benchClock,
    random: fixedRandom(),
    ids: benchIds,
    log: silentLog,
    onDone(job) {
      keepJobResult(store, job);
      // In place of the packer's scan.
      if (job.operation === 'fetchLabel') store.jobs.release(job.facts.parcelId, labelVerified);
    },
    keep: withoutArtwork,
  });
  await new Promise<void>((resolve, reject) => {
    let left = total;
    outbox.onSettled((job) => {
      if (job.state === 'done') left -= 1;
      if (left === 0) resolve();
      if (job.state === 'rejected' || job.state === 'dead' || job.state === 'unknown') {
        reject(new Error(`${job.operation} came to ${job.state}: ${job.lastError?.message}`));
      }
    });
    outbox.start();
  });
  const seconds = (performance.now() - from) / 1_000;
  const cpuMs = processorMs(cpuFrom) / total;
  await outbox.stop();
  return { perSecond: total / seconds, cpuMs };
}

const artwork = { type: 'application/pdf', base64: Buffer.alloc(4_000, 'label').toString('base64') } as const;
const resultOf = (call: JobCall): unknown => {
  const waybill = `LH${call.facts.reference}`;
  switch (call.operation) {
    case 'placeOrder':
      return { vendorOrderNumber: call.requestId, waybill: null };
    case 'confirm':
      return { waybill };
    case 'fetchLabel':
      return { waybill, artwork };
    default:
      return { confirmation: 'ok' };
  }
};

/** Says yes to everything. */
const obliging: Courier = {
  traits: () => ({ effect: 'checkable', inFlightMs: 30_000, keyWindowMs: null }),
  send: (_vendor, call) => Promise.resolve({ kind: 'done', result: call.facts === null ? null : resultOf(call) }),
  reconcile: () => Promise.resolve({ kind: 'not-found' }),
};

/** The calls of each parcel one after another, `atOnce` parcels at a time, nothing written down; calls per second. */
async function callBare(orders: readonly PulledOrder[], courier: Courier): Promise<number> {
  const from = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let order = orders[next++]; order !== undefined; order = orders[next++]) await callLane(order, courier);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (orders.length * fourJobs.length) / ((performance.now() - from) / 1_000);
}

async function callLane(order: PulledOrder, courier: Courier): Promise<void> {
  let earlier: JobCall['earlier'] = {};
  for (const { vendor, operation } of fourJobs) {
    const requestId = benchIds.next();
    const outcome: SendOutcome = await courier.send(vendor, {
      operation,
      facts: factsOf(order),
      earlier,
      requestId,
      attempt: 1,
    });
    if (outcome.kind !== 'done') throw new Error(`${operation} came to ${outcome.kind}: ${outcome.message}`);
    earlier = { ...earlier, [operation]: outcome.result };
  }
}

function factsOf(order: PulledOrder): JobCall['facts'] {
  const { number, receiver, remark, lines } = order;
  const items = lines.map(({ productCode: code, productName: name, quantity, unitName, price, gift }) => {
    return { code, name, quantity, unitName, price, gift };
  });
  const size = { lengthMm: null, widthMm: null, heightMm: null };
  const reference = `BARE${number}`.replace(/[^A-Za-z0-9]/g, '').slice(0, 32);
  return {
    parcelId: number,
    orderNumber: number,
    reference,
    receiver,
    service: 'P10006',
    weightG: 1_234,
    ...size,
    items,
    remark,
  };
}

/** The virtual vendors in a process of their own, so that their work does not run on the station's thread. */
async function startTwins(
  dir: string,
  orders: number,
): Promise<{ child: ChildProcess; settings: ReadonlyMap<string, TrainingSettings> }> {
  const file = fileURLToPath(new URL('./harness/twins-child.ts', import.meta.url));
  const child = fork(file, [dir, String(orders)], { stdio: ['ignore', 2, 'inherit', 'ipc'] });
  const settings = await new Promise<ReadonlyMap<string, TrainingSettings>>((resolve, reject) => {
    child.once('message', (message) => resolve(new Map(message as [string, TrainingSettings][])));
    child.once('exit', () => reject(new Error('the virtual vendors did not start')));
  });
  return { child, settings };
}

/** What a plain durable queue does: one commit to claim a job and one to settle it. Jobs per second. */
function commitEveryStep(folder: string, round: number, jobs: number): number {
  const database = new DatabaseSync(join(folder, `stepwise-${round}.db`));
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE jobs (id INTEGER PRIMARY KEY, state TEXT, body TEXT)',
  );
  const insert = database.prepare('INSERT INTO jobs VALUES (?, ?, ?)');
  database.exec('BEGIN');
  for (let id = 1; id <= jobs; id += 1) insert.run(id, 'ready', JSON.stringify(pulledOrder(id)));
  database.exec('COMMIT');
  const claim = database.prepare("UPDATE jobs SET state = 'sending' WHERE id = ?");
  const settle = database.prepare("UPDATE jobs SET state = 'done' WHERE id = ?");
  const from = performance.now();
  for (let id = 1; id <= jobs; id += 1) {
    claim.run(id);
    settle.run(id);
  }
  const perSecond = jobs / ((performance.now() - from) / 1_000);
  database.close();
  return perSecond;
}

await benchmark(run);
