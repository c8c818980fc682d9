/** 安能 from end to end: the vendor folder against its virtual vendor, and a whole station that ships by it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { JobCall } from '../../main/domain/job.ts';
import type { EarlierResults, OperationName, ParcelFacts, PlaceOrderResult } from '../../main/domain/shipping.ts';
import { createHands } from '../../main/host/node/cli/demo/hands.ts';
import { createPacker } from '../../main/host/node/cli/demo/packer.ts';
import { workShift } from '../../main/host/node/cli/demo/shift.ts';
import { createSystemClock } from '../../main/host/shared/clock.ts';
import { createHttp } from '../../main/host/shared/http.ts';
import { createIds } from '../../main/host/shared/ids.ts';
import { createLineSwitch } from '../../main/host/shared/line.ts';
import { createTrainingVendors } from '../../main/training/vendors.ts';
import { ane } from '../../main/vendors/ane/module.ts';
import { createClockOffset } from '../../main/vendors/kit/clock-offset.ts';
import type { Vendor } from '../../main/vendors/kit/vendor.ts';
import { silentLog } from '../kit/ports.ts';
import { startTestStation } from '../kit/station.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function aneDesk(change: Record<string, unknown> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'packbench-ane-'));
  closers.push(() => rmSync(dir, { recursive: true, force: true }));
  const clock = createSystemClock();
  const training = await createTrainingVendors({ dir, clock, seed: 7, orders: 2, log: silentLog, processingMs: 1 });
  closers.push(() => training.stop());
  const twin = training.get('ane');
  const settings = { ...twin.settings, appSecret: training.secrets.get('ane.appSecret'), ...change };
  const vendor: Vendor = ane.create(ane.settings.parse(settings), {
    http: createHttp({ line: createLineSwitch(), clock }),
    clock,
    ids: createIds(clock),
    log: silentLog,
    offset: createClockOffset({ initialMs: 0, onChange() {} }),
  });
  return { twin, vendor };
}

const facts: ParcelFacts = {
  parcelId: 'p1',
  orderNumber: 'XS1',
  reference: 'PBD01MGQ0QHXK001',
  receiver: {
    name: '李四',
    company: '',
    phone: '18254623212',
    email: '',
    country: 'CN',
    state: '',
    city: '',
    postcode: '',
    line1: '江苏省南京市建邺区云龙山路66号 A+B&C',
    line2: '',
  },
  service: null,
  weightG: 1_250,
  lengthMm: 300,
  widthMm: 200,
  heightMm: 150,
  items: [{ code: 'P1', name: '桂花糕', quantity: '2', unitName: '盒', price: null, gift: false }],
  remark: '轻拿轻放\t~',
};
const call = (operation: OperationName, earlier: EarlierResults = {}, change: Partial<ParcelFacts> = {}): JobCall => ({
  operation,
  facts: { ...facts, ...change },
  earlier,
  requestId: 'r1',
  attempt: 1,
});

test.each(['json', 'form'])('an order is placed once, followed and cancelled, as %s', async (encoding) => {
  const { twin, vendor } = await aneDesk({ encoding });
  const placed = await vendor.send(call('placeOrder'));
  expect(placed).toMatchObject({ kind: 'done', result: { waybill: expect.stringMatching(/^\d{12}$/) as string } });
  const placeOrder = (placed as { result: PlaceOrderResult }).result;
  expect(await vendor.send(call('placeOrder'))).toMatchObject({ kind: 'rejected', code: '1001' });
  expect(twin.effects()['order']).toEqual({ total: 1, distinct: 1, duplicates: 0 });
  const question = {
    parcelId: 'p1',
    waybill: placeOrder.waybill ?? '',
    reference: facts.reference,
    orderNumber: 'XS1',
    vendorOrderNumber: placeOrder.vendorOrderNumber,
  };
  expect(await vendor.track?.([question])).toMatchObject([{ parcelId: 'p1', status: 'announced' }]);
  expect(await vendor.send(call('cancel', { placeOrder }))).toMatchObject({ kind: 'done' });
  expect(await vendor.track?.([question])).toMatchObject([{ status: 'exception', vendorStatus: '撤销' }]);
  await expect(vendor.check?.()).resolves.toBeUndefined();
});

test('a wrong secret is an auth error, a lost answer unknown, a wrong clock corrected', async () => {
  const { twin, vendor } = await aneDesk();
  const other = await aneDesk({ appSecret: 'another-secret' });
  expect(await other.vendor.send(call('placeOrder'))).toMatchObject({ kind: 'auth', code: '2002' });
  await expect(other.vendor.check?.()).rejects.toMatchObject({ kind: 'auth' });
  twin.setFault({ kind: 'cut-after' });
  expect((await vendor.send(call('placeOrder'))).kind).toBe('unknown');
  expect(twin.effects()['order']?.total).toBe(1);
  twin.setFault({ kind: 'skew', ms: -13 * 60_000, times: 'sticky' });
  expect((await vendor.send(call('placeOrder', {}, { reference: 'PBD01MGQ0QHXK002' }))).kind).toBe('done');
});

test('a station ships by 安能: order, our own label with the waybill, scanned back', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'packbench-ane-'));
  closers.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const routes = [{ when: {}, vendor: 'ane', service: 'next-day' }];
  const desk = await startTestStation({ dataDir, orders: 20, profile: { routes } });
  closers.push(() => desk.stop());
  const { client, ports, station } = desk;
  const { store, virtual } = station.inside;
  await client.call('orders.sync', {});
  const { rows } = await client.call('orders.list', { status: 'waiting' });
  const domestic = rows.find((row) => row.country === 'CN' && row.receiverAddress.includes('区'));
  const packer = await createPacker(client, ports.clock);
  closers.push(() => packer.stop());
  const media = { dpi: 203, widthMm: 100, heightMm: 150 } as const;
  const hands = createHands({ client, clock: ports.clock, virtual, dataDir, mediaOf: () => media });
  closers.push(() => hands.stop());
  expect((await packer.scan(domestic?.number ?? '')).accepted).toBe(true);
  // What lies on the desk is finished; no further order is taken up.
  await workShift({ packer, hands, store, line: ports.line, clock: ports.clock, orders: 0, say: () => {} });
  const [parcel] = store.parcels.listByOrder(domestic?.id ?? '');
  expect(parcel?.verifiedAt).not.toBeNull();
  expect(parcel?.waybill).toMatch(/^\d{12}$/);
  expect(hands.allLabels().flatMap((label) => label.codes)).toContain(parcel?.waybill);
  expect(virtual.vendors?.get('ane').effects()['order']).toEqual({ total: 1, distinct: 1, duplicates: 0 });
}, 120_000);
