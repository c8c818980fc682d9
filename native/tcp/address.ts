import { linkError, linkProblem, problemOf, type LinkProblem } from '../link-problems.ts';

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
    throw linkError('bad-tcp', { uri });
  }
  return { host, port };
}

/** Why a socket failed, by the code of the operating system. */
export function socketProblem(uri: string, error: unknown): LinkProblem {
  const code = socketCode(error);
  return code === null ? problemOf(uri, error, []) : linkProblem(`tcp-${code}`, { uri });
}

/** Why the socket of one machine that connected failed. */
export function peerProblem(uri: string, peer: string, error: unknown): LinkProblem {
  const code = socketCode(error);
  if (code === 'timed-out' || code === 'dropped') return linkProblem(`peer-${code}`, { uri, peer });
  const { message } = socketProblem(uri, error);
  return linkProblem('peer-other', { uri, peer, detail: message.slice(`${uri}: `.length) });
}

function socketCode(error: unknown): (typeof codes)[string] | null {
  return codes[error instanceof Error && 'code' in error ? String(error.code) : ''] ?? null;
}

const codes: Readonly<
  Record<
    string,
    'refused' | 'host-unreachable' | 'network-unreachable' | 'no-host' | 'lookup' | 'timed-out' | 'dropped'
  >
> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'host-unreachable',
  ENETUNREACH: 'network-unreachable',
  ENOTFOUND: 'no-host',
  EAI_AGAIN: 'lookup',
  ETIMEDOUT: 'timed-out',
  ECONNRESET: 'dropped',
  EPIPE: 'dropped',
};
