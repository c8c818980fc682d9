import { linkError, problemOf, type Hints, type LinkProblem } from '../link-problems.ts';

/** Which USB printer a URI names. */
export interface UsbAddress {
  /** Null: any device with a printer interface. */
  readonly ids: { readonly vendorId: number; readonly productId: number } | null;
  readonly serialNumber: string | null;
}

/**
 * Reads `usb://0a5f:0081`, `usb://0a5f:0081/SERIALNUMBER` or, for a desk with one USB printer, `usb://printer`
 * (percent-encoding allowed). Throws a one-line Error that names the URI and the fix.
 */
export function parseUsbUri(uri: string): UsbAddress {
  const match = /^usb:\/\/(?:(printer)|([0-9a-f]{4}):([0-9a-f]{4}))(?:\/([^/]{1,384}))?\/?$/i.exec(uri);
  const serialNumber = match?.[4] === undefined ? null : decode(match[4]);
  if (match === null || (serialNumber !== null && /\p{C}/u.test(serialNumber))) {
    throw linkError('bad-usb', { uri });
  }
  const ids =
    match[1] === undefined
      ? { vendorId: Number.parseInt(match[2] ?? '', 16), productId: Number.parseInt(match[3] ?? '', 16) }
      : null;
  return { ids, serialNumber };
}

/** The URI of a printer that was found: with its serial number if it has one, so that it survives another socket. */
export function usbUriOf(vendorId: number, productId: number, serialNumber: string | null): string {
  const hex = (id: number): string => id.toString(16).padStart(4, '0');
  const tail = serialNumber === null || serialNumber === '' ? '' : `/${encodeURIComponent(serialNumber)}`;
  return `usb://${hex(vendorId)}:${hex(productId)}${tail}`;
}

/** Why a USB call failed. */
export function usbProblem(uri: string, error: unknown): LinkProblem {
  return problemOf(uri, error, hints);
}

/** Names of libusb's errors and transfer states: libusb.h, enum libusb_error and libusb_transfer_status. */
const hints: Hints = [
  [/ERROR_ACCESS/, 'usb-not-allowed'],
  [/ERROR_BUSY/, 'usb-busy'],
  [/NO_DEVICE|ERROR_NOT_FOUND/, 'usb-unplugged-said'],
  [/ERROR_NOT_SUPPORTED/, 'usb-other-driver'],
  [/STALL|ERROR_PIPE/, 'usb-refused'],
];

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
