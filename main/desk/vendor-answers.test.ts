/** A person answers what nobody else can tell: with the real store and outbox, and a vendor that counts. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFakeCourier, type FakeCourier } from '../../test/kit/courier.ts';
import { fixedRandom, silentLog } from '../../test/kit/ports.ts';
import { aJob, aParcel, aPulledOrder, openTestStore, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import { createOutbox, type Outbox } from '../outbox/outbox.ts';
import { createAttention, type Attention } from './attention.ts';
import { keepJobResult } from './job-results.ts';
import { createVendorAnswers, type VendorAnswers } from './vendor-answers.ts';

let clock: VirtualClock;
let opened: TestStore;
let courier: FakeCourier;
let outbox: Outbox;
let answers: VendorAnswers;
let attention: Attention;
let orderId: string;
let failing: boolean;

beforeEach(async () => {
  clock = createVirtualClock();
  opened = openTestStore({ clock });
  failing = false;
  const { store } = opened;
  ({ orderId } = store.orders.upsert('waiqin365', aPulledOrder()));
  store.parcels.insert(aParcel(orderId, { vendor: 'ane' }));
  courier = createFakeCourier({ effect: 'unsafe', keyWindowMs: null });
  outbox = createOutbox({
    ...{ store, courier, clock, random: fixedRandom(), ids: opened.ids, log: silentLog },
    onDone: (job) => {
      if (failing) throw new Error('no room for the result');
      keepJobResult(store, job);
    },
  });
  answers = createVendorAnswers({
    store,
    vendorName: () => 'ANE',
    drawsOwnLabel: () => true,
    settleByHand: (jobId, decision, result) => outbox.settleByHand(jobId, decision, result),
    poke: () => outbox.poke(),
  });
  attention = createAttention({
    ...{ store, clock, ids: opened.ids, log: silentLog, answers, printing: { settle: () => false } },
    parcelOnDesk: () => null,
    intake: () => null,
    redrive: (jobId) => {
      outbox.redrive(jobId);
    },
    poke: () => outbox.poke(),
  });
  store.jobs.insert(aJob({ vendor: 'ane', effect: 'unsafe' }));
  outbox.start();
  await clock.settle();
});
afterEach(async () => {
  const stopping = outbox.stop();
  await clock.advance(10_000);
  await stopping;
  opened.remove();
});

/** No answer came: what happened is anybody's guess. */
async function lose(): Promise<void> {
  courier.pending[0]?.answer({ kind: 'unknown', code: 'timeout', message: 'no answer' });
  await clock.settle();
}
const job = () => opened.store.jobs.get('job-1');
const settled = () => opened.store.events.listForOrder(orderId).filter(({ kind }) => kind === 'vendor-settled');

test('an order in doubt waits for a person, with the question and both answers, and is never sent again by itself', async () => {
  await lose();
  await clock.advance(86_400_000);
  expect(courier.sends).toHaveLength(1);
  expect(attention.list()).toMatchObject([
    {
      id: 'job:job-1',
      orderNumber: 'SO-0001',
      notice: { code: 'vendor.ask-order', params: { vendor: 'ANE', number: 'SO-0001', reference: 'REF-1' } },
      actions: ['exists', 'resend'],
      needsWaybill: true,
    },
  ]);
});

test('"yes, it exists" takes the number, asks the vendor nothing more, and is on record', async () => {
  await lose();
  attention.resolve('job:job-1', 'exists', '', 'YD100200300');
  await clock.settle();
  expect(courier.sends).toHaveLength(1);
  expect(job()).toMatchObject({ state: 'done', doubt: false });
  expect(opened.store.parcels.get('parcel-1')?.waybill).toBe('YD100200300');
  expect(settled()).toMatchObject([
    { detail: { answer: 'exists', waybill: 'YD100200300', requestId: 'request-job-1' } },
  ]);
  expect(attention.list()).toEqual([]);
});

test('"no, it does not" sends it once more, under the same id, and is on record', async () => {
  await lose();
  attention.resolve('job:job-1', 'resend', 'looked at their screen');
  await clock.settle();
  expect(courier.sends.map(({ call }) => call.requestId)).toEqual(['request-job-1', 'request-job-1']);
  expect(settled()).toMatchObject([{ detail: { answer: 'not-there', reason: 'looked at their screen' } }]);
});

test('"yes" without a number, with a number that is no number, or with another parcel\'s is refused and changes nothing', async () => {
  await lose();
  opened.store.parcels.insert(aParcel(orderId, { id: 'parcel-2', reference: 'REF-2', lpn: 'LPN-2' }));
  opened.store.parcels.setWaybill('parcel-2', 'TAKEN-1');
  for (const number of [null, '  ', 'TAKEN-1']) {
    expect(() => attention.resolve('job:job-1', 'exists', '', number), String(number)).toThrow(/number/);
  }
  expect(job()?.state).toBe('dead');
  expect(settled()).toEqual([]);
});

test('a result that could not be taken in is kept, and taken in on one key once it can be', async () => {
  failing = true;
  courier.pending[0]?.answer({ kind: 'done', result: { vendorOrderNumber: 'A1', waybill: 'W-55' } });
  await clock.settle();
  expect(attention.list()).toMatchObject([
    { notice: { code: 'vendor.result-unusable' }, actions: ['adopt', 'resend'] },
  ]);
  expect(() => attention.resolve('job:job-1', 'adopt', '')).toThrow('no room for the result');
  expect(job()?.state).toBe('dead');
  failing = false;
  attention.resolve('job:job-1', 'adopt', '');
  expect(opened.store.parcels.get('parcel-1')?.waybill).toBe('W-55');
  expect(courier.sends).toHaveLength(1);
});
