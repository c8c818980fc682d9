import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OperationName } from '../domain/shipping.ts';
import { createOutbox, type Outbox } from '../outbox/outbox.ts';
import { createFakeCourier, type FakeCourier } from '../../test/kit/courier.ts';
import { fixedRandom, silentLog } from '../../test/kit/ports.ts';
import { aPulledOrder, openTestStore, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import { labelVerified, sealParcel, type PlannedJob } from './sealing.ts';

const step = (operation: OperationName): PlannedJob => ({ vendor: 'hge', operation, effect: 'keyed', heldBy: null });
const report = (vendor: string, operation: OperationName): PlannedJob => ({
  vendor,
  operation,
  effect: 'safe',
  heldBy: labelVerified,
});
const jobs = [
  step('placeOrder'),
  step('fetchLabel'),
  report('asiabill', 'uploadTracking'),
  report('hongxun', 'reportParcel'),
  report('hongxun', 'recordShipment'),
  report('waiqin365', 'recordShipment'),
];

let clock: VirtualClock;
let opened: TestStore;
let courier: FakeCourier;
let outbox: Outbox;
let parcelId: string;
beforeEach(() => {
  clock = createVirtualClock();
  opened = openTestStore({ clock });
  courier = createFakeCourier();
  const { store, ids } = opened;
  outbox = createOutbox({ store, courier, clock, random: fixedRandom(), ids, log: silentLog });
  const { orderId } = store.orders.upsert('waiqin365', aPulledOrder());
  const order = store.orders.get(orderId);
  if (order === null) throw new Error('the order was not kept');
  parcelId = store.transaction(() =>
    sealParcel(store, ids, {
      order,
      deskId: 'D01',
      vendor: 'hge',
      service: null,
      weightG: 500,
      weightFrames: [],
      jobs,
      at: clock.now(),
      overrideReason: '',
    }),
  ).id;
});
afterEach(async () => {
  await outbox.stop();
  opened.remove();
});

const sent = (): string[] => courier.sends.map(({ vendor, call }) => `${vendor} ${call.operation}`);

test('nobody is told of a parcel before its label was scanned on it', async () => {
  courier.onSend = () => ({ kind: 'done', result: {} });
  outbox.start();
  await clock.advance(60_000);
  expect(sent()).toEqual(['hge placeOrder', 'hge fetchLabel']);
});

test('a report that is refused delays neither the label nor what other vendors are told', async () => {
  courier.onSend = (vendor) =>
    vendor === 'hge'
      ? null
      : vendor === 'waiqin365'
        ? { kind: 'done', result: {} }
        : { kind: 'rejected', code: 'x', message: 'no' };
  opened.store.jobs.release(parcelId, labelVerified);
  outbox.start();
  await clock.advance(60_000);
  // The carrier has not even answered: what others are told does not wait behind it, nor behind each other.
  expect(sent().toSorted()).toEqual([
    'asiabill uploadTracking',
    'hge placeOrder',
    'hongxun reportParcel',
    'waiqin365 recordShipment',
  ]);
  courier.onSend = () => ({ kind: 'done', result: {} });
  courier.pending[0]?.answer({ kind: 'done', result: {} });
  await clock.advance(60_000);
  expect(sent()).toContain('hge fetchLabel');
  // One vendor hears things in their order: its second report waits behind the first.
  expect(sent()).not.toContain('hongxun recordShipment');
});

test('a report is sent with the results of the label', async () => {
  courier.onSend = (_vendor, call) => ({
    kind: 'done',
    result: call.operation === 'fetchLabel' ? { waybill: 'W1' } : {},
  });
  outbox.start();
  await clock.advance(1_000);
  opened.store.jobs.release(parcelId, labelVerified);
  outbox.poke();
  await clock.advance(1_000);
  const upload = courier.sends.find(({ call }) => call.operation === 'uploadTracking');
  expect(upload?.call.earlier.fetchLabel).toEqual({ waybill: 'W1' });
});
