/** Undoes an answer's content coding under a cap, so that a few kilobytes cannot fill the memory. */
import * as zlib from 'node:zlib';

export type InflatedBody =
  | { readonly kind: 'inflated'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: 'too-large' | 'malformed'; readonly message: string };

/**
 * `coding` is the Content-Encoding header: absent, `identity`, `gzip`, `x-gzip` or `deflate` (RFC 9110 section 8.4;
 * `deflate` is accepted with and without its zlib wrapper, because servers send both).
 */
export async function inflateBody(
  bytes: Uint8Array,
  coding: string | undefined,
  maxBytes: number,
): Promise<InflatedBody> {
  const name = (coding ?? 'identity').trim().toLowerCase();
  if (name === '' || name === 'identity' || bytes.byteLength === 0) return { kind: 'inflated', bytes };
  if (name === 'gzip' || name === 'x-gzip') return run(zlib.gunzip, bytes, maxBytes);
  if (name === 'deflate') {
    // A zlib wrapper starts with CM = 8 (low nibble) and a header that is a multiple of 31 (RFC 1950 section 2.2).
    const first = bytes[0] ?? 0;
    const wrapped = (first & 0x0f) === 8 && ((first << 8) | (bytes[1] ?? 0)) % 31 === 0;
    return run(wrapped ? zlib.inflate : zlib.inflateRaw, bytes, maxBytes);
  }
  return {
    kind: 'failed',
    reason: 'malformed',
    message: `content coding ${JSON.stringify(name.slice(0, 40))} was not asked for`,
  };
}

type Inflate = (
  bytes: Uint8Array,
  options: zlib.ZlibOptions,
  done: (error: Error | null, result: Buffer) => void,
) => void;

function run(inflate: Inflate, bytes: Uint8Array, maxBytes: number): Promise<InflatedBody> {
  return new Promise((resolve) => {
    inflate(bytes, { maxOutputLength: Math.max(1, maxBytes) }, (error, result) => {
      if (error === null) resolve({ kind: 'inflated', bytes: result });
      else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
        resolve({ kind: 'failed', reason: 'too-large', message: `answer inflates above ${maxBytes} bytes` });
      else resolve({ kind: 'failed', reason: 'malformed', message: 'compressed answer is damaged' });
    });
  });
}
