/** Answers plain HTTP requests: the screen's files, the exchange of a token for a session, and a sign of life. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Log } from '../../ports.ts';
import type { ScreenFiles } from '../shared/screen-files.ts';
import { securityHeaders } from '../shared/screen-security.ts';
import { hasOrigin, refusalOf } from './access.ts';
import type { Access } from './access.ts';
import { lostSessionPage, noScreenPage } from './pages.ts';

const largestBodyBytes = 4_096;
const TokenExchange = z.strictObject({ token: z.string().min(1).max(256) });

export interface RequestDeps {
  readonly port: number;
  readonly access: Access;
  readonly files: ScreenFiles;
  readonly log: Log;
}

/**
 * `GET|HEAD /health` -> `{"ok":true}` · `GET|HEAD /session` -> 204, or 401 with a page that says what to do ·
 * `POST /session` `{"token":"…"}` -> 204 with the session cookie, or 401 · `GET|HEAD` anything else -> a file of the
 * screen. Only the session exchange has an effect, and only it takes a body.
 */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  deps: RequestDeps,
): Promise<void> {
  const head = { target: request.url, rawHeaders: request.rawHeaders };
  const refusal = refusalOf(head, deps.port);
  if (refusal !== null) return refuse(request, response, 403, refusal);

  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (path === '/session' && request.method === 'POST') {
    if (!hasOrigin(head)) return refuse(request, response, 403, 'a POST needs an Origin');
    return exchangeToken(request, response, deps);
  }
  if (!reading) {
    response.setHeader('allow', path === '/session' ? 'GET, HEAD, POST' : 'GET, HEAD');
    return refuse(request, response, 405, 'this method is not served here');
  }
  if (hasBody(request)) return refuse(request, response, 400, 'a GET takes no body');

  if (path === '/health') return send(request, response, 200, 'application/json', '{"ok":true}');
  if (path === '/session') {
    if (deps.access.hasSession(request.headers.cookie)) return send(request, response, 204, null, '');
    return send(request, response, 401, 'text/html; charset=utf-8', lostSessionPage);
  }
  const file = await deps.files.read(path);
  if (file !== null) {
    response.setHeader('cache-control', file.cacheControl);
    return send(request, response, 200, file.contentType, file.bytes);
  }
  if (path === '/') return send(request, response, 503, 'text/html; charset=utf-8', noScreenPage);
  return refuse(request, response, 404, 'there is no such file');
}

async function exchangeToken(request: IncomingMessage, response: ServerResponse, deps: RequestDeps): Promise<void> {
  // A form or a "simple" cross-site POST cannot have this type without a preflight, which is never granted.
  if (request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') {
    return refuse(request, response, 415, 'send application/json');
  }
  const body = await readBody(request);
  if (body === null) return refuse(request, response, 413, `at most ${largestBodyBytes} bytes are read`);
  // A page that was opened before exchanges its used token again; its cookie is what counts.
  if (deps.access.hasSession(request.headers.cookie)) return send(request, response, 204, null, '');
  let parsed: z.infer<typeof TokenExchange>;
  try {
    parsed = TokenExchange.parse(JSON.parse(body));
  } catch {
    return refuse(request, response, 400, 'send {"token":"…"}');
  }
  const session = deps.access.exchange(parsed.token);
  if (session === null) {
    deps.log.warn({}, 'a token was refused that is unknown or was used before');
    return refuse(request, response, 401, 'this token is unknown or was used before; open the printed address again');
  }
  response.setHeader('set-cookie', `${deps.access.cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`);
  return send(request, response, 204, null, '');
}

function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** The body as text, or null if it is longer than allowed; reads no further than that. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? '0') > largestBodyBytes) return null;
  const chunks: Buffer[] = [];
  let length = 0;
  // The request is left alive when reading stops early: its connection still carries the answer that says why.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.byteLength;
    if (length > largestBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** One line that says why, and the end of the connection: whoever was refused gets no second try on it. */
export function refuse(request: IncomingMessage, response: ServerResponse, status: number, reason: string): void {
  response.setHeader('connection', 'close');
  send(request, response, status, 'application/json', JSON.stringify({ error: reason }));
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  contentType: string | null,
  body: string | Uint8Array,
): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  if (!response.hasHeader('cache-control')) response.setHeader('cache-control', 'no-store');
  if (contentType !== null) {
    response.setHeader('content-type', contentType);
    response.setHeader('content-length', Buffer.byteLength(body));
  }
  response.writeHead(status);
  response.end(request.method === 'HEAD' || contentType === null ? undefined : body);
}
