/**
 * Makes a long history out of a short one: copies the rows of a database in SQL, with numbers of their own. Through the
 * repositories a million parcels take a quarter of an hour; this takes a minute or two. The copied events' hashes do
 * not follow from each other, and the facts inside copied jobs and parcels are the originals'.
 */
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { searchPairs } from '../../../main/store/search.ts';

/** Parcels copied in one transaction. */
const perTransaction = 20_000;

/**
 * Grows the database in `folder`, which is not open elsewhere, to `wanted` orders with one parcel each. It holds `had`,
 * written in the order of their indexes (`history.ts`), each with one event and `jobsEach` jobs.
 */
export function growHistory(folder: string, had: number, wanted: number, jobsEach: number): void {
  const path = join(folder, 'packbench.db');
  // Written past the store: its journal and the sums of its pages say nothing of this database any more.
  rmSync(`${path}-recovery`, { recursive: true, force: true });
  const database = new DatabaseSync(path);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -256000',
  );
  const pairs = (...fields: unknown[]): string => searchPairs(fields.map(String));
  database.function('pairs', { deterministic: true, varargs: true }, pairs);
  database.exec(
    `CREATE TEMP TABLE new_parcels (value INTEGER PRIMARY KEY); WITH RECURSIVE up (value) AS (SELECT ${had + 1}` +
      ` UNION ALL SELECT value + 1 FROM up WHERE value < ${wanted}) INSERT INTO new_parcels SELECT value FROM up`,
  );
  /** How a copied row differs; `n` is the parcel's number from 1, `old` the row copied. */
  const own: Readonly<Record<string, string>> = {
    id: "old.id || '-' || n",
    order_id: "old.order_id || '-' || n",
    parcel_id: "old.parcel_id || '-' || n",
    lane: "old.lane || '-' || n",
    request_id: "old.request_id || '-' || n",
    vendor_order_id: 'CAST(7000000000 + n - 1 AS TEXT)',
    number: "'XS' || (2025000000 + n - 1)",
    waybill: "CASE WHEN old.waybill IS NULL THEN NULL ELSE 'LH' || (100000000 + n - 1) || 'CN' END",
    lpn: "substr(old.lpn, 1, 11) || printf('%06d', n)",
    reference: 'old.reference || n',
    sort_at: '1735700000000 + (n - 1) * 1000',
    digest: 'old.digest || n',
  };
  /** Each parcel has `each` rows in this table, next to each other. */
  const copy = (table: string, each: number): string => {
    const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
    const names = columns.map((column) => String(column['name']));
    const values = names.map((name) => (name === 'seq' ? `old.seq + (n - o) * ${each}` : (own[name] ?? `old.${name}`)));
    return (
      `INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')} FROM` +
      ` (SELECT value AS n, (value - 1) % ${had} + 1 AS o FROM new_parcels WHERE value > ?1 AND value <= ?2)` +
      ` JOIN ${table} AS old ON old.seq > (o - 1) * ${each} AND old.seq <= o * ${each}`
    );
  };
  const search =
    'INSERT INTO order_search (rowid, pairs) SELECT seq, pairs(number, customer_name, receiver_name, waybill, lpn,' +
    " lines ->> '$[0].productCode', lines ->> '$[0].barcodes[0]', lines ->> '$[1].productCode', lines ->> '$[1].barcodes[0]')" +
    ' FROM orders WHERE seq > ?1 AND seq <= ?2';
  const tables = ['orders', 'raw_records', 'parcels', 'events'].map((table) => copy(table, 1));
  const jobs = jobsEach > 0 ? [copy('jobs', jobsEach)] : [];
  const statements = [...tables, ...jobs, search].map((sql) => database.prepare(sql));
  for (let from = had; from < wanted; from += perTransaction) {
    database.exec('BEGIN IMMEDIATE');
    for (const statement of statements) statement.run(from, Math.min(wanted, from + perTransaction));
    database.exec('COMMIT');
  }
  // The next rack label's number.
  database.prepare("UPDATE counters SET value = ? WHERE key = 'lpn'").run(wanted);
  database.close();
}
