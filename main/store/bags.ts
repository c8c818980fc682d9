/** Big bags and what is in them. What may be done is decided in ../domain/bag.ts. */
import type { BagFacts, BagLimits, BagRoute, BagState } from '../domain/bag.ts';
import type { WeighedParcel } from '../domain/bag-weight.ts';
import type { DocumentParcel } from '../domain/documents.ts';
import type { Connection, Row } from './connection.ts';

export interface BagRecord extends BagFacts {
  /** The empty sack, in grams. */
  readonly tareG: number;
  /** As weighed when it was closed, the sack included. */
  readonly grossWeightG: number | null;
  readonly vendorBagNumber: string | null;
  /**
   * `none` not closed yet · `waiting` for the carrier's answer · `carrier` the carrier's artwork is here · `own` the desk
   * draws it.
   */
  readonly label: 'none' | 'waiting' | 'carrier' | 'own';
  /** Content address of the carrier's artwork. */
  readonly artworkSha256: string | null;
  readonly labelVerifiedAt: number | null;
  readonly handedOverAt: number | null;
  readonly openedAt: number;
  readonly closedAt: number | null;
  readonly voidedAt: number | null;
  readonly voidReason: string | null;
  /** What was in it when it was voided. */
  readonly voidedParcels: readonly string[];
  /** The carrier was told of it, is to be told that it is void, and has not confirmed that yet. */
  readonly voidOpen: boolean;
  /** The voided bag it goes on from, or null. */
  readonly follows: string | null;
}

export interface NewBag {
  readonly id: string;
  readonly number: string;
  readonly route: BagRoute;
  readonly limits: BagLimits;
  readonly tareG: number;
  readonly openedAt: number;
  readonly follows: string | null;
}

/** A parcel as the bags see it. */
export interface BagParcel extends WeighedParcel {
  readonly orderNumber: string;
  readonly waybill: string | null;
  readonly baggedAt: number | null;
}

/** Labelled parcels in no bag that are still here, by route. */
export interface LooseParcels {
  readonly route: BagRoute;
  readonly parcels: number;
  readonly weightG: number;
}

/** What changes of a bag beside its content. */
export type BagChange = Partial<
  Pick<
    BagRecord,
    | 'state'
    | 'tareG'
    | 'grossWeightG'
    | 'vendorBagNumber'
    | 'label'
    | 'artworkSha256'
    | 'labelVerifiedAt'
    | 'handedOverAt'
    | 'closedAt'
    | 'voidedAt'
    | 'voidReason'
    | 'voidedParcels'
    | 'voidOpen'
  >
>;

export interface BagRepository {
  insert(bag: NewBag): void;
  get(id: string): BagRecord | null;
  /** By our number or the carrier's; a voided bag's number is spent, so the newest bag with it. */
  findByNumber(number: string): BagRecord | null;
  /** Oldest first. */
  listOpen(): BagRecord[];
  /** Closed and not handed over, of one carrier or all, oldest first. */
  listClosed(vendor: string | null): BagRecord[];
  /** Voided and not opened again under another number, newest first. */
  listVoided(limit: number): BagRecord[];
  /** The bag that was opened again in place of this one. */
  findFollower(bagId: string): BagRecord | null;
  /** Of this carrier, with `voidOpen`, oldest first. */
  listVoidOpen(vendor: string): BagRecord[];
  /** Newest first, whatever their state. */
  listRecent(limit: number): BagRecord[];
  /** Which bag a parcel is in, and whether it was handed over. */
  placeOf(parcelId: string): { bagId: string | null; handedOverAt: number | null } | null;
  /** Puts a parcel that is in no bag into one. Throws if it is in one. */
  put(bagId: string, parcel: WeighedParcel, at: number): void;
  /** Takes it out of the bag it is in. Throws if it is in none. */
  takeOut(bagId: string, parcel: WeighedParcel): void;
  /** Takes all out; returns their ids. */
  empty(bagId: string): string[];
  /** What is in it, in the order of the scans. */
  parcels(bagId: string): BagParcel[];
  /** The parcels that were scanned in last, newest first. */
  newest(bagId: string, limit: number): BagParcel[];
  /** These parcels by their ids, in that order; unknown ones are left out. */
  parcelsById(ids: readonly string[]): BagParcel[];
  /** What is in it as a document names it, in the order of the scans. */
  documentParcels(bagId: string): DocumentParcel[];
  change(bagId: string, change: BagChange): void;
  /** The parcels of these bags, and these loose parcels, are with the carrier now. */
  handOver(bagIds: readonly string[], parcelIds: readonly string[], at: number): void;
  /** Labelled parcels in no bag that are still here, by route; counted as they come and go. */
  loose(): LooseParcels[];
  /** Loose parcels of a route, oldest first. */
  looseOf(route: BagRoute, limit: number): BagParcel[];
}

function toBag(row: Row): BagRecord {
  const handedOverAt = row['handed_over_at'] as number | null;
  return {
    id: String(row['id']),
    number: String(row['number']),
    route: {
      vendor: String(row['vendor']),
      service: row['service'] as string | null,
      destination: String(row['destination']),
    },
    limits: { maxParcels: Number(row['max_parcels']), maxWeightG: Number(row['max_weight_g']) },
    tareG: Number(row['tare_g']),
    state: row['state'] as BagState,
    parcels: Number(row['parcels']),
    parcelsWeightG: Number(row['parcels_weight_g']),
    grossWeightG: row['gross_weight_g'] as number | null,
    vendorBagNumber: row['vendor_bag_number'] as string | null,
    label: row['label'] as BagRecord['label'],
    artworkSha256: row['artwork_sha256'] as string | null,
    labelVerifiedAt: row['label_verified_at'] as number | null,
    handedOver: handedOverAt !== null,
    handedOverAt,
    openedAt: Number(row['opened_at']),
    closedAt: row['closed_at'] as number | null,
    voidedAt: row['voided_at'] as number | null,
    voidReason: row['void_reason'] as string | null,
    voidedParcels: row['voided_parcels'] === null ? [] : (JSON.parse(String(row['voided_parcels'])) as string[]),
    voidOpen: row['void_open'] === 1,
    follows: row['follows'] as string | null,
    touched: Number(row['touched']),
  };
}

function toParcel(row: Row): BagParcel {
  return {
    parcelId: String(row['id']),
    weightG: Number(row['weight_g']),
    orderNumber: String(row['order_number']),
    waybill: row['waybill'] as string | null,
    baggedAt: row['bagged_at'] as number | null,
  };
}

const columns: Readonly<Record<keyof BagChange, string>> = {
  state: 'state',
  tareG: 'tare_g',
  grossWeightG: 'gross_weight_g',
  vendorBagNumber: 'vendor_bag_number',
  label: 'label',
  artworkSha256: 'artwork_sha256',
  labelVerifiedAt: 'label_verified_at',
  handedOverAt: 'handed_over_at',
  closedAt: 'closed_at',
  voidedAt: 'voided_at',
  voidReason: 'void_reason',
  voidedParcels: 'voided_parcels',
  voidOpen: 'void_open',
};

const parcelColumns = "id, weight_g, json_extract(facts, '$.orderNumber') AS order_number, waybill, bagged_at";
const isLoose = 'verified_at IS NOT NULL AND bag_id IS NULL AND handed_over_at IS NULL';

export function createBagRepository(connection: Connection): BagRepository {
  const list = (where: string, ...values: (string | number)[]): BagRecord[] =>
    connection.all(`SELECT * FROM bags ${where}`, ...values).map(toBag);

  /** Counts and sums are kept with the bag, so that a full bag costs a scan no more than an empty one. */
  const count = (bagId: string, by: 1 | -1, weightG: number): void => {
    const changed = connection.run(
      'UPDATE bags SET parcels = parcels + ?1, parcels_weight_g = parcels_weight_g + ?1 * ?2,' +
        " touched = (SELECT max(touched) FROM bags) + 1 WHERE id = ?3 AND state = 'open'",
      ...[by, weightG, bagId],
    );
    if (changed === 0) throw new Error(`Bag ${bagId} is not open.`);
    connection.touch();
  };

  return {
    insert(bag) {
      connection.atomic(() => {
        connection.run(
          'INSERT INTO bags (id, number, vendor, service, destination, max_parcels, max_weight_g, tare_g, state,' +
            ' parcels, parcels_weight_g, label, opened_at, follows, touched)' +
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', 0, 0, 'none', ?, ?," +
            ' (SELECT coalesce(max(touched), 0) + 1 FROM bags))',
          ...[bag.id, bag.number, bag.route.vendor, bag.route.service, bag.route.destination],
          ...[bag.limits.maxParcels, bag.limits.maxWeightG, bag.tareG, bag.openedAt, bag.follows],
        );
        connection.touch();
      });
    },
    get: (id) => list('WHERE id = ?', id)[0] ?? null,
    findByNumber: (number) =>
      list('WHERE number = ?1 OR vendor_bag_number = ?1 ORDER BY seq DESC LIMIT 1', number)[0] ?? null,
    listOpen: () => list("WHERE state = 'open' ORDER BY seq"),
    listClosed: (vendor) =>
      vendor === null
        ? list("WHERE state = 'closed' AND handed_over_at IS NULL ORDER BY seq")
        : list("WHERE vendor = ? AND state = 'closed' AND handed_over_at IS NULL ORDER BY seq", vendor),
    listVoided: (limit) =>
      list(
        "WHERE state = 'voided' AND NOT EXISTS (SELECT 1 FROM bags AS later WHERE later.follows = bags.id)" +
          ' ORDER BY seq DESC LIMIT ?',
        limit,
      ),
    findFollower: (bagId) => list('WHERE follows = ? ORDER BY seq LIMIT 1', bagId)[0] ?? null,
    listVoidOpen: (vendor) => list('WHERE vendor = ? AND void_open = 1 ORDER BY seq', vendor),
    listRecent: (limit) => list('ORDER BY seq DESC LIMIT ?', limit),
    placeOf(parcelId) {
      const row = connection.get('SELECT bag_id, handed_over_at FROM parcels WHERE id = ?', parcelId);
      if (!row) return null;
      return { bagId: row['bag_id'] as string | null, handedOverAt: row['handed_over_at'] as number | null };
    },
    put(bagId, parcel, at) {
      connection.atomic(() => {
        const changed = connection.run(
          'UPDATE parcels SET bag_id = ?, bagged_at = ? WHERE id = ? AND bag_id IS NULL AND handed_over_at IS NULL',
          ...[bagId, at, parcel.parcelId],
        );
        if (changed === 0) throw new Error(`Parcel ${parcel.parcelId} is in a bag already, or gone.`);
        count(bagId, 1, parcel.weightG);
      });
    },
    takeOut(bagId, parcel) {
      connection.atomic(() => {
        const changed = connection.run(
          'UPDATE parcels SET bag_id = NULL, bagged_at = NULL WHERE id = ? AND bag_id = ?',
          ...[parcel.parcelId, bagId],
        );
        if (changed === 0) throw new Error(`Parcel ${parcel.parcelId} is not in bag ${bagId}.`);
        count(bagId, -1, parcel.weightG);
      });
    },
    empty(bagId) {
      return connection.atomic(() => {
        const ids = connection
          .all('SELECT id FROM parcels WHERE bag_id = ? ORDER BY bagged_at, seq', bagId)
          .map((row) => String(row['id']));
        connection.run('UPDATE parcels SET bag_id = NULL, bagged_at = NULL WHERE bag_id = ?', bagId);
        connection.run('UPDATE bags SET parcels = 0, parcels_weight_g = 0 WHERE id = ?', bagId);
        connection.touch();
        return ids;
      });
    },
    parcels: (bagId) =>
      connection
        .all(`SELECT ${parcelColumns} FROM parcels WHERE bag_id = ? ORDER BY bagged_at, seq`, bagId)
        .map(toParcel),
    newest: (bagId, limit) =>
      connection
        .all(
          `SELECT ${parcelColumns} FROM parcels WHERE bag_id = ? ORDER BY bagged_at DESC, seq DESC LIMIT ?`,
          bagId,
          limit,
        )
        .map(toParcel),
    parcelsById: (ids) =>
      connection
        .all(
          `SELECT ${parcelColumns} FROM (SELECT key, value FROM json_each(?)) JOIN parcels ON parcels.id = value ORDER BY key`,
          JSON.stringify(ids),
        )
        .map(toParcel),
    documentParcels: (bagId) =>
      connection
        .all(
          'SELECT parcels.id, parcels.reference, parcels.waybill, parcels.weight_g,' +
            " (SELECT json_extract(jobs.result, '$.vendorOrderNumber') FROM jobs WHERE jobs.lane = parcels.id" +
            "   AND jobs.operation = 'placeOrder' AND jobs.state = 'done' ORDER BY lane_seq DESC LIMIT 1) AS number" +
            ' FROM parcels WHERE bag_id = ? ORDER BY bagged_at, parcels.seq',
          bagId,
        )
        .map((row) => ({
          parcelId: String(row['id']),
          reference: String(row['reference']),
          vendorOrderNumber: String(row['number'] ?? ''),
          waybill: String(row['waybill'] ?? ''),
          weightG: Number(row['weight_g']),
        })),
    change(bagId, change) {
      const given = Object.entries(change) as [keyof BagChange, BagChange[keyof BagChange]][];
      if (given.length === 0) return;
      connection.atomic(() => {
        const changed = connection.run(
          `UPDATE bags SET ${given.map(([key]) => `${columns[key]} = ?`).join(', ')} WHERE id = ?`,
          ...given.map(([, value]) => {
            if (typeof value === 'boolean') return value ? 1 : 0;
            return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? null);
          }),
          bagId,
        );
        if (changed === 0) throw new Error(`No bag ${bagId}.`);
        connection.touch();
      });
    },
    handOver(bagIds, parcelIds, at) {
      connection.atomic(() => {
        for (const bagId of bagIds) {
          connection.run('UPDATE bags SET handed_over_at = ? WHERE id = ? AND handed_over_at IS NULL', at, bagId);
          connection.run(
            'UPDATE parcels SET handed_over_at = ? WHERE bag_id = ? AND handed_over_at IS NULL',
            at,
            bagId,
          );
        }
        for (const parcelId of parcelIds) {
          connection.run('UPDATE parcels SET handed_over_at = ? WHERE id = ? AND handed_over_at IS NULL', at, parcelId);
        }
        connection.touch();
      });
    },
    loose: () =>
      connection
        .all(
          'SELECT vendor, service, destination, parcels, weight_g FROM loose_counts WHERE parcels > 0' +
            ' ORDER BY vendor, service, destination',
        )
        .map((row) => ({
          route: {
            vendor: String(row['vendor']),
            service: row['service'] as string | null,
            destination: String(row['destination']),
          },
          parcels: Number(row['parcels']),
          weightG: Number(row['weight_g']),
        })),
    looseOf: (route, limit) =>
      connection
        .all(
          `SELECT ${parcelColumns} FROM parcels WHERE ${isLoose} AND vendor = ? AND service IS ? AND destination IS ?
             ORDER BY seq LIMIT ?`,
          ...[route.vendor, route.service, route.destination, limit],
        )
        .map(toParcel),
  };
}
