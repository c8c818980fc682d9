/** A whole station with a scale that says each weight a single time (Adam AZExtra): parcel after parcel gets its own. */
import { expect, onTestFinished, test } from 'vitest';
import { startTestStation } from '../../kit/station.ts';
import { pack, scan, scanItems, scanLabel, shows, waitingOrders } from './packer.ts';

test('AZExtra: each parcel is sealed with the one answer it was given for it', { timeout: 60_000 }, async () => {
  const desk = await startTestStation({
    orders: 4,
    profile: { devices: { scales: [{ id: 'bench', link: 'virtual', protocol: 'adam', equalFrames: 1 }] } },
  });
  onTestFinished(() => desk.stop());
  await desk.station.inside.intake.sync();
  const numbers = waitingOrders(desk);
  const weights = [700, 1_460, 690];
  for (const [index, grams] of weights.entries()) {
    const number = numbers[index] ?? '';
    expect(await scan(desk, number)).toMatchObject({ accepted: true });
    await scanItems(desk);
    await shows(desk, 'weight', ({ state, reason }) => state === 'waiting' && reason?.code === 'weight.once');
    await desk.client.call('training.set', { scaleGrams: grams });
    expect(await scanLabel(desk)).toMatchObject({ accepted: true });
    await desk.client.call('training.set', { scaleGrams: 0 });
  }
  const { store } = desk.station.inside;
  const sealed = numbers.slice(0, weights.length).map((search) => {
    const [order] = store.orders.list({ status: null, search, offset: 0, limit: 1 }).rows;
    return order === undefined ? null : store.parcels.listByOrder(order.id)[0]?.weightG;
  });
  // The scale shows whole 10 g.
  expect(sealed).toEqual(weights);
  expect(pack(desk).stage).toBe('idle');
});
