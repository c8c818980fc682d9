/** A whole station: who did what is on record, a reprint needs a reason, and what nobody can tell is asked on the screen. */
import { afterEach, expect, test } from 'vitest';
import type { PackSnapshot } from '../../../preload/contract/index.ts';
import { startTestStation, type TestStation } from '../../kit/station.ts';
import { shows } from './packer.ts';

const stations: TestStation[] = [];
afterEach(async () => {
  for (const station of stations.splice(0)) await station.stop();
});

async function open(profile: unknown = {}): Promise<TestStation> {
  const started = await startTestStation({ profile, orders: 20 });
  stations.push(started);
  await started.client.call('orders.sync', {});
  return started;
}

const until = (station: TestStation, wanted: (desk: PackSnapshot) => boolean): Promise<PackSnapshot> =>
  shows(station, 'pack', wanted);

/** Scans an order and its goods, and puts it on the scale. */
async function pack(station: TestStation, country?: string): Promise<string> {
  const { client } = station;
  const { rows } = await client.call('orders.list', { status: 'waiting' });
  const order = rows.find((row) => country === undefined || row.country === country);
  if (order === undefined) throw new Error('no order waits');
  await client.call('training.set', { scaleGrams: 0 });
  await client.call('pack.scan', { code: order.number, source: 'device' });
  const { lines } = await client.call('orders.get', { orderId: order.id });
  for (const line of lines) {
    for (let scan = 0; scan < line.scansNeeded; scan += 1) await client.call('pack.scan', { code: line.productCode });
  }
  await client.call('training.set', { scaleGrams: 1_200 });
  return order.id;
}

test('who, when and why of a reprint; every scan; every call: all in one unbroken record', async () => {
  const station = await open({ desk: { people: [{ badge: 'a1', name: '李雷' }] } });
  const { client } = station;
  await client.call('pack.scan', { code: 'PB:BADGE:A1' });
  const orderId = await pack(station);
  await until(station, (desk) => desk.stage === 'scan-back');
  const refused = await client.call('pack.command', { command: 'reprint' });
  expect(refused).toMatchObject({
    accepted: false,
    notice: { code: 'scan.reason-needed', params: { command: 'reprint' } },
  });
  await client.call('pack.scan', { code: 'not-this-one' });
  await client.call('pack.command', { command: 'reprint', reason: 'torn' });
  await until(station, (desk) => desk.stage === 'scan-back' && desk.parcel?.labelPrint === 'printed');
  const { text, brokenAt } = await client.call('audit.export', { orderId, format: 'json' });
  expect(brokenAt).toBeNull();
  const { events } = JSON.parse(text) as { events: { kind: string; at: string; detail: Record<string, unknown> }[] };
  const reprint = events.find(({ kind, detail }) => kind === 'print-claimed' && detail['copy'] === 1);
  expect(reprint?.detail).toMatchObject({ person: 'A1 李雷', reason: 'torn' });
  expect(events.find(({ kind }) => kind === 'order-opened')?.detail).toMatchObject({
    scan: { source: 'device' },
    person: 'A1 李雷',
  });
  expect(events.find(({ kind }) => kind === 'label-refused')?.detail).toMatchObject({ scan: { raw: 'not-this-one' } });
  const called = events.filter(({ kind }) => kind === 'vendor-called').map(({ detail }) => detail['operation']);
  expect(called).toEqual(expect.arrayContaining(['placeOrder', 'fetchLabel']));
});

test('a weight out of range passes only by a supervisor, whose name is on record', async () => {
  const people = [
    { badge: 'A1', name: '李雷' },
    { badge: 'S1', name: '王主管', role: 'supervisor' },
  ];
  const station = await open({ desk: { people }, limits: { maxWeightG: 500 } });
  const { client } = station;
  await client.call('pack.scan', { code: 'PB:BADGE:A1' });
  const orderId = await pack(station);
  await shows(station, 'weight', (weight) => weight.reason?.code === 'weight.too-heavy');
  const override = { command: 'override-weight', reason: 'checked' } as const;
  expect(await client.call('pack.command', override)).toMatchObject({ notice: { code: 'people.supervisor-needed' } });
  await client.call('pack.scan', { code: 'PB:BADGE:S1' });
  expect(await client.call('pack.command', override)).toMatchObject({ accepted: true });
  const { timeline } = await client.call('orders.get', { orderId });
  const sealed = timeline.find(({ kind }) => kind === 'parcel-sealed');
  expect(sealed?.detail).toMatchObject({ person: 'A1 李雷', supervisor: 'S1 王主管', overrideReason: 'checked' });
});

test('an order that nobody can tell about is asked for on the pack screen, and its number is scanned in', async () => {
  const station = await open({ routes: [{ when: {}, vendor: 'ane' }] });
  const { client } = station;
  await client.call('training.set', { vendor: { id: 'ane', fault: 'cut-after' } });
  const orderId = await pack(station, 'CN');
  const asked = await until(station, (desk) => desk.prompt?.kind === 'vendor-unknown');
  expect(asked.prompt?.notice).toMatchObject({ code: 'vendor.ask-order', params: { number: asked.order?.number } });
  expect(asked.prompt?.options.map(({ key }) => key)).toEqual(['Y', 'N', 'F9']);
  await client.call('training.set', { vendor: { id: 'ane', fault: 'none' } });
  await client.call('pack.command', { command: 'vendor-did' });
  await until(station, (desk) => desk.prompt?.kind === 'waybill-wanted');
  await client.call('pack.scan', { code: '300100200300' });
  const label = await until(station, (desk) => desk.stage === 'scan-back' && desk.labelKind === 'carrier');
  expect(label.expects).toBe('300100200300');
  const { timeline } = await client.call('orders.get', { orderId });
  expect(timeline.find(({ kind }) => kind === 'vendor-settled')?.detail).toMatchObject({ answer: 'exists' });
});
