/** A client connection to a device that listens on TCP: a network printer, a serial device server, a scale. */
import { Socket } from 'node:net';
import type { Link, LinkDeps, LinkOptions } from '../link.ts';
import { createReopeningLink } from '../reopening.ts';
import type { Attempt, AttemptEvents, Pipe } from '../reopening.ts';
import { describeSocketError, parseTcpUri } from './address.ts';

/** From the start of a connection attempt until the device must have accepted it. */
export const connectTimeoutMs = 3_000;
/** Silence after which the operating system starts probing; it gives a dead peer up about ten seconds later. */
const keepAliveMs = 5_000;
/** `close` waits this long for the device's end of the connection. */
const closeGraceMs = 1_000;
/** Bytes handed to the operating system at a time; the most by which a failed write can overstate its count. */
const pieceBytes = 16 * 1024;

/**
 * Makes the link; opens nothing yet.
 *
 * With `reopen` (the default) a lost connection comes back by itself, and a write while it is away fails with 0 bytes.
 * With `reopen: false` nothing is held open: `write` connects if need be, and the owner closes after use, so that
 * desks can share one printer port (most network printers serve one connection at a time).
 *
 * A failed write's `bytes` never understates: a piece the operating system may have taken in part counts whole.
 */
export function createTcpLink(uri: string, options: LinkOptions, deps: LinkDeps): Link {
  const { host, port } = parseTcpUri(uri);
  const closedMessage = `${uri}: the device closed the connection`;

  function start(events: AttemptEvents): Attempt {
    const socket = new Socket();
    const pipe: Pipe = {
      get writable() {
        return socket.writable;
      },
      write: (piece) =>
        new Promise((resolve) => {
          socket.write(piece, (error) => {
            resolve({ taken: piece.length, problem: error ? describeSocketError(uri, error) : null });
          });
        }),
    };
    const opened = new Promise<Pipe>((resolve) => {
      socket.once('connect', () => resolve(pipe));
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    socket.on('data', (bytes) => events.bytes(bytes));
    socket.on('error', (error) => events.lost(describeSocketError(uri, error)));
    socket.on('close', () => events.lost(closedMessage));
    socket.connect(port, host);
    return {
      opened,
      release(calm) {
        if (socket.destroyed) return Promise.resolve();
        if (!calm || socket.connecting) {
          socket.destroy();
          return Promise.resolve();
        }
        return new Promise((resolve) => {
          const timer = deps.clock.after(closeGraceMs, () => socket.destroy());
          socket.once('close', () => {
            timer.cancel();
            resolve();
          });
          socket.end();
        });
      },
    };
  }

  return createReopeningLink(
    {
      uri,
      reopen: options.reopen ?? true,
      openTimeoutMs: connectTimeoutMs,
      lateMessage: `${uri}: no connection within ${connectTimeoutMs} ms; is the device on?`,
      closedMessage,
      pieceBytes,
      maxBackoffSteps: Number.POSITIVE_INFINITY,
      start,
    },
    deps,
  );
}
