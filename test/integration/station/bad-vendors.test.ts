/** What vendors send that is no good: said on the screen with the reason, nothing lost or doubled, and over when it is over. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createTrainingVendors, type TrainingVendors } from '../../../main/training/vendors.ts';
import { silentLog } from '../../kit/ports.ts';
import { realClock } from '../../kit/real-clock.ts';
import { startTestStation, type TestStation } from '../../kit/station.ts';
import { drained, pack, packUpToScale, scan, scanItems, scanLabel, ship, shows, waitingOrders } from './packer.ts';
import { startSpoiler, startUpstream, upstreamRecord, type Spoiler } from './upstream.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function station(options: Parameters<typeof startTestStation>[0]): Promise<TestStation> {
  const desk = await startTestStation({ orders: 3, ...options });
  cleanups.push(() => desk.stop());
  await desk.station.inside.intake.sync();
  return desk;
}

/** A desk whose carrier is reached through a spoiler. */
async function spoiledDesk(): Promise<{ desk: TestStation; outside: TrainingVendors; spoiler: Spoiler }> {
  const dir = mkdtempSync(join(tmpdir(), 'packbench-outside-'));
  cleanups.push(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  const outside = await createTrainingVendors({ dir, clock: realClock, log: silentLog, seed: 5, orders: 3 });
  cleanups.push(() => outside.stop());
  const { settings, baseUrl } = outside.get('hge');
  const spoiler = await startSpoiler(new URL(baseUrl).origin);
  cleanups.push(() => spoiler.close());
  const desk = await station({
    profile: {
      vendors: {
        waiqin365: outside.get('waiqin365').settings,
        asiabill: outside.get('asiabill').settings,
        hge: { ...settings, baseUrl: spoiler.origin },
      },
    },
    env: Object.fromEntries(
      [...outside.secrets].map(([name, value]) => [`PACKBENCH_SECRET_${name.replaceAll('.', '_')}`, value]),
    ),
  });
  return { desk, outside, spoiler };
}

/** Puts `label` into every answer to a request for a label. */
const withLabel =
  (label: string): Spoiler['spoil'] =>
  (name, answer) =>
    name === 'print_label' ? { ...answer, data: { ...(answer['data'] as object), label } } : answer;

const html = Buffer.from('<!DOCTYPE html><html><body>Session expired</body></html>').toString('base64');
const garbage = Buffer.from([0x00, 0xff, 0xfe, 0x13, 0x37, 0x80, 0x00, 0x01, 0x02]).toString('base64');
const cutPdf = Buffer.from('%PDF-1.4\n1 0 obj <</Type /Catalog').toString('base64');

test.each([
  ['a web page', html, 'vendor-rejected', /web page, not artwork/],
  ['garbage', garbage, 'vendor-rejected', /neither PDF, PNG, JPEG, GIF, ZPL nor EPL/],
  ['a PDF that ends in the middle', cutPdf, 'label-held', /\S/],
] as const)(
  'a label that is %s stops its parcel with the reason; retry prints it when the vendor is well',
  async (_what, label, kind, says) => {
    const { desk, outside, spoiler } = await spoiledDesk();
    const [number = ''] = waitingOrders(desk);
    spoiler.spoil = withLabel(label);
    await packUpToScale(desk, number, 900);
    const stopped = await shows(desk, 'pack', (now) => now.stage === 'stopped');
    expect(stopped.prompt).toMatchObject({ kind, notice: { tone: 'stop' } });
    expect(String(stopped.prompt?.notice.params['reason'])).toMatch(says);
    expect(String(stopped.prompt?.notice.params['reason'])).not.toContain('\n');
    expect(
      desk.station.inside.store.prints
        .listByParcel(stopped.parcel?.id ?? '')
        .filter((each) => each.kind === 'carrier' && each.bytesWritten !== 0),
    ).toEqual([]);
    spoiler.spoil = null;
    expect((await desk.client.call('pack.command', { command: 'retry' })).accepted).toBe(true);
    expect((await scanLabel(desk)).notice.code).toBe('scan.label-ok');
    await drained(desk);
    expect(outside.effects()).toMatchObject({
      vendorOrders: 1,
      duplicateVendorOrders: 0,
      trackingUploads: 1,
      duplicateUploads: 0,
    });
  },
);

test("a label with another parcel's waybill is held and never printed", async () => {
  const { desk, outside, spoiler } = await spoiledDesk();
  const [first = '', second = ''] = waitingOrders(desk);
  let kept: unknown = null;
  spoiler.spoil = (name, answer) => {
    if (name === 'print_label') kept = (answer['data'] as { label?: unknown }).label;
    return answer;
  };
  await ship(desk, first, 700);
  spoiler.spoil = withLabel(String(kept));
  await packUpToScale(desk, second, 900);
  const held = await shows(desk, 'pack', (now) => now.stage === 'stopped');
  expect(held.prompt).toMatchObject({ kind: 'label-held', notice: { code: 'label.wrong-parcel' } });
  expect(held.prompt?.notice.params['waybill']).toBe(held.parcel?.waybill);
  expect(held.prompt?.notice.params['found']).not.toBe(held.parcel?.waybill);
  const { printer } = desk.station.inside.virtual;
  expect(printer?.labels().length).toBe(1);
  // Set aside, it waits: another order may be packed meanwhile, and the parcel comes back with a scan.
  await desk.client.call('pack.command', { command: 'release-order' });
  spoiler.spoil = null;
  expect((await scan(desk, second)).accepted).toBe(true);
  await desk.client.call('pack.command', { command: 'retry' });
  expect((await scanLabel(desk)).notice.code).toBe('scan.label-ok');
  await drained(desk);
  expect(outside.effects()).toMatchObject({
    vendorOrders: 2,
    duplicateVendorOrders: 0,
    trackingUploads: 2,
    duplicateUploads: 0,
  });
});

test('a web page instead of an answer is unknown, never done: it is asked about, and the order stands once', async () => {
  const desk = await station({});
  const { vendors } = desk.station.inside.virtual;
  vendors?.setCarrierRefusesRepeats(false);
  vendors?.get('hge').setFault({ kind: 'html', effect: true, on: 'order_create', times: 1 });
  const [number = ''] = waitingOrders(desk);
  await packUpToScale(desk, number, 900);
  const status = await shows(desk, 'status', (now) => now.outbox.unknown === 1);
  expect(String(status.vendors.find((vendor) => vendor.id === 'hge')?.reason?.params['reason'])).toMatch(
    /web page, not data; check baseUrl and the network/,
  );
  expect(pack(desk).parcel?.waybill ?? null).toBeNull();
  expect((await scanLabel(desk)).accepted).toBe(true);
  await desk.client.call('training.set', { scaleGrams: 0 });
  if (pack(desk).stage !== 'idle') await scanLabel(desk);
  await drained(desk);
  expect(vendors?.effects()).toMatchObject({ vendorOrders: 1, duplicateVendorOrders: 0 });
});

test('an upstream order without lines is refused by number in the attention list, and the others are packed', async () => {
  const upstream = await startUpstream([
    upstreamRecord('DD202611200001', ['P-1']),
    upstreamRecord('DD202611200002', []),
    { nonsense: true },
    upstreamRecord('DD202611200003', ['P-2', 'P-3']),
  ]);
  cleanups.push(() => upstream.close());
  const desk = await station({
    profile: {
      vendors: {
        waiqin365: {
          baseUrl: upstream.origin,
          openid: '8000000000000000009',
          appkey: 'secret:waiqin365.appkey',
          pollMs: 60_000,
        },
      },
    },
    env: { PACKBENCH_SECRET_waiqin365_appkey: 'KEY' },
  });
  expect(waitingOrders(desk).sort()).toEqual(['DD202611200001', 'DD202611200003']);
  const { items } = await desk.client.call('attention.list', {});
  expect(items).toHaveLength(2);
  expect(items.find((item) => item.orderNumber === 'DD202611200002')?.notice).toMatchObject({
    code: 'order.refused',
    params: { number: 'DD202611200002', reason: 'the order has no lines (prods is empty)' },
  });
  await shows(desk, 'status', (now) => now.attention === 2 && now.sync.reason === null);
  await scan(desk, 'DD202611200003');
  await scanItems(desk);
  expect(pack(desk).stage).toBe('weigh');
  // Corrected upstream, it is taken, and no longer asks for attention.
  upstream.records = [upstreamRecord('DD202611200002', ['P-4'])];
  await desk.client.call('orders.sync', {});
  expect(waitingOrders(desk)).toContain('DD202611200002');
  expect((await desk.client.call('attention.list', {})).items.map((item) => item.orderNumber)).not.toContain(
    'DD202611200002',
  );
});

test('an upstream that answers a web page says so with the fix, keeps what was pulled, and recovers by itself', async () => {
  const desk = await station({});
  const before = waitingOrders(desk);
  await desk.client.call('training.set', { vendor: { id: 'waiqin365', fault: 'html' } });
  await expect(desk.client.call('orders.sync', {})).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/web page.*check baseUrl/) as string,
  });
  const { sync, vendors } = await shows(desk, 'status', (now) => now.sync.reason !== null);
  expect(sync.reason).toMatchObject({
    code: 'sync.failed',
    params: { reason: expect.stringMatching(/web page/) as string },
  });
  expect(vendors.find((vendor) => vendor.id === 'waiqin365')?.state).toBe('offline');
  expect(waitingOrders(desk)).toEqual(before);
  await desk.client.call('training.set', { vendor: { id: 'waiqin365', fault: 'none' } });
  const well = await shows(desk, 'status', (now) => now.sync.reason === null);
  expect(well.vendors.find((vendor) => vendor.id === 'waiqin365')?.state).toBe('online');
});

test('an order cancelled upstream while it is on the desk stops the packer, and cannot be opened again', async () => {
  const desk = await station({});
  const [number = '', next = ''] = waitingOrders(desk);
  await scan(desk, number);
  await scanItems(desk);
  expect(pack(desk).stage).toBe('weigh');
  desk.station.inside.virtual.vendors?.cancelOrder(number);
  await desk.client.call('orders.sync', {});
  const stopped = await shows(desk, 'pack', (now) => now.stage === 'stopped');
  expect(stopped.prompt).toMatchObject({
    kind: 'order-cancelled',
    notice: { code: 'order.cancelled-upstream', params: { number } },
  });
  expect(stopped.last).toMatchObject({ accepted: false, sound: 'stop' });
  // A weight on the scale seals nothing while it is stopped.
  await desk.client.call('training.set', { scaleGrams: 500 });
  await shows(desk, 'weight', (now) => now.state === 'stable' && now.grams === 500);
  expect(pack(desk)).toMatchObject({ stage: 'stopped', parcel: null });
  await desk.client.call('pack.command', { command: 'release-order' });
  expect(desk.station.inside.store.orders.findByNumber(number)?.status).toBe('cancelled');
  expect((await scan(desk, number)).notice.code).toBe('scan.order-cancelled');
  await ship(desk, next);
  await drained(desk);
  expect(desk.station.inside.virtual.vendors?.effects()).toMatchObject({ vendorOrders: 1, trackingUploads: 1 });
});

test('an order changed upstream while it waits for its weight asks for what was added, and keeps what was scanned', async () => {
  const desk = await station({});
  const [number = ''] = waitingOrders(desk);
  await scan(desk, number);
  await scanItems(desk);
  desk.station.inside.virtual.vendors?.changeOrder(number);
  await desk.client.call('orders.sync', {});
  const changed = await shows(desk, 'pack', (now) => now.stage === 'items');
  expect(changed.last).toMatchObject({
    accepted: false,
    sound: 'stop',
    notice: { code: 'order.changed-upstream', params: { number } },
  });
  expect(changed.lines.reduce((left, line) => left + line.scansNeeded - line.scansDone, 0)).toBe(1);
  await scanItems(desk);
  await desk.client.call('training.set', { scaleGrams: 640 });
  expect((await scanLabel(desk)).notice.code).toBe('scan.label-ok');
});
