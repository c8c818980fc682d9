import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../test/kit/ports.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import { aneTwinDigest, createAneTwin, ewbNoFor, type AneTwin } from './ane-twin.ts';
import { startVendorServer, type VendorServer } from './vendor-server.ts';

const identity = { code: 'PACK', appSecret: 'secret' };
let dir: string;
let clock: VirtualClock;
let twin: AneTwin;
let server: VendorServer;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'packbench-ane-'));
  clock = createVirtualClock();
  await open();
});
afterEach(async () => {
  await close();
  rmSync(dir, { recursive: true, force: true });
});

async function open(): Promise<void> {
  twin = createAneTwin(identity, dir);
  server = await startVendorServer({ twin, clock, log: silentLog, processingMs: 0 });
}
async function close(): Promise<void> {
  await server.stop();
  twin.close();
}

type Json = Record<string, unknown>;
const order = (over: Json = {}): Json => ({
  orderNo: 'PACK20260105080000',
  goodsType: 8,
  totalPiece: 1,
  totalWeight: 1.25,
  payModeId: 104,
  serviceType: 1,
  sendCompanyName: '江南优选',
  sendLinkMan: '张三',
  sendPhoneSms: '13800000000',
  sendAddress: '市心北路1号',
  sendProvince: '浙江省',
  sendCity: '杭州市',
  sendCounty: '萧山区',
  dispatchCompanyName: '李四',
  dispatchLinkMan: '李四',
  dispatchPhoneSms: '13912345678',
  dispatchAddress: '云龙山路66号 A+B',
  dispatchProvince: '江苏省',
  dispatchCity: '南京市',
  dispatchCounty: '建邺区',
  ...over,
});

interface Change {
  readonly path?: string;
  readonly form?: boolean;
  readonly digest?: string;
  readonly timestamp?: string;
  readonly code?: string;
  readonly raw?: string;
}

async function call(params: Json, change: Change = {}): Promise<Json> {
  const text = change.raw ?? JSON.stringify(params);
  const body = {
    code: change.code ?? identity.code,
    timestamp: change.timestamp ?? String(clock.now()),
    params: text,
    digest: change.digest ?? aneTwinDigest(text, identity),
  };
  const response = await fetch(`${server.origin}${change.path ?? '/aneop/op/order/new'}`, {
    method: 'POST',
    headers: { 'content-type': change.form === true ? 'application/x-www-form-urlencoded' : 'application/json' },
    body: change.form === true ? new URLSearchParams(body).toString() : JSON.stringify(body),
  });
  return (await response.json()) as Json;
}

test('the digest reproduces the public vector', () => {
  expect(aneTwinDigest('1', { code: '', appSecret: '' })).toBe('YzRjYTQyMzhhMGI5MjM4MjBkY2M1MDlhNmY3NTg0OWI=');
});

test.each([false, true])('a good order is taken once, with its numbers in resultInfo (form: %s)', async (form) => {
  const taken = await call(order(), { form });
  expect(taken).toMatchObject({ result: true, resultCode: '1000' });
  expect(JSON.parse(String(taken['resultInfo']))).toMatchObject({
    orderNo: 'PACK20260105080000',
    ewbNo: ewbNoFor('PACK20260105080000'),
  });
  expect(ewbNoFor('PACK20260105080000')).toMatch(/^\d{12}$/);
  expect(await call(order(), { form })).toMatchObject({ result: false, resultCode: '1001' });
  expect(twin.effects.count('order')).toEqual({ total: 1, distinct: 1, duplicates: 0 });
  expect(twin.effects.count('refused-repeat').total).toBe(1);
});

test('base64 over the raw bytes of the MD5 is refused', async () => {
  const raw = createHash('md5')
    .update(`${JSON.stringify(order())}PACKsecret`)
    .digest('base64');
  expect(raw).toHaveLength(24);
  expect(await call(order(), { digest: raw })).toMatchObject({ result: false, resultCode: '2002' });
});

test('a form whose plus was not encoded arrives as a blank and is refused', async () => {
  const text = JSON.stringify(order());
  const digest = aneTwinDigest(text, identity);
  const encoded = new URLSearchParams({
    code: 'PACK',
    timestamp: String(clock.now()),
    params: text,
    digest,
  }).toString();
  const bare = encoded.replace('A%2BB', 'A+B');
  const send = async (body: string): Promise<Json> => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
    return (await (
      await fetch(`${server.origin}/aneop/op/order/new`, { method: 'POST', headers, body })
    ).json()) as Json;
  };
  expect(await send(bare)).toMatchObject({ resultCode: '2002' });
  expect(await send(encoded)).toMatchObject({ resultCode: '1000' });
});

test.each<[string, Change, string]>([
  ['another customer', { code: 'OTHER' }, '2001'],
  ['a wrong digest', { digest: 'A'.repeat(43) + '=' }, '2002'],
  ['a time eleven minutes off', { timestamp: String(Date.UTC(2026, 0, 5) - 660_000) }, '2003'],
  ['a time in seconds', { timestamp: '1767571200' }, '2003'],
  ['params that are not JSON', { raw: '1' + '{' }, '1001'],
])('refuses %s', async (_name, change, code) => {
  expect(await call(order(), change)).toMatchObject({ result: false, resultCode: code });
  expect(twin.effects.count('order').total).toBe(0);
});

test.each<[string, Json]>([
  ['a field in no table', { surprise: 1 }],
  ['an orderNo without the code', { orderNo: '20260105080000' }],
  ['orderNo 65', { orderNo: `PACK${'1'.repeat(61)}` }],
  ['goodsType 9', { goodsType: 9 }],
  ['serviceType 3', { serviceType: 3 }],
  ['payModeId 101', { payModeId: 101 }],
  ['a weight as text', { totalWeight: '1.25' }],
  ['a weight of 11 characters', { totalWeight: 1234567.891 }],
  ['no receiver', { dispatchLinkMan: '' }],
  ['no county', { dispatchCounty: '' }],
  ['no telephone', { dispatchPhoneSms: null }],
  ['an address of 257', { dispatchAddress: '长'.repeat(257) }],
  ['remark 501', { remark: '长'.repeat(501) }],
  ['a time without seconds', { sendStartTime: '2026-01-05 10:00' }],
  ['代收货款 without 返款时效', { codCharge: 5, returnTarget: 1 }],
])('refuses %s as a business failure', async (_name, over) => {
  expect(await call(order(over))).toMatchObject({ result: false, resultCode: '1001' });
  expect(twin.effects.count('order').total).toBe(0);
});

test('an order can be cancelled once, and only with its own waybill', async () => {
  const path = '/aneop/opwb/lb/update';
  const orderNo = 'PACK20260105080000';
  expect(await call({ action: '10', orderNo }, { path })).toMatchObject({ resultCode: '1001' });
  await call(order());
  expect(await call({ action: '10', orderNo, ewbNo: '1' }, { path })).toMatchObject({ resultCode: '1001' });
  expect(await call({ action: '10', orderNo, ewbNo: ewbNoFor(orderNo) }, { path })).toMatchObject({
    resultCode: '1000',
  });
  expect(await call({ action: '10', orderNo }, { path })).toMatchObject({ resultCode: '1001' });
  expect(twin.effects.of('cancel', orderNo)).toBe(1);
});

test('the trace grows with time, and knows only its own waybills', async () => {
  const path = '/api/trace/query/traceQuery';
  await call(order());
  const trace = async (): Promise<unknown[]> => {
    const { resultInfo } = await call({ ewbNo: ewbNoFor('PACK20260105080000') }, { path });
    return (JSON.parse(String(resultInfo)) as { traces: unknown[] }).traces;
  };
  expect(await trace()).toHaveLength(1);
  await clock.advance(91 * 60_000);
  expect((await trace()).at(-1)).toMatchObject({ scanType: '签收' });
  expect(await call({ ewbNo: '000000000000' }, { path })).toMatchObject({ resultCode: '1001' });
});

test('orders are remembered over a restart; without refusing, a double order shows', async () => {
  await call(order());
  await close();
  await open();
  expect(await call(order())).toMatchObject({ resultCode: '1001' });
  twin.setRefusesRepeats(false);
  await call(order());
  expect(twin.effects.count('order')).toEqual({ total: 2, distinct: 1, duplicates: 1 });
});

test('cut after the effect leaves one order, cut before none', async () => {
  server.faults.add({ kind: 'cut-before' });
  await expect(call(order())).rejects.toThrow();
  expect(twin.find('PACK20260105080000')).toBeUndefined();
  server.faults.add({ kind: 'cut-after' });
  await expect(call(order())).rejects.toThrow();
  expect(twin.find('PACK20260105080000')).toMatchObject({ ewbNo: ewbNoFor('PACK20260105080000') });
});
