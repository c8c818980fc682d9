/** What an order should weigh, with a million SKUs learned, and what learning from its parcel adds to the sealing. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createExpectedWeights, weighedItems } from '../../main/desk/expected-weights.ts';
import { usualExpectedWeights } from '../../main/domain/expected-weight.ts';
import type { OrderRecord } from '../../main/store/store.ts';
import { seededRandom } from '../kit/ports.ts';
import { aLine } from '../kit/store.ts';
import { benchmark, timed } from './harness/benchmark.ts';
import { openBenchStore } from './harness/history.ts';

const lookupMs = 2;
const lines = 5;

await benchmark((bench) => {
  const skus = bench.quick ? 100_000 : 1_000_000;
  const rounds = bench.quick ? 500 : 2_000;
  openBenchStore(bench.folder).close();
  // Written past the store: its journal and the sums of its pages say nothing of this database any more.
  const path = join(bench.folder, 'packbench.db');
  rmSync(`${path}-recovery`, { recursive: true, force: true });
  const database = new DatabaseSync(path);
  const [sample] = weighedItems(orderOf(['SKU']));
  database.exec(
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${skus - 1}) INSERT INTO item_weights` +
      ` SELECT replace('${sample?.sku ?? ''}', 'SKU', 'SKU' || i), 400, -0.1, 9, 16, 20, 25, 20, 4, 0, 0 FROM n`,
  );
  database.close();
  const store = openBenchStore(bench.folder);
  const weights = createExpectedWeights({ store, settings: { ...usualExpectedWeights, on: true } });
  const random = seededRandom(1);
  const orders = Array.from({ length: rounds }, () =>
    orderOf(Array.from({ length: lines }, () => `SKU${Math.floor(random.next() * skus)}`)),
  );
  const asked = orders.map((order) =>
    timed(() => {
      if (weights.of(order) === null) throw new Error('a known order has no range');
    }),
  );
  bench.add({ name: `range of ${lines} lines, ${skus} SKUs`, unit: 'ms', samples: asked, budget: lookupMs });
  const learned: number[] = [];
  for (const order of orders) {
    store.transaction(() => {
      learned.push(timed(() => weights.learn(order, 2_000, false)));
    });
  }
  bench.add({ name: `learning from ${lines} lines, ${skus} SKUs`, unit: 'ms', samples: learned, budget: lookupMs });
  store.close();
});

function orderOf(products: readonly string[]): OrderRecord {
  return {
    vendor: 'waiqin365',
    lines: products.map((productId, index) => ({ ...aLine({ productId, quantity: '1' }), id: String(index) })),
  } as unknown as OrderRecord;
}
