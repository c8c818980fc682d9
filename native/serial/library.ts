/** The part of the `serialport` package this station uses, and how it is found. */
import { createRequire } from 'node:module';
import { watchDeviceNode } from '../device-node.ts';
import type { LinkClock } from '../link.ts';
import { listSysfsPorts } from './sysfs.ts';

export interface SerialPort {
  readonly isOpen: boolean;
  open(done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
  flush(done: (error: Error | null) => void): void;
  write(bytes: Uint8Array, done: (error: Error | null | undefined) => void): boolean;
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
  on(event: 'error' | 'close', listener: (error: unknown) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
}

export interface SerialPortSettings {
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
  readonly autoOpen: false;
}

/** A port as the operating system lists it; ids are four lower-case hexadecimal digits, what it does not say is null. */
export interface FoundPort {
  readonly path: string;
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly serialNumber: string | null;
  readonly manufacturer: string | null;
  readonly product: string | null;
}

/** A port as the package lists it. */
interface PackagePort {
  readonly path: string;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly friendlyName?: string | undefined;
}

export interface SerialLibrary {
  open(settings: SerialPortSettings): SerialPort;
  list(): Promise<readonly PackagePort[]>;
  /** Calls `gone` once when an open port went away without a word of its driver. Left out: only the driver says so. */
  watch?(path: string, clock: LinkClock, gone: () => void): () => void;
}

/**
 * Loads the native package when the first serial link is made, not before: a build without it still starts.
 * Throws whatever the loader throws.
 *
 * The package lists ports through the program `udevadm`, which is missing on a small Linux; then they are read from sysfs.
 */
export function loadSerialLibrary(): SerialLibrary {
  const require = createRequire(import.meta.url);
  const { SerialPort: Port } = require('serialport') as typeof import('serialport');
  return {
    open: (settings) => new Port(settings),
    async list() {
      try {
        return await Port.list();
      } catch (error) {
        const found = process.platform === 'linux' ? await listSysfsPorts() : null;
        if (found === null) throw error;
        return found;
      }
    },
    watch: watchDeviceNode,
  };
}

/** The ports with their ids in one spelling: the package gives them in either case, some with nothing in them. */
export async function listPorts(library: Pick<SerialLibrary, 'list'>): Promise<FoundPort[]> {
  const text = (value: string | undefined): string | null => (value === undefined || value === '' ? null : value);
  const id = (value: string | undefined): string | null =>
    value !== undefined && /^[0-9a-f]{1,4}$/i.test(value) ? value.toLowerCase().padStart(4, '0') : null;
  return (await library.list()).map((port) => ({
    path: port.path,
    vendorId: id(port.vendorId),
    productId: id(port.productId),
    serialNumber: text(port.serialNumber),
    manufacturer: text(port.manufacturer),
    product: text(port.friendlyName),
  }));
}
