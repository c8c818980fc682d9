/** What a serial URI names: a port by its path, or the port of a USB device wherever it is plugged in. */
export type SerialAddress =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'serial-number'; readonly serialNumber: string }
  | {
      readonly kind: 'usb';
      /** Four lower-case hexadecimal digits each. */
      readonly vendorId: string;
      readonly productId: string;
      readonly serialNumber: string | null;
    };

/**
 * Reads `serial:///dev/ttyUSB0`, `serial://COM3`, `serial://usb/0403:6001`, `serial://usb/0403:6001/SERIALNUMBER` or
 * `serial://sn:SERIALNUMBER` (percent-encoding allowed). The forms after the second survive another USB socket: the
 * operating system numbers ports by the order they appear in.
 * Throws a one-line Error that names the URI and the fix.
 */
export function parseSerialUri(uri: string): SerialAddress {
  const written = /^serial:\/\/(.{1,512})$/.exec(uri)?.[1] ?? '';
  const usb = /^usb\/([0-9a-f]{4}):([0-9a-f]{4})(?:\/([^/]{1,384}))?\/?$/i.exec(written);
  const rest = decode(written);
  if (!/[\p{C}]/u.test(rest)) {
    if (usb !== null) {
      const [, vendorId = '', productId = '', serialNumber] = usb;
      return {
        kind: 'usb',
        vendorId: vendorId.toLowerCase(),
        productId: productId.toLowerCase(),
        serialNumber: serialNumber === undefined ? null : decode(serialNumber),
      };
    }
    if (/^com[1-9]\d{0,2}$/i.test(rest)) return { kind: 'path', path: rest.toUpperCase() };
    if (/^\/[^/]/.test(rest)) return { kind: 'path', path: rest };
    const serialNumber = /^sn:(.+)$/.exec(rest)?.[1];
    if (serialNumber !== undefined) return { kind: 'serial-number', serialNumber };
  }
  throw new Error(
    `link "${uri}" is not a serial port; write serial:///dev/ttyUSB0, serial://COM3, serial://usb/VID:PID/SERIALNUMBER or serial://sn:SERIALNUMBER`,
  );
}

/** The URI of a port that was found: by its USB ids if it has any, so that it survives another socket; else by its path. */
export function serialUriOf(port: {
  readonly path: string;
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly serialNumber: string | null;
}): string {
  const { path, vendorId, productId, serialNumber } = port;
  if (vendorId === null || productId === null) return `serial://${path}`;
  const tail = serialNumber === null ? '' : `/${encodeURIComponent(serialNumber)}`;
  return `serial://usb/${vendorId}:${productId}${tail}`;
}

/** One line for a person about why a port failed. */
export function describeSerialError(uri: string, error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 200);
  const hint = hints.find(([pattern]) => pattern.test(text))?.[1];
  return hint === undefined ? `${uri}: ${text}` : `${uri}: ${hint} (${text})`;
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/udevadm/i, 'ports cannot be listed without udev; name the port by its path'],
  [/no such file|cannot find|file not found/i, 'no such port; is the cable in?'],
  [/permission denied/i, 'not allowed; add this user to the group that owns the port (dialout)'],
  [/access denied|cannot lock|locked|busy/i, 'another program has the port open'],
];

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
