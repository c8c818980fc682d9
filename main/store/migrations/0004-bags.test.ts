import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as first from './0001-first-tables.ts';
import * as second from './0002-tracking.ts';
import * as third from './0003-proofs.ts';
import * as step from './0004-bags.ts';

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
  for (const { up } of [first, second, third]) database.exec(up);
});
afterEach(() => database.close());

const insertParcel = (id: string, verifiedAt: number | null): void =>
  void database
    .prepare(
      'INSERT INTO parcels (id, order_id, reference, vendor, service, facts, weight_g, weight_frames, lpn, sealed_at,' +
        " verified_at) VALUES (?1, 'o', ?1, 'hge', 'P', '{\"receiver\":{\"country\":\"US\"}}', 500, '[]', ?1, 7, ?2)",
    )
    .run(id, verifiedAt);

test('parcels labelled before the step count as handed over; the others are still here', () => {
  insertParcel('old', 9);
  insertParcel('open', null);
  database.exec(step.up);
  expect(database.prepare('SELECT id, handed_over_at, bag_id FROM parcels ORDER BY id').all()).toEqual([
    { id: 'old', handed_over_at: 9, bag_id: null },
    { id: 'open', handed_over_at: null, bag_id: null },
  ]);
});

test('every new table is strict', () => {
  database.exec(step.up);
  const strict = database
    .prepare(
      "SELECT name FROM pragma_table_list WHERE strict = 1 AND name IN ('bags', 'handovers', 'handover_parcels')",
    )
    .all();
  expect(strict).toHaveLength(3);
});

test('content of a bag and loose parcels of a route are index look-ups', () => {
  database.exec(step.up);
  const plan = (sql: string, ...values: string[]): string =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...values)
      .map((row) => String(row['detail']))
      .join('\n');
  expect(plan('SELECT * FROM parcels WHERE bag_id = ? ORDER BY bagged_at, seq', 'b')).toContain('parcels_by_bag');
  const loose = 'verified_at IS NOT NULL AND bag_id IS NULL AND handed_over_at IS NULL';
  const ofRoute = `SELECT * FROM parcels WHERE ${loose} AND vendor = ? AND service IS ? AND destination IS ? ORDER BY seq`;
  expect(plan(ofRoute, 'hge', 'P', 'US')).toContain('parcels_loose');
  const groups = `SELECT vendor, service, destination, count(*) FROM parcels WHERE ${loose} GROUP BY 1, 2, 3`;
  expect(plan(groups)).toContain('parcels_loose');
  expect(plan(groups)).not.toContain('TEMP B-TREE');
});

test('a bag is never deleted', () => {
  database.exec(step.up);
  database.exec(
    "INSERT INTO bags (id, number, vendor, destination, max_parcels, max_weight_g, tare_g, state, parcels, parcels_weight_g, label, opened_at, touched) VALUES ('b', 'B', 'hge', 'US', 1, 1, 1, 'open', 0, 0, 'none', 1, 1)",
  );
  expect(() => database.exec('DELETE FROM bags')).toThrow('never deleted');
});
