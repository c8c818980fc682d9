/** A whole station in training: an address nobody can divide for sure stops the parcel until the packer divides it. */
import { expect, onTestFinished, test } from 'vitest';
import { createHands } from '../../main/host/node/cli/demo/hands.ts';
import { createPacker } from '../../main/host/node/cli/demo/packer.ts';
import { startTestStation } from '../kit/station.ts';

test('the question shows the parts; corrected, the order is placed with them and the label comes out', async () => {
  const desk = await startTestStation({
    orders: 5,
    profile: { routes: [{ when: {}, vendor: 'ane' }], limits: { lpnAfterMs: 60_000 } },
  });
  onTestFinished(() => desk.stop());
  const { client, ports, station, dataDir } = desk;
  const { store, virtual } = station.inside;
  await client.call('orders.sync', {});
  const waiting = store.orders.list({ status: 'waiting', search: '', offset: 0, limit: 10 }).rows;
  const orderId = waiting.find((row) => row.country === 'CN')?.id ?? '';
  const order = store.orders.get(orderId);
  if (order === null) throw new Error('training has no order within China');
  store.orders.setReceiver(orderId, { ...order.receiver, state: '', city: '', line1: '幸福路 1 号', line2: '' });

  const packer = await createPacker(client, ports.clock);
  const media = { dpi: 203, widthMm: 100, heightMm: 150 } as const;
  const hands = createHands({ client, clock: ports.clock, virtual, dataDir, mediaOf: () => media });
  onTestFinished(() => {
    hands.stop();
    packer.stop();
  });
  await packer.scan(order.number);
  const opened = await packer.look();
  for (const line of opened.lines) {
    for (let left = line.scansNeeded; left > 0; left -= 1) await packer.scan(line.productCode);
  }
  await hands.weigh(order.number);
  const asked = await packer.until('the question', (now) => now.prompt?.kind === 'address-unsure', 30_000);
  expect(asked.prompt?.address?.whole).toBe('幸福路 1 号');

  const parts = { state: '浙江省', city: '杭州市', county: '西湖区', line1: '幸福路 1 号' };
  await client.call('orders.correctAddress', { orderId, ...parts });
  const printed = await packer.until('the label', (now) => now.stage === 'scan-back', 30_000);
  expect(printed.parcel?.waybill).not.toBeNull();
  const placed = store.jobs.listByLane(printed.parcel?.id ?? '').find((job) => job.operation === 'placeOrder');
  expect(placed).toMatchObject({ state: 'done', facts: { receiver: parts } });
  const { timeline } = await client.call('orders.get', { orderId });
  expect(timeline.map((entry) => entry.kind)).toContain('address-corrected');
  await expect(client.call('orders.correctAddress', { orderId, ...parts })).rejects.toMatchObject({ code: 'refused' });
}, 120_000);
