import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as first from './0001-first-tables.ts';
import * as step from './0008-item-weights.ts';

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
  database.exec(first.up);
});
afterEach(() => database.close());

test('parcels sealed before the step had no container', () => {
  database.exec(
    'INSERT INTO parcels (id, order_id, reference, vendor, facts, weight_g, weight_frames, lpn, sealed_at)' +
      " VALUES ('p1', 'o1', 'R1', 'hge', '{}', 500, '[]', 'LPN-1', 7)",
  );
  database.exec(step.up);
  expect(database.prepare('SELECT weight_g, tare_g FROM parcels').get()).toEqual({ weight_g: 500, tare_g: 0 });
});

test('a weight that is not known is no row: nothing may be null', () => {
  database.exec(step.up);
  expect(() => database.exec("INSERT INTO item_weights VALUES ('a', NULL, 0, 1, 0, 0, 0, 0, 0, 0, 0)")).toThrow('NULL');
  expect(() => database.exec('INSERT INTO packaging_weight VALUES (2, 1, 1, 0, 0, 0)')).toThrow('CHECK');
});

test('a SKU is found by its key alone', () => {
  database.exec(step.up);
  const plan = database.prepare("EXPLAIN QUERY PLAN SELECT * FROM item_weights WHERE sku = 'a'").all();
  expect(JSON.stringify(plan)).toContain('PRIMARY KEY (sku=?)');
});
