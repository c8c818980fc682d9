/** Topics over a wire: snapshots, bursts, letting go, coming back. */
import { expect, test, vi } from 'vitest';
import type { ContractError } from '../../../preload/contract/index.ts';
import { createClient, createReconnectingClient, stationContract } from '../../../preload/rpc/index.ts';
import type { Connection, ConnectionState } from '../../../preload/rpc/index.ts';
import { createFakeBackend, createManualTimers, weightOf } from './fake-backend.ts';
import { collect, failure, info } from './wire-kit.ts';
import type { Start } from './wire-kit.ts';

export function testTopics(start: Start): void {
  test('a subscriber gets the state at once and then every change', async () => {
    const fake = createFakeBackend();
    fake.weight.set(weightOf(100));
    const { client } = await start(fake.backend);
    const grams: (number | null)[] = [];
    client.subscribe('weight', (snapshot) => grams.push(snapshot.grams));
    await vi.waitFor(() => expect(grams).toEqual([100]), { interval: 2 });
    fake.weight.set(weightOf(200));
    await vi.waitFor(() => expect(grams).toEqual([100, 200]), { interval: 2 });
    fake.weight.set(weightOf(300));
    await vi.waitFor(() => expect(grams).toEqual([100, 200, 300]), { interval: 2 });
  });

  test('a burst of changes is one snapshot under way and the latest after it', async () => {
    const fake = createFakeBackend();
    const { client } = await start(fake.backend);
    const grams: (number | null)[] = [];
    client.subscribe('weight', (snapshot) => grams.push(snapshot.grams));
    await vi.waitFor(() => expect(grams).toHaveLength(1), { interval: 2 });
    for (let change = 1; change <= 1_000; change += 1) fake.weight.set(weightOf(change));
    await vi.waitFor(() => expect(grams.at(-1)).toBe(1_000), { interval: 2 });
    expect(grams.length).toBeLessThanOrEqual(3);
  });

  test('a client that does not deal with a snapshot gets no second one', async () => {
    const fake = createFakeBackend();
    const { connection } = await start(fake.backend);
    const replies = collect(connection);
    connection.wire.send(JSON.stringify({ kind: 'subscribe', id: 900, topic: 'weight' }));
    await vi.waitFor(() => expect(replies).toHaveLength(1), { interval: 2 });
    for (let change = 1; change <= 50; change += 1) {
      fake.weight.set(weightOf(change));
      await Promise.resolve();
    }
    // Answered after everything the server had to say before it.
    connection.wire.send(JSON.stringify({ kind: 'call', id: 901, name: 'none', input: {} }));
    await vi.waitFor(() => expect(replies).toHaveLength(2), { interval: 2 });
    expect(replies[1]).toMatchObject({ kind: 'error', id: 901 });
    connection.wire.send(JSON.stringify({ kind: 'seen', id: 900 }));
    await vi.waitFor(() => expect(replies).toHaveLength(3), { interval: 2 });
    expect(replies[2]).toMatchObject({ kind: 'snapshot', id: 900, snapshot: { grams: 50 } });
  });

  test('a snapshot outside the contract is withheld and its subscriber told why', async () => {
    const fake = createFakeBackend();
    fake.queue.set({ revision: 'secret' });
    const { client } = await start(fake.backend);
    const errors: ContractError[] = [];
    client.subscribe(
      'queue',
      () => expect.unreachable(),
      (error) => errors.push(error),
    );
    await vi.waitFor(() => expect(errors).toHaveLength(1), { interval: 2 });
    expect(errors[0]?.code).toBe('bad-output');
    expect(errors[0]?.message).not.toMatch(/secret/);
  });

  test('a source that fails for now gives its subscriber the error, and the next state after it', async () => {
    const fake = createFakeBackend();
    const { client } = await start(fake.backend);
    const seen: string[] = [];
    client.subscribe(
      'queue',
      (snapshot) => seen.push(`revision ${snapshot.revision}`),
      (error) => seen.push(error.code),
    );
    await vi.waitFor(() => expect(seen).toEqual(['bad-output']), { interval: 2 });
    fake.queue.set({
      revision: 9,
      counts: { waiting: 0, packing: 0, sealed: 0, rack: 0, labelled: 0, shipped: 0, attention: 0, cancelled: 0 },
    });
    await vi.waitFor(() => expect(seen).toEqual(['bad-output', 'revision 9']), { interval: 2 });
  });

  test('unsubscribing crosses the wire and the server lets go of its source', async () => {
    const fake = createFakeBackend();
    const { client, harness } = await start(fake.backend);
    const stop = client.subscribe('weight', () => {});
    const stopOther = client.subscribe('weight', () => {});
    await vi.waitFor(() => expect(fake.weight.listeners).toBe(2), { interval: 2 });
    stop();
    await vi.waitFor(() => expect(fake.weight.listeners).toBe(1), { interval: 2 });
    stopOther();
    await vi.waitFor(() => expect(fake.weight.listeners).toBe(0), { interval: 2 });
    expect(harness.counts().subscriptions).toBe(0);
  });

  test('closing a client lets go of everything held for it', async () => {
    const fake = createFakeBackend({ 'orders.sync': () => new Promise(() => {}) });
    const { client, harness } = await start(fake.backend);
    client.subscribe('weight', () => {});
    const call = failure(client.call('orders.sync', {}));
    await vi.waitFor(() => expect(harness.counts()).toMatchObject({ calls: 1, subscriptions: 1 }), { interval: 2 });
    client.close();
    expect((await call).code).toBe('disconnected');
    await vi.waitFor(() => expect(harness.counts()).toMatchObject({ calls: 0, subscriptions: 0 }), { interval: 2 });
    expect(fake.weight.listeners).toBe(0);
  });

  test('a hundred clients that come and go leave nothing behind', async () => {
    const fake = createFakeBackend();
    const { harness, connection } = await start(fake.backend);
    harness.cut(connection);
    for (let round = 0; round < 100; round += 1) {
      const next = await harness.connect();
      const seen = Promise.withResolvers<void>();
      createClient(stationContract, next, { timers: createManualTimers() }).subscribe('weight', () => seen.resolve());
      await seen.promise;
      harness.cut(next);
    }
    await vi.waitFor(() => expect(fake.weight.listeners).toBe(0), { interval: 2 });
    expect(harness.counts()).toMatchObject({ calls: 0, subscriptions: 0 });
  });

  test('a connection that breaks rejects what is open and cancels it at the station', async () => {
    const cancelled = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const fake = createFakeBackend({
      'orders.sync': (_input, context) => {
        context.onCancel(() => cancelled.resolve());
        started.resolve();
        return new Promise(() => {});
      },
    });
    const { client, harness, connection } = await start(fake.backend);
    const errors: string[] = [];
    client.subscribe(
      'weight',
      () => {},
      (error) => errors.push(error.code),
    );
    const call = failure(client.call('orders.sync', {}));
    await started.promise;
    harness.cut(connection);
    expect((await call).code).toBe('disconnected');
    await cancelled.promise;
    expect(errors).toEqual(['disconnected']);
    await vi.waitFor(() => expect(fake.weight.listeners).toBe(0), { interval: 2 });
    expect((await failure(client.call('station.info', {}))).code).toBe('disconnected');
  });

  test('a client that reconnects has its subscriptions back, with the whole state', async () => {
    const fake = createFakeBackend({ 'station.info': () => info });
    const { harness } = await start(fake.backend);
    const timers = createManualTimers();
    const connections: Connection[] = [];
    const client = createReconnectingClient(stationContract, {
      connect: async () => {
        const connection = await harness.connect();
        connections.push(connection);
        return connection;
      },
      timers,
      firstRetryMs: 250,
    });
    const states: ConnectionState['kind'][] = [];
    client.onState((state) => states.push(state.kind));
    const grams: (number | null)[] = [];
    client.subscribe('weight', (snapshot) => grams.push(snapshot.grams));
    // Made before there is a connection: it waits for the first one.
    expect(await client.call('station.info', {})).toEqual(info);
    await vi.waitFor(() => expect(grams).toEqual([0]), { interval: 2 });

    const first = connections[0];
    if (first === undefined) throw new Error('no connection was made');
    harness.cut(first);
    await vi.waitFor(() => expect(client.state.kind).toBe('waiting'), { interval: 2 });
    expect((await failure(client.call('station.info', {}))).code).toBe('disconnected');
    fake.weight.set(weightOf(777));
    expect(timers.fire(250)).toBe(1);
    await vi.waitFor(() => expect(grams).toEqual([0, 777]), { interval: 2 });
    expect(await client.call('station.info', {})).toEqual(info);
    expect(states).toEqual(['connected', 'waiting', 'connecting', 'connected']);
    client.close();
    await vi.waitFor(() => expect(harness.counts().subscriptions).toBe(0), { interval: 2 });
  });
}
