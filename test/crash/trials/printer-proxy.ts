/**
 * A TCP proxy before the printer that takes the acknowledgement away from a label that did come out: the last byte of
 * the label goes through, and then the line falls silent or breaks.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export const lineTroubles = ['silent-after-label', 'cut-after-label'] as const;
export type LineTrouble = (typeof lineTroubles)[number];

export interface PrinterProxy {
  /** `tcp://127.0.0.1:PORT`. */
  readonly uri: string;
  /** For labels from now on; null lets everything through again, also on connections that fell silent. */
  set(trouble: LineTrouble | null): void;
  close(): void;
}

const endOfFormat = '^XZ';

export async function startPrinterProxy(printer: { readonly uri: string }): Promise<PrinterProxy> {
  const sockets = new Set<Socket>();
  let trouble: LineTrouble | null = null;

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  }

  const server = createServer((client) => {
    const { hostname, port } = new URL(printer.uri);
    const device = connect({ host: hostname, port: Number(port) });
    keep(client);
    keep(device);
    let silent = false;
    let tail = '';
    // A printer that is off refuses, and one that breaks off breaks off, as without the proxy.
    device.on('close', () => client.resetAndDestroy());
    client.on('close', () => device.end());
    device.on('data', (bytes) => {
      if (!silent || trouble === null) client.write(bytes);
    });
    client.on('data', (bytes) => {
      tail = (tail + bytes.toString('latin1')).slice(-bytes.length - endOfFormat.length);
      const complete = trouble !== null && tail.includes(endOfFormat);
      if (complete) tail = '';
      if (complete && trouble === 'silent-after-label') silent = true;
      const cut = complete && trouble === 'cut-after-label';
      device.write(bytes, () => {
        if (cut) client.resetAndDestroy();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    uri: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(next) {
      trouble = next;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
