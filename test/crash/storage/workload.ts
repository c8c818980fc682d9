/**
 * Transactions like a station's through the real store: orders pulled, parcels sealed with their jobs, jobs through their
 * states, labels kept, prints, scans back. What commit n does follows from the seed, n and what the database holds, and
 * from nothing else: the same commits can be made again elsewhere, and go on after any failure.
 */
import { aboutOf } from '../../../main/desk/print-record.ts';
import { sealParcel, labelVerified } from '../../../main/desk/sealing.ts';
import type { Job } from '../../../main/domain/job.ts';
import type { Clock, Ids, RandomSource } from '../../../main/ports.ts';
import type { Store } from '../../../main/store/store.ts';
import { fourJobs, pulledOrder } from '../../bench/harness/history.ts';
import { seededRandom } from '../../kit/ports.ts';

/** The value that says how many commits were made. */
export const commitKey = 'crash.commit';
const orderKey = 'crash.order';
const start = Date.UTC(2026, 0, 5);

/** Clock and ids of the commit under way; the store is opened with them. */
export interface WorkloadPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  /** What the coming commit will see. */
  begin(commit: number): void;
}

export function workloadPorts(): WorkloadPorts {
  let commit = 0;
  let made = 0;
  return {
    clock: {
      now: () => start + commit * 1_000,
      monotonic: () => commit * 1_000,
      after: () => ({ cancel() {} }),
    },
    ids: { next: () => `c${String(commit).padStart(6, '0')}-${String(++made).padStart(3, '0')}` },
    begin(next) {
      commit = next;
      made = 0;
    },
  };
}

/** How many of the workload's commits the database holds. */
export function lastCommit(store: Store): number {
  return Number(store.values.get(commitKey) ?? '0');
}

/** Makes commit `n`, the one after `lastCommit`. Throws what the store throws. */
export function makeCommit(store: Store, ports: WorkloadPorts, seed: number, n: number): void {
  ports.begin(n);
  const random = seededRandom(seed * 1_000_003 + n);
  // The first numbers of neighbouring seeds are alike.
  for (let turn = 0; turn < 3; turn += 1) random.next();
  store.transaction(() => {
    const steps = [pull, seal, seal, claim, claim, settle, settle, settle, ask, print, print, print, scanBack];
    const step = steps[Math.floor(random.next() * steps.length)] ?? pull;
    const done = step(store, ports, random) || claim(store, ports, random) || seal(store, ports, random);
    if (!done) pull(store, ports, random);
    store.values.set(commitKey, String(n));
  });
}

/** One change inside the transaction; false if there was nothing to change. */
type Step = (store: Store, ports: WorkloadPorts, random: RandomSource) => boolean;

const pull: Step = (store, _ports, random) => {
  const first = Number(store.values.get(orderKey) ?? '0');
  const count = 1 + Math.floor(random.next() * 3);
  for (let index = first; index < first + count; index += 1) store.orders.upsert('waiqin365', pulledOrder(index));
  store.values.set(orderKey, String(first + count));
  store.events.append('orders-pulled', {}, { first, count });
  return true;
};

const heldUploads = fourJobs.map((job) =>
  job.operation === 'uploadTracking' ? { ...job, heldBy: labelVerified } : job,
);

const seal: Step = (store, { clock, ids }, random) => {
  const row = store.orders.list({ status: 'waiting', search: '', offset: 0, limit: 1 }).rows[0];
  const order = row === undefined ? null : store.orders.get(row.id);
  if (order === null) return false;
  sealParcel(store, ids, {
    order,
    deskId: 'D01',
    vendor: 'hge',
    service: 'P10006',
    weightG: 100 + Math.floor(random.next() * 4_000),
    weightFrames: ['5320532020202020302e353030206b67'],
    jobs: heldUploads,
    at: clock.now(),
    overrideReason: '',
  });
  return true;
};

const claim: Step = (store, { clock }) => {
  const jobs = store.jobs.nextReady(clock.now(), [], 3);
  for (const job of jobs) {
    const sent = { state: 'sending', attempts: job.attempts + 1, sentAt: clock.now() } as const;
    store.jobs.update({ ...job, ...sent, firstSentAt: job.firstSentAt ?? clock.now() }, 'ready');
    note(store, 'job-sending', job);
  }
  return jobs.length > 0;
};

const settle: Step = (store, { clock }, random) => {
  const jobs = store.jobs.list({ states: ['sending', 'reconciling'], offset: 0, limit: 3 });
  for (const job of jobs) {
    if (random.next() < 0.25) {
      const lastError = { kind: 'unknown', code: 'timeout', message: 'No answer.', at: clock.now() } as const;
      store.jobs.update({ ...job, state: 'unknown', doubt: true, notBefore: clock.now(), lastError }, job.state);
      note(store, 'job-unknown', job);
    } else finish(store, job, random);
  }
  return jobs.length > 0;
};

function finish(store: Store, job: Job, random: RandomSource): void {
  const waybill = `LH${job.requestId}`;
  store.jobs.update({ ...job, state: 'done', doubt: false, result: { waybill } }, job.state);
  note(store, 'job-done', job);
  if (job.facts === null) return;
  const { parcelId } = job.facts;
  if (job.operation === 'placeOrder') store.parcels.setWaybill(parcelId, waybill);
  if (job.operation !== 'fetchLabel') return;
  const bytes = Buffer.alloc(500 + Math.floor(random.next() * 12_000), `%PDF ${waybill} `);
  const artworkSha256 = store.parcels.putArtwork({ type: 'application/pdf', base64: bytes.toString('base64') });
  store.parcels.setLabel(parcelId, { artworkSha256, held: null });
  const parcel = store.parcels.get(parcelId);
  if (parcel !== null) store.orders.setStatus(parcel.orderId, 'labelled');
}

const ask: Step = (store, { clock }) => {
  const jobs = store.jobs.nextUnknown(clock.now(), [], 2);
  for (const job of jobs) {
    store.jobs.update({ ...job, state: 'reconciling', asks: (job.asks ?? 0) + 1 }, 'unknown');
    note(store, 'job-reconciling', job);
  }
  return jobs.length > 0;
};

const print: Step = (store, { clock, ids }, random) => {
  const sending = store.prints.listByState('sending')[0];
  if (sending !== undefined) {
    const state = random.next() < 0.9 ? 'printed' : 'unknown';
    store.prints.update({ ...sending, state, bytesWritten: 4_096, settledAt: clock.now() });
    store.events.append(`print-${state}`, aboutOf(sending), { printId: sending.id });
    return true;
  }
  const claimed = store.prints.listByState('claimed')[0];
  if (claimed !== undefined) {
    store.prints.update({ ...claimed, state: 'sending', bytesWritten: -1 });
    store.events.append('print-sending', aboutOf(claimed), { printId: claimed.id });
    return true;
  }
  const row = store.orders.list({ status: 'labelled', search: '', offset: 0, limit: 1 }).rows[0];
  const parcel = row === undefined ? undefined : store.parcels.listByOrder(row.id)[0];
  if (parcel === undefined || store.prints.listByParcel(parcel.id).length > 0) return false;
  store.prints.insert({
    id: ids.next(),
    parcelId: parcel.id,
    kind: 'carrier',
    printerId: 'label',
    state: 'claimed',
    copy: 0,
    reason: '',
    bytesWritten: 0,
    message: '',
    createdAt: clock.now(),
    settledAt: null,
  });
  store.events.append('print-claimed', { parcelId: parcel.id }, {});
  return true;
};

const scanBack: Step = (store, { clock }) => {
  const row = store.orders.list({ status: 'labelled', search: '', offset: 0, limit: 1 }).rows[0];
  const parcel = row === undefined ? undefined : store.parcels.listByOrder(row.id)[0];
  if (row === undefined || parcel === undefined) return false;
  const last = store.prints.listByParcel(parcel.id).at(-1);
  if (last?.state !== 'printed' && last?.state !== 'unknown') return false;
  store.parcels.setVerified(parcel.id, clock.now());
  store.jobs.release(parcel.id, labelVerified);
  store.orders.setStatus(row.id, 'shipped');
  store.tracking.start(parcel.id, 'hge', clock.now(), clock.now() + 3_600_000);
  store.events.append('label-verified', { parcelId: parcel.id }, {});
  return true;
};

function note(store: Store, kind: string, job: Job): void {
  const about = job.facts === null ? {} : { parcelId: job.facts.parcelId };
  store.events.append(kind, about, { jobId: job.id, operation: job.operation, requestId: job.requestId });
}
