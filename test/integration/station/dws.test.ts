/** A dimension-weigh-scan machine on a real socket, a real station, and the parcel on the desk that gets its weight and size. */
import { afterEach, expect, test } from 'vitest';
import { createVirtualDws, type VirtualDws, type VirtualDwsFormat } from '../../../main/training/dws.ts';
import { silentLog } from '../../kit/ports.ts';
import { realClock } from '../../kit/real-clock.ts';
import { startTestStation, type TestStation } from '../../kit/station.ts';
import { pack, scan, scanItems, scanLabel, shows, waitingOrders } from './packer.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const box = { grams: 1_250, lengthMm: 300, widthMm: 200, heightMm: 150 };

/** A desk whose machine the desk connects to (`server`), or which connects to the desk (`client`). */
async function desk(
  more: Record<string, unknown> = {},
  format: VirtualDwsFormat = 'csv',
  role: 'server' | 'client' = 'server',
  answer?: RegExp,
): Promise<{ station: TestStation; machine: VirtualDws }> {
  const options = { clock: realClock, log: silentLog, format, answer };
  const first = role === 'server' ? await createVirtualDws(options) : null;
  const link = first?.uri ?? 'tcp-listen://127.0.0.1:0';
  const units = format === 'csv' || format === 'json' ? { weightUnit: 'g', lengthUnit: 'mm' } : {};
  const profile = { devices: { dws: [{ id: 'line1', link, format, ...units, ...more }] } };
  const station = await startTestStation({ profile, orders: 4 });
  cleanups.push(() => station.stop());
  if (first === null) await shows(station, 'status', () => station.station.inside.dws.listening('line1') !== null);
  const connectTo = station.station.inside.dws.listening('line1') ?? undefined;
  const machine = first ?? (await createVirtualDws({ ...options, connectTo }));
  cleanups.push(() => machine.stop());
  await station.station.inside.intake.sync();
  await shows(station, 'status', (now) => now.dws?.[0]?.state === 'online');
  return { station, machine };
}

async function upToWeight(station: TestStation, number: string): Promise<void> {
  expect((await scan(station, number)).accepted).toBe(true);
  await scanItems(station);
  expect(pack(station).stage).toBe('weigh');
}

/** The machine's records were taken, as the status bar says. */
async function records(station: TestStation, count: number): Promise<void> {
  await shows(station, 'status', (now) => now.dws?.[0]?.records === count);
}

const held = (station: TestStation): number => station.station.inside.store.dws.heldCount('line1');

test.each([
  ['csv', 'server'],
  ['csv', 'client'],
  ['json', 'server'],
  ['sick', 'client'],
] as const)('%s, the machine is the %s: weight and size of the order on the desk', async (format, role) => {
  const { station, machine } = await desk({}, format, role);
  const [number = ''] = waitingOrders(station);
  await upToWeight(station, number);
  await machine.measure({ barcodes: [number], ...box });
  const { parcel } = await shows(station, 'pack', (now) => now.parcel !== null);
  expect(parcel).toMatchObject({ weightG: 1_250, size: { lengthMm: 300, widthMm: 200, heightMm: 150 } });
  const { store } = station.station.inside;
  const record = store.dws.ofParcel(parcel?.id ?? '');
  expect(record).toMatchObject({ machine: 'line1', state: 'paired' });
  expect(store.parcels.get(parcel?.id ?? '')).toMatchObject({
    weightFrames: [record?.raw],
    facts: { weightG: 1_250, lengthMm: 300, widthMm: 200, heightMm: 150 },
  });
  const { timeline } = await station.client.call('orders.get', { orderId: record?.orderId ?? '' });
  const paired = timeline.find(({ kind }) => kind === 'dws-paired');
  expect(paired?.detail).toMatchObject({ machine: 'line1', raw: record?.raw, code: number });
  expect((await scanLabel(station)).accepted).toBe(true);
});

test('a parcel measured ahead on a line gets its weight when its order is scanned, once', async () => {
  const { station, machine } = await desk({ pairing: 'line' });
  const [first = '', second = ''] = waitingOrders(station);
  await machine.measure({ barcodes: ['ROUTE-7', second], ...box, grams: 900 });
  await machine.measure({ barcodes: [first], ...box });
  await records(station, 2);
  await scan(station, first);
  await scanItems(station);
  const { parcel } = await shows(station, 'pack', (now) => now.parcel !== null);
  expect(parcel?.weightG).toBe(1_250);
  await scanLabel(station);
  await scan(station, second);
  await scanItems(station);
  expect((await shows(station, 'pack', (now) => now.parcel !== null)).parcel?.weightG).toBe(900);
  expect(held(station)).toBe(0);
});

test('another parcel on the machine stops the packer, and is never used', async () => {
  const { station, machine } = await desk();
  const [first = '', second = ''] = waitingOrders(station);
  await upToWeight(station, first);
  await machine.measure({ barcodes: [second], ...box });
  const { last, parcel } = await shows(station, 'pack', (now) => now.last?.notice.code === 'dws.other-order');
  expect([last?.notice.tone, last?.notice.params['code'], parcel]).toEqual(['stop', second, null]);
  await machine.measure({ barcodes: [], ...box }, 'noread');
  await shows(station, 'pack', (now) => now.last?.notice.code === 'dws.no-read');
  await machine.measure({ barcodes: [first], ...box, grams: 777 });
  expect((await shows(station, 'pack', (now) => now.parcel !== null)).parcel?.weightG).toBe(777);
  expect(held(station)).toBe(0);
});

test('a measurement from before the last item is not the parcel’s', async () => {
  const { station, machine } = await desk();
  const number = waitingOrders(station)[0] ?? '';
  await scan(station, number);
  await machine.measure({ barcodes: [number], ...box });
  await records(station, 1);
  await scanItems(station);
  const weight = await shows(station, 'weight', (now) => now.reason?.code === 'dws.before-items');
  expect(weight).toMatchObject({ usable: false, grams: 1_250 });
  expect(pack(station).parcel).toBeNull();
});

test('too heavy: nothing is sealed until a person lets it pass with a reason', async () => {
  const { station, machine } = await desk();
  const number = waitingOrders(station)[0] ?? '';
  await upToWeight(station, number);
  await machine.measure({ barcodes: [number], ...box, grams: 40_000 });
  await shows(station, 'weight', (now) => now.reason?.code === 'weight.too-heavy');
  expect(pack(station).parcel).toBeNull();
  const passed = await station.client.call('pack.command', { command: 'override-weight', reason: 'a stone' });
  expect([passed.accepted, pack(station).parcel?.weightG]).toEqual([true, 40_000]);
});

test('a machine that reads no barcodes and has to be asked', async () => {
  const { station, machine } = await desk({ pollMs: 200 }, 'cubiscan');
  const number = waitingOrders(station)[0] ?? '';
  await upToWeight(station, number);
  machine.put({ barcodes: [], ...box });
  const { parcel } = await shows(station, 'pack', (now) => now.parcel !== null);
  expect(parcel).toMatchObject({ weightG: 1_250, size: { lengthMm: 300, widthMm: 200, heightMm: 150 } });
});

test('an answer goes out only when the record is down, duplicates are answered and kept once', async () => {
  const { station, machine } = await desk(
    { pairing: 'line', reply: '{Status} {Code} {Chute}\\n', sorting: { chute: '7', carriers: { hge: '3' } } },
    'csv',
    'client',
    /^(OK|DUPLICATE) \S+ \S+$/,
  );
  const number = waitingOrders(station)[0] ?? '';
  const { dws } = station.station.inside.store;
  const answer = machine.measure({ barcodes: [number], ...box }, 'twice');
  expect(await answer).toBe(`OK ${number} 3`);
  expect(await machine.measure({ barcodes: ['NOBODY'], ...box })).toBe('OK NOBODY 999');
  expect(await machine.measure({ barcodes: [number], ...box }, 'noread')).toBe('OK NOREAD 999');
  expect([dws.count(), dws.heldWithCode(number, 9)[0]?.repeats, machine.counts.wrongAnswers]).toEqual([3, 1, 0]);
  const [status] =
    (await shows(station, 'status', (now) => now.dws?.[0]?.duplicates === 1 && now.dws[0].records === 3)).dws ?? [];
  expect(status).toMatchObject({ id: 'line1', state: 'online', records: 3, duplicates: 1, refused: 0 });
});

test('split, garbage, half a record and a lost connection: every parcel once, what is no record said', async () => {
  const { station, machine } = await desk({ pairing: 'line', reply: 'OK {Code}\\n' }, 'csv', 'client', /^OK \S+$/);
  const { dws } = station.station.inside.store;
  expect(await machine.measure({ barcodes: ['A'], ...box }, 'split')).toBe('OK A');
  machine.sendRaw('HB\r\n');
  expect(await machine.measure({ barcodes: ['B'], ...box }, 'garbage')).toBe('OK B');
  expect(await machine.measure({ barcodes: ['C'], ...box }, 'cut')).toBe('OK C');
  expect(['A', 'B', 'C'].map((code) => dws.heldWithCode(code, 9).length)).toEqual([1, 1, 1]);
  expect(dws.count()).toBe(3);
  const [status] =
    (await shows(station, 'status', (now) => now.dws?.[0]?.state === 'online' && now.dws[0].refused >= 2)).dws ?? [];
  expect(status).toMatchObject({ records: 3, duplicates: 0 });
});

test('a machine whose template cannot be read is a problem on the screen, and the desk works', async () => {
  const station = await startTestStation({
    profile: {
      devices: {
        dws: [{ id: 'x', link: 'tcp://127.0.0.1:9', template: '{Kode}', weightUnit: 'g', lengthUnit: 'mm' }],
      },
    },
    orders: 1,
  });
  cleanups.push(() => station.stop());
  const { problems } = await shows(station, 'status', (now) => now.problems.length > 0);
  expect(problems[0]).toMatchObject({ code: 'device.problem', params: { device: 'x' } });
  expect(problems[0]?.params['reason']).toContain('{Kode}');
});

test('Settings → Devices counts the records of a machine, and what is none', async () => {
  const { station, machine } = await desk();
  await machine.measure({ barcodes: ['SO-1'], ...box });
  await machine.measure({ barcodes: ['SO-2'], ...box });
  await records(station, 2);
  const listed = async () => {
    const { configured } = await station.client.call('devices.list', {});
    return configured.find(({ kind }) => kind === 'dws');
  };
  expect(await listed()).toMatchObject({ id: 'line1', state: 'working', frames: 2, refused: 0, lastRefused: null });
  machine.sendRaw('no record\r\n');
  await expect
    .poll(listed)
    .toMatchObject({ frames: 2, refused: 1, lastRefused: { error: expect.any(String) as string } });
});
