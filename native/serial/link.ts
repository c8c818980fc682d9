/** A serial port: a scale, a scanner or a printer on RS-232 or a USB adapter. */
import type { Link, LinkDeps, LinkOptions, LinkState, LinkTimer, WriteOutcome } from '../link.ts';
import { backoffMs } from '../backoff.ts';
import { createListeners } from '../listeners.ts';
import { describeSerialError, parseSerialUri } from './address.ts';
import { loadSerialLibrary } from './library.ts';
import type { SerialLibrary, SerialPort } from './library.ts';

/** From the start of an attempt until the port must be open; Bluetooth ports are known to hang. */
const openTimeoutMs = 5_000;
/** `close` waits this long for the driver. */
const closeTimeoutMs = 1_500;
/** The back-off stops doubling here: at most 1.6 s, for a packer is standing there with the plug in hand. */
const maxBackoffSteps = 3;
/** A port that stayed open this long, or brought bytes, starts the back-off afresh. */
const steadyMs = 5_000;
/** Bytes handed to the operating system at a time; the most by which a failed write can overstate its count. */
const chunkBytes = 256;
/** Writes waiting in one link, in bytes; more are refused. */
const maxWaitingBytes = 16 * 1024 * 1024;

/** One attempt at the port, from opening until it is lost. */
interface Session {
  port: SerialPort | null;
  readonly onLost: Set<() => void>;
}

/**
 * Makes the link; opens nothing yet. Defaults: 9600 baud, 8 data bits, no parity, 1 stop bit.
 *
 * With `reopen` (the default) a lost port comes back by itself; with `reopen: false` a write opens it if need be.
 * What the operating system had buffered before the port was opened is discarded: it may be minutes old.
 *
 * A failed write's `bytes` never understates, as for the TCP link. After a failed write the port is dropped, so that
 * nothing of it can leave later.
 *
 * Throws a one-line Error if the URI names no serial port, the baud rate is impossible, or the `serialport` package
 * or its native part is absent.
 */
export function createSerialLink(uri: string, options: LinkOptions, deps: LinkDeps): Link {
  return createSerialLinkOver(loadSerialLibrary, uri, options, deps);
}

/** The same over a given library: for tests. */
export function createSerialLinkOver(
  load: () => SerialLibrary,
  uri: string,
  options: LinkOptions,
  deps: LinkDeps,
): Link {
  const address = parseSerialUri(uri);
  const baudRate = options.baud ?? 9_600;
  if (!Number.isInteger(baudRate) || baudRate < 50 || baudRate > 4_000_000) {
    throw new Error(`link "${uri}" has the impossible baud rate ${baudRate}; most scales use 9600`);
  }
  const library = loadOr(load, uri);
  const { clock, log, random } = deps;
  const reopen = options.reopen ?? true;
  const onThrow = (error: unknown): void => log.warn({ uri, error: String(error) }, 'a link listener threw');
  const bytesListeners = createListeners<Uint8Array>(onThrow);
  const stateListeners = createListeners<LinkState>(onThrow);

  let state: LinkState = 'closed';
  let lastError: string | null = null;
  let session: Session | null = null;
  let openTimer: LinkTimer | null = null;
  let retryTimer: LinkTimer | null = null;
  let attempt = 0;
  let openedAt: number | null = null;
  let waitingBytes = 0;
  let tail: Promise<unknown> = Promise.resolve();
  /** Resolves when the driver let go of the port before; a port cannot be opened twice. */
  let released: Promise<void> = Promise.resolve();

  function setState(next: LinkState): void {
    if (next === state) return;
    state = next;
    stateListeners.emit(next);
  }

  function cancelTimers(): void {
    openTimer?.cancel();
    retryTimer?.cancel();
    openTimer = null;
    retryTimer = null;
  }

  /** Lets go of a port, within bounds whatever its driver does. */
  function release(port: SerialPort | null): Promise<void> {
    if (port === null || !port.isOpen) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = clock.after(closeTimeoutMs, resolve);
      const done = (): void => {
        timer.cancel();
        resolve();
      };
      port.close(done);
    });
  }

  function end(ending: Session): void {
    session = null;
    cancelTimers();
    released = release(ending.port);
    for (const tell of [...ending.onLost]) tell();
  }

  function drop(lost: Session, message: string): void {
    if (session !== lost) return;
    lastError = message;
    if (openedAt !== null && clock.monotonic() - openedAt >= steadyMs) attempt = 0;
    openedAt = null;
    end(lost);
    if (reopen) {
      const delayMs = backoffMs(Math.min(attempt, maxBackoffSteps), random());
      attempt += 1;
      log.debug({ uri, delayMs, reason: message }, 'serial port lost, will re-open');
      retryTimer = clock.after(delayMs, connect);
    }
    setState('failed');
  }

  function connect(): void {
    cancelTimers();
    const opening: Session = { port: null, onLost: new Set() };
    session = opening;
    openTimer = clock.after(openTimeoutMs, () => drop(opening, `${uri}: did not open within ${openTimeoutMs} ms`));
    setState('opening');
    openInto(opening).catch((error: unknown) => drop(opening, describeSerialError(uri, error)));
  }

  async function openInto(opening: Session): Promise<void> {
    await released;
    const path = await findPath();
    if (session !== opening) return;
    const { dataBits = 8, parity = 'none', stopBits = 1 } = options;
    const port = library.open({ path, baudRate, dataBits, parity, stopBits, autoOpen: false });
    // The package reports an unplugged adapter in one of three ways, depending on the platform and on what it was doing.
    port.on('error', (error) => drop(opening, describeSerialError(uri, error)));
    port.on('close', (error) => drop(opening, describeSerialError(uri, error ?? 'the port was closed')));
    port.on('end', () => drop(opening, `${uri}: the device went away`));
    await called((done) => port.open(done));
    opening.port = port;
    if (session !== opening) return (released = release(port));
    // Not every port can be flushed (a pseudo-terminal of some systems cannot): then old bytes are the decoder's work.
    await called((done) => port.flush(done)).catch(() => undefined);
    if (session !== opening) return;
    port.on('data', (bytes) => {
      if (session !== opening) return;
      attempt = 0;
      bytesListeners.emit(bytes);
    });
    openTimer?.cancel();
    openTimer = null;
    openedAt = clock.monotonic();
    lastError = null;
    setState('open');
  }

  async function findPath(): Promise<string> {
    if (address.kind === 'path') return address.path;
    const wanted = address.serialNumber.toLowerCase();
    const found = (await library.list()).filter((port) => port.serialNumber?.toLowerCase() === wanted);
    const [only] = found;
    if (only === undefined) throw new Error(`no port has the serial number ${address.serialNumber}; is the cable in?`);
    if (found.length === 1) return only.path;
    const paths = found.map((port) => port.path).join(', ');
    throw new Error(`${found.length} ports have that serial number (${paths}); name the port by its path`);
  }

  function open(): void {
    if (session !== null || retryTimer !== null) return;
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
  function writeChunk(through: Session, port: SerialPort, chunk: Uint8Array, untilMs: number): Promise<string | null> {
    return new Promise((resolve) => {
      const finish = (message: string | null): void => {
        timer.cancel();
        through.onLost.delete(onLost);
        resolve(message);
      };
      const onLost = (): void => finish(lastError ?? `${uri}: the port was closed`);
      const timer = clock.after(Math.max(0, untilMs - clock.monotonic()), () => {
        finish(`${uri}: the device stopped taking data`);
      });
      through.onLost.add(onLost);
      port.write(chunk, (error) => finish(error ? describeSerialError(uri, error) : null));
    });
  }

  async function writeNow(bytes: Uint8Array, timeoutMs: number): Promise<WriteOutcome> {
    const untilMs = clock.monotonic() + timeoutMs;
    if (!reopen && session === null) open();
    if (state === 'opening') await settled(untilMs);
    const through = session;
    const port = through?.port ?? null;
    if (through === null || port === null || state !== 'open') {
      return { kind: 'failed', bytes: 0, message: lastError ?? `${uri}: not open` };
    }
    let taken = 0;
    while (taken < bytes.length) {
      if (session !== through)
        return { kind: 'failed', bytes: taken, message: lastError ?? `${uri}: the port was closed` };
      const chunk = bytes.subarray(taken, taken + chunkBytes);
      const problem = await writeChunk(through, port, chunk, untilMs);
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
    async close() {
      openedAt = null;
      if (session !== null) end(session);
      cancelTimers();
      setState('closed');
      await released;
    },
  };
}

function loadOr(load: () => SerialLibrary, uri: string): SerialLibrary {
  try {
    return load();
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    throw new Error(`link "${uri}" needs the serialport package, which does not load here: ${reason.slice(0, 200)}`);
  }
}

/** A callback of the package as a promise. */
function called(run: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    run((error) => (error ? reject(error) : resolve()));
  });
}
