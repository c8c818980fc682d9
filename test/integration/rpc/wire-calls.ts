/** Calls over a wire: answers, errors, time-outs, cancelling. */
import { expect, test, vi } from 'vitest';
import { ContractError, ErrorCode } from '../../../preload/contract/index.ts';
import { createFakeBackend } from './fake-backend.ts';
import { collect, failure, info } from './wire-kit.ts';
import type { Start } from './wire-kit.ts';

export function testCalls(start: Start): void {
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
      expect([error.code, error.message, error.detail]).toEqual([code, `because of ${code}`, { field: 'x', count: 2 }]);
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
}
