/** A TCP proxy before a virtual vendor that cuts chosen connections at an exact place of the request or the answer. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/**
 * Where a connection breaks: in the request before its first byte, in its head, in its body, before its last byte; or
 * with the whole request through, before the answer, within it, or right after it. `silence` breaks nothing: the
 * request gets through and the answer never comes back.
 */
export const cutPlaces = [
  'before-first-byte',
  'in-headers',
  'mid-body',
  'last-byte',
  'before-answer',
  'within-answer',
  'after-answer',
  'silence',
] as const;
export type CutPlace = (typeof cutPlaces)[number];

export interface CuttingProxy {
  readonly origin: string;
  /** Connections so far. */
  readonly connections: number;
  /** Cuts that happened. */
  readonly cut: readonly CutPlace[];
  close(): void;
}

/** `cuts` names connections by their number, 1 is the first. `onConnection` is told of each before anything goes through. */
export async function startCuttingProxy(
  target: URL,
  cuts: ReadonlyMap<number, CutPlace>,
  onConnection: () => void,
): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  const done: CutPlace[] = [];
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    onConnection();
    serve(client, cuts.get(connections) ?? null);
  });

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  }

  function serve(client: Socket, place: CutPlace | null): void {
    keep(client);
    const cut = (upstream: Socket | null): void => {
      if (place !== null) done.push(place);
      upstream?.destroy();
      client.resetAndDestroy();
    };
    if (place === 'before-first-byte') {
      cut(null);
      return;
    }
    const upstream = connect({ host: target.hostname, port: Number(target.port) });
    keep(upstream);
    client.on('close', () => upstream.end());
    upstream.on('close', () => (place === 'silence' ? undefined : client.end()));
    upstream.on('data', (bytes) => {
      switch (place) {
        case 'before-answer':
          cut(upstream);
          return;
        case 'within-answer':
          client.write(bytes.subarray(0, Math.max(1, Math.floor(bytes.length / 2))), () => cut(upstream));
          return;
        case 'after-answer':
          client.write(bytes, () => cut(upstream));
          return;
        case 'silence':
          if (!done.includes('silence')) done.push('silence');
          return;
        default:
          client.write(bytes);
      }
    });
    if (place === 'in-headers' || place === 'mid-body' || place === 'last-byte') {
      const parts: Buffer[] = [];
      client.on('data', (bytes) => {
        parts.push(bytes);
        const share = shareBefore(Buffer.concat(parts), place);
        if (share === null) return;
        client.removeAllListeners('data');
        upstream.write(share, () => cut(upstream));
      });
    } else {
      client.on('data', (bytes) => upstream.write(bytes));
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    cut: done,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The part of a whole request that gets through, or null until the request is whole. */
function shareBefore(request: Buffer, place: 'in-headers' | 'mid-body' | 'last-byte'): Buffer | null {
  const end = request.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = request.subarray(0, end).toString('latin1');
  const length = Number(/^content-length:\s*(\d+)/im.exec(head)?.[1] ?? 0);
  const start = end + 4;
  if (request.length < start + length) return null;
  if (place === 'in-headers') return request.subarray(0, Math.floor(end / 2));
  if (place === 'last-byte') return request.subarray(0, start + length - 1);
  return request.subarray(0, length === 0 ? end : start + Math.floor(length / 2));
}
