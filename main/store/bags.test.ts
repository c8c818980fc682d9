import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aParcel, aPulledOrder, openTestStore, someFacts, type TestStore } from '../../test/kit/store.ts';
import type { NewBag } from './bags.ts';

let opened: TestStore;
let orderId: string;
beforeEach(() => {
  opened = openTestStore();
  orderId = opened.store.orders.upsert('v', aPulledOrder()).orderId;
});
afterEach(() => opened.remove());

const route = { vendor: 'hge', service: 'P10006', destination: 'US' };
const newBag = (id: string, change: Partial<NewBag> = {}): NewBag => ({
  id,
  number: `BAG-${id}`,
  route,
  limits: { maxParcels: 500, maxWeightG: 1_000_000 },
  tareG: 200,
  openedAt: 1,
  follows: null,
  ...change,
});

/** A parcel whose label was scanned. */
function labelled(id: string, weightG: number): { parcelId: string; weightG: number } {
  const facts = someFacts({ parcelId: id, reference: id });
  const given = { id, reference: id, lpn: `LPN-${id}`, vendor: 'hge', service: 'P10006', weightG };
  opened.store.parcels.insert(
    aParcel(orderId, { ...given, facts: { ...facts, receiver: { ...facts.receiver, country: 'US' } } }),
  );
  opened.store.parcels.setVerified(id, 5);
  return { parcelId: id, weightG };
}

test('a bag counts and weighs what is scanned into it, and gives it back', () => {
  const { bags } = opened.store;
  bags.insert(newBag('b1'));
  const [a, b] = [labelled('a', 500), labelled('b', 700)];
  bags.put('b1', a, 10);
  bags.put('b1', b, 11);
  expect(bags.get('b1')).toMatchObject({ parcels: 2, parcelsWeightG: 1_200 });
  expect(bags.parcels('b1').map((each) => each.parcelId)).toEqual(['a', 'b']);
  bags.takeOut('b1', a);
  expect(bags.get('b1')).toMatchObject({ parcels: 1, parcelsWeightG: 700 });
  expect(bags.placeOf('a')).toEqual({ bagId: null, handedOverAt: null });
});

test('a parcel cannot be in two bags, nor go into a bag that is not open', () => {
  const { bags } = opened.store;
  bags.insert(newBag('b1'));
  bags.insert(newBag('b2'));
  const a = labelled('a', 500);
  bags.put('b1', a, 10);
  expect(() => bags.put('b2', a, 11)).toThrow('in a bag already');
  bags.change('b2', { state: 'closed' });
  expect(() => bags.put('b2', labelled('b', 300), 11)).toThrow('not open');
  expect(bags.placeOf('b')?.bagId).toBeNull();
});

test('what is labelled and in no bag is listed by route until it is handed over', () => {
  const { bags } = opened.store;
  bags.insert(newBag('b1'));
  const [a, b] = [labelled('a', 500), labelled('b', 700)];
  expect(bags.loose()).toEqual([{ route, parcels: 2, weightG: 1_200 }]);
  bags.put('b1', a, 10);
  expect(bags.looseOf(route, 10).map((each) => each.parcelId)).toEqual(['b']);
  bags.handOver(['b1'], [b.parcelId], 20);
  expect(bags.loose()).toEqual([]);
  expect(bags.placeOf('a')).toEqual({ bagId: 'b1', handedOverAt: 20 });
  expect(bags.get('b1')?.handedOver).toBe(true);
});

test('a bag is found by our number and by the carrier’s', () => {
  const { bags } = opened.store;
  bags.insert(newBag('b1'));
  bags.change('b1', { vendorBagNumber: 'BG1', state: 'closed', voidedParcels: ['a'] });
  expect(bags.findByNumber('BAG-b1')?.id).toBe('b1');
  expect(bags.findByNumber('BG1')).toMatchObject({ id: 'b1', state: 'closed', voidedParcels: ['a'] });
});

test('over any order of scans the count and sum of each bag are those of its parcels', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom('x', 'y', null)), { maxLength: 30 }),
      (steps) => {
        const own = openTestStore();
        try {
          const { bags, parcels, orders } = own.store;
          const order = orders.upsert('v', aPulledOrder()).orderId;
          bags.insert(newBag('x'));
          bags.insert(newBag('y'));
          const made = [0, 1, 2, 3, 4, 5].map((n) => {
            const id = `p${n}`;
            const weightG = 100 + n * 37;
            parcels.insert(aParcel(order, { id, reference: id, lpn: `L${n}`, weightG }));
            return { parcelId: id, weightG };
          });
          for (const [n, into] of steps) {
            const parcel = made[n] ?? { parcelId: '', weightG: 0 };
            const at = bags.placeOf(parcel.parcelId)?.bagId ?? null;
            if (at !== null) bags.takeOut(at, parcel);
            if (into !== null) bags.put(into, parcel, 1);
          }
          for (const bag of bags.listOpen()) {
            const inside = bags.parcels(bag.id);
            expect(bag.parcels).toBe(inside.length);
            expect(bag.parcelsWeightG).toBe(inside.reduce((sum, each) => sum + each.weightG, 0));
          }
        } finally {
          own.remove();
        }
      },
    ),
    { numRuns: 25 },
  );
});
