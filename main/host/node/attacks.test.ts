/** What the loopback host gives to nobody else. Over real sockets. */
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { marker, post, request, startTestHost, tokenOf, upgrade } from './test-host.ts';
import type { TestHost } from './test-host.ts';

let served: TestHost;
beforeAll(async () => {
  served = await startTestHost();
});
afterAll(() => served.close());

describe('what the host refuses', () => {
  const evil = 'Origin: https://evil.example';
  const json = 'Content-Type: application/json';
  const token = '{"token":"x"}';
  const attacks: readonly (readonly [string, () => string | Promise<string>])[] = [
    ['a rebound name', () => request('GET /', [`Host: evil.example:${served.host.port}`])],
    ['a rebound name without port', () => request('GET /', ['Host: evil.example'])],
    ['our address with another port', () => request('GET /', ['Host: 127.0.0.1:1'])],
    ['our address without port', () => request('GET /', ['Host: 127.0.0.1'])],
    ['a name that begins like ours', () => request('GET /', [`Host: 127.0.0.1.evil.example:${served.host.port}`])],
    ['a name that ends like ours', () => request('GET /', [`Host: evil-localhost:${served.host.port}`])],
    ['a user part before our address', () => request('GET /', [`Host: x@127.0.0.1:${served.host.port}`])],
    ['the unspecified address', () => request('GET /', [`Host: 0.0.0.0:${served.host.port}`])],
    ['the address of IPv6', () => request('GET /', [`Host: [::1]:${served.host.port}`])],
    ['no Host', () => request('GET /', [])],
    ['two Hosts', () => request('GET /', [served.ownHost, 'Host: evil.example'])],
    ['an empty Host', () => request('GET /', ['Host: '])],
    ['a proxy request', () => request('GET http://evil.example/', [served.ownHost])],
    ['a tunnel', () => request(`CONNECT 127.0.0.1:${served.host.port}`, [served.ownHost])],
    ['a GET of a foreign Origin', () => request('GET /', [served.ownHost, evil])],
    ['a GET of the null Origin', () => request('GET /', [served.ownHost, 'Origin: null'])],
    [
      'a GET of the same address over https',
      () => request('GET /', [served.ownHost, `Origin: https://127.0.0.1:${served.host.port}`]),
    ],
    ['a GET of another port here', () => request('GET /', [served.ownHost, 'Origin: http://127.0.0.1:1'])],
    [
      'an Origin of our other name',
      () => request('GET /', [served.ownHost, `Origin: http://localhost:${served.host.port}`]),
    ],
    [
      'a script of ours in a foreign page',
      () =>
        request('GET /assets/app-1234.js', [served.ownHost, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Dest: script']),
    ],
    [
      'our screen in a foreign frame',
      () =>
        request('GET /', [
          served.ownHost,
          'Sec-Fetch-Site: cross-site',
          'Sec-Fetch-Mode: navigate',
          'Sec-Fetch-Dest: iframe',
        ]),
    ],
    ['a POST of a foreign Origin', () => post([served.ownHost, evil, json], token)],
    ['a POST of the null Origin', () => post([served.ownHost, 'Origin: null', json], token)],
    ['a POST without Origin', () => post([served.ownHost, json], token)],
    ['a simple POST as text', () => post([served.ownHost, served.ownOrigin, 'Content-Type: text/plain'], token)],
    [
      'a simple POST as a form',
      () => post([served.ownHost, served.ownOrigin, 'Content-Type: application/x-www-form-urlencoded'], 'token=x'),
    ],
    ['a POST without a type', () => post([served.ownHost, served.ownOrigin], token)],
    ['a wrong token', () => post([served.ownHost, served.ownOrigin, json], token)],
    [
      'the bearer as a token',
      () => post([served.ownHost, served.ownOrigin, json], JSON.stringify({ token: served.host.bearer })),
    ],
    [
      'a used token',
      async () => {
        const used = tokenOf(served.host.mintUrl());
        await served.exchangeToken(used);
        return post([served.ownHost, served.ownOrigin, json], JSON.stringify({ token: used }));
      },
    ],
    ['a token that is no text', () => post([served.ownHost, served.ownOrigin, json], '{"token":["x"]}')],
    ['a body that is no JSON', () => post([served.ownHost, served.ownOrigin, json], '{')],
    ['a huge body', () => post([served.ownHost, served.ownOrigin, json], `{"token":"${'x'.repeat(100_000)}"}`)],
    [
      'a huge body without a length',
      () =>
        request(
          'POST /session',
          [served.ownHost, served.ownOrigin, json, 'Transfer-Encoding: chunked'],
          `${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n0\r\n\r\n`,
        ),
    ],
    [
      'a POST to the screen',
      () => request('POST /', [served.ownHost, served.ownOrigin, json, 'Content-Length: 2'], '{}'),
    ],
    [
      'a preflight',
      () =>
        request('OPTIONS /session', [
          served.ownHost,
          evil,
          'Access-Control-Request-Method: POST',
          'Access-Control-Request-Headers: content-type',
          'Access-Control-Request-Private-Network: true',
        ]),
    ],
    ['a preflight of our own Origin', () => request('OPTIONS /session', [served.ownHost, served.ownOrigin])],
    ['PUT', () => request('PUT /index.html', [served.ownHost, served.ownOrigin, 'Content-Length: 1'], 'x')],
    ['DELETE', () => request('DELETE /index.html', [served.ownHost, served.ownOrigin])],
    ['TRACE', () => request('TRACE /', [served.ownHost])],
    ['a GET with a body', () => request('GET /', [served.ownHost, 'Content-Length: 3'], 'abc')],
    ['dots in the path', () => request('GET /../secret.json', [served.ownHost])],
    ['dots below a folder', () => request('GET /assets/../../secret.json', [served.ownHost])],
    ['escaped dots', () => request('GET /%2e%2e/secret.json', [served.ownHost])],
    ['escaped dots and slash', () => request('GET /%2e%2e%2fsecret.json', [served.ownHost])],
    ['a doubly escaped path', () => request('GET /%252e%252e%252fsecret.json', [served.ownHost])],
    ['backslashes', () => request('GET /..%5csecret.json', [served.ownHost])],
    ['an absolute path', () => request('GET //etc/passwd', [served.ownHost])],
    [
      'a folder beside ours with our name at its start',
      () => request('GET /../renderer-other/secret.json', [served.ownHost]),
    ],
    ['a link out of the folder', () => request('GET /link.json', [served.ownHost])],
    ['a folder link out of the folder', () => request('GET /up/secret.json', [served.ownHost])],
    ['a hidden file', () => request('GET /.env', [served.ownHost])],
    ['a source map', () => request('GET /app.js.map', [served.ownHost])],
    ['a NUL in the path', () => request('GET /index.html%00.js', [served.ownHost])],
    ['a folder', () => request('GET /assets/', [served.ownHost])],
    ['a broken escape', () => request('GET /%zz', [served.ownHost])],
    ['an endless head', () => request('GET /', [served.ownHost, `X-Long: ${'x'.repeat(20_000)}`])],
    ['an expectation', () => request('GET /', [served.ownHost, 'Expect: 100-continue'])],
    ['no HTTP', () => 'EHLO evil.example\r\n\r\n'],
    ['TLS', () => '\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000\u00a1\u0003\u0003'],
    ['a socket without session or token', () => upgrade([served.ownHost, served.ownOrigin])],
    ['a socket without Origin or token', () => upgrade([served.ownHost])],
    [
      'a socket with a session but no Origin',
      async () => upgrade([served.ownHost, `Cookie: ${await served.newSession()}`]),
    ],
    [
      'a socket of a foreign Origin with a session',
      async () => upgrade([served.ownHost, evil, `Cookie: ${await served.newSession()}`]),
    ],
    [
      'a socket of the null Origin',
      async () => upgrade([served.ownHost, 'Origin: null', `Cookie: ${await served.newSession()}`]),
    ],
    [
      'a socket of a page on another port here, which the browser sends our cookie from',
      async () => upgrade([served.ownHost, 'Origin: http://127.0.0.1:1', `Cookie: ${await served.newSession()}`]),
    ],
    [
      'a socket of a foreign Origin with the token',
      () => upgrade([served.ownHost, evil, `Authorization: Bearer ${served.host.bearer}`]),
    ],
    [
      'a socket through a rebound name',
      () => upgrade([`Host: evil.example:${served.host.port}`, `Authorization: Bearer ${served.host.bearer}`]),
    ],
    ['a socket with a wrong token', () => upgrade([served.ownHost, `Authorization: Bearer ${'A'.repeat(43)}`])],
    ['a socket with an empty token', () => upgrade([served.ownHost, 'Authorization: Bearer '])],
    [
      'a socket with a token of another scheme',
      () => upgrade([served.ownHost, `Authorization: Basic ${served.host.bearer}`]),
    ],
    [
      'a socket with a made-up session',
      () => upgrade([served.ownHost, served.ownOrigin, `Cookie: packbench_${served.host.port}=${'A'.repeat(43)}`]),
    ],
    [
      'a socket with the session of another port',
      () => upgrade([served.ownHost, served.ownOrigin, `Cookie: packbench_1=${'A'.repeat(43)}`]),
    ],
    [
      'a socket with the token in the path',
      () => upgrade([served.ownHost, served.ownOrigin], `/rpc?token=${served.host.bearer}`),
    ],
    ['a socket at another path', () => upgrade([served.ownHost, `Authorization: Bearer ${served.host.bearer}`], '/')],
    [
      'the contract without an upgrade',
      () => request('GET /rpc', [served.ownHost, `Authorization: Bearer ${served.host.bearer}`]),
    ],
  ];

  test('is tried in at least thirty ways', () => {
    expect(attacks.length).toBeGreaterThanOrEqual(30);
  });

  test.each(attacks)('%s: no byte of ours', async (_what, build) => {
    const answer = await served.exchange(await build());
    expect(answer.status === 0 || (answer.status >= 400 && answer.status < 500)).toBe(true);
    expect(answer.text).not.toContain(marker);
    expect(answer.text).not.toContain(served.host.bearer);
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
      const socket = connect(served.host.port, outside.address);
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.on('connect', () => {
        socket.destroy();
        resolve('connected');
      });
    });
    expect(refused).toBe('ECONNREFUSED');
  });
});
