/** The journal alone makes the whole database again: every table, row by row, of a station that worked. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recoverStore } from '../../../main/store/recover.ts';
import { silentLog, sequentialIds } from '../../kit/ports.ts';
import { createVirtualClock } from '../../kit/virtual-clock.ts';
import { startTestStation } from '../../kit/station.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'packbench-rebuild-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Every row of every table, but for what a restoration says of itself. */
function dump(path: string): Record<string, unknown[]> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
      .all()
      .map((row) => String(row['name']))
      // The search index keeps its own pages; what it finds is compared below.
      .filter((name) => !name.startsWith('order_search') && name !== 'order_revision');
    return Object.fromEntries(
      tables.map((name) => [
        name,
        database
          .prepare(`SELECT * FROM ${name} ORDER BY 1`)
          .all()
          .filter((row) => row['kind'] !== 'database-restored' && row['key'] !== 'journal.last'),
      ]),
    );
  } finally {
    database.close();
  }
}

test('a station that pulled, packed, shipped and printed is the same after its database was lost', async () => {
  const path = join(dataDir, 'packbench.db');
  const desk = await startTestStation({ dataDir, orders: 8 });
  await desk.client.call('orders.sync', {});
  const { rows } = await desk.client.call('orders.list', { status: 'waiting' });
  for (const { number, id } of rows.slice(0, 4)) {
    await desk.client.call('pack.scan', { code: number });
    const { lines } = await desk.client.call('orders.get', { orderId: id });
    for (const line of lines) await desk.client.call('pack.scan', { code: line.productCode });
    await desk.client.call('pack.command', { command: 'release-order', reason: 'put aside' });
  }
  const search = (await desk.client.call('orders.list', { search: rows[0]?.number ?? '' })).rows;
  await desk.stop();
  const before = dump(path);
  expect(before['events']?.length).toBeGreaterThan(4);

  for (const tail of ['', '-wal', '-shm']) rmSync(`${path}${tail}`, { force: true });
  const found = recoverStore({ path, clock: createVirtualClock(), ids: sequentialIds(), log: silentLog });
  expect(found).toMatchObject({ kind: 'restored', report: { gaps: 0, lost: [] } });
  expect(found.store.orders.list({ status: null, search: rows[0]?.number ?? '', offset: 0, limit: 100 }).rows).toEqual(
    search,
  );
  found.store.close();
  expect(dump(path)).toEqual(before);
});
