/** What a serial URI names: a port by its path, or the port of the USB device with a serial number. */
export type SerialAddress =
  { readonly kind: 'path'; readonly path: string } | { readonly kind: 'serial-number'; readonly serialNumber: string };

/**
 * Reads `serial:///dev/ttyUSB0`, `serial://COM3` or `serial://sn:SERIALNUMBER` (percent-encoding allowed). The last
 * form survives another USB socket: the operating system numbers ports by the order they appear in.
 * Throws a one-line Error that names the URI and the fix.
 */
export function parseSerialUri(uri: string): SerialAddress {
  const rest = decode(/^serial:\/\/(.{1,512})$/.exec(uri)?.[1] ?? '');
  if (!/[\p{C}]/u.test(rest)) {
    if (/^com[1-9]\d{0,2}$/i.test(rest)) return { kind: 'path', path: rest.toUpperCase() };
    if (/^\/[^/]/.test(rest)) return { kind: 'path', path: rest };
    const serialNumber = /^sn:(.+)$/.exec(rest)?.[1];
    if (serialNumber !== undefined) return { kind: 'serial-number', serialNumber };
  }
  throw new Error(
    `link "${uri}" is not a serial port; write serial:///dev/ttyUSB0, serial://COM3 or serial://sn:SERIALNUMBER`,
  );
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
