import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import { createSpoolerLinkOver } from './link.ts';
import { systemSpooler, type Spooler } from './spooler.ts';

const deps = {
  clock: createVirtualClock(),
  log: { debug: () => undefined, warn: () => undefined },
  random: () => 0.5,
};
const usual: Spooler = {
  find: () => Promise.resolve(null),
  hand: (_queue, _title, bytes) => Promise.resolve({ taken: bytes.length, problem: null }),
  state: () => Promise.resolve({ ready: true, reasons: [], queued: 0 }),
  list: () => Promise.resolve([]),
};
const linkOf = (given: Partial<Spooler>, uri = 'spooler://Zebra%20GK420d') =>
  createSpoolerLinkOver(() => ({ ...usual, ...given }), uri, {}, deps);

test('a write is one job of the queue that the URI names, and says that a queue reports nothing back', async () => {
  const jobs: string[] = [];
  const link = linkOf({
    hand(queue, title, bytes) {
      jobs.push(`${queue}/${title}/${bytes.length}`);
      return Promise.resolve({ taken: bytes.length, problem: null });
    },
  });
  await expect(link.write(new Uint8Array(3), 100)).resolves.toEqual({ kind: 'written', bytes: 3 });
  await link.write(new Uint8Array(4), 100);
  expect(jobs).toEqual(['Zebra GK420d/packbench-1/3', 'Zebra GK420d/packbench-2/4']);
  expect(link.direct).toBe(false);
});

test('a queue that is not there takes nothing', async () => {
  const link = linkOf({ find: () => Promise.resolve('no such queue') });
  await expect(link.write(new Uint8Array(3), 100)).resolves.toEqual({
    kind: 'failed',
    bytes: 0,
    message: 'spooler://Zebra%20GK420d: no such queue',
  });
  expect(link.state).toBe('failed');
});

test('what the spooler may have taken is counted', async () => {
  const link = linkOf({ hand: (_queue, _title, bytes) => Promise.resolve({ taken: bytes.length, problem: 'lost' }) });
  await expect(link.write(new Uint8Array(3), 100)).resolves.toMatchObject({ kind: 'failed', bytes: 3 });
});

test('an answer that comes after the link was closed opens nothing', async () => {
  let answer: (problem: string | null) => void = () => undefined;
  const link = linkOf({ find: () => new Promise((resolve) => (answer = resolve)) });
  link.open();
  await link.close();
  answer(null);
  await Promise.resolve();
  expect(link.state).toBe('closed');
});

test.each(['spooler://', 'spooler://-o', 'spooler://a%0Ab'])('%s is refused', (uri) => {
  expect(() => linkOf({}, uri)).toThrow(/names no print queue; write spooler:\/\/QUEUE/);
});

test('where the Windows spooler cannot be loaded the link says so', () => {
  if (process.platform === 'win32') return;
  const load = (): Spooler => systemSpooler('win32');
  expect(() => createSpoolerLinkOver(load, 'spooler://Zebra', {}, deps)).toThrow(
    /^link "spooler:\/\/Zebra" needs a print spooler: .*winspool/,
  );
});

test('a queue that is not there is looked for with back-off until it is, and no longer once closed', async () => {
  let there = false;
  let asked = 0;
  const link = linkOf({
    find() {
      asked += 1;
      return Promise.resolve(there ? null : 'no such queue');
    },
  });
  link.open();
  await deps.clock.advance(4_000);
  expect(link.state).toBe('failed');
  expect(asked).toBeGreaterThan(3);
  there = true;
  await deps.clock.advance(5_000);
  expect(link).toMatchObject({ state: 'open', lastError: null });
  await link.close();
  const before = asked;
  await deps.clock.advance(20_000);
  expect(asked).toBe(before);
});

test('a spooler that never answers holds up neither the closing nor the count of what waits', async () => {
  const link = linkOf({ find: () => new Promise(() => undefined) });
  link.open();
  void link.write(new Uint8Array(16 * 1024 * 1024), 100);
  await expect(link.write(new Uint8Array(1), 100)).resolves.toMatchObject({
    kind: 'failed',
    bytes: 0,
    message: expect.stringContaining('too much data is waiting'),
  });
  await link.close();
  expect(link.state).toBe('closed');
});
