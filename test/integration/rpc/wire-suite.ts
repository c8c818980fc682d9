/** What every wire must do, whatever carries it. Run over memory, a real WebSocket and Electron's IPC. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ContractError, ErrorCode } from '../../../preload/contract/index.ts';
import type { CallOutput } from '../../../preload/contract/index.ts';
import { createClient, createReconnectingClient, limits, stationContract } from '../../../preload/rpc/index.ts';
import type { Backend, Client, Connection, ConnectionState, StationContract } from '../../../preload/rpc/index.ts';
import { createFakeBackend, createKeptLog, createManualTimers, weightOf } from './fake-backend.ts';

export interface WireHarness {
  connect(): Promise<Connection>;
  /** Breaks one connection the way its carrier breaks. */
  cut(connection: Connection): void;
  counts(): { readonly calls: number; readonly subscriptions: number };
  close(): Promise<void>;
}

export type OpenHarness = (
  backend: Backend | Promise<Backend>,
  log: ReturnType<typeof createKeptLog>,
) => Promise<WireHarness>;

const info: CallOutput<'station.info'> = {
  version: '1.0.0',
  deskId: 'D01',
  site: 'HZ1',
  locale: 'en',
  training: true,
  startedAt: 1,
};

export function describeWire(name: string, openHarness: OpenHarness): void {
  describe(`calls and topics over ${name}`, () => {
    const open: WireHarness[] = [];
    afterEach(async () => {
      for (const harness of open.splice(0)) await harness.close();
    });

    /** One harness, one client, everything a test may look at. */
    const start = async (
      backend: Backend | Promise<Backend>,
    ): Promise<{
      harness: WireHarness;
      connection: Connection;
      client: Client<StationContract>;
      timers: ReturnType<typeof createManualTimers>;
      log: ReturnType<typeof createKeptLog>;
    }> => {
      const log = createKeptLog();
      const harness = await openHarness(backend, log);
      open.push(harness);
      const connection = await harness.connect();
      const timers = createManualTimers();
      return { harness, connection, client: createClient(stationContract, connection, { timers }), timers, log };
    };

    const failure = async (promise: Promise<unknown>): Promise<ContractError> => {
      const thrown: unknown = await promise.then(
        () => new Error('it resolved'),
        (error: unknown) => error,
      );
      expect(thrown).toBeInstanceOf(ContractError);
      return thrown as ContractError;
    };

    test('a call reaches its handler with defaults filled in and its answer comes back', async () => {
      const seen: unknown[] = [];
      const { client } = await start(
        createFakeBackend({
          'orders.list': (input) => {
            seen.push(input);
            return { revision: 3, total: 0, rows: [] };
          },
        }).backend,
      );
      expect(await client.call('orders.list', {})).toEqual({ revision: 3, total: 0, rows: [] });
      expect(seen).toEqual([{ status: null, search: '', offset: 0, limit: 100 }]);
    });

    test('a slow call does not hold up a quick one', async () => {
      const slow = Promise.withResolvers<{ pulled: number }>();
      const { client } = await start(
        createFakeBackend({ 'orders.sync': () => slow.promise, 'station.info': () => info }).backend,
      );
      const first = client.call('orders.sync', {});
      expect(await client.call('station.info', {})).toEqual(info);
      slow.resolve({ pulled: 7 });
      expect(await first).toEqual({ pulled: 7 });
    });

    test('every error code a handler throws arrives with its message and detail', async () => {
      let code: ErrorCode = 'internal';
      const { client } = await start(
        createFakeBackend({
          'station.info': () => {
            throw new ContractError(code, `because of ${code}`, { field: 'x', count: 2 });
          },
        }).backend,
      );
      for (code of ErrorCode.options) {
        const error = await failure(client.call('station.info', {}));
        expect([error.code, error.message, error.detail]).toEqual([
          code,
          `because of ${code}`,
          { field: 'x', count: 2 },
        ]);
      }
    });

    test('anything else a handler throws crosses as internal, without its words or its stack', async () => {
      const { client, log } = await start(
        createFakeBackend({
          'station.info': () => Promise.reject(new TypeError('password hunter2 at /secret/path')),
        }).backend,
      );
      const error = await failure(client.call('station.info', {}));
      expect(error.code).toBe('internal');
      expect(JSON.stringify([error.message, error.detail])).not.toMatch(/hunter2|secret/);
      expect(log.lines.some((line) => line.level === 'error')).toBe(true);
    });

    test('an input outside the contract is refused with the name of the field', async () => {
      const { client } = await start(createFakeBackend().backend);
      const error = await failure(client.call('pack.scan', { code: '' }));
      expect(error.code).toBe('bad-input');
      expect(error.message).toMatch(/^pack\.scan field "code"/);
      expect(error.message).not.toContain('\n');
    });

    test('an answer outside the contract is withheld, logged and told as bad-output', async () => {
      const { client, log } = await start(
        createFakeBackend({
          'orders.sync': () => ({ pulled: 'the secret of the station' }) as unknown as { pulled: number },
        }).backend,
      );
      const error = await failure(client.call('orders.sync', {}));
      expect(error.code).toBe('bad-output');
      expect(error.message).toMatch(/"pulled"/);
      expect(error.message).not.toMatch(/the secret/);
      expect(log.lines.filter((line) => line.level === 'error')).toHaveLength(1);
    });

    test('fields the contract does not name never leave the station', async () => {
      const { client } = await start(
        createFakeBackend({ 'orders.sync': () => ({ pulled: 1, appkey: 'hidden' }) as { pulled: number } }).backend,
      );
      expect(await client.call('orders.sync', {})).toEqual({ pulled: 1 });
    });

    test('a call or topic nobody knows is answered at once with unknown-call', async () => {
      const { connection } = await start(createFakeBackend().backend);
      const replies = collect(connection);
      connection.wire.send(JSON.stringify({ kind: 'call', id: 900, name: 'constructor', input: {} }));
      connection.wire.send(JSON.stringify({ kind: 'subscribe', id: 901, topic: 'everything' }));
      await vi.waitFor(() => expect(replies).toHaveLength(2), { interval: 2 });
      expect(replies).toMatchObject([
        { kind: 'error', id: 900, error: { code: 'unknown-call' } },
        { kind: 'error', id: 901, error: { code: 'unknown-call' } },
      ]);
    });

    test('a call that is not answered in its time rejects with timeout and its handler learns of it', async () => {
      const cancelled = Promise.withResolvers<void>();
      const started = Promise.withResolvers<void>();
      const { client, timers, harness } = await start(
        createFakeBackend({
          'pack.scan': (_input, context) => {
            context.onCancel(() => cancelled.resolve());
            started.resolve();
            return new Promise(() => {});
          },
        }).backend,
      );
      const call = failure(client.call('pack.scan', { code: 'X' }));
      await started.promise;
      expect(timers.fire(5_000)).toBe(1);
      const error = await call;
      expect(error.code).toBe('timeout');
      expect(error.message).toMatch(/pack\.scan .*5000 ms/);
      await cancelled.promise;
      await vi.waitFor(() => expect(harness.counts().calls).toBe(0), { interval: 2 });
    });

    test('a call its caller gives up rejects at once and its handler learns of it', async () => {
      const cancelled = Promise.withResolvers<void>();
      const started = Promise.withResolvers<void>();
      const { client, timers } = await start(
        createFakeBackend({
          'diagnose.run': (_input, context) => {
            context.onCancel(() => cancelled.resolve());
            started.resolve();
            return new Promise(() => {});
          },
        }).backend,
      );
      const controller = new AbortController();
      const call = failure(client.call('diagnose.run', {}, { signal: controller.signal }));
      await started.promise;
      controller.abort();
      expect((await call).code).toBe('refused');
      await cancelled.promise;
      expect(timers.pending).toEqual([]);
    });

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
      const log = createKeptLog();
      const harness = await openHarness(fake.backend, log);
      open.push(harness);
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

    test('a station that fails to start rejects every pending and later call, and every subscription', async () => {
      const starting = Promise.withResolvers<Backend>();
      const { client } = await start(starting.promise);
      const errors: ContractError[] = [];
      client.subscribe(
        'weight',
        () => {},
        (error) => errors.push(error),
      );
      const pending = failure(client.call('station.info', {}));
      starting.reject(new Error('the database is newer than this program; update Packbench\n    at line 1'));
      const error = await pending;
      expect(error.code).toBe('not-started');
      expect(error.message).toBe(
        'the station did not start: the database is newer than this program; update Packbench',
      );
      await vi.waitFor(() => expect(errors[0]?.code).toBe('not-started'), { interval: 2 });
      expect((await failure(client.call('orders.sync', {}))).code).toBe('not-started');
      client.subscribe(
        'weight',
        () => {},
        (later) => errors.push(later),
      );
      expect(errors.at(-1)?.code).toBe('not-started');
    });

    test('a client that comes after the station failed to start is told the same', async () => {
      const { connection, harness } = await start(Promise.reject(new Error('disk full')));
      harness.cut(connection);
      const client = createClient(stationContract, await harness.connect(), { timers: createManualTimers() });
      const error = await failure(client.call('station.info', {}));
      expect([error.code, error.message]).toEqual(['not-started', 'the station did not start: disk full']);
    });

    test('calls made while the station starts are answered once it has', async () => {
      const starting = Promise.withResolvers<Backend>();
      const fake = createFakeBackend({ 'station.info': () => info });
      const { client } = await start(starting.promise);
      const grams: (number | null)[] = [];
      client.subscribe('weight', (snapshot) => grams.push(snapshot.grams));
      const call = client.call('station.info', {});
      starting.resolve(fake.backend);
      expect(await call).toEqual(info);
      await vi.waitFor(() => expect(grams).toEqual([0]), { interval: 2 });
    });

    const garbage: readonly (readonly [string, string])[] = [
      ['no JSON', 'not json'],
      ['an empty text', ''],
      ['a JSON text that is no object', '42'],
      ['an unknown kind', JSON.stringify({ kind: 'eval', id: 1, code: '1' })],
      ['an id that is no number', JSON.stringify({ kind: 'call', id: 'x', name: 'station.info', input: {} })],
      ['a field too many', JSON.stringify({ kind: 'seen', id: 1, extra: true })],
      ['a prototype', '{"kind":"call","id":1,"name":"station.info","input":{},"__proto__":{"x":1}}'],
    ];
    test.each(garbage)('%s is told as bad-input and ends that connection only', async (_what, text) => {
      const fake = createFakeBackend({ 'station.info': () => info });
      const { harness, connection } = await start(fake.backend);
      const replies = collect(connection);
      connection.wire.send(text);
      await vi.waitFor(() => expect(replies).toHaveLength(1), { interval: 2 });
      expect(replies[0]).toMatchObject({ kind: 'fatal', error: { code: 'bad-input' } });
      const other = createClient(stationContract, await harness.connect(), { timers: createManualTimers() });
      expect(await other.call('station.info', {})).toEqual(info);
    });

    test('an id used twice at once is told as bad-input', async () => {
      const { connection } = await start(createFakeBackend({ 'orders.sync': () => new Promise(() => {}) }).backend);
      const replies = collect(connection);
      const call = JSON.stringify({ kind: 'call', id: 900, name: 'orders.sync', input: {} });
      connection.wire.send(call);
      connection.wire.send(call);
      await vi.waitFor(() => expect(replies).toHaveLength(1), { interval: 2 });
      expect(replies[0]).toMatchObject({ kind: 'fatal', error: { code: 'bad-input' } });
    });

    test('a message above the limit is refused by the client before it is sent', async () => {
      const { client } = await start(createFakeBackend().backend);
      const error = await failure(client.call('pack.scan', { code: 'x'.repeat(limits.toServerChars) }));
      expect(error.code).toBe('too-large');
    });

    test('a message above the limit is refused by the station without being parsed', async () => {
      const { connection } = await start(createFakeBackend().backend);
      const replies = collect(connection);
      connection.wire.send(`{"kind":"call","id":1,"name":"${'x'.repeat(limits.toServerChars)}"}`);
      await vi.waitFor(() => expect(replies).toHaveLength(1), { interval: 2 });
      expect(replies[0]).toMatchObject({ kind: 'fatal', error: { code: 'too-large' } });
    });

    test('an answer above the limit is told as too-large', async () => {
      const big = { ...info, site: 'x'.repeat(limits.toClientChars) };
      const { client } = await start(createFakeBackend({ 'station.info': () => big }).backend);
      expect((await failure(client.call('station.info', {}))).code).toBe('too-large');
    });

    test('more open calls than allowed are refused, not queued', async () => {
      const { client } = await start(createFakeBackend({ 'orders.sync': () => new Promise(() => {}) }).backend);
      const codes: string[] = [];
      for (let count = 0; count < limits.openCalls + 1; count += 1) {
        client.call('orders.sync', {}).catch((error: unknown) => codes.push((error as ContractError).code));
      }
      await vi.waitFor(() => expect(codes).toEqual(['refused']), { interval: 2 });
    });

    test('many calls at once are each answered with their own answer', async () => {
      const { client } = await start(
        createFakeBackend({
          'orders.list': async (input) => {
            if (input.offset % 3 === 0) await Promise.resolve();
            return { revision: input.offset, total: 0, rows: [] };
          },
        }).backend,
      );
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, offset) => client.call('orders.list', { offset })),
      );
      expect(answers.map((answer) => answer.revision)).toEqual(Array.from({ length: 200 }, (_, offset) => offset));
    });
  });
}

/** Every message of a connection from now on, parsed. */
function collect(connection: Connection): unknown[] {
  const replies: unknown[] = [];
  connection.wire.onMessage((text) => {
    const parsed: unknown = JSON.parse(text);
    replies.push(parsed);
  });
  return replies;
}
