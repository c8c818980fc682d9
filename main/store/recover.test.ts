/** Damage on real files: what is found, what comes back, and what is said about the rest. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seededRandom, sequentialIds, silentLog } from '../../test/kit/ports.ts';
import { aJob, aParcel, aPulledOrder, temporaryFolder } from '../../test/kit/store.ts';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import { recoverStore, unseenRecovery } from './recover.ts';
import { recoveryFolder } from './recovery/folder.ts';
import type { Recovered } from './recover.ts';
import type { Store } from './store.ts';

let folder: string;
let path: string;
const ids = sequentialIds();
beforeEach(() => {
  folder = mkdtempSync(join(temporaryFolder, 'packbench-recover-'));
  path = join(folder, 'station.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const recover = (): Recovered => recoverStore({ path, clock: createVirtualClock(), ids, log: silentLog });

/** Seals `count` parcels, each in a transaction of its own. */
function work(store: Store, count: number, from = 0): void {
  for (let n = from; n < from + count; n += 1) {
    store.transaction(() => {
      const pulled = aPulledOrder({ vendorOrderId: `v-${n}`, number: `XS-${n}` });
      const { orderId } = store.orders.upsert('hge', pulled);
      const parcel = aParcel(orderId, { id: `p-${n}`, reference: `R-${n}`, lpn: `LPN-${n}` });
      const facts = { ...parcel.facts, parcelId: `p-${n}`, orderNumber: `XS-${n}` };
      store.parcels.insert({ ...parcel, facts });
      store.jobs.insert(aJob({ id: `j-${n}`, lane: `p-${n}`, facts }));
      store.events.append('parcel-sealed', { orderId }, { n });
      store.values.increment('lpn');
    });
  }
}

/** Everything a person or vendor could notice, as one text. */
function content(store: Store): string {
  return JSON.stringify([
    store.orders.list({ status: null, search: '', offset: 0, limit: 500 }),
    store.jobs.list({ states: ['ready', 'sending', 'unknown', 'done'], offset: 0, limit: 500 }),
    store.jobs.summary(),
    store.parcels.findByReference('R-3'),
    store.orders.list({ status: null, search: 'XS-7', offset: 0, limit: 5 }),
  ]);
}

function flip(file: string, at: number, bit = 0): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  writeFileSync(file, bytes);
}

test('a sound database is opened as it is', () => {
  const first = recover();
  work(first.store, 3);
  first.store.close();
  const second = recover();
  expect(second).toMatchObject({ kind: 'sound', rolledForward: 0 });
  expect(second.store.jobs.summary().open).toBe(3);
  second.store.close();
});

test('any changed byte of the database file is found, and the journal brings everything back', () => {
  const first = recover();
  work(first.store, 20);
  const before = content(first.store);
  first.store.close();
  const pages = statSync(path).size;
  const copy = join(folder, 'copy');
  copyFileSync(path, copy);
  const random = seededRandom(7);
  for (let trial = 0; trial < 12; trial += 1) {
    flip(path, Math.floor(random.next() * pages), Math.floor(random.next() * 8));
    const found = recover();
    expect(found.kind).toBe('restored');
    if (found.kind !== 'restored') return;
    expect(found.report).toMatchObject({
      snapshotAt: null,
      replayed: 20 + trial,
      gaps: 0,
      lost: [],
      inDoubt: { jobs: 0, prints: 0 },
    });
    expect(content(found.store)).toBe(before);
    expect(found.store.check()).toEqual([]);
    expect(found.store.events.firstBroken()).toBeNull();
    found.store.close();
    expect(found.report.damagedFiles.some((file) => file.endsWith('station.db') && existsSync(file))).toBe(true);
  }
});

test('a database that is gone comes back from its journal', () => {
  const first = recover();
  work(first.store, 5);
  first.store.close();
  rmSync(path);
  const found = recover();
  expect(found.kind).toBe('restored');
  expect(found.store.jobs.summary().open).toBe(5);
  found.store.close();
});

test('a database whose first making was cut off is made again without alarm', () => {
  const first = recover();
  first.store.close();
  const bytes = readFileSync(path);
  rmSync(recoveryFolder(path), { recursive: true });
  mkdirSync(recoveryFolder(path));
  writeFileSync(join(recoveryFolder(path), 'making'), '');
  writeFileSync(path, bytes.subarray(0, 3_000));
  const again = recover();
  expect(again.kind).toBe('sound');
  expect(unseenRecovery(path)).toBeNull();
  work(again.store, 2);
  again.store.close();
  const third = recover();
  expect(third.store.jobs.summary().open).toBe(2);
  third.store.close();
});

test('a hole in the journal puts what may have gone out in doubt, and names the orders', () => {
  const first = recover();
  work(first.store, 10);
  first.store.close();
  const journal = join(recoveryFolder(path), 'journal-00000001.log');
  const text = readFileSync(journal);
  flip(journal, text.indexOf('XS-5'));
  flip(path, 4_096 * 3 + 100);
  const found = recover();
  if (found.kind !== 'restored') throw new Error('not restored');
  expect(found.report.gaps).toBeGreaterThan(0);
  expect(found.report.lost.map((each) => each.orderNumber)).toContain('XS-5');
  const jobs = found.store.jobs.list({ states: ['ready'], offset: 0, limit: 50 });
  expect(jobs).toEqual([]);
  expect(found.store.jobs.summary().unknown).toBe(found.report.inDoubt.jobs);
  expect(unseenRecovery(path)?.lost.map((each) => each.orderNumber)).toContain('XS-5');
  found.store.close();
});

test('without journal and snapshot it begins empty and says so', () => {
  const first = recover();
  work(first.store, 4);
  first.store.close();
  for (const name of readdirSync(recoveryFolder(path))) {
    if (name.startsWith('journal')) rmSync(join(recoveryFolder(path), name));
  }
  flip(path, statSync(path).size - 2_000);
  const found = recover();
  if (found.kind !== 'restored') throw new Error('not restored');
  expect(found.report).toMatchObject({ snapshotAt: null, replayed: 0 });
  expect(found.report.gaps).toBeGreaterThan(0);
  expect(found.report.lost.map((each) => each.orderNumber)).toEqual(['XS-0', 'XS-1', 'XS-2', 'XS-3']);
  expect(found.store.orders.counts().waiting).toBe(0);
  found.store.close();
});
