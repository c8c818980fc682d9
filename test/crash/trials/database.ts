/** The station's database as it lies on disk, opened for reading only, after the process has ended. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface ParcelRow {
  readonly id: string;
  readonly order: string;
  readonly reference: string;
  readonly vendor: string;
  readonly waybill: string | null;
  readonly verifiedAt: number | null;
}
export interface JobRow {
  readonly id: string;
  readonly lane: string;
  readonly laneSeq: number;
  readonly vendor: string;
  readonly operation: string;
  readonly effect: string;
  readonly state: string;
  readonly attempts: number;
  readonly heldBy: string | null;
  readonly error: string | null;
}
export interface PrintRow {
  readonly id: string;
  readonly parcelId: string;
  readonly kind: string;
  readonly state: string;
  readonly copy: number;
  readonly bytesWritten: number;
  readonly message: string;
}
export interface EventRow {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly orderId: string | null;
  readonly parcelId: string | null;
  readonly detail: string;
  readonly hash: string;
}

export interface DatabaseView {
  readonly parcels: readonly ParcelRow[];
  readonly jobs: readonly JobRow[];
  readonly prints: readonly PrintRow[];
  readonly events: readonly EventRow[];
  readonly integrity: readonly string[];
}

type Row = Record<string, string | number | null>;
const rows = (database: DatabaseSync, sql: string): Row[] => database.prepare(sql).all() as Row[];
const text = (value: string | number | null | undefined): string => String(value ?? '');
const maybe = (value: string | number | null | undefined): string | null => (value == null ? null : String(value));

function open(dataDir: string): DatabaseSync | null {
  const path = join(dataDir, 'packbench.db');
  if (!existsSync(path)) return null;
  return new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
}

/** How many jobs and prints were in each state when the process died: `job sending`, `print claimed`, … */
export function statesNow(dataDir: string): Record<string, number> {
  const database = open(dataDir);
  if (database === null) return { 'no database': 1 };
  try {
    const found: Record<string, number> = {};
    for (const table of ['job', 'print'] as const) {
      for (const row of rows(database, `SELECT state, count(*) AS n FROM ${table}s GROUP BY state`)) {
        found[`${table} ${text(row['state'])}`] = Number(row['n']);
      }
    }
    return found;
  } catch {
    // Killed before the tables were made.
    return { 'no tables': 1 };
  } finally {
    database.close();
  }
}

/** Everything the checker asks about. Throws if there is no database or it cannot be read. */
export function readDatabase(dataDir: string): DatabaseView {
  const database = open(dataDir);
  if (database === null) throw new Error('there is no database');
  try {
    return {
      parcels: rows(
        database,
        'SELECT p.id, o.number, p.reference, p.vendor, p.waybill, p.verified_at FROM parcels p' +
          ' JOIN orders o ON o.id = p.order_id ORDER BY p.seq',
      ).map((row) => ({
        id: text(row['id']),
        order: text(row['number']),
        reference: text(row['reference']),
        vendor: text(row['vendor']),
        waybill: maybe(row['waybill']),
        verifiedAt: row['verified_at'] as number | null,
      })),
      jobs: rows(
        database,
        'SELECT id, lane, lane_seq, vendor, operation, effect, state, attempts, held_by, last_error FROM jobs ORDER BY seq',
      ).map((row) => ({
        id: text(row['id']),
        lane: text(row['lane']),
        laneSeq: Number(row['lane_seq']),
        vendor: text(row['vendor']),
        operation: text(row['operation']),
        effect: text(row['effect']),
        state: text(row['state']),
        attempts: Number(row['attempts']),
        heldBy: maybe(row['held_by']),
        error: maybe(row['last_error']),
      })),
      prints: rows(
        database,
        'SELECT id, parcel_id, kind, state, copy, bytes_written, message FROM prints ORDER BY seq',
      ).map((row) => ({
        id: text(row['id']),
        parcelId: text(row['parcel_id']),
        kind: text(row['kind']),
        state: text(row['state']),
        copy: Number(row['copy']),
        bytesWritten: Number(row['bytes_written']),
        message: text(row['message']),
      })),
      events: rows(database, 'SELECT seq, at, kind, order_id, parcel_id, detail, hash FROM events ORDER BY seq').map(
        (row) => ({
          seq: Number(row['seq']),
          at: Number(row['at']),
          kind: text(row['kind']),
          orderId: maybe(row['order_id']),
          parcelId: maybe(row['parcel_id']),
          detail: text(row['detail']),
          hash: text(row['hash']),
        }),
      ),
      integrity: rows(database, 'PRAGMA integrity_check')
        .map((row) => text(row['integrity_check']))
        .filter((line) => line !== 'ok'),
    };
  } finally {
    database.close();
  }
}
