import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as first from './0001-first-tables.ts';
import * as second from './0002-tracking.ts';
import * as third from './0003-proofs.ts';
import * as fourth from './0004-bags.ts';
import * as fifth from './0005-bag-labels.ts';
import * as step from './0006-loading.ts';

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
  for (const { up } of [first, second, third, fourth, fifth]) database.exec(up);
});
afterEach(() => database.close());

test('numbers of documents that were pushed before stand beside them', () => {
  const content = { parcels: [1, 2, 3], bags: [1], netWeightG: 900, grossWeightG: 1_000, flight: null };
  database
    .prepare(
      "INSERT INTO handovers (id, kind, reference, vendor, state, content, created_at) VALUES ('h', 'scan-form', 'R', 'hge', 'partial', ?, 1)",
    )
    .run(JSON.stringify(content));
  const parcel = database.prepare("INSERT INTO handover_parcels VALUES ('h', ?, 'scan-form', ?, '')");
  parcel.run('a', 'ok');
  parcel.run('b', 'ok');
  parcel.run('c', 'failed');
  database.exec(step.up);
  expect(database.prepare('SELECT * FROM handovers').get()).toMatchObject({
    ...{ parcel_count: 3, bag_count: 1, ok_count: 2, failed_count: 1, net_weight_g: 900, gross_weight_g: 1_000 },
    ...{ flight: null, lists_printed: 0 },
  });
});

test('there is one loading at a time', () => {
  database.exec(step.up);
  const insert = (id: string, state: string): void =>
    void database
      .prepare("INSERT INTO loadings VALUES (NULL, ?, 'hge', ?, 0, 0, 0, 0, 1, NULL, NULL, NULL)")
      .run(id, state);
  insert('a', 'ended');
  insert('b', 'ended');
  insert('c', 'finishing');
  expect(() => insert('d', 'loading')).toThrow('UNIQUE');
});

test('what every scan and snapshot asks for is an index look-up', () => {
  database.exec(step.up);
  const plan = (sql: string): string =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => String(row['detail']))
      .join('\n');
  expect(plan("SELECT * FROM loadings WHERE state <> 'ended'")).toContain('loadings_one');
  const missing = "SELECT * FROM loading_items WHERE loading_id = 'l' AND loaded_at IS NULL ORDER BY kind, number";
  expect(plan(missing)).toContain('loading_items_missing');
  expect(plan(missing)).not.toContain('TEMP B-TREE');
  const last =
    "SELECT * FROM loading_items WHERE loading_id = 'l' AND loaded_at IS NOT NULL ORDER BY place DESC LIMIT 1";
  expect(plan(last)).toContain('loading_items_by_place');
  const withdrawn = "SELECT id FROM orders WHERE upstream IN ('cancelled', 'deleted')";
  expect(plan(withdrawn)).toContain('orders_withdrawn');
});
