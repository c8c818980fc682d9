/**
 * A printer on USB through libusb: Linux and macOS. On Windows usbprint.sys owns USB printers and libusb cannot claim
 * them (LIBUSB_ERROR_NOT_SUPPORTED); there the link is `spooler://`.
 */
import type { DeviceWord, Link, LinkDeps, LinkOptions } from '../link.ts';
import { firstLine, LinkError, linkError, linkProblem } from '../link-problems.ts';
import { takeOrThrow, type Claim } from '../owners.ts';
import { createReopeningLink } from '../reopening.ts';
import type { Attempt, AttemptEvents, Pipe } from '../reopening.ts';
import { parseUsbUri, usbProblem } from './address.ts';
import { openPrinter, type PrinterInterface } from './find.ts';
import { loadUsbLibrary, type UsbDevice, type UsbHandle, type UsbLibrary, type UsbTransfer } from './library.ts';
import { readDeviceId, readPortStatus, type DeviceId } from './printer-class.ts';

const openTimeoutMs = 4_000;
/** `close` waits this long for transfers to end. */
const closeTimeoutMs = 1_500;
/** One transfer: at most one request of libusb to the Linux kernel, so that its count is the kernel's. */
const pieceBytes = 16 * 1024;
/** A stalled transfer ends by itself and says what was taken; the link waits this much longer for its word. */
const writeGraceMs = 500;
const maxBackoffSteps = 3;
const readBytes = 512;
/** Some printers answer an empty packet when they have nothing to say; asking at once again would be a busy loop. */
const emptyPauseMs = 20;

/**
 * Makes the link; opens nothing yet. A failed write's `bytes` are those the printer acknowledged, as the host controller
 * counted them: exact for a stall, a time-out and an unplugged cable.
 *
 * Throws a one-line Error if the URI names no USB printer, or the `usb` package or its native part is absent.
 */
export function createUsbLink(uri: string, options: LinkOptions, deps: LinkDeps): Link {
  return createUsbLinkOver(loadUsbLibrary, uri, options, deps);
}

/** The same over a given library: for tests. */
export function createUsbLinkOver(load: () => UsbLibrary, uri: string, options: LinkOptions, deps: LinkDeps): Link {
  const address = parseUsbUri(uri);
  const library = loadOr(load, uri);
  const { clock } = deps;
  const owner = options.owner ?? uri;
  let current: Held | null = null;

  /** What is open, and must be let go of. */
  interface Held {
    readonly device: UsbDevice;
    readonly handle: UsbHandle;
    readonly face: PrinterInterface;
    readonly under: Set<UsbTransfer>;
    claimed: boolean;
    ended: boolean;
  }

  function start(events: AttemptEvents): Attempt {
    let held: Held | null = null;
    let claim: Claim | null = null;
    let given = false;
    const stopWatching = library.onPlug((device, plugged) => {
      if (!plugged && held !== null && device.place === held.device.place) {
        events.lost(linkProblem('usb-unplugged', { uri }));
      }
    });

    async function open(): Promise<Pipe> {
      const found = await openPrinter(uri, library, address);
      held = { ...found, under: new Set(), claimed: false, ended: false };
      const { handle, face } = held;
      // One printer, whichever of its URIs was written.
      claim = takeOrThrow(deps.owners, `usb ${held.device.place}`, owner, uri);
      if (given) throw linkError('given-up', { uri });
      handle.claim(face.number);
      held.claimed = true;
      if (face.alternate !== 0) await handle.select(face.number, face.alternate);
      if (given) throw linkError('given-up', { uri });
      current = held;
      if (face.bulkIn !== null) void read(held, face.bulkIn, events);
      const open = held;
      return {
        get writable() {
          return !open.ended;
        },
        async write(piece, timeoutMs) {
          const { bytes, error } = await move(
            open,
            face.bulkOut,
            Buffer.from(piece),
            Math.max(1, Math.ceil(timeoutMs)),
          );
          const stalled = error === null ? bytes < piece.length : /TIMED_OUT/.test(error.message);
          const problem = stalled ? linkProblem('stalled', { uri }) : error === null ? null : usbProblem(uri, error);
          return { taken: bytes, problem };
        },
      };
    }

    const opening = open().catch((error: unknown) => {
      throw new LinkError(usbProblem(uri, error), { cause: error });
    });
    return {
      opened: opening,
      async release() {
        given = true;
        stopWatching();
        if (current === held) current = null;
        await within(opening.catch(() => null));
        const ending = held;
        if (ending !== null && !ending.ended) {
          ending.ended = true;
          await within(letGo(ending));
        }
        claim?.release();
      },
    };
  }

  function move(held: Held, endpoint: number, buffer: Buffer, timeoutMs: number): UsbTransfer['done'] {
    const transfer = held.handle.transfer(endpoint, buffer, timeoutMs);
    held.under.add(transfer);
    return transfer.done.finally(() => held.under.delete(transfer));
  }

  async function read(held: Held, endpoint: number, events: AttemptEvents): Promise<void> {
    while (!held.ended) {
      const buffer = Buffer.alloc(readBytes);
      const { bytes, error } = await move(held, endpoint, buffer, 0);
      if (bytes > 0) events.bytes(buffer.subarray(0, bytes));
      if (held.ended) return;
      if (error !== null) {
        events.lost(usbProblem(uri, error));
        return;
      }
      if (bytes === 0) await new Promise<void>((resolve) => void clock.after(emptyPauseMs, resolve));
    }
  }

  /** Ends what is under way, gives the interface back to the operating system, closes. */
  async function letGo(held: Held): Promise<void> {
    const ends = [...held.under].map((transfer) => {
      transfer.cancel();
      return transfer.done;
    });
    await Promise.all(ends);
    try {
      if (held.claimed) await held.handle.release(held.face.number);
    } catch {
      // The printer is gone; there is nothing to give back.
    }
    try {
      held.handle.close();
    } catch (error) {
      deps.log.warn({ uri, error: String(error) }, 'a USB printer could not be closed');
    }
  }

  /** Waits for `work`, within bounds whatever the driver does. */
  function within(work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const timer = clock.after(closeTimeoutMs / 2, resolve);
      void work.then(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  return createReopeningLink(
    {
      uri,
      owner,
      reopen: options.reopen ?? true,
      openTimeoutMs,
      late: linkProblem('late', { uri, ms: openTimeoutMs }),
      closed: linkProblem('usb-closed', { uri }),
      pieceBytes,
      maxBackoffSteps,
      writeGraceMs,
      start,
      onArrival: (wake) =>
        library.onPlug((_device, plugged) => {
          if (plugged) wake();
        }),
      /** GET_PORT_STATUS of the printer class: what a printer says that speaks no status language. */
      async deviceWord(): Promise<DeviceWord | null> {
        if (current === null) return null;
        try {
          return await readPortStatus(current.handle, current.face);
        } catch {
          return null;
        }
      },
      /** GET_DEVICE_ID of the printer class. */
      async deviceId(): Promise<DeviceId | null> {
        if (current === null) return null;
        try {
          const id = await readDeviceId(current.handle, current.face);
          return Object.keys(id).length === 0 ? null : id;
        } catch {
          return null;
        }
      },
    },
    deps,
  );
}

function loadOr(load: () => UsbLibrary, uri: string): UsbLibrary {
  try {
    return load();
  } catch (error) {
    throw linkError('module-absent', { uri, module: 'usb', detail: firstLine(error) });
  }
}
