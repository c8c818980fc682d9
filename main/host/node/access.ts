/**
 * Who may talk to the loopback host. Any web page in any browser of this machine can send requests to 127.0.0.1, and a
 * rebound name can make it same-origin (CVE-2018-5702, Transmission), so being on loopback proves nothing: the Host
 * must be ours, the Origin must be ours, and the caller must hold a secret. Everything not plainly allowed is refused.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** One-time tokens handed out and not used yet, and sessions, are each limited; the oldest goes first. */
const mostTokens = 16;
const mostSessions = 32;

export interface Access {
  /** Name of the session cookie. Cookies do not know ports, so the port is in the name. */
  readonly cookieName: string;
  /** For native clients, which can set a header and have no Origin. */
  readonly bearer: string;
  /** A new token for one exchange, 256 bits, base64url. */
  mintToken(): string;
  /** Uses up `token`; gives the value of a new session cookie, or null if the token is not one or was used. */
  exchange(token: string): string | null;
  /** True if the `Cookie` header holds a live session. */
  hasSession(cookieHeader: string | undefined): boolean;
  /** True if the `Authorization` header is `Bearer` and the bearer token. */
  hasBearer(authorizationHeader: string | undefined): boolean;
}

export function createAccess(port: number, random: (length: number) => Uint8Array = (n) => randomBytes(n)): Access {
  // Only digests are kept: comparing digests takes the same time whatever was sent, of whatever length.
  const tokens: Buffer[] = [];
  const sessions: Buffer[] = [];
  const secret = (): string => Buffer.from(random(32)).toString('base64url');
  const bearer = secret();
  const bearerDigest = digest(bearer);
  const cookieName = `packbench_${port}`;

  return {
    cookieName,
    bearer,
    mintToken() {
      const token = secret();
      tokens.push(digest(token));
      if (tokens.length > mostTokens) tokens.shift();
      return token;
    },
    exchange(token) {
      const found = indexOfDigest(tokens, digest(token));
      if (found < 0) return null;
      tokens.splice(found, 1);
      const session = secret();
      sessions.push(digest(session));
      if (sessions.length > mostSessions) sessions.shift();
      return session;
    },
    hasSession(cookieHeader) {
      const value = cookieValue(cookieHeader, cookieName);
      return value !== null && indexOfDigest(sessions, digest(value)) >= 0;
    },
    hasBearer(authorizationHeader) {
      const match = /^Bearer ([A-Za-z0-9_-]{1,256})$/i.exec(authorizationHeader ?? '');
      return match !== null && timingSafeEqual(digest(match[1] ?? ''), bearerDigest);
    },
  };
}

/** What of a request's head decides whether it is for us and from us. `headers` is Node's flat list of names and values. */
export interface RequestHead {
  readonly target: string | undefined;
  readonly rawHeaders: readonly string[];
}

/**
 * Why a request is not answered, or null. The Host must be exactly `127.0.0.1:PORT` or `localhost:PORT`, once; an
 * Origin, if there is one, must be that same host over http; a browser that says the request comes from another site
 * is believed, except for a person following a link to the screen.
 */
export function refusalOf(head: RequestHead, port: number): string | null {
  if (head.target === undefined || !head.target.startsWith('/')) return 'request target must be a path';
  const hosts = valuesOf(head.rawHeaders, 'host');
  const host = hosts[0];
  if (hosts.length !== 1 || host === undefined) return 'exactly one Host header is needed';
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return 'this Host is not served here';
  const origins = valuesOf(head.rawHeaders, 'origin');
  if (origins.length > 1) return 'more than one Origin header';
  if (origins.length === 1 && origins[0] !== `http://${host}`) return 'requests of this Origin are refused';
  const site = valuesOf(head.rawHeaders, 'sec-fetch-site')[0];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    const followed =
      valuesOf(head.rawHeaders, 'sec-fetch-mode')[0] === 'navigate' &&
      valuesOf(head.rawHeaders, 'sec-fetch-dest')[0] === 'document';
    if (!followed) return 'requests of other sites are refused';
  }
  return null;
}

/** True if the request carries an Origin; `refusalOf` has checked that it is ours. */
export function hasOrigin(head: RequestHead): boolean {
  return valuesOf(head.rawHeaders, 'origin').length === 1;
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) values.push(rawHeaders[index + 1] ?? '');
  }
  return values;
}

function cookieValue(header: string | undefined, name: string): string | null {
  if (header === undefined || header.length > 8_192) return null;
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return null;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

/** Looks at every entry, so that the time taken does not tell which one matched. */
function indexOfDigest(list: readonly Buffer[], wanted: Buffer): number {
  let found = -1;
  for (const [index, entry] of list.entries()) {
    if (timingSafeEqual(entry, wanted)) found = index;
  }
  return found;
}
