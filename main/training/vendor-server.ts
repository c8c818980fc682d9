/**
 * The base of a virtual vendor: real HTTP on loopback, the vendor's clock, fault knobs, and a count of every effect.
 * It knows no vendor; each twin brings its interfaces and its rules.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { timingSafeEqual } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Clock, Log, Timer } from '../ports.ts';
import { FaultSet } from './faults.ts';

/** One call as an interface sees it. */
export interface TwinRequest {
  readonly method: string;
  /** Path without query, as sent (not decoded). */
  readonly path: string;
  /** The captured parts of the path, as sent (not decoded). */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  /** Lower-case names; a header sent twice is joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes that were signed. */
  readonly body: Buffer;
  /** The vendor's clock (with its skew) when the call was taken up, milliseconds since the epoch. */
  readonly now: number;
}

export interface TwinAnswer {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface TwinRoute {
  /** What faults and counts call this interface. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** Anchored; its groups become `parts`. */
  readonly path: RegExp;
  /**
   * Checks first, then `await work()` (the vendor's own processing time), then the effect in one turn. A caller that
   * hangs up does not stop it: the effect still happens, as at a real vendor.
   */
  handle(request: TwinRequest, work: () => Promise<void>): Promise<TwinAnswer> | TwinAnswer;
}

/** What a vendor brings to the base. */
export interface Twin {
  readonly id: string;
  readonly routes: readonly TwinRoute[];
  /** The answer to a path that is not one of the routes. */
  notFound(): TwinAnswer;
  /** The answer to a body over the cap. */
  tooLarge(): TwinAnswer;
  expireTokens?(): void;
}

export interface VendorServerOptions {
  readonly twin: Twin;
  readonly clock: Clock;
  readonly log: Log;
  /** The vendor's own processing time before an effect, milliseconds. */
  readonly processingMs: number;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Largest body taken, bytes. Default 1 MiB. */
  readonly bodyCap?: number;
}

export interface VendorServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly origin: string;
  readonly faults: FaultSet;
  /** Calls seen per interface, whatever came of them. */
  readonly calls: ReadonlyMap<string, number>;
  setProcessingMs(ms: number): void;
  /** Destroys every connection, drops work not yet done, frees the port. */
  stop(): Promise<void>;
}

/** Answers as JSON text. */
export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): TwinAnswer {
  return { status, type: 'application/json;charset=UTF-8', headers, body: JSON.stringify(value) };
}

/** Hexadecimal digests compared in constant time, either case. */
export function sameHex(given: string, expected: string): boolean {
  const a = Buffer.from(given.toLowerCase(), 'utf8');
  const b = Buffer.from(expected.toLowerCase(), 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The body as JSON, or undefined if it is not UTF-8 JSON. */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

export function isJsonType(headers: Readonly<Record<string, string>>): boolean {
  return /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
}

/** Starts one virtual vendor on 127.0.0.1. */
export async function startVendorServer(options: VendorServerOptions): Promise<VendorServer> {
  const { twin, clock, log } = options;
  const bodyCap = options.bodyCap ?? 1024 * 1024;
  const faults = new FaultSet();
  const calls = new Map<string, number>();
  const lastAnswers = new Map<string, TwinAnswer>();
  const timers = new Set<Timer>();
  let processingMs = options.processingMs;
  let stopped = false;

  const wait = (ms: number): Promise<void> =>
    ms <= 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          const timer = clock.after(ms, () => {
            timers.delete(timer);
            resolve();
          });
          timers.add(timer);
        });

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = '/', search = ''] = (incoming.url ?? '/').split('?', 2);
    const method = incoming.method ?? 'GET';
    const route = twin.routes.find((candidate) => candidate.method === method && candidate.path.test(path));
    const name = route?.name ?? 'unknown';
    calls.set(name, (calls.get(name) ?? 0) + 1);

    const skew = faults.take('skew', name)?.ms ?? 0;
    const twice = faults.take('duplicate-answer', name) !== null;
    const send = (answer: TwinAnswer): void => write(incoming, response, answer, clock.now() + skew, twice);

    if (faults.take('cut-before', name)) return void incoming.socket.destroy();
    const body = await readBody(incoming, bodyCap);
    if (body === 'cut') return;
    if (body === 'too-large') return send(twin.tooLarge());

    const slow = faults.take('latency', name);
    if (slow && slow.where !== 'after') await wait(slow.ms);
    const throttle = faults.take('throttle', name);
    if (throttle) return send(throttled(throttle.retryAfterS ?? 1));
    const stale = faults.take('stale-answer', name) ? lastAnswers.get(name) : undefined;
    if (stale) return send(stale);
    if (faults.take('token-expired', name)) twin.expireTokens?.();

    const spoiled = takeSpoiled(faults, name);
    if (spoiled && !spoiled.effect) return send(spoiled.answer);
    const cutAfter = faults.take('cut-after', name) !== null;

    const match = route?.path.exec(path);
    const answer =
      route && match
        ? await route.handle(
            {
              method,
              path,
              parts: match.slice(1),
              query: new URLSearchParams(search),
              headers: flatHeaders(incoming),
              body,
              now: clock.now() + skew,
            },
            () => wait(processingMs),
          )
        : twin.notFound();
    if (stopped) return;
    lastAnswers.set(name, answer);
    if (slow?.where === 'after') await wait(slow.ms);
    if (cutAfter) return void incoming.socket.destroy();
    send(spoiled?.answer ?? answer);
  };

  const server: Server = createServer({ keepAliveTimeout: 65_000 }, (incoming, response) => {
    response.sendDate = false;
    serve(incoming, response).catch((error: unknown) => {
      // A training record that cannot be written: no effect, and the caller must not think otherwise.
      log.error({ vendor: twin.id, error: String(error) }, 'the virtual vendor failed');
      write(incoming, response, internalError(), clock.now(), false);
    });
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;

  return {
    origin: `http://127.0.0.1:${port}`,
    faults,
    calls,
    setProcessingMs: (ms) => void (processingMs = ms),
    async stop() {
      if (stopped) return;
      stopped = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function throttled(retryAfterS: number): TwinAnswer {
  return {
    status: 429,
    type: 'application/json;charset=UTF-8',
    headers: { 'Retry-After': String(retryAfterS) },
    body: '{"code":429,"success":false,"detail":"too many requests","message":"too many requests","data":null}',
  };
}

function internalError(): TwinAnswer {
  return { status: 500, type: 'text/plain;charset=UTF-8', body: 'Internal Server Error' };
}

function takeSpoiled(faults: FaultSet, route: string): { answer: TwinAnswer; effect: boolean } | null {
  const error = faults.take('error-500', route);
  if (error) return { answer: internalError(), effect: error.effect ?? false };
  const html = faults.take('html', route);
  if (html) {
    const body =
      '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to the network.</body></html>';
    return { answer: { status: 200, type: 'text/html;charset=UTF-8', body }, effect: html.effect ?? false };
  }
  const garbage = faults.take('garbage', route);
  if (garbage) {
    const body = Buffer.from('{"code":200,"succ\u0000\u00ff\u00fe\u0080', 'latin1');
    return { answer: { status: 200, type: 'application/json', body }, effect: garbage.effect ?? false };
  }
  return null;
}

async function readBody(incoming: IncomingMessage, cap: number): Promise<Buffer | 'too-large' | 'cut'> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of incoming) {
      const bytes = chunk as Buffer;
      length += bytes.length;
      // Beyond the cap bytes are read and dropped, so that the caller can read the answer.
      if (length <= cap) chunks.push(bytes);
      else if (length > cap * 4) return 'cut';
    }
  } catch {
    return 'cut';
  }
  return length > cap ? 'too-large' : Buffer.concat(chunks);
}

function flatHeaders(incoming: IncomingMessage): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function write(
  incoming: IncomingMessage,
  response: ServerResponse,
  answer: TwinAnswer,
  now: number,
  twice: boolean,
): void {
  const socket = incoming.socket;
  if (socket.destroyed || response.headersSent) return;
  let body = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : answer.body;
  const headers: Record<string, string> = {
    Date: new Date(now).toUTCString(),
    'Content-Type': answer.type,
    ...answer.headers,
  };
  if (body.length > 1_024 && /\bgzip\b/i.test(String(incoming.headers['accept-encoding'] ?? ''))) {
    body = gzipSync(body, { level: 1 });
    headers['Content-Encoding'] = 'gzip';
  }
  headers['Content-Length'] = String(body.length);
  response.writeHead(answer.status, headers);
  response.end(body, () => {
    if (!twice || socket.destroyed) return;
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      Buffer.concat([Buffer.from(`HTTP/1.1 ${answer.status} Again\r\n${head.join('')}\r\n`, 'latin1'), body]),
    );
  });
}

/** How often one effect happened: in all, for how many distinct keys, and how many were repeats of a key. */
export interface EffectCount {
  readonly total: number;
  readonly distinct: number;
  readonly duplicates: number;
}

/** Counts effects per kind and business key. */
export class EffectCounter {
  readonly #kinds = new Map<string, Map<string, number>>();

  add(kind: string, key: string): void {
    const keys = this.#kinds.get(kind) ?? new Map<string, number>();
    keys.set(key, (keys.get(key) ?? 0) + 1);
    this.#kinds.set(kind, keys);
  }

  /** How often this effect happened for this key. */
  of(kind: string, key: string): number {
    return this.#kinds.get(kind)?.get(key) ?? 0;
  }

  count(kind: string): EffectCount {
    const keys = this.#kinds.get(kind);
    const distinct = keys?.size ?? 0;
    const total = keys ? [...keys.values()].reduce((sum, count) => sum + count, 0) : 0;
    return { total, distinct, duplicates: total - distinct };
  }

  all(): Record<string, EffectCount> {
    return Object.fromEntries([...this.#kinds.keys()].map((kind) => [kind, this.count(kind)]));
  }
}
