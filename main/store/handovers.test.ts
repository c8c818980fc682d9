import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HandoverContent } from '../domain/documents.ts';
import { aParcel, aPulledOrder, openTestStore, type TestStore } from '../../test/kit/store.ts';

let opened: TestStore;
beforeEach(() => {
  opened = openTestStore();
  const { orderId } = opened.store.orders.upsert('v', aPulledOrder());
  for (const id of ['a', 'b', 'c']) opened.store.parcels.insert(aParcel(orderId, { id, reference: id, lpn: `L${id}` }));
});
afterEach(() => opened.remove());

const content = (reference: string, ids: readonly string[]): HandoverContent => ({
  handoverId: reference,
  reference,
  details: {
    handoverNumber: '',
    contactName: '',
    company: '',
    email: '',
    phone: '',
    mobile: '',
    country: '',
    state: '',
    city: '',
    postcode: '',
    houseNumber: '',
    street: '',
    address: '',
  },
  flight: null,
  netWeightG: 1,
  grossWeightG: 1,
  parcels: ids.map((parcelId) => ({ parcelId, reference: parcelId, vendorOrderNumber: '', waybill: '', weightG: 1 })),
  bags: [],
});
const push = (reference: string, ids: readonly string[], repeats: string | null = null): void =>
  opened.store.transaction(() =>
    opened.store.handovers.insert({
      id: reference,
      kind: 'scan-form',
      reference,
      vendor: 'hge',
      content: content(reference, ids),
      repeats,
      createdAt: 1,
    }),
  );

test('a parcel in a living document of a kind goes into no other; nothing of the second one is kept', () => {
  push('S1', ['a', 'b']);
  expect(() => push('S2', ['c', 'b'])).toThrow(/UNIQUE/);
  expect(opened.store.handovers.get('S2')).toBeNull();
  expect(opened.store.handovers.free('scan-form', ['a', 'b', 'c'])).toEqual(['c']);
});

test('what failed may be pushed again, alone', () => {
  push('S1', ['a', 'b']);
  const { handovers } = opened.store;
  const said = [
    { parcelId: 'a', ok: true, reason: '' },
    { parcelId: 'b', ok: false, reason: 'held by customs' },
  ];
  expect(handovers.settle('S1', said, 9)).toBe('partial');
  expect(handovers.parcels('S1')).toMatchObject([
    { parcelId: 'b', state: 'failed', reason: 'held by customs' },
    { parcelId: 'a', state: 'ok' },
  ]);
  expect(() => push('S2', ['a'], 'S1')).toThrow();
  push('S3', ['b'], 'S1');
  expect(handovers.settle('S3', [{ parcelId: 'b', ok: true, reason: '' }], 10)).toBe('through');
  expect(handovers.ofParcel('b').map((each) => [each.handoverId, each.state])).toEqual([
    ['S3', 'ok'],
    ['S1', 'failed'],
  ]);
});

test('a document stays pushed until the carrier has spoken of every parcel', () => {
  push('S1', ['a', 'b']);
  expect(opened.store.handovers.settle('S1', [{ parcelId: 'a', ok: true, reason: '' }], 9)).toBe('pushed');
  expect(opened.store.handovers.get('S1')?.settledAt).toBeNull();
});
