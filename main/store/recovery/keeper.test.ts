/** Snapshots of a real store, made by the real thread while the store goes on working. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sequentialIds, silentLog } from '../../../test/kit/ports.ts';
import { aPulledOrder } from '../../../test/kit/store.ts';
import { createVirtualClock } from '../../../test/kit/virtual-clock.ts';
import { recoverStore } from '../recover.ts';
import { createSnapshotKeeper, keptSnapshots } from './keeper.ts';
import { recoveryFolder } from './folder.ts';
import { listSnapshots } from './snapshots.ts';
import type { Recovered } from '../recover.ts';
import type { Store } from '../store.ts';
import type { SnapshotKeeper } from './keeper.ts';
import type { Snapshot } from './snapshots.ts';

let folder: string;
let path: string;
const clock = createVirtualClock();
const ids = sequentialIds();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packbench-keeper-'));
  path = join(folder, 'station.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const recover = (): Recovered => recoverStore({ path, clock, ids, log: silentLog });
const keep = (store: Store): SnapshotKeeper => createSnapshotKeeper({ store, clock, log: silentLog });
const pull = (store: Store, from: number, count: number): void => {
  for (let n = from; n < from + count; n += 1) {
    store.transaction(() => store.orders.upsert('hge', aPulledOrder({ vendorOrderId: `v-${n}`, number: `XS-${n}` })));
    store.events.append('test', {}, { n });
  }
};
const numbers = (store: Store): string[] =>
  store.orders
    .list({ status: null, search: '', offset: 0, limit: 500 })
    .rows.map((row) => row.number)
    .sort();

test('a snapshot taken while work goes on is whole, and with the journal gives back what came after it', async () => {
  const { store } = recover();
  const keeper = keep(store);
  pull(store, 0, 200);
  const taking = keeper.take(true);
  pull(store, 200, 50);
  const { at, problem, checkedAt } = await taking;
  expect({ problem, taken: at !== null, checkedAt }).toEqual({ problem: null, taken: true, checkedAt: at });
  pull(store, 250, 30);
  const before = numbers(store);
  await keeper.stop();
  store.close();
  writeFileSync(path, Buffer.alloc(statSync(path).size, 0x5a));
  const found = recover();
  if (found.kind !== 'restored') throw new Error('not restored');
  expect(found.report).toMatchObject({ gaps: 0, lost: [], badSnapshots: 0 });
  expect(found.report.snapshotAt).toBe(at);
  expect(found.report.replayed).toBeLessThan(200);
  expect(numbers(found.store)).toEqual(before);
  expect(found.store.events.firstBroken()).toBeNull();
  found.store.close();
});

test('a snapshot that changed by itself is passed over for the one before it', async () => {
  const { store } = recover();
  const keeper = keep(store);
  for (const round of [0, 1]) {
    pull(store, round * 20, 20);
    await clock.advance(1_000);
    await keeper.take(false);
  }
  await keeper.stop();
  store.close();
  const [newest] = listSnapshots(recoveryFolder(path));
  if (newest === undefined) throw new Error('no snapshot');
  const bytes = readFileSync(newest.path);
  bytes[5_000] = (bytes[5_000] ?? 0) ^ 4;
  writeFileSync(newest.path, bytes);
  rmSync(path);
  const found = recover();
  if (found.kind !== 'restored') throw new Error('not restored');
  expect(found.report).toMatchObject({ badSnapshots: 1, gaps: 0, lost: [] });
  expect(numbers(found.store)).toHaveLength(40);
  found.store.close();
});

test('a page that changes while the station runs is found by the next snapshot, which then does not count', async () => {
  const { store } = recover();
  pull(store, 0, 100);
  store.close();
  const again = recover();
  const keeper = keep(again.store);
  // A page of the old data, in the file only: this run has not written it.
  const bytes = readFileSync(path);
  const text = bytes.indexOf('XS-42"');
  const place = text > 0 ? text : bytes.lastIndexOf('XS-42');
  bytes[place + 3] = (bytes[place + 3] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const { at, problem } = await keeper.take(false);
  expect(at).toBeNull();
  expect(problem).toMatch(/changed by themselves/u);
  expect(again.store.failure?.code).toBe('corrupt');
  await keeper.stop();
  again.store.close();
  const found = recover();
  expect(found.kind).toBe('restored');
  expect(found.store.orders.findByNumber('XS-42')?.number).toBe('XS-42');
  found.store.close();
});

test('old snapshots and the journal only they need are removed', async () => {
  const { store } = recover();
  const keeper = keep(store);
  for (let round = 0; round < 6; round += 1) {
    pull(store, round * 5, 5);
    await clock.advance(300_000);
    await keeper.take(false);
  }
  const names = readdirSync(recoveryFolder(path));
  // The newest three; those of this hour and this day are among them, or one more each.
  expect(listSnapshots(recoveryFolder(path)).length).toBeLessThanOrEqual(5);
  expect(names.filter((name) => name.startsWith('journal')).length).toBeLessThanOrEqual(4);
  expect(existsSync(join(recoveryFolder(path), 'snapshot.part'))).toBe(false);
  await keeper.stop();
  store.close();
});

test('the newest three, three hours and two days are kept, within a size', () => {
  const hour = 3_600_000;
  const at = 1_800_000_000_000;
  const make = (minutesAgo: number, bytes = 1): Snapshot => ({
    at: at - minutesAgo * 60_000,
    position: 1_000_000 - minutesAgo,
    schema: 3,
    bytes,
    sha256: '',
    integrity: null,
    path: `${minutesAgo}`,
  });
  const five = Array.from({ length: 2_000 }, (_, index) => make(index * 5));
  const kept = [...keptSnapshots(five, at)].map(Number);
  expect(kept.slice(0, 3)).toEqual([0, 5, 10]);
  expect(kept.length).toBeLessThanOrEqual(8);
  expect(Math.max(...kept) * 60_000).toBeGreaterThan(hour);
  const heavy = [0, 5, 10, 15].map((minutes) => make(minutes, 1024 ** 3));
  expect([...keptSnapshots(heavy, at)]).toEqual(['0', '5']);
});

test('an order SQLite finds no sense in, though every page is as written, is restored once and not again and again', async () => {
  const { store } = recover();
  pull(store, 0, 10);
  store.close();
  const fault = join(recoveryFolder(path), 'distrusted');
  writeFileSync(fault, 'row 3 missing from index orders_by_number');
  const found = recover();
  if (found.kind !== 'restored') throw new Error('not restored');
  expect(found.report.reason).toMatch(/missing from index/u);
  expect(numbers(found.store)).toHaveLength(10);
  expect(existsSync(fault)).toBe(false);
  found.store.close();
  const again = recover();
  expect(again.kind).toBe('sound');
  again.store.close();
});

test('a break in the record of events is said, and the desk works on', async () => {
  const { store } = recover();
  store.events.append('one', {}, {});
  store.transaction(() => store.values.set('x', '1'));
  store.close();
  const raw = new DatabaseSync(path);
  raw.exec('DROP TRIGGER events_fixed; UPDATE events SET detail = \'{"n":2}\' WHERE seq = 1');
  raw.close();
  rmSync(join(recoveryFolder(path), 'pages'));
  const again = recover();
  const keeper = keep(again.store);
  const { problem, at } = await keeper.take(true);
  expect(problem).toMatch(/record of events is broken at 1/u);
  expect(at).not.toBeNull();
  expect((await keeper.take(false)).problem).toMatch(/broken at 1/u);
  expect(again.store.failure).toBeNull();
  await keeper.stop();
  again.store.close();
});
