/**
 * Listens for what a vendor pushes to this desk: signed requests, stored before they are answered. Its own listener,
 * apart from the screen's, and off unless a profile turns it on. It knows no vendor: `reader` verifies and reads.
 * Without a valid signature nothing has an effect, and every refusal costs the caller its connection.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock, Log } from '../../ports.ts';
import { listen, readBody } from '../shared/http-server.ts';

/** A push whose signature held. */
export interface VerifiedPush {
  readonly kind: string;
  /** The same for the same push, and for no other. */
  readonly key: string;
  /** Wall clock after which the reader refuses the same bytes by itself. */
  readonly expiresAt: number;
}

export interface PushReading<P extends VerifiedPush> {
  /** Pure: verifies and reads one request. */
  read(
    path: string,
    body: Uint8Array,
    now: number,
  ):
    { readonly ok: true; readonly push: P } | { readonly ok: false; readonly status: number; readonly message: string };
  /** The body of an answer in the vendor's form, as JSON. */
  answer(status: number, message: string): string;
}

export interface PushReceiverOptions<P extends VerifiedPush> {
  readonly reader: PushReading<P>;
  /** Must have committed what came when it resolves. If it rejects, the caller is told to send again. */
  onPush(kind: P['kind'], push: P): Promise<void>;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Keys taken before the last restart, so that a restart does not let repeats in. */
  readonly seen?: Iterable<readonly [key: string, expiresAt: number]>;
  /** Default 15,000: longest time `onPush` is waited for; what comes of it later is not answered. */
  readonly storeTimeoutMs?: number;
}

export interface PushReceiver {
  readonly port: number;
  /** `http://HOST:PORT` */
  readonly origin: string;
  /** Keys of the pushes that cannot come again, for the next start. */
  seen(): readonly (readonly [key: string, expiresAt: number])[];
  close(): Promise<void>;
}

/** Rejects with a one-line Error if the address cannot be had. */
export async function startPushReceiver<P extends VerifiedPush>(
  options: PushReceiverOptions<P>,
): Promise<PushReceiver> {
  const { clock, log } = options;
  const memory = createRepeatMemory(options.seen ?? []);
  const server = createServer({
    headersTimeout: 5_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 8_192,
    requireHostHeader: true,
    insecureHTTPParser: false,
  });
  server.maxHeadersCount = 64;
  server.maxConnections = 16;
  const port = await listen(server, 'push listener', options.host, options.port);

  server.on('request', (request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    take(request, options, memory)
      .catch((error: unknown): Verdict => {
        log.error({ error: String(error) }, 'a push could not be handled');
        return { status: 500, message: 'not stored; send again' };
      })
      .then(({ status, message, kind }) => {
        const fields = { status, reason: message, ...(kind === undefined ? {} : { kind }) };
        if (status === 200) log.info(fields, 'a push was stored');
        else log.warn(fields, 'a push was refused');
        send(response, status, options.reader.answer(status, message));
      })
      .catch((error: unknown) => {
        log.error({ error: String(error) }, 'a push could not be answered');
        response.destroy();
      });
  });
  const noExpectation = (_request: IncomingMessage, response: ServerResponse): void =>
    send(response, 417, options.reader.answer(417, 'no expectation is met here'));
  server.on('checkContinue', noExpectation);
  server.on('checkExpectation', noExpectation);
  server.on('upgrade', (_request, socket) => socket.destroy());
  server.on('connect', (_request, socket) => socket.destroy());
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    else socket.destroy();
  });
  server.on('error', (error) => log.error({ error: String(error) }, 'the push listener failed'));

  const shownHost = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    port,
    origin: `http://${shownHost}:${port}`,
    seen: () => memory.list(clock.now()),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Verdict {
  readonly status: number;
  readonly message: string;
  readonly kind?: string;
}

async function take<P extends VerifiedPush>(
  request: IncomingMessage,
  options: PushReceiverOptions<P>,
  memory: RepeatMemory,
): Promise<Verdict> {
  const { reader, clock, log } = options;
  if (request.method !== 'POST') return { status: 405, message: 'POST only' };
  // A vendor's server sends neither; a web page cannot leave them out.
  if (request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined) {
    return { status: 403, message: 'not for web pages' };
  }
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(request.headers['content-type'] ?? '')) {
    return { status: 415, message: 'Content-Type must be application/json in UTF-8' };
  }
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    return { status: 415, message: 'no Content-Encoding is taken' };
  }
  const body = await readBody(request, options.maxBodyBytes);
  if (body === null) return { status: 413, message: `at most ${options.maxBodyBytes} bytes are taken` };

  const now = clock.now();
  const verdict = reader.read(request.url ?? '/', body, now);
  if (!verdict.ok) return { status: verdict.status, message: verdict.message };
  const { push } = verdict;
  const { kind } = push;
  // Taken before it is stored: two of the same at once must not both be stored.
  if (!memory.claim(push.key, push.expiresAt, now)) {
    return { status: 409, message: 'this sign was used before; sign again with a new timestamp', kind };
  }
  const storing = options.onPush(kind, push);
  // Released only once it is certain that nothing was stored: a slow store may still commit.
  storing.catch(() => memory.release(push.key));
  try {
    await within(options.storeTimeoutMs ?? 15_000, clock, storing);
  } catch (error) {
    log.error({ kind, error: String(error) }, 'a push could not be stored');
    return { status: 503, message: 'not stored; send again', kind };
  }
  return { status: 200, message: '响应成功', kind };
}

interface RepeatMemory {
  /** False if the key is there already. */
  claim(key: string, expiresAt: number, now: number): boolean;
  release(key: string): void;
  list(now: number): readonly (readonly [string, number])[];
}

/** Only keys whose signature held come here, so its size is what the vendor itself sends within the window. */
function createRepeatMemory(seen: Iterable<readonly [string, number]>): RepeatMemory {
  const keys = new Map<string, number>(seen);
  const forget = (now: number): void => {
    for (const [key, expiresAt] of keys) if (expiresAt < now) keys.delete(key);
  };
  return {
    claim(key, expiresAt, now) {
      forget(now);
      if (keys.has(key)) return false;
      keys.set(key, expiresAt);
      return true;
    },
    release: (key) => void keys.delete(key),
    list(now) {
      forget(now);
      return [...keys];
    },
  };
}

function within(ms: number, clock: Clock, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () => reject(new Error(`storing took longer than ${ms} ms`)));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}

function send(response: ServerResponse, status: number, body: string): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 200 ? {} : { connection: 'close' }),
    ...(status === 405 ? { allow: 'POST' } : {}),
  });
  response.end(body);
}
