/**
 * The station without Electron: its screen and its contract on loopback, for headless desks, a second screen, the
 * command line and tests. Binds 127.0.0.1 and nothing else.
 */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createRpcServer, stationContract } from '../../../preload/rpc/index.ts';
import type { Clock, Log } from '../../ports.ts';
import type { Backend } from '../shared/backend.ts';
import { createScreenFiles } from '../shared/screen-files.ts';
import { createAccess } from './access.ts';
import { answerRequest, refuse } from './requests.ts';
import { createSockets, socketPath } from './sockets.ts';

export interface NodeHostOptions {
  /** The station once it has started. Until then calls wait; if it fails they get `not-started` with its reason. */
  readonly station: Backend | Promise<Backend>;
  /** Folder of the built screen. */
  readonly rendererDir: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly log: Log;
  readonly clock: Clock;
  /** Default 15,000. A client that does not answer two beats is dropped. */
  readonly heartbeatMs?: number;
  /** TCP connections at once, screens included. Default 64. */
  readonly mostConnections?: number;
  /** WebSockets at once. Default 16. */
  readonly mostSockets?: number;
  /** Messages per socket: at once (default 2,000) and per second (default 1,000). */
  readonly burst?: number;
  readonly perSecond?: number;
}

export interface NodeHost {
  /** The address to open, with a one-time token in its fragment, which browsers send to nobody. */
  readonly url: string;
  readonly port: number;
  /** `ws://127.0.0.1:PORT/rpc`, for native clients, with `Authorization: Bearer` and `bearer`. */
  readonly socketUrl: string;
  readonly bearer: string;
  /** Another address with a fresh one-time token: for a second screen, or a browser that lost its session. */
  mintUrl(): string;
  counts(): { readonly sockets: number; readonly calls: number; readonly subscriptions: number };
  /** Ends every connection and stops listening. The station is not stopped. */
  close(): Promise<void>;
}

/** Rejects with a one-line Error if the port cannot be had. */
export async function startNodeHost(options: NodeHostOptions): Promise<NodeHost> {
  const { log, clock } = options;
  const rpc = createRpcServer(stationContract, { backend: options.station, log });
  const server = createHttpServer({
    headersTimeout: 5_000,
    requestTimeout: 10_000,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 8_192,
    requireHostHeader: true,
    insecureHTTPParser: false,
  });
  server.maxHeadersCount = 64;
  server.maxConnections = options.mostConnections ?? 64;

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `port ${options.port} is taken; end the other program or choose another with --port`
          : `port ${options.port} cannot be opened: ${error.message}`;
      reject(new Error(why));
    });
    server.listen({ host: '127.0.0.1', port: options.port, exclusive: true }, () => resolve());
  });
  const { port } = server.address() as AddressInfo;

  const access = createAccess(port);
  const files = createScreenFiles(options.rendererDir);
  const sockets = createSockets({
    port,
    access,
    rpc,
    clock,
    log,
    heartbeatMs: options.heartbeatMs ?? 15_000,
    mostSockets: options.mostSockets ?? 16,
    burst: options.burst ?? 2_000,
    perSecond: options.perSecond ?? 1_000,
  });

  server.on('request', (request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    answerRequest(request, response, { port, access, files, log }).catch((error: unknown) => {
      log.error({ error, path: request.url }, 'a request could not be answered');
      if (response.headersSent) response.destroy();
      else refuse(request, response, 500, 'the host failed; its log says why');
    });
  });
  server.on('checkContinue', (request, response) => refuse(request, response, 417, 'no expectation is met here'));
  server.on('checkExpectation', (request, response) => refuse(request, response, 417, 'no expectation is met here'));
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  server.on('connect', (_request, socket) => socket.destroy());
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    else socket.destroy();
  });
  server.on('error', (error) => log.error({ error }, 'the loopback server failed'));

  const mintUrl = (): string => `http://127.0.0.1:${port}/#token=${access.mintToken()}`;
  return {
    url: mintUrl(),
    port,
    socketUrl: `ws://127.0.0.1:${port}${socketPath}`,
    bearer: access.bearer,
    mintUrl,
    counts() {
      const { calls, subscriptions } = rpc.counts();
      return { sockets: sockets.open, calls, subscriptions };
    },
    async close() {
      rpc.close('the station is closing');
      sockets.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
