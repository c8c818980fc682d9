/** Addresses at which this desk takes messages of machines over HTTP. */

export interface HttpListenAddress {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** Reads `http-listen://HOST:PORT/PATH`; null if it is another kind of link. Throws a one-line Error if it is malformed. */
export function parseHttpListen(uri: string): HttpListenAddress | null {
  if (!uri.startsWith('http-listen://')) return null;
  const match =
    /^http-listen:\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?):(\d{1,5})(\/[\w./-]*)?$/.exec(uri);
  const port = Number(match?.[2]);
  const host = match?.[1]?.replace(/^\[|\]$/g, '');
  if (host === undefined || !(port >= 0 && port <= 65_535)) {
    throw new Error(`link "${uri}" is not an HTTP address; write http-listen://127.0.0.1:20012/dws`);
  }
  return { host, port, path: match?.[3] ?? '/' };
}
