import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { silentLog } from '../../test/kit/ports.ts';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import { createVirtualScale } from './scale.ts';
import type { VirtualScaleState } from './scale.ts';

const cleanups: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start() {
  const clock = createVirtualClock();
  const scale = await createVirtualScale({ clock, log: silentLog, settleMs: 400 });
  cleanups.push(() => scale.stop());
  const socket = connect(Number(scale.uri.split(':').at(-1)), '127.0.0.1');
  socket.on('error', () => undefined);
  cleanups.push(() => void socket.destroy());
  await once(socket, 'connect');
  return { clock, scale, ...talk(socket) };
}

/** Sends text and reads whole lines, in order. */
function talk(socket: Socket) {
  let text = '';
  const waiting: ((line: string) => void)[] = [];
  const deliver = () => {
    for (let end = text.indexOf('\n'); end >= 0 && waiting.length > 0; end = text.indexOf('\n')) {
      waiting.shift()?.(text.slice(0, end + 1));
      text = text.slice(end + 1);
    }
  };
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    deliver();
  });
  const line = () =>
    new Promise<string>((resolve) => {
      waiting.push(resolve);
      deliver();
    });
  return {
    socket,
    line,
    ask: (command: string) => {
      socket.write(command, 'latin1');
      return line();
    },
  };
}

test('SI answers a documented weight reply: 10 characters, right-aligned, CR LF', async () => {
  const { clock, scale, ask } = await start();
  expect(await ask('SI\r\n')).toBe('S S      0.000 kg\r\n');
  scale.put(1234);
  await clock.advance(400);
  expect(await ask('SI\r\n')).toBe('S S      1.234 kg\r\n');
});

test('a load moves for the settling time, between the old weight and the new, then is stable', async () => {
  const { clock, scale, ask } = await start();
  const seen: VirtualScaleState[] = [];
  scale.onChange((state) => seen.push(state));
  scale.put(1000);
  await clock.advance(200);
  expect(await ask('SI\r\n')).toBe('S D      0.500 kg\r\n');
  await clock.advance(200);
  expect(await ask('SI\r\n')).toBe('S S      1.000 kg\r\n');
  expect(seen.map((state) => state.moving)).toEqual([true, false]);
});

test('S waits for stability', async () => {
  const { clock, scale, ask, line } = await start();
  scale.put(1000);
  // One packet: when I4 is answered, S has been read and is waiting; I4 ends it.
  expect(await ask('S\r\nI4\r\n')).toBe('I4 A "0000000"\r\n');
  expect(await ask('I2\r\nS\r\n')).toMatch(/^I2 A/);
  const stable = line();
  await clock.advance(400);
  expect(await stable).toBe('S S      1.000 kg\r\n');
});

test('S says S I if stability does not come', async () => {
  const { clock, scale, ask, line } = await start();
  scale.setMode('moving');
  await ask('I2\r\nS\r\n');
  const answer = line();
  await clock.advance(3_000);
  expect(await answer).toBe('S I\r\n');
});

test.each(['si\r\n', 'SX\r\n', 'S I\r\n', '\r\n', ' SI\r\n', 'SI \r\n', 'SI\rSI\r\n', 'SI\nSI\r\n', 'constructor\r\n'])(
  '%j is answered ES',
  async (command) => {
    const { ask } = await start();
    expect(await ask(command)).toBe('ES\r\n');
  },
);

test('a command split over many packets is one command', async () => {
  const { socket, line } = await start();
  socket.setNoDelay(true);
  for (const part of ['S', 'I', '\r', '\n']) {
    socket.write(part);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await line()).toBe('S S      0.000 kg\r\n');
});

test('an endless command is answered ES and forgotten', async () => {
  const { ask } = await start();
  expect(await ask('x'.repeat(1_000))).toBe('ES\r\n');
});

test.each([
  ['overload', 'S +\r\n'],
  ['underload', 'S -\r\n'],
] as const)('mode %s answers %j', async (mode, wanted) => {
  const { scale, ask } = await start();
  scale.setMode(mode);
  expect(await ask('SI\r\n')).toBe(wanted);
});

test('a load beyond capacity is overload without any mode', async () => {
  const { clock, scale, ask } = await start();
  scale.put(60_010);
  await clock.advance(400);
  expect(await ask('SI\r\n')).toBe('S +\r\n');
});

test('mode moving never settles', async () => {
  const { clock, scale, ask } = await start();
  scale.put(1000);
  scale.setMode('moving');
  await clock.advance(5_000);
  expect(await ask('SI\r\n')).toMatch(/^S D {5,6}[ 01.\d]+ kg\r\n$/);
});

test('mode noise answers bytes that are no frame', async () => {
  const { scale, ask } = await start();
  scale.setMode('noise');
  expect(await ask('SI\r\n')).not.toMatch(/^S /);
});

test('mode silent reads and answers nothing', async () => {
  const { scale, socket } = await start();
  scale.setMode('silent');
  const heard: Buffer[] = [];
  socket.on('data', (bytes) => heard.push(bytes));
  // The scale closes its end after it has read everything.
  socket.end('SI\r\nI4\r\n');
  await once(socket, 'close');
  expect(heard).toEqual([]);
});

test('tare makes the weight net, zero refuses a load, @ clears the tare', async () => {
  const { clock, scale, ask } = await start();
  scale.put(2000);
  await clock.advance(400);
  expect(await ask('Z\r\n')).toBe('Z +\r\n');
  expect(await ask('T\r\n')).toBe('T S      2.000 kg\r\n');
  expect(await ask('SI\r\n')).toBe('S S      0.000 kg\r\n');
  scale.put(0);
  await clock.advance(400);
  expect(await ask('SI\r\n')).toBe('S S     -2.000 kg\r\n');
  expect(await ask('@\r\n')).toBe('I4 A "0000000"\r\n');
  expect(await ask('SI\r\n')).toBe('S S      0.000 kg\r\n');
});

test('SIR repeats until the next command', async () => {
  const { clock, ask, line } = await start();
  expect(await ask('SIR\r\n')).toBe('S S      0.000 kg\r\n');
  const second = line();
  await clock.advance(100);
  expect(await second).toBe('S S      0.000 kg\r\n');
  expect(await ask('I3\r\n')).toBe('I3 A "1.00"\r\n');
  expect(clock.pending).toBe(0);
});

test('I0 lists what it answers', async () => {
  const { ask } = await start();
  expect(await ask('I0\r\n')).toBe('I0 B 0 "S"\r\n');
});

test('stop cuts the line, frees the port and leaves no timer', async () => {
  const { clock, scale, socket, ask } = await start();
  await ask('SIR\r\n');
  const closed = once(socket, 'close');
  await scale.stop();
  await closed;
  expect(clock.pending).toBe(0);
  const again = await createVirtualScale({ clock, log: silentLog, port: Number(scale.uri.split(':').at(-1)) });
  expect(again.uri).toBe(scale.uri);
  await again.stop();
});
