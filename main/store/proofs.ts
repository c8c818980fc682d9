/** Proofs of delivery that are still asked for. When and how often is decided in ../domain/tracking.ts. */
import type { DeliveryPayload } from '../domain/shipping.ts';
import type { Connection, Row } from './connection.ts';
import type { ProofRecord, ProofRepository } from './store.ts';

function toRecord(row: Row): ProofRecord {
  return {
    parcelId: String(row['parcel_id']),
    vendor: String(row['vendor']),
    delivery: JSON.parse(String(row['delivery'])) as DeliveryPayload,
    startedAt: Number(row['started_at']),
    tries: Number(row['tries']),
    nextAskAt: Number(row['next_ask_at']),
  };
}

export function createProofRepository(connection: Connection): ProofRepository {
  return {
    start: (parcelId, vendor, delivery, at, nextAskAt) =>
      connection.run(
        'INSERT INTO proofs (parcel_id, vendor, delivery, started_at, tries, next_ask_at) VALUES (?, ?, ?, ?, 0, ?)' +
          ' ON CONFLICT DO NOTHING',
        ...[parcelId, vendor, JSON.stringify(delivery), at, nextAskAt],
      ) > 0,
    get(parcelId, vendor) {
      const row = connection.get('SELECT * FROM proofs WHERE parcel_id = ? AND vendor = ?', parcelId, vendor);
      return row ? toRecord(row) : null;
    },
    isWaiting: (parcelId) =>
      connection.get('SELECT 1 AS found FROM proofs WHERE parcel_id = ? LIMIT 1', parcelId) !== undefined,
    next(vendor) {
      const row = connection.get('SELECT * FROM proofs WHERE vendor = ? ORDER BY next_ask_at LIMIT 1', vendor);
      return row ? toRecord(row) : null;
    },
    askLater(parcelId, vendor, tries, nextAskAt) {
      const changed = connection.run(
        'UPDATE proofs SET tries = ?, next_ask_at = ? WHERE parcel_id = ? AND vendor = ?',
        ...[tries, nextAskAt, parcelId, vendor],
      );
      if (changed === 0) throw new Error(`No proof of parcel ${parcelId} is asked for at ${vendor}.`);
    },
    end: (parcelId, vendor) =>
      void connection.run('DELETE FROM proofs WHERE parcel_id = ? AND vendor = ?', parcelId, vendor),
    notLater: (vendor, at) =>
      connection.run('UPDATE proofs SET next_ask_at = ?2 WHERE vendor = ?1 AND next_ask_at > ?2', ...[vendor, at]),
  };
}
