/** The part of the `serialport` package this station uses, and how it is found. */
import { createRequire } from 'node:module';

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

export interface SerialLibrary {
  open(settings: SerialPortSettings): SerialPort;
  list(): Promise<readonly { readonly path: string; readonly serialNumber?: string | undefined }[]>;
}

/**
 * Loads the native package when the first serial link is made, not before: a build without it still starts.
 * Throws whatever the loader throws.
 */
export function loadSerialLibrary(): SerialLibrary {
  const require = createRequire(import.meta.url);
  const { SerialPort: Port } = require('serialport') as typeof import('serialport');
  return { open: (settings) => new Port(settings), list: () => Port.list() };
}
