/** A whole station in training: a parcel is shipped, its carrier says that it is delivered, and others are told once. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHands } from '../../main/host/node/cli/demo/hands.ts';
import { createPacker } from '../../main/host/node/cli/demo/packer.ts';
import { workShift } from '../../main/host/node/cli/demo/shift.ts';
import { startTestStation, type TestStation, type TestStationOptions } from '../kit/station.ts';

let dataDir: string;
let running: TestStation | null;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'packbench-tracking-'));
  running = null;
});
afterEach(async () => {
  await running?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const hour = 3_600_000;
const often = { steps: [{ untilAgeMs: Infinity, everyMs: 200 }], claimMs: 500 };

async function start(options: TestStationOptions = {}): Promise<TestStation> {
  running = await startTestStation({ dataDir, orders: 3, trackingPolicy: often, ...options });
  return running;
}

async function stop(): Promise<void> {
  await running?.stop();
  running = null;
}

/** Packs one order from scan to scanned label, as a packer does. Returns its id. */
async function shipOne({ client, ports, station }: TestStation): Promise<string> {
  const { clock, line } = ports;
  const { virtual, store } = station.inside;
  await client.call('orders.sync', {});
  const packer = await createPacker(client, clock);
  const media = { dpi: 203, widthMm: 100, heightMm: 150 } as const;
  const hands = createHands({ client, clock, virtual, dataDir, mediaOf: () => media });
  try {
    await workShift({ packer, hands, store, line, clock, orders: 1, say: () => {} });
  } finally {
    hands.stop();
    packer.stop();
  }
  const shipped = store.orders.list({ status: 'shipped', search: '', offset: 0, limit: 10 }).rows;
  expect(shipped).toHaveLength(1);
  return shipped[0]?.id ?? '';
}

/** Resolves when `wanted` holds after a commit. */
function until({ station }: TestStation, wanted: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (wanted()) {
      resolve();
      return;
    }
    const stopFollowing = station.inside.store.onCommit(() => {
      if (!wanted()) return;
      stopFollowing();
      resolve();
    });
  });
}

/** The virtual carrier's clock runs ahead, so that its parcels have been on their way for so long. */
function letHoursPass(desk: TestStation, hours: number): void {
  desk.station.inside.virtual.vendors?.get('hge').setFault({ kind: 'skew', ms: hours * hour, times: 'sticky' });
}

test('a delivery is followed across restarts, kept with its history, and passed on once', async () => {
  const first = await start();
  const orderId = await shipOne(first);
  const parcelId = first.station.inside.store.parcels.listByOrder(orderId)[0]?.id ?? '';
  const statusAt = (desk: TestStation): string | undefined =>
    desk.station.inside.store.tracking.get(parcelId, 'hge')?.status;
  letHoursPass(first, 2);
  await until(first, () => statusAt(first) === 'in-transit');
  await stop();

  const second = await start();
  letHoursPass(second, 27);
  await until(second, () => statusAt(second) === 'delivered');
  await stop();

  const third = await start();
  const { store } = third.station.inside;
  const told = (operation: string): string[] =>
    store.jobs
      .listByParcel(parcelId)
      .filter((job) => job.operation === operation)
      .map((job) => job.vendor);
  expect([told('pushRoute'), told('pushSignInfo')]).toEqual([['hongxun'], ['hongxun']]);
  await until(third, () =>
    store.jobs
      .listByParcel(parcelId)
      .filter((job) => job.operation === 'pushRoute')
      .every((job) => job.state !== 'ready' && job.state !== 'sending'),
  );
  const detail = await third.client.call('orders.get', { orderId });
  expect(detail.tracking).toMatchObject([{ vendor: 'hge', status: 'delivered', closed: 'delivered', nextAskAt: null }]);
  expect(detail.tracking?.[0]?.events.map((event) => event.status)).toEqual([
    'announced',
    'in-transit',
    'out-for-delivery',
    'delivered',
  ]);
  // The carrier says it once more: nothing is told again.
  const again = { parcelId, status: 'delivered', vendorStatus: 'delivered', events: [] } as const;
  third.station.inside.tracking.receive('hge', 'once more', [again]);
  expect([told('pushRoute'), told('pushSignInfo')]).toEqual([['hongxun'], ['hongxun']]);
}, 120_000);

/** How often the virtual 鸿讯 was given the pictures of the parcel's delivery. */
function picturesTold({ station }: TestStation, parcelId: string): number {
  const { virtual, store } = station.inside;
  const parcel = store.parcels.get(parcelId);
  const key = `${parcel?.facts.orderNumber ?? ''}/${parcel?.waybill ?? ''}`;
  return virtual.vendors?.get('hongxun').effectsOf('images', key) ?? 0;
}

test("the carrier's pictures of a delivery are passed on once, with a restart between delivery and pictures", async () => {
  const soon = { ...often, proofWaitsMs: Array.from({ length: 600 }, () => 100) };
  const first = await start({ trackingPolicy: soon });
  const parcelId = first.station.inside.store.parcels.listByOrder(await shipOne(first))[0]?.id ?? '';
  const pictureJobs = ({ station }: TestStation) =>
    station.inside.store.jobs.listByParcel(parcelId).filter((job) => job.operation === 'pushSignImages');
  letHoursPass(first, 27);
  // The status comes at once, the pictures do not.
  first.station.inside.virtual.vendors?.get('hge').addFault({ kind: 'error-500', on: 'get_pod', times: 'sticky' });
  await until(first, () => first.station.inside.store.tracking.get(parcelId, 'hge')?.status === 'delivered');
  expect(first.station.inside.store.proofs.isWaiting(parcelId)).toBe(true);
  expect(pictureJobs(first)).toEqual([]);
  await stop();

  const second = await start({ trackingPolicy: soon });
  letHoursPass(second, 27);
  await until(second, () => pictureJobs(second)[0]?.state === 'done');
  expect(picturesTold(second, parcelId)).toBe(1);
  await stop();

  const third = await start({ trackingPolicy: soon });
  const again = { parcelId, status: 'delivered', vendorStatus: 'delivered', events: [] } as const;
  third.station.inside.tracking.receive('hge', 'once more', [again]);
  expect(third.station.inside.store.proofs.isWaiting(parcelId)).toBe(false);
  expect(pictureJobs(third)).toMatchObject([{ state: 'done', payload: { signedBy: 'A. Lee' } }]);
  expect(picturesTold(third, parcelId)).toBe(1);
}, 120_000);

test('routes are tried on the queue without being kept, and saved for the next order', async () => {
  const desk = await start({ profile: { desk: { id: 'D07' } }, profileFile: true });
  await desk.client.call('orders.sync', {});
  const { total } = await desk.client.call('orders.list', { status: 'waiting' });
  const routes = [{ when: { country: 'CN', maxG: 500 }, vendor: 'hge', service: 'P10006' }];
  const preview = await desk.client.call('routes.preview', { routes });
  expect(preview.orders).toBe(total);
  expect(preview.unmatched.total).toBe(total);
  const sure = preview.unmatched.rows.filter((row) => !row.byWeight);
  expect(sure.every((row) => row.country !== 'CN')).toBe(true);
  expect((await desk.client.call('routes.get', {})).routes).toEqual([{ when: {}, vendor: 'hge', service: 'P10006' }]);

  await expect(desk.client.call('routes.save', { routes: [{ when: {}, vendor: 'asiabill' }] })).rejects.toMatchObject({
    code: 'bad-input',
  });
  await desk.client.call('routes.save', { routes });
  expect((await desk.client.call('routes.get', {})).routes).toEqual(routes);
  const written = JSON.parse(readFileSync(join(dataDir, 'profile.json'), 'utf8')) as unknown;
  expect(written).toEqual({ desk: { id: 'D07' }, routes });
}, 60_000);

test('a station without a profile file shows its routes and refuses to save', async () => {
  const desk = await start();
  const { savable, carriers } = await desk.client.call('routes.get', {});
  expect(savable).toBe(false);
  expect(carriers.map((carrier) => carrier.id)).toContain('hge');
  const routes = [{ when: {}, vendor: 'hge' }];
  await expect(desk.client.call('routes.save', { routes })).rejects.toMatchObject({ code: 'refused' });
}, 60_000);
