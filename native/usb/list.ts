/** The USB printers that are plugged in, as a person needs them to write a profile. */
import { usbProblem, usbUriOf } from './address.ts';
import { printerInterface } from './find.ts';
import { loadUsbLibrary, type UsbDevice, type UsbLibrary } from './library.ts';
import { guessLanguage, readDeviceId } from './printer-class.ts';

export interface FoundUsbPrinter {
  /** What to write as `link`. */
  readonly uri: string;
  /** From its IEEE 1284 id; empty if it does not say. */
  readonly maker: string;
  readonly model: string;
  /** What its id speaks of: a guess to try, never to print by. */
  readonly language: string | null;
  /** Why it could not be asked, or null. */
  readonly problem: string | null;
}

/** Opens each printer for a moment. Rejects with an Error if the `usb` package or its native part is absent. */
export async function listUsbPrinters(load: () => UsbLibrary = loadUsbLibrary): Promise<FoundUsbPrinter[]> {
  const found: FoundUsbPrinter[] = [];
  for (const device of load().list()) {
    const face = printerInterface(device, false);
    if (face !== null) found.push(await describe(device, face.number, face.alternate));
  }
  return found;
}

async function describe(device: UsbDevice, number: number, alternate: number): Promise<FoundUsbPrinter> {
  const { vendorId, productId, serialIndex } = device;
  const plain = usbUriOf(vendorId, productId, null);
  try {
    const handle = device.open();
    try {
      const serial = serialIndex === 0 ? null : await handle.string(serialIndex).catch(() => null);
      const id = await readDeviceId(handle, { number, alternate }).catch((): Record<string, string> => ({}));
      return {
        uri: usbUriOf(vendorId, productId, serial),
        maker: id['MFG'] ?? '',
        model: id['MDL'] ?? '',
        language: guessLanguage(id),
        problem: null,
      };
    } finally {
      handle.close();
    }
  } catch (error) {
    return { uri: plain, maker: '', model: '', language: null, problem: usbProblem(plain, error).message };
  }
}
