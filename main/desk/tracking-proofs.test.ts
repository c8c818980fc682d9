import { afterEach, beforeEach, expect, test } from 'vitest';
import { reportLane } from '../domain/lanes.ts';
import type { DeliveryProof, TrackingQuestion } from '../domain/shipping.ts';
import { fixedRandom, silentLog } from '../../test/kit/ports.ts';
import { aParcel, aPulledOrder, openTestStore, someFacts, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import type { PlannedJob } from './sealing.ts';
import { createTracking, type Tracking } from './tracking.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const pictures: PlannedJob = { vendor: 'hongxun', operation: 'pushSignImages', effect: 'safe', heldBy: null };
const signs: PlannedJob = { vendor: 'hongxun', operation: 'pushSignInfo', effect: 'safe', heldBy: null };
const images = [{ url: 'https://carrier.example/1.jpg', base64: null, postfix: 'jpg' }];

let clock: VirtualClock;
let opened: TestStore;
let tracking: Tracking;
/** Parcels whose proof was asked for, and when after the start. */
let asked: { parcelId: string; at: number }[];
let tracked: number;
let proof: (question: TrackingQuestion) => Promise<DeliveryProof | null>;

function failure(kind: string): Error {
  return Object.assign(new Error(`${kind} for the test`), { kind });
}

function create(onward: readonly PlannedJob[] = [signs, pictures]): Tracking {
  return createTracking({
    store: opened.store,
    clock,
    random: fixedRandom(0),
    ids: opened.ids,
    log: silentLog,
    vendors: [
      {
        id: 'hge',
        atOnce: 10,
        perMinute: 10,
        track: (questions) => {
          tracked += 1;
          return Promise.resolve(
            questions.map(({ parcelId }) => {
              const status = parcelId.startsWith('late') ? 'in-transit' : 'delivered';
              return { parcelId, status, vendorStatus: status, events: [] };
            }),
          );
        },
        proof: (question) => {
          asked.push({ parcelId: question.parcelId, at: clock.monotonic() - 1_000 });
          return proof(question);
        },
      },
    ],
    onward,
    poke: () => {},
  });
}

function ship(...ids: string[]): void {
  const { orderId } = opened.store.orders.upsert('v', aPulledOrder());
  for (const id of ids) {
    const facts = someFacts({ parcelId: id, reference: `R-${id}` });
    opened.store.parcels.insert(aParcel(orderId, { id, reference: `R-${id}`, lpn: `L-${id}`, facts }));
    opened.store.parcels.setWaybill(id, `W-${id}`);
    opened.store.transaction(() => tracking.follow(id, 'hge'));
  }
  tracking.poke();
}

/** The process dies: nothing is left but the database. */
async function restart(onward?: readonly PlannedJob[]): Promise<void> {
  const before = tracking;
  opened.reopen();
  tracking = create(onward);
  tracking.start();
  await before.stop();
}

const told = (parcelId: string) => opened.store.jobs.listByLane(reportLane(parcelId, 'hongxun'));
const operations = (parcelId: string): string[] => told(parcelId).map((job) => job.operation);
const missing = (parcelId: string): number =>
  opened.store.events
    .listForOrder(opened.store.parcels.get(parcelId)?.orderId ?? '')
    .filter((entry) => entry.kind === 'sign-images-missing').length;

beforeEach(() => {
  clock = createVirtualClock();
  opened = openTestStore({ clock });
  asked = [];
  tracked = 0;
  proof = () => Promise.resolve(null);
  tracking = create();
  tracking.start();
});
afterEach(async () => {
  await tracking.stop();
  opened.remove();
});

test('a proof that is there is passed on once, with the delivery it belongs to', async () => {
  ship('p1');
  proof = () => Promise.resolve({ images, signedBy: 'A. Lee' });
  await clock.advance(hour);
  expect(operations('p1')).toEqual(['pushSignInfo', 'pushSignImages']);
  expect(told('p1')[1]?.payload).toMatchObject({ images, signedBy: 'A. Lee', event: { status: 'delivered' } });
  await clock.advance(10 * day);
  expect(asked).toHaveLength(1);
  expect(missing('p1')).toBe(0);
});

test('what is told without pictures does not wait for them', async () => {
  ship('p1');
  await clock.advance(hour);
  expect(operations('p1')).toEqual(['pushSignInfo']);
  expect(missing('p1')).toBe(0);
});

test('a proof that does not come is asked for less and less often, and then missing, once', async () => {
  ship('p1');
  await clock.advance(30 * day);
  const first = asked[0]?.at ?? 0;
  expect(asked.map((each) => Math.round((each.at - first) / minute) / 60)).toEqual([
    0, 0.5, 2.5, 8.5, 20.5, 44.5, 68.5, 92.5,
  ]);
  expect(missing('p1')).toBe(1);
  expect(operations('p1')).toEqual(['pushSignInfo']);
  expect(opened.store.proofs.isWaiting('p1')).toBe(false);
});

test('a restart between two questions goes on where it was, and passes on once', async () => {
  ship('p1');
  await clock.advance(4 * hour);
  expect(asked).toHaveLength(3);
  await restart();
  await clock.advance(2 * hour);
  expect(asked).toHaveLength(3);
  proof = () => Promise.resolve({ images, signedBy: '' });
  await clock.advance(day);
  expect(asked).toHaveLength(4);
  await restart();
  await clock.advance(10 * day);
  expect(operations('p1')).toEqual(['pushSignInfo', 'pushSignImages']);
  expect(asked).toHaveLength(4);
});

test('a process that dies with the question on its way asks again, and an answer too late changes nothing', async () => {
  ship('p1');
  let answerLater: (answer: DeliveryProof) => void = () => {};
  proof = () => new Promise((resolve) => (answerLater = resolve));
  await clock.advance(hour);
  expect(asked).toHaveLength(1);
  opened.reopen();
  const before = tracking;
  proof = () => Promise.resolve({ images, signedBy: '' });
  tracking = create();
  tracking.start();
  await clock.advance(10 * minute);
  expect(asked).toHaveLength(2);
  answerLater({ images, signedBy: 'too late' });
  await before.stop();
  await clock.advance(day);
  expect(told('p1').filter((job) => job.operation === 'pushSignImages')).toMatchObject([{ payload: { signedBy: '' } }]);
});

test('a line that is down uses up no try, and tracking goes on beside a proof that always fails', async () => {
  ship('p1', 'late1');
  proof = () => Promise.reject(failure('not-sent'));
  await clock.advance(5 * day);
  expect(opened.store.proofs.get('p1', 'hge')?.tries).toBe(0);
  expect(missing('p1')).toBe(0);
  expect(opened.store.tracking.get('late1', 'hge')).toMatchObject({ status: 'in-transit', failures: 0 });
  // 48 on the first day, 12 on each of the next three, 4 on the fifth; no more and no fewer for the failing proofs.
  expect(tracked).toBeGreaterThan(80);
  proof = () => Promise.resolve({ images, signedBy: '' });
  tracking.retryNow();
  await clock.advance(2 * hour);
  expect(operations('p1')).toContain('pushSignImages');
});

test.each(['rejected', 'unknown', 'transient'])('an answer that is %s uses up a try', async (kind) => {
  ship('p1');
  proof = () => Promise.reject(failure(kind));
  await clock.advance(30 * day);
  expect(asked.length).toBe(8);
  expect(missing('p1')).toBe(1);
});

test('nobody is asked if nobody wants pictures, or no longer', async () => {
  await restart([signs]);
  ship('p1');
  await clock.advance(day);
  expect(asked).toEqual([]);
  await restart();
  ship('p2');
  await clock.advance(hour / 2 + minute);
  expect(asked).toHaveLength(1);
  await restart([signs]);
  await clock.advance(10 * day);
  expect(asked).toHaveLength(1);
  expect(opened.store.proofs.isWaiting('p2')).toBe(false);
});

test('pictures that come another way end the wait', async () => {
  ship('p1');
  await clock.advance(hour / 2 + minute);
  expect(asked).toHaveLength(1);
  const push = { parcelId: 'p1', status: 'delivered', vendorStatus: '001', events: [] } as const;
  tracking.receive('hongxun', 'without', [push]);
  expect(missing('p1')).toBe(0);
  tracking.receive('elsewhere', 'with', [{ ...push, images }]);
  await clock.advance(10 * day);
  expect(operations('p1')).toEqual(['pushSignInfo', 'pushSignImages']);
  expect(asked).toHaveLength(1);
  expect(missing('p1')).toBe(0);
});

test('a clock set back a month stops no proof', async () => {
  ship('p1');
  await clock.advance(hour / 2 + minute);
  clock.jumpWall(-30 * day);
  proof = () => Promise.resolve({ images, signedBy: '' });
  await clock.advance(2 * day);
  expect(operations('p1')).toContain('pushSignImages');
});
