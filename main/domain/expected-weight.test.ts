/** Simulated catalogues: what is learned is compared with what the simulation knows. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectWeight, likelyCause, usualExpectedWeights as settings } from './expected-weight.ts';
import { parcelItems, unitWeightG, unknownPackaging } from './item-weights.ts';
import type { ItemWeight, KnownWeights, PackagingWeight, ParcelItem } from './item-weights.ts';
import { learnWeight } from './learn-weight.ts';

/** A desk that learns, as the store keeps it. */
class Memory {
  packaging: PackagingWeight = unknownPackaging;
  readonly items = new Map<string, ItemWeight>();
  get known(): KnownWeights {
    return this;
  }
  expect(items: readonly ParcelItem[]) {
    return expectWeight(parcelItems(items), this.known, settings);
  }
  learn(items: readonly ParcelItem[], grams: number, overridden = false): void {
    const next = learnWeight(parcelItems(items), grams, overridden, this.known, settings);
    this.packaging = next.packaging;
    for (const [sku, item] of next.items) this.items.set(sku, item);
  }
  unit(sku: string): number {
    const item = this.items.get(sku);
    return item === undefined ? NaN : unitWeightG(item, this.packaging);
  }
}

const of = (sku: string, quantity = 1): ParcelItem => ({ sku, name: `name of ${sku}`, quantity });

/** Mulberry32 and a Box-Muller normal: the simulation's own chance, from one seed. */
function chance(seed: number) {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4_294_967_296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal, below: (n: number) => Math.floor(uniform() * n) };
}

interface World {
  readonly skus: readonly { readonly sku: string; readonly unitG: number; readonly spreadG: number }[];
  readonly packagingG: number;
  readonly packagingSpreadG: number;
  readonly random: ReturnType<typeof chance>;
}

function world(seed: number, skus = 8): World {
  const random = chance(seed);
  return {
    random,
    packagingG: 40 + random.uniform() * 260,
    packagingSpreadG: 3 + random.uniform() * 17,
    skus: Array.from({ length: skus }, (_, index) => {
      const unitG = 30 * Math.exp(random.uniform() * Math.log(100));
      return { sku: `S${index}`, unitG, spreadG: unitG * (0.003 + random.uniform() * 0.025) };
    }),
  };
}

function weigh({ skus, packagingG, packagingSpreadG, random }: World, items: readonly ParcelItem[]): number {
  let grams = packagingG + packagingSpreadG * random.normal();
  for (const { sku, quantity } of items) {
    const truth = skus.find((each) => each.sku === sku);
    for (let n = 0; n < quantity; n += 1) grams += (truth?.unitG ?? 0) + (truth?.spreadG ?? 0) * random.normal();
  }
  return Math.max(1, Math.round(grams / 5) * 5);
}

function trueDeviation({ skus, packagingSpreadG }: World, items: readonly ParcelItem[]): number {
  let variance = packagingSpreadG ** 2 + 25 / 12;
  for (const { sku, quantity } of items) {
    variance += quantity * (skus.find((each) => each.sku === sku)?.spreadG ?? 0) ** 2;
  }
  return Math.sqrt(variance);
}

function anOrder({ skus, random }: World): ParcelItem[] {
  const lines = random.uniform() < 0.5 ? 1 : 1 + random.below(4);
  const picked = Array.from({ length: lines }, () => skus[random.below(skus.length)]?.sku ?? '');
  return parcelItems(picked.map((sku) => of(sku, 1 + random.below(4))));
}

test('nothing is expected before enough parcels were seen', () => {
  const memory = new Memory();
  for (let n = 0; n < settings.minSamples; n += 1) {
    expect(memory.expect([of('A')])).toBeNull();
    memory.learn([of('A')], 600);
  }
  expect(memory.expect([of('A')])).toMatchObject({ expectedG: 600 });
  expect(memory.expect([of('A'), of('B')])).toBeNull();
  expect(memory.expect([])).toBeNull();
});

test('single pieces leave open what is box: more pieces are less certain, until one such parcel was seen', () => {
  const memory = new Memory();
  for (let n = 0; n < 200; n += 1) memory.learn([of('A')], 800);
  const one = memory.expect([of('A')]);
  const two = memory.expect([of('A', 2)]);
  expect(one?.toleranceG).toBeLessThan(60);
  // 300 g of it are the box: 1,300 g is right, and the naive 1,600 g would have refused it.
  expect(two?.fromG).toBeLessThan(1_300);
  expect(memory.expect([of('A', 3)])).toBeNull();
  memory.learn([of('A', 2)], 1_300);
  memory.learn([of('A', 4)], 2_300);
  const after = memory.expect([of('A', 3)]);
  expect(Math.abs((after?.expectedG ?? 0) - 1_800)).toBeLessThan(20);
  expect(after?.toleranceG).toBeLessThan(150);
});

test('what one SKU tells of the box helps every other', () => {
  const memory = new Memory();
  for (let n = 0; n < 20; n += 1) memory.learn([of('A')], 800);
  for (let n = 0; n < 20; n += 1) memory.learn([of('B', 1 + (n % 4))], 300 + 200 * (1 + (n % 4)));
  expect(Math.abs(memory.unit('A') - 500)).toBeLessThan(25);
});

test('a mixed parcel teaches its one unknown line', () => {
  const memory = new Memory();
  for (let n = 0; n < 20; n += 1) memory.learn([of('A', 1 + (n % 3))], 100 + 400 * (1 + (n % 3)));
  for (let n = 0; n < 8; n += 1) memory.learn([of('A'), of('B')], 100 + 400 + 250);
  expect(Math.abs(memory.unit('B') - 250)).toBeLessThan(20);
  expect(memory.expect([of('B')])).not.toBeNull();
});

test('two unknown lines that always come together are never relied on apart', () => {
  const memory = new Memory();
  for (let n = 0; n < 500; n += 1) memory.learn([of('A'), of('B')], 100 + 900 + 100);
  expect(memory.expect([of('A')])).toBeNull();
  expect(memory.expect([of('A'), of('B')])).toBeNull();
  for (let n = 0; n < 6; n += 1) memory.learn([of('A')], 1_000);
  for (let n = 0; n < 6; n += 1) memory.learn([of('A'), of('B')], 1_100);
  const range = memory.expect([of('B')]);
  expect(range?.fromG).toBeLessThanOrEqual(200);
  expect(range?.toG).toBeGreaterThanOrEqual(200);
});

test('the likely cause is named: one missing, one too many, or none', () => {
  const memory = new Memory();
  for (let n = 0; n < 40; n += 1) {
    memory.learn([of('A', 1 + (n % 3))], 100 + 400 * (1 + (n % 3)));
    memory.learn([of('B', 1 + (n % 3))], 100 + 900 * (1 + (n % 3)));
  }
  const range = memory.expect([of('A', 2), of('B')]);
  if (range === null) throw new Error('no range');
  expect(range.expectedG).toBeGreaterThan(1_780);
  expect(range.expectedG).toBeLessThan(1_820);
  expect(likelyCause(range, 1_400)).toEqual({ kind: 'missing', sku: 'A', name: 'name of A' });
  expect(likelyCause(range, 900)).toMatchObject({ kind: 'missing', sku: 'B' });
  expect(likelyCause(range, 2_700)).toMatchObject({ kind: 'extra', sku: 'B' });
  expect(likelyCause(range, 4_800)).toBeNull();
  expect(range.blindTo).toBeNull();
});

test('a piece lighter than the tolerance is named as one the range cannot see', () => {
  const memory = new Memory();
  for (let n = 0; n < 40; n += 1) {
    memory.learn([of('A', 1 + (n % 3))], 100 + 400 * (1 + (n % 3)));
    memory.learn([of('leaflet', 1 + (n % 3))], 100 + 3 * (1 + (n % 3)));
  }
  expect(memory.expect([of('A'), of('leaflet')])?.blindTo).toBe('name of leaflet');
});

test('an overridden weight teaches nothing, and one outside the range neither', () => {
  const memory = new Memory();
  for (let n = 0; n < 30; n += 1) memory.learn([of('A')], 600);
  const before = memory.expect([of('A')]);
  memory.learn([of('A')], 900, true);
  memory.learn([of('A')], 1_500);
  memory.learn([of('A'), of('A', 2)], 5, true);
  expect(memory.expect([of('A')])).toEqual(before);
});

test('three overridden weights that agree are the new truth; ones that differ, or a right one between, are not', () => {
  const memory = new Memory();
  for (let n = 0; n < 30; n += 1) memory.learn([of('A')], 600);
  for (const grams of [900, 1_500, 900, 2_000]) memory.learn([of('A')], grams, true);
  expect(memory.expect([of('A')])?.expectedG).toBe(600);
  memory.learn([of('A')], 900, true);
  memory.learn([of('A')], 600);
  memory.learn([of('A')], 900, true);
  memory.learn([of('A')], 905, true);
  expect(memory.expect([of('A')])?.expectedG).toBe(600);
  memory.learn([of('A')], 900, true);
  expect(memory.expect([of('A')])).toBeNull();
  for (let n = 0; n < 5; n += 1) memory.learn([of('A')], 900);
  expect(Math.abs((memory.expect([of('A')])?.expectedG ?? 0) - 900)).toBeLessThan(10);
});

test('a slow change is followed', () => {
  const memory = new Memory();
  const { normal } = chance(7);
  let refused = 0;
  for (let n = 0; n < 1_000; n += 1) {
    const grams = Math.round(600 + n * 0.1 + 6 * normal());
    const range = memory.expect([of('A')]);
    if (range !== null && (grams < range.fromG || grams > range.toG)) refused += 1;
    memory.learn([of('A')], grams);
  }
  expect(refused).toBe(0);
  expect(Math.abs((memory.expect([of('A')])?.expectedG ?? 0) - 700)).toBeLessThan(15);
});

test('one wrong parcel while a SKU is learned widens its range instead of refusing the right ones', () => {
  for (let bad = 0; bad < settings.minSamples; bad += 1) {
    const memory = new Memory();
    const { normal } = chance(bad);
    for (let n = 0; n < 60; n += 1) {
      const grams = n === bad ? 1_000 : Math.round(600 + 5 * normal());
      const range = memory.expect([of('A')]);
      if (n !== bad && range !== null) {
        expect(grams).toBeGreaterThanOrEqual(range.fromG);
        expect(grams).toBeLessThanOrEqual(range.toG);
      }
      memory.learn([of('A')], grams);
    }
    expect(Math.abs((memory.expect([of('A')])?.expectedG ?? 0) - 600)).toBeLessThan(20);
  }
});

test('over simulated catalogues it converges, hardly ever refuses a right parcel, and catches one piece too few or too many', () => {
  let checked = 0;
  let refused = 0;
  const wrong = { all: 0, caught: 0, clear: 0, clearCaught: 0 };
  const widths: number[] = [];
  const worlds = fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => {
    const simulated = world(seed);
    const memory = new Memory();
    for (let n = 0; n < 600; n += 1) {
      const order = anOrder(simulated);
      const grams = weigh(simulated, order);
      const range = memory.expect(order);
      const outside = range !== null && (grams < range.fromG || grams > range.toG);
      if (range !== null) {
        checked += 1;
        refused += outside ? 1 : 0;
        if (n > 300) widths.push(range.toleranceG / trueDeviation(simulated, order));
        const victim = simulated.random.below(order.length);
        const by = simulated.random.uniform() < 0.5 ? -1 : 1;
        const unitG = simulated.skus.find(({ sku }) => sku === order[victim]?.sku)?.unitG ?? 0;
        if (unitG > range.toleranceG) {
          const found = weigh(
            simulated,
            order.map((item, at) => (at === victim ? { ...item, quantity: item.quantity + by } : item)),
          );
          const caught = found < range.fromG || found > range.toG ? 1 : 0;
          wrong.all += 1;
          wrong.caught += caught;
          if (unitG > 1.5 * range.toleranceG) {
            wrong.clear += 1;
            wrong.clearCaught += caught;
          }
        }
      }
      // The packer looked, and a supervisor let it pass.
      memory.learn(order, grams, outside);
    }
    for (const { sku, unitG, spreadG } of simulated.skus) {
      const item = memory.items.get(sku);
      expect(item?.samples).toBeGreaterThanOrEqual(settings.minSamples);
      const allowed = 4 * Math.sqrt((spreadG ** 2 + simulated.packagingSpreadG ** 2 + 25) / 10) + 5;
      expect(Math.abs(memory.unit(sku) - unitG)).toBeLessThan(allowed);
    }
  });
  fc.assert(worlds, { numRuns: 40, seed: 20_260 });
  expect(checked).toBeGreaterThan(15_000);
  expect(refused / checked).toBeLessThan(0.002);
  expect(wrong.clear).toBeGreaterThan(5_000);
  expect(wrong.clearCaught / wrong.clear).toBeGreaterThan(0.998);
  expect(wrong.caught / wrong.all).toBeGreaterThan(0.97);
  // Not by refusing nothing: the tolerance stays a small number of true deviations.
  expect(widths.toSorted((a, b) => a - b)[Math.floor(widths.length / 2)]).toBeLessThan(6.5);
});

test('whatever is sealed, what is known stays finite and a range is one', () => {
  const parcels = fc.array(
    fc.record({
      items: fc.array(
        fc.record({
          sku: fc.constantFrom('A', 'B', 'C'),
          name: fc.constant('x'),
          quantity: fc.oneof(fc.integer({ min: -1, max: 9_999 }), fc.double({ min: 0, max: 3, noNaN: false })),
        }),
        { maxLength: 4 },
      ),
      grams: fc.oneof(fc.integer({ min: -5, max: 60_000 }), fc.constantFrom(NaN, Infinity)),
      overridden: fc.boolean(),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(parcels, (sealed) => {
      const memory = new Memory();
      for (const { items, grams, overridden } of sealed) {
        memory.learn(items, grams, overridden);
        const range = memory.expect(items);
        if (range !== null) {
          expect(range.fromG).toBeGreaterThan(0);
          expect(range.toG).toBeGreaterThanOrEqual(range.fromG);
          expect(range.toleranceG).toBeGreaterThanOrEqual(settings.minToleranceG);
        }
      }
      for (const item of memory.items.values()) {
        expect(Object.values(item).every(Number.isFinite)).toBe(true);
        expect(item.variance).toBeGreaterThanOrEqual(0);
        expect(item.spread).toBeGreaterThanOrEqual(0);
      }
      expect(Object.values(memory.packaging).every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
