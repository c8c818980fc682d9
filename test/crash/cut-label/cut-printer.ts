/**
 * A ZPL printer that pulls its own plug after a number of a label's bytes, over a real TCP socket or a real
 * pseudo-terminal. It counts what a person at the desk would count: labels begun and labels that came out.
 */
import { mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPty, type Pty } from '../../kit/pty.ts';

/** Zebra, "ZPL II Programming Guide", ~HS: nothing queued, nothing left to print, no fault. */
const readyAnswer =
  '\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n';
const question = '~HS\r\n';

export interface CutPrinter {
  readonly uri: string;
  /** The plug is pulled after so many bytes of the next label, then never again; null: not at all. */
  cutAfter(bytes: number | null): void;
  /** Labels of which at least one byte arrived. */
  readonly begun: number;
  /** Texts of the labels that came out whole, in order. */
  readonly labels: readonly string[];
  close(): Promise<void>;
}

interface State {
  cutAt: number | null;
  begun: number;
  readonly labels: string[];
}

/** Reads one connection's bytes. `unplug` ends the connection; whatever was not read by then is lost. */
function interpreter(state: State, reply: (text: string) => void, unplug: () => void): (bytes: Uint8Array) => void {
  let text = '';
  let plugged = true;
  const pull = (): void => {
    plugged = false;
    state.cutAt = null;
    unplug();
  };
  return (bytes) => {
    if (!plugged) return;
    for (const byte of bytes) {
      const inLabel = text.startsWith('^XA');
      if (inLabel && state.cutAt !== null && text.length >= state.cutAt) {
        pull();
        return;
      }
      text += String.fromCharCode(byte);
      if (!inLabel && text.endsWith('^')) {
        text = '^';
        state.begun += 1;
        if (state.cutAt === 0) {
          pull();
          return;
        }
      } else if (!inLabel && text.endsWith(question)) {
        text = '';
        reply(readyAnswer);
      } else if (inLabel && text.endsWith('^XZ')) {
        state.labels.push(text);
        const cutNow = state.cutAt !== null && text.length >= state.cutAt;
        text = '';
        if (cutNow) {
          pull();
          return;
        }
      }
    }
  };
}

export async function tcpCutPrinter(): Promise<CutPrinter> {
  const state: State = { cutAt: null, begun: 0, labels: [] };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    socket.on(
      'data',
      interpreter(
        state,
        (text) => socket.write(text, 'latin1'),
        () => socket.resetAndDestroy(),
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    uri: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutAfter: (bytes) => void (state.cutAt = bytes),
    get begun() {
      return state.begun;
    },
    labels: state.labels,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A cable that was pulled is put in again at once: the same name leads to a new terminal. */
export async function serialCutPrinter(): Promise<CutPrinter> {
  const state: State = { cutAt: null, begun: 0, labels: [] };
  const folder = mkdtempSync(join(tmpdir(), 'packbench-cut-'));
  const path = join(folder, 'printer');
  let pty: Pty;
  let closed = false;
  let replugging: Promise<void> = Promise.resolve();

  async function plugIn(): Promise<void> {
    const mine = await openPty();
    pty = mine;
    const read = interpreter(
      state,
      (text) => mine.send(Buffer.from(text, 'latin1')),
      () => {
        // The name goes first: the system gives a terminal's number to the next one that asks.
        rmSync(path, { force: true });
        replugging = mine.unplug().then(() => (closed ? undefined : plugIn()));
      },
    );
    mine.onBytes(read);
    symlinkSync(mine.path, `${path}.new`);
    renameSync(`${path}.new`, path);
  }
  await plugIn();
  return {
    uri: `serial://${path}`,
    cutAfter: (bytes) => void (state.cutAt = bytes),
    get begun() {
      return state.begun;
    },
    labels: state.labels,
    async close() {
      closed = true;
      await replugging;
      await pty.unplug();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
