/**
 * Word that something was plugged in or pulled out: from libusb's hot-plug events where the `usb` package loads, and from
 * looking at the names in /dev, which also covers ports that are not on USB. It says that, not what; who hears it looks.
 */
import { readdir } from 'node:fs/promises';
import type { LinkClock, LinkTimer } from './link.ts';
import { loadUsbLibrary } from './usb/library.ts';

export interface Plugs {
  /** Calls back after each change. Nothing is watched while nobody listens. Returns the function that stops it. */
  onPlug(wake: () => void): () => void;
}

/** From one look at /dev to the next, in milliseconds. One look reads some 200 names: well under a millisecond. */
export const lookEveryMs = 250;

/** What is looked at and listened to: replaced in tests. */
export interface PlugSenses {
  /** Names that change when a device comes or goes; null where the system has no such place (Windows). */
  names(): Promise<string | null>;
  /** Throws if there is no such source of events here. */
  onUsb(tell: () => void): () => void;
}

/** Serial ports, HID devices and USB printers as Linux and macOS name them in /dev. */
const deviceName = /^(tty(USB|ACM|S|AMA|XR)\d|cu\.|hidraw\d)/;

const systemSenses: PlugSenses = {
  async names() {
    if (process.platform === 'win32') return null;
    const names = await readdir('/dev').catch(() => []);
    return names
      .filter((name) => deviceName.test(name))
      .toSorted()
      .join(' ');
  },
  onUsb: (tell) => loadUsbLibrary().onPlug(tell),
};

export function createPlugs(clock: LinkClock, senses: PlugSenses = systemSenses): Plugs {
  const waking = new Set<() => void>();
  let timer: LinkTimer | null = null;
  let stopUsb: (() => void) | null = null;
  let last: string | null = null;
  /** Grows with each start and stop, so that a look from before changes nothing. */
  let turn = 0;

  const tell = (): void => {
    for (const wake of [...waking]) wake();
  };

  async function look(mine: number): Promise<void> {
    const names = await senses.names().catch(() => null);
    if (turn !== mine) return;
    const changed = last !== null && names !== null && names !== last;
    last = names ?? last;
    timer = clock.after(lookEveryMs, () => void look(mine));
    if (changed) tell();
  }

  function start(): void {
    turn += 1;
    last = null;
    try {
      stopUsb = senses.onUsb(tell);
    } catch {
      // Without libusb the look at /dev remains; on Windows the back-off of the links does.
      stopUsb = null;
    }
    void look(turn);
  }

  function stop(): void {
    turn += 1;
    timer?.cancel();
    stopUsb?.();
    timer = null;
    stopUsb = null;
  }

  return {
    onPlug(wake) {
      // One function may be given twice: each gets its own place.
      const mine = (): void => wake();
      waking.add(mine);
      if (waking.size === 1) start();
      return () => {
        if (waking.delete(mine) && waking.size === 0) stop();
      };
    },
  };
}
