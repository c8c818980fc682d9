/** Finding a HID device: by VID, PID and serial number, or as the only one of its usage. */
import { linkError } from '../link-problems.ts';
import { type HidAddress, hidUriOf, scaleUsage, scannerUsage } from './address.ts';
import type { HidDevice } from './library.ts';

/** Keyboards and mice (Generic Desktop page 0x01): the operating system keeps them for itself. */
const desktopPage = 0x01;

/**
 * Which of the collections of one device to open. Windows lists each top-level collection by itself: the scale or scanner
 * goes before one of the maker's own, and that before a keyboard.
 */
function rank({ usagePage, usage }: HidDevice): number {
  if (usagePage === scaleUsage.page) return usage === scaleUsage.usage ? 0 : 1;
  if (usagePage === scannerUsage.page) return usage === scannerUsage.usage ? 0 : 1;
  return usagePage === desktopPage ? 3 : 2;
}

/** The device an address names. Throws a `LinkError`: not there, more than one. */
export function findHid(uri: string, devices: readonly HidDevice[], address: HidAddress): HidDevice {
  const fit =
    address.by === 'usage'
      ? devices.filter(({ usagePage, usage }) => usagePage === address.usage.page && usage === address.usage.usage)
      : devices.filter(
          ({ vendorId, productId, serialNumber }) =>
            vendorId === address.vendorId &&
            productId === address.productId &&
            (address.serialNumber === null || serialNumber?.toLowerCase() === address.serialNumber.toLowerCase()),
        );
  const best = fit.toSorted((a, b) => rank(a) - rank(b));
  const [first] = best;
  if (first === undefined) {
    throw address.by === 'usage'
      ? linkError('hid-none-of', { uri, usage: address.usage.name })
      : linkError('hid-none', { uri });
  }
  // Two collections of one rank are two devices: the one of a device that is meant is the best of it.
  const rivals = best.filter((each) => rank(each) === rank(first));
  if (rivals.length > 1) {
    const uris = [...new Set(rivals.map((each) => hidUriOf(each.vendorId, each.productId, each.serialNumber)))];
    throw linkError('hid-several', { uri, count: rivals.length, uris: uris.slice(0, 4).join(', ') });
  }
  return first;
}
