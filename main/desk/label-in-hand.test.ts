import { expect, test } from 'vitest';
import { aJob, aParcel, openTestStore } from '../../test/kit/store.ts';
import type { LabelTarget } from '../labels/index.ts';
import { labelInHand } from './desk-context.ts';
import { createLabelStock, type LabelMaker } from './label-stock.ts';

function desk() {
  const { store } = openTestStore();
  const { orderId } = store.orders.upsert('waiqin365', {
    vendorOrderId: '1',
    number: 'XS1',
    state: 'waiting',
    vendorStatus: '',
    customerName: '',
    remark: '',
    dueDate: null,
    receiver: aParcel('x').facts.receiver,
    orderedAt: null,
    modifiedAt: null,
    lines: [],
    raw: null,
  });
  store.parcels.insert(aParcel(orderId, { vendor: 'ane' }));
  return { store, drawsOwnLabel: (vendor: string) => vendor === 'ane' };
}

test('a label of our own is in hand once every step is done and there is a waybill', () => {
  const now = desk();
  expect(labelInHand(now, 'parcel-1')).toBe(false);
  now.store.jobs.insert(aJob({ vendor: 'ane', effect: 'unsafe', state: 'sending' }));
  now.store.parcels.setWaybill('parcel-1', '300012345678');
  expect(labelInHand(now, 'parcel-1')).toBe(false);
  now.store.jobs.update(aJob({ vendor: 'ane', effect: 'unsafe', state: 'done', result: {} }), 'sending');
  expect(labelInHand(now, 'parcel-1')).toBe(true);
  expect(labelInHand({ ...now, drawsOwnLabel: () => false }, 'parcel-1')).toBe(false);
  now.store.parcels.setLabel('parcel-1', { artworkSha256: null, held: 'unreadable' });
  expect(labelInHand(now, 'parcel-1')).toBe(false);
});

const target: LabelTarget = { language: 'zpl', dpi: 203, widthMm: 100, heightMm: 150 };

test('the stock draws our own label with the waybill, and holds it without one', async () => {
  const { store, drawsOwnLabel } = desk();
  const drawn: string[] = [];
  const maker: LabelMaker = {
    prepare: () => Promise.reject(new Error('no artwork')),
    lpnLabel: () => Promise.reject(new Error('not asked for')),
    ownLabel(_parcel, waybill) {
      drawn.push(waybill);
      return Promise.resolve({ held: false, bytes: () => new Uint8Array([1]) });
    },
  };
  const stock = createLabelStock(store, maker, drawsOwnLabel, () => target);
  const parcel = () => store.parcels.get('parcel-1') ?? expect.fail('no parcel');
  expect(await stock.bytes(parcel(), 'carrier', target)).toMatchObject({ held: true });
  store.parcels.setWaybill('parcel-1', '300012345678');
  expect(await stock.bytes(parcel(), 'carrier', target)).toMatchObject({ held: false });
  await stock.bytes(parcel(), 'carrier', target);
  expect(drawn).toEqual(['300012345678']);
});
