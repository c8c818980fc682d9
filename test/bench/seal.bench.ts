/**
 * Sealing a parcel on a disk with FULL sync: the transaction alone, and the desk's whole answer to a usable weight.
 * Beside them what one sync costs here, bare and through SQLite.
 */
import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createDesk } from '../../main/desk/desk.ts';
import type { Desk } from '../../main/desk/desk.ts';
import { createWeigher } from '../../main/desk/weigher.ts';
import { defaultWeighingLimits } from '../../main/domain/weighing.ts';
import type { Store } from '../../main/store/store.ts';
import { silentLog } from '../kit/ports.ts';
import { benchmark, timed } from './harness/benchmark.ts';
import { growHistory } from './harness/grow.ts';
import { addOrder, addShipped, benchClock, benchIds, fourJobs, inBulk, openBenchStore } from './harness/history.ts';

const sealMs = 5;

await benchmark((bench) => {
  const rounds = bench.quick ? 100 : 300;
  const baselines = {
    'bare 4 KB write + fdatasync': bareSync(bench.folder, rounds),
    'bare SQLite commit': bareCommit(bench.folder, rounds),
  };
  for (const earlier of bench.quick ? [1_000, 20_000] : [1_000, 100_000]) {
    const folder = join(bench.folder, String(earlier));
    mkdirSync(folder);
    let store = openBenchStore(folder);
    const from = performance.now();
    inBulk(store, 0, 1_000, (index) => addShipped(store, index, true));
    store.close();
    growHistory(folder, 1_000, earlier, fourJobs.length);
    store = openBenchStore(folder);
    bench.progress(`${earlier} earlier parcels after ${((performance.now() - from) / 1000).toFixed(0)} s`);
    const { transactions, answers, commits } = sealMany(store, earlier, rounds);
    const { synchronous, journalMode } = store.facts();
    if (synchronous !== 2 || journalMode !== 'wal') throw new Error('the store does not run with WAL and FULL sync');
    bench.add({
      name: `sealing transaction, ${earlier} earlier parcels`,
      unit: 'ms',
      samples: transactions,
      budget: sealMs,
      against: baselines,
    });
    bench.add({ name: `usable weight to answer, ${earlier} earlier parcels`, unit: 'ms', samples: answers });
    bench.note(
      `${earlier} earlier parcels: ${(commits / rounds).toFixed(1)} commits that change an order, parcel, job or print per answer`,
    );
    store.close();
  }
});

/** Packs `rounds` orders up to the weight and seals them; the sealing transaction is timed at the store. */
function sealMany(
  store: Store,
  first: number,
  rounds: number,
): { transactions: number[]; answers: number[]; commits: number } {
  const transactions: number[] = [];
  const answers: number[] = [];
  let commits = 0;
  let sealing = false;
  const watched: Store = {
    ...store,
    failure: null,
    transaction(work) {
      if (!sealing) return store.transaction(work);
      const from = performance.now();
      const result = store.transaction(work);
      transactions.push(performance.now() - from);
      return result;
    },
  };
  store.onCommit(() => (commits += sealing ? 1 : 0));
  let usable = false;
  const desk = deskOver(watched, () => usable);
  for (let round = 0; round < rounds; round += 1) {
    const order = addOrder(store, first + round);
    if (!desk.scan(order.number).accepted) throw new Error(`order ${order.number} was not opened`);
    for (const line of order.lines) {
      if (!desk.scan(line.productCode).accepted) throw new Error(`item ${line.productCode} was not accepted`);
    }
    usable = true;
    sealing = true;
    answers.push(timed(() => desk.weightChanged()));
    sealing = false;
    usable = false;
    const { parcel } = desk.snapshot.current();
    if (parcel === null) throw new Error(`order ${order.number} was not sealed`);
    if (!desk.command('skip-scan-back', 'bench').accepted) clearDesk(desk, store);
  }
  desk.stop();
  return { transactions, answers, commits };
}

/** Puts the sealed parcel aside, as if it had gone to the rack. */
function clearDesk(desk: Desk, store: Store): void {
  store.values.delete('desk.open');
  desk.restore();
}

/** The real desk, with a scale that says what it is told, and without a printer or vendors. */
function deskOver(store: Store, usable: () => boolean): Desk {
  const weigher = createWeigher({
    scale: null,
    virtual: () => true,
    limits: defaultWeighingLimits,
    store,
    clock: benchClock,
  });
  return createDesk({
    deskId: 'D01',
    routes: () => [{ when: {}, vendor: 'hge', service: 'P10006' }],
    drawsOwnLabel: () => false,
    follow: () => undefined,
    lpnAfterMs: 60_000,
    store,
    clock: benchClock,
    ids: benchIds,
    log: silentLog,
    weigher: {
      ...weigher,
      judge: () => ({
        usable: usable(),
        grams: usable() ? 1_234 : null,
        reason: null,
        frames: ['5320532020202020312e323334206b67'],
      }),
    },
    people: {
      current: () => null,
      supervisor: () => null,
      mayOverride: () => true,
      scanBadge() {
        throw new Error('nobody signs on here');
      },
      signOff: () => null,
      overrideUsed: () => undefined,
    },
    answers: { question: () => null, exists: () => undefined, notThere: () => undefined },
    printing: {
      request() {
        throw new Error('nothing is printed here');
      },
      requestBag() {
        throw new Error('nothing is printed here');
      },
      withdraw: () => false,
      latest: () => null,
      latestOfBag: () => null,
      nextCopy: () => 0,
      nextCopyOfBag: () => 0,
      settle: () => false,
      paused: () => [],
      recover: () => [],
      resume: () => undefined,
      goOn: () => false,
      stop: () => Promise.resolve(),
    },
    stock: {
      bytes: () => Promise.resolve({ held: true, code: 'label.unreadable', message: 'no labels here' }),
      warm() {},
      forget() {},
    },
    planJobs: () => fourJobs,
    vendorName: () => 'HGE',
    vendorDown: () => false,
    poke() {},
    redrive() {},
    resumePrinter() {},
  });
}

/** Appends a page to a file and waits for the disk. */
function bareSync(folder: string, rounds: number): number[] {
  const handle = openSync(join(folder, 'bare'), 'a');
  const page = new Uint8Array(4_096).fill(1);
  const samples = Array.from({ length: rounds }, () =>
    timed(() => {
      writeSync(handle, page);
      fdatasyncSync(handle);
    }),
  );
  closeSync(handle);
  return samples;
}

/** One row of a few bytes in a database with the same settings. */
function bareCommit(folder: string, rounds: number): number[] {
  const database = new DatabaseSync(join(folder, 'bare.db'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (value TEXT) STRICT');
  const insert = database.prepare('INSERT INTO rows VALUES (?)');
  const samples = Array.from({ length: rounds }, (_, round) => timed(() => insert.run(`row ${round}`)));
  database.close();
  return samples;
}
