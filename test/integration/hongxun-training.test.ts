/** 鸿讯's folder against the virtual 鸿讯, over real sockets: both were written from the documents alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { JobCall } from '../../main/domain/job.ts';
import type { OperationName } from '../../main/domain/shipping.ts';
import { createSystemClock } from '../../main/host/shared/clock.ts';
import { createHttp } from '../../main/host/shared/http.ts';
import { createIds } from '../../main/host/shared/ids.ts';
import { createLineSwitch } from '../../main/host/shared/line.ts';
import { createTrainingVendors, type TrainingVendor } from '../../main/training/vendors.ts';
import { hongxun } from '../../main/vendors/hongxun/module.ts';
import { createClockOffset } from '../../main/vendors/kit/clock-offset.ts';
import { testCall } from '../../main/vendors/kit/testing.ts';
import type { Vendor } from '../../main/vendors/kit/vendor.ts';
import { silentLog } from '../kit/ports.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function desk(change: Record<string, unknown> = {}): Promise<{ twin: TrainingVendor; vendor: Vendor }> {
  const dir = mkdtempSync(join(tmpdir(), 'packbench-hongxun-'));
  const clock = createSystemClock();
  const training = await createTrainingVendors({ dir, clock, seed: 7, orders: 3, log: silentLog, processingMs: 1 });
  closers.push(async () => {
    await training.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  const twin = training.get('hongxun');
  const sk = training.secrets.get('hongxun.sk');
  const vendor = hongxun.create(hongxun.settings.parse({ ...twin.settings, sk, ...change }), {
    http: createHttp({ line: createLineSwitch(), clock }),
    clock,
    ids: createIds(clock),
    log: silentLog,
    offset: createClockOffset({ initialMs: 0, onChange() {} }),
  });
  return { twin, vendor };
}

const delivery = {
  event: { at: Date.UTC(2026, 0, 5), status: 'delivered', vendorStatus: 'POD', place: '上海', text: '已签收' },
  signedBy: '李四',
  images: [{ url: 'https://example.com/1.jpg', base64: null, postfix: 'jpg' }],
};
const call = (operation: OperationName): JobCall => ({ ...testCall(operation), payload: delivery });
const jobs = ['reportParcel', 'pushRoute', 'pushSignInfo', 'pushSignImages'] as const;

test.each([{}, { signCase: 'upper' }])('every job is taken under %j, once each', async (change) => {
  const { twin, vendor } = await desk(change);
  for (const operation of jobs) {
    expect([operation, await vendor.send(call(operation))]).toMatchObject([operation, { kind: 'done' }]);
  }
  const once = { total: 1, distinct: 1, duplicates: 0 };
  expect(twin.effects()).toEqual({ parcel: once, route: once, sign: once, images: once });
  expect(await vendor.check?.()).toBeUndefined();
  expect(await vendor.call?.('pushRoute', vendor.calls?.['pushRoute']?.sample)).toMatchObject({ kind: 'done' });
});

test('a wrong key is told as such, and nothing happens', async () => {
  const { twin, vendor } = await desk({ sk: 'wrong-key' });
  expect((await vendor.send(call('pushRoute'))).kind).toBe('auth');
  await expect(vendor.check?.()).rejects.toMatchObject({ kind: 'auth' });
  expect(twin.effects()).toEqual({});
});

test.each([
  ['cut-before', 'unknown', 0],
  ['cut-after', 'unknown', 1],
  ['error-500', 'unknown', 0],
  ['html', 'unknown', 0],
  ['throttle', 'throttled', 0],
] as const)('%s is %s', async (kind, outcome, effects) => {
  const { twin, vendor } = await desk();
  twin.setFault({ kind });
  expect((await vendor.send(call('pushRoute'))).kind).toBe(outcome);
  expect(twin.effects()['route']?.total ?? 0).toBe(effects);
});

test('a vendor whose clock is thirteen minutes off is met on its own clock', async () => {
  const { twin, vendor } = await desk();
  twin.setFault({ kind: 'skew', ms: -13 * 60_000, times: 'sticky' });
  expect((await vendor.send(call('pushRoute'))).kind).toBe('done');
});
