/** What sealed parcels teach, over a real database: kept across a restart, once per commit, never because of a roll-back. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPulledOrder, openTestStore, type TestStore } from '../../test/kit/store.ts';
import { usualExpectedWeights } from '../domain/expected-weight.ts';
import type { OrderRecord } from '../store/store.ts';
import { createExpectedWeights, weighedItems, type ExpectedWeights } from './expected-weights.ts';

let opened: TestStore;
let order: OrderRecord;
let weights: ExpectedWeights;
const settings = { ...usualExpectedWeights, on: true };
beforeEach(() => {
  opened = openTestStore();
  const { orderId } = opened.store.orders.upsert('waiqin365', aPulledOrder());
  const kept = opened.store.orders.get(orderId);
  if (kept === null) throw new Error('the order was not kept');
  // One line, so that every parcel tells of it.
  order = { ...kept, lines: kept.lines.slice(0, 1) };
  weights = createExpectedWeights({ store: opened.store, settings });
});
afterEach(() => {
  opened.remove();
});

const learn = (grams: number, overridden = false): void =>
  opened.store.transaction(() => {
    weights.learn(order, grams, overridden);
  });
const samples = (): number[] => {
  const skus = weighedItems(order).map(({ sku }) => sku);
  return [...opened.store.itemWeights.known(skus).items.values()].map((item) => item.samples);
};

test('a range is there after enough parcels, and again after a restart', () => {
  for (let n = 0; n < settings.minSamples; n += 1) {
    expect(weights.of(order)).toBeNull();
    learn(820);
  }
  const before = weights.of(order);
  expect(before).toMatchObject({ expectedG: 820 });
  const again = createExpectedWeights({ store: opened.reopen(), settings });
  expect(again.of(order)).toEqual(before);
});

test('a sealing that fails teaches nothing', () => {
  learn(820);
  expect(() =>
    opened.store.transaction(() => {
      weights.learn(order, 820, false);
      throw new Error('the disk is gone');
    }),
  ).toThrow('the disk is gone');
  expect(samples()).toEqual([1]);
});

test('a weight a person let pass teaches nothing', () => {
  learn(820);
  learn(2_000, true);
  expect(samples()).toEqual([1]);
});

test('turned off, nothing is expected, and it is learned all the same', () => {
  const off = createExpectedWeights({ store: opened.store, settings: { ...settings, on: false } });
  for (let n = 0; n < settings.minSamples; n += 1) {
    opened.store.transaction(() => {
      off.learn(order, 820, false);
    });
  }
  expect(off.of(order)).toBeNull();
  expect(weights.of(order)).not.toBeNull();
});

test('the same product in another unit, or of another upstream, is another SKU', () => {
  const [line] = order.lines;
  if (line === undefined) throw new Error('the order has no line');
  const skus = [
    order,
    { ...order, vendor: 'other' },
    { ...order, lines: [{ ...line, unitName: `${line.unitName} of twelve` }] },
  ].map((each) => weighedItems(each)[0]?.sku);
  expect(new Set(skus).size).toBe(3);
});
