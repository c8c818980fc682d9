/** Hashes over the exact bytes that are sent. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Lower-case hexadecimal MD5 of the parts in order; text as UTF-8. */
export function md5Hex(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** Lower-case hexadecimal HMAC-SHA256 of the parts in order; text as UTF-8. */
export function hmacSha256Hex(key: string, ...parts: readonly (string | Uint8Array)[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

/** Compares two hexadecimal signatures whatever their case, in time that depends on their length only. */
export function sameSignature(a: string, b: string): boolean {
  const left = Buffer.from(a.toLowerCase(), 'utf8');
  const right = Buffer.from(b.toLowerCase(), 'utf8');
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
