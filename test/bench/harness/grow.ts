/**
 * Makes a long history out of a short one: copies the orders, raw records, parcels and search entries of a database in
 * SQL, with numbers of their own. Through the repositories a million parcels take a quarter of an hour; this takes a
 * minute or two. What look-ups do not read (events, jobs) is not copied.
 */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { searchPairs } from '../../../main/store/search.ts';

/** Rows copied in one transaction. */
const perTransaction = 20_000;

/**
 * Grows the database in `folder`, which is not open elsewhere and holds `had` orders with one parcel each, written in
 * the order of their indexes (`harness/history.ts`), to `wanted`.
 */
export function growHistory(folder: string, had: number, wanted: number): void {
  const database = new DatabaseSync(join(folder, 'packbench.db'));
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -256000',
  );
  database.function('pairs', { deterministic: true, varargs: true }, (...fields) =>
    searchPairs(fields.map((field) => String(field))),
  );
  const index = '(new.seq - 1)';
  const own: Readonly<Record<string, string>> = {
    seq: 'new.seq',
    id: "old.id || '-' || new.seq",
    order_id: "old.order_id || '-' || new.seq",
    vendor_order_id: `CAST(7000000000 + ${index} AS TEXT)`,
    number: `'XS' || (2025000000 + ${index})`,
    waybill: `'LH' || (100000000 + ${index}) || 'CN'`,
    lpn: "substr(old.lpn, 1, 11) || printf('%06d', new.seq)",
    reference: 'old.reference || new.seq',
    sort_at: `1735700000000 + ${index} * 1000`,
    digest: 'old.digest || new.seq',
  };
  const copy = (table: string): string => {
    const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
    const names = columns.map((column) => String(column['name']));
    const values = names.map((name) => own[name] ?? `old.${name}`);
    // The copy of row 1 follows the last row there is, and so on, again and again.
    return (
      `INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')}` +
      ` FROM (SELECT value AS seq FROM generate_rows WHERE value > ?1 AND value <= ?2) AS new` +
      ` JOIN ${table} AS old ON old.seq = (new.seq - 1) % ${had} + 1`
    );
  };
  database.exec(
    `CREATE TEMP TABLE generate_rows (value INTEGER PRIMARY KEY); WITH RECURSIVE up (value) AS` +
      ` (SELECT ${had + 1} UNION ALL SELECT value + 1 FROM up WHERE value < ${wanted}) INSERT INTO generate_rows SELECT value FROM up`,
  );
  const search =
    'INSERT INTO order_search (rowid, pairs) SELECT seq, pairs(number, customer_name, receiver_name, waybill, lpn,' +
    " lines ->> '$[0].productCode', lines ->> '$[0].barcodes[0]', lines ->> '$[1].productCode', lines ->> '$[1].barcodes[0]')" +
    ' FROM orders WHERE seq > ?1 AND seq <= ?2';
  const statements = [copy('orders'), copy('raw_records'), copy('parcels'), search].map((sql) => database.prepare(sql));
  for (let from = had; from < wanted; from += perTransaction) {
    database.exec('BEGIN IMMEDIATE');
    for (const statement of statements) statement.run(from, Math.min(wanted, from + perTransaction));
    database.exec('COMMIT');
  }
  database.close();
}
