import { afterEach, beforeEach, expect, test } from 'vitest';
import { aLine, anAddress, aParcel, aPulledOrder, openTestStore } from '../../test/kit/store.ts';
import type { TestStore } from '../../test/kit/store.ts';

let opened: TestStore;
beforeEach(() => {
  opened = openTestStore();
});
afterEach(() => opened.remove());

const found = (search: string) => opened.store.orders.list({ status: null, search, offset: 0, limit: 10 }).rows;

test('a pulled order is stored once, whatever the number of pulls', () => {
  const { orders } = opened.store;
  const first = orders.upsert('waiqin365', aPulledOrder());
  expect(first.change).toBe('new');
  expect(orders.upsert('waiqin365', aPulledOrder())).toEqual({ orderId: first.orderId, change: 'same' });
  expect(orders.get(first.orderId)).toMatchObject({ number: 'SO-0001', status: 'waiting', version: 1 });
  expect(orders.counts().waiting).toBe(1);
});

test('the same vendor id at another vendor is another order, and a number finds the newest', () => {
  const { orders } = opened.store;
  orders.upsert('waiqin365', aPulledOrder());
  const second = orders.upsert('hge', aPulledOrder());
  expect(orders.findByNumber('SO-0001')?.id).toBe(second.orderId);
});

test('changed lines grow the version and keep the ids of lines that stayed', () => {
  const { orders } = opened.store;
  const { orderId } = orders.upsert('waiqin365', aPulledOrder());
  const before = orders.get(orderId);
  const changed = aPulledOrder({ lines: [aLine({ vendorLineId: '0' }), aLine({ quantity: '3' })] });
  expect(orders.upsert('waiqin365', changed).change).toBe('updated');
  const after = orders.get(orderId);
  expect(after?.version).toBe(2);
  expect(after?.lines[1]?.id).toBe(before?.lines[0]?.id);
  expect(after?.lines[0]?.id).not.toBe(before?.lines[0]?.id);
});

test('a changed remark is an update but no new version', () => {
  const { orders } = opened.store;
  const { orderId } = orders.upsert('waiqin365', aPulledOrder());
  expect(orders.upsert('waiqin365', aPulledOrder({ remark: '易碎' })).change).toBe('updated');
  expect(orders.get(orderId)).toMatchObject({ remark: '易碎', version: 1 });
});

test.each(['cancelled', 'deleted', 'closed'] as const)(
  'an order %s upstream leaves the queue while it waits',
  (state) => {
    const { orders } = opened.store;
    const { orderId } = orders.upsert('waiqin365', aPulledOrder());
    expect(orders.upsert('waiqin365', aPulledOrder({ state })).change).toBe('withdrawn');
    expect(orders.get(orderId)).toMatchObject({ status: 'cancelled', upstream: state });
    expect(orders.upsert('waiqin365', aPulledOrder({ state })).change).toBe('same');
  },
);

test.each(['packing', 'sealed', 'rack', 'labelled', 'attention', 'shipped'] as const)(
  'an order cancelled upstream while %s keeps its status and its lines, and is reported',
  (status) => {
    const { orders } = opened.store;
    const { orderId } = orders.upsert('waiqin365', aPulledOrder());
    orders.setStatus(orderId, status);
    expect(orders.upsert('waiqin365', aPulledOrder({ state: 'cancelled', lines: [] })).change).toBe('withdrawn');
    expect(orders.get(orderId)).toMatchObject({ status, upstream: 'cancelled', lines: [{ productCode: 'TEA-001' }] });
  },
);

test('an order closed upstream after we shipped it is no news for a person', () => {
  const { orders } = opened.store;
  const { orderId } = orders.upsert('waiqin365', aPulledOrder());
  orders.setStatus(orderId, 'shipped');
  expect(orders.upsert('waiqin365', aPulledOrder({ state: 'closed' })).change).toBe('updated');
});

test('an order that comes back upstream waits again, unless it was sealed', () => {
  const { orders, parcels } = opened.store;
  const back = orders.upsert('waiqin365', aPulledOrder());
  orders.upsert('waiqin365', aPulledOrder({ state: 'cancelled' }));
  orders.upsert('waiqin365', aPulledOrder());
  expect(orders.get(back.orderId)?.status).toBe('waiting');

  const sealed = orders.upsert('waiqin365', aPulledOrder({ vendorOrderId: 'v2', number: 'SO-2' }));
  parcels.insert(aParcel(sealed.orderId));
  orders.setStatus(sealed.orderId, 'cancelled');
  orders.upsert('waiqin365', aPulledOrder({ vendorOrderId: 'v2', number: 'SO-2', remark: 'back' }));
  expect(orders.get(sealed.orderId)?.status).toBe('cancelled');
});

test('a status the desk has reached survives every pull', () => {
  const { orders } = opened.store;
  const { orderId } = orders.upsert('waiqin365', aPulledOrder());
  orders.setStatus(orderId, 'labelled');
  orders.upsert('waiqin365', aPulledOrder({ customerName: '另一家' }));
  expect(orders.get(orderId)).toMatchObject({ status: 'labelled', customerName: '另一家' });
});

test('the raw record is kept as it came, the newest on top', () => {
  const { orders } = opened.store;
  const { orderId } = orders.upsert('waiqin365', aPulledOrder({ raw: { a: '001' } }));
  orders.upsert('waiqin365', aPulledOrder({ raw: { a: '002' } }));
  expect(orders.rawOf(orderId)).toEqual({ a: '002' });
});

test('a record that could not be read is kept once', () => {
  const { orders } = opened.store;
  const refused = { number: 'SO-9', reason: 'lines: missing', raw: { id: 9 } };
  expect(orders.keepRefused('waiqin365', refused)).toBe(true);
  expect(orders.keepRefused('waiqin365', refused)).toBe(false);
  expect(orders.listRefused(10)).toMatchObject([{ vendor: 'waiqin365', number: 'SO-9', reason: 'lines: missing' }]);
});

test('search finds numbers, names, codes, LPN and waybill by any part, in any case or width', () => {
  const { orders, parcels } = opened.store;
  const { orderId } = orders.upsert(
    'waiqin365',
    aPulledOrder({
      receiver: { ...anAddress, name: "Anna O'Neil 王小明" },
      lines: [aLine({ productCode: 'abc-77/X' })],
    }),
  );
  orders.upsert('waiqin365', aPulledOrder({ vendorOrderId: 'other', number: 'ZZ-9', lines: [], customerName: 'q' }));
  parcels.insert(aParcel(orderId));
  parcels.setWaybill('parcel-1', '00123456789');
  for (const search of [
    'SO-0001',
    'so0001',
    '0001',
    '小明',
    '西湖',
    'o’neil',
    'C-77/x',
    'ＬＰＮ',
    '2345678',
    '西 0001',
  ]) {
    expect(
      found(search).map((row) => row.id),
      search,
    ).toEqual([orderId]);
  }
  expect(found('1').map((row) => row.id)).toContain(orderId);
  for (const search of ['小王', '9999', '"', 'AND', '*', 'ZZ9 小明']) expect(found(search), search).toEqual([]);
  expect(found('0001')[0]).toMatchObject({ waybill: '00123456789', lpn: 'LPN-0001' });
});

test('waiting orders are listed oldest first, others newest first, with the true total', () => {
  const { orders } = opened.store;
  const numbers = ['a', 'b', 'c'].map((number, index) => {
    const order = aPulledOrder({ vendorOrderId: number, number, orderedAt: 1_000 - index });
    return orders.upsert('waiqin365', order).orderId;
  });
  const list = (status: 'waiting' | null, offset: number) =>
    orders.list({ status, search: '', offset, limit: 2 }).rows.map((row) => row.id);
  expect(list('waiting', 0)).toEqual([numbers[2], numbers[1]]);
  expect(list('waiting', 2)).toEqual([numbers[0]]);
  expect(list(null, 0)).toEqual([numbers[0], numbers[1]]);
  expect(orders.list({ status: 'waiting', search: '', offset: 0, limit: 1 }).total).toBe(3);
});

test('the revision grows with every change and survives a restart', () => {
  const { orders } = opened.store;
  const { orderId } = orders.upsert('waiqin365', aPulledOrder());
  const before = orders.revision();
  orders.setStatus(orderId, 'packing');
  const after = orders.revision();
  expect(after).toBeGreaterThan(before);
  expect(opened.reopen().orders.revision()).toBe(after);
});

test('a product is known by its code, id or barcode, whole and whatever its case, and by nothing less', () => {
  const { orders } = opened.store;
  orders.upsert('waiqin365', aPulledOrder());
  expect(orders.knowsProduct('tea-001')).toBe(true);
  expect(orders.knowsProduct('6901234567892')).toBe(true);
  expect(orders.knowsProduct('TEA')).toBe(false);
  expect(orders.knowsProduct('SO-0001')).toBe(false);
  expect(orders.knowsProduct('!')).toBe(false);
});
