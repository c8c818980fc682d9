import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeBagMove, judgeBagScan, nextBagState, type BagCandidate, type BagFacts, type BagRoute } from './bag.ts';

const toUs: BagRoute = { vendor: 'hge', service: 'P10006', destination: 'US' };
const toCa: BagRoute = { ...toUs, destination: 'CA' };

const bag = (id: string, over: Partial<BagFacts> = {}): BagFacts => ({
  id,
  number: `BAG-D01-${id}`,
  route: toUs,
  limits: { maxParcels: 3, maxWeightG: 10_000 },
  state: 'open',
  parcels: 0,
  parcelsWeightG: 0,
  handedOver: false,
  touched: 0,
  ...over,
});

const parcel = (over: Partial<BagCandidate> = {}): BagCandidate => ({
  parcelId: 'p1',
  weightG: 500,
  route: toUs,
  labelled: true,
  accepted: true,
  voided: false,
  handedOver: false,
  bagId: null,
  ...over,
});

test('a parcel goes into the open bag of its route', () => {
  const bags = [bag('a', { route: toCa }), bag('b')];
  expect(judgeBagScan(parcel(), bags, null)).toEqual({ kind: 'accepted', bagId: 'b' });
});

test('of two open bags of the route the one touched last is taken, until it is full', () => {
  const bags = [bag('a', { touched: 1 }), bag('b', { touched: 2 })];
  expect(judgeBagScan(parcel(), bags, null)).toEqual({ kind: 'accepted', bagId: 'b' });
  const full = [bag('a', { touched: 1 }), bag('b', { touched: 2, parcels: 3 })];
  expect(judgeBagScan(parcel(), full, null)).toEqual({ kind: 'accepted', bagId: 'a' });
});

test.each([
  ['void', parcel({ voided: true }), 'voided', null],
  ['handed over', parcel({ handedOver: true, bagId: 'b' }), 'handed-over', 'b'],
  ['not labelled', parcel({ labelled: false }), 'not-labelled', null],
  ['not accepted by the carrier', parcel({ accepted: false }), 'not-accepted', null],
  ['in this bag already', parcel({ bagId: 'b' }), 'already-bagged', 'b'],
  ['of another route', parcel({ route: toCa }), 'wrong-route', null],
] as const)('a parcel that is %s is refused with its own reason', (_, candidate, reason, about) => {
  expect(judgeBagScan(candidate, [bag('b')], null)).toEqual({ kind: 'refused', reason, bagId: about });
});

test('a chosen bag decides: another route, another bag and a full bag are refused by name', () => {
  const bags = [bag('a', { route: toCa }), bag('b', { parcels: 3 }), bag('c', { parcelsWeightG: 9_800 })];
  expect(judgeBagScan(parcel(), bags, 'a')).toEqual({ kind: 'refused', reason: 'wrong-route', bagId: 'a' });
  expect(judgeBagScan(parcel(), bags, 'b')).toEqual({ kind: 'refused', reason: 'full-count', bagId: 'b' });
  expect(judgeBagScan(parcel(), bags, 'c')).toEqual({ kind: 'refused', reason: 'full-weight', bagId: 'c' });
  expect(judgeBagScan(parcel({ bagId: 'b' }), bags, 'c')).toMatchObject({ reason: 'in-other-bag', bagId: 'b' });
});

test('without an open bag the packer is told to open one', () => {
  expect(judgeBagScan(parcel(), [bag('a', { state: 'closed' })], null)).toMatchObject({ reason: 'no-bag' });
});

test('a parcel moves between open bags, and out of no other', () => {
  const bags = [bag('a'), bag('b'), bag('c', { state: 'closed' })];
  expect(judgeBagMove(parcel({ bagId: 'a' }), bags, 'b')).toEqual({ kind: 'accepted', bagId: 'b' });
  expect(judgeBagMove(parcel({ bagId: 'c' }), bags, 'b')).toMatchObject({ reason: 'in-other-bag', bagId: 'c' });
  expect(judgeBagMove(parcel({ bagId: 'a' }), bags, 'a')).toMatchObject({ reason: 'already-bagged' });
});

test('an empty bag cannot be closed, and a bag that was handed over stays as it is', () => {
  expect(nextBagState({ state: 'open', parcels: 0, handedOver: false }, 'close')).toBeNull();
  for (const action of ['add', 'take-out', 'close', 'void', 'reopen', 'hand-over'] as const) {
    expect(nextBagState({ state: 'closed', parcels: 2, handedOver: true }, action)).toBeNull();
  }
});

interface World {
  readonly bags: Map<string, BagFacts>;
  readonly in: Map<string, string>;
}

test('over any sequence of scans, moves and changes of state each parcel is in at most one bag, within its limits', () => {
  const step = fc.record({
    act: fc.constantFrom('scan', 'move', 'take-out', 'close', 'void', 'reopen'),
    parcel: fc.integer({ min: 0, max: 9 }),
    bag: fc.constantFrom('a', 'b', 'c'),
    chosen: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world: World = {
        bags: new Map([
          ['a', bag('a')],
          ['b', bag('b')],
          ['c', bag('c', { route: toCa })],
        ]),
        in: new Map(),
      };
      const weight = (n: number): number => 1_000 + n * 300;
      const change = (id: string, by: number, grams: number): void => {
        const known = world.bags.get(id);
        if (known === undefined) return;
        world.bags.set(id, {
          ...known,
          parcels: known.parcels + by,
          parcelsWeightG: known.parcelsWeightG + by * grams,
        });
      };
      for (const { act, parcel: n, bag: id, chosen } of steps) {
        const candidate = parcel({
          parcelId: `p${n}`,
          weightG: weight(n),
          route: n % 3 === 0 ? toCa : toUs,
          bagId: world.in.get(`p${n}`) ?? null,
        });
        const all = [...world.bags.values()];
        const known = world.bags.get(id) ?? bag(id);
        if (act === 'scan' || act === 'move') {
          const verdict =
            act === 'scan' ? judgeBagScan(candidate, all, chosen ? id : null) : judgeBagMove(candidate, all, id);
          if (verdict.kind === 'refused') continue;
          if (candidate.bagId !== null) change(candidate.bagId, -1, candidate.weightG);
          world.in.set(candidate.parcelId, verdict.bagId);
          change(verdict.bagId, 1, candidate.weightG);
        } else if (act === 'take-out') {
          const at = candidate.bagId;
          const from = at === null ? undefined : world.bags.get(at);
          if (at === null || from === undefined || nextBagState(from, 'take-out') === null) continue;
          world.in.delete(candidate.parcelId);
          change(at, -1, candidate.weightG);
        } else {
          const next = nextBagState(known, act);
          if (next === null) continue;
          world.bags.set(id, { ...known, state: next, ...(act === 'void' ? { parcels: 0, parcelsWeightG: 0 } : {}) });
          if (act === 'void') for (const [each, at] of world.in) if (at === id) world.in.delete(each);
        }
      }
      for (const each of world.bags.values()) {
        const inside = [...world.in].filter(([, at]) => at === each.id).map(([name]) => Number(name.slice(1)));
        expect(inside.length).toBe(each.parcels);
        expect(inside.reduce((sum, n) => sum + weight(n), 0)).toBe(each.parcelsWeightG);
        expect(each.parcels).toBeLessThanOrEqual(each.limits.maxParcels);
        expect(each.parcelsWeightG).toBeLessThanOrEqual(each.limits.maxWeightG);
        for (const n of inside) expect(n % 3 === 0 ? toCa : toUs).toEqual(each.route);
      }
    }),
  );
});
