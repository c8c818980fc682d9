import { createHash, createHmac, randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../test/kit/ports.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import { createTrainingVendors, tradeNumberFor, type TrainingVendors } from './vendors.ts';
import { waiqin365Digest } from './waiqin365-twin.ts';

let dir: string;
let clock: VirtualClock;
let training: TrainingVendors;
const others: TrainingVendors[] = [];

const open = (processingMs = 0): Promise<TrainingVendors> =>
  createTrainingVendors({ dir, clock, seed: 7, orders: 12, log: silentLog, processingMs });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'packbench-training-'));
  clock = createVirtualClock();
  training = await open();
});

afterEach(async () => {
  await Promise.all([training, ...others.splice(0)].map((each) => each.stop()));
  rmSync(dir, { recursive: true, force: true });
});

type Json = Record<string, unknown>;
interface Reply {
  status: number;
  json: Json;
  date: number;
}

async function call(url: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(url, init);
  const text = await response.text();
  const json = text.startsWith('{') ? (JSON.parse(text) as Json) : { text };
  return { status: response.status, json, date: Date.parse(response.headers.get('date') ?? '') };
}

// ---------------------------------------------------------------- waiqin365

const chinaTime = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14);

function pull(
  query: Json,
  over: { timestamp?: string; messageId?: string; digest?: string; path?: string } = {},
): Promise<Reply> {
  const vendor = training.get('waiqin365');
  const body = JSON.stringify(query);
  const timestamp = over.timestamp ?? chinaTime(clock.now());
  const appkey = training.secrets.get('waiqin365.appkey') ?? '';
  const digest = over.digest ?? createHash('md5').update(`${body}|${appkey}|${timestamp}`).digest('hex');
  const path = over.path ?? 'api/dmsdatasearch/v1/getDmsSalesOrderInfos';
  const tail = [vendor.settings.openid, timestamp, digest, over.messageId ?? randomUUID()].join('/');
  const headers = { 'content-type': 'application/json' };
  return call(`${vendor.baseUrl}/${path}/${tail}`, { method: 'POST', headers, body });
}

function rows(reply: Reply): Json[] {
  expect(reply.json.return_code).toBe('0');
  return JSON.parse(String(reply.json.response_data)) as Json[];
}

test('waiqin365: the digest reproduces the sample of the vendor manual', () => {
  const body = '{"org_id":"ORG001","org_name":"南京掌控网络","org_parent_id":"","org_sequence":001}';
  expect(waiqin365Digest(Buffer.from(body), 'BFCO0PAgIUgd50c0l6', '20150806142836')).toBe(
    '74267bf0cae0998a719879ec9b3c7780',
  );
});

test('waiqin365: a good call is answered in both documented shapes, page by page', async () => {
  const all = rows(await pull({ page_number: '1', s_status: '1' }));
  expect(all).toHaveLength(12);
  expect(all.filter((order) => 'order_no' in order)).toHaveLength(6);
  expect(all.filter((order) => 'purchase_no' in order && order.purchase_status === 'CG_DFH')).toHaveLength(6);
  const pages = await Promise.all([1, 2, 3, 4].map((page) => pull({ page_number: page, page_length: 5 })));
  expect(pages.map((page) => rows(page).length)).toEqual([5, 5, 2, 0]);
  expect(pages.flatMap(rows).map((order) => order.id)).toEqual(all.map((order) => order.id));
  expect(training.effects().ordersServed).toBe(12);
});

test('waiqin365: upper-case digests and 15-digit timestamps of Java callers are taken', async () => {
  const timestamp = `${chinaTime(clock.now()).slice(0, 12)}999`;
  const appkey = training.secrets.get('waiqin365.appkey') ?? '';
  const digest = createHash('md5').update(`{}|${appkey}|${timestamp}`).digest('hex').toUpperCase();
  expect(rows(await pull({}, { timestamp, digest }))).toHaveLength(12);
});

test.each([
  ['a tampered digest', { digest: '0'.repeat(32) }, /digest/],
  ['a stale timestamp', { timestamp: '20250101000000' }, /timestamp/],
  ['a timestamp of 13 digits', { timestamp: '1767571200000' }, /timestamp/],
  ['a msg_id over 36 characters', { messageId: 'x'.repeat(37) }, /msg_id/],
])('waiqin365: refuses %s', async (_name, over, reason) => {
  const reply = await pull({}, over);
  expect(reply.json.return_code).toBe('1');
  expect(reply.json.return_msg).toMatch(reason);
});

test('waiqin365: a msg_id is refused the second time within 30 minutes, then taken again', async () => {
  expect((await pull({}, { messageId: 'same' })).json.return_code).toBe('0');
  expect((await pull({}, { messageId: 'same' })).json.return_msg).toMatch(/msg_id/);
  await clock.advance(31 * 60_000);
  expect((await pull({}, { messageId: 'same' })).json.return_code).toBe('0');
});

test('waiqin365: page_length over 1000, unknown fields and malformed dates are refused', async () => {
  for (const query of [{ page_length: 1001 }, { nonsense: 1 }, { after_modify_date: '2026-01-05' }]) {
    expect((await pull(query)).json.return_code).toBe('1');
  }
});

test('waiqin365: a wrong path is answered with text that is no JSON', async () => {
  expect((await pull({}, { path: 'api/dmsdatasearch/v1/getOrders' })).json.text).toMatch(/请求地址不正确/);
});

test('waiqin365: cancelled, changed and added orders come back after_modify_date', async () => {
  const [first = '', second = ''] = training.orderNumbers();
  const before = training.parcelWeightG(second) ?? 0;
  await clock.advance(60_000);
  const since = new Date(clock.now() + 8 * 3_600_000 - 1_000).toISOString().replace('T', ' ').slice(0, 19);
  training.cancelOrder(first);
  training.changeOrder(second);
  const added = training.addOrder();
  const changed = rows(await pull({ after_modify_date: since }));
  expect(changed.map((order) => order.order_no ?? order.purchase_no).toSorted()).toEqual(
    [first, second, added].toSorted(),
  );
  const cancelled = changed.find((order) => (order.order_no ?? order.purchase_no) === first);
  expect(cancelled?.order_status ?? cancelled?.purchase_status).toMatch(/_YQX$/);
  expect(training.parcelWeightG(second)).toBeGreaterThan(before);
});

// ---------------------------------------------------------------- hge

const order = (number: string, over: Json = {}): Json => ({
  customer_order_num: number,
  service_code: 'P10006',
  is_confirm_label: false,
  shipper_info: { address_num: 'A1' },
  consignee_info: { contact_name: 'Roken Chan', country_code: 'US', postcode: '91700', address_one: 'add 123' },
  parcel_list: [{ weight: 1.25, item_info: [{ item_name: 'Tea', quantity: 2 }] }],
  ...over,
});

async function token(): Promise<string> {
  const { settings, baseUrl } = training.get('hge');
  const body = JSON.stringify({ api_key: settings.apiKey, api_secret: training.secrets.get('hge.apiSecret') });
  const headers = { 'content-type': 'application/json' };
  const reply = await call(`${baseUrl}get_token/`, { method: 'POST', headers, body });
  return String((reply.json.data as Json).token);
}

async function hge(path: string, body: Json, bearer?: string): Promise<Reply> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer ?? (await token())}` };
  const url = `${training.get('hge').baseUrl}${path}`;
  return call(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

test('hge: order, confirm and label; no tracking number before it is confirmed', async () => {
  const placed = (await hge('order_create/', order('PB-1'))).json.data as Json;
  expect(placed.order_num).toBe('HGE2601050000001');
  expect((await hge('query_order/', { num_type: 1, num: 'PB-1' })).json.data).toMatchObject({ tracking_number: null });
  expect((await hge('print_label/', { order_num: placed.order_num })).json.code).toBe(400);
  const confirmed = (await hge('confirm_order/', { order_num: placed.order_num })).json.data as Json;
  expect(confirmed.tracking_number).toMatch(/^\d{22}$/);
  const label = (await hge('print_label/', { order_num: placed.order_num, label_type: 'ZPL' })).json.data as Json;
  expect(Buffer.from(String(label.label), 'base64').toString()).toContain(String(confirmed.tracking_number));
  expect(training.effects()).toMatchObject({ vendorOrders: 1, duplicateVendorOrders: 0, labelsServed: 1 });
});

test('hge: a repeated customer_order_num is refused with 301 and makes no second order', async () => {
  await hge('order_create/', order('PB-1'));
  const again = await hge('order_create/', order('PB-1'));
  expect(again.json).toMatchObject({ code: 301, success: false });
  expect(training.effects()).toMatchObject({ vendorOrders: 1, duplicateVendorOrders: 0, refusedRepeats: 1 });
  training.setCarrierRefusesRepeats(false);
  await hge('order_create/', order('PB-1'));
  expect(training.effects().duplicateVendorOrders).toBe(1);
});

test.each([
  ['an unknown service', { service_code: 'P99999' }],
  ['no customer order number', { customer_order_num: '' }],
  ['a shipper without an address', { shipper_info: { address_num: '' } }],
  ['a receiver without a name', { consignee_info: { country_code: 'US', address_one: 'x' } }],
  ['a parcel without weight', { parcel_list: [{ weight: 0 }] }],
  ['a ship date that is none', { ship_date: '2025-13-40' }],
])('hge: refuses %s', async (_name, over) => {
  expect((await hge('order_create/', order('PB-1', over))).json).toMatchObject({ code: 400, success: false });
  expect(training.effects().vendorOrders).toBe(0);
});

test('hge: an order nobody placed is not found', async () => {
  expect((await hge('query_order/', { num_type: 1, num: 'nobody' })).json).toMatchObject({ code: 404, success: false });
});

test('hge: tokens end after two hours, and all at once when told to', async () => {
  const first = await token();
  expect((await hge('query_order/', { num_type: 1, num: 'x' }, first)).status).toBe(200);
  training.get('hge').setFault('token-expired');
  expect((await hge('query_order/', { num_type: 1, num: 'x' }, first)).status).toBe(401);
  const second = await token();
  await clock.advance(7_200_000);
  expect((await hge('query_order/', { num_type: 1, num: 'x' }, second)).status).toBe(401);
});

test('hge: signed headers are checked over the raw body', async () => {
  const { settings, baseUrl } = training.get('hge');
  const timestamp = String(Math.floor(clock.now() / 1000));
  const body = '{"num_type":1,"num":"x"}';
  const text = `${String(settings.apiKey)}${training.secrets.get('hge.apiSecret')}${timestamp}${body}`;
  const send = (signature: string): Promise<Reply> => {
    const headers = { 'content-type': 'application/json', api_key: String(settings.apiKey), timestamp, signature };
    return call(`${baseUrl}query_order/`, { method: 'POST', headers, body });
  };
  const good = createHash('md5').update(text).digest('hex');
  expect((await send(good)).json.code).toBe(404);
  expect((await send(good.replace(/^./, (first) => (first === '0' ? '1' : '0')))).status).toBe(401);
});

// ---------------------------------------------------------------- asiabill

function upload(
  body: Json | string,
  requestId: string = randomUUID(),
  over: Record<string, string> = {},
): Promise<Reply> {
  const { settings, baseUrl } = training.get('asiabill');
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const time = over['request-time'] ?? String(clock.now());
  const signKey = training.secrets.get('asiabill.signKey') ?? '';
  const sign = createHmac('sha256', signKey).update(`${String(settings.gatewayNo)}${requestId}${time}.${text}`);
  const headers = {
    'content-type': 'application/json',
    'gateway-no': String(settings.gatewayNo),
    'request-id': requestId,
    'request-time': time,
    'sign-info': sign.digest('hex').toUpperCase(),
    ...over,
  };
  return call(`${baseUrl}/openApi/V2022-03/logistics`, { method: 'POST', headers, body: text });
}

const tracking = (trackingNo: string): Json => ({
  lcCode: 'TWTH',
  orderNo: training.orderNumbers()[0],
  trackingNo,
  trackingWeb: 'https://abc.com',
});

test('asiabill: the same id with the same body is answered again without a second effect', async () => {
  const first = await upload(tracking('LH1'), 'R1');
  expect(first.json).toMatchObject({ code: '00000', data: { status: 'success' } });
  expect((await upload(tracking('LH1'), 'R1')).json).toEqual(first.json);
  expect(training.get('asiabill').effects()).toEqual({ upload: { total: 1, distinct: 1, duplicates: 0 } });
});

test('asiabill: the same id with another body is refused, a new id counts as a duplicate', async () => {
  await upload(tracking('LH1'), 'R1');
  expect((await upload(tracking('LH2'), 'R1')).json.code).not.toBe('00000');
  await upload(tracking('LH1'), 'R2');
  expect(training.effects()).toMatchObject({ trackingUploads: 1, duplicateUploads: 1 });
});

test('asiabill: an uploaded number can be asked for by its trade number', async () => {
  const { settings, baseUrl } = training.get('asiabill');
  await upload(tracking('LH1'));
  const trade = `${tradeNumberFor(training.orderNumbers()[0] ?? '')},1`;
  const time = String(clock.now());
  const signKey = training.secrets.get('asiabill.signKey') ?? '';
  const sign = createHmac('sha256', signKey)
    .update(`${String(settings.gatewayNo)}Q1${time}.${trade}`)
    .digest('hex');
  const headers = {
    'gateway-no': String(settings.gatewayNo),
    'request-id': 'Q1',
    'request-time': time,
    'sign-info': sign,
  };
  const reply = await call(`${baseUrl}/openApi/V2022-03/logistics/${encodeURIComponent(trade)}`, { headers });
  expect(reply.json.data).toEqual([expect.objectContaining({ trackingNo: 'LH1', logisticsStatus: 'InfoReceived' })]);
});

test.each<[string, Json | string, Record<string, string>]>([
  ['a wrong signature', { orderNo: 'X' }, { 'sign-info': 'A'.repeat(64) }],
  ['a request-time eleven minutes off', { orderNo: 'X' }, { 'request-time': String(Date.UTC(2026, 0, 5) - 660_000) }],
  ['a request-id over 64 characters', { orderNo: 'X' }, { 'request-id': 'x'.repeat(65) }],
  ['neither orderNo nor tradeNo', { trackingNo: 'LH1', trackingWeb: 'https://abc.com' }, {}],
  ['an order nobody made', { orderNo: 'X', trackingNo: 'LH1', trackingWeb: 'https://abc.com' }, {}],
  ['numbers where text is asked', '{"orderNo":1,"trackingNo":12,"trackingWeb":"https://abc.com"}', {}],
  ['a trackingNo of one character', { orderNo: 'X', trackingNo: 'L', trackingWeb: 'https://abc.com' }, {}],
])('asiabill: refuses %s', async (_name, body, over) => {
  expect((await upload(body, 'R1', over)).json.code).toMatch(/^T/);
  expect(training.effects().trackingUploads).toBe(0);
});

// ---------------------------------------------------------------- faults and records

test('cut-after leaves exactly one effect, cut-before none', async () => {
  const bearer = await token();
  const vendor = training.get('hge');
  vendor.setFault({ kind: 'cut-before', on: 'order_create' });
  await expect(hge('order_create/', order('PB-1'), bearer)).rejects.toThrow(/fetch failed/);
  expect(vendor.effectsOf('order', 'PB-1')).toBe(0);
  vendor.setFault({ kind: 'cut-after', on: 'order_create' });
  await expect(hge('order_create/', order('PB-1'), bearer)).rejects.toThrow(/fetch failed/);
  expect(vendor.effectsOf('order', 'PB-1')).toBe(1);
  expect((await hge('order_create/', order('PB-1'), bearer)).json.code).toBe(301);
});

test('a caller that hangs up during processing does not stop the effect', async () => {
  const bearer = await token();
  training.setProcessingMs(500);
  const hangUp = new AbortController();
  const sent = fetch(`${training.get('hge').baseUrl}order_create/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify(order('PB-1')),
    signal: hangUp.signal,
  }).catch(() => 'aborted');
  await expect.poll(() => clock.pending).toBe(1);
  hangUp.abort();
  expect(await sent).toBe('aborted');
  expect(training.effects().vendorOrders).toBe(0);
  await clock.advance(500);
  expect(training.effects().vendorOrders).toBe(1);
});

test('spoiled answers, throttling and a skewed clock show as they would at a real vendor', async () => {
  const bearer = await token();
  const vendor = training.get('hge');
  const ask = (): Promise<Reply> => hge('query_order/', { num_type: 1, num: 'x' }, bearer);
  vendor.setFault('error-500');
  expect(vendor.panelFault()).toBe('error-500');
  expect((await ask()).status).toBe(500);
  expect((await ask()).status).toBe(500);
  vendor.setFault('html');
  expect((await ask()).json.text).toMatch(/^<!DOCTYPE html>/);
  vendor.setFault({ kind: 'throttle', retryAfterS: 3 });
  expect((await ask()).status).toBe(429);
  vendor.setFault({ kind: 'skew', ms: 3_600_000 });
  expect((await ask()).date - clock.now()).toBe(3_600_000);
  expect((await ask()).json.code).toBe(404);
});

test('an error page after the effect still leaves one effect', async () => {
  training.get('hge').setFault({ kind: 'error-500', effect: true, on: 'order_create' });
  expect((await hge('order_create/', order('PB-1'))).status).toBe(500);
  expect(training.get('hge').effectsOf('order', 'PB-1')).toBe(1);
});

test('records survive a re-open, a torn last line does not count', async () => {
  const bearer = await token();
  await hge('order_create/', order('PB-1'), bearer);
  const uploaded = tracking('LH1');
  await upload(uploaded, 'R1');
  const [cancelled = ''] = training.orderNumbers();
  training.cancelOrder(cancelled);
  const numbers = training.orderNumbers();
  // The first instance is not stopped: as if its process had been killed.
  others.push(training);
  appendFileSync(join(dir, 'hge.jsonl'), '{"effect":"ordered","at":1,"seq');
  await clock.advance(60_000);
  training = await open();
  expect(training.orderNumbers()).toEqual(numbers);
  expect(training.effects()).toMatchObject({ vendorOrders: 1, trackingUploads: 1 });
  expect((await hge('order_create/', order('PB-1'), bearer)).json.code).toBe(301);
  expect(((await hge('order_create/', order('PB-2'), bearer)).json.data as Json).order_num).toBe('HGE2601050000002');
  expect((await upload(uploaded, 'R1')).json.code).toBe('00000');
  others.push(training);
  training = await open();
  expect(training.effects()).toMatchObject({ vendorOrders: 2, trackingUploads: 1, duplicateUploads: 0 });
});
