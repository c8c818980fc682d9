import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import type { Link, LinkClock, LinkState } from '../link.ts';
import { createLinks, createMemoryHub } from '../index.ts';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import { backoffMs } from '../backoff.ts';

const clock: LinkClock = {
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
const log = { debug: () => undefined, warn: () => undefined };
const links = createLinks({ clock, log, random: () => 0 });
const cleanups: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(onSocket: (socket: Socket) => void, port = 0): Promise<{ server: Server; port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, port: address.port };
}

function make(port: number, reopen = true): Link {
  const link = links.create(`tcp://127.0.0.1:${port}`, { reopen });
  cleanups.push(() => link.close());
  return link;
}

function reaches(link: Link, wanted: LinkState): Promise<void> {
  if (link.state === wanted) return Promise.resolve();
  return new Promise((resolve) => {
    const off = link.onState((state) => {
      if (state !== wanted) return;
      off();
      resolve();
    });
  });
}

/** A port on which nothing listens: one that was free a moment ago. */
async function freePort(): Promise<number> {
  const { server, port } = await listen(() => undefined);
  server.close();
  await once(server, 'close');
  return port;
}

test('bytes go both ways unchanged', async () => {
  const { port } = await listen((socket) => socket.pipe(socket));
  const link = make(port);
  link.open();
  await reaches(link, 'open');
  const sent = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) & 255);
  const back = new Promise<Buffer>((resolve) => {
    const parts: Uint8Array[] = [];
    link.onBytes((bytes) => {
      parts.push(bytes);
      const all = Buffer.concat(parts);
      if (all.length === sent.length) resolve(all);
    });
  });
  expect(await link.write(sent, 2_000)).toEqual({ kind: 'written', bytes: sent.length });
  expect((await back).equals(sent)).toBe(true);
});

test('a write with nobody listening took 0 bytes', async () => {
  const link = make(await freePort(), false);
  const outcome = await link.write(new Uint8Array(10), 2_000);
  expect(outcome).toMatchObject({ kind: 'failed', bytes: 0 });
  expect(link.state).toBe('failed');
  expect(link.lastError).toContain('connection refused');
});

test('with reopen false a write opens the connection, and after close the next one opens it again', async () => {
  let connections = 0;
  const { port } = await listen((socket) => {
    connections += 1;
    socket.resume();
  });
  const link = make(port, false);
  expect(link.state).toBe('closed');
  expect(await link.write(new Uint8Array(3), 2_000)).toEqual({ kind: 'written', bytes: 3 });
  await link.close();
  expect(link.state).toBe('closed');
  expect(await link.write(new Uint8Array(4), 2_000)).toEqual({ kind: 'written', bytes: 4 });
  expect(connections).toBe(2);
});

test('a lost connection comes back by itself', async () => {
  let connections = 0;
  const { port } = await listen((socket) => {
    connections += 1;
    if (connections === 1) socket.destroy();
  });
  const link = make(port);
  const states: LinkState[] = [];
  link.onState((state) => states.push(state));
  link.open();
  await reaches(link, 'failed');
  await reaches(link, 'open');
  expect(states).toEqual(['opening', 'open', 'failed', 'opening', 'open']);
});

test('a device that stops reading fails the write in its time, with a count that is not 0', async () => {
  const { port } = await listen((socket) => socket.pause());
  const link = make(port, false);
  const outcome = await link.write(new Uint8Array(15 * 1024 * 1024), 300);
  expect(outcome.kind).toBe('failed');
  expect(outcome.bytes).toBeGreaterThan(0);
  expect(outcome.bytes).toBeLessThan(15 * 1024 * 1024);
  expect(link.state).toBe('failed');
});

test('a device that leaves in the middle fails the write and never counts less than it received', async () => {
  let received = 0;
  const { port } = await listen((socket) => {
    socket.on('data', (bytes) => {
      received += bytes.length;
      if (received > 20_000) socket.resetAndDestroy();
    });
  });
  const link = make(port, false);
  const outcome = await link.write(new Uint8Array(15 * 1024 * 1024), 5_000);
  expect(outcome.kind).toBe('failed');
  expect(outcome.bytes).toBeGreaterThanOrEqual(received);
});

test('more than the buffer allows is refused whole', async () => {
  const { port } = await listen((socket) => socket.resume());
  const link = make(port, false);
  expect(await link.write(new Uint8Array(17 * 1024 * 1024), 5_000)).toMatchObject({ kind: 'failed', bytes: 0 });
});

test('close ends within two seconds although the device never closes its end', async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.resume();
    socket.on('error', () => undefined);
    cleanups.push(() => void socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => void server.close());
  const link = make((server.address() as { port: number }).port);
  link.open();
  await reaches(link, 'open');
  const from = performance.now();
  await link.close();
  expect(performance.now() - from).toBeLessThan(2_000);
  expect(await link.write(new Uint8Array(1), 100)).toMatchObject({ kind: 'failed', bytes: 0 });
});

test('a device that went without a word is lost after the limit of silence, and opened again', async () => {
  const peers: Socket[] = [];
  const { server, port } = await listen((socket) => peers.push(socket));
  const clock = createVirtualClock();
  const link = createLinks({ clock, log, random: () => 1 }).create(`tcp://127.0.0.1:${port}`, { silentMs: 1_000 });
  cleanups.push(() => link.close());
  link.open();
  await reaches(link, 'open');
  await clock.advance(900);
  const heard = new Promise<void>((resolve) => {
    link.onBytes(() => resolve());
  });
  await until(() => peers.length === 1, server);
  peers[0]?.write('x');
  await heard;
  await clock.advance(999);
  expect(link.state).toBe('open');
  await clock.advance(1);
  expect(link).toMatchObject({ state: 'failed', lastError: `tcp://127.0.0.1:${port}: not a byte within 1000 ms` });
  // The first wait of the back-off, at its longest.
  await clock.advance(200);
  await reaches(link, 'open');
});

function until(is: () => boolean, server: Server): Promise<void> {
  if (is()) return Promise.resolve();
  return new Promise((resolve) => {
    server.on('connection', () => {
      if (is()) resolve();
    });
  });
}

test.each([0, 100, Number.NaN])('a limit of silence of %d ms is refused', (silentMs) => {
  expect(() => links.create('tcp://127.0.0.1:1', { silentMs })).toThrow('write 250 to 86400000');
});

test('close stops the re-open attempts', async () => {
  const link = make(await freePort());
  link.open();
  await reaches(link, 'failed');
  await link.close();
  expect(link.state).toBe('closed');
});

test.each([
  'tcp://127.0.0.1',
  'tcp://:9100',
  'tcp://h:0',
  'tcp://h:65536',
  'tcp://u@h:1',
  'tcp://h:1/x',
  'gopher://h:1',
  'x',
])('%s is refused with its own name in the message', (uri) => {
  expect(() => links.create(uri, {})).toThrow(uri);
});

test('the back-off doubles, stays within half of its ceiling, and never exceeds five seconds', () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(attempt, 1))).toEqual([
    200, 400, 800, 1600, 3200, 5000, 5000,
  ]);
  expect(backoffMs(50, 0)).toBe(2_500);
});

test('a memory link joins its owner to a device in the same process', async () => {
  const memory = createMemoryHub();
  const link = createLinks({ clock, log, memory }).create('memory://scale', {});
  const device = memory.device('scale');
  const heard: number[] = [];
  link.onBytes((bytes) => heard.push(...bytes));
  link.open();
  device.send(Uint8Array.of(1, 2));
  expect(heard).toEqual([1, 2]);
  device.takeOnly(2);
  expect(await link.write(Uint8Array.of(5, 6, 7), 10)).toMatchObject({ kind: 'failed', bytes: 2 });
  expect([...device.received]).toEqual([5, 6]);
  expect(link.state).toBe('failed');
});
