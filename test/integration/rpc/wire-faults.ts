/** What a wire must survive: a station that does not start, garbage, too much of everything. */
import { expect, test, vi } from 'vitest';
import type { ContractError } from '../../../preload/contract/index.ts';
import { createClient, limits, stationContract } from '../../../preload/rpc/index.ts';
import type { Backend } from '../../../preload/rpc/index.ts';
import { createFakeBackend, createManualTimers } from './fake-backend.ts';
import { collect, failure, info } from './wire-kit.ts';
import type { Start } from './wire-kit.ts';

export function testFaults(start: Start): void {
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
    expect(error.message).toBe('the station did not start: the database is newer than this program; update Packbench');
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
}
