/** Calls by name through whole days of work, against the virtual vendors, over real sockets. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createSystemClock } from '../../main/host/shared/clock.ts';
import { createHttp } from '../../main/host/shared/http.ts';
import { createIds } from '../../main/host/shared/ids.ts';
import { createLineSwitch } from '../../main/host/shared/line.ts';
import { createTrainingVendors, tradeNumberFor } from '../../main/training/vendors.ts';
import { deliveryLineId, deliveryOrderId } from '../../main/training/waiqin365-writes.ts';
import { createClockOffset } from '../../main/vendors/kit/clock-offset.ts';
import { testCall } from '../../main/vendors/kit/testing.ts';
import type { Vendor } from '../../main/vendors/kit/vendor.ts';
import { findVendor } from '../../main/vendors/registry.ts';
import { silentLog } from '../kit/ports.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
type Id = 'waiqin365' | 'hge' | 'asiabill';

async function desk() {
  const dir = mkdtempSync(join(tmpdir(), 'packbench-calls-'));
  const clock = createSystemClock();
  const open = () => createTrainingVendors({ dir, clock, seed: 7, orders: 6, log: silentLog, processingMs: 1 });
  let training = await open();
  closers.push(async () => {
    await training.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  const http = createHttp({ line: createLineSwitch(), clock });
  const vendor = (id: Id, change: Record<string, unknown> = {}): Vendor => {
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
  const ask = async (over: Vendor, name: string, params: unknown): Promise<unknown> => {
    const outcome = await over.call?.(name, params);
    if (outcome?.kind !== 'done') throw new Error(`${name}: ${JSON.stringify(outcome)}`);
    return outcome.result;
  };
  const refused = async (over: Vendor, name: string, params: unknown): Promise<string> => {
    const outcome = await over.call?.(name, params);
    return outcome === undefined || outcome.kind === 'done' ? 'done' : `${outcome.kind} ${outcome.message}`;
  };
  return {
    training: () => training,
    vendor,
    ask,
    refused,
    async restart() {
      await training.stop();
      training = await open();
    },
  };
}

const newOrder = (number: string) => ({
  customer_order_num: number,
  service_code: 'P10006',
  shipper_info: { address_num: '1' },
  consignee_info: { contact_name: 'Ann', country_code: 'US', address_one: '1 Main St', postcode: '90001' },
  parcel_list: [{ weight: 1.2 }],
});

test('HGE: a day from orders to flight; effects counted once and kept over a restart', async () => {
  const { training, vendor, ask, refused, restart } = await desk();
  const hge = vendor('hge');
  for (const num of ['CS1', 'CS2', 'CS3']) await ask(hge, 'placeOrder', newOrder(num));
  await ask(hge, 'confirm', { num: 'CS1' });
  await ask(hge, 'confirm', { num: 'CS2' });
  expect(await ask(hge, 'fetchLabel', { num: 'CS1', label_type: 'ZPL' })).toMatchObject({ type: 'application/zpl' });
  expect(await ask(hge, 'queryServices', {})).toContainEqual({ service_code: 'P10006', label_type: 'PDF' });
  expect(await ask(hge, 'token', {})).toEqual({ received: true, lifeMs: 7_200_000 });
  await ask(hge, 'updateWeight', { num: 'CS1', weight: 1.5 });
  await ask(hge, 'updateWaybill', { num: 'CS1', order_remark: 'door' });
  await ask(hge, 'intercept', { num: 'CS2' });
  expect(await refused(hge, 'intercept', { num: 'CS2' })).toContain('already intercepted');
  await ask(hge, 'cancelIntercept', { num: 'CS2' });
  await ask(hge, 'cancel', { num: 'CS3' });
  expect(await refused(hge, 'confirm', { num: 'CS3' })).toContain('已取消');
  expect(await ask(hge, 'getPod', { num: 'CS1' })).toMatchObject({ pod: null });
  expect(await ask(hge, 'queryPccc', { pccc: 'P123456789012', name: '홍길동' })).toMatchObject({ valid: true });
  const question = { parcelId: 'p', waybill: '', reference: 'CS1', orderNumber: '', vendorOrderNumber: null };
  expect(hge.trackAtOnce).toBe(1);
  expect(await hge.track?.([question, { ...question, parcelId: 'q', reference: 'NONE' }])).toMatchObject([
    { parcelId: 'p', status: 'announced', vendorStatus: 'created', events: [{ status: 'announced' }] },
    { parcelId: 'q', status: 'not-found', events: [] },
  ]);

  const bag = { reference_num: 'BAG1', order_nums: ['CS1', 'CS2'] };
  const { bagNumber } = (await ask(hge, 'createBag', bag)) as { bagNumber: string };
  // 301 重复请求 says that the bag may be there: not a refusal.
  expect(await refused(hge, 'createBag', bag)).toContain('unknown');
  expect(await refused(hge, 'createBag', { ...bag, reference_num: 'BAG2' })).toContain('is in big bag');
  expect(await ask(hge, 'bagLabel', { bag_num: bagNumber })).toMatchObject({ type: 'application/zpl' });
  await ask(hge, 'voidBag', { bag_num: bagNumber });
  const second = (await ask(hge, 'createBag', { ...bag, reference_num: 'BAG2' })) as { bagNumber: string };
  const form = { reference_num: 'SF1', netWeightD: 2.4, weightD: 2.6, order_nums: ['CS1', 'CS2'] };
  expect(await ask(hge, 'scanForm', form)).toEqual({ reference_num: 'SF1' });
  expect(await refused(hge, 'scanForm', { ...form, order_nums: ['CS3'], reference_num: 'SF2' })).toContain(
    'not confirmed',
  );
  expect(await ask(hge, 'scanFormResult', { reference_num: 'SF1' })).toMatchObject({ reference_num: 'SF1' });
  await restart();
  const later = vendor('hge');
  await ask(later, 'manifest', {
    reference_num: 'MF1',
    handover_mode: { mawb_no: '180-1', flight_no: 'KE1' },
    big_bags: [{ bag_num: second.bagNumber, order_nums: ['CS1', 'CS2'] }],
  });
  expect(await ask(later, 'manifestResult', { reference_num: 'MF1' })).toMatchObject({ reference_num: 'MF1' });
  await ask(later, 'updateFlight', { mawb_no: '180-1', flight_no: 'KE1', node: 'departed', node_time: '2026-01-05' });
  expect(await refused(later, 'voidBag', { bag_num: second.bagNumber })).toContain('in a manifest');
  for (const [kind, total] of Object.entries({
    order: 3,
    bag: 2,
    'void-bag': 1,
    'scan-form': 1,
    manifest: 1,
    weight: 1,
  })) {
    expect([kind, training().get('hge').effects()[kind]]).toEqual([kind, { total, distinct: total, duplicates: 0 }]);
  }
});

test('HGE: cancelling that was cut off is asked about before it is repeated', async () => {
  const { training, vendor, ask } = await desk();
  const hge = vendor('hge');
  const call = testCall('cancel', { earlier: {} });
  await ask(hge, 'placeOrder', newOrder(call.facts.reference));
  expect(await hge.reconcile(call)).toEqual({ kind: 'not-found' });
  training().get('hge').addFault({ kind: 'cut-after', on: 'cancel_order' });
  expect((await hge.send(call)).kind).toBe('unknown');
  expect((await hge.reconcile(call)).kind).toBe('found');
  expect(training().get('hge').effectsOf('cancel', call.facts.reference)).toBe(1);
});

test('外勤365: an order added, edited, approved, closed; a shipment written back and signed for', async () => {
  const { training, vendor, ask, refused, restart } = await desk();
  const upstream = vendor('waiqin365');
  const order = {
    order_no: 'DDNEW1',
    cm_code: 'CUS1',
    supply_code: 'SUP0001',
    date: '2026-01-05 08:00',
    receive_name: '张三',
    products: [{ code: 'P1', num: '2', price: '0', is_gift: '1' }],
  };
  expect(await ask(upstream, 'upsertUpstreamOrder', order)).toMatchObject({ orderNumber: 'DDNEW1' });
  expect(await refused(upstream, 'upsertUpstreamOrder', order)).toContain('订单号已存在');
  await ask(upstream, 'upsertUpstreamOrder', { ...order, operate_type: '2', receive_name: '李四' });
  const [found] = (await ask(upstream, 'pullOrders', { order_no: 'DDNEW1' })) as { order: unknown; raw: unknown }[];
  expect(found?.order).toMatchObject({ receive_name: '李四', order_status: 'XS_DQR', prods: [{ is_gift: 'Y' }] });
  await ask(upstream, 'approve', { order_no: 'DDNEW1', approver_code: 'EMP1', verify_type: '1' });
  expect(await refused(upstream, 'approve', { order_no: 'NONE', approver_code: 'E', verify_type: '0' })).toContain(
    '订单不存在',
  );
  await ask(upstream, 'closeOrder', { order_no: 'DDNEW1' });

  const number = training().orderNumbers()[0] ?? '';
  const shipped = testCall('recordShipment', { facts: { orderNumber: number } });
  const fields = vendor('waiqin365', { writeBack: { kind: 'custom-field', field: '物流单号' } });
  expect(await fields.send(shipped)).toMatchObject({ kind: 'done' });
  expect(await fields.send({ ...shipped, attempt: 2 })).toMatchObject({ kind: 'done' });
  const [record] = (await ask(upstream, 'pullOrders', { order_no: number })) as { order: { exts: unknown[] } }[];
  expect(record?.order.exts).toContainEqual({ ext_key: '物流单号', ext_value: '9261290100000000000012' });

  const deliveries = vendor('waiqin365', { writeBack: { kind: 'delivery-order' } });
  expect(await deliveries.send({ ...shipped, requestId: '018f3b52-aaaa-7000-8000-000000000002' })).toMatchObject({
    kind: 'done',
  });
  const signed = testCall('recordSigned', { requestId: '018f3b52-aaaa-7000-8000-000000000003' });
  expect(await deliveries.send(signed)).toMatchObject({ kind: 'rejected', code: 'delivery-order-unknown' });
  const { reference } = shipped.facts;
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const payload = {
    deliveryOrder: {
      id: deliveryOrderId(reference),
      createdOn: today,
      lines: [{ id: deliveryLineId(reference, 0), baseQuantity: '20' }],
    },
  };
  await restart();
  expect(
    await vendor('waiqin365', { writeBack: { kind: 'delivery-order' } }).send({ ...signed, payload }),
  ).toMatchObject({
    kind: 'done',
  });
  const {
    order: orders,
    approve,
    close,
    fields: written,
    delivery,
    signed: signatures,
  } = training().get('waiqin365').effects();
  expect([orders, approve, close, delivery, signatures].map((count) => count?.total)).toEqual([1, 1, 1, 1, 1]);
  expect(written).toEqual({ total: 2, distinct: 1, duplicates: 1 });
});

test('AsiaBill: several trade numbers in one query; a repeated request id has one effect', async () => {
  const { training, vendor, ask } = await desk();
  const store = vendor('asiabill', { orderNumberIs: 'tradeNo' });
  const numbers = training().orderNumbers().slice(0, 3);
  const trades = numbers.map(tradeNumberFor);
  for (const [index, tradeNo] of trades.slice(0, 2).entries()) {
    const params = { tradeNo, trackingNo: `WB${index}`, trackingWeb: 'https://abc.com' };
    const first = await store.call?.('uploadTracking', params, `request-${index}`);
    expect(await store.call?.('uploadTracking', params, `request-${index}`)).toEqual(first);
  }
  expect(training().get('asiabill').effects()['upload']).toEqual({ total: 2, distinct: 2, duplicates: 0 });
  expect(await ask(store, 'queryTracking', { tradeNos: trades.join(',') })).toMatchObject([
    { trackingNo: 'WB0', status: 'InfoReceived' },
    { trackingNo: 'WB1', status: 'InfoReceived' },
  ]);
  const before = training().get('asiabill').calls()['query'];
  const question = (index: number) => ({
    parcelId: `p${index}`,
    waybill: `WB${index}`,
    reference: '',
    orderNumber: trades[index] ?? '',
    vendorOrderNumber: null,
  });
  expect((await store.track?.([0, 1, 2].map(question)))?.map((answer) => answer.status)).toEqual([
    'announced',
    'announced',
    'not-found',
  ]);
  expect(training().get('asiabill').calls()['query']).toBe((before ?? 0) + 1);
});

test.each<[Id, string, unknown]>([
  ['waiqin365', 'pullOrders', { page_length: 1 }],
  ['hge', 'queryOrder', { num: 'NONE' }],
  ['asiabill', 'queryTracking', { tradeNos: '1' }],
])('%s: a clock 15 minutes off costs at most one extra request, then none', async (id, name, params) => {
  const { training, vendor } = await desk();
  training()
    .get(id)
    .setFault({ kind: 'skew', ms: 15 * 60_000, times: 'sticky' });
  const over = vendor(id, id === 'hge' ? { auth: 'signed' } : {});
  const count = (): number => Object.values(training().get(id).calls()).reduce((sum, each) => sum + each, 0);
  expect((await over.call?.(name, params))?.kind).toBe('done');
  expect(count()).toBeLessThanOrEqual(2);
  const first = count();
  for (let round = 0; round < 3; round += 1) expect((await over.call?.(name, params))?.kind).toBe('done');
  expect(count()).toBe(first + 3);
});

test('HGE: the proof of a delivery is there once the parcel is delivered, and its address shows the same picture', async () => {
  const { training, vendor, ask } = await desk();
  const hge = vendor('hge');
  for (const num of ['CS1', 'CS2']) await ask(hge, 'placeOrder', newOrder(num));
  await ask(hge, 'confirm', { num: 'CS1' });
  const proofOf = (reference: string) =>
    hge.proof?.({ parcelId: 'p', waybill: '', reference, orderNumber: '', vendorOrderNumber: null });
  expect(await proofOf('CS1')).toBeNull();
  training()
    .get('hge')
    .setFault({ kind: 'skew', ms: 27 * 3_600_000, times: 'sticky' });
  expect([await proofOf('CS2'), await proofOf('NONE')]).toEqual([null, null]);
  const proof = await proofOf('CS1');
  expect(proof).toMatchObject({ signedBy: 'A. Lee', images: [{ postfix: 'png' }] });
  const [{ url, base64 } = { url: null, base64: null }] = proof?.images ?? [];
  const shown = await fetch(url ?? '');
  expect(Buffer.from(await shown.arrayBuffer()).toString('base64')).toBe(base64);
  expect(shown.headers.get('content-type')).toBe('image/png');
});

test('HGE: 200 calls at once on an expired token fetch exactly one new token', async () => {
  const { training, vendor, ask } = await desk();
  const hge = vendor('hge');
  await ask(hge, 'placeOrder', newOrder('CS1'));
  expect(training().get('hge').calls()['get_token']).toBe(1);
  training().get('hge').setFault({ kind: 'token-expired' });
  const outcomes = await Promise.all(Array.from({ length: 200 }, () => ask(hge, 'queryOrder', { num: 'CS1' })));
  expect(outcomes).toHaveLength(200);
  expect(training().get('hge').calls()['get_token']).toBe(2);
});
