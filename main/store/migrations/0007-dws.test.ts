import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as step from './0007-dws.ts';

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true });
  database.exec(step.up);
});
afterEach(() => database.close());

function plan(sql: string, ...values: (string | number)[]): string {
  return database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...values)
    .map((row) => String(row['detail']))
    .join('\n');
}

test('duplicates, waiting records and old ones are index look-ups', () => {
  expect(plan('SELECT max(seq) FROM dws_codes WHERE code = ? AND machine = ? AND at >= ?', 'a', 'm', 1)).toContain(
    'SEARCH',
  );
  const waiting = "SELECT * FROM dws_records WHERE machine = ? AND state = 'held' AND at < ? ORDER BY at";
  expect(plan(waiting, 'm', 1)).toContain('dws_records_held');
  expect(plan('SELECT seq FROM dws_records WHERE at < ? ORDER BY at LIMIT 5', 1)).toContain('dws_records_by_time');
});

test('the tables are strict, and a parcel has at most one record', () => {
  const insert = database.prepare(
    "INSERT INTO dws_records (machine, at, state, record, raw, parcel_id) VALUES ('m', 1, 'paired', '{}', '', 'p')",
  );
  insert.run();
  expect(() => insert.run()).toThrow('UNIQUE');
  expect(() => database.exec("INSERT INTO dws_codes VALUES ('a', 1, 'm', 'late')")).toThrow('TEXT');
});
