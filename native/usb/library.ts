/**
 * The part of the `usb` package (libusb) this station uses, by interface numbers and endpoint addresses. The package's
 * own `Interface` counts interfaces by their place in the list, which is another number on some composite devices.
 */
import { createRequire } from 'node:module';

/** One alternate setting of one interface. */
export interface UsbInterface {
  readonly number: number;
  readonly alternate: number;
  readonly classCode: number;
  /** Printers: 1 one way, 2 both ways (USB Printer Class 1.1, section 4.1). */
  readonly protocol: number;
  /** Addresses of the bulk endpoints; null if it has none that way. */
  readonly bulkOut: number | null;
  readonly bulkIn: number | null;
}

/** A device on the bus, not opened. */
export interface UsbDevice {
  /** Bus and address: another one after each plugging in. */
  readonly place: string;
  readonly vendorId: number;
  readonly productId: number;
  /** Index of the serial number among its strings; 0 if it has none. */
  readonly serialIndex: number;
  readonly productIndex: number;
  /** Empty if the device does not give its descriptors. */
  interfaces(): readonly UsbInterface[];
  /** Throws if the operating system does not allow it. */
  open(): UsbHandle;
}

/** What became of one transfer: `bytes` are those the device acknowledged. */
export interface UsbTransferOutcome {
  readonly bytes: number;
  readonly error: Error | null;
}

export interface UsbTransfer {
  readonly done: Promise<UsbTransferOutcome>;
  /** Ends it early; `done` then resolves with what was moved. */
  cancel(): void;
}

/** An open device. Callbacks of the package as promises that reject with its errors. */
export interface UsbHandle {
  string(index: number): Promise<string>;
  control(type: number, request: number, value: number, index: number, length: number): Promise<Uint8Array>;
  /** Takes the interface, from the operating system's own driver if need be; that driver is given it back on release. */
  claim(number: number): void;
  select(number: number, alternate: number): Promise<void>;
  release(number: number): Promise<void>;
  /** Moves bytes through a bulk endpoint, in the direction of its address. `timeoutMs` 0: no limit. */
  transfer(address: number, buffer: Buffer, timeoutMs: number): UsbTransfer;
  /** Throws while a transfer is under way. */
  close(): void;
}

export interface UsbLibrary {
  list(): readonly UsbDevice[];
  /** Called for each device that is plugged in or out. Returns the function that stops it. */
  onPlug(listener: (device: UsbDevice, plugged: boolean) => void): () => void;
}

type Package = typeof import('usb');
type PackageDevice = ReturnType<Package['getDeviceList']>[number];

/** libusb.h: LIBUSB_TRANSFER_TYPE_BULK. */
const bulk = 2;
const directionIn = 0x80;

/**
 * Loads the native package when the first USB link is made, not before: a build without it still starts. Throws whatever
 * the loader throws.
 */
export function loadUsbLibrary(): UsbLibrary {
  const require = createRequire(import.meta.url);
  const { usb } = require('usb') as Package;
  if (usb.INIT_ERROR !== 0) throw new Error(`libusb does not start (${usb.INIT_ERROR})`);
  return {
    list: () => usb.getDeviceList().map((device) => wrap(usb, device)),
    onPlug(listener) {
      const attached = (device: PackageDevice): void => listener(wrap(usb, device), true);
      const detached = (device: PackageDevice): void => listener(wrap(usb, device), false);
      usb.on('attach', attached);
      usb.on('detach', detached);
      // Watching for plugs does not keep the process alive.
      usb.unrefHotplugEvents();
      return () => {
        usb.off('attach', attached);
        usb.off('detach', detached);
      };
    },
  };
}

/**
 * How many have a device open. The package keeps one object and one handle per device, so the first to close it would close
 * it under the others: somebody who reads its names must not end a label that is being printed.
 */
const opened = new WeakMap<PackageDevice, number>();

function wrap(usb: Package['usb'], device: PackageDevice): UsbDevice {
  const { idVendor, idProduct, iSerialNumber, iProduct } = device.deviceDescriptor;
  return {
    place: `${device.busNumber}.${device.deviceAddress}`,
    vendorId: idVendor,
    productId: idProduct,
    serialIndex: iSerialNumber,
    productIndex: iProduct,
    interfaces() {
      const alternates = (device.configDescriptor?.interfaces ?? []).flat();
      return alternates.map((each) => {
        const bulks = each.endpoints.filter(({ bmAttributes }) => (bmAttributes & 0x03) === bulk);
        const address = (wanted: number): number | null =>
          bulks.find(({ bEndpointAddress }) => (bEndpointAddress & directionIn) === wanted)?.bEndpointAddress ?? null;
        return {
          number: each.bInterfaceNumber,
          alternate: each.bAlternateSetting,
          classCode: each.bInterfaceClass,
          protocol: each.bInterfaceProtocol,
          bulkOut: address(0),
          bulkIn: address(directionIn),
        };
      });
    },
    open() {
      const users = opened.get(device) ?? 0;
      if (users === 0) device.open(false);
      opened.set(device, users + 1);
      return handleOf(usb, device);
    },
  };
}

function handleOf(usb: Package['usb'], device: PackageDevice): UsbHandle {
  let closed = false;
  return {
    string: (index) =>
      settled<string>((done) => device.getStringDescriptor(index, done)).then((text) =>
        (text ?? '').replace(/\0+$/, ''),
      ),
    async control(type, request, value, index, length) {
      const answer = await settled<Buffer | number | undefined>((done) =>
        device.controlTransfer(type, request, value, index, length, done),
      );
      return typeof answer === 'object' ? answer : new Uint8Array(0);
    },
    claim(number) {
      try {
        device.setAutoDetachKernelDriver(true);
      } catch {
        // Only Linux and macOS have a driver to take it from; elsewhere the claim itself says what is wrong.
      }
      device.__claimInterface(number);
    },
    select: async (number, alternate) => {
      await settled((done) => device.__setInterface(number, alternate, done));
    },
    release: async (number) => {
      await settled((done) => device.__releaseInterface(number, done));
    },
    transfer(address, buffer, timeoutMs) {
      let cancel = (): void => undefined;
      const done = new Promise<UsbTransferOutcome>((resolve) => {
        try {
          const transfer = new usb.Transfer(device, address, bulk, timeoutMs, (error, _buffer, actual) => {
            resolve({ bytes: actual, error: error ?? null });
          });
          transfer.submit(buffer);
          cancel = (): void => void transfer.cancel();
        } catch (error) {
          resolve({ bytes: 0, error: error instanceof Error ? error : new Error(String(error)) });
        }
      });
      return { done, cancel: () => cancel() };
    },
    close() {
      if (closed) return;
      closed = true;
      const users = (opened.get(device) ?? 1) - 1;
      if (users === 0) device.close();
      opened.set(device, users);
    },
  };
}

/** A callback of the package as a promise. */
function settled<T>(run: (done: (error?: Error, value?: T) => void) => unknown): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    run((error, value) => (error ? reject(error) : resolve(value)));
  });
}
