import { afterEach, beforeEach, expect, test } from 'vitest';
import { stageOf } from '../domain/stage.ts';
import {
  aJob,
  aParcel,
  aPulledOrder,
  anAddress,
  openTestStore,
  someFacts,
  type TestStore,
} from '../../test/kit/store.ts';
import type { ParcelJob } from '../domain/job.ts';
import { correctAddress } from './address.ts';
import { packSnapshot, readDeskFacts, stageFacts } from './snapshot.ts';

const receiver = { ...anAddress, state: '', city: '', line1: '朝阳区幸福路 1 号' };
const facts = someFacts({ receiver });
const error = { kind: 'rejected', code: 'address-unsure', message: 'two places have this name', at: 5 } as const;

let opened: TestStore;
let orderId: string;
beforeEach(() => {
  opened = openTestStore();
  orderId = opened.store.orders.upsert('v', aPulledOrder({ receiver })).orderId;
  opened.store.parcels.insert(aParcel(orderId, { facts }));
});
afterEach(() => opened.remove());

function place(changes: Partial<ParcelJob>): void {
  opened.store.jobs.insert(aJob({ facts, ...changes }));
  opened.store.jobs.insert(
    aJob({ id: 'job-2', lane: 'parcel-1#asiabill', laneSeq: 10, operation: 'uploadTracking', facts }),
  );
}

const correction = (): Parameters<typeof correctAddress>[1] => ({
  orderId,
  state: '北京市',
  city: '北京市',
  county: '朝阳区',
  line1: '幸福路 1 号',
});

test('the question shows the address in its parts and as it was written', () => {
  place({ state: 'rejected', lastError: error });
  const now = readDeskFacts(opened.store, { orderId, orderVersion: 1, parcelId: 'parcel-1', scans: [] });
  const { prompt } = packSnapshot(now, stageOf(stageFacts(now, (id) => id)), null, (id) => id);
  expect(prompt?.kind).toBe('address-unsure');
  expect(prompt?.address?.whole).toBe('朝阳区幸福路 1 号');
  expect(prompt?.options.map((option) => option.command)).toEqual(['retry', 'release-order']);
});

test('a corrected address reaches every job without an effect, the order, and the record', () => {
  place({ state: 'rejected', lastError: error });
  const { jobId } = correctAddress(opened.store, correction());
  expect(jobId).toBe('job-1');
  const corrected = { state: '北京市', city: '北京市', county: '朝阳区', line1: '幸福路 1 号', line2: '' };
  const { store } = opened;
  expect(store.jobs.get('job-1')?.facts?.receiver).toMatchObject(corrected);
  expect(store.jobs.get('job-2')?.facts?.receiver).toMatchObject(corrected);
  expect(store.parcels.get('parcel-1')?.facts.receiver).toMatchObject(corrected);
  expect(store.orders.get(orderId)?.receiver).toMatchObject(corrected);
  const written = store.events.listForOrder(orderId).find((entry) => entry.kind === 'address-corrected');
  expect(written?.detail).toMatchObject({ before: { line1: receiver.line1 }, after: corrected });
});

test.each<Partial<ParcelJob>>([
  { state: 'done', result: { vendorOrderNumber: '1', waybill: 'W' } },
  { state: 'sending' },
  { state: 'rejected', lastError: error, doubt: true },
  { state: 'unknown', doubt: true },
])('an address that may be at the carrier already is not changed: %j', (changes) => {
  place(changes);
  expect(() => correctAddress(opened.store, correction())).toThrow(/only while the carrier refuses/u);
  expect(opened.store.orders.get(orderId)?.receiver).toEqual(receiver);
});
