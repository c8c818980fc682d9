/** Two scanners that the station reads itself, on real sockets: to the desk through a screen, or without one. */
import { afterEach, expect, test } from 'vitest';
import { createVirtualScanner, type VirtualScanner } from '../../../main/training/scanner.ts';
import { silentLog } from '../../kit/ports.ts';
import { startTestStation, type TestStation } from '../../kit/station.ts';
import { pack, shows, waitingOrders } from './packer.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Desk {
  readonly station: TestStation;
  readonly left: VirtualScanner;
  readonly right: VirtualScanner;
}

/** `left`: serial text with its AIM identifier, wherever the packer is. `right`: HID-POS, at the bags. */
async function desk(): Promise<Desk> {
  const left = await createVirtualScanner({ log: silentLog, mode: 'serial-text', sendsAim: true, suffix: '\r\n' });
  const right = await createVirtualScanner({ log: silentLog, mode: 'hid-pos' });
  cleanups.push(
    () => left.stop(),
    () => right.stop(),
  );
  const scanners = [
    { id: 'left', link: left.uri },
    { id: 'right', link: right.uri, protocol: 'hid-pos', place: 'bags' },
  ];
  const station = await startTestStation({ profile: { devices: { scanners } }, orders: 4 });
  cleanups.push(() => station.stop());
  await Promise.all([left.connected(), right.connected()]);
  await station.station.inside.intake.sync();
  await shows(station, 'scanners', ({ scanners: all }) => all.every(({ state }) => state === 'open'));
  return { station, left, right };
}

function records(station: TestStation): unknown[] {
  return station.station.inside.store.events.list({}, 0, 500).flatMap(({ kind, detail }) => {
    const scan = detail['scan'] as { readonly scanner?: string } | undefined;
    return scan?.scanner === undefined ? [] : [{ kind, scan }];
  });
}

test('a scan that no screen takes goes to its place, and the record names scanner, symbology and FNC1', async () => {
  const { station, left, right } = await desk();
  const [number = ''] = waitingOrders(station);
  left.scan(number);
  await shows(station, 'pack', ({ stage }) => stage === 'items');
  right.scan('010690123456789210LOT7\x1d', ']C1');
  await shows(station, 'bags', ({ last }) => last?.code.startsWith('0106901234567892') === true);
  expect(records(station)).toEqual([
    { kind: 'order-opened', scan: { raw: `]C0${number}`, source: 'device', symbology: ']C0', scanner: 'left' } },
    {
      kind: expect.any(String) as string,
      scan: {
        raw: ']C1010690123456789210LOT7\x1d',
        source: 'device',
        symbology: ']C1',
        gs1: '(01)06901234567892(10)LOT7',
        scanner: 'right',
      },
    },
  ]);
});

test('a screen takes each scan once, and in the order of the scans', async () => {
  const { station, left } = await desk();
  left.scan('FIRST');
  left.scan('SECOND');
  const { waiting } = await shows(station, 'scanners', (now) => now.waiting.length === 2);
  const take = async (seq = 0): Promise<unknown> => (await station.client.call('scanners.take', { seq })).scan;
  expect(await take(waiting[0]?.seq)).toEqual({ code: ']C0FIRST', refusal: null, scanner: 'left', place: 'screen' });
  expect(await take(waiting[1]?.seq)).toMatchObject({ code: ']C0SECOND' });
  expect(await take(waiting[0]?.seq)).toBeNull();
  expect(pack(station).last).toBeNull();
});

test('half a scan is refused by name, and after the cable was pulled and put back the next one is right', async () => {
  const { station, left, right } = await desk();
  left.scanHalf('6901234567892');
  const { waiting } = await shows(station, 'scanners', (now) => now.waiting.length === 1);
  const { scan } = await station.client.call('scanners.take', { seq: waiting[0]?.seq ?? 0 });
  expect(scan).toEqual({ code: '', refusal: 'cut', scanner: 'left', place: 'screen' });
  right.scanHalf('X'.repeat(80));
  right.unplug();
  await right.connected();
  await shows(station, 'scanners', ({ scanners }) => scanners.every(({ state }) => state === 'open'));
  right.scan('X'.repeat(80), ']Q0');
  await shows(station, 'bags', ({ last }) => last?.code === 'X'.repeat(80));
});

test('Settings → Devices counts codes and refusals of each scanner', async () => {
  const { station, left } = await desk();
  const count = async (): Promise<unknown[]> => {
    const { configured } = await station.client.call('devices.list', {});
    return configured.filter(({ kind }) => kind === 'scanner').map(({ id, frames, refused }) => [id, frames, refused]);
  };
  expect(await count()).toEqual([
    ['left', 0, 0],
    ['right', 0, 0],
  ]);
  left.scan('SO-1');
  left.noise(Uint8Array.of(0xff, 0x0d));
  await expect.poll(count).toEqual([
    ['left', 1, 1],
    ['right', 0, 0],
  ]);
  const { configured } = await station.client.call('devices.list', {});
  expect(configured.find(({ id }) => id === 'left')?.lastRefused).toMatchObject({
    error: expect.stringMatching(/^key: /) as string,
    raw: expect.stringMatching(/^ff0d/) as string,
  });
});
