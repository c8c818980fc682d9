/** Scan forms and manifests: what was pushed to a carrier, and what became of each parcel of it. */
import type { HandoverContent } from '../domain/documents.ts';
import type { Connection, Row } from './connection.ts';

export type HandoverKind = 'scan-form' | 'manifest';

/**
 * `pushed` written down, the carrier is being told · `through` for every parcel · `partial` some failed · `failed` for all,
 * or the carrier refused the document.
 */
export type HandoverState = 'pushed' | 'through' | 'partial' | 'failed';

export interface HandoverRecord {
  readonly id: string;
  readonly kind: HandoverKind;
  /** Ours, unique: the carrier tells documents apart by it. */
  readonly reference: string;
  readonly vendor: string;
  readonly state: HandoverState;
  readonly content: HandoverContent;
  /** The document whose failed parcels this one pushes again, or null. */
  readonly repeats: string | null;
  readonly createdAt: number;
  readonly settledAt: number | null;
}

export interface HandoverParcel {
  readonly parcelId: string;
  readonly orderNumber: string;
  readonly waybill: string | null;
  readonly state: 'open' | 'ok' | 'failed';
  /** The carrier's words; empty unless it failed. */
  readonly reason: string;
}

export interface HandoverRepository {
  /**
   * Writes the document and takes its parcels; throws if one of them is in a living document of this kind, which is what
   * keeps a repeated push from doubling.
   */
  insert(record: Omit<HandoverRecord, 'state' | 'settledAt'>): void;
  get(id: string): HandoverRecord | null;
  /** Newest first. */
  listRecent(limit: number): HandoverRecord[];
  parcels(id: string): HandoverParcel[];
  /** Where a parcel stands, by kind, newest first. */
  ofParcel(
    parcelId: string,
  ): { kind: HandoverKind; handoverId: string; state: HandoverParcel['state']; reason: string }[];
  /** What the carrier said of each parcel; parcels not named stay as they are. */
  settle(id: string, parcels: readonly { parcelId: string; ok: boolean; reason: string }[], at: number): HandoverState;
  /** Parcels of `parcelIds` that are in no living document of this kind. */
  free(kind: HandoverKind, parcelIds: readonly string[]): string[];
}

function toRecord(row: Row): HandoverRecord {
  return {
    id: String(row['id']),
    kind: row['kind'] as HandoverKind,
    reference: String(row['reference']),
    vendor: String(row['vendor']),
    state: row['state'] as HandoverState,
    content: JSON.parse(String(row['content'])) as HandoverContent,
    repeats: row['repeats'] as string | null,
    createdAt: Number(row['created_at']),
    settledAt: row['settled_at'] as number | null,
  };
}

export function createHandoverRepository(connection: Connection): HandoverRepository {
  return {
    insert(record) {
      connection.atomic(() => {
        connection.run(
          'INSERT INTO handovers (id, kind, reference, vendor, state, content, repeats, created_at)' +
            " VALUES (?, ?, ?, ?, 'pushed', ?, ?, ?)",
          ...[record.id, record.kind, record.reference, record.vendor, JSON.stringify(record.content)],
          ...[record.repeats, record.createdAt],
        );
        for (const { parcelId } of record.content.parcels) {
          connection.run(
            "INSERT INTO handover_parcels (handover_id, parcel_id, kind, state, reason) VALUES (?, ?, ?, 'open', '')",
            ...[record.id, parcelId, record.kind],
          );
        }
        connection.touch();
      });
    },
    get(id) {
      const row = connection.get('SELECT * FROM handovers WHERE id = ?', id);
      return row ? toRecord(row) : null;
    },
    listRecent: (limit) => connection.all('SELECT * FROM handovers ORDER BY seq DESC LIMIT ?', limit).map(toRecord),
    parcels: (id) =>
      connection
        .all(
          "SELECT each.parcel_id, each.state, each.reason, parcels.waybill, json_extract(parcels.facts, '$.orderNumber')" +
            ' AS order_number FROM handover_parcels AS each JOIN parcels ON parcels.id = each.parcel_id' +
            " WHERE each.handover_id = ? ORDER BY each.state = 'ok', parcels.seq",
          id,
        )
        .map((row) => ({
          parcelId: String(row['parcel_id']),
          orderNumber: String(row['order_number']),
          waybill: row['waybill'] as string | null,
          state: row['state'] as HandoverParcel['state'],
          reason: String(row['reason']),
        })),
    ofParcel: (parcelId) =>
      connection
        .all(
          'SELECT each.kind, each.handover_id, each.state, each.reason FROM handover_parcels AS each' +
            ' JOIN handovers ON handovers.id = each.handover_id WHERE each.parcel_id = ? ORDER BY handovers.seq DESC',
          parcelId,
        )
        .map((row) => ({
          kind: row['kind'] as HandoverKind,
          handoverId: String(row['handover_id']),
          state: row['state'] as HandoverParcel['state'],
          reason: String(row['reason']),
        })),
    settle(id, parcels, at) {
      return connection.atomic(() => {
        for (const { parcelId, ok, reason } of parcels) {
          connection.run(
            'UPDATE handover_parcels SET state = ?, reason = ? WHERE handover_id = ? AND parcel_id = ?',
            ...[ok ? 'ok' : 'failed', ok ? '' : reason, id, parcelId],
          );
        }
        const counts = connection.get(
          "SELECT sum(state = 'ok') AS ok, sum(state = 'failed') AS failed, sum(state = 'open') AS open" +
            ' FROM handover_parcels WHERE handover_id = ?',
          id,
        );
        const [ok, failed, open] = [counts?.['ok'], counts?.['failed'], counts?.['open']].map(Number);
        const state: HandoverState = open !== 0 ? 'pushed' : failed === 0 ? 'through' : ok === 0 ? 'failed' : 'partial';
        connection.run(
          'UPDATE handovers SET state = ?, settled_at = ? WHERE id = ?',
          ...[state, state === 'pushed' ? null : at, id],
        );
        connection.touch();
        return state;
      });
    },
    free: (kind, parcelIds) =>
      parcelIds.filter(
        (parcelId) =>
          connection.get(
            "SELECT 1 AS found FROM handover_parcels WHERE kind = ? AND parcel_id = ? AND state <> 'failed'",
            ...[kind, parcelId],
          ) === undefined,
      ),
  };
}
