/** Host and port of a `tcp://host:port` URI. */
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads `tcp://host:port`. Throws a one-line Error that names the URI and the fix. */
export function parseTcpUri(uri: string): TcpAddress {
  const match = /^tcp:\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?):(\d{1,5})\/?$/.exec(uri);
  const host = match?.[1]?.replace(/^\[|\]$/g, '');
  const port = Number(match?.[2]);
  if (host === undefined || !(port >= 1 && port <= 65_535)) {
    throw new Error(`link "${uri}" is not a TCP address; write tcp://HOST:PORT, for example tcp://192.168.1.50:9100`);
  }
  return { host, port };
}

/** One line for a person about why a socket failed. */
export function describeSocketError(uri: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code];
  if (reason !== undefined) return `${uri}: ${reason}`;
  const text = error instanceof Error ? error.message : String(error);
  return `${uri}: ${text.replace(/\s+/g, ' ').slice(0, 200)}`;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; is the device on and its port right?',
  EHOSTUNREACH: 'host unreachable; check the cable and the address',
  ENETUNREACH: 'network unreachable; check the cable and the address',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'host name cannot be looked up now',
  ETIMEDOUT: 'the device stopped answering',
  ECONNRESET: 'the device dropped the connection',
  EPIPE: 'the device dropped the connection',
};
