/** The append-only record. Each row's hash covers the row before it, so a removed or edited row shows. */
import { createHash } from 'node:crypto';
import type { TimelineEntry } from '../../preload/contract/index.ts';
import type { Clock } from '../ports.ts';
import type { Connection, Row } from './connection.ts';
import type { EventLog } from './store.ts';

const start = '0'.repeat(64);

function hashOf(before: string, row: Row): string {
  const content = JSON.stringify([before, row['at'], row['kind'], row['order_id'], row['parcel_id'], row['detail']]);
  return createHash('sha256').update(content).digest('hex');
}

/** Reads rows of one statement; a connection, or one that only reads in another thread. */
export interface EventReader {
  all(sql: string, ...parameters: number[]): Row[];
}

/** The first event whose hash does not follow from the one before, or null if the record is whole. */
export function firstBrokenEvent(reader: EventReader): number | null {
  let before = start;
  let after = 0;
  for (;;) {
    const rows = reader.all('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT 1000', after);
    if (rows.length === 0) return null;
    for (const row of rows) {
      after = Number(row['seq']);
      if (hashOf(before, row) !== row['hash']) return after;
      before = String(row['hash']);
    }
  }
}

/** A row that cannot be read is shown as it is. */
function readDetail(text: unknown): Record<string, unknown> {
  try {
    return JSON.parse(String(text)) as Record<string, unknown>;
  } catch {
    return { unreadable: String(text).slice(0, 500) };
  }
}

export function createEventLog(connection: Connection, clock: Clock): EventLog {
  let annotation: ((kind: string, detail: Record<string, unknown>) => Record<string, unknown>) | null = null;
  return {
    annotate(provider) {
      annotation = provider;
    },
    list({ orderId = null, parcelId = null, from = null, to = null }, after, limit) {
      return connection
        .all(
          'SELECT * FROM events WHERE seq > ?1 AND (?2 IS NULL OR order_id = ?2) AND (?3 IS NULL OR parcel_id = ?3)' +
            ' AND (?4 IS NULL OR at >= ?4) AND (?5 IS NULL OR at < ?5) ORDER BY seq LIMIT ?6',
          ...[after, orderId, parcelId, from, to, limit],
        )
        .map((row) => ({
          seq: Number(row['seq']),
          at: Number(row['at']),
          kind: String(row['kind']),
          orderId: row['order_id'] as string | null,
          parcelId: row['parcel_id'] as string | null,
          detail: readDetail(row['detail']),
          hash: String(row['hash']),
        }));
    },
    append(kind, about, detail) {
      connection.atomic(() => {
        const parcelId = about.parcelId ?? null;
        let orderId = about.orderId ?? null;
        if (orderId === null && parcelId !== null) {
          orderId = (connection.get('SELECT order_id FROM parcels WHERE id = ?', parcelId)?.['order_id'] ?? null) as
            string | null;
        }
        const last = connection.get('SELECT hash FROM events ORDER BY seq DESC LIMIT 1');
        const row: Row = {
          at: clock.now(),
          kind,
          order_id: orderId,
          parcel_id: parcelId,
          detail: JSON.stringify({ ...detail, ...annotation?.(kind, detail) }),
        };
        connection.run(
          'INSERT INTO events (at, kind, order_id, parcel_id, detail, hash) VALUES (?, ?, ?, ?, ?, ?)',
          ...[Number(row['at']), kind, orderId, parcelId, String(row['detail'])],
          hashOf(String(last?.['hash'] ?? start), row),
        );
      });
    },
    listForOrder(orderId) {
      return connection
        .all('SELECT seq, at, kind, detail FROM events WHERE order_id = ? ORDER BY seq', orderId)
        .map((row): TimelineEntry => ({
          seq: Number(row['seq']),
          at: Number(row['at']),
          kind: String(row['kind']),
          detail: readDetail(row['detail']),
        }));
    },
    firstBroken: () => firstBrokenEvent(connection),
  };
}
