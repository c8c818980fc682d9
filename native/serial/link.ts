/** A serial port: a scale, a scanner or a printer on RS-232 or a USB adapter. */
import type { Link, LinkDeps, LinkOptions } from '../link.ts';
import { firstLine, LinkError, linkError, linkProblem } from '../link-problems.ts';
import { takeOrThrow, type Claim } from '../owners.ts';
import { createReopeningLink } from '../reopening.ts';
import type { Attempt, AttemptEvents, Pipe } from '../reopening.ts';
import { parseSerialUri, serialProblem } from './address.ts';
import { listPorts, loadSerialLibrary } from './library.ts';
import type { FoundPort, SerialLibrary, SerialPort } from './library.ts';

/** From the start of an attempt until the port must be open; Bluetooth ports are known to hang. */
const openTimeoutMs = 5_000;
/** `close` waits this long for the driver. */
const closeTimeoutMs = 1_500;
/** The back-off stops doubling here: at most 1.6 s, for a packer is standing there with the plug in hand. */
const maxBackoffSteps = 3;
/** Bytes handed to the operating system at a time; the most by which a failed write can overstate its count. */
const pieceBytes = 256;

/**
 * Makes the link; opens nothing yet. Defaults: 9600 baud, 8 data bits, no parity, 1 stop bit.
 *
 * With `reopen` (the default) a lost port comes back by itself; with `reopen: false` a write opens it if need be.
 * What the operating system had buffered before the port was opened is discarded: it may be minutes old.
 *
 * Pulled out it is lost at once if the driver says so, else within a quarter of a second on Linux and macOS, where its file
 * goes away. Signal lines are left as the driver sets them: a pseudo-terminal has none, and nothing here asks for them.
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
    throw linkError('bad-baud', { uri, baud: baudRate });
  }
  const library = loadOr(load, uri);
  const { clock } = deps;
  const owner = options.owner ?? uri;

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

  /** Waits for a driver that is still opening the port: it cannot be opened twice. */
  function within(work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const timer = clock.after(closeTimeoutMs, resolve);
      void work.then(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  function start(events: AttemptEvents): Attempt {
    let port: SerialPort | null = null;
    let given = false;
    let opening = true;
    let stopWatching: (() => void)[] = [];
    let claim: Claim | null = null;
    const take = async (): Promise<string> => {
      const path = await findPath();
      // One port, whichever of its URIs was written.
      if (!given) claim = takeOrThrow(deps.owners, `serial ${path}`, owner, uri);
      return path;
    };
    const opened = openPort(events, () => given, take).then(
      (open) => {
        opening = false;
        port = open.port;
        const gone = (): void => events.lost(linkProblem('gone', { uri }));
        if (!given) stopWatching = [library.watch?.(open.path, clock, gone) ?? (() => undefined)];
        return open.pipe;
      },
      (error: unknown) => {
        opening = false;
        throw new LinkError(serialProblem(uri, error), { cause: error });
      },
    );
    return {
      opened,
      async release(): Promise<void> {
        given = true;
        for (const stop of stopWatching.splice(0)) stop();
        await (opening ? within(opened.catch(() => null)) : release(port));
        claim?.release();
      },
    };
  }

  async function openPort(
    events: AttemptEvents,
    isGivenUp: () => boolean,
    take: () => Promise<string>,
  ): Promise<{ path: string; port: SerialPort; pipe: Pipe }> {
    const path = await take();
    if (isGivenUp()) throw linkError('given-up', { uri });
    const { dataBits = 8, parity = 'none', stopBits = 1 } = options;
    const port = library.open({ path, baudRate, dataBits, parity, stopBits, autoOpen: false });
    // The package reports an unplugged adapter in one of three ways, depending on the platform and on what it was doing.
    port.on('error', (error) => events.lost(serialProblem(uri, error)));
    port.on('close', (error) => {
      events.lost(
        error === null || error === undefined ? linkProblem('serial-closed', { uri }) : serialProblem(uri, error),
      );
    });
    port.on('end', () => events.lost(linkProblem('gone', { uri })));
    await called((done) => port.open(done));
    // Not every port can be flushed (a pseudo-terminal of some systems cannot): then old bytes are the decoder's work.
    if (!isGivenUp()) await called((done) => port.flush(done)).catch(() => undefined);
    if (isGivenUp()) {
      await release(port);
      throw linkError('given-up', { uri });
    }
    port.on('data', (bytes) => events.bytes(bytes));
    const pipe: Pipe = {
      writable: true,
      write: (piece) =>
        new Promise((resolve) => {
          port.write(piece, (error) => {
            resolve({ taken: piece.length, problem: error ? serialProblem(uri, error) : null });
          });
        }),
    };
    return { path, port, pipe };
  }

  async function findPath(): Promise<string> {
    if (address.kind === 'path') return address.path;
    const wanted = address.serialNumber?.toLowerCase() ?? null;
    const fits = (port: FoundPort): boolean =>
      (address.kind !== 'usb' || (port.vendorId === address.vendorId && port.productId === address.productId)) &&
      (wanted === null || port.serialNumber?.toLowerCase() === wanted);
    const found = (await listPorts(library)).filter(fits);
    const [only] = found;
    const paths = found.map((port) => port.path).join(', ');
    if (address.kind === 'serial-number') {
      if (only === undefined) throw linkError('serial-no-number', { uri, serial: address.serialNumber });
      if (found.length === 1) return only.path;
      throw linkError('serial-several-number', { uri, count: found.length, paths });
    }
    if (only === undefined) throw linkError('serial-no-adapter', { uri });
    if (found.length === 1) return only.path;
    const code = wanted === null ? 'serial-several' : 'serial-several-same';
    throw linkError(code, { uri, count: found.length, paths });
  }

  return createReopeningLink(
    {
      uri,
      owner,
      reopen: options.reopen ?? true,
      openTimeoutMs,
      late: linkProblem('late', { uri, ms: openTimeoutMs }),
      closed: linkProblem('serial-closed', { uri }),
      pieceBytes,
      maxBackoffSteps,
      start,
      ...(deps.plugs === undefined ? {} : { onArrival: deps.plugs.onPlug }),
    },
    deps,
  );
}

function loadOr(load: () => SerialLibrary, uri: string): SerialLibrary {
  try {
    return load();
  } catch (error) {
    throw linkError('module-absent', { uri, module: 'serialport', detail: firstLine(error) });
  }
}

/** A callback of the package as a promise. */
function called(run: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    run((error) => (error ? reject(error) : resolve()));
  });
}
