/** A client of the Node host that is no browser: the command line, a second program, a test. */
import { WebSocket } from 'ws';
import { limits, openSocketConnection } from '../../../preload/rpc/index.ts';
import type { Connection } from '../../../preload/rpc/index.ts';

/** Connects to `NodeHost.socketUrl` with its bearer token; rejects with one line if the host does not accept. */
export function connectNative(socketUrl: string, bearer: string): Promise<Connection> {
  const socket = new WebSocket(socketUrl, {
    headers: { authorization: `Bearer ${bearer}` },
    maxPayload: limits.toClientChars * 4,
    perMessageDeflate: false,
    handshakeTimeout: 5_000,
    followRedirects: false,
  });
  return openSocketConnection(socket);
}
