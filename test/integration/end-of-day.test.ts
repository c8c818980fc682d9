/**
 * The end of a day at a whole station: parcels packed, bagged and labelled with the virtual devices, handed over to the
 * virtual HGE over real HTTP. What the carrier holds is read from its own record.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HttpRequest } from '../../main/ports.ts';
import { scanFormSample } from '../../main/vendors/hge/samples.ts';
import type { CallInput, HandoverView } from '../../preload/contract/index.ts';
import { startTestStation, type TestStation } from '../kit/station.ts';
import { drained, ship, shows, waitingOrders } from './station/packer.ts';

let dataDir: string;
let desk: TestStation;
let requests: HttpRequest[];

async function start(): Promise<void> {
  desk = await startTestStation({ dataDir, orders: 30, onRequest: (request) => requests.push(request) });
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'packbench-day-'));
  requests = [];
  await start();
});
afterEach(async () => {
  await desk.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const details: CallInput<'day.push'>['details'] = {
  ...{ handoverNumber: '21389910283', contactName: 'Roken Chan', company: 'company', email: 'a@example.com' },
  ...{ phone: '1 401-311-2522', mobile: '1 602-671-6610', country: 'US', state: 'CA', city: 'Los Angeles' },
  ...{ postcode: '91700', houseNumber: '150', street: 'addd', address: 'add 123' },
};
const flight = {
  ...{ airWaybill: '180-12345675', flightNumber: 'KE856', departsAt: '2026-11-22 10:05', arrivesAt: '' },
  ...{ departurePort: 'PVG', transitPort: '', arrivalPort: 'LAX', transitDepartsAt: '', transitArrivesAt: '' },
};

interface Parcel {
  readonly id: string;
  readonly waybill: string;
  readonly reference: string;
  readonly vendorOrderNumber: string;
  readonly country: string;
}

/** Packs orders from scan to scanned label until so many of one route are here. */
async function shipOneRoute(
  count: number,
): Promise<{ service: string | null; destination: string; parcels: Parcel[] }> {
  await desk.client.call('orders.sync', {});
  const { store } = desk.station.inside;
  const byCountry = new Map<string, Parcel[]>();
  for (const number of waitingOrders(desk)) {
    await ship(desk, number);
    const order = store.orders.findByNumber(number);
    const parcel = store.parcels.listByOrder(order?.id ?? '').at(-1);
    if (parcel === undefined) throw new Error(`order ${number} has no parcel`);
    const { country } = parcel.facts.receiver;
    const placed = store.jobs.earlierResults(parcel.id, 1_000).placeOrder;
    const { id, reference, waybill } = parcel;
    const made = { id, reference, waybill: waybill ?? '', vendorOrderNumber: placed?.vendorOrderNumber ?? '', country };
    const here = [...(byCountry.get(country) ?? []), made];
    byCountry.set(country, here);
    if (here.length === count) {
      await drained(desk);
      return { service: parcel.service, destination: country, parcels: here };
    }
  }
  throw new Error('too few orders of one route');
}

const hge = (name: string, params: unknown) =>
  desk.station.inside.vendors.find((entry) => entry.id === 'hge')?.vendor?.call?.(name, params);
const document = async (handoverId: string): Promise<HandoverView> =>
  (await desk.client.call('day.get', { handoverId })).document;
const reaches = (handoverId: string, stage: HandoverView['stage']) =>
  shows(desk, 'day', (day) => day.documents.some((each) => each.id === handoverId && each.stage === stage));

/** Orders that each accepted document of the carrier holds, from its own record. */
function carrierHolds(effect: 'scan-form' | 'manifest'): string[] {
  const dir = join(dataDir, 'training');
  return readdirSync(dir)
    .filter((file) => file.startsWith('hge') && file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(dir, file), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { effect?: string; value?: { orders?: string[] } })
    .filter((entry) => entry.effect === effect)
    .flatMap((entry) => entry.value?.orders ?? []);
}

/** Names of all fields, whole depth, in their order. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [shapeOf(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([key, each]) => [key, shapeOf(each)]);
}

/** Fills a bag, weighs, closes, labels it and scans the label back. Returns the carrier's number of it. */
async function makeBag(
  route: { service: string | null; destination: string },
  parcels: readonly Parcel[],
): Promise<string> {
  const { client } = desk;
  await client.call('bags.command', { command: 'open', route: { vendor: 'hge', ...route } });
  for (const { waybill } of parcels) {
    const said = await client.call('bags.scan', { code: waybill, source: 'demo' });
    if (!said.accepted) throw new Error(`${waybill} was refused: ${JSON.stringify(said.notice)}`);
  }
  const bag = await shows(desk, 'bags', (bags) => bags.chosen !== null && bags.chosen.parcels === parcels.length);
  const { parcelsWeightG = 0, tareG = 0 } = bag.chosen ?? {};
  await client.call('training.set', { scaleGrams: 0 });
  await shows(desk, 'weight', (weight) => weight.state === 'stable' && weight.grams === 0);
  await client.call('bags.command', { command: 'close' });
  await client.call('training.set', { scaleGrams: parcelsWeightG + tareG });
  const { expects } = await shows(desk, 'bags', (bags) => bags.expects !== null);
  const scanned = await client.call('bags.scan', { code: expects ?? '', source: 'demo' });
  if (!scanned.accepted) throw new Error(`the bag label was refused: ${JSON.stringify(scanned.notice)}`);
  await client.call('training.set', { scaleGrams: 0 });
  return expects ?? '';
}

test(
  'scan form over a cut line with one parcel failing: a repeat pushes just that one; each order is there once',
  { timeout: 300_000 },
  async () => {
    const { parcels, ...route } = await shipOneRoute(3);
    const held = parcels[1];
    expect(await hge('intercept', { num_type: 1, num: held?.reference, reason: 'test' })).toMatchObject({
      kind: 'done',
    });

    await desk.client.call('training.set', { network: 'cut' });
    const push = { kind: 'scan-form' as const, vendor: 'hge', routes: [route], looseToo: true, details, flight: null };
    const { handoverIds } = await desk.client.call('day.push', push);
    const id = handoverIds[0] ?? '';
    await expect(desk.client.call('day.push', push)).rejects.toMatchObject({ code: 'refused' });
    await shows(desk, 'day', (day) => day.documents[0]?.notice.code === 'day.document-later');
    requests.length = 0;
    await desk.client.call('training.set', { network: 'up' });

    await reaches(id, 'partial');
    const { parcels: failed } = await desk.client.call('day.get', { handoverId: id, state: 'failed' });
    expect(failed.map((each) => [each.waybill, each.reason])).toEqual([[held?.waybill, '已拦截 (intercepted)']]);

    // Field for field as the vendor's page shows it.
    const sent = requests.filter((request) => request.url.endsWith('/scanform/'));
    const bodies = sent.map(
      (request) => JSON.parse(Buffer.from(request.body ?? []).toString()) as typeof scanFormSample,
    );
    expect(bodies.length).toBeGreaterThan(0);
    for (const body of bodies) expect(shapeOf(body)).toEqual(shapeOf(scanFormSample));
    expect(bodies[0]?.handoverinfo).toMatchObject({ handover_num: '21389910283', contact_name: 'Roken Chan' });
    expect(bodies[0]?.order_nums.toSorted()).toEqual(parcels.map((each) => each.vendorOrderNumber).toSorted());

    expect(await hge('cancelIntercept', { num_type: 1, num: held?.reference })).toMatchObject({ kind: 'done' });
    const repeat = await desk.client.call('day.repeat', { handoverId: id });
    expect(repeat.parcels).toBe(1);
    await reaches(repeat.handoverId, 'through');
    expect((await document(id)).repeatable).toBe(0);
    expect(carrierHolds('scan-form').toSorted()).toEqual(parcels.map((each) => each.reference).toSorted());
  },
);

test(
  'a bag in scan form and manifest, a station that stops in between, the flight, the list, the truck',
  { timeout: 300_000 },
  async () => {
    const { parcels, ...route } = await shipOneRoute(2);
    const number = await makeBag(route, parcels);
    const push = { vendor: 'hge', routes: [route], looseToo: true, details, flight };
    const { choices } = desk.station.inside.day.snapshot.current();
    const choice = choices.find((each) => each.route.destination === route.destination);
    expect(choice).toMatchObject({ free: { manifest: { bags: 1, parcels: 2 } }, obstacles: [] });

    const form = await desk.client.call('day.push', { ...push, kind: 'scan-form' });
    const manifest = await desk.client.call('day.push', { ...push, kind: 'manifest' });
    await desk.stop();
    await start();
    await reaches(form.handoverIds[0] ?? '', 'through');
    await reaches(manifest.handoverIds[0] ?? '', 'through');
    const references = parcels.map((each) => each.reference).toSorted();
    expect(carrierHolds('scan-form').toSorted()).toEqual(references);
    expect(carrierHolds('manifest').toSorted()).toEqual(references);

    const handoverId = manifest.handoverIds[0] ?? '';
    await desk.client.call('day.flight', { handoverId, node: 'departed', at: '2026-11-22 10:20' });
    await shows(desk, 'day', (day) => day.documents.some((each) => each.nodes[0]?.state === 'told'));

    const printed = await desk.client.call('day.printList', { handoverId });
    expect(printed).toMatchObject({ outcome: 'printed', copy: 0, notice: { code: 'day.list-printed' } });
    const { reference } = await document(handoverId);
    await expect
      .poll(() => desk.station.inside.virtual.printer?.labels().some((label) => label.codes.includes(reference)), {
        timeout: 60_000,
      })
      .toBe(true);
    expect((await document(handoverId)).listsPrinted).toBe(1);
    const file = await desk.client.call('day.listFile', { handoverId });
    expect(Buffer.from(file.base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-');

    await desk.client.call('day.loading', { action: 'start', vendor: 'hge' });
    const said = await desk.client.call('day.scan', { code: number, source: 'demo' });
    expect(said).toMatchObject({ accepted: true, notice: { code: 'day.load-done' } });
    await shows(desk, 'day', (day) => day.loading === null);
    const { store } = desk.station.inside;
    for (const parcel of parcels) {
      const kinds = store.events.list({ parcelId: parcel.id }, 0, 200).map((event) => event.kind);
      expect(kinds.filter((kind) => kind === 'handed-over')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'handover-through')).toHaveLength(2);
    }
    expect(store.events.firstBroken()).toBeNull();
  },
);
