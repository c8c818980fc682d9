/**
 * A virtual barcode scanner on a loopback TCP port, for training and for tests of the whole way from bytes to the desk. It
 * speaks what a real one does over a serial line (text between a prefix and a suffix) or in HID-POS mode (reports of 64
 * bytes). It is strict: it scans only what a symbol can hold, and only while something is connected.
 * Written from the same manuals as `devices/scanner`, and apart from it: Hand Held Products (Honeywell), "2020-5B USB Interfaces
 * User's Guide", page 1-11 (report layout); ISO/IEC 15424 (AIM identifiers).
 */
import type { Socket } from 'node:net';
import type { Log } from '../ports.ts';
import { openPluggedPort } from './plug.ts';

export interface VirtualScannerOptions {
  readonly log: Log;
  readonly mode: 'serial-text' | 'hid-pos';
  /** `serial-text`: what stands before and after each code. */
  readonly prefix?: string;
  readonly suffix?: string;
  /** `serial-text`: sends the AIM identifier in front of the code. */
  readonly sendsAim?: boolean;
  /** The port to listen on; 0, the default, takes a free one. */
  readonly port?: number;
}

export interface VirtualScanner {
  /** `tcp://127.0.0.1:PORT`. */
  readonly uri: string;
  /** How many are connected. */
  connections(): number;
  /** Resolves once something is connected. */
  connected(): Promise<void>;
  /**
   * Scans a symbol: `aim` its identifier, `]C1` for GS1-128. Throws a one-line Error if nothing is connected, the code is
   * empty or longer than a QR Code holds, or the identifier is none.
   */
  scan(code: string, aim?: string): void;
  /** Sends half of what a scan would: the cable is pulled, or the radio lost it. */
  scanHalf(code: string): void;
  /** Sends these bytes as they are. */
  noise(bytes: Uint8Array): void;
  /** Pulls the cable for a moment: cuts all connections. */
  unplug(): void;
  /** Pulls the cable, or puts it back. Rejects with a one-line Error if its port was taken meanwhile. */
  plug(plugged: boolean): Promise<void>;
  plugged(): boolean;
  stop(): Promise<void>;
}

/** Version 40-L holds 2,953 bytes (ISO/IEC 18004, table 7). */
const longestSymbol = 2_953;
const reportBytes = 64;
const dataBytes = 56;

export async function createVirtualScanner(options: VirtualScannerOptions): Promise<VirtualScanner> {
  const { log, mode, prefix = '', suffix = '\r', sendsAim = false } = options;
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();

  function serve(socket: Socket): void {
    sockets.add(socket);
    socket.on('close', () => {
      log.debug({}, 'virtual scanner: a connection ended');
      sockets.delete(socket);
    });
    // A scanner takes nothing from the desk.
    socket.resume();
    for (const tell of [...waiting]) tell();
    waiting.clear();
  }
  const port = await openPluggedPort(serve, options.port);

  function send(bytes: Uint8Array): void {
    if (sockets.size === 0) throw new Error('virtual scanner: nothing is connected to it');
    for (const socket of sockets) socket.write(bytes);
  }

  function bytesOf(code: string, aim: string): Uint8Array {
    const data = new TextEncoder().encode(code);
    if (data.length === 0) throw new Error('virtual scanner: there is no empty symbol');
    if (data.length > longestSymbol) {
      throw new Error(`virtual scanner: ${data.length} bytes; the largest symbol holds ${longestSymbol}`);
    }
    if (!/^\][A-Za-z]\d$/.test(aim)) throw new Error(`virtual scanner: "${aim}" is no AIM identifier; write ]C0`);
    if (mode === 'hid-pos') return inReports(data, aim);
    return new TextEncoder().encode(`${prefix}${sendsAim ? aim : ''}${code}${suffix}`);
  }

  return {
    uri: port.uri,
    connections: () => sockets.size,
    connected: () =>
      sockets.size > 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.add(resolve);
          }),
    scan(code, aim = ']C0') {
      send(bytesOf(code, aim));
    },
    scanHalf(code) {
      const whole = bytesOf(code, ']C0');
      send(whole.slice(0, Math.ceil(Math.min(whole.length, reportBytes) / 2)));
    },
    noise: send,
    unplug() {
      port.cut();
      // Nobody is connected from now on, even before the sockets have said so.
      sockets.clear();
    },
    async plug(plugged) {
      if (!plugged) sockets.clear();
      await port.plug(plugged);
    },
    plugged: port.plugged,
    stop: () => port.stop(),
  };
}

/** Report id 2, length, AIM identifier, data filled with zeros, and whether more follows. */
function inReports(data: Uint8Array, aim: string): Uint8Array {
  const count = Math.ceil(data.length / dataBytes);
  const out = new Uint8Array(count * reportBytes);
  for (let index = 0; index < count; index += 1) {
    const piece = data.slice(index * dataBytes, (index + 1) * dataBytes);
    const at = index * reportBytes;
    out[at] = 0x02;
    out[at + 1] = piece.length;
    out.set(new TextEncoder().encode(aim), at + 2);
    out.set(piece, at + 5);
    out[at + reportBytes - 1] = index < count - 1 ? 1 : 0;
  }
  return out;
}
