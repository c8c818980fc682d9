/** Finding a USB printer: by its interface class, its VID and PID, its serial number. */
import { linkError } from '../link-problems.ts';
import type { UsbAddress } from './address.ts';
import type { UsbDevice, UsbHandle, UsbInterface, UsbLibrary } from './library.ts';

/** USB class codes: 7 printer, 255 the maker's own. */
const printerClass = 7;
const makersClass = 255;

/** An interface that takes labels. */
export interface PrinterInterface extends UsbInterface {
  readonly bulkOut: number;
}

/**
 * The interface to print through: of class 7, both ways before one way. A device named by VID and PID may have one of the
 * maker's own class instead. Null if it has none.
 */
export function printerInterface(device: UsbDevice, named: boolean): PrinterInterface | null {
  const usable = device.interfaces().filter((each): each is PrinterInterface => each.bulkOut !== null);
  const rank = ({ classCode, protocol, bulkIn }: UsbInterface): number =>
    classCode === printerClass ? (protocol === 2 && bulkIn !== null ? 0 : 1) : 2;
  const fit = usable.filter(({ classCode }) => classCode === printerClass || (named && classCode === makersClass));
  return fit.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}

/**
 * Opens the printer an address names. Rejects with a `LinkError` (not there, more than one) or the driver's error. With a serial
 * number each candidate is opened to read it, and closed again.
 */
export async function openPrinter(
  uri: string,
  library: UsbLibrary,
  address: UsbAddress,
): Promise<{ device: UsbDevice; handle: UsbHandle; face: PrinterInterface }> {
  const { ids, serialNumber } = address;
  const candidates: { device: UsbDevice; face: PrinterInterface }[] = [];
  for (const device of library.list()) {
    if (ids !== null && (device.vendorId !== ids.vendorId || device.productId !== ids.productId)) continue;
    const face = printerInterface(device, ids !== null);
    if (face !== null) candidates.push({ device, face });
  }
  if (serialNumber === null) {
    const [only] = candidates;
    if (only === undefined) throw linkError('usb-none', { uri });
    if (candidates.length > 1) {
      throw linkError('usb-several', { uri, count: candidates.length });
    }
    return { ...only, handle: only.device.open() };
  }
  let refused: Error | null = null;
  for (const candidate of candidates) {
    if (candidate.device.serialIndex === 0) continue;
    try {
      const handle = candidate.device.open();
      if (await hasSerial(handle, candidate.device.serialIndex, serialNumber)) return { ...candidate, handle };
      handle.close();
    } catch (error) {
      refused = error instanceof Error ? error : new Error(String(error));
    }
  }
  if (refused !== null) throw refused;
  throw linkError('usb-no-number', { uri, serial: serialNumber });
}

async function hasSerial(handle: UsbHandle, index: number, wanted: string): Promise<boolean> {
  try {
    return (await handle.string(index)).toLowerCase() === wanted.toLowerCase();
  } catch (error) {
    handle.close();
    throw error;
  }
}
