import * as http from 'node:http';
import * as net from 'node:net';
import { gzipSync, deflateRawSync, deflateSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { HttpOutcome, HttpRequest } from '../../ports.ts';
import { createSystemClock } from './clock.ts';
import { createHttp } from './http.ts';
import { createLineSwitch } from './line.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A raw TCP server: `onSocket` decides what the client sees. Resolves with its port. */
async function listen(onSocket: (socket: net.Socket) => void): Promise<number> {
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    onSocket(socket);
  });
  closers.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

async function listenHttp(handler: http.RequestListener): Promise<number> {
  const server = http.createServer(handler);
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

function client(maxSockets?: number) {
  const line = createLineSwitch();
  const clock = createSystemClock();
  return { line, http: createHttp({ line, clock, ...(maxSockets === undefined ? {} : { maxSockets }) }) };
}

function post(port: number, change: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'POST',
    url: `http://127.0.0.1:${port}/api/order?x=1`,
    headers: { 'Content-Type': 'application/json' },
    body: new TextEncoder().encode('{"单":"1"}'),
    timeoutMs: 5_000,
    maxAnswerBytes: 1_000_000,
    ...change,
  };
}

const kindAndReason = (outcome: HttpOutcome): string =>
  outcome.kind === 'answer' ? `answer ${outcome.status}` : `${outcome.kind} ${outcome.reason}`;

test('sends the exact bytes and brings back status, lower-case headers, Date, body and both instants', async () => {
  let seen = { method: '', url: '', body: '', length: '', connection: '' };
  const port = await listenHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        body: Buffer.concat(chunks).toString('utf8'),
        length: request.headers['content-length'] ?? '',
        connection: request.headers.connection ?? '',
      };
      response.writeHead(201, { 'X-Thing': 'A', Date: 'Tue, 15 Nov 1994 08:12:31 GMT' });
      response.end('好');
    });
  });
  const before = Date.now();
  const outcome = await client().http.send(post(port));
  expect(seen).toEqual({
    method: 'POST',
    url: '/api/order?x=1',
    body: '{"单":"1"}',
    length: '11',
    connection: 'close',
  });
  if (outcome.kind !== 'answer') throw new Error(outcome.message);
  expect(outcome.status).toBe(201);
  expect(outcome.headers['x-thing']).toBe('A');
  expect(outcome.headers['date']).toBe('Tue, 15 Nov 1994 08:12:31 GMT');
  expect(Buffer.from(outcome.body).toString('utf8')).toBe('好');
  expect(outcome.sentAt).toBeGreaterThanOrEqual(before);
  expect(outcome.answeredAt).toBeGreaterThanOrEqual(outcome.sentAt);
});

test('a refused port is not sent', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  expect(kindAndReason(await client().http.send(post(port)))).toBe('not-sent connect');
});

test('a name that does not resolve is not sent', async () => {
  const outcome = await client().http.send(post(1, { url: 'http://no-such-host.invalid/', timeoutMs: 4_000 }));
  expect(kindAndReason(outcome)).toBe('not-sent name');
});

test.each(['not a url', 'ftp://127.0.0.1/', 'http://user:word@127.0.0.1/'])('address %s is not sent', async (url) => {
  const outcome = await client().http.send(post(1, { url }));
  expect(outcome.kind).toBe('not-sent');
  expect(JSON.stringify(outcome)).not.toContain('word@');
});

test('a header that HTTP cannot carry is not sent, and its value is not in the message', async () => {
  let bytes = 0;
  const port = await listen((socket) => socket.on('data', (chunk) => (bytes += chunk.byteLength)));
  const outcome = await client().http.send(post(port, { headers: { authorization: 'Bearer geheim\r\nx: y' } }));
  expect(outcome.kind).toBe('not-sent');
  expect(JSON.stringify(outcome)).not.toContain('geheim');
  expect(bytes).toBe(0);
});

test('a server that does not speak TLS is not sent', async () => {
  const port = await listen((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  const outcome = await client().http.send(post(port, { url: `https://127.0.0.1:${port}/` }));
  expect(kindAndReason(outcome)).toBe('not-sent tls');
});

test('a server that never finishes TLS is not sent when time is up', async () => {
  const port = await listen(() => {});
  const outcome = await client().http.send(post(port, { url: `https://127.0.0.1:${port}/`, timeoutMs: 150 }));
  expect(kindAndReason(outcome)).toBe('not-sent tls');
});

test('a reset after the request is no answer', async () => {
  const port = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
  expect(kindAndReason(await client().http.send(post(port)))).toBe('no-answer reset');
});

test('a reset while a large request is being written is no answer', async () => {
  const port = await listen((socket) => {
    let seen = 0;
    socket.on('data', (chunk) => {
      seen += chunk.byteLength;
      if (seen > 100_000) socket.resetAndDestroy();
    });
  });
  expect(kindAndReason(await client().http.send(post(port, { body: new Uint8Array(20_000_000) })))).toBe(
    'no-answer reset',
  );
});

test('an orderly close without an answer is no answer', async () => {
  const port = await listen((socket) => socket.once('data', () => socket.end()));
  expect(kindAndReason(await client().http.send(post(port)))).toBe('no-answer reset');
});

test.each([
  ['reset', (socket: net.Socket) => socket.resetAndDestroy()],
  ['close', (socket: net.Socket) => socket.end()],
])('an answer cut short by a %s is no answer', async (_name, cut) => {
  const port = await listen((socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"code":200,', () => cut(socket));
    }),
  );
  expect(kindAndReason(await client().http.send(post(port)))).toBe('no-answer reset');
});

test('an answer whose length is told by closing arrives whole', async () => {
  const port = await listen((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it')));
  const outcome = await client().http.send(post(port));
  expect(outcome.kind === 'answer' && Buffer.from(outcome.body).toString()).toBe('all of it');
});

test('a server that stays silent is no answer when time is up', async () => {
  const port = await listen(() => {});
  expect(kindAndReason(await client().http.send(post(port, { timeoutMs: 150 })))).toBe('no-answer timeout');
});

test('the time limit spans the whole exchange, however slowly bytes drip', async () => {
  const port = await listen((socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n');
      const drip = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(drip));
    }),
  );
  expect(kindAndReason(await client().http.send(post(port, { timeoutMs: 200 })))).toBe('no-answer timeout');
});

test('bytes that are no HTTP are a malformed answer', async () => {
  const port = await listen((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
  expect(kindAndReason(await client().http.send(post(port)))).toBe('no-answer malformed');
});

test('an answer above the cap is cut off', async () => {
  const port = await listenHttp((_request, response) => {
    response.end(Buffer.alloc(200_001));
  });
  expect(kindAndReason(await client().http.send(post(port, { maxAnswerBytes: 200_000 })))).toBe('no-answer too-large');
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
])('%s answers are inflated', async (coding, pack) => {
  const port = await listenHttp((_request, response) => {
    response.writeHead(200, { 'content-encoding': coding });
    response.end(pack(Buffer.from('{"return_code":"0"}')));
  });
  const outcome = await client().http.send(post(port));
  expect(outcome.kind === 'answer' && Buffer.from(outcome.body).toString()).toBe('{"return_code":"0"}');
});

test('a small answer that inflates above the cap is cut off', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  expect(bomb.byteLength).toBeLessThan(100_000);
  const port = await listenHttp((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(bomb);
  });
  expect(kindAndReason(await client().http.send(post(port)))).toBe('no-answer too-large');
});

test('damaged gzip and a coding we did not ask for are malformed', async () => {
  const port = await listenHttp((request, response) => {
    response.writeHead(200, { 'content-encoding': request.url === '/br' ? 'br' : 'gzip' });
    response.end('not gzip');
  });
  const { http: send } = client();
  for (const path of ['/gzip', '/br']) {
    const outcome = await send.send(post(port, { url: `http://127.0.0.1:${port}${path}` }));
    expect(kindAndReason(outcome)).toBe('no-answer malformed');
  }
});

test('a redirect is an answer and is not followed', async () => {
  let calls = 0;
  const port = await listenHttp((_request, response) => {
    calls += 1;
    response.writeHead(302, { location: '/elsewhere' });
    response.end();
  });
  expect(kindAndReason(await client().http.send(post(port)))).toBe('answer 302');
  expect(calls).toBe(1);
});

test('with the line down nothing connects', async () => {
  let connections = 0;
  const port = await listen(() => (connections += 1));
  const { line, http: send } = client();
  line.set(false);
  expect(kindAndReason(await send.send(post(port)))).toBe('not-sent line-down');
  expect(connections).toBe(0);
});

test('a line cut while TLS is being agreed is not sent', async () => {
  const { line, http: send } = client();
  const port = await listen((socket) => socket.once('data', () => line.set(false)));
  const outcome = await send.send(post(port, { url: `https://127.0.0.1:${port}/` }));
  expect(kindAndReason(outcome)).toBe('not-sent line-down');
});

test('a line cut after the request left is no answer, and the line forgets the socket', async () => {
  const { line, http: send } = client();
  const port = await listen((socket) => socket.once('data', () => line.set(false)));
  const outcome = await send.send(post(port));
  expect(kindAndReason(outcome)).toBe('no-answer reset');
  line.set(true);
  expect(line.open).toBe(0);
});

test('every request has a fresh connection', async () => {
  let connections = 0;
  const port = await listen((socket) => {
    connections += 1;
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n'));
  });
  const { line, http: send } = client();
  for (const method of ['POST', 'GET', 'POST'] as const) {
    expect(kindAndReason(await send.send(post(port, { method, body: null })))).toBe('answer 200');
  }
  expect(connections).toBe(3);
  expect(line.open).toBe(0);
});

test('calls above the connection limit wait their turn, and one whose time runs out while waiting is not sent', async () => {
  const held: net.Socket[] = [];
  let onHeld = (): void => {};
  const port = await listen((socket) =>
    socket.once('data', () => {
      held.push(socket);
      onHeld();
    }),
  );
  const { http: send } = client(1);
  const firstHeld = new Promise<void>((resolve) => (onHeld = resolve));
  const first = send.send(post(port));
  await firstHeld;
  const late = await send.send(post(port, { timeoutMs: 50 }));
  expect(kindAndReason(late)).toBe('not-sent connect');
  const secondHeld = new Promise<void>((resolve) => (onHeld = resolve));
  const second = send.send(post(port));
  held[0]?.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  expect(kindAndReason(await first)).toBe('answer 200');
  await secondHeld;
  held[1]?.end('HTTP/1.1 204 No Content\r\n\r\n');
  expect(kindAndReason(await second)).toBe('answer 204');
  expect(held.length).toBe(2);
});

test.each(['127.0.0.1', 'localhost'])('an address from outside that leads to %s is not sent', async (host) => {
  let bytes = 0;
  const port = await listen((socket) => socket.on('data', (chunk) => (bytes += chunk.byteLength)));
  const outcome = await client().http.send(post(port, { url: `http://${host}:${port}/`, publicOnly: true }));
  expect(outcome).toMatchObject({ kind: 'not-sent', message: expect.stringContaining('inside this network') });
  expect(bytes).toBe(0);
});
