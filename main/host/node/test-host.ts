/** A running host with something of its own to give away, and raw sockets to try it with. For tests only. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContractError, calls } from '../../../preload/contract/index.ts';
import type { Handlers, TopicSources } from '../../../preload/rpc/index.ts';
import type { Log } from '../../ports.ts';
import type { Backend } from '../shared/backend.ts';
import { createSystemClock } from '../shared/clock.ts';
import { startNodeHost } from './host.ts';
import type { NodeHost, NodeHostOptions } from './host.ts';

/** Stands in every answer that carries something of ours, so that its absence can be looked for. */
export const marker = 'PACKBENCH-OWN-DATA';

export interface TestHost {
  readonly host: NodeHost;
  readonly folder: string;
  /** `Host` and `Origin` headers as our own page sends them. */
  readonly ownHost: string;
  readonly ownOrigin: string;
  /** Sends these bytes; gives everything that is answered until the host ends the connection. */
  exchange(bytes: string): Promise<RawAnswer>;
  exchangeToken(token: string): Promise<RawAnswer>;
  /** `NAME=VALUE` of a new session's cookie. */
  newSession(): Promise<string>;
  /** Another host over the same screen. */
  startAnother(options: Partial<NodeHostOptions>): Promise<NodeHost>;
  close(): Promise<void>;
}

export interface RawAnswer {
  readonly status: number;
  readonly text: string;
  /** In lower case. */
  readonly headers: string;
  readonly body: string;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

export async function startTestHost(): Promise<TestHost> {
  const folder = mkdtempSync(join(tmpdir(), 'packbench-host-'));
  const screen = join(folder, 'renderer');
  mkdirSync(join(screen, 'assets'), { recursive: true });
  mkdirSync(join(folder, 'renderer-other'));
  writeFileSync(join(screen, 'index.html'), `<!doctype html><title>${marker}</title>`);
  writeFileSync(join(screen, 'assets', 'app-1234.js'), `// ${marker}`);
  writeFileSync(join(screen, '.env'), marker);
  writeFileSync(join(screen, 'app.js.map'), marker);
  writeFileSync(join(folder, 'secret.json'), `{"x":"${marker}"}`);
  writeFileSync(join(folder, 'renderer-other', 'secret.json'), `{"x":"${marker}"}`);
  symlinkSync(join(folder, 'secret.json'), join(screen, 'link.json'));
  symlinkSync(folder, join(screen, 'up'));
  const startAnother = (options: Partial<NodeHostOptions>): Promise<NodeHost> =>
    startNodeHost({
      station: createBackend(),
      rendererDir: screen,
      port: 0,
      log: silent,
      clock: createSystemClock(),
      ...options,
    });
  const host = await startAnother({ burst: 300, perSecond: 100 });
  const ownHost = `Host: 127.0.0.1:${host.port}`;
  const ownOrigin = `Origin: http://127.0.0.1:${host.port}`;
  const exchange = (bytes: string): Promise<RawAnswer> => exchangeWith(host.port, bytes);
  const exchangeToken = (token: string): Promise<RawAnswer> =>
    exchange(post([ownHost, ownOrigin, 'Content-Type: application/json'], JSON.stringify({ token })));
  return {
    host,
    folder,
    ownHost,
    ownOrigin,
    exchange,
    exchangeToken,
    startAnother,
    async newSession() {
      return cookieOf(await exchangeToken(tokenOf(host.mintUrl())));
    },
    async close() {
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function createBackend(): Backend {
  const handlers = Object.fromEntries(
    Object.keys(calls).map((name) => [
      name,
      () => {
        throw new ContractError('unavailable', marker);
      },
    ]),
  ) as unknown as Handlers;
  const source = {
    current() {
      throw new ContractError('unavailable', marker);
    },
    onChange: () => () => {},
  };
  const topics = Object.fromEntries(
    ['pack', 'weight', 'status', 'queue', 'training'].map((topic) => [topic, source]),
  ) as unknown as TopicSources;
  return { handlers, topics };
}

function exchangeWith(port: number, bytes: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // The host may be gone before it has taken everything; what it answered until then counts.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      const split = text.indexOf('\r\n\r\n');
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0),
        text,
        headers: (split < 0 ? text : text.slice(0, split)).toLowerCase(),
        body: split < 0 ? '' : text.slice(split + 4),
      });
    });
    socket.write(bytes);
  });
}

/** The bytes of a request; `headers` may repeat or leave out any name. */
export function request(line: string, headers: readonly string[], body = ''): string {
  return `${line} HTTP/1.1\r\n${[...headers, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`;
}

export function post(headers: readonly string[], body: string): string {
  return request('POST /session', [...headers, `Content-Length: ${Buffer.byteLength(body)}`], body);
}

export function upgrade(headers: readonly string[], path = '/rpc'): string {
  const all = [
    ...headers,
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    // The sample key of RFC 6455 section 1.3.
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Connection: Upgrade',
  ];
  return `GET ${path} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n`;
}

export function tokenOf(url: string): string {
  return new URL(url).hash.slice('#token='.length);
}

/** Fails if the answer set no session cookie, or a lax one. */
export function cookieOf(answer: RawAnswer): string {
  const found = /set-cookie: (packbench_\d+=[\w-]{43}); Path=\/; HttpOnly; SameSite=Strict/i.exec(answer.text);
  if (found?.[1] === undefined) throw new Error(`no strict session cookie in: ${answer.headers}`);
  return found[1];
}
