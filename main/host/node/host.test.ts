/** What the loopback host gives to those it serves, and gives nobody else. Over real sockets. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ContractError, calls } from '../../../preload/contract/index.ts';
import { createClient, openSocketConnection, stationContract } from '../../../preload/rpc/index.ts';
import type { Handlers, TopicSources } from '../../../preload/rpc/index.ts';
import type { Log } from '../../ports.ts';
import { createSystemClock } from '../shared/clock.ts';
import type { Backend } from '../shared/backend.ts';
import { startNodeHost } from './host.ts';
import type { NodeHost } from './host.ts';
import { connectNative } from './native-client.ts';

/** Stands in every answer that carries something of ours, so that its absence can be looked for. */
const marker = 'PACKBENCH-OWN-DATA';
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

let folder: string;
let host: NodeHost;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'packbench-host-'));
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
  host = await startNodeHost({
    station: createBackend(),
    rendererDir: screen,
    port: 0,
    log: silent,
    clock: createSystemClock(),
    burst: 300,
    perSecond: 100,
  });
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

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

/** Everything the host answers to these bytes, until it ends the connection. */
function exchange(bytes: string): Promise<{ status: number; text: string; headers: string; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(host.port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      const split = text.indexOf('\r\n\r\n');
      const headers = split < 0 ? text : text.slice(0, split);
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0),
        text,
        headers: headers.toLowerCase(),
        body: split < 0 ? '' : text.slice(split + 4),
      });
    });
    socket.write(bytes);
  });
}

/** The bytes of a request; `headers` may repeat or leave out any name. */
function request(line: string, headers: readonly string[], body = ''): string {
  return `${line} HTTP/1.1\r\n${[...headers, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`;
}

const ownHost = (): string => `Host: 127.0.0.1:${host.port}`;
const ownOrigin = (): string => `Origin: http://127.0.0.1:${host.port}`;
const tokenOf = (url: string): string => new URL(url).hash.slice('#token='.length);

const post = (headers: readonly string[], body: string): string =>
  request('POST /session', [...headers, `Content-Length: ${Buffer.byteLength(body)}`], body);
const exchangeToken = (token: string) =>
  exchange(post([ownHost(), ownOrigin(), 'Content-Type: application/json'], JSON.stringify({ token })));
const cookieOf = (headers: string, text: string): string => {
  expect(headers).toMatch(/set-cookie: packbench_\d+=[\w-]{43}; path=\/; httponly; samesite=strict/);
  return /set-cookie: ([^;]+);/i.exec(text)?.[1] ?? '';
};
const newSession = async (): Promise<string> => {
  const answer = await exchangeToken(tokenOf(host.mintUrl()));
  expect(answer.status).toBe(204);
  return cookieOf(answer.headers, answer.text);
};

const upgradeHeaders = [
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];
const upgrade = (headers: readonly string[], path = '/rpc'): string =>
  `GET ${path} HTTP/1.1\r\n${[...headers, ...upgradeHeaders, 'Connection: Upgrade'].join('\r\n')}\r\n\r\n`;

describe('what the host serves', () => {
  test('the address answers with the screen, under a strict policy and without a session', async () => {
    const answer = await exchange(request('GET /', [ownHost()]));
    expect(answer.status).toBe(200);
    expect(answer.body).toContain(marker);
    expect(answer.headers).toContain(
      "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'",
    );
    expect(answer.headers).toContain("frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    expect(answer.headers).toContain('x-content-type-options: nosniff');
    expect(answer.headers).toContain('referrer-policy: no-referrer');
    expect(answer.headers).toContain('cross-origin-opener-policy: same-origin');
    expect(answer.headers).toContain('cross-origin-resource-policy: same-origin');
    expect(answer.headers).toContain('cache-control: no-cache');
    expect(answer.headers).not.toContain('access-control-');
    expect(answer.headers).not.toContain('x-powered-by');
  });

  test('hashed files may be kept by the browser for good', async () => {
    const answer = await exchange(request('GET /assets/app-1234.js', [`Host: localhost:${host.port}`]));
    expect(answer.status).toBe(200);
    expect(answer.headers).toContain('content-type: text/javascript');
    expect(answer.headers).toContain('cache-control: public, max-age=31536000, immutable');
  });

  test('a person who follows a link to the screen is let in', async () => {
    const headers = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
    expect((await exchange(request('GET /', [ownHost(), ...headers]))).status).toBe(200);
  });

  test('the sign of life carries nothing', async () => {
    const answer = await exchange(request('GET /health', [ownHost()]));
    expect([answer.status, answer.body]).toEqual([200, '{"ok":true}']);
  });

  test('HEAD gives the head alone', async () => {
    const answer = await exchange(request('HEAD /', [ownHost()]));
    expect([answer.status, answer.body]).toEqual([200, '']);
  });

  test('the address is on 127.0.0.1 and carries a token of 256 bits where servers do not see it', () => {
    expect(host.url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${host.port}/#token=[\\w-]{43}$`));
    expect(host.mintUrl()).not.toBe(host.mintUrl());
  });

  test('a token gives a session once; the session outlives a reload of the same address', async () => {
    const token = tokenOf(host.mintUrl());
    const first = await exchangeToken(token);
    expect(first.status).toBe(204);
    const cookie = cookieOf(first.headers, first.text);
    expect((await exchangeToken(token)).status).toBe(401);
    expect((await exchange(request('GET /session', [ownHost(), `Cookie: ${cookie}`]))).status).toBe(204);
    const body = JSON.stringify({ token });
    const again = await exchange(
      post([ownHost(), ownOrigin(), 'Content-Type: application/json', `Cookie: ${cookie}`], body),
    );
    expect(again.status).toBe(204);
    expect(again.headers).not.toContain('set-cookie');
  });

  test('a browser that lost its session is told in words to open the printed address again', async () => {
    const answer = await exchange(request('GET /session', [ownHost()]));
    expect(answer.status).toBe(401);
    expect(answer.headers).toContain('content-type: text/html');
    expect(answer.body).toContain('Open the address again that the station printed');
  });

  test('a page with its session reaches the contract', async () => {
    const cookie = await newSession();
    const socket = new WebSocket(host.socketUrl, {
      headers: { cookie, origin: `http://127.0.0.1:${host.port}` },
    });
    const client = createClient(stationContract, await openSocketConnection(socket), { timers: createSystemClock() });
    await expect(client.call('station.info', {})).rejects.toMatchObject({ code: 'unavailable', message: marker });
    client.close();
  });

  test('a native client reaches the contract with the bearer token', async () => {
    const connection = await connectNative(host.socketUrl, host.bearer);
    const client = createClient(stationContract, connection, { timers: createSystemClock() });
    await expect(client.call('station.info', {})).rejects.toMatchObject({ code: 'unavailable' });
    client.close();
  });

  test('without a built screen the address says what to do', async () => {
    const bare = await startNodeHost({
      station: createBackend(),
      rendererDir: join(folder, 'absent'),
      port: 0,
      log: silent,
      clock: createSystemClock(),
    });
    const answer = await fetch(`http://127.0.0.1:${bare.port}/`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build');
    await bare.close();
  });

  test('a taken port is said in one line', async () => {
    await expect(
      startNodeHost({
        station: createBackend(),
        rendererDir: folder,
        port: host.port,
        log: silent,
        clock: createSystemClock(),
      }),
    ).rejects.toThrow(/^port \d+ is taken; .*--port$/);
  });
});

describe('what the host refuses', () => {
  const evil = 'Origin: https://evil.example';
  const json = 'Content-Type: application/json';
  const token = '{"token":"x"}';
  const attacks: readonly (readonly [string, () => string | Promise<string>])[] = [
    ['a rebound name', () => request('GET /', [`Host: evil.example:${host.port}`])],
    ['a rebound name without port', () => request('GET /', ['Host: evil.example'])],
    ['our address with another port', () => request('GET /', ['Host: 127.0.0.1:1'])],
    ['our address without port', () => request('GET /', ['Host: 127.0.0.1'])],
    ['a name that begins like ours', () => request('GET /', [`Host: 127.0.0.1.evil.example:${host.port}`])],
    ['a name that ends like ours', () => request('GET /', [`Host: evil-localhost:${host.port}`])],
    ['a user part before our address', () => request('GET /', [`Host: x@127.0.0.1:${host.port}`])],
    ['the unspecified address', () => request('GET /', [`Host: 0.0.0.0:${host.port}`])],
    ['the address of IPv6', () => request('GET /', [`Host: [::1]:${host.port}`])],
    ['no Host', () => request('GET /', [])],
    ['two Hosts', () => request('GET /', [ownHost(), 'Host: evil.example'])],
    ['an empty Host', () => request('GET /', ['Host: '])],
    ['a proxy request', () => request('GET http://evil.example/', [ownHost()])],
    ['a tunnel', () => request(`CONNECT 127.0.0.1:${host.port}`, [ownHost()])],
    ['a GET of a foreign Origin', () => request('GET /', [ownHost(), evil])],
    ['a GET of the null Origin', () => request('GET /', [ownHost(), 'Origin: null'])],
    [
      'a GET of the same address over https',
      () => request('GET /', [ownHost(), `Origin: https://127.0.0.1:${host.port}`]),
    ],
    ['a GET of another port here', () => request('GET /', [ownHost(), 'Origin: http://127.0.0.1:1'])],
    ['an Origin of our other name', () => request('GET /', [ownHost(), `Origin: http://localhost:${host.port}`])],
    [
      'a script of ours in a foreign page',
      () => request('GET /assets/app-1234.js', [ownHost(), 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Dest: script']),
    ],
    [
      'our screen in a foreign frame',
      () =>
        request('GET /', [
          ownHost(),
          'Sec-Fetch-Site: cross-site',
          'Sec-Fetch-Mode: navigate',
          'Sec-Fetch-Dest: iframe',
        ]),
    ],
    ['a POST of a foreign Origin', () => post([ownHost(), evil, json], token)],
    ['a POST of the null Origin', () => post([ownHost(), 'Origin: null', json], token)],
    ['a POST without Origin', () => post([ownHost(), json], token)],
    ['a simple POST as text', () => post([ownHost(), ownOrigin(), 'Content-Type: text/plain'], token)],
    [
      'a simple POST as a form',
      () => post([ownHost(), ownOrigin(), 'Content-Type: application/x-www-form-urlencoded'], 'token=x'),
    ],
    ['a POST without a type', () => post([ownHost(), ownOrigin()], token)],
    ['a wrong token', () => post([ownHost(), ownOrigin(), json], token)],
    ['the bearer as a token', () => post([ownHost(), ownOrigin(), json], JSON.stringify({ token: host.bearer }))],
    [
      'a used token',
      async () => {
        const used = tokenOf(host.mintUrl());
        await exchangeToken(used);
        return post([ownHost(), ownOrigin(), json], JSON.stringify({ token: used }));
      },
    ],
    ['a token that is no text', () => post([ownHost(), ownOrigin(), json], '{"token":["x"]}')],
    ['a body that is no JSON', () => post([ownHost(), ownOrigin(), json], '{')],
    ['a huge body', () => post([ownHost(), ownOrigin(), json], `{"token":"${'x'.repeat(100_000)}"}`)],
    [
      'a huge body without a length',
      () =>
        request(
          'POST /session',
          [ownHost(), ownOrigin(), json, 'Transfer-Encoding: chunked'],
          `${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n0\r\n\r\n`,
        ),
    ],
    ['a POST to the screen', () => request('POST /', [ownHost(), ownOrigin(), json, 'Content-Length: 2'], '{}')],
    [
      'a preflight',
      () =>
        request('OPTIONS /session', [
          ownHost(),
          evil,
          'Access-Control-Request-Method: POST',
          'Access-Control-Request-Headers: content-type',
          'Access-Control-Request-Private-Network: true',
        ]),
    ],
    ['a preflight of our own Origin', () => request('OPTIONS /session', [ownHost(), ownOrigin()])],
    ['PUT', () => request('PUT /index.html', [ownHost(), ownOrigin(), 'Content-Length: 1'], 'x')],
    ['DELETE', () => request('DELETE /index.html', [ownHost(), ownOrigin()])],
    ['TRACE', () => request('TRACE /', [ownHost()])],
    ['a GET with a body', () => request('GET /', [ownHost(), 'Content-Length: 3'], 'abc')],
    ['dots in the path', () => request('GET /../secret.json', [ownHost()])],
    ['dots below a folder', () => request('GET /assets/../../secret.json', [ownHost()])],
    ['escaped dots', () => request('GET /%2e%2e/secret.json', [ownHost()])],
    ['escaped dots and slash', () => request('GET /%2e%2e%2fsecret.json', [ownHost()])],
    ['a doubly escaped path', () => request('GET /%252e%252e%252fsecret.json', [ownHost()])],
    ['backslashes', () => request('GET /..%5csecret.json', [ownHost()])],
    ['an absolute path', () => request('GET //etc/passwd', [ownHost()])],
    [
      'a folder beside ours with our name at its start',
      () => request('GET /../renderer-other/secret.json', [ownHost()]),
    ],
    ['a link out of the folder', () => request('GET /link.json', [ownHost()])],
    ['a folder link out of the folder', () => request('GET /up/secret.json', [ownHost()])],
    ['a hidden file', () => request('GET /.env', [ownHost()])],
    ['a source map', () => request('GET /app.js.map', [ownHost()])],
    ['a NUL in the path', () => request('GET /index.html%00.js', [ownHost()])],
    ['a folder', () => request('GET /assets/', [ownHost()])],
    ['a broken escape', () => request('GET /%zz', [ownHost()])],
    ['an endless head', () => request('GET /', [ownHost(), `X-Long: ${'x'.repeat(20_000)}`])],
    ['an expectation', () => request('GET /', [ownHost(), 'Expect: 100-continue'])],
    ['no HTTP', () => 'EHLO evil.example\r\n\r\n'],
    ['TLS', () => '\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000\u00a1\u0003\u0003'],
    ['a socket without session or token', () => upgrade([ownHost(), ownOrigin()])],
    ['a socket without Origin or token', () => upgrade([ownHost()])],
    ['a socket with a session but no Origin', async () => upgrade([ownHost(), `Cookie: ${await newSession()}`])],
    [
      'a socket of a foreign Origin with a session',
      async () => upgrade([ownHost(), evil, `Cookie: ${await newSession()}`]),
    ],
    ['a socket of the null Origin', async () => upgrade([ownHost(), 'Origin: null', `Cookie: ${await newSession()}`])],
    [
      'a socket of a page on another port here, which the browser sends our cookie from',
      async () => upgrade([ownHost(), 'Origin: http://127.0.0.1:1', `Cookie: ${await newSession()}`]),
    ],
    [
      'a socket of a foreign Origin with the token',
      () => upgrade([ownHost(), evil, `Authorization: Bearer ${host.bearer}`]),
    ],
    [
      'a socket through a rebound name',
      () => upgrade([`Host: evil.example:${host.port}`, `Authorization: Bearer ${host.bearer}`]),
    ],
    ['a socket with a wrong token', () => upgrade([ownHost(), `Authorization: Bearer ${'A'.repeat(43)}`])],
    ['a socket with an empty token', () => upgrade([ownHost(), 'Authorization: Bearer '])],
    ['a socket with a token of another scheme', () => upgrade([ownHost(), `Authorization: Basic ${host.bearer}`])],
    [
      'a socket with a made-up session',
      () => upgrade([ownHost(), ownOrigin(), `Cookie: packbench_${host.port}=${'A'.repeat(43)}`]),
    ],
    [
      'a socket with the session of another port',
      () => upgrade([ownHost(), ownOrigin(), `Cookie: packbench_1=${'A'.repeat(43)}`]),
    ],
    ['a socket with the token in the path', () => upgrade([ownHost(), ownOrigin()], `/rpc?token=${host.bearer}`)],
    ['a socket at another path', () => upgrade([ownHost(), `Authorization: Bearer ${host.bearer}`], '/')],
    ['the contract without an upgrade', () => request('GET /rpc', [ownHost(), `Authorization: Bearer ${host.bearer}`])],
  ];

  test('is tried in at least thirty ways', () => {
    expect(attacks.length).toBeGreaterThanOrEqual(30);
  });

  test.each(attacks)('%s: no byte of ours', async (_what, build) => {
    const answer = await exchange(await build());
    expect(answer.status === 0 || (answer.status >= 400 && answer.status < 500)).toBe(true);
    expect(answer.text).not.toContain(marker);
    expect(answer.text).not.toContain(host.bearer);
    expect(answer.headers).not.toContain('access-control-');
    expect(answer.headers).not.toContain('set-cookie');
    expect(answer.headers).not.toContain('101 switching');
  });

  test('connections from outside this machine: nothing listens there', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address !== undefined && !address.internal && address.family === 'IPv4');
    if (outside === undefined) return;
    const refused = await new Promise<string | undefined>((resolve) => {
      const socket = connect(host.port, outside.address);
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.on('connect', () => {
        socket.destroy();
        resolve('connected');
      });
    });
    expect(refused).toBe('ECONNREFUSED');
  });
});

describe('what the host puts up with from those it serves', () => {
  const socketOf = async (): Promise<WebSocket> => {
    const socket = new WebSocket(host.socketUrl, { headers: { authorization: `Bearer ${host.bearer}` } });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    socket.on('error', () => {});
    return socket;
  };
  const closed = (socket: WebSocket): Promise<number> =>
    new Promise((resolve) => socket.once('close', (code) => resolve(code)));

  test('a message far above the limit ends the connection unread', async () => {
    const socket = await socketOf();
    const end = closed(socket);
    socket.send('x'.repeat(2_000_000));
    expect(await end).toBe(1009);
  });

  test('a binary message ends the connection', async () => {
    const socket = await socketOf();
    const end = closed(socket);
    socket.send(Buffer.from([1, 2, 3]));
    expect(await end).toBe(1000);
  });

  test('a flood of messages ends the connection', async () => {
    const socket = await socketOf();
    const end = closed(socket);
    for (let count = 0; count < 1_000; count += 1) socket.send(JSON.stringify({ kind: 'seen', id: count }));
    // The close frame may or may not arrive before the connection is gone.
    expect([1000, 1006]).toContain(await end);
  });

  test('a client that does not answer the heartbeat is dropped', async () => {
    const strict = await startNodeHost({
      station: createBackend(),
      rendererDir: folder,
      port: 0,
      log: silent,
      clock: createSystemClock(),
      heartbeatMs: 20,
    });
    const socket = new WebSocket(strict.socketUrl, {
      headers: { authorization: `Bearer ${strict.bearer}` },
      autoPong: false,
    });
    socket.on('error', () => {});
    expect(await closed(socket)).toBe(1006);
    await strict.close();
  });

  test('more screens than allowed are refused', async () => {
    const small = await startNodeHost({
      station: createBackend(),
      rendererDir: folder,
      port: 0,
      log: silent,
      clock: createSystemClock(),
      mostSockets: 1,
    });
    const first = await connectNative(small.socketUrl, small.bearer);
    await expect(connectNative(small.socketUrl, small.bearer)).rejects.toThrow(/did not accept/);
    first.close('done');
    await small.close();
  });

  test('closing the host ends every connection', async () => {
    const brief = await startNodeHost({
      station: createBackend(),
      rendererDir: folder,
      port: 0,
      log: silent,
      clock: createSystemClock(),
    });
    const connection = await connectNative(brief.socketUrl, brief.bearer);
    const ended = new Promise<string>((resolve) => connection.onClose(resolve));
    await brief.close();
    expect(await ended).not.toBe('');
    await expect(connectNative(brief.socketUrl, brief.bearer)).rejects.toThrow(/did not accept the connection/);
  });
});
