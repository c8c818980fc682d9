import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import type { Link, LinkOptions, LinkState } from '../link.ts';
import { createOwners, type Owners } from '../owners.ts';
import type { HidDevice, HidLibrary } from './library.ts';
import { createHidLinkOver } from './link.ts';

const log = { debug: () => undefined, warn: () => undefined };

const scale: HidDevice = {
  path: 'hid-1',
  vendorId: 0x0922,
  productId: 0x8003,
  serialNumber: 'A1',
  manufacturer: 'DYMO',
  product: 'M10',
  usagePage: 0x8d,
  usage: 0x20,
};

/** Devices played by hand. `stuck`: the driver's close never calls back; `slow`: its open does not either. */
function fakeBus(devices: HidDevice[] = [scale], given: { stuck?: boolean; slow?: boolean } = {}) {
  const clock = createVirtualClock();
  const plugs = new Set<() => void>();
  const calls: string[] = [];
  const written: string[] = [];
  let say: (report: Uint8Array) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const library: HidLibrary = {
    list: () => Promise.resolve([...devices]),
    open(path) {
      calls.push(`open ${path}`);
      if (given.slow === true) return new Promise(() => undefined);
      return Promise.resolve({
        onReport: (listener) => void (say = listener),
        onError: (listener) => void (fail = listener),
        write(report) {
          written.push(Buffer.from(report).toString('hex'));
          return Promise.resolve(report.length);
        },
        close() {
          calls.push(`close ${path}`);
          return given.stuck === true ? new Promise(() => undefined) : Promise.resolve();
        },
      });
    },
  };
  const onPlug = (wake: () => void): (() => void) => {
    plugs.add(wake);
    return () => plugs.delete(wake);
  };
  return {
    clock,
    devices,
    calls,
    written,
    say: (hex: string) => say(Buffer.from(hex, 'hex')),
    fail: (message: string) => fail(new Error(message)),
    plug: () => [...plugs].forEach((wake) => wake()),
    listening: () => plugs.size,
    make(uri = 'hid://0922:8003', options: LinkOptions = {}, owners?: Owners): Link {
      return createHidLinkOver(() => library, uri, options, { clock, log, random: () => 1, owners, plugs: { onPlug } });
    },
  };
}

function statesOf(link: Link): LinkState[] {
  const states: LinkState[] = [];
  link.onState((state) => states.push(state));
  return states;
}

test('reports come whole with their id first, and a write is one output report', async () => {
  const bus = fakeBus();
  const link = bus.make();
  const heard: string[] = [];
  link.onBytes((bytes) => heard.push(Buffer.from(bytes).toString('hex')));
  link.open();
  await bus.clock.settle();
  bus.say('030402006e03');
  bus.say('03020bff0000');
  expect(heard).toEqual(['030402006e03', '03020bff0000']);
  expect(await link.write(Uint8Array.of(2, 2), 100)).toEqual({ kind: 'written', bytes: 2 });
  expect(bus.written).toEqual(['0202']);
  await link.close();
  expect(bus.calls).toEqual(['open hid-1', 'close hid-1']);
  expect(bus.listening()).toBe(0);
  expect(bus.clock.pending).toBe(0);
});

test('a report that is longer than any is neither handed on nor sent', async () => {
  const bus = fakeBus();
  const link = bus.make();
  const heard: number[] = [];
  link.onBytes((bytes) => heard.push(bytes.length));
  link.open();
  await bus.clock.settle();
  bus.say('00'.repeat(5_000));
  expect(heard).toEqual([]);
  expect(await link.write(new Uint8Array(5_000), 100)).toMatchObject({ kind: 'failed', bytes: 0 });
  expect(bus.written).toEqual([]);
  await link.close();
});

test('hid://scale finds the scale by its usage among a keyboard and a scanner', async () => {
  const keyboard = { ...scale, path: 'hid-0', usagePage: 1, usage: 6 };
  const scanner = { ...scale, path: 'hid-2', usagePage: 0x8c, usage: 2 };
  const bus = fakeBus([keyboard, scanner, scale]);
  const link = bus.make('hid://scale');
  link.open();
  await bus.clock.settle();
  const other = bus.make('hid://SCANNER');
  other.open();
  await bus.clock.settle();
  expect(bus.calls).toEqual(['open hid-1', 'open hid-2']);
  await Promise.all([link.close(), other.close()]);
});

test('a device with several collections is opened at its scale, not at its keyboard', async () => {
  const bus = fakeBus([{ ...scale, path: 'hid-0', usagePage: 1, usage: 6 }, scale]);
  const link = bus.make('hid://0922:8003/a1');
  link.open();
  await bus.clock.settle();
  expect(bus.calls).toEqual(['open hid-1']);
  await link.close();
});

test('two that fit are not guessed between, and the serial numbers are named', async () => {
  const bus = fakeBus([scale, { ...scale, path: 'hid-2', serialNumber: 'B2' }]);
  const link = bus.make('hid://scale');
  link.open();
  await bus.clock.settle();
  expect(link.lastError).toBe(
    'hid://scale: 2 devices fit; name one by its serial number (hid://0922:8003/A1, hid://0922:8003/B2)',
  );
  await link.close();
});

test('pulled out: lost when the driver says so; put back: opened at the word of the plug, not after the back-off', async () => {
  const bus = fakeBus();
  const link = bus.make();
  const states = statesOf(link);
  link.open();
  await bus.clock.settle();
  bus.devices.splice(0);
  bus.fail('could not read from HID device');
  await bus.clock.settle();
  expect(link.lastError).toBe('hid://0922:8003: the device was unplugged (could not read from HID device)');
  bus.devices.push({ ...scale, path: 'hid-9' });
  bus.plug();
  await bus.clock.settle();
  expect(states).toEqual(['opening', 'open', 'failed', 'opening', 'open']);
  expect(bus.calls).toEqual(['open hid-1', 'close hid-1', 'open hid-9']);
  await link.close();
});

test('pulled out while the driver says nothing: lost at the word of the plug, because the list no longer has it', async () => {
  const bus = fakeBus();
  const link = bus.make();
  link.open();
  await bus.clock.settle();
  bus.plug();
  await bus.clock.settle();
  expect(link.state).toBe('open');
  bus.devices.splice(0);
  bus.plug();
  await bus.clock.settle();
  expect(link).toMatchObject({ state: 'failed', lastError: 'hid://0922:8003: the device was unplugged' });
  await link.close();
});

test('without any word it is looked for at least every 1.6 seconds', async () => {
  const bus = fakeBus([]);
  const link = bus.make();
  link.open();
  await bus.clock.advance(20_000);
  expect(link.state).toBe('failed');
  bus.devices.push(scale);
  await bus.clock.advance(1_600);
  expect(link.state).toBe('open');
  await link.close();
});

test('a driver whose close never calls back does not hold up the link', async () => {
  const bus = fakeBus([scale], { stuck: true });
  const link = bus.make();
  link.open();
  await bus.clock.settle();
  let closed = false;
  void link.close().then(() => (closed = true));
  await bus.clock.advance(2_000);
  expect(closed).toBe(true);
  expect(bus.clock.pending).toBe(0);
});

test('a driver whose open never calls back: failed after its time, and closes', async () => {
  const bus = fakeBus([scale], { slow: true });
  const link = bus.make();
  link.open();
  await bus.clock.advance(4_000);
  expect(link).toMatchObject({ state: 'failed', lastError: 'hid://0922:8003: did not open within 4000 ms' });
  let closed = false;
  void link.close().then(() => (closed = true));
  await bus.clock.advance(2_000);
  expect(closed).toBe(true);
});

test('one scale under two URIs has one owner, who is named; given back, the other has it within the back-off', async () => {
  const bus = fakeBus();
  const owners = createOwners();
  const first = bus.make('hid://scale', { owner: 'scale bench' }, owners);
  const second = bus.make('hid://0922:8003/A1', { owner: 'the wizard' }, owners);
  first.open();
  await bus.clock.settle();
  second.open();
  await bus.clock.settle();
  expect(second.state).toBe('failed');
  expect(second.lastError).toContain('already in use by scale bench');
  expect(bus.calls).toEqual(['open hid-1']);
  await first.close();
  await bus.clock.advance(1_600);
  expect(second.state).toBe('open');
  await second.close();
});

test.each(['hid://', 'hid://0922', 'hid://0922:800', 'hid://keyboard', 'hid://scale/x', 'hid://0922:8003/%07'])(
  '%s is refused with the form to write',
  (uri) => {
    expect(() => fakeBus().make(uri)).toThrow(/names no HID device; write hid:\/\/VID:PID/);
  },
);

test('without the package the link says so and nothing else breaks', () => {
  const load = (): never => {
    throw new Error('No native build was found\nat x');
  };
  const { clock } = fakeBus();
  expect(() => createHidLinkOver(load, 'hid://scale', {}, { clock, log, random: () => 0 })).toThrow(
    'link "hid://scale" needs the node-hid package, which does not load here: No native build was found',
  );
});

test('a device that is plugged in while the link is looking is not slept through', async () => {
  const clock = createVirtualClock();
  const plugs = new Set<() => void>();
  const looks: ((devices: HidDevice[]) => void)[] = [];
  const library: HidLibrary = {
    list: () => new Promise((resolve) => looks.push(resolve)),
    open: () =>
      Promise.resolve({
        onReport: () => undefined,
        onError: () => undefined,
        write: ({ length }) => Promise.resolve(length),
        close: () => Promise.resolve(),
      }),
  };
  const onPlug = (wake: () => void): (() => void) => {
    plugs.add(wake);
    return () => plugs.delete(wake);
  };
  const link = createHidLinkOver(
    () => library,
    'hid://0922:8003',
    {},
    { clock, log, random: () => 1, plugs: { onPlug } },
  );
  const answer = async (devices: HidDevice[]): Promise<void> => {
    looks.shift()?.(devices);
    await clock.settle();
  };
  link.open();
  await clock.settle();
  // Until the wait between two looks is as long as it gets: 1.6 s.
  for (let look = 0; look < 5; look += 1) {
    await answer([]);
    await clock.advance(1_600);
  }
  expect([link.state, looks.length]).toEqual(['opening', 1]);
  for (const tell of [...plugs]) tell();
  // What is answered now was looked at before.
  await answer([]);
  expect(link.state).toBe('failed');
  await clock.advance(200);
  await answer([scale]);
  expect(link.state).toBe('open');
  await link.close();
  expect([plugs.size, clock.pending]).toEqual([0, 0]);
});
