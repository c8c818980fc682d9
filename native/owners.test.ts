import { expect, test } from 'vitest';
import { createVirtualClock } from '../test/kit/virtual-clock.ts';
import { linkProblem } from './link-problems.ts';
import { createOwners } from './owners.ts';
import { createReopeningLink, type AttemptEvents } from './reopening.ts';

const log = { debug: () => undefined, warn: () => undefined };

test('a device is taken once, and whoever waits is told when it is free', () => {
  const owners = createOwners();
  const first = owners.take('x', 'a');
  const second = owners.take('x', 'b');
  if ('heldBy' in first || !('heldBy' in second)) throw new Error('the first must have it');
  expect(second.heldBy).toBe('a');
  const told: string[] = [];
  second.whenFree(() => told.push('b'));
  second.whenFree(() => told.push('c'))();
  first.release();
  first.release();
  expect(told).toEqual(['b']);
  expect('heldBy' in owners.take('x', 'b')).toBe(false);
});

function bench() {
  const clock = createVirtualClock();
  const owners = createOwners();
  const started: string[] = [];
  const events: AttemptEvents[] = [];
  let stuck = false;
  return {
    clock,
    started,
    events,
    setStuck: () => (stuck = true),
    make: (owner: string, reopen: boolean) =>
      createReopeningLink(
        {
          uri: 'test://one',
          owner,
          reopen,
          openTimeoutMs: 1_000,
          late: linkProblem('late', { uri: 'test://one', ms: 1 }),
          closed: linkProblem('closed', { uri: 'test://one' }),
          pieceBytes: 10,
          maxBackoffSteps: 3,
          start(given) {
            started.push(owner);
            events.push(given);
            return {
              opened: Promise.resolve({
                writable: true,
                write: (piece) => Promise.resolve({ taken: piece.length, problem: null }),
              }),
              release: () => (stuck ? new Promise(() => undefined) : Promise.resolve()),
            };
          },
        },
        { clock, log, random: () => 1, owners },
      ),
  };
}

test('a second link that stays open fails with the name of the owner, and has the device once it is given back', async () => {
  const { clock, started, make } = bench();
  const first = make('scale bench', true);
  const second = make('the wizard', true);
  first.open();
  second.open();
  await clock.settle();
  expect(second).toMatchObject({
    state: 'failed',
    lastError: 'test://one: already in use by scale bench; a device has one owner: change the link of one of the two',
  });
  await first.close();
  await clock.settle();
  expect(second.state).toBe('open');
  expect(started).toEqual(['scale bench', 'the wizard']);
  await second.close();
});

test('a link opened for one use waits for its turn, then says who has the device', async () => {
  const { clock, make } = bench();
  const first = make('desk 1', false);
  const second = make('desk 2', false);
  expect(await first.write(Uint8Array.of(1), 500)).toEqual({ kind: 'written', bytes: 1 });
  const turn = second.write(Uint8Array.of(2), 500);
  await clock.settle();
  await first.close();
  expect(await turn).toEqual({ kind: 'written', bytes: 1 });
  const late = first.write(Uint8Array.of(3), 5_000);
  await clock.advance(1_000);
  expect(await late).toMatchObject({ kind: 'failed', bytes: 0, message: expect.stringContaining('in use by desk 2') });
  await second.close();
  await first.close();
  expect(clock.pending).toBe(0);
});

test('a driver that never lets go keeps neither the link nor the device', async () => {
  const { clock, make, setStuck, started } = bench();
  setStuck();
  const first = make('a', true);
  first.open();
  await clock.settle();
  let closed = false;
  void first.close().then(() => (closed = true));
  await clock.advance(1_999);
  expect(closed).toBe(true);
  const second = make('b', true);
  second.open();
  await clock.settle();
  expect(started).toEqual(['a', 'b']);
  expect(second.state).toBe('open');
});
