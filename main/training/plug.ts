/** A listening loopback port with a plug: what every virtual device is joined to the desk by. */
import { createServer, type Server, type Socket } from 'node:net';

export interface PluggedPort {
  /** `tcp://127.0.0.1:PORT`; the same before and after the plug was pulled. */
  readonly uri: string;
  plugged(): boolean;
  /**
   * Pulled: every connection is cut and new ones are refused. Put back: listens on its old port. Rejects with a one-line
   * Error if another program took the port meanwhile.
   */
  plug(plugged: boolean): Promise<void>;
  /** Cuts the connections; new ones are taken. */
  cut(): void;
  /** Cuts all connections and stops listening for good. */
  stop(): Promise<void>;
}

/** Listens on `port`, or on a free one. `serve` gets each connection, with errors already heard. */
export async function openPluggedPort(serve: (socket: Socket) => void, port = 0): Promise<PluggedPort> {
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  let at = port;
  let stopped = false;
  /** One change after the other. */
  let last: Promise<void> = Promise.resolve();

  function take(socket: Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    // A connection that breaks is closed next; that is heard.
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    serve(socket);
  }

  async function listen(): Promise<void> {
    if (server !== null || stopped) return;
    const next = createServer(take);
    await new Promise<void>((resolve, reject) => {
      next.once('error', reject);
      next.listen(at, '127.0.0.1', resolve);
    });
    const address = next.address();
    if (address === null || typeof address === 'string') throw new Error('virtual device: no TCP port to listen on');
    at = address.port;
    server = next;
  }

  async function unlisten(): Promise<void> {
    const before = server;
    server = null;
    if (before === null) return;
    const closed = new Promise<void>((resolve) => {
      before.close(() => resolve());
    });
    cut();
    await closed;
  }

  function cut(): void {
    for (const socket of sockets) socket.destroy();
    // Nobody is connected from now on, even before the sockets have said so.
    sockets.clear();
  }

  function inTurn(change: () => Promise<void>): Promise<void> {
    last = last.then(change, change);
    return last;
  }

  await listen();
  return {
    get uri() {
      return `tcp://127.0.0.1:${at}`;
    },
    plugged: () => server !== null,
    plug: (plugged) => inTurn(plugged ? listen : unlisten),
    cut,
    stop() {
      stopped = true;
      return inTurn(unlisten);
    },
  };
}
