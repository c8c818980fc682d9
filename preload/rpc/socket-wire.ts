/** The wire over a WebSocket: a browser's own, or the server's of the `ws` library. One text frame is one message. */
import { createEnding } from './wire.ts';
import type { Connection } from './wire.ts';

/** What both a browser's `WebSocket` and a `WebSocket` of `ws` have (HTML Living Standard, "WebSocket interface"). */
export interface SocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}

const openState = 1;
/** A client that lets this many bytes pile up does not read; it is dropped rather than filling the station's memory. */
const longestBacklogBytes = 33_554_432;
/** RFC 6455 section 7.4.1: normal closure. Close reasons are at most 123 bytes (section 5.5). */
const normalClosure = 1000;

/** The connection over a socket that is open already. */
export function socketConnection(socket: SocketLike): Connection {
  const ending = createEnding();
  const listeners = new Set<(text: string) => void>();
  const close = (reason: string): void => {
    if (ending.ended) return;
    ending.end(reason);
    socket.close(normalClosure, asCloseReason(reason));
  };
  socket.addEventListener('message', (event) => {
    if (ending.ended) return;
    // A binary frame is nobody's message; as an empty text it is refused like any other garbage.
    const text = typeof event.data === 'string' ? event.data : '';
    for (const listener of [...listeners]) listener(text);
  });
  socket.addEventListener('close', (event) => {
    ending.end(event.reason === '' ? `the connection ended (code ${event.code})` : event.reason);
  });
  // An error is always followed by `close`; listening keeps `ws` from throwing it.
  socket.addEventListener('error', () => {});
  return {
    wire: {
      send(text) {
        if (ending.ended || socket.readyState !== openState) return;
        if (socket.bufferedAmount > longestBacklogBytes) {
          close('the other side does not read');
          return;
        }
        socket.send(text);
      },
      onMessage(listener) {
        listeners.add(listener);
        return () => {
          listeners.delete(listener);
        };
      },
    },
    onClose: (listener) => ending.onEnd(listener),
    close,
  };
}

/** The connection over a socket that is still opening; rejects with one line if it does not open. */
export function openSocketConnection(socket: SocketLike): Promise<Connection> {
  const connection = socketConnection(socket);
  if (socket.readyState === openState) return Promise.resolve(connection);
  return new Promise((resolve, reject) => {
    connection.onClose((reason) => reject(new Error(`the station did not accept the connection: ${reason}`)));
    socket.addEventListener('open', () => resolve(connection));
  });
}

function asCloseReason(reason: string): string {
  // ASCII only, so that characters are bytes.
  return reason.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);
}
