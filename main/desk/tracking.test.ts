import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reportLane } from '../domain/lanes.ts';
import type { TrackingAnswer, TrackingQuestion, TrackingStatus } from '../domain/shipping.ts';
import { fixedRandom, silentLog } from '../../test/kit/ports.ts';
import { aParcel, aPulledOrder, openTestStore, someFacts, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import type { PlannedJob } from './sealing.ts';
import { createTracking, type Tracking } from './tracking.ts';

const minute = 60_000;
const hour = 60 * minute;
const onward: readonly PlannedJob[] = [
  { vendor: 'hongxun', operation: 'pushRoute', effect: 'safe', heldBy: null },
  { vendor: 'hongxun', operation: 'pushSignInfo', effect: 'safe', heldBy: null },
  { vendor: 'hongxun', operation: 'pushSignImages', effect: 'safe', heldBy: null },
  { vendor: 'waiqin365', operation: 'recordSigned', effect: 'unsafe', heldBy: null },
];

let clock: VirtualClock;
let opened: TestStore;
let tracking: Tracking;
/** Every question so far: parcels and when. */
let asked: { parcels: string[]; at: number }[];
let answer: (questions: readonly TrackingQuestion[]) => readonly TrackingAnswer[] | Promise<readonly TrackingAnswer[]>;

function failure(kind: string): Error {
  return Object.assign(new Error(`${kind} for the test`), { kind });
}

const saying =
  (status: TrackingStatus, more: Partial<TrackingAnswer> = {}) =>
  (questions: readonly TrackingQuestion[]): TrackingAnswer[] =>
    questions.map(({ parcelId }) => ({ parcelId, status, vendorStatus: `v-${status}`, events: [], ...more }));

function create(random = 0): Tracking {
  return createTracking({
    store: opened.store,
    clock,
    random: fixedRandom(random),
    ids: opened.ids,
    log: silentLog,
    vendors: [
      {
        id: 'hge',
        atOnce: 3,
        perMinute: 2,
        track: async (questions) => {
          asked.push({ parcels: questions.map((each) => each.parcelId), at: clock.monotonic() - 1_000 });
          return answer(questions);
        },
      },
    ],
    onward,
    policy: { maxAgeMs: 6 * 24 * hour },
    poke: () => {},
  });
}

function ship(count: number): void {
  const { orderId } = opened.store.orders.upsert('v', aPulledOrder());
  for (let index = 1; index <= count; index += 1) {
    const id = `p${index}`;
    const facts = someFacts({ parcelId: id, reference: `R${index}` });
    opened.store.parcels.insert(aParcel(orderId, { id, reference: `R${index}`, lpn: `L${index}`, facts }));
    opened.store.parcels.setWaybill(id, `W${index}`);
    opened.store.transaction(() => tracking.follow(id, 'hge'));
  }
  tracking.poke();
}

beforeEach(() => {
  clock = createVirtualClock();
  opened = openTestStore({ clock });
  asked = [];
  answer = saying('in-transit');
  tracking = create();
  tracking.start();
});
afterEach(async () => {
  await tracking.stop();
  opened.remove();
});

const jobsOf = (parcelId: string): string[] =>
  opened.store.jobs.listByParcel(parcelId).map((job) => `${job.lane} ${job.operation}`);

test('a parcel is asked about every half hour on its first day, then less often', async () => {
  ship(1);
  await clock.advance(24 * hour);
  expect(asked).toHaveLength(48);
  asked = [];
  await clock.advance(24 * hour);
  expect(asked).toHaveLength(12);
  await clock.advance(48 * hour);
  asked = [];
  await clock.advance(24 * hour);
  expect(asked).toHaveLength(4);
});

test('questions go out in batches, and no faster than the vendor allows', async () => {
  ship(10);
  await clock.advance(hour / 2);
  expect(asked.map((each) => each.parcels.length)).toEqual([3, 3]);
  await clock.advance(minute);
  expect(asked.map((each) => [each.parcels.length, each.at])).toEqual([
    [3, hour / 2],
    [3, hour / 2],
    [3, hour / 2 + minute],
    [1, hour / 2 + minute],
  ]);
});

test('nothing is asked after delivery, return, or when a parcel is too old', async () => {
  ship(3);
  answer = (questions) =>
    questions.flatMap((question) =>
      saying(question.parcelId === 'p1' ? 'delivered' : question.parcelId === 'p2' ? 'returned' : 'in-transit')([
        question,
      ]),
    );
  await clock.advance(7 * 24 * hour);
  const closed = ['p1', 'p2', 'p3'].map((id) => opened.store.tracking.get(id, 'hge')?.closed);
  expect(closed).toEqual(['delivered', 'returned', 'too-old']);
  asked = [];
  await clock.advance(10 * 24 * hour);
  expect(asked).toEqual([]);
});

test('a delivery is passed on once to each vendor that asked, with what is known of it', async () => {
  ship(1);
  const event = { at: 5, status: 'delivered', vendorStatus: '103', place: '杭州', text: '签收人：张三' } as const;
  answer = saying('delivered', { events: [event] });
  await clock.advance(hour);
  expect(jobsOf('p1')).toEqual(['p1#hongxun pushRoute', 'p1#hongxun pushSignInfo', 'p1#waiqin365 recordSigned']);
  expect(opened.store.jobs.listByLane(reportLane('p1', 'waiqin365'))[0]?.payload).toEqual({ event, signedBy: '张三' });
  const kinds = opened.store.events
    .listForOrder(opened.store.parcels.get('p1')?.orderId ?? '')
    .map((entry) => entry.kind);
  expect(kinds).toContain('sign-images-missing');
});

test('pictures are passed on if the carrier gave some', async () => {
  ship(1);
  const images = [{ url: 'https://carrier.example/1.jpg', base64: null, postfix: 'jpg' }];
  answer = saying('delivered', { images, signedBy: '李四' });
  await clock.advance(hour);
  const pictures = opened.store.jobs.listByParcel('p1').find((job) => job.operation === 'pushSignImages');
  expect(pictures?.payload).toMatchObject({ images, signedBy: '李四', event: { status: 'delivered' } });
});

test('a restart in the middle of everything passes a delivery on once', async () => {
  ship(1);
  let answerLater: (answers: readonly TrackingAnswer[]) => void = () => {};
  answer = () => new Promise((resolve) => (answerLater = resolve));
  await clock.advance(hour / 2);
  // The process dies with the question on its way: nothing of it was kept but the claim.
  opened.reopen();
  answerLater([]);
  answer = saying('delivered');
  const second = create();
  second.start();
  await clock.advance(minute);
  expect(asked).toHaveLength(1);
  await clock.advance(hour);
  expect(jobsOf('p1')).toHaveLength(3);
  await second.stop();
  opened.reopen();
  const third = create();
  third.receive('hge', 'a late push', saying('delivered')([{ parcelId: 'p1' } as TrackingQuestion]));
  expect(jobsOf('p1')).toHaveLength(3);
});

test('a vendor that does not answer is left alone for longer and longer', async () => {
  await tracking.stop();
  tracking = create(0.5);
  tracking.start();
  ship(1);
  answer = () => Promise.reject(failure('not-sent'));
  await clock.advance(12 * hour);
  const within = (from: number, to: number): number => asked.filter((each) => each.at >= from && each.at < to).length;
  expect(within(0, 1.5 * hour)).toBeLessThanOrEqual(8);
  expect(within(9 * hour, 12 * hour)).toBeLessThanOrEqual(6);
  expect(opened.store.tracking.get('p1', 'hge')).toMatchObject({ failures: 0, lastError: 'not-sent for the test' });
  answer = saying('in-transit');
  tracking.retryNow();
  await clock.advance(minute);
  expect(opened.store.tracking.get('p1', 'hge')?.status).toBe('in-transit');
});

test('one bad number is asked about by itself and does not spoil the others', async () => {
  ship(3);
  answer = (questions) =>
    questions.some((each) => each.parcelId === 'p2')
      ? Promise.reject(failure('rejected'))
      : saying('in-transit')(questions);
  await clock.advance(4 * hour);
  const state = (id: string): unknown => opened.store.tracking.get(id, 'hge')?.status;
  expect([state('p1'), state('p2'), state('p3')]).toEqual(['in-transit', 'not-found', 'in-transit']);
  expect(opened.store.tracking.get('p2', 'hge')?.failures).toBeGreaterThan(1);
});

test('a parcel the vendor leaves out of its answer is not taken as lost, only asked about later', async () => {
  ship(2);
  answer = (questions) => saying('in-transit')(questions.filter((each) => each.parcelId === 'p1'));
  await clock.advance(hour / 2);
  expect(opened.store.tracking.get('p2', 'hge')).toMatchObject({ status: 'not-found', failures: 1 });
});

test('a clock set back a month stops nothing', async () => {
  ship(1);
  await clock.advance(hour / 2);
  clock.jumpWall(-30 * 24 * hour);
  asked = [];
  await clock.advance(24 * hour);
  expect(asked.length).toBeGreaterThan(0);
});

test('a clock set forward while nothing is due is noticed within a minute', async () => {
  ship(1);
  await clock.advance(hour / 2);
  asked = [];
  clock.jumpWall(24 * hour);
  await clock.advance(60_000);
  expect(asked.length).toBe(1);
});

test('a push is taken in once, and a push of another desk is passed over', () => {
  ship(1);
  const other = { parcelId: 'elsewhere', status: 'delivered', vendorStatus: '', events: [] } as const;
  const ours = { parcelId: 'p1', status: 'in-transit', vendorStatus: '81', events: [] } as const;
  expect(tracking.receive('hongxun', '{"push":1}', [other, ours])).toBe(1);
  expect(tracking.receive('hongxun', '{"push":1}', [other, ours])).toBe(0);
  expect(opened.store.tracking.get('p1', 'hongxun')).toMatchObject({ status: 'in-transit', vendorStatus: '81' });
});

test('whatever is said in whatever order, a delivery is passed on once and never taken back', async () => {
  const status = fc.constantFrom<TrackingStatus>('in-transit', 'delivered', 'exception', 'returned', 'unclear');
  const event = fc.record({
    at: fc.option(fc.integer({ min: 0, max: 50 })),
    status,
    vendorStatus: fc.constantFrom('a', 'b'),
    place: fc.constant(''),
    text: fc.constant(''),
  });
  const heard = fc.record({
    parcelId: fc.constant('p1'),
    status,
    vendorStatus: fc.constant('x'),
    events: fc.array(event, { maxLength: 3 }),
  });
  ship(1);
  let number = 0;
  // One parcel for all runs would be final after the first; each run is a vendor of its own.
  fc.assert(
    fc.property(fc.array(heard, { maxLength: 6 }), (answers) => {
      const vendor = `vendor-${(number += 1)}`;
      let final: string | null = null;
      let seen = 0;
      for (const given of answers) {
        tracking.receive(vendor, `push ${(number += 1)}`, [given]);
        const record = opened.store.tracking.get('p1', vendor);
        const events = opened.store.tracking.events('p1').filter((each) => each.vendor === vendor).length;
        expect(events).toBeGreaterThanOrEqual(seen);
        seen = events;
        if (final !== null) expect(record?.status).toBe(final);
        if (record?.closed != null) final = record.status;
      }
      expect(jobsOf('p1').length).toBeLessThanOrEqual(3);
    }),
    { numRuns: 40 },
  );
});
