/** Where parcels are after hand-over, as vendors said it. What an answer means is decided in ../domain/tracking.ts. */
import { createHash } from 'node:crypto';
import type { TrackingEvent, TrackingStatus } from '../domain/shipping.ts';
import type { Connection, Row } from './connection.ts';
import type { TrackingHeard, TrackingRecord, TrackingRepository } from './store.ts';

function toRecord(row: Row): TrackingRecord {
  return {
    parcelId: String(row['parcel_id']),
    vendor: String(row['vendor']),
    status: row['status'] as TrackingStatus,
    vendorStatus: String(row['vendor_status']),
    statusAt: row['status_at'] as number | null,
    startedAt: Number(row['started_at']),
    lastAskedAt: row['last_asked_at'] as number | null,
    lastHeardAt: row['last_heard_at'] as number | null,
    nextAskAt: row['next_ask_at'] as number | null,
    failures: Number(row['failures']),
    lastError: row['last_error'] as string | null,
    deliveredAt: row['delivered_at'] as number | null,
    closed: row['closed'] as TrackingRecord['closed'],
  };
}

function toHeard(row: Row): TrackingHeard {
  return {
    vendor: String(row['vendor']),
    at: row['at'] as number | null,
    status: row['status'] as TrackingStatus,
    vendorStatus: String(row['vendor_status']),
    place: String(row['place']),
    text: String(row['text']),
    heardAt: Number(row['heard_at']),
  };
}

export function createTrackingRepository(connection: Connection): TrackingRepository {
  return {
    start(parcelId, vendor, at, nextAskAt) {
      return connection.atomic(() => {
        const added = connection.run(
          'INSERT INTO tracking (parcel_id, vendor, status, vendor_status, started_at, next_ask_at, failures)' +
            " VALUES (?, ?, 'not-found', '', ?, ?, 0) ON CONFLICT DO NOTHING",
          ...[parcelId, vendor, at, nextAskAt],
        );
        if (added > 0) connection.touch();
        return added > 0;
      });
    },
    get(parcelId, vendor) {
      const row = connection.get('SELECT * FROM tracking WHERE parcel_id = ? AND vendor = ?', parcelId, vendor);
      return row ? toRecord(row) : null;
    },
    listByParcel: (parcelId) =>
      connection.all('SELECT * FROM tracking WHERE parcel_id = ? ORDER BY vendor', parcelId).map(toRecord),
    due: (vendor, now, limit) =>
      connection
        .all(
          'SELECT * FROM tracking WHERE vendor = ? AND next_ask_at <= ? ORDER BY next_ask_at LIMIT ?',
          ...[vendor, now, limit],
        )
        .map(toRecord),
    nextDueAt(vendor) {
      const row = connection.get(
        'SELECT next_ask_at FROM tracking WHERE vendor = ? AND next_ask_at IS NOT NULL ORDER BY next_ask_at LIMIT 1',
        vendor,
      );
      return row ? Number(row['next_ask_at']) : null;
    },
    update(record) {
      connection.atomic(() => {
        const changed = connection.run(
          'UPDATE tracking SET status = ?, vendor_status = ?, status_at = ?, last_asked_at = ?, last_heard_at = ?,' +
            ' next_ask_at = ?, failures = ?, last_error = ?, delivered_at = ?, closed = ?' +
            ' WHERE parcel_id = ? AND vendor = ?',
          ...[record.status, record.vendorStatus, record.statusAt, record.lastAskedAt, record.lastHeardAt],
          ...[record.nextAskAt, record.failures, record.lastError, record.deliveredAt, record.closed],
          ...[record.parcelId, record.vendor],
        );
        if (changed === 0) throw new Error(`Parcel ${record.parcelId} is not tracked at ${record.vendor}.`);
        connection.touch();
      });
    },
    notLater: (vendor, at) =>
      connection.run(
        'UPDATE tracking SET next_ask_at = ?2 WHERE vendor = ?1 AND next_ask_at IS NOT NULL AND next_ask_at > ?2',
        ...[vendor, at],
      ),
    addEvents(parcelId, vendor, events: readonly TrackingEvent[], heardAt) {
      return connection.atomic(() => {
        let added = 0;
        for (const event of events) {
          added += connection.run(
            'INSERT INTO tracking_events (parcel_id, vendor, at, status, vendor_status, place, text, heard_at)' +
              ' VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
            ...[parcelId, vendor, event.at, event.status, event.vendorStatus, event.place, event.text, heardAt],
          );
        }
        if (added > 0) connection.touch();
        return added;
      });
    },
    events: (parcelId) =>
      connection
        .all('SELECT * FROM tracking_events WHERE parcel_id = ? ORDER BY ifnull(at, heard_at), seq', parcelId)
        .map(toHeard),
    keepPush(vendor, body, at) {
      const digest = createHash('sha256').update(body).digest('hex');
      const row = connection.get(
        'SELECT seq, taken_at, refused FROM pushes WHERE vendor = ? AND digest = ?',
        vendor,
        digest,
      );
      if (row) return { seq: Number(row['seq']), open: row['taken_at'] === null && row['refused'] === null };
      const added = connection.get(
        'INSERT INTO pushes (vendor, digest, body, received_at) VALUES (?, ?, ?, ?) RETURNING seq',
        ...[vendor, digest, body, at],
      );
      return { seq: Number(added?.['seq']), open: true };
    },
    settlePush: (seq, at, refused) =>
      void connection.run(
        'UPDATE pushes SET taken_at = ?, refused = ? WHERE seq = ?',
        refused === null ? at : null,
        refused,
        seq,
      ),
    openPushes: (limit) =>
      connection
        .all(
          'SELECT seq, vendor, body, received_at FROM pushes WHERE taken_at IS NULL AND refused IS NULL ORDER BY seq LIMIT ?',
          limit,
        )
        .map((row) => ({
          seq: Number(row['seq']),
          vendor: String(row['vendor']),
          body: String(row['body']),
          receivedAt: Number(row['received_at']),
        })),
  };
}
