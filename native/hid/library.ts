/** The part of the `node-hid` package (hidapi) this station uses, and how it is found. */
import { createRequire } from 'node:module';

/** One top-level collection of a device, as hidapi lists it. */
export interface HidDevice {
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber: string | null;
  readonly manufacturer: string | null;
  readonly product: string | null;
  readonly usagePage: number;
  readonly usage: number;
}

/** An open device. */
export interface HidHandle {
  /** Starts the reading; each report with its id in byte 0. */
  onReport(listener: (report: Uint8Array) => void): void;
  /** The device is gone or the driver failed; may be called more than once. The package gives a text as often as an Error. */
  onError(listener: (error: unknown) => void): void;
  /** Sends one output report, its id in byte 0 (0 if the device numbers none). Resolves with the bytes that were taken. */
  write(report: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

export interface HidLibrary {
  list(): Promise<readonly HidDevice[]>;
  open(path: string): Promise<HidHandle>;
}

/**
 * Loads the native package when it is first needed, not before: a build without it still starts. The asynchronous calls of
 * the package are used throughout: listing takes tens of milliseconds on a full bus, and a report is waited for in a thread.
 * Throws whatever the loader throws.
 */
export function loadHidLibrary(): HidLibrary {
  const require = createRequire(import.meta.url);
  const hid = require('node-hid') as typeof import('node-hid');
  // The package loads its native part with its first call: here, so that a missing one is said now.
  hid.getHidapiVersion();
  return {
    async list() {
      const found = await hid.devicesAsync();
      return found.flatMap((each) =>
        each.path === undefined
          ? []
          : [
              {
                path: each.path,
                vendorId: each.vendorId,
                productId: each.productId,
                serialNumber: textOrNull(each.serialNumber),
                manufacturer: textOrNull(each.manufacturer),
                product: textOrNull(each.product),
                usagePage: each.usagePage ?? 0,
                usage: each.usage ?? 0,
              },
            ],
      );
    },
    async open(path) {
      const device = await hid.HIDAsync.open(path);
      return {
        onReport: (listener) => void device.on('data', listener),
        onError: (listener) => void device.on('error', listener),
        write: (report) => device.write(Buffer.from(report)),
        close: () => device.close(),
      };
    },
  };
}

function textOrNull(text: string | undefined): string | null {
  const trimmed = text?.replace(/\0/g, '').trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
