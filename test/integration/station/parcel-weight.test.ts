/** A whole station: the weight must be that of the goods, a container is not part of the parcel, and both are on record. */
import { afterEach, expect, test } from 'vitest';
import type { PackSnapshot, WeightSnapshot } from '../../../preload/contract/index.ts';
import { createExpectedWeights, weighedItems } from '../../../main/desk/expected-weights.ts';
import { usualExpectedWeights } from '../../../main/domain/expected-weight.ts';
import type { OrderRecord } from '../../../main/store/store.ts';
import { aLine, aPulledOrder } from '../../kit/store.ts';
import { startTestStation, type TestStation } from '../../kit/station.ts';
import { shows } from './packer.ts';

const stations: TestStation[] = [];
afterEach(async () => {
  for (const station of stations.splice(0)) await station.stop();
});

const people = [
  { badge: 'p1', name: '李雷' },
  { badge: 's1', name: '王芳', role: 'supervisor' },
];

async function open(): Promise<TestStation> {
  const station = await startTestStation({ profile: { desk: { people } }, orders: 1 });
  stations.push(station);
  return station;
}

function order(station: TestStation, number: string, quantity: string): OrderRecord {
  const { store } = station.station.inside;
  const { orderId } = store.orders.upsert(
    'waiqin365',
    aPulledOrder({ vendorOrderId: number, number, lines: [aLine({ quantity })] }),
  );
  const kept = store.orders.get(orderId);
  if (kept === null) throw new Error('the order was not kept');
  return kept;
}

/** Boxes of 80 g with pieces of 400 g, as sealed before. */
function teach(station: TestStation): void {
  const { store } = station.station.inside;
  const weights = createExpectedWeights({ store, settings: { ...usualExpectedWeights, on: true } });
  for (let n = 0; n < 24; n += 1) {
    const pieces = 1 + (n % 3);
    const sealed = order(station, `EARLIER-${n % 3}`, String(pieces));
    store.transaction(() => {
      weights.learn(sealed, 80 + pieces * 400, false);
    });
  }
}

const samples = (station: TestStation, about: OrderRecord): number => {
  const skus = weighedItems(about).map(({ sku }) => sku);
  const [known] = [...station.station.inside.store.itemWeights.known(skus).items.values()];
  return known?.samples ?? 0;
};

const scan = (station: TestStation, code: string) => station.client.call('pack.scan', { code });
const pack = (station: TestStation, wanted: (desk: PackSnapshot) => boolean) => shows(station, 'pack', wanted);
const weight = (station: TestStation, wanted: (shown: WeightSnapshot) => boolean) => shows(station, 'weight', wanted);
const put = (station: TestStation, scaleGrams: number) => station.client.call('training.set', { scaleGrams });

async function clear(station: TestStation): Promise<void> {
  await put(station, 0);
  await weight(station, ({ reason }) => reason?.code === 'weight.zero');
}

async function scanGoods(station: TestStation, about: OrderRecord): Promise<void> {
  for (let n = 0; n < Number(about.lines[0]?.quantity); n += 1) await scan(station, 'TEA-001');
}

test('one piece missing: named with the range, counted again, weighed again, and learned only then', async () => {
  const station = await open();
  teach(station);
  const about = order(station, 'SO-RANGE', '3');
  await clear(station);
  await scan(station, 'PB:BADGE:P1');
  await scan(station, 'SO-RANGE');
  await scanGoods(station, about);
  const { expected } = await weight(station, (shown) => shown.expected != null);
  expect(expected?.fromG).toBeGreaterThan(1_100);
  expect(expected?.toG).toBeLessThan(1_460);
  const before = samples(station, about);
  await put(station, 880);
  const refused = await pack(station, (desk) => desk.prompt?.kind === 'weight-refused');
  expect(refused.prompt?.notice).toMatchObject({
    code: 'weight.unexpected-missing',
    params: { grams: 880, name: '龙井茶', fromG: expected?.fromG, toG: expected?.toG },
  });
  expect(refused.prompt?.options.map(({ key }) => key)).toEqual(['C', 'O', 'F9']);
  expect(refused.last?.sound).toBe('stop');
  await station.client.call('pack.command', { command: 'recount-items' });
  expect((await pack(station, () => true)).stage).toBe('items');
  // The box is as it was: counted again, it is not weighed anew by lying there.
  await scanGoods(station, about);
  await weight(station, ({ reason }) => reason?.code === 'weight.reweigh');
  await clear(station);
  await put(station, 1_280);
  const sealed = await pack(station, (desk) => desk.parcel !== null);
  expect(sealed.parcel?.weightG).toBe(1_280);
  expect(samples(station, about)).toBe(before + 1);
  const { timeline } = await station.client.call('orders.get', { orderId: about.id });
  const kinds = timeline.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'weight-refused')).toHaveLength(1);
  expect(kinds).toContain('items-recounted');
  const detail = timeline.find(({ kind }) => kind === 'weight-refused')?.detail ?? {};
  expect(detail).toMatchObject({ grams: 880, reason: 'weight.unexpected-missing', person: 'P1 李雷' });
  expect((detail['frames'] as string[]).length).toBeGreaterThanOrEqual(3);
});

test('a supervisor lets it pass with a reason: on record with its frames, and not learned', async () => {
  const station = await open();
  teach(station);
  const about = order(station, 'SO-OVERRIDE', '2');
  await clear(station);
  await scan(station, 'PB:BADGE:P1');
  await scan(station, 'SO-OVERRIDE');
  await scanGoods(station, about);
  const before = samples(station, about);
  await put(station, 1_600);
  await pack(station, (desk) => desk.prompt?.kind === 'weight-refused');
  const command = 'override-weight';
  const alone = await station.client.call('pack.command', { command, reason: 'a gift is in it' });
  expect(alone).toMatchObject({ accepted: false, notice: { code: 'people.supervisor-needed' } });
  await scan(station, 'PB:BADGE:S1');
  const passed = await station.client.call('pack.command', { command, reason: 'a gift is in it' });
  expect(passed).toMatchObject({ accepted: true, notice: { code: 'seal.done', params: { grams: 1_600 } } });
  const { timeline } = await station.client.call('orders.get', { orderId: about.id });
  const sealed = timeline.find(({ kind }) => kind === 'parcel-sealed')?.detail ?? {};
  expect(sealed).toMatchObject({
    ...{ weightG: 1_600, overrideReason: 'a gift is in it', supervisor: 'S1 王芳', person: 'P1 李雷' },
  });
  expect(Number(sealed['toG'])).toBeLessThan(1_600);
  expect((sealed['frames'] as string[]).length).toBeGreaterThanOrEqual(3);
  expect(samples(station, about)).toBe(before);
});

test('a container is tared by a scan: gross, tare and net are kept, and the next parcel starts without it', async () => {
  const station = await open();
  const about = order(station, 'SO-TARE', '1');
  const next = order(station, 'SO-NEXT', '1');
  await clear(station);
  await scan(station, 'SO-TARE');
  await put(station, 300);
  await weight(station, (shown) => shown.grams === 300 && shown.usable);
  const answer = await scan(station, 'PB:TARE');
  expect(answer.notice).toMatchObject({ code: 'weight.tare-set', params: { tareG: 300 } });
  await scanGoods(station, about);
  await put(station, 1_000);
  const shown = await weight(station, ({ grams, state }) => grams === 700 && state === 'stable');
  expect(shown.tare).toEqual({ tareG: 300, grossG: 1_000, stays: false });
  const sealed = await pack(station, (desk) => desk.parcel !== null);
  expect(sealed.parcel).toMatchObject({ weightG: 700, tareG: 300 });
  const { timeline } = await station.client.call('orders.get', { orderId: about.id });
  const detail = timeline.find(({ kind }) => kind === 'parcel-sealed')?.detail;
  expect(detail).toMatchObject({ weightG: 700, tareG: 300, grossG: 1_000 });
  await station.client.call('pack.command', { command: 'release-order' });
  await clear(station);
  await scan(station, 'SO-NEXT');
  await scanGoods(station, next);
  await put(station, 1_000);
  const second = await pack(station, (desk) => desk.parcel !== null && desk.order?.number === 'SO-NEXT');
  expect(second.parcel?.weightG).toBe(1_000);
  expect(second.parcel?.tareG).toBeUndefined();
});
