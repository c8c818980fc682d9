/** What a database holds, read past the station's code: for comparing two databases, and for SQLite's own verdict. */
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { commitKey } from './workload.ts';

function open(file: string): DatabaseSync {
  return new DatabaseSync(file, { readOnly: true, timeout: 1_000 });
}

/** SHA-256 over every row of every table, those of the full-text index included. */
export function digestOf(file: string): string {
  const database = open(file);
  try {
    const hash = createHash('sha256');
    for (const [table, rows] of rowsByTable(database)) hash.update(JSON.stringify([table, rows]));
    return hash.digest('hex');
  } finally {
    database.close();
  }
}

/** Tables whose rows differ between two databases. */
export function differingTables(file: string, other: string): string[] {
  const [first, second] = [file, other].map((path) => {
    const database = open(path);
    try {
      return rowsByTable(database);
    } finally {
      database.close();
    }
  });
  const names = new Set([...(first?.keys() ?? []), ...(second?.keys() ?? [])]);
  return [...names].filter((name) => JSON.stringify(first?.get(name)) !== JSON.stringify(second?.get(name)));
}

/** Every row of every table but the virtual ones, in the order of their keys. */
export function rowsByTable(database: DatabaseSync): Map<string, unknown[]> {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name")
    .all();
  return new Map(
    tables.map((table) => {
      const name = String(table['name']);
      const statement = database.prepare(`SELECT * FROM "${name}"`);
      statement.setReturnArrays(true);
      // Ids of the full-text index need more than 53 bits.
      statement.setReadBigInts(true);
      return [name, statement.all().map((row) => (row as unknown as unknown[]).map(plain))];
    }),
  );
}

/** What JSON can hold. Bytes as text: as a JSON array they are many times as long. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (!(value instanceof Uint8Array)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
}

/** SQLite's whole check; empty if nothing is wrong. */
export function integrityFaults(file: string): string[] {
  const database = open(file);
  try {
    return database
      .prepare('PRAGMA integrity_check(5)')
      .all()
      .map((row) => String(row['integrity_check']))
      .filter((line) => line !== 'ok');
  } finally {
    database.close();
  }
}

/** Number of the workload's last commit in the file; 0 where even the tables are still to come. */
export function commitIn(file: string): number {
  const database = open(file);
  try {
    const made = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'station_values'").get();
    if (made === undefined) return 0;
    return Number(database.prepare('SELECT value FROM station_values WHERE key = ?').get(commitKey)?.['value'] ?? 0);
  } finally {
    database.close();
  }
}
