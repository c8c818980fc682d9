import { afterEach, beforeEach, expect, test } from 'vitest';
import { aParcel, aPulledOrder, openTestStore, someFacts, type TestStore } from '../../test/kit/store.ts';

let opened: TestStore;
let orderId: string;
beforeEach(() => {
  opened = openTestStore();
  orderId = opened.store.orders.upsert('v', aPulledOrder()).orderId;
});
afterEach(() => opened.remove());

function labelled(id: string, vendor = 'hge'): void {
  const { parcels } = opened.store;
  const facts = someFacts({ parcelId: id, reference: id });
  parcels.insert(aParcel(orderId, { id, reference: id, lpn: `LPN-${id}`, vendor, facts }));
  parcels.setWaybill(id, `W-${id}`);
  parcels.setVerified(id, 5);
}

const bag = (itemId: string, parcels: number) => ({ kind: 'bag' as const, itemId, number: `BG-${itemId}`, parcels });

test('what is loaded is counted with the loading, also after the database was closed', () => {
  const { loadings } = opened.store;
  loadings.insert({ id: 'L', vendor: 'hge', startedAt: 1 });
  loadings.expect('L', [bag('a', 3), bag('b', 2)]);
  labelled('p');
  labelled('other', 'ane');
  loadings.expectLoose('L', 'hge', false);
  expect(loadings.current()).toMatchObject({ expected: 3, loaded: 0, parcelsExpected: 6 });
  loadings.load('L', 'bag', 'b', 9);
  expect(() => loadings.load('L', 'bag', 'b', 9)).toThrow('loaded already');
  opened.reopen();
  expect(opened.store.loadings.current()).toMatchObject({ loaded: 1, parcelsLoaded: 2 });
  expect(opened.store.loadings.missing('L', 9).map((item) => item.number)).toEqual(['BG-a', 'W-p']);
  expect(opened.store.loadings.lastLoaded('L')).toMatchObject({ itemId: 'b', loadedAt: 9 });
});

test('only loose parcels that a living document holds are expected where there are documents', () => {
  const { loadings, handovers } = opened.store;
  for (const id of ['free', 'open', 'failed', 'again']) labelled(id);
  const push = (id: string, parcelIds: string[]): void => {
    const parcels = parcelIds.map((parcelId) => ({
      ...{ parcelId, reference: parcelId, vendorOrderNumber: parcelId, waybill: parcelId, weightG: 500 },
    }));
    const details = { handoverNumber: '' } as never;
    handovers.insert({
      ...{ id, kind: 'scan-form', reference: id, vendor: 'hge', repeats: null, createdAt: 1 },
      content: {
        handoverId: id,
        reference: id,
        details,
        flight: null,
        netWeightG: 1,
        grossWeightG: 1,
        parcels,
        bags: [],
      },
    });
  };
  push('S1', ['open', 'failed', 'again']);
  handovers.settle(
    'S1',
    ['failed', 'again'].map((parcelId) => ({ parcelId, ok: false, reason: 'no' })),
    2,
  );
  push('S2', ['again']);
  loadings.insert({ id: 'L', vendor: 'hge', startedAt: 1 });
  loadings.expectLoose('L', 'hge', true);
  expect(loadings.missing('L', 9).map((item) => item.itemId)).toEqual(['again', 'open']);
});

test('what leaves is written down in steps; a bag is never divided', () => {
  const { loadings } = opened.store;
  loadings.insert({ id: 'L', vendor: 'hge', startedAt: 1 });
  loadings.expect('L', [bag('a', 30), bag('b', 30), bag('c', 500), bag('d', 1)]);
  for (const id of ['a', 'b', 'c']) loadings.load('L', 'bag', id, 5);
  loadings.finish('L', 'end', 'late', 6);
  expect(loadings.current()).toMatchObject({ state: 'finishing', endedBy: 'end', reason: 'late' });
  const steps: string[][] = [];
  for (;;) {
    const items = loadings.unsettled('L', false, 100);
    if (items.length === 0) break;
    steps.push(items.map((item) => item.itemId));
    loadings.settle('L', items);
  }
  expect(steps).toEqual([['a', 'b'], ['c']]);
  loadings.end('L');
  expect(loadings.current()).toBeNull();
});

test('an item that is no longer expected is not counted any more; a loaded one stays', () => {
  const { loadings } = opened.store;
  loadings.insert({ id: 'L', vendor: 'hge', startedAt: 1 });
  loadings.expect('L', [bag('a', 3), bag('b', 2)]);
  loadings.load('L', 'bag', 'a', 5);
  for (const id of ['a', 'b']) {
    const item = loadings.item('L', 'bag', id);
    if (item !== null) loadings.drop('L', item);
  }
  expect(loadings.current()).toMatchObject({ expected: 1, loaded: 1, parcelsExpected: 3 });
});
