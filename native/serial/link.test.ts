import { SerialPortMock } from 'serialport';
import { afterEach, expect, test } from 'vitest';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import { createLinks } from '../index.ts';
import type { Link, LinkDeps, LinkOptions, LinkState } from '../link.ts';
import { createOwners } from '../owners.ts';
import type { SerialLibrary, SerialPortSettings } from './library.ts';
import { createSerialLinkOver } from './link.ts';

const deps: LinkDeps = {
  clock: {
    monotonic: () => performance.now(),
    after(delayMs, task) {
      const timer = setTimeout(task, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
  },
  log: { debug: () => undefined, warn: () => undefined },
  random: () => 0,
};

/** The real package over its own mock of the operating system. */
function mockLibrary(): SerialLibrary & { readonly opened: SerialPortMock[]; readonly settings: SerialPortSettings[] } {
  const opened: SerialPortMock[] = [];
  const settings: SerialPortSettings[] = [];
  return {
    opened,
    settings,
    open(asked) {
      settings.push(asked);
      const port = new SerialPortMock(asked);
      opened.push(port);
      return port;
    },
    list: () => SerialPortMock.list(),
  };
}

const links: Link[] = [];
afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
  SerialPortMock.binding.reset();
});

function make(library: SerialLibrary, uri = 'serial:///dev/ttyUSB0', options: LinkOptions = {}): Link {
  const link = createSerialLinkOver(() => library, uri, options, deps);
  links.push(link);
  return link;
}

function reaches(link: Link, wanted: LinkState): Promise<void> {
  if (link.state === wanted) return Promise.resolve();
  return new Promise((resolve) => {
    const off = link.onState((state) => {
      if (state !== wanted) return;
      off();
      resolve();
    });
  });
}

function hears(link: Link, count: number): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const off = link.onBytes((bytes) => {
      text += Buffer.from(bytes).toString('latin1');
      if (text.length < count) return;
      off();
      resolve(text);
    });
  });
}

test('opens with 9600 8N1, or with what the profile says', async () => {
  SerialPortMock.binding.createPort('/dev/ttyUSB0');
  SerialPortMock.binding.createPort('/dev/ttyUSB1');
  const library = mockLibrary();
  const plain = make(library);
  plain.open();
  await reaches(plain, 'open');
  const other = make(library, 'serial:///dev/ttyUSB1', { baud: 2_400, dataBits: 7, parity: 'even', stopBits: 2 });
  other.open();
  await reaches(other, 'open');
  expect(library.settings).toEqual([
    { path: '/dev/ttyUSB0', baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1, autoOpen: false },
    { path: '/dev/ttyUSB1', baudRate: 2_400, dataBits: 7, parity: 'even', stopBits: 2, autoOpen: false },
  ]);
});

test('bytes arrive whole and in order however the driver splits them', async () => {
  SerialPortMock.binding.createPort('/dev/ttyUSB0', { maxReadSize: 3 });
  const library = mockLibrary();
  const link = make(library);
  const sizes: number[] = [];
  link.onBytes((bytes) => sizes.push(bytes.length));
  link.open();
  await reaches(link, 'open');
  const heard = hears(link, 18);
  library.opened[0]?.port?.emitData('S S     100.00 g\r\n');
  expect(await heard).toBe('S S     100.00 g\r\n');
  expect(Math.max(...sizes)).toBe(3);
});

test('a write is written, in chunks, byte for byte', async () => {
  SerialPortMock.binding.createPort('/dev/ttyUSB0', { record: true });
  const library = mockLibrary();
  const link = make(library);
  link.open();
  await reaches(link, 'open');
  const sent = Uint8Array.from({ length: 1_000 }, (_, index) => index & 255);
  expect(await Promise.all([link.write(sent, 1_000), link.write(Uint8Array.of(9), 1_000)])).toEqual([
    { kind: 'written', bytes: 1_000 },
    { kind: 'written', bytes: 1 },
  ]);
  expect([...(library.opened[0]?.port?.recording ?? [])]).toEqual([...sent, 9]);
});

test('a port that is not there fails with a reason, and opens once it is', async () => {
  const library = mockLibrary();
  const link = make(library);
  link.open();
  await reaches(link, 'failed');
  expect(link.lastError).toContain('serial:///dev/ttyUSB0: Port does not exist');
  expect(await link.write(Uint8Array.of(1), 100)).toMatchObject({ kind: 'failed', bytes: 0 });
  SerialPortMock.binding.createPort('/dev/ttyUSB0');
  await reaches(link, 'open');
  expect(link.lastError).toBeNull();
});

test('a plug pulled out is a state, and the port comes back by itself', async () => {
  SerialPortMock.binding.createPort('/dev/ttyUSB0');
  const library = mockLibrary();
  const link = make(library);
  const states: LinkState[] = [];
  link.onState((state) => states.push(state));
  link.open();
  await reaches(link, 'open');
  library.opened[0]?._disconnected(new Error('Reading from COM port (ReadIOCompletion): Operation aborted'));
  await reaches(link, 'failed');
  expect(link.lastError).toContain('Operation aborted');
  await reaches(link, 'open');
  expect(states).toEqual(['opening', 'open', 'failed', 'opening', 'open']);
  const heard = hears(link, 1);
  library.opened[1]?.port?.emitData('x');
  expect(await heard).toBe('x');
});

test('an end of file, as some adapters report being pulled, is a lost port too', async () => {
  SerialPortMock.binding.createPort('/dev/ttyUSB0');
  const library = mockLibrary();
  const link = make(library);
  link.open();
  await reaches(link, 'open');
  library.opened[0]?.push(null);
  await reaches(link, 'failed');
  expect(link.lastError).toContain('the device went away');
  await reaches(link, 'open');
});

test('a port is found by the serial number of its USB device', async () => {
  SerialPortMock.binding.createPort('/dev/ttyUSB7');
  const library = mockLibrary();
  const link = make(library, 'serial://sn:1');
  link.open();
  await reaches(link, 'open');
  expect(library.settings[0]?.path).toBe('/dev/ttyUSB7');
});

test.each([
  ['no port has it', () => Promise.resolve([]), 'no port has the serial number A1; is the cable in?'],
  [
    'two ports have it',
    () =>
      Promise.resolve([
        { path: '/dev/a', serialNumber: 'A1' },
        { path: '/dev/b', serialNumber: 'a1' },
      ]),
    '2 ports have that serial number (/dev/a, /dev/b); name the port by its path',
  ],
  [
    'ports cannot be listed',
    () => Promise.reject(new Error('spawn udevadm ENOENT')),
    'ports cannot be listed without udev; name the port by its path',
  ],
])('by serial number, if %s: failed, with the reason', async (_, list, reason) => {
  const link = make({ ...mockLibrary(), list }, 'serial://sn:A1');
  link.open();
  await reaches(link, 'failed');
  expect(link.lastError).toContain(reason);
});

test('a port named by its USB device is found again under another number', async () => {
  SerialPortMock.binding.createPort('/dev/ttyUSB0');
  SerialPortMock.binding.createPort('/dev/ttyUSB3');
  let path = '/dev/ttyUSB0';
  const others = [
    { path: '/dev/ttyUSB8', vendorId: '0403', productId: '6001', serialNumber: 'A9YY' },
    { path: '/dev/ttyUSB9', vendorId: '1a86', productId: '7523' },
  ];
  const scale = { vendorId: '0403', productId: '6001', serialNumber: 'A9XX' };
  const library = { ...mockLibrary(), list: () => Promise.resolve([...others, { path, ...scale }]) };
  const link = make(library, 'serial://usb/0403:6001/a9xx');
  link.open();
  await reaches(link, 'open');
  path = '/dev/ttyUSB3';
  library.opened[0]?._disconnected(new Error('pulled out'));
  await reaches(link, 'failed');
  await reaches(link, 'open');
  expect(library.settings.map((asked) => asked.path)).toEqual(['/dev/ttyUSB0', '/dev/ttyUSB3']);
});

test('two adapters of one model are not guessed between, and one without a serial number is found by its ids', async () => {
  const list = (): Promise<{ path: string; vendorId: string; productId: string; serialNumber?: string }[]> =>
    Promise.resolve([
      { path: '/dev/ttyUSB0', vendorId: '0403', productId: '6001', serialNumber: 'A' },
      { path: '/dev/ttyUSB1', vendorId: '0403', productId: '6001', serialNumber: 'B' },
      { path: 'COM7', vendorId: '1A86', productId: '7523' },
    ]);
  const two = make({ ...mockLibrary(), list }, 'serial://usb/0403:6001');
  two.open();
  await reaches(two, 'failed');
  expect(two.lastError).toContain('2 such ports are plugged in (/dev/ttyUSB0, /dev/ttyUSB1); add the serial number');
  SerialPortMock.binding.createPort('COM7');
  const library = { ...mockLibrary(), list };
  const one = make(library, 'serial://usb/1a86:7523');
  one.open();
  await reaches(one, 'open');
  expect(library.settings[0]?.path).toBe('COM7');
});

test('a port whose file went away is lost although its driver says nothing', async () => {
  SerialPortMock.binding.createPort('/dev/ttyUSB0');
  let gone: () => void = () => undefined;
  let watched: string | null = null;
  const library: SerialLibrary = {
    ...mockLibrary(),
    watch(path, _clock, tell) {
      watched = path;
      gone = tell;
      return () => (watched = null);
    },
  };
  const link = make(library);
  link.open();
  await reaches(link, 'open');
  expect(watched).toBe('/dev/ttyUSB0');
  gone();
  expect(link).toMatchObject({ state: 'failed', lastError: 'serial:///dev/ttyUSB0: the device went away' });
  await link.close();
  expect(watched).toBeNull();
});

test('a waiting link tries at once when something is plugged in', async () => {
  const woken = new Set<() => void>();
  const plugs = {
    onPlug(wake: () => void) {
      woken.add(wake);
      return () => woken.delete(wake);
    },
  };
  const clock = createVirtualClock();
  const link = createSerialLinkOver(mockLibrary, 'serial:///dev/ttyUSB0', {}, { ...deps, clock, plugs });
  links.push(link);
  link.open();
  await reaches(link, 'failed');
  SerialPortMock.binding.createPort('/dev/ttyUSB0');
  for (const wake of woken) wake();
  // The clock stands still: only the word of the plug can have opened it.
  await reaches(link, 'open');
  expect(woken.size).toBe(0);
});

test('without any word a port is tried at least every 1.6 seconds', async () => {
  const clock = createVirtualClock();
  const library = mockLibrary();
  const link = createSerialLinkOver(() => library, 'serial:///dev/ttyUSB0', {}, { ...deps, clock, random: () => 1 });
  links.push(link);
  link.open();
  await clock.advance(20_000);
  expect(link.state).toBe('failed');
  const before = library.settings.length;
  await clock.advance(16_000);
  expect(library.settings.length - before).toBe(10);
  SerialPortMock.binding.createPort('/dev/ttyUSB0');
  await clock.advance(1_600);
  await reaches(link, 'open');
});

test('one port under two URIs has one owner', async () => {
  SerialPortMock.binding.createPort('/dev/ttyUSB0');
  const owners = createOwners();
  const list = (): Promise<{ path: string; serialNumber: string }[]> =>
    Promise.resolve([{ path: '/dev/ttyUSB0', serialNumber: 'A1' }]);
  const library = { ...mockLibrary(), list };
  const first = createSerialLinkOver(
    () => library,
    'serial:///dev/ttyUSB0',
    { owner: 'scale bench' },
    { ...deps, owners },
  );
  const second = createSerialLinkOver(() => library, 'serial://sn:A1', {}, { ...deps, owners });
  links.push(first, second);
  first.open();
  await reaches(first, 'open');
  second.open();
  await reaches(second, 'failed');
  expect(second.lastError).toContain('already in use by scale bench');
  expect(library.opened).toHaveLength(1);
});

test('a write the device does not take fails in its time, counts its chunk, and drops the port', async () => {
  SerialPortMock.binding.createPort('/dev/ttyUSB0');
  const library = mockLibrary();
  const link = make(library, 'serial:///dev/ttyUSB0', { reopen: false });
  link.open();
  await reaches(link, 'open');
  const { port } = library.opened[0] ?? {};
  if (port === undefined) throw new Error('no port');
  const write = port.write.bind(port);
  let chunks = 0;
  port.write = (bytes) => (++chunks === 2 ? new Promise(() => undefined) : write(bytes));
  expect(await link.write(new Uint8Array(1_000), 50)).toMatchObject({ kind: 'failed', bytes: 512 });
  expect(link.state).toBe('failed');
});

test('close ends within two seconds although the driver never lets go, and no open follows', async () => {
  SerialPortMock.binding.createPort('/dev/ttyUSB0');
  const library = mockLibrary();
  const link = make(library);
  link.open();
  await reaches(link, 'open');
  const { port } = library.opened[0] ?? {};
  if (port === undefined) throw new Error('no port');
  port.close = () => new Promise(() => undefined);
  const from = performance.now();
  await link.close();
  expect(performance.now() - from).toBeLessThan(2_000);
  expect(link.state).toBe('closed');
});

test('closing while opening leaves the port closed', async () => {
  SerialPortMock.binding.createPort('/dev/ttyUSB0');
  const library = mockLibrary();
  const link = make(library);
  const states: LinkState[] = [];
  link.onState((state) => states.push(state));
  link.open();
  await link.close();
  link.open();
  await reaches(link, 'open');
  expect(states).toEqual(['opening', 'closed', 'opening', 'open']);
  expect(library.opened.filter((port) => port.isOpen)).toHaveLength(1);
});

test('without the native package making a link throws one line', () => {
  const load = (): never => {
    throw new Error("Cannot find module 'serialport'\nRequire stack:\n- somewhere");
  };
  expect(() => createSerialLinkOver(load, 'serial://COM3', {}, deps)).toThrow(
    /^link "serial:\/\/COM3" needs the serialport package, which does not load here: Cannot find module 'serialport'$/,
  );
});

test.each([
  'serial://',
  'serial://usb/',
  'serial://usb/0403',
  'serial://usb/0403:6001/a/b',
  'serial://COM0',
  'serial://ttyUSB0',
  'serial:////x',
  'serial://sn:',
  'serial:///dev/a%00b',
])('%s is refused with its own name in the message', (uri) => {
  expect(() => make(mockLibrary(), uri)).toThrow(`link "${uri}" is not a serial port`);
});

test.each([0, 10, 1.5, NaN, 5_000_000])('baud rate %d is refused', (baud) => {
  expect(() => make(mockLibrary(), 'serial://COM3', { baud })).toThrow('impossible baud rate');
});

test('links makes serial links with the real package', () => {
  const link = createLinks(deps).create('serial://com3', {});
  expect(link).toMatchObject({ uri: 'serial://com3', state: 'closed' });
});
