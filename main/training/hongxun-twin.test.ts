import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../test/kit/ports.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import { createHongxunTwin, type HongxunTwin } from './hongxun-twin.ts';
import { startVendorServer, type VendorServer } from './vendor-server.ts';

const identity = { createBy: 'C', dataSource: 'D', sk: 'key', warehouseCode: 'WH01', customerFlag: 'F' };
let dir: string;
let clock: VirtualClock;
let twin: HongxunTwin;
let server: VendorServer;

const open = async (): Promise<void> => {
  twin = createHongxunTwin(identity, dir);
  server = await startVendorServer({ twin, clock, log: silentLog, processingMs: 0 });
};
const close = async (): Promise<void> => {
  await server.stop();
  twin.close();
};
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'packbench-hongxun-'));
  clock = createVirtualClock();
  await open();
});
afterEach(async () => {
  await close();
  rmSync(dir, { recursive: true, force: true });
});

type Json = Record<string, unknown>;
const route = {
  mailno: 'W1',
  memo: '在途',
  operator: '张三',
  scanTypeCode: '81',
  time: '2026-01-05 08:00:00',
  transferAddress: '上海',
};
/** Signed by hand: the members above stand in ascending order. */
const signed = (request: unknown, over: Json = {}, timestamp = '2026-01-05 08:00:00'): Json => ({
  createBy: 'C',
  dataSource: 'D',
  sign: createHash('md5')
    .update(`C&D&${JSON.stringify(request)}&key&${timestamp}`)
    .digest('hex'),
  timestamp,
  request,
  ...over,
});
async function post(path: string, body: unknown): Promise<Json> {
  const response = await fetch(`${server.origin}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Json;
}
const routing = 'dtc/tms/carrierRoutingPush';

test('a signed route is taken in either case, counted, and still there after a restart', async () => {
  const body = signed([route]);
  expect(await post(routing, body)).toEqual({ code: 200, message: '响应成功', flag: true });
  expect((await post(routing, { ...body, sign: String(body.sign).toUpperCase() })).flag).toBe(true);
  expect(twin.effects.all()).toEqual({ route: { total: 2, distinct: 1, duplicates: 1 } });
  await close();
  await open();
  expect(twin.effects.of('route', 'W1/81/2026-01-05 08:00:00')).toBe(2);
  const asked = signed({ customerNumber: 'DD1', mailno: 'W1' });
  expect(await post('dtc/esboms/routeQuery', asked)).toMatchObject({
    flag: true,
    value: { routes: [[route], [route]] },
  });
});

test.each<[string, Json]>([
  ['a wrong sign', signed([route], { sign: '0'.repeat(32) })],
  ['another request than was signed', signed([route], { request: [{ ...route, mailno: 'W2' }] })],
  ['a time eleven minutes off', signed([route], {}, '2026-01-05 08:11:00')],
  ['another customer', signed([route], { createBy: 'X' })],
  ['an unknown member', signed([route], { more: 1 })],
  ['a node that does not exist', signed([{ ...route, scanTypeCode: '88' }])],
  ['a node as a number', signed([{ ...route, scanTypeCode: 81 }])],
  ['a missing field', signed([{ mailno: 'W1' }])],
  ['no routes', signed([])],
])('refuses %s, without an effect', async (_what, body) => {
  expect((await post(routing, body)).flag).toBe(false);
  expect(twin.effects.all()).toEqual({});
});

test('a parcel report is not signed, but checked', async () => {
  const request = { mailno: 'W1', longs: 30, widths: 20, heights: 10, weight: 1200, volume: 6000 };
  const body = { warehouseCode: 'WH01', timestamp: '2026-01-05 08:00:00', request };
  const path = 'dtc/device/dwsPackageInfo';
  expect((await post(path, body)).flag).toBe(true);
  expect((await post(path, { ...body, warehouseCode: 'X' })).flag).toBe(false);
  expect((await post(path, { ...body, request: { ...request, volume: 6 } })).flag).toBe(false);
  expect((await post(path, { ...body, request: { ...request, longs: '30' } })).flag).toBe(false);
  expect(twin.effects.count('parcel').total).toBe(1);
});

test('an effect that happened stays, though its answer is lost', async () => {
  server.faults.add({ kind: 'cut-after' });
  await expect(post(routing, signed([route]))).rejects.toThrow();
  expect(twin.effects.count('route').total).toBe(1);
  server.faults.add({ kind: 'cut-before' });
  await expect(post(routing, signed([route]))).rejects.toThrow();
  expect(twin.effects.count('route').total).toBe(1);
});
