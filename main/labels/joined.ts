/** Commands and raw data in one byte string. */

/** Joins texts (one byte per character, latin-1) and bytes. */
export function joined(parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}

/** All bits turned round: for languages and printers in which 0 burns. Padding, which is white, stays white. */
export function complement(data: Uint8Array): Uint8Array {
  const turned = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 1) turned[at] = ~(data[at] ?? 0);
  return turned;
}

/** A whole number within limits. */
export function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(value)));
}
