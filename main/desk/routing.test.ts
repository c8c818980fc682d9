import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRouteBook, type ProfileRoutes, type RouteBook } from './routing.ts';
import { aPulledOrder, anAddress, openTestStore, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';

let clock: VirtualClock;
let opened: TestStore;
let written: ProfileRoutes[];
beforeEach(() => {
  clock = createVirtualClock();
  opened = openTestStore({ clock });
  written = [];
});
afterEach(() => opened.remove());

function book(write: ((routes: ProfileRoutes) => void) | null = (routes) => void written.push(routes)): RouteBook {
  return createRouteBook({
    store: opened.store,
    clock,
    routes: [{ when: {}, vendor: 'hge' }],
    carriers: [
      { id: 'hge', name: 'HGE' },
      { id: 'ane', name: '安能' },
    ],
    upstreams: ['v'],
    weights: { minG: 20, maxG: 30_000 },
    write,
  });
}

function addOrders(count: number, state: string, fields: Record<string, string> = {}): void {
  opened.store.transaction(() => {
    for (let index = 0; index < count; index += 1) {
      const number = `${state}-${index}`;
      opened.store.orders.upsert(
        'v',
        aPulledOrder({ vendorOrderId: number, number, receiver: { ...anAddress, state }, fields }),
      );
    }
  });
}

test('a trial counts every waiting order by carrier, by weight and by none, and keeps nothing', async () => {
  addOrders(620, '浙江省');
  addOrders(60, '新疆维吾尔自治区');
  addOrders(3, '广东省', { 快递: '安能' });
  const routes: ProfileRoutes = [
    { when: { customField: { name: '快递', equals: '安能' } }, vendor: 'ane', service: 'S' },
    { when: { province: '浙江', maxG: 1_000 }, vendor: 'hge' },
    { when: { province: '浙江' }, vendor: 'ane' },
  ];
  const it = book();
  const trial = it.preview(routes);
  await clock.advance(10);
  const preview = await trial;
  expect(preview.orders).toBe(683);
  expect(preview.routes.toSorted((a, b) => a.sure - b.sure)).toEqual([
    { vendor: 'hge', service: null, sure: 0, byWeight: 620 },
    { vendor: 'ane', service: null, sure: 0, byWeight: 620 },
    { vendor: 'ane', service: 'S', sure: 3, byWeight: 0 },
  ]);
  expect(preview.unmatched.total).toBe(60);
  expect(preview.unmatched.rows).toHaveLength(50);
  expect(preview.unmatched.rows[0]).toMatchObject({ state: '新疆维吾尔自治区', byWeight: false });
  expect(it.current()).toEqual([{ when: {}, vendor: 'hge' }]);
  expect(written).toEqual([]);
});

test('saved rules hold at once, and the change is on the record', () => {
  const it = book();
  const routes: ProfileRoutes = [{ when: { country: 'CN' }, vendor: 'ane' }];
  it.save(routes);
  expect(it.current()).toEqual(routes);
  expect(written).toEqual([routes]);
});

test('rules that cannot be written do not hold', () => {
  const it = book(() => {
    throw new Error('profile /x: cannot be written');
  });
  expect(() => it.save([{ when: {}, vendor: 'ane' }])).toThrow('cannot be written');
  expect(it.current()).toEqual([{ when: {}, vendor: 'hge' }]);
});

test('a rule to a vendor that ships nothing is refused by its number', async () => {
  await expect(
    book().preview([
      { when: {}, vendor: 'hge' },
      { when: {}, vendor: 'asiabill' },
    ]),
  ).rejects.toThrow(/rule 2/u);
});
