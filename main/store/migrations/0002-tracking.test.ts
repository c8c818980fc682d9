import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as first from './0001-first-tables.ts';
import * as step from './0002-tracking.ts';

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
  database.exec(first.up);
});
afterEach(() => database.close());

const plan = (sql: string, ...parameters: (string | number)[]): string =>
  database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...parameters)
    .map((row) => String(row['detail']))
    .join('\n');

const insertOldRows = (): void => {
  database.exec(
    'INSERT INTO orders (id, vendor, vendor_order_id, number, status, upstream, vendor_status, customer_name,' +
      ' receiver, remark, lines, version, content_digest, record_digest, receiver_name, receiver_address, country,' +
      " line_count, has_gift, sort_at, created_at) VALUES ('o1', 'v', 'o1', '0012', 'sealed', 'waiting', '', '', '{}'," +
      " '', '[]', 1, '', '', '', '', 'CN', 0, 0, 0, 0);" +
      'INSERT INTO parcels (id, order_id, reference, vendor, facts, weight_g, weight_frames, lpn, sealed_at)' +
      " VALUES ('p1', 'o1', 'R1', 'hge', '{}', 500, '[]', 'LPN-1', 7);" +
      'INSERT INTO jobs (id, lane, lane_seq, head, vendor, operation, effect, facts, request_id, state, attempts,' +
      " uncounted, asks, doubt, not_before, created_at) VALUES ('j1', 'p1', 10, 1, 'hge', 'placeOrder', 'keyed', '{}'," +
      " 'r1', 'unknown', 1, 0, 0, 1, 5, 5)",
  );
};

test('rows written before the step keep what they said, and gain empty fields and no payload', () => {
  insertOldRows();
  const before = [
    database.prepare('SELECT * FROM orders').all(),
    database.prepare('SELECT * FROM parcels').all(),
    database.prepare('SELECT * FROM jobs').all(),
  ];
  database.exec(step.up);
  const [orders = [], parcels = [], jobs = []] = before;
  expect(database.prepare('SELECT * FROM orders').all()).toEqual(orders.map((row) => ({ ...row, fields: '{}' })));
  expect(database.prepare('SELECT * FROM parcels').all()).toEqual(parcels);
  expect(database.prepare('SELECT * FROM jobs').all()).toEqual(jobs.map((row) => ({ ...row, payload: null })));
});

test('every new table is strict', () => {
  database.exec(step.up);
  const strict = database
    .prepare(
      "SELECT name FROM pragma_table_list WHERE strict = 1 AND name IN ('tracking', 'tracking_events', 'pushes')",
    )
    .all();
  expect(strict).toHaveLength(3);
});

test('an event heard twice is one row, also without an instant', () => {
  database.exec(step.up);
  const add = database.prepare(
    "INSERT INTO tracking_events (parcel_id, vendor, at, status, vendor_status, place, text, heard_at) VALUES ('p1'," +
      " 'hge', ?, ?, '80', '杭州', '启运', ?) ON CONFLICT DO NOTHING",
  );
  for (const at of [5, null]) {
    expect(add.run(at, 'in-transit', 1).changes).toBe(1);
    expect(add.run(at, 'in-transit', 2).changes).toBe(0);
    // A better reading of the same event is not another event.
    expect(add.run(at, 'exception', 3).changes).toBe(0);
  }
});

test('with 1,000,000 rows, what is due comes from an index, in order', () => {
  database.exec(step.up);
  database.exec(
    'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)' +
      ' INSERT INTO tracking (parcel_id, vendor, status, vendor_status, started_at, next_ask_at, failures)' +
      " SELECT printf('p%07d', i), 'hge', 'in-transit', '', i, CASE WHEN i % 10 = 0 THEN i END, 0 FROM n; ANALYZE",
  );
  for (const sql of [
    'SELECT * FROM tracking WHERE vendor = ? AND next_ask_at <= ? ORDER BY next_ask_at LIMIT ?',
    'UPDATE tracking SET next_ask_at = 1 WHERE vendor = ? AND next_ask_at IS NOT NULL AND next_ask_at > ? AND ? > 0',
  ]) {
    const text = plan(sql, 'hge', 100, 20);
    expect(text).toContain('USING INDEX tracking_due (vendor=? AND next_ask_at');
    expect(text).not.toContain('TEMP B-TREE');
    expect(text).not.toMatch(/^SCAN/mu);
  }
  const next =
    'SELECT next_ask_at FROM tracking WHERE vendor = ? AND next_ask_at IS NOT NULL ORDER BY next_ask_at LIMIT 1';
  expect(plan(next, 'hge')).toContain('COVERING INDEX tracking_due (vendor=?');
  expect(database.prepare(next).get('hge')).toEqual({ next_ask_at: 10 });
}, 60_000);

test('the lanes of a parcel and its events are index look-ups', () => {
  database.exec(step.up);
  const lanes = plan(
    "UPDATE jobs SET held_by = NULL WHERE (lane = ?1 OR (lane > ?1 || '#' AND lane < ?1 || '$'))",
    'p1',
  );
  expect(lanes).not.toMatch(/^SCAN/mu);
  const ofParcel = plan("SELECT * FROM jobs WHERE lane = ?1 OR (lane > ?1 || '#' AND lane < ?1 || '$')", 'p1');
  expect(ofParcel).not.toMatch(/^SCAN/mu);
  expect(plan('SELECT * FROM tracking_events WHERE parcel_id = ?', 'p1')).toContain('tracking_events_once');
  const queue =
    "SELECT seq FROM orders WHERE status = 'waiting' AND (sort_at, seq) > (?, ?) ORDER BY sort_at, seq LIMIT 10";
  expect(plan(queue, 0, 0)).toContain('orders_by_status');
  expect(plan(queue, 0, 0)).not.toContain('TEMP B-TREE');
});
