import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as step from './0001-first-tables.ts';

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  database.exec(step.up);
});
afterEach(() => database.close());

const plan = (sql: string, ...parameters: string[]): string =>
  database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...parameters)
    .map((row) => String(row['detail']))
    .join('\n');

const tables = (): string[] =>
  database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all()
    .map((row) => String(row['name']))
    .filter((name) => !name.startsWith('order_search'));

const insertOrder = (id: string, number: unknown, status = 'waiting'): void => {
  database
    .prepare(
      'INSERT INTO orders (id, vendor, vendor_order_id, number, status, upstream, vendor_status, customer_name,' +
        ' receiver, remark, lines, version, content_digest, record_digest, receiver_name, receiver_address, country,' +
        " line_count, has_gift, sort_at, created_at) VALUES (?, 'v', ?, ?, ?, 'waiting', '', '', '{}', '', '[]', 1," +
        " '', '', '', '', 'CN', 0, 0, 0, 0)",
    )
    .run(id, id, String(number), status);
};

const counts = (): unknown => database.prepare('SELECT status, count FROM order_counts ORDER BY status').all();

test('an empty database gets every table', () => {
  expect(tables()).toEqual([
    'artwork',
    'counters',
    'events',
    'job_counts',
    'job_vendors',
    'jobs',
    'order_counts',
    'order_revision',
    'orders',
    'parcels',
    'prints',
    'raw_records',
    'station_values',
  ]);
});

test('every table is strict, so that a number given from outside stays the text it was', () => {
  const loose = database
    .prepare("SELECT name FROM pragma_table_list WHERE strict = 0 AND type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
    .map((row) => String(row['name']))
    .filter((name) => !name.startsWith('order_search'));
  expect(loose).toEqual([]);
  insertOrder('o1', '00123456789');
  expect(database.prepare('SELECT number, typeof(number) AS kind FROM orders').get()).toEqual({
    number: '00123456789',
    kind: 'text',
  });
});

test('order counts and the revision follow every change', () => {
  const revision = (): unknown => database.prepare('SELECT value FROM order_revision').get()?.['value'];
  insertOrder('o1', '1');
  insertOrder('o2', '2');
  expect(revision()).toBe(2);
  database.exec("UPDATE orders SET status = 'packing' WHERE id = 'o2'");
  expect(counts()).toEqual([
    { status: 'packing', count: 1 },
    { status: 'waiting', count: 1 },
  ]);
  expect(revision()).toBe(3);
});

test.each([
  ['an order number', 'SELECT * FROM orders WHERE number = ? ORDER BY seq DESC LIMIT 1', 'orders_by_number'],
  ['a waybill', 'SELECT * FROM parcels WHERE waybill = ? ORDER BY seq DESC LIMIT 1', 'parcels_by_waybill'],
  ['an LPN', 'SELECT * FROM parcels WHERE lpn = ? ORDER BY seq DESC LIMIT 1', 'sqlite_autoindex_parcels'],
  ['a reference', 'SELECT * FROM parcels WHERE reference = ? ORDER BY seq DESC LIMIT 1', 'sqlite_autoindex_parcels'],
])('a scan of %s is an index look-up', (_what, sql, index) => {
  const text = plan(sql, '1');
  expect(text).toContain(index);
  expect(text).toMatch(/^SEARCH /u);
  expect(text).not.toContain('TEMP B-TREE');
});

test.each([
  ['ready', "state = 'ready' AND head = 1 AND held_by IS NULL", 'jobs_ready'],
  ['unknown', "state = 'unknown'", 'jobs_unknown'],
])('due %s jobs of a vendor come from an index, in order', (_state, condition, index) => {
  const sql = `SELECT not_before, seq FROM jobs WHERE ${condition} AND vendor = ? AND not_before <= ? ORDER BY not_before, seq LIMIT ?`;
  const text = plan(sql, 'hge', '1', '1');
  expect(text).toContain(`INDEX ${index} (vendor=? AND not_before<?)`);
  expect(text).not.toContain('TEMP B-TREE');
});

test('a page of the queue walks an index and sorts nothing but the page', () => {
  const text = plan('SELECT seq FROM orders WHERE status = ? ORDER BY sort_at, seq LIMIT 10 OFFSET 90000', 'waiting');
  expect(text).toContain('COVERING INDEX orders_by_status');
  expect(text).not.toContain('TEMP B-TREE');
});

test('the oldest open job is the first entry of an index', () => {
  const text = plan(
    "SELECT created_at FROM jobs WHERE state IN ('ready', 'sending', 'unknown', 'reconciling') ORDER BY created_at LIMIT 1",
  );
  expect(text).toContain('jobs_open');
  expect(text).not.toContain('TEMP B-TREE');
});

test('events and jobs cannot be deleted, and a done job stays done', () => {
  database.exec("INSERT INTO events (at, kind, detail, hash) VALUES (1, 'k', '{}', '')");
  expect(() => database.exec('DELETE FROM events')).toThrow(/never deleted/u);
  expect(() => database.exec('UPDATE events SET at = 2')).toThrow(/never changed/u);
  database.exec(
    'INSERT INTO jobs (id, lane, lane_seq, head, vendor, operation, effect, facts, request_id, state, attempts,' +
      " uncounted, asks, doubt, not_before, created_at) VALUES ('j', 'l', 1, 1, 'v', 'o', 'safe', '{}', 'r', 'done'," +
      ' 1, 0, 0, 0, 0, 0)',
  );
  expect(() => database.exec("UPDATE jobs SET state = 'ready'")).toThrow(/stays done/u);
  expect(() => database.exec('DELETE FROM jobs')).toThrow(/never deleted/u);
});
