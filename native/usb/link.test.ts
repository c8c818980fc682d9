import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import type { Link, LinkState } from '../link.ts';
import { createOwners } from '../owners.ts';
import type { UsbDevice, UsbInterface, UsbLibrary, UsbTransferOutcome } from './library.ts';
import { createUsbLinkOver } from './link.ts';

const gone = new Error('LIBUSB_TRANSFER_NO_DEVICE');

/** A printer played by hand: takes `room` bytes, then behaves as `full` says. */
function fakeBus(
  given: Partial<{
    faces: UsbInterface[];
    serials: string[];
    room: number;
    full: 'gone' | 'hang';
    stuck: boolean;
    deviceId: string;
  }> = {},
) {
  const plugs = new Set<(device: UsbDevice, plugged: boolean) => void>();
  const taken: Uint8Array[] = [];
  const calls: string[] = [];
  let left = given.room ?? Number.POSITIVE_INFINITY;
  let toHost: ((outcome: UsbTransferOutcome, bytes: Uint8Array) => void) | null = null;
  const face: UsbInterface = { number: 0, alternate: 0, classCode: 7, protocol: 2, bulkOut: 1, bulkIn: 0x82 };
  const devices = (given.serials ?? ['S1']).map((serial, index): UsbDevice => ({
    place: `1.${index}`,
    vendorId: 0x0a5f,
    productId: 0x0081,
    serialIndex: 3,
    productIndex: 2,
    interfaces: () => given.faces ?? [face],
    open() {
      calls.push(`open ${serial}`);
      return {
        string: () => Promise.resolve(serial),
        control: (_type, request) =>
          Promise.resolve(
            request === 0 ? Buffer.from(`\0\x10${given.deviceId ?? ''}`, 'latin1') : new Uint8Array([0x18]),
          ),
        claim: (number) => void calls.push(`claim ${number}`),
        select: (number, alternate) => Promise.resolve(void calls.push(`select ${number}.${alternate}`)),
        release: (number) =>
          given.stuck === true ? new Promise(() => undefined) : Promise.resolve(void calls.push(`release ${number}`)),
        close: () => void calls.push(`close ${serial}`),
        transfer(address, buffer) {
          let end: (outcome: UsbTransferOutcome) => void = () => undefined;
          const done = new Promise<UsbTransferOutcome>((resolve) => (end = resolve));
          let cancelled = 0;
          if (address === 0x82) {
            toHost = (outcome, bytes) => {
              buffer.set(bytes);
              end(outcome);
            };
          } else {
            const bytes = Math.min(buffer.length, left);
            taken.push(Uint8Array.from(buffer.subarray(0, bytes)));
            left -= bytes;
            cancelled = bytes;
            if (bytes === buffer.length) end({ bytes, error: null });
            else if (given.full !== 'hang') end({ bytes, error: gone });
          }
          return { done, cancel: () => end({ bytes: cancelled, error: new Error('LIBUSB_TRANSFER_CANCELLED') }) };
        },
      };
    },
  }));
  const library: UsbLibrary = {
    list: () => devices,
    onPlug(listener) {
      plugs.add(listener);
      return () => plugs.delete(listener);
    },
  };
  return {
    library,
    devices,
    calls,
    written: () => Buffer.concat(taken),
    say: (bytes: Uint8Array) => toHost?.({ bytes: bytes.length, error: null }, bytes),
    plug: (device: UsbDevice, plugged: boolean) => {
      for (const tell of [...plugs]) tell(device, plugged);
    },
    watched: () => plugs.size,
  };
}

type Bus = ReturnType<typeof fakeBus>;
const clock = createVirtualClock();
const log = { debug: () => undefined, warn: () => undefined };

function linkOf(bus: Pick<Bus, 'library'>, uri = 'usb://0a5f:0081', reopen = false): Link {
  return createUsbLinkOver(() => bus.library, uri, { reopen }, { clock, log, random: () => 0.5 });
}

function reached(link: Link, wanted: LinkState): Promise<void> {
  if (link.state === wanted) return Promise.resolve();
  return new Promise((resolve) => {
    const off = link.onState((state) => {
      if (state !== wanted) return;
      off();
      resolve();
    });
  });
}

async function opened(link: Link): Promise<void> {
  link.open();
  await reached(link, 'open');
}

test('bytes pass both ways, and the interface is given back before the device is closed', async () => {
  const bus = fakeBus();
  const link = linkOf(bus);
  await opened(link);
  const heard = new Promise<string>((resolve) => {
    link.onBytes((bytes) => resolve(Buffer.from(bytes).toString('latin1')));
  });
  const label = Buffer.alloc(40_000, 'x');
  await expect(link.write(label, 1_000)).resolves.toEqual({ kind: 'written', bytes: 40_000 });
  expect(bus.written()).toEqual(label);
  bus.say(Buffer.from('ok'));
  await expect(heard).resolves.toBe('ok');
  await link.close();
  expect(bus.calls).toEqual(['open S1', 'claim 0', 'release 0', 'close S1']);
  expect(bus.watched()).toBe(0);
});

test('the printer says of itself which languages it has, and null if it does not', async () => {
  const link = linkOf(fakeBus({ deviceId: 'MFG:Zebra;CMD:ZPL;MDL:GK420d;' }));
  await opened(link);
  await expect(link.deviceId?.()).resolves.toEqual({ MFG: 'Zebra', CMD: 'ZPL', MDL: 'GK420d' });
  await link.close();
  await expect(link.deviceId?.()).resolves.toBeNull();
  const mute = linkOf(fakeBus());
  await opened(mute);
  await expect(mute.deviceId?.()).resolves.toBeNull();
  await mute.close();
});

test('a printer that goes away in the middle of a label says how many bytes it took', async () => {
  const bus = fakeBus({ room: 20_000 });
  const link = linkOf(bus);
  await opened(link);
  await expect(link.write(Buffer.alloc(40_000), 1_000)).resolves.toEqual({
    kind: 'failed',
    bytes: 20_000,
    message: 'usb://0a5f:0081: the printer was unplugged (LIBUSB_TRANSFER_NO_DEVICE)',
  });
  expect(link.state).toBe('failed');
});

test('an unplugged printer that hangs ends the write at once, with what it took', async () => {
  const bus = fakeBus({ room: 100, full: 'hang' });
  const link = linkOf(bus);
  await opened(link);
  const outcome = link.write(Buffer.alloc(400), 60_000);
  await Promise.resolve();
  await Promise.resolve();
  const [device] = bus.devices;
  if (device !== undefined) bus.plug(device, false);
  await expect(outcome).resolves.toMatchObject({ kind: 'failed', bytes: 100 });
});

test('a driver that never gives the interface back does not hold up the closing', async () => {
  const link = linkOf(fakeBus({ stuck: true }));
  await opened(link);
  let closed = false;
  void link.close().then(() => (closed = true));
  await clock.advance(2_000);
  expect(closed).toBe(true);
});

test('one printer under two URIs has one owner, who is named', async () => {
  const bus = fakeBus();
  const owners = createOwners();
  const make = (uri: string, owner: string): Link =>
    createUsbLinkOver(() => bus.library, uri, { owner }, { clock, log, random: () => 1, owners });
  const first = make('usb://printer', 'printer label');
  const second = make('usb://0a5f:0081/S1', 'printer slips');
  await opened(first);
  second.open();
  await reached(second, 'failed');
  expect(second.lastError).toContain('already in use by printer label');
  await first.close();
  await clock.advance(1_600);
  expect(second.state).toBe('open');
  await second.close();
});

test('another device that is unplugged changes nothing', async () => {
  const bus = fakeBus({ serials: ['S1', 'S2'] });
  const link = linkOf(bus, 'usb://0a5f:0081/s2');
  await opened(link);
  const [first] = bus.devices;
  if (first !== undefined) bus.plug(first, false);
  expect(link.state).toBe('open');
  expect(bus.calls).toEqual(['open S1', 'close S1', 'open S2', 'claim 0']);
  await link.close();
});

test('two printers that fit are not guessed between', async () => {
  const link = linkOf(fakeBus({ serials: ['S1', 'S2'] }));
  link.open();
  await reached(link, 'failed');
  expect(link.lastError).toMatch(/2 USB printers fit; add the serial number/);
});

test('a printer that is plugged in is opened at once, not after the back-off', async () => {
  const bus = fakeBus({ serials: [] });
  const late = fakeBus();
  const link = linkOf({ library: { ...bus.library, list: () => bus.devices } }, 'usb://printer', true);
  link.open();
  await reached(link, 'failed');
  const [device] = late.devices;
  if (device === undefined) throw new Error('no device');
  bus.devices.push(device);
  const open = reached(link, 'open');
  bus.plug(device, true);
  await open;
  await link.close();
});

test('both ways go before one way, and a setting that is not the first is chosen', async () => {
  const face = { number: 1, classCode: 7, bulkOut: 1 } as const;
  const bus = fakeBus({
    faces: [
      { number: 0, alternate: 0, classCode: 3, protocol: 0, bulkOut: null, bulkIn: null },
      { ...face, alternate: 0, protocol: 1, bulkIn: null },
      { ...face, alternate: 1, protocol: 2, bulkIn: 0x82 },
    ],
  });
  const link = linkOf(bus);
  await opened(link);
  expect(bus.calls).toEqual(['open S1', 'claim 1', 'select 1.1']);
  await link.close();
});

test('a printer that speaks no status language still says by its port that it is at rest', async () => {
  const link = linkOf(fakeBus());
  expect(await link.deviceWord?.(100)).toBeNull();
  await opened(link);
  expect(await link.deviceWord?.(100)).toEqual({ ready: true, reasons: [], queued: null });
  await link.close();
});

test.each(['usb://', 'usb://0a5f', 'usb://0a5f:008', 'usb://0a5f:0081/a/b', 'usb://0a5f:0081/%07'])(
  '%s is refused with the form to write',
  (uri) => {
    expect(() => linkOf(fakeBus(), uri)).toThrow(/names no USB printer; write usb:\/\/VID:PID/);
  },
);

test('without the package the link says so and nothing else breaks', () => {
  const load = (): never => {
    throw new Error('No native build was found\nat x');
  };
  expect(() => createUsbLinkOver(load, 'usb://printer', {}, { clock, log, random: () => 0 })).toThrow(
    'link "usb://printer" needs the usb package, which does not load here: No native build was found',
  );
});
