/** Big bags at a whole station: real database, real sockets, the virtual HGE, the virtual scale and printer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createVirtualPrinter } from '../../../main/training/printer.ts';
import { silentLog } from '../../kit/ports.ts';
import { realClock } from '../../kit/real-clock.ts';
import { startTestStation, type TestStation } from '../../kit/station.ts';
import { bagAt, bagCommand, bags, bagScan, labelled, scanBagLabel, weigh, type Shipped } from './bag-packer.ts';
import { drained, ship, shows, waitingOrders } from './packer.ts';

const limitMs = 120_000;
const tareG = 200;
let dataDir: string;
let desk: TestStation;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'packbench-bags-'));
  desk = await start();
});
afterEach(async () => {
  await desk.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = (profile: object = {}): Promise<TestStation> =>
  startTestStation({ orders: 40, dataDir, profile: { desk: { locale: 'en' }, ...profile } });
const twin = () => {
  const vendors = desk.station.inside.virtual.vendors;
  if (vendors === null) throw new Error('no virtual vendors');
  return vendors.get('hge');
};
/** Bags the carrier made, doubles included. */
const created = (): number => twin().effects()['bag']?.total ?? 0;
const grossOf = (parcels: readonly Shipped[]): number => parcels.reduce((sum, each) => sum + each.weightG, tareG);

/** Opens a bag for the first and puts all in; they go the same way. */
async function fill(parcels: readonly Shipped[]): Promise<string> {
  const [first, ...rest] = parcels;
  await bagScan(desk, first?.waybill ?? '');
  expect(await bagScan(desk, 'PB:BAG:OPEN')).toMatchObject({ accepted: true });
  for (const each of rest) expect(await bagScan(desk, each.waybill)).toMatchObject({ accepted: true });
  return bags(desk).chosen?.id ?? '';
}

function byDestination(parcels: readonly Shipped[]): Shipped[][] {
  const groups = new Map<string, Shipped[]>();
  for (const each of parcels) groups.set(each.destination, [...(groups.get(each.destination) ?? []), each]);
  return [...groups.values()].filter((group) => group.length > 1).toSorted((a, b) => b.length - a.length);
}

test(
  "a parcel goes from the packing desk into a bag, onto the scale, and its bag gets the carrier's label",
  { timeout: limitMs },
  async () => {
    await shows(desk, 'queue', ({ counts }) => (counts.waiting ?? 0) >= 1);
    const [number = ''] = waitingOrders(desk);
    await ship(desk, number, 730);
    const order = desk.station.inside.store.orders.findByNumber(number);
    const waybill = desk.station.inside.store.parcels.listByOrder(order?.id ?? '')[0]?.waybill ?? '';
    expect(await bagScan(desk, waybill)).toMatchObject({ sound: 'no-bag', notice: { code: 'bag.refused-no-bag' } });
    expect(await bagScan(desk, 'PB:BAG:OPEN')).toMatchObject({ notice: { code: 'bag.opened-with' } });
    expect(await weigh(desk, 730 + tareG)).toMatchObject({ accepted: true, notice: { code: 'bag.closed' } });
    const bagId = bags(desk).chosen?.id ?? '';
    expect(await scanBagLabel(desk, bagId)).toMatchObject({ accepted: true, notice: { code: 'bag.label-ok' } });
    const { bag } = await desk.client.call('bags.get', { bagId });
    expect(bag).toMatchObject({ stage: 'ready', label: { from: 'carrier', number: bag.vendorBagNumber } });
    // The weight of the bag was not taken for a parcel, nor the parcel's for the bag.
    expect([bag.parcelsWeightG, bag.grossWeightG]).toEqual([730, 730 + tareG]);
  },
);

test(
  'three bags from a mixed stream: each parcel finds its own; what does not belong is refused',
  { timeout: limitMs },
  async () => {
    const groups = byDestination(await labelled(desk, 16)).slice(0, 3);
    expect(groups.length).toBe(3);
    for (const [first] of groups) {
      await bagScan(desk, first?.waybill ?? '');
      await bagScan(desk, 'PB:BAG:OPEN');
    }
    const stream = groups.flatMap((group) => group.slice(1)).toSorted((a, b) => (a.waybill < b.waybill ? -1 : 1));
    for (const each of stream) expect(await bagScan(desk, each.waybill)).toMatchObject({ accepted: true });
    const again = stream[0]?.waybill ?? '';
    expect(await bagScan(desk, again)).toMatchObject({ sound: 'twice' });
    for (const [index, group] of groups.entries()) {
      const bag = bags(desk).open[index];
      const { content } = await desk.client.call('bags.get', { bagId: bag?.id ?? '' });
      expect(content.map((each) => each.waybill).toSorted()).toEqual(group.map((each) => each.waybill).toSorted());
      expect(bag?.parcelsWeightG).toBe(grossOf(group) - tareG);
    }
    // Into the wrong sack: the bag was scanned for it.
    await bagScan(desk, 'PB:BAG:UNDO-SCAN');
    const [one, two] = bags(desk).open;
    const free = stream.at(-1);
    const other = one?.route.destination === free?.destination ? two : one;
    await bagScan(desk, other?.number ?? '');
    expect(await bagScan(desk, free?.waybill ?? '')).toMatchObject({ sound: 'wrong-route' });
  },
);

test(
  'a bag that lacks a parcel is not closed by its weight; the missing one is named',
  { timeout: limitMs },
  async () => {
    const [group = []] = byDestination(await labelled(desk, 12, (n) => 400 + 211 * n));
    await fill(group);
    const [missing] = group;
    const answer = await weigh(desk, grossOf(group) - (missing?.weightG ?? 0));
    expect(answer).toMatchObject({ accepted: false, sound: 'ask' });
    expect(bags(desk).mismatch?.candidates.map((each) => each.waybill)).toContain(missing?.waybill);
    await bagScan(desk, 'PB:BAG:RECOUNT');
    for (const each of group.slice(1)) await bagScan(desk, each.waybill);
    expect(bags(desk).recount?.missing.map((each) => each.waybill)).toEqual([missing?.waybill]);
    // It lay under the table.
    expect(await bagScan(desk, missing?.waybill ?? '')).toMatchObject({ notice: { code: 'bag.recount-all' } });
    expect(await weigh(desk, grossOf(group))).toMatchObject({ notice: { code: 'bag.closed' } });
  },
);

test('closed without a network: the label prints when the line is back, once', { timeout: limitMs }, async () => {
  const [group = []] = byDestination(await labelled(desk, 8));
  const bagId = await fill(group);
  await desk.client.call('training.set', { network: 'cut' });
  expect(await weigh(desk, grossOf(group))).toMatchObject({ accepted: true, notice: { code: 'bag.closed' } });
  expect(bags(desk).chosen?.stage).toBe('closing');
  await desk.client.call('training.set', { network: 'up' });
  expect(await scanBagLabel(desk, bagId)).toMatchObject({ notice: { code: 'bag.label-ok' } });
  await drained(desk);
  expect(created()).toBe(1);
});

test(
  'the answer of a creation is lost: the carrier is asked, and its bag is adopted',
  { timeout: limitMs },
  async () => {
    const [group = []] = byDestination(await labelled(desk, 8));
    const bagId = await fill(group);
    twin().setFault({ kind: 'cut-after', on: 'create_bag' });
    await weigh(desk, grossOf(group));
    await bagAt(desk, bagId, 'scan-back');
    expect(created()).toBe(1);
    const { bag } = await desk.client.call('bags.get', { bagId });
    expect(bag.vendorBagNumber).toMatch(/^BG/);
  },
);

test(
  'void and open again: the carrier voids the old bag before it hears of the new one',
  { timeout: limitMs },
  async () => {
    const [group = []] = byDestination(await labelled(desk, 8));
    const old = await fill(group);
    await weigh(desk, grossOf(group));
    await scanBagLabel(desk, old);
    expect(await bagCommand(desk, 'void')).toMatchObject({ notice: { code: 'scan.reason-needed' } });
    expect(await bagCommand(desk, 'void', 'the sack is torn')).toMatchObject({ accepted: true });
    expect(await bagCommand(desk, 'reopen')).toMatchObject({ accepted: true, notice: { code: 'bag.reopened' } });
    const next = bags(desk).chosen?.id ?? '';
    expect(await weigh(desk, grossOf(group))).toMatchObject({ notice: { code: 'bag.closed' } });
    expect(await scanBagLabel(desk, next)).toMatchObject({ notice: { code: 'bag.label-ok' } });
    await drained(desk);
    expect([created(), twin().effects()['void-bag']?.distinct ?? 0]).toEqual([2, 1]);
  },
);

test('a restart in between keeps what was accepted, and what is to be done goes on', { timeout: limitMs }, async () => {
  const [group = []] = byDestination(await labelled(desk, 8));
  const bagId = await fill(group.slice(0, -1));
  await desk.stop();
  desk = await start();
  const last = group.at(-1);
  expect(await bagScan(desk, last?.waybill ?? '')).toMatchObject({ accepted: true });
  await bagScan(desk, bags(desk).open[0]?.number ?? '');
  await desk.client.call('training.set', { network: 'cut' });
  await weigh(desk, grossOf(group));
  await desk.stop();
  desk = await start();
  expect(await scanBagLabel(desk, bagId)).toMatchObject({ accepted: true });
  const { content } = await desk.client.call('bags.get', { bagId });
  expect(content.map((each) => each.waybill)).toEqual(group.map((each) => each.waybill));
});

test('labels of bags and of parcels come out of different printers', { timeout: limitMs }, async () => {
  await desk.stop();
  const media = { widthMm: 100, heightMm: 150 };
  const head = await createVirtualPrinter({
    clock: realClock,
    log: silentLog,
    dir: join(dataDir, 'sacks'),
    dpi: 203,
    ...media,
  });
  const printer = (id: string, link: string, use: string): object => ({ id, link, media: '100x150mm', use: [use] });
  const printers = [printer('parcels', 'virtual', 'parcel'), printer('sacks', head.uri, 'bag')];
  desk = await start({ devices: { printers } });
  const { store } = desk.station.inside;
  await shows(desk, 'queue', ({ counts }) => (counts.waiting ?? 0) >= 1);
  const [number = ''] = waitingOrders(desk);
  await ship(desk, number, 730);
  const [parcel] = store.parcels.listByOrder(store.orders.findByNumber(number)?.id ?? '');
  await bagScan(desk, parcel?.waybill ?? '');
  await bagScan(desk, 'PB:BAG:OPEN');
  await weigh(desk, 730 + tareG);
  const bagId = bags(desk).chosen?.id ?? '';
  await scanBagLabel(desk, bagId);
  expect(store.prints.listByParcel(parcel?.id ?? '').map((print) => print.printerId)).toEqual(['parcels']);
  expect(store.prints.listByBag(bagId).map((print) => print.printerId)).toEqual(['sacks']);
  await head.stop();
});
