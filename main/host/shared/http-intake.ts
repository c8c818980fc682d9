/**
 * Takes messages of machines in the house over HTTP: one path, POST only, a bounded body, and nobody who is not let in.
 * Without a token only this machine and private networks may send; a web page never may.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { allowedPeers } from '../../../native/index.ts';
import type { HttpIntake, HttpIntakeOptions, Log } from '../../ports.ts';
import { listen, readBody } from './http-server.ts';

/** Rejects with a one-line Error if the address cannot be had or the list of those let in cannot be read. */
export async function startHttpIntake(options: HttpIntakeOptions, log: Log): Promise<HttpIntake> {
  const { host, allow } = options;
  const allowed = allowedPeers(`http-listen://${host}:${options.port}`, host, allow ?? undefined);
  const server = createServer({
    headersTimeout: 5_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 30_000,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 8_192,
    requireHostHeader: true,
    insecureHTTPParser: false,
  });
  server.maxHeadersCount = 64;
  server.maxConnections = 32;
  server.on('connection', (socket) => {
    if (!allowed(socket.remoteAddress ?? '')) socket.destroy();
  });
  server.on('request', (request, response) => {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    answer(request, options).then(
      ({ status, body }) => send(response, status, body),
      (error: unknown) => {
        log.error({ path: options.path, error: String(error) }, 'a message over HTTP could not be taken');
        send(response, 500, 'not taken; send again\n');
      },
    );
  });
  const noExpectation = (_request: IncomingMessage, response: ServerResponse): void =>
    send(response, 417, 'no expectation is met here\n');
  server.on('checkContinue', noExpectation);
  server.on('checkExpectation', noExpectation);
  server.on('upgrade', (_request, socket) => socket.destroy());
  server.on('connect', (_request, socket) => socket.destroy());
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    else socket.destroy();
  });
  const port = await listen(server, 'http-listen', options.host, options.port);
  server.on('error', (error) => log.error({ error: String(error) }, 'the HTTP intake failed'));
  return {
    origin: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  options: HttpIntakeOptions,
): Promise<{ readonly status: number; readonly body: string }> {
  // A machine sends neither; a web page cannot leave them out.
  if (request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined) {
    return { status: 403, body: 'not for web pages\n' };
  }
  if (!hasToken(request, options.token)) return { status: 401, body: 'the token is missing or wrong\n' };
  if ((request.url ?? '').split('?', 1)[0] !== options.path) return { status: 404, body: 'there is no such path\n' };
  if (request.method !== 'POST') return { status: 405, body: 'POST only\n' };
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    return { status: 415, body: 'no Content-Encoding is taken\n' };
  }
  const body = await readBody(request, options.maxBodyBytes);
  if (body === null) return { status: 413, body: `at most ${options.maxBodyBytes} bytes are taken\n` };
  if (body.length === 0) return { status: 400, body: 'the body is empty\n' };
  return options.take(body);
}

function hasToken(request: IncomingMessage, token: string | null): boolean {
  if (token === null) return true;
  const { authorization = '', 'x-token': own = '' } = request.headers;
  const given = /^Bearer (.{1,500})$/.exec(authorization)?.[1] ?? (typeof own === 'string' ? own : '');
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function send(response: ServerResponse, status: number, body: string): void {
  if (response.headersSent) return;
  const isJson = body.trimStart().startsWith('{');
  response.writeHead(status, {
    'content-type': isJson ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // Whoever was not let in gets no second try on the connection.
    ...(status === 200 || status === 422 || status === 503 ? {} : { connection: 'close' }),
    ...(status === 405 ? { allow: 'POST' } : {}),
  });
  response.end(body);
}
