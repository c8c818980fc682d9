import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as first from './0001-first-tables.ts';
import * as second from './0002-tracking.ts';
import * as step from './0003-proofs.ts';

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
  database.exec(first.up);
  database.exec(second.up);
});
afterEach(() => database.close());

test('parcels followed before the step stay as they were, and no proof is asked for', () => {
  database.exec(
    'INSERT INTO tracking (parcel_id, vendor, status, vendor_status, started_at, delivered_at, failures, closed)' +
      " VALUES ('p1', 'hge', 'delivered', '001', 1, 5, 0, 'delivered')",
  );
  const before = database.prepare('SELECT * FROM tracking').all();
  database.exec(step.up);
  expect(database.prepare('SELECT * FROM tracking').all()).toEqual(before);
  expect(database.prepare('SELECT * FROM proofs').all()).toEqual([]);
});

test('the table is strict, and what is due comes from an index, in order', () => {
  database.exec(step.up);
  const strict = database.prepare("SELECT name FROM pragma_table_list WHERE strict = 1 AND name = 'proofs'").all();
  expect(strict).toHaveLength(1);
  const plan = database
    .prepare('EXPLAIN QUERY PLAN SELECT * FROM proofs WHERE vendor = ? ORDER BY next_ask_at LIMIT 1')
    .all('hge')
    .map((row) => String(row['detail']))
    .join('\n');
  expect(plan).toContain('USING INDEX proofs_due (vendor=?');
  expect(plan).not.toContain('TEMP B-TREE');
});
