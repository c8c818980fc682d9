import { once } from 'node:events';
import { connect, createServer, Server, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { recordingLog } from '../../test/kit/ports.ts';
import { realClock } from '../../test/kit/real-clock.ts';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import type { Link, LinkDeps, LinkOptions, LinkState } from '../link.ts';
import { createOwners } from '../owners.ts';
import { allowedPeers } from './address.ts';
import { createListenLink, createListenLinkOver } from './link.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const log = recordingLog();
const deps: LinkDeps = { clock: realClock, log, random: () => 0 };

/** A link on a free port, its state changes and what it heard, as `from> text`. */
async function listen(options: LinkOptions = {}) {
  const link = createListenLink('tcp-listen://127.0.0.1:0', options, deps);
  cleanups.push(() => link.close());
  const states: LinkState[] = [];
  const heard: { text: string; from: string }[] = [];
  link.onState((state) => states.push(state));
  link.onBytes((bytes, from = '?') => heard.push({ text: Buffer.from(bytes).toString(), from }));
  link.open();
  await until(link, () => typeof link.listening === 'string');
  const port = Number(/:(\d+)$/.exec(link.listening ?? '')?.[1]);
  return { link, states, heard, port };
}

/** Resolves once `is` holds, looking after each change of state and each arrival. */
function until(link: Link, is: () => boolean): Promise<void> {
  if (is()) return Promise.resolve();
  return new Promise((resolve) => {
    const look = (): void => {
      if (!is()) return;
      for (const off of offs) off();
      resolve();
    };
    const offs = [link.onState(look), link.onBytes(look)];
  });
}

async function machine(port: number): Promise<Socket & { text: string }> {
  const socket = Object.assign(connect(port, '127.0.0.1'), { text: '' });
  cleanups.push(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.on('data', (bytes: Buffer) => (socket.text += bytes.toString()));
  await once(socket, 'connect');
  return socket;
}

test('a machine connects, its bytes come, and what is written goes back to it', async () => {
  const { link, states, heard, port } = await listen();
  expect(link.state).toBe('opening');
  expect(await link.write(Buffer.from('x'), 100)).toEqual({
    kind: 'failed',
    bytes: 0,
    message: 'tcp-listen://127.0.0.1:0: no machine is connected',
  });
  const dws = await machine(port);
  await until(link, () => link.state === 'open');
  dws.write('record\n');
  await until(link, () => heard.length > 0);
  expect(heard).toEqual([{ text: 'record\n', from: expect.stringMatching(/^127\.0\.0\.1:\d+#1$/) }]);
  expect(await link.write(Buffer.from('OK\n'), 1_000)).toEqual({ kind: 'written', bytes: 3 });
  await once(dws, 'data');
  expect(dws.text).toBe('OK\n');
  expect(states).toEqual(['opening', 'opening', 'open']);
});

test('a machine that left is a state with a reason, and the port stays open for its return', async () => {
  const { link, states, port } = await listen();
  const first = await machine(port);
  await until(link, () => link.state === 'open');
  first.destroy();
  await until(link, () => link.state === 'opening');
  expect(link.lastError).toMatch(/127\.0\.0\.1:\d+#1 closed the connection$/);
  await machine(port);
  await until(link, () => link.state === 'open');
  expect(link.lastError).toBeNull();
  expect(states.slice(2)).toEqual(['open', 'opening', 'open']);
});

test('a newer connection replaces the one before, which is cut off and heard no more', async () => {
  const { link, states, heard, port } = await listen();
  const dead = await machine(port);
  await until(link, () => link.state === 'open');
  const cut = once(dead, 'close');
  const fresh = await machine(port);
  await cut;
  fresh.write('new');
  await until(link, () => heard.length > 0);
  expect(heard.map(({ from }) => from.replace(/.*#/, ''))).toEqual(['2']);
  expect(states.slice(2)).toEqual(['open', 'opening', 'open']);
  await link.write(Buffer.from('ack'), 1_000);
  await once(fresh, 'data');
  expect(fresh.text).toBe('ack');
});

test('with several peers each is named, a write goes to the one named or to the last that spoke', async () => {
  const { link, heard, port } = await listen({ peers: 2 });
  const one = await machine(port);
  one.write('1');
  await until(link, () => heard.length === 1);
  const two = await machine(port);
  two.write('2');
  await until(link, () => heard.length === 2);
  const [first, second] = heard.map(({ from }) => from);
  await link.write(Buffer.from('to one'), 1_000, first);
  await once(one, 'data');
  await link.write(Buffer.from('to the last'), 1_000);
  await once(two, 'data');
  expect([one.text, two.text]).toEqual(['to one', 'to the last']);
  two.destroy();
  // The other stays: the link stays open, and its answer goes nowhere else.
  const later = connectedLater(link, heard, one);
  await later;
  expect(await link.write(Buffer.from('x'), 100, second)).toMatchObject({
    kind: 'failed',
    bytes: 0,
    message: expect.stringContaining('is not connected any more'),
  });
  expect(link.state).toBe('open');
});

/** Lets the loss of another connection arrive: bytes sent after it are heard after it. */
async function connectedLater(link: Link, heard: readonly unknown[], socket: Socket): Promise<void> {
  const before = heard.length;
  await new Promise((resolve) => setImmediate(resolve));
  socket.write('still here');
  await until(link, () => heard.length > before);
}

test('at its limit the connection that has been silent longest gives way', async () => {
  const { link, heard, port } = await listen({ peers: 2 });
  const quiet = await machine(port);
  const busy = await machine(port);
  busy.write('busy');
  await until(link, () => heard.length === 1);
  const cut = once(quiet, 'close');
  const third = await machine(port);
  third.write('third');
  await cut;
  await until(link, () => heard.length === 2);
  expect(heard.map(({ text }) => text)).toEqual(['busy', 'third']);
});

test('a machine that may not connect is cut off unread, and said so once', async () => {
  const { heard, port, link } = await listen({ allow: ['10.1.0.0/16'] });
  const stranger = await machine(port);
  stranger.write('hello');
  await once(stranger, 'close');
  const again = await machine(port);
  await once(again, 'close');
  expect(heard).toEqual([]);
  expect(link.state).toBe('opening');
  const warned = log.lines.filter(({ level, fields }) => level === 'warn' && fields['uri'] === link.uri);
  expect(warned).toHaveLength(1);
  expect(warned[0]?.fields).toMatchObject({ from: '127.0.0.1' });
});

test('a port that another program has is said in words, and had once it is free', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const link = createListenLink(`tcp-listen://127.0.0.1:${port}`, {}, deps);
  cleanups.push(() => link.close());
  link.open();
  await until(link, () => link.state === 'failed');
  expect(link.lastError).toBe(`tcp-listen://127.0.0.1:${port}: another program listens on this port already`);
  other.close();
  await until(link, () => typeof link.listening === 'string');
  expect(link.lastError).toBeNull();
});

test('a second link on the same port fails with the name of the first', async () => {
  const owners = createOwners();
  const free = createServer();
  free.listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const make = (owner: string): Link =>
    createListenLink(`tcp-listen://127.0.0.1:${port}`, { owner }, { ...deps, owners });
  const [first, second] = [make('dws line1'), make('dws line2')];
  cleanups.push(
    () => first.close(),
    () => second.close(),
  );
  first.open();
  await until(first, () => typeof first.listening === 'string');
  second.open();
  await until(second, () => second.state === 'failed');
  expect(second.lastError).toContain('already in use by dws line1');
  await first.close();
  await until(second, () => typeof second.listening === 'string');
});

test('a machine that went without a word is given up after the limit of silence', async () => {
  const { link, port } = await listen({ silentMs: 250 });
  await machine(port);
  await until(link, () => link.state === 'open');
  await until(link, () => link.state === 'opening');
  expect(link.lastError).toMatch(/sent not a byte within 250 ms$/);
});

test('close ends within two seconds although the machine never closes its end, and nothing listens after it', async () => {
  const { link, port } = await listen();
  const stuck = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  cleanups.push(() => stuck.destroy());
  stuck.on('error', () => undefined);
  await until(link, () => link.state === 'open');
  const from = performance.now();
  await link.close();
  expect(performance.now() - from).toBeLessThan(2_000);
  expect(link).toMatchObject({ state: 'closed', listening: null });
  const late = connect(port, '127.0.0.1');
  const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
});

test('a server whose close never calls back does not hold up the link', async () => {
  const clock = createVirtualClock();
  class Stuck extends Server {
    override listen(): this {
      setImmediate(() => this.emit('listening'));
      return this;
    }
    override close(): this {
      return this;
    }
  }
  const link = createListenLinkOver(() => new Stuck(), 'tcp-listen://127.0.0.1:20011', {}, { ...deps, clock });
  link.open();
  await clock.settle();
  let closed = false;
  void link.close().then(() => (closed = true));
  await clock.advance(2_000);
  expect(closed).toBe(true);
  expect(clock.pending).toBe(0);
});

test('opened again after a close it listens again', async () => {
  const { link } = await listen();
  void link.close();
  link.open();
  await until(link, () => typeof link.listening === 'string');
  expect(link.state).toBe('opening');
});

test.each([
  [
    'loopback host, nothing said',
    '127.0.0.1',
    undefined,
    ['127.0.0.1', '::ffff:127.0.0.9'],
    ['10.0.0.1', '8.8.8.8', ''],
  ],
  [
    'any host, nothing said',
    '0.0.0.0',
    undefined,
    ['192.168.1.5', '10.9.9.9', 'fe80::1%eth0'],
    ['8.8.8.8', '2001:db8::1'],
  ],
  ['named', '0.0.0.0', ['203.0.113.7', '2001:db8::/32'], ['203.0.113.7', '2001:db8::5'], ['127.0.0.1', '203.0.113.8']],
])('who may connect: %s', (_, host, entries, yes, no) => {
  const allowed = allowedPeers('tcp-listen://x:1', host, entries);
  expect(yes.filter(allowed)).toEqual(yes);
  expect(no.filter(allowed)).toEqual([]);
});

test.each([['all'], ['10.0.0.0/0'], ['10.0.0.0/33'], ['10.0.0.0/8/8'], ['']])('"%s" cannot be allowed', (entry) => {
  expect(() => createListenLink('tcp-listen://0.0.0.0:1', { allow: [entry] }, deps)).toThrow(
    `link "tcp-listen://0.0.0.0:1" cannot allow "${entry}"; write loopback, private, an address or a network`,
  );
});

test.each(['tcp-listen://0.0.0.0', 'tcp-listen://:1', 'tcp-listen://h:65536', 'tcp-listen://h:1/x'])(
  '%s is refused with the form to write',
  (uri) => {
    expect(() => createListenLink(uri, {}, deps)).toThrow(`link "${uri}" is no address to listen on`);
  },
);

test.each([0, 17, 1.5])('%d peers are refused', (peers) => {
  expect(() => createListenLink('tcp-listen://0.0.0.0:1', { peers }, deps)).toThrow('write 1 to 16');
});
