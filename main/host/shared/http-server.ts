/** What every small HTTP server of a host needs: to listen, and to read a body no further than allowed. */
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { linkError } from '../../../native/link-problems.ts';

/** The body, or null if it is longer than allowed; reads no further than that. */
export async function readBody(request: IncomingMessage, cap: number): Promise<Uint8Array | null> {
  if (Number(request.headers['content-length'] ?? '0') > cap) return null;
  const chunks: Buffer[] = [];
  let length = 0;
  // The request is left alive when reading stops early: its connection still carries the answer that says why.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.byteLength;
    if (length > cap) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Listens, and resolves with the port. Rejects with one line that begins with `name` (what listens, for a person). */
export function listen(server: Server, name: string, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const at = { what: name, where: `${host}:${port}` };
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? linkError('http-taken', at) : linkError('http-failed', { ...at, detail: error.message }));
    });
    server.listen({ host, port, exclusive: true }, () => resolve((server.address() as AddressInfo).port));
  });
}
