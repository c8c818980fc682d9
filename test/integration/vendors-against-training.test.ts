/** Every vendor folder against its virtual vendor, over real sockets: both were written from the documents alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { JobCall } from '../../main/domain/job.ts';
import type { EarlierResults, FetchLabelResult, OperationName, ParcelFacts } from '../../main/domain/shipping.ts';
import { createSystemClock } from '../../main/host/shared/clock.ts';
import { createHttp } from '../../main/host/shared/http.ts';
import { createIds } from '../../main/host/shared/ids.ts';
import { createLineSwitch } from '../../main/host/shared/line.ts';
import { createTrainingVendors } from '../../main/training/vendors.ts';
import { createClockOffset } from '../../main/vendors/kit/clock-offset.ts';
import type { Vendor } from '../../main/vendors/kit/vendor.ts';
import { findVendor } from '../../main/vendors/registry.ts';
import { silentLog } from '../kit/ports.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function trainingDesk(orders = 25) {
  const dir = mkdtempSync(join(tmpdir(), 'packbench-vendors-'));
  const clock = createSystemClock();
  const training = await createTrainingVendors({ dir, clock, seed: 7, orders, log: silentLog, processingMs: 1 });
  closers.push(async () => {
    await training.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  const line = createLineSwitch();
  const http = createHttp({ line, clock });
  const vendor = (id: 'waiqin365' | 'hge' | 'asiabill', change: Record<string, unknown> = {}): Vendor => {
    const module = findVendor(id);
    if (module === null) throw new Error(`no vendor ${id}`);
    const settings = Object.fromEntries(
      Object.entries({ ...training.get(id).settings, ...change }).map(([key, value]) => [
        key,
        typeof value === 'string' && value.startsWith('secret:') ? training.secrets.get(value.slice(7)) : value,
      ]),
    );
    return module.create(module.settings.parse(settings), {
      http,
      clock,
      ids: createIds(clock),
      log: silentLog,
      offset: createClockOffset({ initialMs: 0, onChange() {} }),
    });
  };
  return { training, vendor, line };
}

function factsFor(order: { number: string }, change: Partial<ParcelFacts> = {}): ParcelFacts {
  return {
    parcelId: 'p1',
    orderNumber: order.number,
    reference: `PB${order.number}`.replace(/[^A-Za-z0-9]/g, '').slice(0, 32),
    receiver: {
      name: 'Ann Lee',
      company: '',
      phone: '+1 555 0100',
      email: '',
      country: 'US',
      state: 'CA',
      city: 'Los Angeles',
      postcode: '90001',
      line1: '123 Main Street',
      line2: '',
    },
    service: 'P10006',
    weightG: 1234,
    lengthMm: 300,
    widthMm: 200,
    heightMm: 105,
    items: [{ code: 'P1', name: 'Tea', quantity: '2', unitName: 'box', price: '9.50', gift: false }],
    remark: '',
    ...change,
  };
}

const call = (operation: OperationName, facts: ParcelFacts, earlier: EarlierResults = {}): JobCall => ({
  operation,
  facts,
  earlier,
  requestId: `${operation}-${facts.reference}`,
  attempt: 1,
});

function resultOf<T>(outcome: { kind: string; result?: unknown; message?: string }): T {
  if (outcome.kind !== 'done' && outcome.kind !== 'found') throw new Error(`${outcome.kind}: ${outcome.message}`);
  return outcome.result as T;
}

test('every order upstream is pulled, and a later pull brings only what changed', async () => {
  const { training, vendor } = await trainingDesk();
  const upstream = vendor('waiqin365', { pageLength: 7 });
  await upstream.check?.();
  const first = await upstream.pullOrders?.(null);
  expect(first?.refused).toEqual([]);
  expect(first?.orders.map((order) => order.number).sort()).toEqual([...training.orderNumbers()].sort());
  const cancelled = training.orderNumbers()[3] ?? '';
  training.cancelOrder(cancelled);
  const second = await upstream.pullOrders?.(first?.cursor ?? null);
  expect(second?.orders.find((order) => order.number === cancelled)?.state).toBe('cancelled');
});

test('orders abroad carry their country, state, city and postcode, and lines their barcodes', async () => {
  const { vendor } = await trainingDesk();
  const pulled = await vendor('waiqin365').pullOrders?.(null);
  const abroad = pulled?.orders.filter((order) => order.receiver.country !== 'CN') ?? [];
  expect(abroad.length).toBeGreaterThan(0);
  expect(abroad.every((order) => order.receiver.postcode !== '' && order.receiver.city !== '')).toBe(true);
  expect(pulled?.orders.every((order) => order.lines.every((line) => line.barcodes.length > 0))).toBe(true);
});

test.each(['bearer', 'signed'])('a parcel goes through HGE with auth %s: placed, confirmed, labelled', async (auth) => {
  const { training, vendor } = await trainingDesk();
  const hge = vendor('hge', { auth });
  await hge.check?.();
  const facts = factsFor({ number: training.orderNumbers()[0] ?? '' });
  const placeOrder = resultOf<NonNullable<EarlierResults['placeOrder']>>(await hge.send(call('placeOrder', facts)));
  const confirm = resultOf<NonNullable<EarlierResults['confirm']>>(
    await hge.send(call('confirm', facts, { placeOrder })),
  );
  const label = resultOf<FetchLabelResult>(await hge.send(call('fetchLabel', facts, { placeOrder, confirm })));
  expect(placeOrder.vendorOrderNumber).toBe(training.carrierOrder(facts.reference)?.orderNumber);
  expect(label.waybill).toBe(training.carrierOrder(facts.reference)?.waybill);
  expect(confirm.waybill).toBe(label.waybill);
  expect(label.artwork.base64.length).toBeGreaterThan(100);
  expect(training.effects().duplicateVendorOrders).toBe(0);
});

test('an order that was cut off after its effect is found, not placed again', async () => {
  const { training, vendor } = await trainingDesk();
  const hge = vendor('hge');
  const facts = factsFor({ number: training.orderNumbers()[1] ?? '' });
  expect(await hge.reconcile(call('placeOrder', facts))).toEqual({ kind: 'not-found' });
  await hge.send(call('placeOrder', facts));
  expect(await hge.send(call('placeOrder', facts))).toMatchObject({ kind: 'unknown', code: '301' });
  expect((await hge.reconcile(call('placeOrder', facts))).kind).toBe('found');
  expect(await hge.reconcile(call('confirm', facts))).toEqual({ kind: 'not-found' });
  await hge.send(call('confirm', facts));
  expect((await hge.reconcile(call('confirm', facts))).kind).toBe('found');
  expect(training.effects().duplicateVendorOrders).toBe(0);
});

test('tracking numbers are uploaded once, whatever is repeated under the same request id', async () => {
  const { training, vendor } = await trainingDesk();
  const asiabill = vendor('asiabill');
  await asiabill.check?.();
  const facts = factsFor({ number: training.orderNumbers()[2] ?? '' });
  const upload = call('uploadTracking', facts, { confirm: { waybill: '9261290100000000000012' } });
  expect(await asiabill.send(upload)).toMatchObject({ kind: 'done' });
  expect(await asiabill.send(upload)).toMatchObject({ kind: 'done' });
  expect(training.effects()).toMatchObject({ trackingUploads: 1, duplicateUploads: 0 });
});

test('with the line down nothing is sent', async () => {
  const { training, vendor, line } = await trainingDesk();
  const hge = vendor('hge');
  line.set(false);
  const facts = factsFor({ number: training.orderNumbers()[0] ?? '' });
  expect((await hge.send(call('placeOrder', facts))).kind).toBe('not-sent');
  line.set(true);
  expect((await hge.send(call('placeOrder', facts))).kind).toBe('done');
});

test('a late answer to another call is never taken for ours', async () => {
  const { training, vendor } = await trainingDesk();
  const hge = vendor('hge');
  const asiabill = vendor('asiabill');
  const [one, two] = training.orderNumbers().map((number) => factsFor({ number }));
  if (one === undefined || two === undefined) throw new Error('no orders');
  const results: EarlierResults[] = [];
  for (const facts of [one, two]) {
    const placeOrder = resultOf<NonNullable<EarlierResults['placeOrder']>>(await hge.send(call('placeOrder', facts)));
    const confirm = resultOf<NonNullable<EarlierResults['confirm']>>(
      await hge.send(call('confirm', facts, { placeOrder })),
    );
    results.push({ placeOrder, confirm });
  }
  await hge.send(call('fetchLabel', one, results[0]));
  training.get('hge').setFault({ kind: 'stale-answer', on: 'print_label' });
  expect(await hge.send(call('fetchLabel', two, results[1]))).toMatchObject({ kind: 'unknown', code: 'other-order' });
  expect(resultOf<FetchLabelResult>(await hge.send(call('fetchLabel', two, results[1]))).waybill).toBe(
    results[1]?.confirm?.waybill,
  );
  await asiabill.send(call('uploadTracking', one, results[0]));
  training.get('asiabill').setFault({ kind: 'stale-answer' });
  expect(await asiabill.send(call('uploadTracking', two, results[1]))).toMatchObject({ kind: 'unknown' });
});

test.each([
  [{ kind: 'cut-before' }, 'unknown'],
  [{ kind: 'cut-after' }, 'unknown'],
  [{ kind: 'error-500', effect: true }, 'unknown'],
  [{ kind: 'html', effect: true }, 'unknown'],
  [{ kind: 'garbage' }, 'unknown'],
  [{ kind: 'throttle', retryAfterS: 2 }, 'throttled'],
] as const)('fault %j while placing is %s', async (fault, kind) => {
  const { training, vendor } = await trainingDesk();
  const hge = vendor('hge');
  const facts = factsFor({ number: training.orderNumbers()[0] ?? '' });
  training.get('hge').setFault({ ...fault, on: 'order_create' });
  expect((await hge.send(call('placeOrder', facts))).kind).toBe(kind);
});

test('a vendor whose clock is thirteen minutes off is met on its own clock', async () => {
  const { training, vendor } = await trainingDesk();
  const facts = factsFor({ number: training.orderNumbers()[0] ?? '' });
  for (const id of ['waiqin365', 'hge', 'asiabill'] as const) {
    training.get(id).setFault({ kind: 'skew', ms: -13 * 60_000, times: 'sticky' });
  }
  const pulled = await vendor('waiqin365').pullOrders?.(null);
  expect(pulled?.orders.length).toBe(25);
  expect((await vendor('hge', { auth: 'signed' }).send(call('placeOrder', facts))).kind).toBe('done');
  const asiabill = vendor('asiabill');
  const upload = call('uploadTracking', facts, { confirm: { waybill: '9261290100000000000012' } });
  // AsiaBill's codes are not public, so its refusal is unknown; the next attempt has the right time.
  expect((await asiabill.send(upload)).kind).toBe('unknown');
  expect((await asiabill.send(upload)).kind).toBe('done');
});

test('an expired token is replaced within the call, once for all who wait', async () => {
  const { training, vendor } = await trainingDesk();
  const hge = vendor('hge');
  const facts = training.orderNumbers().map((number) => factsFor({ number }));
  await hge.check?.();
  training.get('hge').setFault({ kind: 'token-expired', times: 1, on: 'order_create' });
  const outcomes = await Promise.all(facts.slice(0, 5).map((each) => hge.send(call('placeOrder', each))));
  expect(outcomes.map((outcome) => outcome.kind)).toEqual(['done', 'done', 'done', 'done', 'done']);
  expect(training.get('hge').calls()['get_token']).toBe(2);
});
