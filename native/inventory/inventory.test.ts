import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import type { HidDevice } from '../hid/library.ts';
import type { UsbDevice } from '../usb/library.ts';
import type { InventoryChange, PluggedDevice } from './device.ts';
import { createInventory, listTimeoutMs, maxPerKind, settleMs, type InventorySource } from './inventory.ts';
import { systemSources, type InventoryLibraries } from './sources.ts';

const log = { debug: () => undefined, warn: () => undefined };

const plugs = { onPlug: () => () => undefined };

const device = (uri: string, given: Partial<PluggedDevice> = {}): PluggedDevice => ({
  uri,
  kind: 'serial',
  vendorId: null,
  productId: null,
  serialNumber: null,
  manufacturer: null,
  product: null,
  path: '/dev/ttyUSB0',
  usage: 'other',
  note: null,
  ...given,
});

/** An inventory of one kind, played by hand. */
function bench(everyMs = 5_000) {
  const clock = createVirtualClock();
  const wakes = new Set<() => void>();
  const state = { there: [device('serial://a')], asked: 0, broken: null as string | null };
  const source: InventorySource = {
    kind: 'serial',
    everyMs,
    list() {
      state.asked += 1;
      return state.broken === null ? Promise.resolve([...state.there]) : Promise.reject(new Error(state.broken));
    },
    onPlug(wake) {
      wakes.add(wake);
      return () => wakes.delete(wake);
    },
  };
  const inventory = createInventory({ clock, log, sources: [source], plugs });
  const changes: { attached: string[]; detached: string[] }[] = [];
  const watch = (): (() => void) =>
    inventory.onChange(({ attached, detached }: InventoryChange) =>
      changes.push({ attached: attached.map(({ uri }) => uri), detached: detached.map(({ uri }) => uri) }),
    );
  const plug = (): void => {
    for (const wake of wakes) wake();
  };
  return { clock, state, inventory, changes, watch, plug, wakes };
}

test('what came and went is told a moment after the event, once', async () => {
  const { clock, state, changes, watch, plug } = bench();
  const stop = watch();
  await clock.settle();
  state.there = [device('serial://b', { path: '/dev/ttyUSB1' })];
  plug();
  plug();
  await clock.advance(settleMs);
  expect(changes).toEqual([{ attached: ['serial://b'], detached: ['serial://a'] }]);
  expect(state.asked).toBe(2);
  stop();
});

test('a change that somebody who listed saw first is still told to who listens', async () => {
  const { clock, state, inventory, changes, watch, plug } = bench();
  const stop = watch();
  await clock.settle();
  state.there = [];
  plug();
  expect(await inventory.list()).toEqual([]);
  await clock.advance(settleMs);
  expect(changes).toEqual([{ attached: [], detached: ['serial://a'] }]);
  stop();
});

test('an event while the first list is still asked for is not slept through', async () => {
  const { clock, state, changes, watch, plug } = bench(3_600_000);
  const stop = watch();
  plug();
  await clock.settle();
  state.there = [];
  await clock.advance(settleMs);
  expect(changes).toEqual([{ attached: [], detached: ['serial://a'] }]);
  stop();
});

test('without events a change is found by asking, and what is there from the beginning is no change', async () => {
  const { clock, state, changes, watch } = bench(1_000);
  const stop = watch();
  await clock.advance(5_000);
  expect(changes).toEqual([]);
  state.there = [];
  await clock.advance(1_000);
  expect(changes).toEqual([{ attached: [], detached: ['serial://a'] }]);
  stop();
});

test('a device that is pulled and put into another socket between two questions went and came', async () => {
  const { clock, state, changes, watch, plug } = bench();
  const stop = watch();
  await clock.settle();
  state.there = [device('serial://a', { path: '/dev/ttyUSB7' })];
  plug();
  await clock.advance(settleMs);
  expect(changes).toEqual([{ attached: ['serial://a'], detached: ['serial://a'] }]);
  stop();
});

test('nothing is asked before anybody wants to know, nor after', async () => {
  const { clock, state, watch, wakes } = bench(1_000);
  await clock.advance(5_000);
  expect(state.asked).toBe(0);
  watch()();
  await clock.advance(10_000);
  expect(state.asked).toBe(1);
  expect(wakes.size).toBe(0);
  expect(clock.pending).toBe(0);
});

test('two who listen share the watching, and each is told', async () => {
  const { clock, state, changes, watch, plug } = bench();
  const stops = [watch(), watch()];
  await clock.settle();
  state.there = [];
  plug();
  await clock.advance(settleMs);
  expect(changes).toHaveLength(2);
  expect(state.asked).toBe(2);
  for (const stop of [...stops, ...stops]) stop();
  expect(clock.pending).toBe(0);
});

test('a kind that cannot be listed is absent, with its reason, until it can', async () => {
  const { state, inventory } = bench();
  state.broken = 'the serialport package does not load here: no native build\nat x';
  expect(await inventory.list()).toEqual([]);
  expect(inventory.absent()).toEqual([
    { kind: 'serial', reason: 'the serialport package does not load here: no native build' },
  ]);
  state.broken = null;
  expect(await inventory.list()).toHaveLength(1);
  expect(inventory.absent()).toEqual([]);
});

test('a kind that never answers does not hold up the others', async () => {
  const clock = createVirtualClock();
  const stuck: InventorySource = { kind: 'hid', everyMs: 1_000, list: () => new Promise(() => undefined) };
  const fine: InventorySource = { kind: 'serial', everyMs: 1_000, list: () => Promise.resolve([device('serial://a')]) };
  const inventory = createInventory({ clock, log, sources: [stuck, fine], plugs });
  const list = inventory.list();
  await clock.advance(listTimeoutMs);
  expect((await list).map(({ uri }) => uri)).toEqual(['serial://a']);
  expect(inventory.absent()).toEqual([{ kind: 'hid', reason: `no answer within ${listTimeoutMs} ms` }]);
});

test('the list is bounded, and two that cannot be told apart are one line that says so', async () => {
  const { state, inventory } = bench();
  state.there = Array.from({ length: maxPerKind + 50 }, (_, index) => device(`serial://${index}`));
  expect(await inventory.list()).toHaveLength(maxPerKind);
  state.there = [device('serial://a'), device('serial://a')];
  expect(await inventory.list()).toEqual([
    device('serial://a', { note: '2 of them, which cannot be told apart: they have no serial number' }),
  ]);
});

/** The kinds over libraries played by hand; those left out do not load. */
async function listed(given: Partial<InventoryLibraries>) {
  const absent = (): never => {
    throw new Error('no native build\nat x');
  };
  const libraries: InventoryLibraries = { usb: absent, hid: absent, serial: absent, spooler: absent, ...given };
  const clock = createVirtualClock();
  const sources = systemSources(plugs, libraries);
  const inventory = createInventory({ clock, log, sources, plugs });
  return { devices: await inventory.list(), absent: inventory.absent(), again: () => inventory.list() };
}

test('without any native module every kind is absent and nothing breaks', async () => {
  const { devices, absent } = await listed({});
  expect(devices).toEqual([]);
  expect(absent).toEqual([
    { kind: 'usb', reason: 'the usb package does not load here: no native build' },
    { kind: 'hid', reason: 'the node-hid package does not load here: no native build' },
    { kind: 'serial', reason: 'the serialport package does not load here: no native build' },
    { kind: 'spooler', reason: 'no native build' },
  ]);
});

const hid = (given: Partial<HidDevice>): HidDevice => ({
  path: 'p',
  vendorId: 0x0922,
  productId: 0x8003,
  serialNumber: null,
  manufacturer: null,
  product: null,
  usagePage: 0x8d,
  usage: 0x20,
  ...given,
});

test('HID devices: scales and scanners by their page, known ones by their ids, keyboards and mice left out', async () => {
  const list = [
    hid({ serialNumber: 'A1' }),
    hid({ vendorId: 0x1234, usagePage: 0x8c, usage: 2 }),
    hid({ vendorId: 0x0eb8, productId: 0xf000, usagePage: 0xff00, usage: 1 }),
    hid({ vendorId: 0x0c2e, productId: 0x0200, usagePage: 1, usage: 6 }),
    hid({ vendorId: 0x046d, productId: 0xc31c, usagePage: 1, usage: 6 }),
    hid({ vendorId: 0x046d, productId: 0xc31c, usagePage: 1, usage: 2 }),
  ];
  const { devices } = await listed({
    hid: () => ({ list: () => Promise.resolve(list), open: () => Promise.reject(new Error('not here')) }),
  });
  expect(devices.map(({ uri, usage, note }) => [uri, usage, note])).toEqual([
    ['hid://0922:8003/A1', 'scale', 'DYMO M10 or M25'],
    ['hid://1234:8003', 'scanner', null],
    ['hid://0eb8:f000', 'scale', 'Mettler Toledo PS/BC'],
    ['hid://0c2e:0200', 'scanner', 'types like a keyboard and needs no link'],
  ]);
});

test('serial ports: named by their USB ids where they have any and are told apart by them, else by their path', async () => {
  const list = [
    { path: '/dev/ttyUSB0', vendorId: '0403', productId: '6001', serialNumber: 'A9' },
    { path: '/dev/ttyUSB1', vendorId: '1A86', productId: '7523' },
    { path: '/dev/ttyUSB2', vendorId: '1a86', productId: '7523' },
    { path: '/dev/ttyS0' },
  ];
  const { devices } = await listed({ serial: () => ({ list: () => Promise.resolve(list) }) });
  expect(devices.map(({ uri, note }) => [uri, note])).toEqual([
    ['serial://usb/0403:6001/A9', 'FTDI serial adapter'],
    ['serial:///dev/ttyUSB1', 'CH340 serial adapter'],
    ['serial:///dev/ttyUSB2', 'CH340 serial adapter'],
    ['serial:///dev/ttyS0', null],
  ]);
});

function usbDevice(place: string, given: { classCode?: number; vendorId?: number; open?: () => never }) {
  const opens: string[] = [];
  const usb: UsbDevice = {
    place,
    vendorId: given.vendorId ?? 0x0a5f,
    productId: 0x0081,
    serialIndex: 3,
    productIndex: 2,
    interfaces: () => [
      { number: 0, alternate: 0, classCode: given.classCode ?? 7, protocol: 2, bulkOut: 1, bulkIn: 0x82 },
    ],
    open() {
      opens.push('open');
      given.open?.();
      const never = (): never => {
        throw new Error('not asked for');
      };
      return {
        string: (index) => Promise.resolve(index === 3 ? '29J1' : 'GK420d'),
        control: never,
        claim: never,
        select: never,
        release: never,
        transfer: never,
        close: () => void opens.push('close'),
      };
    },
  };
  return { usb, opens };
}

test('USB printers: by class or by a known maker, their names read once per plugging in', async () => {
  const printer = usbDevice('1.5', {});
  const known = usbDevice('1.6', { classCode: 255, vendorId: 0x1203 });
  const camera = usbDevice('1.7', { classCode: 255, vendorId: 0x9999 });
  const list = [printer.usb, known.usb, camera.usb];
  const { devices, again } = await listed({ usb: () => ({ list: () => list, onPlug: () => () => undefined }) });
  expect(devices.map(({ uri, manufacturer, product }) => [uri, manufacturer, product])).toEqual([
    ['usb://0a5f:0081/29J1', 'Zebra', 'GK420d'],
    ['usb://1203:0081/29J1', 'TSC', 'GK420d'],
  ]);
  await again();
  expect(printer.opens).toEqual(['open', 'close']);
  expect(camera.opens).toEqual([]);
});

test('a printer this user may not open is listed without its serial number, with the reason', async () => {
  const { usb } = usbDevice('1.5', {
    open() {
      throw new Error('LIBUSB_ERROR_ACCESS');
    },
  });
  const { devices } = await listed({ usb: () => ({ list: () => [usb], onPlug: () => () => undefined }) });
  expect(devices).toMatchObject([
    { uri: 'usb://0a5f:0081', note: 'this user may not open it (Linux: a udev rule for its VID)' },
  ]);
});
