import { expect, test, vi } from 'vitest';
import { createMemoryPair } from './memory-wire.ts';
import { createReconnectingClient } from './reconnecting-client.ts';
import { stationContract } from './contract.ts';
import type { Connection } from './wire.ts';

/** Timers that fire only when told to, by their delay. */
const manualTimers = () => {
  const pending = new Set<{ readonly delayMs: number; readonly task: () => void }>();
  return {
    delays: () => [...pending].map((timer) => timer.delayMs),
    after(delayMs: number, task: () => void) {
      const timer = { delayMs, task };
      pending.add(timer);
      return { cancel: () => void pending.delete(timer) };
    },
    fire(delayMs: number) {
      for (const timer of [...pending].filter((one) => one.delayMs === delayMs)) {
        pending.delete(timer);
        timer.task();
      }
    },
  };
};

test('the wait doubles from its start to its longest, with the reason shown', async () => {
  const timers = manualTimers();
  const client = createReconnectingClient(stationContract, {
    connect: () => Promise.reject(new Error('nobody listens')),
    timers,
    firstRetryMs: 100,
    longestRetryMs: 400,
  });
  const waits: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    await vi.waitFor(() => expect(client.state.kind).toBe('waiting'), { interval: 1 });
    if (client.state.kind !== 'waiting') return;
    expect(client.state.reason).toBe('nobody listens');
    waits.push(client.state.retryInMs);
    timers.fire(client.state.retryInMs);
  }
  expect(waits).toEqual([100, 200, 400, 400]);
  client.close();
});

test('a connection that lived long enough sets the wait back, one that broke at once does not', async () => {
  const timers = manualTimers();
  const ends: Connection[] = [];
  const client = createReconnectingClient(stationContract, {
    connect() {
      const pair = createMemoryPair();
      ends.push(pair.server);
      return Promise.resolve(pair.client);
    },
    timers,
    firstRetryMs: 100,
    steadyAfterMs: 5_000,
  });
  const breakAfter = async (steady: boolean): Promise<number> => {
    await vi.waitFor(() => expect(client.state.kind).toBe('connected'), { interval: 1 });
    if (steady) timers.fire(5_000);
    ends.at(-1)?.close('cut');
    await vi.waitFor(() => expect(client.state.kind).toBe('waiting'), { interval: 1 });
    const { state } = client;
    if (state.kind !== 'waiting') throw new Error('not waiting');
    client.retryNow();
    return state.retryInMs;
  };
  expect([await breakAfter(false), await breakAfter(false), await breakAfter(true)]).toEqual([100, 200, 100]);
  client.close();
});

test('an attempt that never ends is given up, and closed should it come after all', async () => {
  const timers = manualTimers();
  const late = Promise.withResolvers<Connection>();
  const client = createReconnectingClient(stationContract, {
    connect: () => late.promise,
    timers,
    connectTimeoutMs: 10_000,
  });
  timers.fire(10_000);
  expect(client.state).toMatchObject({ kind: 'waiting', reason: 'no connection within 10000 ms' });
  const pair = createMemoryPair();
  const closed = new Promise((resolve) => pair.server.onClose(resolve));
  late.resolve(pair.client);
  expect(await closed).toBe('came too late');
  client.close();
});

test('a call made before the first connection gives up after its own time', async () => {
  const timers = manualTimers();
  const client = createReconnectingClient(stationContract, { connect: () => new Promise(() => {}), timers });
  const call = client.call('station.info', {});
  timers.fire(5_000);
  await expect(call).rejects.toMatchObject({ code: 'disconnected' });
  client.close();
});

test('a client that was closed keeps no timer and makes no further attempt', async () => {
  const timers = manualTimers();
  const connect = vi.fn(() => Promise.reject(new Error('no')));
  const client = createReconnectingClient(stationContract, { connect, timers });
  await vi.waitFor(() => expect(client.state.kind).toBe('waiting'), { interval: 1 });
  client.close();
  expect(timers.delays()).toEqual([]);
  await expect(client.call('station.info', {})).rejects.toMatchObject({ code: 'disconnected' });
  expect(connect).toHaveBeenCalledTimes(1);
});

test('a client closed while it connects keeps no timer either', () => {
  const timers = manualTimers();
  const client = createReconnectingClient(stationContract, { connect: () => new Promise(() => {}), timers });
  client.close();
  expect(timers.delays()).toEqual([]);
});
