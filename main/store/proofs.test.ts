import { afterEach, beforeEach, expect, test } from 'vitest';
import { aParcel, aPulledOrder, openTestStore, type TestStore } from '../../test/kit/store.ts';
import type { DeliveryPayload } from '../domain/shipping.ts';

let opened: TestStore;
beforeEach(() => {
  opened = openTestStore();
  const { orderId } = opened.store.orders.upsert('v', aPulledOrder());
  opened.store.parcels.insert(aParcel(orderId));
});
afterEach(() => opened.remove());

const delivery: DeliveryPayload = {
  event: { at: 5, status: 'delivered', vendorStatus: '103', place: '杭州', text: '签收' },
  signedBy: '张三',
};

test('a proof is waited for once, and survives a restart whole', () => {
  expect(opened.store.proofs.start('parcel-1', 'hge', delivery, 7, 9)).toBe(true);
  expect(opened.store.proofs.start('parcel-1', 'hge', delivery, 8, 8)).toBe(false);
  opened.store.proofs.askLater('parcel-1', 'hge', 2, 20);
  const record = { parcelId: 'parcel-1', vendor: 'hge', delivery, startedAt: 7, tries: 2, nextAskAt: 20 };
  expect(opened.reopen().proofs.next('hge')).toEqual(record);
  expect(opened.store.proofs.get('parcel-1', 'hge')).toEqual(record);
});

test('what is ended is not waited for any more', () => {
  const { proofs } = opened.store;
  proofs.start('parcel-1', 'hge', delivery, 7, 9);
  proofs.end('parcel-1', 'hge');
  expect([proofs.isWaiting('parcel-1'), proofs.next('hge')]).toEqual([false, null]);
  expect(() => proofs.askLater('parcel-1', 'hge', 1, 2)).toThrow('parcel-1');
});

test('the one due first comes first, and a clock set back makes nobody wait for ever', () => {
  const { proofs, parcels, orders } = opened.store;
  const { orderId } = orders.upsert('v', aPulledOrder({ vendorOrderId: 'v2', number: 'SO-2' }));
  parcels.insert(aParcel(orderId, { id: 'parcel-2', reference: 'R2', lpn: 'L2' }));
  proofs.start('parcel-1', 'hge', delivery, 7, 900);
  proofs.start('parcel-2', 'hge', delivery, 7, 800);
  expect(proofs.next('hge')?.parcelId).toBe('parcel-2');
  expect(proofs.notLater('hge', 850)).toBe(1);
  expect(proofs.get('parcel-1', 'hge')?.nextAskAt).toBe(850);
});
