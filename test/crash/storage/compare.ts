/** Compares what two databases hold, and says which orders any difference is about. */
import { DatabaseSync } from 'node:sqlite';
import { rowsByTable } from './content.ts';

/** Everything a database holds, and what of it belongs to which order. */
export interface Content {
  /** Rows as JSON, by table. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
  /** By order number: what the order, its parcels, jobs, prints and events say, by what and id. */
  readonly byOrder: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Jobs and prints in doubt: they are asked about, or a person is. Nothing that is missing of them is silent. */
  readonly inDoubt: ReadonlySet<string>;
}

const ofOrder = `
  SELECT o.number AS number, 'order ' || o.id AS key, '' AS state,
    json_array(o.status, o.lines, o.receiver, o.waybill, o.lpn) AS row FROM orders o
  UNION ALL
  SELECT o.number, 'parcel ' || p.id, '', json_array(p.facts, p.waybill, p.artwork_sha256, p.verified_at)
    FROM parcels p JOIN orders o ON o.id = p.order_id
  UNION ALL
  SELECT json_extract(j.facts, '$.orderNumber'), 'job ' || j.id, j.state,
    json_array(j.operation, j.request_id, j.facts, j.state) FROM jobs j WHERE j.facts <> 'null'
  UNION ALL
  SELECT o.number, 'print ' || r.id, r.state, json_array(r.state)
    FROM prints r JOIN parcels p ON p.id = r.parcel_id JOIN orders o ON o.id = p.order_id
  UNION ALL
  SELECT o.number, 'event ' || e.seq, '', json_array(e.at, e.kind, e.detail)
    FROM events e JOIN orders o ON o.id = e.order_id`;

/** Changed by every restoration: the order list's revision grows, and the restoration itself is an event. */
function marksOfRestoration(table: string, row: string): boolean {
  if (table === 'order_revision' || table === 'sqlite_sequence') return true;
  if (table === 'counters') return row.includes('"journal.last"');
  return table === 'events' && row.includes('"database-restored"');
}

export function contentOf(file: string): Content {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 1_000 });
  try {
    const rows = new Map(
      [...rowsByTable(database)].map(([table, found]) => [
        table,
        found.map((row) => JSON.stringify(row)).filter((row) => !marksOfRestoration(table, row)),
      ]),
    );
    const byOrder = new Map<string, Map<string, string>>();
    const inDoubt = new Set<string>();
    for (const row of database.prepare(ofOrder).all()) {
      const [number, key] = [String(row['number']), String(row['key'])];
      const known = byOrder.get(number) ?? new Map<string, string>();
      byOrder.set(number, known.set(key, String(row['row'])));
      if (row['state'] === 'unknown') inDoubt.add(key);
    }
    return { rows, byOrder, inDoubt };
  } finally {
    database.close();
  }
}

/**
 * Tables in which `found` is not what `wanted` is, and the orders of which something is missing or other than it was and
 * not in doubt.
 */
export function differencesBetween(wanted: Content, found: Content): { tables: string[]; orders: string[] } {
  const tables = keysOf(wanted.rows, found.rows).filter(
    (table) => wanted.rows.get(table)?.join('\n') !== found.rows.get(table)?.join('\n'),
  );
  const orders = keysOf(wanted.byOrder, found.byOrder).filter((number) => {
    const [before, after] = [wanted.byOrder.get(number) ?? new Map(), found.byOrder.get(number) ?? new Map()];
    return keysOf(before, after).some((key) => before.get(key) !== after.get(key) && !found.inDoubt.has(key));
  });
  return { tables, orders };
}

function keysOf(first: ReadonlyMap<string, unknown>, second: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...first.keys(), ...second.keys()])];
}
