import { afterEach, beforeEach, expect, test } from 'vitest';
import { aParcel, aPulledOrder, openTestStore } from '../../test/kit/store.ts';
import type { TestStore } from '../../test/kit/store.ts';
import type { ParcelPrint } from './store.ts';

let opened: TestStore;
let orderId: string;
beforeEach(() => {
  opened = openTestStore();
  orderId = opened.store.orders.upsert('waiqin365', aPulledOrder()).orderId;
});
afterEach(() => opened.remove());

const print = (changes: Partial<ParcelPrint> = {}): ParcelPrint => ({
  id: 'print-1',
  parcelId: 'parcel-1',
  kind: 'carrier',
  printerId: 'label',
  state: 'claimed',
  copy: 0,
  reason: '',
  bytesWritten: 0,
  message: '',
  createdAt: 1,
  settledAt: null,
  ...changes,
});

test('a parcel is found by each of its numbers, exactly as written', () => {
  const { parcels } = opened.store;
  parcels.insert(aParcel(orderId));
  parcels.setWaybill('parcel-1', '00123');
  expect(parcels.findByWaybill('00123')?.id).toBe('parcel-1');
  expect(parcels.findByWaybill('123')).toBeNull();
  expect(parcels.findByLpn('LPN-0001')?.id).toBe('parcel-1');
  expect(parcels.findByReference('REF-1')?.id).toBe('parcel-1');
  expect(parcels.listByOrder(orderId).map(({ id }) => id)).toEqual(['parcel-1']);
  expect(opened.store.orders.row(orderId)).toMatchObject({ waybill: '00123', lpn: 'LPN-0001' });
});

test('a reference or LPN is never given twice', () => {
  const { parcels } = opened.store;
  parcels.insert(aParcel(orderId));
  expect(() => parcels.insert(aParcel(orderId, { id: 'parcel-2', lpn: 'LPN-2' }))).toThrow(/UNIQUE/u);
  expect(() => parcels.insert(aParcel(orderId, { id: 'parcel-2', reference: 'REF-2' }))).toThrow(/UNIQUE/u);
});

test('what becomes of a parcel is kept across a restart', () => {
  const { parcels } = opened.store;
  parcels.insert({ ...aParcel(orderId), tareG: 120 });
  const sha256 = parcels.putArtwork({ type: 'application/zpl', base64: 'XlhB' });
  parcels.setLabel('parcel-1', { artworkSha256: sha256, held: null });
  parcels.setVerified('parcel-1', 20);
  parcels.setRacked('parcel-1', 10);
  expect(opened.reopen().parcels.get('parcel-1')).toEqual({
    ...aParcel(orderId),
    tareG: 120,
    waybill: null,
    artworkSha256: sha256,
    labelHeld: null,
    verifiedAt: 20,
    rackedAt: 10,
  });
});

test('the same artwork is kept once, under the hash of its bytes', () => {
  const { parcels } = opened.store;
  const artwork = { type: 'image/png', base64: Buffer.from('label').toString('base64') } as const;
  expect([parcels.putArtwork(artwork), parcels.putArtwork(artwork)]).toEqual([
    '1aca80e8b55c802f7b43740da2990e1b5735bbb323d93eb5ebda8395b04025e2',
    '1aca80e8b55c802f7b43740da2990e1b5735bbb323d93eb5ebda8395b04025e2',
  ]);
  expect(parcels.getArtwork(parcels.putArtwork(artwork))).toEqual(artwork);
  expect(parcels.getArtwork('0'.repeat(64))).toBeNull();
});

test('a parcel or print that is not there cannot be changed', () => {
  expect(() => opened.store.parcels.setWaybill('nobody', '1')).toThrow('No parcel nobody.');
  expect(() => opened.store.prints.update(print())).toThrow('No print print-1.');
});

test('after a crash a print that wrote nothing still waits for its printer, and one being sent is unknown', () => {
  const { parcels, prints } = opened.store;
  parcels.insert(aParcel(orderId));
  prints.insert(print());
  prints.insert(print({ id: 'print-2', state: 'sending', bytesWritten: 40 }));
  prints.insert(print({ id: 'print-3', state: 'printed' }));
  prints.insert(print({ id: 'print-4', state: 'preflight' }));
  const again = opened.reopen().prints;
  expect(again.recoverInterrupted(9).map(({ id }) => id)).toEqual(['print-4', 'print-2']);
  const states = again.listByParcel('parcel-1').map(({ state }) => state);
  expect(states).toEqual(['claimed', 'unknown', 'printed', 'claimed']);
  expect(again.get('print-2')?.settledAt).toBeNull();
  expect(again.listByState('unknown').map(({ id }) => id)).toEqual(['print-2']);
});
