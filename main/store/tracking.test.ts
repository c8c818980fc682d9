import { afterEach, beforeEach, expect, test } from 'vitest';
import { reportLane } from '../domain/lanes.ts';
import {
  aJob,
  aParcel,
  aPulledOrder,
  anAddress,
  openTestStore,
  someFacts,
  type TestStore,
} from '../../test/kit/store.ts';
import type { TrackingEvent } from '../domain/shipping.ts';

let opened: TestStore;
beforeEach(() => {
  opened = openTestStore();
  const { orderId } = opened.store.orders.upsert('v', aPulledOrder());
  opened.store.parcels.insert(aParcel(orderId));
});
afterEach(() => opened.remove());

const event: TrackingEvent = { at: 5, status: 'in-transit', vendorStatus: '80', place: '杭州', text: '启运' };

test('a parcel is followed once per vendor, and what is due comes longest due first', () => {
  const { tracking } = opened.store;
  expect(tracking.start('parcel-1', 'hge', 1, 100)).toBe(true);
  expect(tracking.start('parcel-1', 'hge', 2, 200)).toBe(false);
  expect(tracking.start('parcel-1', 'ane', 1, 50)).toBe(true);
  expect(tracking.due('hge', 99, 10)).toEqual([]);
  expect(tracking.due('hge', 100, 10)).toMatchObject([{ parcelId: 'parcel-1', startedAt: 1, status: 'not-found' }]);
  expect(tracking.nextDueAt('ane')).toBe(50);
});

test('a closed row is never due, and a row survives a restart whole', () => {
  const { tracking } = opened.store;
  tracking.start('parcel-1', 'hge', 1, 100);
  const started = tracking.get('parcel-1', 'hge');
  if (started === null) throw new Error('not followed');
  const record = {
    ...started,
    status: 'delivered' as const,
    vendorStatus: '001',
    statusAt: 90,
    lastAskedAt: 95,
    lastHeardAt: 96,
    nextAskAt: null,
    failures: 2,
    lastError: 'x',
    deliveredAt: 90,
    closed: 'delivered' as const,
  };
  tracking.update(record);
  expect(opened.reopen().tracking.get('parcel-1', 'hge')).toEqual(record);
  expect(opened.store.tracking.due('hge', 1e15, 10)).toEqual([]);
  expect(opened.store.tracking.nextDueAt('hge')).toBeNull();
});

test('events heard again change nothing; they are listed in the order they happened', () => {
  const { tracking } = opened.store;
  const later = { ...event, at: 9, text: '到达' };
  expect(tracking.addEvents('parcel-1', 'hge', [later, event], 10)).toBe(2);
  expect(tracking.addEvents('parcel-1', 'hge', [event, later], 11)).toBe(0);
  expect(tracking.events('parcel-1')).toEqual([
    { ...event, vendor: 'hge', heardAt: 10 },
    { ...later, vendor: 'hge', heardAt: 10 },
  ]);
});

test('a push is kept as it came and read once', () => {
  const { tracking } = opened.store;
  const first = tracking.keepPush('hongxun', '{"a":1}', 5);
  expect(tracking.openPushes(10)).toEqual([{ seq: first.seq, vendor: 'hongxun', body: '{"a":1}', receivedAt: 5 }]);
  tracking.settlePush(first.seq, 6, null);
  expect(tracking.openPushes(10)).toEqual([]);
  expect(tracking.keepPush('hongxun', '{"a":1}', 7)).toEqual({ seq: first.seq, open: false });
});

test('a place in a lane is taken once, across restarts', () => {
  const lane = reportLane('parcel-1', 'waiqin365');
  const job = aJob({ lane, laneSeq: 60, operation: 'recordSigned', payload: { signedBy: '张三' } });
  expect(opened.store.jobs.insertOnce(job)).toBe(true);
  expect(opened.reopen().jobs.insertOnce({ ...job, id: 'job-2' })).toBe(false);
  expect(opened.store.jobs.listByLane(lane)).toEqual([job]);
});

test("releasing a parcel lets its reports go, and no other parcel's", () => {
  const { jobs } = opened.store;
  const lanes = ['parcel-1', 'parcel-1#a', 'parcel-1#b', 'parcel-10#a', 'parcel-1$'];
  lanes.forEach((lane, index) => jobs.insert(aJob({ id: `j${index}`, lane, laneSeq: 10, heldBy: 'label-verified' })));
  jobs.release('parcel-1', 'label-verified');
  expect(lanes.map((_lane, index) => jobs.get(`j${index}`)?.heldBy)).toEqual([
    null,
    null,
    null,
    'label-verified',
    'label-verified',
  ]);
  expect(jobs.listByParcel('parcel-1').map((job) => job.lane)).toEqual(['parcel-1', 'parcel-1#a', 'parcel-1#b']);
});

test("a report sees the results of its parcel's label", () => {
  const { jobs } = opened.store;
  jobs.insert(aJob({ id: 'a', laneSeq: 10, state: 'done', result: { vendorOrderNumber: 'V1', waybill: 'W1' } }));
  jobs.insert(aJob({ id: 'b', lane: 'parcel-1#x', laneSeq: 10, operation: 'uploadTracking' }));
  expect(jobs.earlierResults('parcel-1#x', 10)).toEqual({ placeOrder: { vendorOrderNumber: 'V1', waybill: 'W1' } });
});

test('new facts reach only jobs that have had no effect', () => {
  const { jobs } = opened.store;
  const states = [
    { state: 'rejected' },
    { state: 'ready' },
    { state: 'done' },
    { state: 'dead', doubt: true },
    { state: 'sending' },
  ] as const;
  states.forEach((change, index) => jobs.insert(aJob({ id: `j${index}`, laneSeq: index, ...change })));
  const facts = someFacts({ receiver: { ...anAddress, city: '宁波市' } });
  expect(jobs.setFacts('parcel-1', facts)).toBe(2);
  expect(states.map((_change, index) => jobs.get(`j${index}`)?.facts?.receiver.city)).toEqual([
    '宁波市',
    '宁波市',
    '杭州市',
    '杭州市',
    '杭州市',
  ]);
});

test('custom fields of an order are kept, and waiting orders are paged for routing', () => {
  const { orders } = opened.store;
  orders.upsert('v', aPulledOrder({ vendorOrderId: 'v2', number: 'SO-2', fields: { 快递: '安能' } }));
  const first = orders.forRouting(null, 1);
  const second = orders.forRouting(first[0] ?? null, 1);
  expect([...first, ...second].map((row) => [row.number, row.fields])).toEqual([
    ['SO-0001', {}],
    ['SO-2', { 快递: '安能' }],
  ]);
  expect(orders.forRouting(second[0] ?? null, 1)).toEqual([]);
  expect(orders.findByNumber('SO-2')?.fields).toEqual({ 快递: '安能' });
});

test('a corrected address stays until the upstream record changes', () => {
  const { orders } = opened.store;
  const { orderId } = orders.upsert('v', aPulledOrder());
  orders.setReceiver(orderId, { ...anAddress, county: '西湖区' });
  expect(orders.upsert('v', aPulledOrder()).change).toBe('same');
  expect(orders.get(orderId)?.receiver.county).toBe('西湖区');
  orders.upsert('v', aPulledOrder({ receiver: { ...anAddress, line1: '新路 2 号' } }));
  expect(orders.get(orderId)?.receiver.county).toBeUndefined();
});
