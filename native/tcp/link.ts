/** A client connection to a device that listens on TCP: a network printer, a serial device server, a scale. */
import { Socket } from 'node:net';
import type { Link, LinkDeps, LinkOptions, LinkTimer } from '../link.ts';
import { linkError, linkProblem } from '../link-problems.ts';
import { createReopeningLink } from '../reopening.ts';
import type { Attempt, AttemptEvents, Pipe } from '../reopening.ts';
import { parseTcpUri, socketProblem } from './address.ts';

/** From the start of a connection attempt until the device must have accepted it. */
export const connectTimeoutMs = 3_000;
/** Silence after which the operating system starts probing; it gives a dead peer up ten probes, a second apart, later. */
const keepAliveMs = 5_000;
/** `close` waits this long for the device's end of the connection. */
const closeGraceMs = 1_000;
/** Bytes handed to the operating system at a time; the most by which a failed write can overstate its count. */
const pieceBytes = 16 * 1024;
/** The back-off stops doubling here: at most 1.6 s, so that a device that is switched on again is there within 2 s. */
const maxBackoffSteps = 3;
/** Shortest limit of silence that makes sense: a polled scale is asked eight times a second and may be slow once. */
const minSilentMs = 250;

/**
 * Makes the link; opens nothing yet.
 *
 * With `reopen` (the default) a lost connection comes back by itself, and a write while it is away fails with 0 bytes.
 * With `reopen: false` nothing is held open: `write` connects if need be, and the owner closes after use, so that
 * desks can share one printer port (most network printers serve one connection at a time).
 *
 * A peer that went without a word (its cable pulled, its switch off) is found by keep-alive after about 15 s; with
 * `silentMs`, after that long without a byte of it.
 *
 * A failed write's `bytes` never understates: a piece the operating system may have taken in part counts whole.
 */
export function createTcpLink(uri: string, options: LinkOptions, deps: LinkDeps): Link {
  const { host, port } = parseTcpUri(uri);
  const closed = linkProblem('tcp-closed', { uri });
  const { silentMs } = options;
  if (silentMs !== undefined && !(silentMs >= minSilentMs && silentMs <= 86_400_000)) {
    throw linkError('bad-silence', { uri, ms: silentMs, least: minSilentMs });
  }

  function start(events: AttemptEvents): Attempt {
    const socket = new Socket();
    let silence: LinkTimer | null = null;
    const heard = (): void => {
      silence?.cancel();
      if (silentMs === undefined) return;
      silence = deps.clock.after(silentMs, () => events.lost(linkProblem('tcp-silent', { uri, ms: silentMs })));
    };
    const pipe: Pipe = {
      get writable() {
        return socket.writable;
      },
      write: (piece) =>
        new Promise((resolve) => {
          socket.write(piece, (error) => {
            resolve({ taken: piece.length, problem: error ? socketProblem(uri, error) : null });
          });
        }),
    };
    const opened = new Promise<Pipe>((resolve) => {
      socket.once('connect', () => {
        heard();
        resolve(pipe);
      });
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    socket.on('data', (bytes) => {
      heard();
      events.bytes(bytes);
    });
    socket.on('error', (error) => events.lost(socketProblem(uri, error)));
    socket.on('close', () => events.lost(closed));
    socket.connect(port, host);
    return {
      opened,
      release(calm) {
        silence?.cancel();
        silence = null;
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
      ...(options.owner === undefined ? {} : { owner: options.owner }),
      reopen: options.reopen ?? true,
      openTimeoutMs: connectTimeoutMs,
      late: linkProblem('tcp-late', { uri, ms: connectTimeoutMs }),
      closed,
      pieceBytes,
      maxBackoffSteps,
      start,
    },
    deps,
  );
}
