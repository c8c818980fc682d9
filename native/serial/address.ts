import { linkError, problemOf, type Hints, type LinkProblem } from '../link-problems.ts';

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
  throw linkError('bad-serial', { uri });
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

/** Why a port failed. */
export function serialProblem(uri: string, error: unknown): LinkProblem {
  return problemOf(uri, error, hints);
}

const hints: Hints = [
  [/udevadm/i, 'serial-no-list'],
  [/no such file|cannot find|file not found/i, 'serial-no-port'],
  [/permission denied/i, 'serial-not-allowed'],
  [/access denied|cannot lock|locked|busy/i, 'serial-busy'],
];

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
