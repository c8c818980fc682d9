/** A client connection to a device that listens on TCP: a network printer, a serial device server, a scale. */
import { Socket } from 'node:net';
import type { Link, LinkDeps, LinkOptions, LinkState, LinkTimer, WriteOutcome } from '../link.ts';
import { createListeners } from '../listeners.ts';
import { backoffMs } from '../backoff.ts';
import { describeSocketError, parseTcpUri } from './address.ts';

/** From the start of a connection attempt until the device must have accepted it. */
export const connectTimeoutMs = 3_000;
/** Silence after which the operating system starts probing; it gives a dead peer up about ten seconds later. */
const keepAliveMs = 5_000;
/** A connection that lasted this long, or brought bytes, starts the back-off afresh. */
const steadyMs = 5_000;
/** `close` waits this long for the device's end of the connection. */
const closeGraceMs = 1_000;
/** Bytes handed to the operating system at a time; the most by which a failed write can overstate its count. */
const chunkBytes = 16 * 1024;
/** Writes waiting in one link, in bytes; more are refused. */
const maxWaitingBytes = 16 * 1024 * 1024;

/**
 * Makes the link; opens nothing yet.
 *
 * With `reopen` (the default) a lost connection comes back by itself, and a write while it is away fails with 0 bytes.
 * With `reopen: false` nothing is held open: `write` connects if need be, and the owner closes after use, so that
 * desks can share one printer port (most network printers serve one connection at a time).
 *
 * A failed write's `bytes` never understates: a chunk the operating system may have taken in part counts whole, and
 * only a write that certainly put nothing on the wire says 0. After a failed write the connection is dropped, so that
 * nothing of it can leave later.
 */
export function createTcpLink(uri: string, options: LinkOptions, deps: LinkDeps): Link {
  const address = parseTcpUri(uri);
  const { clock, log, random } = deps;
  const reopen = options.reopen ?? true;
  const onThrow = (error: unknown): void => log.warn({ uri, error: String(error) }, 'a link listener threw');
  const bytesListeners = createListeners<Uint8Array>(onThrow);
  const stateListeners = createListeners<LinkState>(onThrow);

  let state: LinkState = 'closed';
  let lastError: string | null = null;
  let socket: Socket | null = null;
  let connectTimer: LinkTimer | null = null;
  let retryTimer: LinkTimer | null = null;
  let attempt = 0;
  let openedAt = 0;
  let waitingBytes = 0;
  let tail: Promise<unknown> = Promise.resolve();

  function setState(next: LinkState): void {
    if (next === state) return;
    state = next;
    stateListeners.emit(next);
  }

  function cancelTimers(): void {
    connectTimer?.cancel();
    retryTimer?.cancel();
    connectTimer = null;
    retryTimer = null;
  }

  /** Gives the connection up, if `lost` still is the current one. */
  function drop(lost: Socket, message: string): void {
    if (socket !== lost) return;
    socket = null;
    cancelTimers();
    lost.destroy();
    lastError = message;
    if (openedAt > 0 && clock.monotonic() - openedAt >= steadyMs) attempt = 0;
    openedAt = 0;
    if (reopen) {
      const delayMs = backoffMs(attempt, random());
      attempt += 1;
      log.debug({ uri, delayMs, reason: message }, 'link lost, will re-open');
      retryTimer = clock.after(delayMs, connect);
    }
    setState('failed');
  }

  function connect(): void {
    cancelTimers();
    const opening = new Socket();
    socket = opening;
    setState('opening');
    if (socket !== opening) return;
    opening.setNoDelay(true);
    opening.setKeepAlive(true, keepAliveMs);
    connectTimer = clock.after(connectTimeoutMs, () => {
      drop(opening, `${uri}: no connection within ${connectTimeoutMs} ms; is the device on?`);
    });
    opening.once('connect', () => {
      if (socket !== opening) return;
      connectTimer?.cancel();
      connectTimer = null;
      openedAt = clock.monotonic();
      lastError = null;
      setState('open');
    });
    opening.on('data', (bytes) => {
      if (socket !== opening) return;
      attempt = 0;
      bytesListeners.emit(bytes);
    });
    opening.on('error', (error) => drop(opening, describeSocketError(uri, error)));
    opening.on('close', () => drop(opening, `${uri}: the device closed the connection`));
    opening.connect(address.port, address.host);
  }

  function open(): void {
    if (socket !== null || retryTimer !== null) return;
    attempt = 0;
    connect();
  }

  /** Resolves once the link is no longer opening, or when the time is up. */
  function settled(untilMs: number): Promise<void> {
    if (state !== 'opening') return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        off();
        resolve();
      };
      const timer = clock.after(Math.max(0, untilMs - clock.monotonic()), done);
      const off = stateListeners.add((next) => {
        if (next !== 'opening') done();
      });
    });
  }

  /** Hands one chunk to the operating system; null if it took it, else why not. */
  function writeChunk(through: Socket, chunk: Uint8Array, untilMs: number): Promise<string | null> {
    return new Promise((resolve) => {
      let finished = false;
      const finish = (message: string | null): void => {
        if (finished) return;
        finished = true;
        timer.cancel();
        through.off('close', onClose);
        resolve(message);
      };
      const onClose = (): void => finish(lastError ?? `${uri}: the connection was closed`);
      const timer = clock.after(Math.max(0, untilMs - clock.monotonic()), () => {
        finish(`${uri}: the device stopped taking data`);
      });
      through.once('close', onClose);
      through.write(chunk, (error) => finish(error ? describeSocketError(uri, error) : null));
    });
  }

  async function writeNow(bytes: Uint8Array, timeoutMs: number): Promise<WriteOutcome> {
    const untilMs = clock.monotonic() + timeoutMs;
    if (!reopen && socket === null) open();
    if (state === 'opening') await settled(untilMs);
    const through = socket;
    if (through === null || state !== 'open' || !through.writable) {
      return { kind: 'failed', bytes: 0, message: lastError ?? `${uri}: not connected` };
    }
    let taken = 0;
    while (taken < bytes.length) {
      const chunk = bytes.subarray(taken, taken + chunkBytes);
      if (socket !== through || !through.writable || clock.monotonic() > untilMs) {
        const message = lastError ?? `${uri}: the device stopped taking data`;
        drop(through, message);
        return { kind: 'failed', bytes: taken, message };
      }
      const problem = await writeChunk(through, chunk, untilMs);
      if (problem !== null) {
        drop(through, problem);
        return { kind: 'failed', bytes: taken + chunk.length, message: problem };
      }
      taken += chunk.length;
    }
    return { kind: 'written', bytes: taken };
  }

  return {
    uri,
    get state() {
      return state;
    },
    get lastError() {
      return lastError;
    },
    open,
    write(bytes, timeoutMs) {
      if (waitingBytes + bytes.length > maxWaitingBytes) {
        return Promise.resolve({ kind: 'failed', bytes: 0, message: `${uri}: too much data is waiting already` });
      }
      waitingBytes += bytes.length;
      const result = tail.then(() => writeNow(bytes, timeoutMs));
      tail = result.finally(() => {
        waitingBytes -= bytes.length;
      });
      return result;
    },
    onBytes: bytesListeners.add,
    onState: stateListeners.add,
    close() {
      const closing = socket;
      socket = null;
      openedAt = 0;
      cancelTimers();
      setState('closed');
      if (closing === null || closing.destroyed) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = clock.after(closeGraceMs, () => closing.destroy());
        closing.once('close', () => {
          timer.cancel();
          resolve();
        });
        if (closing.connecting) closing.destroy();
        else closing.end();
      });
    },
  };
}
