/** Sealed parcels and the artwork of their labels. */
import { createHash } from 'node:crypto';
import { indexOrder } from './orders.ts';
import type { ArtworkType, ParcelFacts } from '../domain/shipping.ts';
import type { Clock } from '../ports.ts';
import type { Connection, Row } from './connection.ts';
import type { ParcelRecord, ParcelRepository } from './store.ts';

function toParcel(row: Row): ParcelRecord {
  return {
    id: String(row['id']),
    orderId: String(row['order_id']),
    reference: String(row['reference']),
    vendor: String(row['vendor']),
    service: row['service'] as string | null,
    facts: JSON.parse(String(row['facts'])) as ParcelFacts,
    weightG: Number(row['weight_g']),
    tareG: Number(row['tare_g']),
    weightFrames: JSON.parse(String(row['weight_frames'])) as string[],
    lpn: String(row['lpn']),
    waybill: row['waybill'] as string | null,
    artworkSha256: row['artwork_sha256'] as string | null,
    labelHeld: row['label_held'] as string | null,
    sealedAt: Number(row['sealed_at']),
    verifiedAt: row['verified_at'] as number | null,
    rackedAt: row['racked_at'] as number | null,
  };
}

export function createParcelRepository(connection: Connection, clock: Clock): ParcelRepository {
  const find = (where: string, value: string): ParcelRecord | null => {
    const row = connection.get(`SELECT * FROM parcels WHERE ${where} = ? ORDER BY seq DESC LIMIT 1`, value);
    return row ? toParcel(row) : null;
  };

  const change = (id: string, assignment: string, ...values: (string | number | null)[]): void => {
    connection.atomic(() => {
      if (connection.run(`UPDATE parcels SET ${assignment} WHERE id = ?`, ...values, id) === 0) {
        throw new Error(`No parcel ${id}.`);
      }
      connection.touch();
    });
  };

  return {
    insert(parcel) {
      connection.atomic(() => {
        connection.run(
          'INSERT INTO parcels (id, order_id, reference, vendor, service, facts, weight_g, tare_g, weight_frames, lpn,' +
            ' sealed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
          ...[parcel.id, parcel.orderId, parcel.reference, parcel.vendor, parcel.service, JSON.stringify(parcel.facts)],
          ...[parcel.weightG, parcel.tareG ?? 0, JSON.stringify(parcel.weightFrames), parcel.lpn, parcel.sealedAt],
        );
        connection.run('UPDATE orders SET lpn = ? WHERE id = ?', parcel.lpn, parcel.orderId);
        indexOrder(connection, parcel.orderId);
        connection.touch();
      });
    },
    sumsSince: (at) =>
      connection
        .all(
          'SELECT vendor, service, count(*) AS parcels, sum(weight_g) AS weight_g, min(sealed_at) AS first_at,' +
            ' max(sealed_at) AS last_at FROM parcels WHERE sealed_at >= ?1 AND seq > coalesce(' +
            '(SELECT seq FROM parcels WHERE sealed_at < ?1 ORDER BY seq DESC LIMIT 1), 0)' +
            ' GROUP BY vendor, service ORDER BY vendor, service',
          at,
        )
        .map((row) => ({
          vendor: String(row['vendor']),
          service: row['service'] as string | null,
          parcels: Number(row['parcels']),
          weightG: Number(row['weight_g']),
          firstAt: Number(row['first_at']),
          lastAt: Number(row['last_at']),
        })),
    get: (id) => find('id', id),
    findByReference: (reference) => find('reference', reference),
    findByLpn: (lpn) => find('lpn', lpn),
    findByWaybill: (waybill) => find('waybill', waybill),
    listByOrder: (orderId) =>
      connection.all('SELECT * FROM parcels WHERE order_id = ? ORDER BY seq', orderId).map(toParcel),
    setWaybill(id, waybill) {
      connection.atomic(() => {
        // Said again with every step of the carrier; only the first time is there anything to find anew.
        if (connection.get('SELECT waybill FROM parcels WHERE id = ?', id)?.['waybill'] === waybill) return;
        change(id, 'waybill = ?', waybill);
        const orderId = String(connection.get('SELECT order_id FROM parcels WHERE id = ?', id)?.['order_id']);
        connection.run('UPDATE orders SET waybill = ? WHERE id = ?', waybill, orderId);
        indexOrder(connection, orderId);
      });
    },
    setFacts: (id, facts) => change(id, 'facts = ?', JSON.stringify(facts)),
    setLabel: (id, label) => change(id, 'artwork_sha256 = ?, label_held = ?', label.artworkSha256, label.held),
    setVerified: (id, at) => change(id, 'verified_at = ?', at),
    setRacked: (id, at) => change(id, 'racked_at = ?', at),
    putArtwork(artwork) {
      const bytes = Buffer.from(artwork.base64, 'base64');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      connection.run(
        'INSERT INTO artwork (sha256, type, bytes, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
        ...[sha256, artwork.type, bytes, clock.now()],
      );
      return sha256;
    },
    getArtwork(sha256) {
      const row = connection.get('SELECT type, bytes FROM artwork WHERE sha256 = ?', sha256);
      const bytes = row?.['bytes'];
      if (!(bytes instanceof Uint8Array)) return null;
      return { type: row?.['type'] as ArtworkType, base64: Buffer.from(bytes).toString('base64') };
    },
  };
}
