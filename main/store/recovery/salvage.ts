/**
 * Which orders may have lost something. Only their numbers are taken from what is damaged, never their content, and
 * never as more than a hint for a person.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Connection } from '../connection.ts';
import type { JournalEntry } from './journal.ts';

/** Rows read at once from a damaged table; a fault costs the rest of its stretch. */
const stretch = 64;
const longestNumber = 128;

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= longestNumber ? value : null;
}

/** Numbers of the orders an entry of the journal is about, as far as they can be told. */
export function ordersOf(connection: Connection, entry: JournalEntry): Set<string> {
  const numbers = new Set<string>();
  const add = (value: unknown): void => {
    const number = text(value);
    if (number !== null) numbers.add(number);
  };
  for (const { sql, parameters } of entry.statements) {
    if (sql.startsWith('INSERT INTO orders (number')) add(parameters[0]);
    for (const value of parameters) {
      if (typeof value !== 'string') continue;
      if (value.startsWith('{')) {
        add(orderNumberIn(value));
        continue;
      }
      if (value.length > longestNumber) continue;
      // An id of ours: an order's, a parcel's, a job's or a lane's.
      const row = connection.get(
        'SELECT number FROM orders WHERE id = ?1 UNION ALL SELECT o.number FROM parcels p JOIN orders o' +
          ' ON o.id = p.order_id WHERE p.id = ?1 LIMIT 1',
        value.split('#')[0] ?? value,
      );
      add(row?.['number']);
      const job = connection.get('SELECT facts FROM jobs WHERE id = ?', value);
      if (job !== undefined) add(orderNumberIn(String(job['facts'])));
    }
  }
  return numbers;
}

function orderNumberIn(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && 'orderNumber' in value ? value.orderNumber : null;
  } catch {
    return null;
  }
}

/** Orders that the damaged database knows in another state, or knows alone. */
export function ordersThatDiffer(connection: Connection, damaged: DatabaseSync): Set<string> {
  const numbers = new Set<string>();
  const read = (sql: string, after: number): Record<string, unknown>[] | null => {
    try {
      return damaged.prepare(sql).all(after, stretch);
    } catch {
      return null;
    }
  };
  const walk = (sql: string, look: (row: Record<string, unknown>) => void): void => {
    let after = 0;
    for (let faults = 0; faults < 1_000;) {
      const rows = read(sql, after);
      if (rows === null) {
        faults += 1;
        after += stretch;
        continue;
      }
      for (const row of rows) look(row);
      const last = rows.at(-1)?.['seq'];
      if (typeof last !== 'number') return;
      after = last;
    }
  };
  walk('SELECT seq, number, status FROM orders WHERE seq > ? ORDER BY seq LIMIT ?', (row) => {
    const number = text(row['number']);
    if (number === null) return;
    const known = connection.get('SELECT status FROM orders WHERE number = ? ORDER BY seq DESC LIMIT 1', number);
    if (known?.['status'] !== row['status']) numbers.add(number);
  });
  walk('SELECT seq, facts, id, waybill FROM parcels WHERE seq > ? ORDER BY seq LIMIT ?', (row) => {
    const number = text(orderNumberIn(String(row['facts'])));
    if (number === null) return;
    const known = connection.get('SELECT waybill FROM parcels WHERE id = ?', String(row['id']));
    if (known === undefined || known['waybill'] !== row['waybill']) numbers.add(number);
  });
  return numbers;
}

/** Orders that were under way: something may have happened to each that nobody wrote down. */
export function openOrders(connection: Connection): string[] {
  return connection
    .all(
      "SELECT number FROM orders WHERE status IN ('packing', 'sealed', 'rack', 'labelled', 'attention') ORDER BY seq",
    )
    .map((row) => String(row['number']));
}
