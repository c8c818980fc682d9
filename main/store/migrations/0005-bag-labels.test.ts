import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as first from './0001-first-tables.ts';
import * as second from './0002-tracking.ts';
import * as third from './0003-proofs.ts';
import * as fourth from './0004-bags.ts';
import * as step from './0005-bag-labels.ts';

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
  for (const { up } of [first, second, third, fourth]) database.exec(up);
});
afterEach(() => database.close());

function insertParcel(id: string, verifiedAt: number | null, service: string | null = 'P', country = 'US'): void {
  database
    .prepare(
      'INSERT INTO parcels (id, order_id, reference, vendor, service, facts, weight_g, weight_frames, lpn, sealed_at,' +
        " verified_at) VALUES (?1, 'o', ?1, 'hge', ?3, ?4, 500, '[]', ?1, 7, ?2)",
    )
    .run(id, verifiedAt, service, JSON.stringify({ receiver: { country } }));
}
const counts = (): unknown =>
  database.prepare('SELECT service, destination, parcels, weight_g FROM loose_counts ORDER BY 1, 2').all();

test('prints of parcels stay as they were; a row is about a parcel or a bag, never both', () => {
  insertParcel('p', null);
  const insert =
    'INSERT INTO prints (id, parcel_id, kind, printer_id, state, copy, reason, bytes_written, message, created_at)' +
    " VALUES ('x', 'p', 'carrier', 'label', 'unknown', 1, 'torn', -1, 'cut', 5)";
  database.exec(insert);
  database.exec(step.up);
  expect(database.prepare('SELECT * FROM prints').all()).toEqual([
    {
      ...{ seq: 1, id: 'x', parcel_id: 'p', bag_id: null, kind: 'carrier', printer_id: 'label', state: 'unknown' },
      ...{ copy: 1, reason: 'torn', bytes_written: -1, message: 'cut', created_at: 5, settled_at: null },
    },
  ]);
  expect(() => database.exec("UPDATE prints SET bag_id = 'b'")).toThrow('CHECK');
  expect(() => database.exec('UPDATE prints SET parcel_id = NULL')).toThrow('CHECK');
});

test('loose parcels are counted by route as they are labelled, bagged, taken out and handed over', () => {
  insertParcel('a', null);
  insertParcel('b', null);
  insertParcel('c', null, null);
  database.exec("UPDATE parcels SET verified_at = 9 WHERE id = 'a'");
  database.exec(step.up);
  const one = { service: 'P', destination: 'US', parcels: 1, weight_g: 500 };
  expect(counts()).toEqual([one]);
  database.exec('UPDATE parcels SET verified_at = 9 WHERE verified_at IS NULL');
  const unnamed = { ...one, service: null };
  expect(counts()).toEqual([unnamed, { ...one, parcels: 2, weight_g: 1_000 }]);
  database.exec("UPDATE parcels SET bag_id = 'x' WHERE id IN ('a', 'c')");
  const none = { parcels: 0, weight_g: 0 };
  expect(counts()).toEqual([{ ...unnamed, ...none }, one]);
  database.exec("UPDATE parcels SET bag_id = NULL WHERE id = 'a'");
  database.exec("UPDATE parcels SET handed_over_at = 11 WHERE id = 'b'");
  expect(counts()).toEqual([{ ...unnamed, ...none }, one]);
});

test('a parcel whose country is corrected moves to its other route', () => {
  database.exec(step.up);
  insertParcel('a', 9);
  database.exec('UPDATE parcels SET facts = \'{"receiver":{"country":"DE"}}\' WHERE id = \'a\'');
  expect(counts()).toEqual([
    { service: 'P', destination: 'DE', parcels: 1, weight_g: 500 },
    { service: 'P', destination: 'US', parcels: 0, weight_g: 0 },
  ]);
});

test('what every scan asks for is an index look-up', () => {
  database.exec(step.up);
  const plan = (sql: string): string =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => String(row['detail']))
      .join('\n');
  expect(plan('SELECT max(touched) FROM bags')).toContain('bags_by_touched');
  expect(plan("SELECT * FROM prints WHERE bag_id = 'b' ORDER BY seq")).toContain('prints_by_bag');
  expect(plan("SELECT * FROM prints WHERE parcel_id = 'p' ORDER BY seq")).toContain('prints_by_parcel');
  const sent = "SELECT * FROM prints WHERE printer_id = 'x' AND bytes_written <> 0 ORDER BY seq DESC LIMIT 2";
  expect(plan(sent)).toContain('prints_by_printer');
});
