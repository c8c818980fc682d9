import { linkError, problemOf, type Hints, type LinkProblem } from '../link-problems.ts';

/** Which HID device a URI names: a model by VID and PID, or the only device of a usage. */
export type HidAddress =
  | { readonly by: 'ids'; readonly vendorId: number; readonly productId: number; readonly serialNumber: string | null }
  | { readonly by: 'usage'; readonly usage: HidUsage };

/** A usage page and a usage on it. */
export interface HidUsage {
  readonly page: number;
  readonly usage: number;
  /** What a person calls it. */
  readonly name: string;
}

/** Scale Device: HID Point of Sale Usage Tables 1.02, section 4 (Weighing Device page). */
export const scaleUsage: HidUsage = { page: 0x8d, usage: 0x20, name: 'scale' };
/** Bar Code Scanner: the same tables, section 3 (Bar Code Scanner page). */
export const scannerUsage: HidUsage = { page: 0x8c, usage: 0x02, name: 'scanner' };

/**
 * Reads `hid://0922:8003`, `hid://0922:8003/SERIALNUMBER` (percent-encoding allowed), or, for a desk with one of them,
 * `hid://scale` and `hid://scanner`. Throws a one-line Error that names the URI and the fix.
 */
export function parseHidUri(uri: string): HidAddress {
  const match = /^hid:\/\/(?:(scale|scanner)|([0-9a-f]{4}):([0-9a-f]{4})(?:\/([^/]{1,384}))?)\/?$/i.exec(uri);
  const serialNumber = match?.[4] === undefined ? null : decode(match[4]);
  if (match === null || (serialNumber !== null && /\p{C}/u.test(serialNumber))) {
    throw linkError('bad-hid', { uri });
  }
  if (match[1] !== undefined) {
    return { by: 'usage', usage: match[1].toLowerCase() === 'scale' ? scaleUsage : scannerUsage };
  }
  return {
    by: 'ids',
    vendorId: Number.parseInt(match[2] ?? '', 16),
    productId: Number.parseInt(match[3] ?? '', 16),
    serialNumber,
  };
}

/** The URI of a device that was found: with its serial number if it has one, so that it survives another socket. */
export function hidUriOf(vendorId: number, productId: number, serialNumber: string | null): string {
  const hex = (id: number): string => id.toString(16).padStart(4, '0');
  const tail = serialNumber === null || serialNumber === '' ? '' : `/${encodeURIComponent(serialNumber)}`;
  return `hid://${hex(vendorId)}:${hex(productId)}${tail}`;
}

/** Why a HID call failed. hidapi's own messages differ per system and are kept behind it. */
export function hidProblem(uri: string, error: unknown): LinkProblem {
  return problemOf(uri, error, hints);
}

const hints: Hints = [
  [/permission denied|access denied|EACCES/i, 'hid-not-allowed'],
  [/no such (file|device)|ENOENT|ENODEV|could not read/i, 'unplugged-said'],
  [/cannot open|unable to open/i, 'hid-cannot-open'],
];

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
