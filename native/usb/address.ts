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
    throw new Error(
      `link "${uri}" names no USB printer; write usb://VID:PID, usb://VID:PID/SERIALNUMBER (4 hexadecimal digits each) or usb://printer`,
    );
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

/** One line for a person about why a USB call failed. */
export function describeUsbError(uri: string, error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 200);
  if (text.startsWith(uri)) return text;
  const hint = hints.find(([pattern]) => pattern.test(text))?.[1];
  return hint === undefined ? `${uri}: ${text}` : `${uri}: ${hint} (${text})`;
}

/** Names of libusb's errors and transfer states: libusb.h, enum libusb_error and libusb_transfer_status. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/ERROR_ACCESS/, 'not allowed; give this user the right to the device (Linux: a udev rule for its VID)'],
  [/ERROR_BUSY/, 'another program has the printer; remove its queue from the operating system'],
  [/NO_DEVICE|ERROR_NOT_FOUND/, 'the printer was unplugged'],
  [/ERROR_NOT_SUPPORTED/, 'the operating system keeps the printer for its own driver; use spooler://QUEUE'],
  [/STALL|ERROR_PIPE/, 'the printer refused the data; switch it off and on'],
];

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
