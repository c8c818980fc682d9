/** Upgrades to WebSocket: who may, how much, and whether the other side is still there. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { limits, socketConnection } from '../../../preload/rpc/index.ts';
import type { RpcServer } from '../../../preload/rpc/index.ts';
import type { Clock, Log, Timer } from '../../ports.ts';
import { securityHeaders } from '../shared/screen-security.ts';
import { hasOrigin, refusalOf } from './access.ts';
import type { Access } from './access.ts';

/** Path of the contract's socket. */
export const socketPath = '/rpc';

export interface SocketDeps {
  readonly port: number;
  readonly access: Access;
  readonly rpc: RpcServer;
  readonly clock: Clock;
  readonly log: Log;
  readonly heartbeatMs: number;
  readonly mostSockets: number;
  /** Messages a client may send at once, and per second in the long run. */
  readonly burst: number;
  readonly perSecond: number;
}

export interface Sockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly open: number;
  close(): void;
}

export function createSockets(deps: SocketDeps): Sockets {
  const server = new WebSocketServer({
    noServer: true,
    // Bytes, where the wire counts characters: a text the wire would take is never cut here, and one it refuses
    // still gets the wire's answer unless it is far too large.
    maxPayload: limits.toServerChars * 4,
    perMessageDeflate: false,
    clientTracking: true,
  });

  const accept = (socket: WebSocket): void => {
    const connection = socketConnection(socket);
    let allowance = deps.burst;
    let filledAt = deps.clock.monotonic();
    socket.on('message', () => {
      const now = deps.clock.monotonic();
      allowance = Math.min(deps.burst, allowance + ((now - filledAt) / 1_000) * deps.perSecond);
      filledAt = now;
      allowance -= 1;
      if (allowance >= 0) return;
      deps.log.warn({}, 'a client sent too many messages; its connection is ended');
      connection.close('too many messages');
      socket.terminate();
    });

    let alive = true;
    let beat: Timer;
    const heartbeat = (): void => {
      if (!alive) {
        socket.terminate();
        return;
      }
      alive = false;
      socket.ping();
      beat = deps.clock.after(deps.heartbeatMs, heartbeat);
    };
    beat = deps.clock.after(deps.heartbeatMs, heartbeat);
    socket.on('pong', () => {
      alive = true;
    });
    socket.on('close', () => beat.cancel());
    deps.rpc.attach(connection);
  };

  return {
    upgrade(request, socket, head) {
      // Until `ws` takes over nobody listens; a reset meanwhile must not end the process.
      const ignore = (): void => {};
      socket.on('error', ignore);
      const refusal = upgradeRefusal(request, deps, server.clients.size);
      if (refusal !== null) {
        deps.log.warn({ status: refusal.status, reason: refusal.reason }, 'an upgrade was refused');
        refuseUpgrade(socket, refusal.status, refusal.reason);
        return;
      }
      server.handleUpgrade(request, socket, head, (accepted) => {
        socket.off('error', ignore);
        accept(accepted);
      });
    },
    get open() {
      return server.clients.size;
    },
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

interface UpgradeRefusal {
  readonly status: number;
  readonly reason: string;
}

/** A page needs our Origin and its session; a client without an Origin is no browser and needs the bearer token. */
function upgradeRefusal(request: IncomingMessage, deps: SocketDeps, open: number): UpgradeRefusal | null {
  const head = { target: request.url, rawHeaders: request.rawHeaders };
  const reason = refusalOf(head, deps.port);
  if (reason !== null) return { status: 403, reason };
  if (request.url !== socketPath) return { status: 404, reason: 'there is no socket at this path' };
  if (request.method !== 'GET') return { status: 405, reason: 'an upgrade is a GET' };
  if (request.headers.upgrade?.toLowerCase() !== 'websocket')
    return { status: 400, reason: 'only websocket is served' };
  if (deps.access.hasBearer(request.headers.authorization)) {
    return open < deps.mostSockets ? null : { status: 503, reason: 'too many screens are connected' };
  }
  if (!hasOrigin(head)) return { status: 403, reason: 'an upgrade needs an Origin or the bearer token' };
  if (!deps.access.hasSession(request.headers.cookie)) {
    return { status: 401, reason: 'no session; open the printed address again' };
  }
  return open < deps.mostSockets ? null : { status: 503, reason: 'too many screens are connected' };
}

function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  const body = JSON.stringify({ error: reason });
  const lines = [
    `HTTP/1.1 ${status} Refused`,
    ...Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`),
    'cache-control: no-store',
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ];
  socket.end(lines.join('\r\n'), () => socket.destroy());
}
