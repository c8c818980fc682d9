/** Scan forms and manifests: what was pushed to a carrier, and what became of each parcel of it. */
import type { FlightDetails, HandoverContent } from '../domain/documents.ts';
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

/** A document without its content, for lists. */
export interface HandoverSummary {
  readonly id: string;
  readonly kind: HandoverKind;
  readonly reference: string;
  readonly vendor: string;
  readonly state: HandoverState;
  readonly repeats: string | null;
  readonly createdAt: number;
  readonly settledAt: number | null;
  readonly parcels: number;
  readonly bags: number;
  readonly ok: number;
  readonly failed: number;
  readonly netWeightG: number;
  readonly grossWeightG: number;
  readonly flight: FlightDetails | null;
  readonly listsPrinted: number;
}

/** A row of a document as its page shows it. */
export interface HandoverRow extends HandoverParcel {
  readonly orderId: string;
  readonly bagNumber: string | null;
  /** The living document of the same kind that took it up again, or null. */
  readonly repeatedBy: string | null;
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
  summary(id: string): HandoverSummary | null;
  /** Newest first; those still on their way before those that are settled. */
  summaries(limit: number): HandoverSummary[];
  /** Failed parcels first, then open ones, then those that are through. */
  page(
    id: string,
    filter: { state: HandoverParcel['state'] | null; offset: number; limit: number },
  ): { total: number; rows: HandoverRow[] };
  /** Parcels the carrier has not spoken of. */
  open(id: string): { parcelId: string; orderId: string }[];
  /** Failed parcels of the document that no living one of its kind holds. */
  repeatable(id: string): string[];
  /** How often the list was printed so far; counts one more. */
  countList(id: string): number;
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

const summaryColumns =
  'id, kind, reference, vendor, state, repeats, created_at, settled_at, parcel_count, bag_count, ok_count,' +
  ' failed_count, net_weight_g, gross_weight_g, flight, lists_printed';

function toSummary(row: Row): HandoverSummary {
  return {
    id: String(row['id']),
    kind: row['kind'] as HandoverKind,
    reference: String(row['reference']),
    vendor: String(row['vendor']),
    state: row['state'] as HandoverState,
    repeats: row['repeats'] as string | null,
    createdAt: Number(row['created_at']),
    settledAt: row['settled_at'] as number | null,
    parcels: Number(row['parcel_count']),
    bags: Number(row['bag_count']),
    ok: Number(row['ok_count']),
    failed: Number(row['failed_count']),
    netWeightG: Number(row['net_weight_g']),
    grossWeightG: Number(row['gross_weight_g']),
    flight: row['flight'] === null ? null : (JSON.parse(String(row['flight'])) as FlightDetails),
    listsPrinted: Number(row['lists_printed']),
  };
}

export function createHandoverRepository(connection: Connection): HandoverRepository {
  return {
    insert(record) {
      connection.atomic(() => {
        connection.run(
          'INSERT INTO handovers (id, kind, reference, vendor, state, content, repeats, created_at, parcel_count,' +
            " bag_count, net_weight_g, gross_weight_g, flight) VALUES (?, ?, ?, ?, 'pushed', ?, ?, ?, ?, ?, ?, ?, ?)",
          ...[record.id, record.kind, record.reference, record.vendor, JSON.stringify(record.content)],
          ...[record.repeats, record.createdAt, record.content.parcels.length, record.content.bags.length],
          ...[record.content.netWeightG, record.content.grossWeightG],
          record.content.flight === null ? null : JSON.stringify(record.content.flight),
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
    summary(id) {
      const row = connection.get(`SELECT ${summaryColumns} FROM handovers WHERE id = ?`, id);
      return row ? toSummary(row) : null;
    },
    summaries: (limit) =>
      connection
        .all(
          `SELECT * FROM (SELECT 1 AS open, seq, ${summaryColumns} FROM handovers WHERE settled_at IS NULL` +
            ` UNION ALL SELECT 0, seq, ${summaryColumns} FROM (SELECT * FROM handovers ORDER BY seq DESC LIMIT ?1)` +
            ' WHERE settled_at IS NOT NULL) ORDER BY open DESC, seq DESC LIMIT ?1',
          limit,
        )
        .map(toSummary),
    page(id, { state, offset, limit }) {
      const where = 'handover_id = ?1 AND (?2 IS NULL OR each.state = ?2)';
      const total = connection.get(
        `SELECT count(*) AS total FROM handover_parcels AS each WHERE ${where}`,
        ...[id, state],
      );
      const rows = connection.all(
        'SELECT each.parcel_id, each.state, each.reason, parcels.order_id, parcels.waybill,' +
          " json_extract(parcels.facts, '$.orderNumber') AS order_number," +
          ' (SELECT coalesce(vendor_bag_number, number) FROM bags WHERE bags.id = parcels.bag_id) AS bag_number,' +
          ' (SELECT later.handover_id FROM handover_parcels AS later WHERE later.kind = each.kind' +
          "   AND later.parcel_id = each.parcel_id AND later.state <> 'failed' AND each.state = 'failed') AS repeated_by" +
          ` FROM handover_parcels AS each JOIN parcels ON parcels.id = each.parcel_id WHERE ${where}` +
          " ORDER BY each.state = 'ok', each.state = 'open', parcels.seq LIMIT ?3 OFFSET ?4",
        ...[id, state, limit, offset],
      );
      return {
        total: Number(total?.['total'] ?? 0),
        rows: rows.map((row) => ({
          parcelId: String(row['parcel_id']),
          orderId: String(row['order_id']),
          orderNumber: String(row['order_number']),
          waybill: row['waybill'] as string | null,
          bagNumber: row['bag_number'] as string | null,
          state: row['state'] as HandoverParcel['state'],
          reason: String(row['reason']),
          repeatedBy: row['repeated_by'] as string | null,
        })),
      };
    },
    open: (id) =>
      connection
        .all(
          'SELECT each.parcel_id, parcels.order_id FROM handover_parcels AS each JOIN parcels ON parcels.id = each.parcel_id' +
            " WHERE each.handover_id = ? AND each.state = 'open'",
          id,
        )
        .map((row) => ({ parcelId: String(row['parcel_id']), orderId: String(row['order_id']) })),
    repeatable: (id) =>
      connection
        .all(
          "SELECT parcel_id FROM handover_parcels AS each WHERE handover_id = ? AND state = 'failed' AND NOT EXISTS" +
            ' (SELECT 1 FROM handover_parcels AS later WHERE later.kind = each.kind AND later.parcel_id = each.parcel_id' +
            " AND later.state <> 'failed')",
          id,
        )
        .map((row) => String(row['parcel_id'])),
    countList(id) {
      return connection.atomic(() => {
        const before = connection.get('SELECT lists_printed FROM handovers WHERE id = ?', id);
        connection.run('UPDATE handovers SET lists_printed = lists_printed + 1 WHERE id = ?', id);
        connection.touch();
        return Number(before?.['lists_printed'] ?? 0);
      });
    },
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
          'UPDATE handovers SET state = ?, settled_at = ?, ok_count = ?, failed_count = ? WHERE id = ?',
          ...[state, state === 'pushed' ? null : at, ok ?? 0, failed ?? 0, id],
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
