/** What is here and may leave: parcels in bags and loose, with what the documents of a hand-over need of them. */
import type { BagRoute } from '../domain/bag.ts';
import type { CandidateParcel, DocumentProgress } from '../domain/handover.ts';
import type { Connection, Row } from './connection.ts';
import type { HandoverKind } from './handovers.ts';

/** A labelled parcel whose order was cancelled and that is still here. */
export interface WithdrawnParcel {
  readonly parcelId: string;
  readonly bagId: string | null;
  readonly route: BagRoute;
  readonly waybill: string | null;
}

export interface BagProgress {
  readonly progress: DocumentProgress;
  readonly free: number;
}

export interface CandidateRepository {
  /** Everything in a bag, in the order of the scans, as a document of `kind` would take it. */
  ofBag(kind: HandoverKind, bagId: string): CandidateParcel[];
  /** Loose parcels of a route, oldest first, after the one with `after` (0 at first). */
  looseOf(kind: HandoverKind, route: BagRoute, after: number, limit: number): CandidateParcel[];
  /** The failed parcels of a document that no living one of its kind holds. */
  failedOf(handoverId: string): CandidateParcel[];
  /** How far a bag of so many parcels got with each kind of document, and how many of them no living one holds. */
  progressOf(bagId: string, parcels: number): Record<HandoverKind, BagProgress>;
  /** Loose parcels of a route that a living document of this kind holds. */
  looseInDocuments(kind: HandoverKind, route: BagRoute): number;
  withdrawn(limit: number): WithdrawnParcel[];
}

const isLoose = 'parcels.verified_at IS NOT NULL AND parcels.bag_id IS NULL AND parcels.handed_over_at IS NULL';
const isWithdrawn = "orders.upstream IN ('cancelled', 'deleted')";
/** `?1` is the kind. */
const living = (column: string): string =>
  `(SELECT ${column} FROM handover_parcels AS held JOIN handovers ON handovers.id = held.handover_id` +
  " WHERE held.kind = ?1 AND held.parcel_id = parcels.id AND held.state <> 'failed')";
const columns =
  "parcels.seq, parcels.id, parcels.order_id, json_extract(parcels.facts, '$.orderNumber') AS order_number," +
  ' parcels.reference, parcels.waybill, parcels.weight_g, parcels.verified_at, parcels.handed_over_at, parcels.bag_id,' +
  " ifnull((SELECT orders.upstream IN ('cancelled', 'deleted') FROM orders WHERE orders.id = parcels.order_id), 0)" +
  " AS withdrawn, (SELECT result ->> '$.vendorOrderNumber' FROM jobs WHERE jobs.lane = parcels.id" +
  " AND operation = 'placeOrder' AND state = 'done') AS vendor_order_number," +
  ` ${living('handovers.reference')} AS in_document`;

function toCandidate(row: Row): CandidateParcel {
  return {
    seq: Number(row['seq']),
    parcelId: String(row['id']),
    orderId: String(row['order_id']),
    orderNumber: String(row['order_number']),
    reference: String(row['reference']),
    vendorOrderNumber: (row['vendor_order_number'] as string | null) ?? '',
    waybill: (row['waybill'] as string | null) ?? '',
    weightG: Number(row['weight_g']),
    bagId: row['bag_id'] as string | null,
    labelled: row['verified_at'] !== null,
    handedOver: row['handed_over_at'] !== null,
    withdrawn: Number(row['withdrawn']) === 1,
    inDocument: row['in_document'] as string | null,
  };
}

export function createCandidateRepository(connection: Connection): CandidateRepository {
  return {
    ofBag: (kind, bagId) =>
      connection
        .all(
          `SELECT ${columns} FROM parcels WHERE parcels.bag_id = ?2 ORDER BY parcels.bagged_at, parcels.seq`,
          kind,
          bagId,
        )
        .map(toCandidate),
    looseOf: (kind, route, after, limit) =>
      connection
        .all(
          `SELECT ${columns} FROM parcels WHERE ${isLoose} AND parcels.vendor = ?2 AND parcels.service IS ?3` +
            ' AND parcels.destination IS ?4 AND parcels.seq > ?5 ORDER BY parcels.seq LIMIT ?6',
          ...[kind, route.vendor, route.service, route.destination, after, limit],
        )
        .map(toCandidate),
    failedOf(handoverId) {
      const document = connection.get('SELECT kind FROM handovers WHERE id = ?', handoverId);
      return connection
        .all(
          `SELECT ${columns} FROM handover_parcels AS each JOIN parcels ON parcels.id = each.parcel_id` +
            " WHERE each.handover_id = ?2 AND each.state = 'failed' ORDER BY parcels.seq",
          ...[String(document?.['kind'] ?? ''), handoverId],
        )
        .map(toCandidate)
        .filter((parcel) => parcel.inDocument === null);
    },
    progressOf(bagId, parcels) {
      const rows = connection.all(
        "SELECT each.kind, sum(each.state <> 'failed') AS held, sum(each.state = 'open') AS open," +
          ' count(DISTINCT each.parcel_id) AS tried FROM parcels JOIN handover_parcels AS each' +
          ' ON each.parcel_id = parcels.id WHERE parcels.bag_id = ? GROUP BY each.kind',
        bagId,
      );
      const of = (kind: HandoverKind): BagProgress => {
        const row = rows.find((each) => each['kind'] === kind);
        const [held, open, tried] = [row?.['held'] ?? 0, row?.['open'] ?? 0, row?.['tried'] ?? 0].map(Number);
        const free = parcels - (held ?? 0);
        if (!tried) return { progress: 'none', free };
        if (free > 0) return { progress: tried === held ? 'none' : 'failed', free };
        return { progress: open ? 'open' : 'ok', free };
      };
      return { 'scan-form': of('scan-form'), manifest: of('manifest') };
    },
    looseInDocuments(kind, route) {
      const row = connection.get(
        `SELECT count(*) AS found FROM parcels WHERE ${isLoose} AND vendor = ?2 AND service IS ?3 AND destination IS ?4` +
          ' AND EXISTS (SELECT 1 FROM handover_parcels AS held WHERE held.kind = ?1 AND held.parcel_id = parcels.id' +
          " AND held.state <> 'failed')",
        ...[kind, route.vendor, route.service, route.destination],
      );
      return Number(row?.['found'] ?? 0);
    },
    withdrawn: (limit) =>
      connection
        .all(
          'SELECT parcels.id, parcels.bag_id, parcels.vendor, parcels.service, parcels.destination, parcels.waybill' +
            ` FROM orders JOIN parcels ON parcels.order_id = orders.id WHERE ${isWithdrawn}` +
            ' AND parcels.verified_at IS NOT NULL AND parcels.handed_over_at IS NULL LIMIT ?',
          limit,
        )
        .map((row) => ({
          parcelId: String(row['id']),
          bagId: row['bag_id'] as string | null,
          route: {
            vendor: String(row['vendor']),
            service: row['service'] as string | null,
            destination: String(row['destination'] ?? ''),
          },
          waybill: row['waybill'] as string | null,
        })),
  };
}
