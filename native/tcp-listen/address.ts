/** Where a listening link listens, and who may connect to it. */
import { BlockList, isIP } from 'node:net';
import { linkError } from '../link-problems.ts';

export interface ListenAddress {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** Reads `tcp-listen://host:port`. Throws a one-line Error that names the URI and the fix. */
export function parseListenUri(uri: string): ListenAddress {
  const match = /^tcp-listen:\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?):(\d{1,5})\/?$/.exec(
    uri,
  );
  const host = match?.[1]?.replace(/^\[|\]$/g, '');
  const port = Number(match?.[2]);
  if (host === undefined || !(port >= 0 && port <= 65_535)) {
    throw linkError('bad-listen', { uri });
  }
  return { host, port };
}

/** Loopback: RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3. */
const loopback: readonly string[] = ['127.0.0.0/8', '::1'];
/** Private networks: RFC 1918; link-local RFC 3927 and RFC 4291; unique local RFC 4193. */
const privateNetworks: readonly string[] = [
  ...loopback,
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fe80::/10',
  'fc00::/7',
];
const words: Readonly<Record<string, readonly string[]>> = { loopback, private: privateNetworks };

/** Entries an allow-list may have. */
const maxEntries = 32;

/**
 * Who may connect, as a function of the peer's address. Entries are `loopback`, `private`, addresses and networks
 * (`10.1.0.0/16`); left out: `loopback` on a loopback host, else `private`. Throws a one-line Error that names the entry.
 */
export function allowedPeers(
  uri: string,
  host: string,
  entries: readonly string[] | undefined,
): (peer: string) => boolean {
  const list = new BlockList();
  const wanted = entries ?? [isLoopback(host) ? 'loopback' : 'private'];
  if (wanted.length > maxEntries) throw linkError('bad-allow-count', { uri, max: maxEntries });
  for (const entry of wanted) {
    for (const network of words[entry] ?? [entry]) {
      const [address = '', bits, ...rest] = network.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      const longest = family === 'ipv6' ? 128 : 32;
      const length = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
      if (isIP(address) === 0 || rest.length > 0 || !(length >= 1 && length <= longest)) {
        throw linkError('bad-allow', { uri, entry: entry.slice(0, 60) });
      }
      list.addSubnet(address, length, family);
    }
  }
  return (peer) => {
    // A socket that listens on both families names an IPv4 peer in IPv6 (RFC 4291, section 2.5.5.2).
    const plain = peer.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
    const family = isIP(plain);
    return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
