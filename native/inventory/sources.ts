/** The kinds of thing this machine can list: USB printers, HID devices, serial ports, print queues. */
import { hidUriOf, scaleUsage, scannerUsage } from '../hid/address.ts';
import { loadHidLibrary, type HidDevice, type HidLibrary } from '../hid/library.ts';
import type { Plugs } from '../plugs.ts';
import { serialUriOf } from '../serial/address.ts';
import { listPorts, loadSerialLibrary, type FoundPort, type SerialLibrary } from '../serial/library.ts';
import { systemSpooler, type Spooler, type SpoolerQueue } from '../spooler/spooler.ts';
import { usbUriOf } from '../usb/address.ts';
import { printerInterface } from '../usb/find.ts';
import { loadUsbLibrary, type UsbDevice, type UsbLibrary } from '../usb/library.ts';
import type { PluggedDevice } from './device.ts';
import type { InventorySource } from './inventory.ts';
import { knownAdapter, knownDevice } from './known.ts';

/** The libraries the kinds are listed through; replaced in tests. */
export interface InventoryLibraries {
  usb(): UsbLibrary;
  hid(): HidLibrary;
  serial(): Pick<SerialLibrary, 'list'>;
  spooler(): Spooler;
}

const systemLibraries: InventoryLibraries = {
  usb: loadUsbLibrary,
  hid: loadHidLibrary,
  serial: loadSerialLibrary,
  spooler: systemSpooler,
};

/** Devices are told of by `plugs`; this is for what that misses. */
const devicesEveryMs = 5_000;
/** Nothing tells of a print queue, and asking starts a program: queues come and go by a person's hand. */
const queuesEveryMs = 30_000;
const queuesTimeoutMs = 2_500;

export function systemSources(plugs: Plugs, libraries: InventoryLibraries = systemLibraries): InventorySource[] {
  const { onPlug } = plugs;
  /** Names of a printer, read once: each reading opens it for a moment. By place, which is new after each plugging in. */
  const read = new Map<string, Promise<UsbNames>>();
  let spooler: Spooler | null = null;
  return [
    {
      kind: 'usb',
      everyMs: devicesEveryMs,
      onPlug,
      async list() {
        const devices = load('usb', libraries.usb).list();
        const places = new Set(devices.map(({ place }) => place));
        for (const place of read.keys()) if (!places.has(place)) read.delete(place);
        const found: PluggedDevice[] = [];
        for (const device of devices) {
          if (!isPrinter(device)) continue;
          const names = read.get(device.place) ?? namesOf(device);
          read.set(device.place, names);
          const got = await names;
          // Not allowed, or not ready yet: asked again next time.
          if (got.problem !== null) read.delete(device.place);
          found.push(describeUsb(device, got));
        }
        return found;
      },
    },
    {
      kind: 'hid',
      everyMs: devicesEveryMs,
      onPlug,
      list: async () => (await load('node-hid', libraries.hid).list()).flatMap(describeHid),
    },
    {
      kind: 'serial',
      everyMs: devicesEveryMs,
      onPlug,
      list: async () => toldApart((await listPorts(load('serialport', libraries.serial))).map(describeSerial)),
    },
    {
      kind: 'spooler',
      everyMs: queuesEveryMs,
      async list() {
        spooler ??= libraries.spooler();
        return (await spooler.list(queuesTimeoutMs)).map(describeQueue);
      },
    },
  ];
}

/** A library, or an Error that names the package that does not load. */
function load<T>(name: string, loader: () => T): T {
  try {
    return loader();
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    throw new Error(`the ${name} package does not load here: ${reason.slice(0, 160)}`);
  }
}

/** By its class; by its maker's id if it has a bulk interface of the maker's own. */
function isPrinter(device: UsbDevice): boolean {
  const known = knownDevice(hex(device.vendorId), hex(device.productId));
  return printerInterface(device, known?.usage === 'printer') !== null;
}

interface UsbNames {
  readonly serialNumber: string | null;
  readonly product: string | null;
  readonly problem: string | null;
}

async function namesOf(device: UsbDevice): Promise<UsbNames> {
  try {
    const handle = device.open();
    const text = async (index: number): Promise<string | null> => {
      if (index === 0) return null;
      const said = await handle.string(index).catch(() => '');
      return said.trim() === '' ? null : said.trim();
    };
    try {
      return {
        serialNumber: await text(device.serialIndex),
        product: await text(device.productIndex),
        problem: null,
      };
    } finally {
      handle.close();
    }
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const problem = /ACCESS/.test(said)
      ? 'this user may not open it (Linux: a udev rule for its VID)'
      : said.slice(0, 160);
    return { serialNumber: null, product: null, problem };
  }
}

function describeUsb({ vendorId, productId, place }: UsbDevice, names: UsbNames): PluggedDevice {
  const known = knownDevice(hex(vendorId), hex(productId));
  return {
    uri: usbUriOf(vendorId, productId, names.serialNumber),
    kind: 'usb',
    vendorId: hex(vendorId),
    productId: hex(productId),
    serialNumber: names.serialNumber,
    manufacturer: known?.name ?? null,
    product: names.product,
    path: place,
    usage: 'printer',
    note: names.problem,
  };
}

/** Generic Desktop, Keyboard (HID Usage Tables, section 4). */
const keyboard = { page: 0x01, usage: 0x06 };

/** Scales and scanners, and what the maker's id says may be one; keyboards, mice and the rest are left out. */
function describeHid(device: HidDevice): PluggedDevice[] {
  const { usagePage, usage, serialNumber, manufacturer, product, path } = device;
  const vendorId = hex(device.vendorId);
  const productId = hex(device.productId);
  const known = knownDevice(vendorId, productId);
  const byPage = usagePage === scaleUsage.page ? 'scale' : usagePage === scannerUsage.page ? 'scanner' : null;
  const typing = usagePage === keyboard.page && usage === keyboard.usage;
  const types = typing && known?.usage === 'scanner';
  // A known scale that calls itself the maker's own (HID Usage Tables: pages 0xFF00 and up).
  const own = usagePage >= 0xff00 && known?.usage === 'scale';
  if (byPage === null && !types && !own) return [];
  return [
    {
      uri: hidUriOf(device.vendorId, device.productId, serialNumber),
      kind: 'hid',
      vendorId,
      productId,
      serialNumber,
      manufacturer,
      product,
      path,
      usage: byPage ?? known?.usage ?? 'other',
      note: types ? 'types like a keyboard and needs no link' : (known?.name ?? null),
    },
  ];
}

function describeSerial(port: FoundPort): PluggedDevice {
  const known = knownDevice(port.vendorId, port.productId);
  return {
    uri: serialUriOf(port),
    kind: 'serial',
    vendorId: port.vendorId,
    productId: port.productId,
    serialNumber: port.serialNumber,
    manufacturer: port.manufacturer,
    product: port.product,
    path: port.path,
    usage: known?.usage ?? 'other',
    note: known?.name ?? knownAdapter(port.vendorId),
  };
}

/** Adapters of one model without a serial number: each is named by where it is, which changes with the socket. */
function toldApart(ports: readonly PluggedDevice[]): PluggedDevice[] {
  const alike = (uri: string): boolean => ports.filter((port) => port.uri === uri).length > 1;
  return ports.map((port) =>
    alike(port.uri) && port.path !== null ? { ...port, uri: `serial://${port.path}` } : port,
  );
}

function describeQueue({ queue, device }: SpoolerQueue): PluggedDevice {
  return {
    uri: `spooler://${encodeURIComponent(queue)}`,
    kind: 'spooler',
    vendorId: null,
    productId: null,
    serialNumber: null,
    manufacturer: null,
    product: queue,
    path: device,
    usage: 'printer',
    note: null,
  };
}

function hex(id: number): string {
  return id.toString(16).padStart(4, '0');
}
