import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sequentialIds, silentLog } from '../../test/kit/ports.ts';
import { aPulledOrder, openTestStore } from '../../test/kit/store.ts';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import { isRecentSqlite, openConnection } from './connection.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openStore } from './open.ts';
import { pagesFile } from './recovery/folder.ts';
import { StoreError } from './store.ts';
import type { TestStore } from '../../test/kit/store.ts';

let opened: TestStore;
beforeEach(() => {
  opened = openTestStore();
});
afterEach(() => opened.remove());

const open = (path = opened.path) =>
  openStore({ path, clock: createVirtualClock(), ids: sequentialIds(), log: silentLog });
const refusal = (work: () => unknown): StoreError => {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('Expected a StoreError.');
};

test('the database runs with the settings that make a commit durable', () => {
  expect(opened.store.facts()).toMatchObject({ journalMode: 'wal', synchronous: 2, schema: migrations.length });
});

test('SQLite with the WAL-reset bug is refused', () => {
  expect(['3.51.2', '3.50.9', '2.99.99'].map(isRecentSqlite)).toEqual([false, false, false]);
  expect(['3.51.3', '3.53.1', '4.0.0'].map(isRecentSqlite)).toEqual([true, true, true]);
});

test('a second station in the same process is refused in one line, and admitted after the first closed', () => {
  const error = refusal(() => open());
  expect(error.code).toBe('locked');
  expect(error.message).toMatch(/^Another Packbench already uses .+\. Close it first\.$/u);
  opened.store.close();
  open().close();
});

test('another process holds the database until it dies, even by SIGKILL', { timeout: 30_000 }, async () => {
  const path = `${opened.path}-other`;
  const script = `
    import { openStore } from ${JSON.stringify(fileURLToPath(new URL('./open.ts', import.meta.url)))};
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    const clock = { now: () => 0, monotonic: () => 0, after: () => ({ cancel() {} }) };
    const store = openStore({ path: ${JSON.stringify(path)}, clock, ids: { next: () => 'x' }, log: quiet });
    store.values.set('who', 'the other process');
    process.stdout.write('open');
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  expect(refusal(() => open(path)).code).toBe('locked');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const store = open(path);
  expect(store.values.get('who')).toBe('the other process');
  store.close();
});

test('a database of a newer Packbench is refused', () => {
  opened.store.close();
  const raw = new DatabaseSync(opened.path);
  raw.exec('PRAGMA user_version = 9999');
  raw.close();
  // It keeps sums of its own pages; without this they would be the first to speak.
  rmSync(pagesFile(opened.path));
  expect(refusal(() => open()).code).toBe('newer');
});

test('a file that is no database is refused, not replaced', () => {
  const path = `${opened.path}-garbage`;
  writeFileSync(path, 'this is not a database, but somebody may want it back'.repeat(100));
  expect(refusal(() => open(path)).code).toBe('corrupt');
});

test('a step that fails leaves the database as it was', () => {
  const connection = openConnection(`${opened.path}-steps`, () => {});
  const steps = [
    { version: 1, name: 'good', up: 'CREATE TABLE a (x TEXT) STRICT' },
    { version: 2, name: 'bad', up: 'CREATE TABLE b (x TEXT) STRICT; CREATE TABLE a (x TEXT) STRICT' },
  ];
  expect(() => migrate(connection, steps)).toThrow(/already exists/u);
  expect(connection.get('PRAGMA user_version')).toEqual({ user_version: 1 });
  expect(connection.all("SELECT name FROM sqlite_schema WHERE name = 'b'")).toEqual([]);
  connection.close();
});

test('a transaction that throws changes nothing and tells nobody', () => {
  let commits = 0;
  opened.store.onCommit(() => (commits += 1));
  expect(() =>
    opened.store.transaction(() => {
      opened.store.orders.upsert('hge', aPulledOrder());
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(opened.store.orders.findByNumber('SO-0001')).toBeNull();
  expect(commits).toBe(0);
  opened.store.transaction(() => {
    opened.store.orders.upsert('hge', aPulledOrder());
    opened.store.values.set('a', 'b');
  });
  expect(commits).toBe(1);
});

test('a transaction refuses promises and other transactions', () => {
  const { store } = opened;
  expect(() => store.transaction(() => Promise.resolve(store.values.set('a', '1')))).toThrow(/promise/u);
  expect(store.values.get('a')).toBeNull();
  expect(() => store.transaction(() => store.transaction(() => 1))).toThrow(/already open/u);
  expect(store.transaction(() => 7)).toBe(7);
});

test('the event log cannot be changed, and a change made behind our back shows', () => {
  const { store } = opened;
  for (const n of [1, 2, 3]) store.events.append('test', { orderId: 'o' }, { n });
  expect(store.events.listForOrder('o').map((entry) => entry.detail['n'])).toEqual([1, 2, 3]);
  expect(store.events.firstBroken()).toBeNull();
  store.close();
  const raw = new DatabaseSync(opened.path);
  expect(() => raw.exec("UPDATE events SET detail = '{}'")).toThrow(/never changed/u);
  expect(() => raw.exec('DELETE FROM events')).toThrow(/never deleted/u);
  raw.exec("DROP TRIGGER events_fixed; UPDATE events SET detail = '{}' WHERE seq = 2");
  raw.close();
  expect(refusal(() => opened.reopen()).code).toBe('corrupt');
  rmSync(pagesFile(opened.path));
  expect(opened.reopen().events.firstBroken()).toBe(2);
});

test('values and counters survive a restart', () => {
  opened.store.values.set('cursor', '007');
  expect([opened.store.values.increment('lpn'), opened.store.values.increment('lpn')]).toEqual([1, 2]);
  const store = opened.reopen();
  expect(store.values.get('cursor')).toBe('007');
  expect(store.values.increment('lpn')).toBe(3);
  store.values.delete('cursor');
  expect(store.values.get('cursor')).toBeNull();
});

test('a sound database has nothing to report', () => {
  expect(opened.store.check()).toEqual([]);
});

test('a snapshot taken while work goes on is a whole database of its own', async () => {
  const { store } = opened;
  store.orders.upsert('hge', aPulledOrder());
  const copy = `${opened.path}-snapshot`;
  const taken = store.snapshot(copy);
  store.values.set('during', 'yes');
  await taken;
  const other = open(copy);
  expect(other.orders.findByNumber('SO-0001')).not.toBeNull();
  expect(other.check()).toEqual([]);
  other.close();
  await expect(store.snapshot(`${opened.path}-no-folder/x`)).rejects.toMatchObject({ code: 'failed' });
  store.close();
  await expect(store.snapshot(copy)).rejects.toMatchObject({ code: 'failed' });
});
