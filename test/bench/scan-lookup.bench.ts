/**
 * Looking up what was scanned, with a growing history: order number, rack label, waybill, a code nobody knows, and a
 * wrong item (which asks whether any order has that product).
 */
import { benchmark, timed } from './harness/benchmark.ts';
import { addShipped, inBulk, openBenchStore, orderNumber, productCode, waybillOf } from './harness/history.ts';
import { growHistory } from './harness/grow.ts';
import { seededRandom } from '../kit/ports.ts';
import type { Store } from '../../main/store/store.ts';

/** Budget of a look-up, and of the whole answer to a scan, which a wrong item's search is part of. */
const lookupMs = 2;
const answerMs = 50;

type Lookup = (store: Store, index: number) => boolean;

const lookups: Readonly<Record<string, Lookup>> = {
  order: (store, index) => store.orders.findByNumber(orderNumber(index)) !== null,
  waybill: (store, index) => store.parcels.findByWaybill(waybillOf(index)) !== null,
  'rack label': (store, index) => store.parcels.findByLpn(lpns.get(index) ?? '') !== null,
  'unknown code': (store, index) => {
    const code = `NO-SUCH-${index}`;
    return (
      store.parcels.findByLpn(code) === null &&
      store.parcels.findByWaybill(code) === null &&
      store.orders.findByNumber(code) === null
    );
  },
};
/** Rack labels carry a number of the database's own; read once for the indexes that are asked for. */
const lpns = new Map<number, string>();

await benchmark((bench) => {
  const sizes = bench.quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000];
  const samples = bench.quick ? 1_000 : 3_000;
  const random = seededRandom(1);
  const medians = new Map<string, number[]>();
  let store = openBenchStore(bench.folder);
  const written = 2_000;
  inBulk(store, 0, written, (index) => addShipped(store, index, false));
  let had = written;
  for (const size of sizes) {
    const from = performance.now();
    store.close();
    growHistory(bench.folder, had, size, 0);
    store = openBenchStore(bench.folder);
    had = size;
    bench.progress(`${size} parcels of history after ${((performance.now() - from) / 1000).toFixed(0)} s`);
    // A fresh connection: its page cache is as empty as after a start.
    store.close();
    store = openBenchStore(bench.folder);
    const indexes = Array.from({ length: samples }, () => Math.floor(random.next() * size));
    lpns.clear();
    for (const index of indexes) {
      const order = store.orders.findByNumber(orderNumber(index));
      const lpn = order === null ? undefined : store.orders.row(order.id)?.lpn;
      if (typeof lpn === 'string') lpns.set(index, lpn);
    }
    store.close();
    store = openBenchStore(bench.folder);
    for (const [name, lookup] of Object.entries(lookups)) {
      const taken = indexes.map((index) => {
        let found = false;
        const ms = timed(() => (found = lookup(store, index)));
        if (!found) throw new Error(`${name} of parcel ${index} gave the wrong answer`);
        return ms;
      });
      bench.add({ name: `${name}, ${size} parcels`, unit: 'ms', samples: taken, budget: lookupMs });
      const median = taken.toSorted((a, b) => a - b)[Math.floor(taken.length / 2)] ?? 0;
      medians.set(name, [...(medians.get(name) ?? []), median]);
    }
    const wrongItem = indexes
      .slice(0, bench.quick ? 20 : 60)
      .map((index) =>
        timed(() => store.orders.list({ status: null, search: productCode(index), offset: 0, limit: 5 })),
      );
    bench.add({ name: `wrong item's search, ${size} parcels`, unit: 'ms', samples: wrongItem, budget: answerMs });
  }
  const [least, most] = [sizes[0] ?? 1, sizes.at(-1) ?? 1];
  for (const [name, [first, ...rest]] of medians) {
    const growth = (rest.at(-1) ?? 0) / (first ?? 1);
    const budget = Math.log(most) / Math.log(least);
    bench.add({ name: `growth of ${name}, ${least} to ${most}`, unit: 'times', samples: [growth], budget });
  }
  bench.note(`${(store.facts().bytes / 2 ** 20).toFixed(0)} MB of database at ${most} parcels`);
  bench.note(
    'growth: median at the largest history over median at the smallest; its budget is the ratio of their logarithms',
  );
  store.close();
});
