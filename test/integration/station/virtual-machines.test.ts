/** The training panel's devices at a whole station: another scale, a measuring machine and a scanner started when asked for. */
import { expect, onTestFinished, test } from 'vitest';
import type { CallInput } from '../../../preload/contract/index.ts';
import { startTestStation, type TestStation } from '../../kit/station.ts';
import { realClock } from '../../kit/real-clock.ts';
import { pack, scan, scanItems, scanLabel, shows, waitingOrders } from './packer.ts';

async function desk(profile: unknown = {}): Promise<TestStation> {
  const station = await startTestStation({ profile, orders: 4 });
  onTestFinished(() => station.stop());
  await station.station.inside.intake.sync();
  return station;
}

const box = { grams: 1_250, lengthMm: 300, widthMm: 200, heightMm: 150 };
const set = (station: TestStation, change: CallInput<'training.set'>) => station.client.call('training.set', change);

async function upToWeight(station: TestStation): Promise<string> {
  const [number = ''] = waitingOrders(station);
  await scan(station, number);
  await scanItems(station);
  expect(pack(station).stage).toBe('weigh');
  return number;
}

test('a desk in training may choose its scale, and a parcel is weighed on it', async () => {
  const station = await desk();
  const before = await station.client.call('training.get', {});
  expect(before.scale).toMatchObject({ virtual: true, plugged: true, speaks: 'mt-sics' });
  expect(before.scale.choices).toContain('xk3190/reversed');
  expect((await set(station, { scaleSpeaks: 'xk3190/reversed' })).scale.speaks).toBe('xk3190/reversed');
  await upToWeight(station);
  await set(station, { scaleGrams: 1_250 });
  const { parcel } = await shows(station, 'pack', (now) => now.parcel !== null);
  expect(parcel?.weightG).toBe(1_250);
  const raw = station.station.inside.store.parcels.get(parcel?.id ?? '')?.weightFrames[0] ?? '';
  expect(Buffer.from(raw, 'hex').toString('latin1')).toBe('=052.1000');
  await expect(set(station, { scaleSpeaks: 'abacus' })).rejects.toThrow('abacus');
});

test('the scale is unplugged: shown, no weight of before is used, and had again within two seconds and a bit', async () => {
  const station = await desk();
  await upToWeight(station);
  await set(station, { scaleGrams: 900, scaleMode: 'moving' });
  await shows(station, 'weight', (now) => now.state === 'moving');
  const off = realClock.monotonic();
  expect((await set(station, { scalePlugged: false, scaleMode: 'steady' })).scale.plugged).toBe(false);
  const gone = await shows(station, 'weight', (now) => now.state === 'connecting');
  const goneMs = realClock.monotonic() - off;
  // The status bar is not left to its slow heartbeat (5 s).
  await shows(station, 'status', (now) => now.scale.state === 'connecting');
  expect(realClock.monotonic() - off - goneMs).toBeLessThan(2_000);
  expect([gone.grams, gone.usable, pack(station).parcel]).toEqual([null, false, null]);
  await set(station, { scaleGrams: 700 });
  const on = realClock.monotonic();
  await set(station, { scalePlugged: true });
  expect((await shows(station, 'pack', (now) => now.parcel !== null)).parcel?.weightG).toBe(700);
  const backMs = realClock.monotonic() - on;
  // The limits are constants of the link (1.6 s between two tries); a busy machine may add to them.
  expect([goneMs < 4_000, backMs < 6_000]).toEqual([true, true]);
  // oxlint-disable-next-line no-console -- the measurement is what a reader of the run wants to know
  console.info(
    `virtual scale: shown gone after ${Math.round(goneMs)} ms, parcel weighed ${Math.round(backMs)} ms after`,
  );
});

test('a measuring machine started in the panel gives weight and size, shown as virtual', async () => {
  const station = await desk();
  const before = await station.client.call('training.get', {});
  expect([before.dws, before.mayStart]).toEqual([null, ['dws', 'scanner']]);
  await expect(set(station, { dws: box })).rejects.toThrow('start one first');
  const started = await set(station, { start: 'dws' });
  expect([started.dws, started.mayStart]).toEqual([{ id: 'dws', format: 'csv', plugged: true, sent: 0 }, ['scanner']]);
  const { dws } = await shows(station, 'status', (now) => now.dws?.[0]?.state === 'online');
  expect(dws).toMatchObject([{ id: 'dws', virtual: true }]);
  const { configured } = await shows(station, 'devices', (now) => now.configured.some(({ kind }) => kind === 'dws'));
  expect(configured.filter(({ kind }) => kind !== 'printer')).toMatchObject([
    { kind: 'scale', protocol: 'mt-sics', virtual: true },
    { kind: 'dws', id: 'dws', protocol: 'csv', virtual: true, inUse: true },
  ]);
  const number = await upToWeight(station);
  await set(station, { dws: { ...box, fault: 'noread' } });
  await shows(station, 'pack', (now) => now.last?.notice.code === 'dws.no-read');
  expect(pack(station).parcel).toBeNull();
  expect((await set(station, { dws: { ...box, barcode: number, fault: 'twice' } })).dws?.sent).toBe(2);
  const { parcel } = await shows(station, 'pack', (now) => now.parcel !== null);
  expect(parcel).toMatchObject({ weightG: 1_250, size: { lengthMm: 300, widthMm: 200, heightMm: 150 } });
  await shows(station, 'status', (now) => now.dws?.[0]?.duplicates === 1);
  expect((await scanLabel(station)).accepted).toBe(true);
});

test('a measuring machine that is unplugged is shown, refuses a parcel in words, and is had again', async () => {
  const station = await desk();
  await set(station, { start: 'dws' });
  await shows(station, 'status', (now) => now.dws?.[0]?.state === 'online');
  expect((await set(station, { dwsPlugged: false })).dws?.plugged).toBe(false);
  await shows(station, 'status', (now) => now.dws?.[0]?.state === 'connecting');
  await expect(set(station, { dws: box })).rejects.toThrow('nobody is connected');
  await set(station, { dwsPlugged: true });
  await shows(station, 'status', (now) => now.dws?.[0]?.state === 'online');
  const number = await upToWeight(station);
  await set(station, { dws: { ...box, barcode: number, fault: 'cut' } });
  expect((await shows(station, 'pack', (now) => now.parcel !== null)).parcel?.weightG).toBe(1_250);
});

test('a scanner started in the panel scans at the desk, is unplugged, and is had again', async () => {
  const station = await desk();
  const open = (state: string) => shows(station, 'scanners', ({ scanners }) => scanners[0]?.state === state);
  expect((await set(station, { start: 'scanner' })).scanner).toEqual({ id: 'scanner', plugged: true });
  await open('open');
  const [number = ''] = waitingOrders(station);
  await set(station, { scan: number });
  expect((await shows(station, 'pack', (now) => now.stage === 'items')).order?.number).toBe(number);
  await set(station, { scannerPlugged: false });
  await open('failed');
  await expect(set(station, { scan: number })).rejects.toThrow('nothing is connected');
  await set(station, { scannerPlugged: true });
  await open('open');
});

test('a profile with virtual devices gets them, in the language it says', async () => {
  const station = await desk({
    devices: {
      scales: [{ id: 'bench', link: 'virtual', protocol: 'toledo-8217', unit: 'kg' }],
      dws: [{ id: 'line', link: 'virtual', format: 'sick' }],
      scanners: [{ id: 'left', link: 'virtual', protocol: 'hid-pos' }],
    },
  });
  const now = await station.client.call('training.get', {});
  expect(now.scale).toMatchObject({ virtual: true, speaks: 'toledo-8217', choices: [] });
  expect([now.dws, now.scanner, now.mayStart]).toMatchObject([{ id: 'line', format: 'sick' }, { id: 'left' }, []]);
  await expect(set(station, { scaleSpeaks: 'mt-sics' })).rejects.toThrow('cannot be made to speak');
  await shows(station, 'status', ({ dws }) => dws?.[0]?.state === 'online');
  await shows(station, 'scanners', ({ scanners }) => scanners[0]?.state === 'open');
  const [number = ''] = waitingOrders(station);
  await set(station, { scan: number });
  await shows(station, 'pack', ({ stage }) => stage === 'items');
  await scanItems(station);
  await set(station, { scaleGrams: 640 });
  const { parcel } = await shows(station, 'pack', (shown) => shown.parcel !== null);
  const raw = station.station.inside.store.parcels.get(parcel?.id ?? '')?.weightFrames[0] ?? '';
  expect(Buffer.from(raw, 'hex').toString('latin1')).toBe('\x0200.640\r');
  await expect(
    startTestStation({ profile: { devices: { dws: [{ id: 'line', link: 'virtual', format: 'fixed-width' }] } } }),
  ).rejects.toThrow('devices.dws.0');
});
