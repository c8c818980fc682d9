/**
 * A carrier is out for 30 minutes while 500 parcels wait for their labels, and comes back. Real outbox, real database,
 * a clock moved by hand, and a courier that counts every call it is asked to make.
 *
 * Goals: retries at most 1.1 times the load, everything drained within 60 s of the recovery, and whoever scans now
 * waits at most 2 s for a label that can be had: during the outage at another carrier, and after it before the backlog.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOutbox, type Outbox } from '../../main/outbox/outbox.ts';
import type { Courier, OperationTraits, ReconcileOutcome, SendOutcome } from '../../main/domain/job.ts';
import { seededRandom, silentLog } from '../kit/ports.ts';
import { aJob, openTestStore, someFacts, type TestStore } from '../kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../kit/virtual-clock.ts';

const minute = 60_000;
/** One call at a carrier that works. */
const latencyMs = 100;
const steps = ['placeOrder', 'confirm', 'fetchLabel'] as const;
const traits: OperationTraits = { effect: 'checkable', inFlightMs: 30_000, keyWindowMs: null };

let clock: VirtualClock;
let opened: TestStore;
let outbox: Outbox;
let down: boolean;
let calls: { send: number; ask: number };
/** Vendor order by reference: what really happened there. */
let effects: Map<string, number>;
const labelAt = new Map<string, number>();

beforeEach(() => {
  clock = createVirtualClock();
  opened = openTestStore({ clock });
  down = false;
  calls = { send: 0, ask: 0 };
  effects = new Map();
  labelAt.clear();
  outbox = createOutbox({
    store: opened.store,
    courier: courier(),
    clock,
    random: seededRandom(7),
    ids: opened.ids,
    log: silentLog,
    onDone: (job) => {
      if (job.operation === 'fetchLabel') labelAt.set(job.lane, clock.now());
    },
  });
  outbox.start();
});
afterEach(async () => {
  const stopping = outbox.stop();
  await clock.advance(minute);
  await stopping;
  opened.remove();
});

/** `steady` always works. `failing` is out while `down`: every other call is refused, the rest get no answer. */
function courier(): Courier {
  const after = <T>(ms: number, outcome: () => T): Promise<T> =>
    new Promise((resolve) => {
      clock.after(ms, () => {
        resolve(outcome());
      });
    });
  const isOut = (vendor: string): boolean => down && vendor === 'failing';
  return {
    traits: () => traits,
    send(vendor, call) {
      if (vendor === 'failing') calls.send += 1;
      if (isOut(vendor)) {
        return calls.send % 2 === 0
          ? after<SendOutcome>(50, () => ({ kind: 'not-sent', code: 'connect', message: 'refused' }))
          : after<SendOutcome>(10_000, () => ({ kind: 'unknown', code: 'timeout', message: 'no answer' }));
      }
      const key = `${call.operation} ${call.requestId}`;
      return after<SendOutcome>(latencyMs, () => {
        effects.set(key, (effects.get(key) ?? 0) + 1);
        return { kind: 'done', result: { waybill: 'W', vendorOrderNumber: '1' } };
      });
    },
    reconcile(vendor, call) {
      if (vendor === 'failing') calls.ask += 1;
      if (isOut(vendor)) {
        return after<ReconcileOutcome>(50, () => ({ kind: 'unsure', code: 'connect', message: 'refused' }));
      }
      const found = effects.has(`${call.operation} ${call.requestId}`);
      return after<ReconcileOutcome>(latencyMs, () =>
        found ? { kind: 'found', result: { waybill: 'W', vendorOrderNumber: '1' } } : { kind: 'not-found' },
      );
    },
  };
}

/** A packer seals a parcel: its label's steps are queued in one transaction. */
function scan(parcel: string, vendor: 'failing' | 'steady'): void {
  const now = clock.now();
  opened.store.transaction(() => {
    for (const [index, operation] of steps.entries()) {
      opened.store.jobs.insert(
        aJob({
          ...{ id: `${parcel}-${operation}`, lane: parcel, laneSeq: (index + 1) * 10, vendor, operation },
          ...{ effect: 'checkable', facts: someFacts({ parcelId: parcel, reference: parcel }) },
          ...{ notBefore: now, createdAt: now },
        }),
      );
    }
  });
  outbox.poke();
}

/** Milliseconds from the scan to the label, or Infinity. */
async function waitFor(parcel: string, vendor: 'failing' | 'steady'): Promise<number> {
  const at = clock.now();
  scan(parcel, vendor);
  await clock.advance(2_000);
  return (labelAt.get(parcel) ?? Infinity) - at;
}

test('30 minutes without the carrier, 500 parcels waiting: few retries, soon drained, nobody at the desk waits', async () => {
  const parcels = 500;
  down = true;
  const waits: number[] = [];
  // Half of them are there when it begins, the rest are sealed while it lasts.
  for (let parcel = 0; parcel < parcels / 2; parcel += 1) scan(`early-${parcel}`, 'failing');
  for (let passed = 0; passed < 30; passed += 1) {
    const end = clock.now() + minute;
    for (let parcel = 0; parcel < Math.ceil(parcels / 60); parcel += 1) {
      if (passed * Math.ceil(parcels / 60) + parcel < parcels / 2) scan(`late-${passed}-${parcel}`, 'failing');
    }
    waits.push(await waitFor(`other-${passed}`, 'steady'));
    await clock.advance(end - clock.now());
  }
  const load = parcels * steps.length;
  const wasted = calls.send + calls.ask;
  expect(wasted).toBeGreaterThan(20);

  down = false;
  const recoveredAt = clock.now();
  // Work goes on at the recovered carrier while the backlog drains; the first may find us still waiting to try again.
  while (labelAt.size < 1 + waits.length) await clock.advance(100);
  let drained = false;
  let fresh = 0;
  while (!drained) {
    waits.push(await waitFor(`fresh-${fresh++}`, 'failing'));
    drained = opened.store.jobs.summary().open === 0;
    if (clock.now() - recoveredAt > 5 * minute) break;
  }
  const drainedMs = Math.max(...labelAt.values()) - recoveredAt;
  const slowest = Math.max(...waits);

  expect(opened.store.jobs.summary()).toMatchObject({ open: 0, dead: 0, rejected: 0 });
  expect([...effects.values()].filter((count) => count !== 1)).toEqual([]);
  expect((calls.send + calls.ask - fresh * steps.length) / load).toBeLessThanOrEqual(1.1);
  expect(drainedMs).toBeLessThanOrEqual(60_000);
  expect(slowest).toBeLessThanOrEqual(2_000);
}, 60_000);
