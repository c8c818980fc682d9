/** What the loopback host gives to those it serves, and what it puts up with from them. Over real sockets. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createClient, openSocketConnection, stationContract } from '../../../preload/rpc/index.ts';
import { createSystemClock } from '../shared/clock.ts';
import { connectNative } from './native-client.ts';
import { cookieOf, marker, post, request, startTestHost, tokenOf } from './test-host.ts';
import type { TestHost } from './test-host.ts';

let served: TestHost;
beforeAll(async () => {
  served = await startTestHost();
});
afterAll(() => served.close());

describe('what the host serves', () => {
  test('the address answers with the screen, under a strict policy and without a session', async () => {
    const answer = await served.exchange(request('GET /', [served.ownHost]));
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
    const answer = await served.exchange(request('GET /assets/app-1234.js', [`Host: localhost:${served.host.port}`]));
    expect(answer.status).toBe(200);
    expect(answer.headers).toContain('content-type: text/javascript');
    expect(answer.headers).toContain('cache-control: public, max-age=31536000, immutable');
  });

  test('a person who follows a link to the screen is let in', async () => {
    const headers = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
    expect((await served.exchange(request('GET /', [served.ownHost, ...headers]))).status).toBe(200);
  });

  test('the sign of life carries nothing', async () => {
    const answer = await served.exchange(request('GET /health', [served.ownHost]));
    expect([answer.status, answer.body]).toEqual([200, '{"ok":true}']);
  });

  test('HEAD gives the head alone', async () => {
    const answer = await served.exchange(request('HEAD /', [served.ownHost]));
    expect([answer.status, answer.body]).toEqual([200, '']);
  });

  test('the address is on 127.0.0.1 and carries a token of 256 bits where servers do not see it', () => {
    expect(served.host.url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${served.host.port}/#token=[\\w-]{43}$`));
    expect(served.host.mintUrl()).not.toBe(served.host.mintUrl());
  });

  test('a token gives a session once; the session outlives a reload of the same address', async () => {
    const token = tokenOf(served.host.mintUrl());
    const first = await served.exchangeToken(token);
    expect(first.status).toBe(204);
    const cookie = cookieOf(first);
    expect((await served.exchangeToken(token)).status).toBe(401);
    expect((await served.exchange(request('GET /session', [served.ownHost, `Cookie: ${cookie}`]))).status).toBe(204);
    const body = JSON.stringify({ token });
    const again = await served.exchange(
      post([served.ownHost, served.ownOrigin, 'Content-Type: application/json', `Cookie: ${cookie}`], body),
    );
    expect(again.status).toBe(204);
    expect(again.headers).not.toContain('set-cookie');
  });

  test('a browser that lost its session is told in words to open the printed address again', async () => {
    const answer = await served.exchange(request('GET /session', [served.ownHost]));
    expect(answer.status).toBe(401);
    expect(answer.headers).toContain('content-type: text/html');
    expect(answer.body).toContain('Open the address again that the station printed');
  });

  test('a page with its session reaches the contract', async () => {
    const cookie = await served.newSession();
    const socket = new WebSocket(served.host.socketUrl, {
      headers: { cookie, origin: `http://127.0.0.1:${served.host.port}` },
    });
    const client = createClient(stationContract, await openSocketConnection(socket), { timers: createSystemClock() });
    await expect(client.call('station.info', {})).rejects.toMatchObject({ code: 'unavailable', message: marker });
    client.close();
  });

  test('a native client reaches the contract with the bearer token', async () => {
    const connection = await connectNative(served.host.socketUrl, served.host.bearer);
    const client = createClient(stationContract, connection, { timers: createSystemClock() });
    await expect(client.call('station.info', {})).rejects.toMatchObject({ code: 'unavailable' });
    client.close();
  });

  test('without a built screen the address says what to do', async () => {
    const bare = await served.startAnother({ rendererDir: join(served.folder, 'absent') });
    const answer = await fetch(`http://127.0.0.1:${bare.port}/`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build');
    await bare.close();
  });

  test('a taken port is said in one line', async () => {
    await expect(served.startAnother({ port: served.host.port })).rejects.toThrow(/^port \d+ is taken; .*--port$/);
  });
});

describe('what the host puts up with from those it serves', () => {
  const socketOf = async (): Promise<WebSocket> => {
    const socket = new WebSocket(served.host.socketUrl, { headers: { authorization: `Bearer ${served.host.bearer}` } });
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
    const strict = await served.startAnother({ heartbeatMs: 20 });
    const socket = new WebSocket(strict.socketUrl, {
      headers: { authorization: `Bearer ${strict.bearer}` },
      autoPong: false,
    });
    socket.on('error', () => {});
    expect(await closed(socket)).toBe(1006);
    await strict.close();
  });

  test('more screens than allowed are refused', async () => {
    const small = await served.startAnother({ mostSockets: 1 });
    const first = await connectNative(small.socketUrl, small.bearer);
    await expect(connectNative(small.socketUrl, small.bearer)).rejects.toThrow(/did not accept/);
    first.close('done');
    await small.close();
  });

  test('closing the host ends every connection', async () => {
    const brief = await served.startAnother({});
    const connection = await connectNative(brief.socketUrl, brief.bearer);
    const ended = new Promise<string>((resolve) => connection.onClose(resolve));
    await brief.close();
    expect(await ended).not.toBe('');
    await expect(connectNative(brief.socketUrl, brief.bearer)).rejects.toThrow(/did not accept the connection/);
  });
});
