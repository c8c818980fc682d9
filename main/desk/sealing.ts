/**
 * Sealing: one transaction writes the parcel's facts and every job it causes. The desk says "accepted" only after
 * the commit returned.
 */
import type { ParcelSize } from '../domain/dws.ts';
import type { Expectation } from '../domain/expected-weight.ts';
import type { EffectClass, Job } from '../domain/job.ts';
import { isReport, reportLane, reportPlaces } from '../domain/lanes.ts';
import type { OperationName, ParcelFacts } from '../domain/shipping.ts';
import { trimQuantity } from '../domain/packing.ts';
import type { Ids } from '../ports.ts';
import type { OrderRecord, ParcelRecord, Store } from '../store/store.ts';

/** The fact an upload waits for: the printed label was scanned on the parcel. */
export const labelVerified = 'label-verified';

/** One job a parcel causes, in the order they run within their lane. */
export interface PlannedJob {
  readonly vendor: string;
  readonly operation: OperationName;
  readonly effect: EffectClass;
  readonly heldBy: string | null;
}

export interface SealInput {
  readonly order: OrderRecord;
  readonly deskId: string;
  readonly vendor: string;
  readonly service: string | null;
  readonly weightG: number;
  /** The container that was taken off; absent is 0. */
  readonly tareG?: number | undefined;
  readonly weightFrames: readonly string[];
  /** What the parcel should have weighed, for the record; null where that was not known. */
  readonly expected?: Expectation | null | undefined;
  /** As a machine measured it, or null if none did. */
  readonly size?: ParcelSize | null | undefined;
  readonly jobs: readonly PlannedJob[];
  readonly at: number;
  /** Why a weight outside the rules was taken, or empty. */
  readonly overrideReason: string;
}

/** Gap between the lane numbers of a parcel's label jobs, so that a repeated step can be put between two. */
export const laneStep = 10;

/**
 * Three digits chosen once per database, so that an LPN or bag number from a lost database that is still in the house
 * does not name a new parcel or bag.
 */
export function numberEpoch(store: Store, at: number): string {
  const known = store.values.get('lpn.epoch');
  if (known !== null) return known;
  const epoch = String((Math.floor(at / 60_000) % 900) + 100);
  store.values.set('lpn.epoch', epoch);
  return epoch;
}

/** A job that has not been tried, in the parcel's own lane. Its request id is made here, long before the first byte leaves. */
export function newJob(ids: Ids, planned: PlannedJob, facts: ParcelFacts, laneSeq: number, at: number): Job {
  return {
    id: ids.next(),
    lane: facts.parcelId,
    laneSeq,
    vendor: planned.vendor,
    operation: planned.operation,
    effect: planned.effect,
    facts,
    requestId: ids.next(),
    state: 'ready',
    attempts: 0,
    notBefore: at,
    heldBy: planned.heldBy,
    createdAt: at,
    sentAt: null,
    firstSentAt: null,
    lastError: null,
    result: null,
  };
}

/** Seals inside the caller's transaction and returns the parcel. */
export function sealParcel(store: Store, ids: Ids, input: SealInput): ParcelRecord {
  const { order, tareG = 0 } = input;
  const parcelId = ids.next();
  const number = store.values.increment('lpn');
  const lpn = `LPN-${input.deskId}-${numberEpoch(store, input.at)}${String(number).padStart(6, '0')}`;
  // The instant keeps references apart even after a desk lost its database and counts from one again: a reference
  // used twice would make a carrier hand out another parcel's waybill. At most 32 characters.
  const reference =
    `PB${input.deskId}${input.at.toString(36)}${(number % 46_656).toString(36).padStart(3, '0')}`.toUpperCase();
  const facts: ParcelFacts = {
    parcelId,
    orderNumber: order.number,
    reference,
    receiver: order.receiver,
    service: input.service,
    weightG: input.weightG,
    lengthMm: input.size?.lengthMm ?? null,
    widthMm: input.size?.widthMm ?? null,
    heightMm: input.size?.heightMm ?? null,
    items: order.lines.map((line) => ({
      code: line.productCode,
      name: line.productName,
      quantity: trimQuantity(line.quantity),
      unitName: line.unitName,
      price: line.price,
      gift: line.gift,
    })),
    remark: order.remark,
  };
  const parcel = {
    id: parcelId,
    orderId: order.id,
    reference,
    vendor: input.vendor,
    service: input.service,
    facts,
    weightG: input.weightG,
    tareG,
    weightFrames: input.weightFrames,
    lpn,
    sealedAt: input.at,
  };
  store.parcels.insert(parcel);
  input.jobs.forEach((planned, index) => {
    const { operation, vendor } = planned;
    const job = newJob(ids, planned, facts, (index + 1) * laneStep, input.at);
    if (isReport(operation)) {
      store.jobs.insertOnce({ ...job, lane: reportLane(parcelId, vendor), laneSeq: reportPlaces[operation] });
    } else store.jobs.insert(job);
  });
  store.orders.setStatus(order.id, 'sealed');
  store.events.append(
    'parcel-sealed',
    { orderId: order.id, parcelId },
    {
      weightG: input.weightG,
      ...(tareG === 0 ? {} : { tareG, grossG: input.weightG + tareG }),
      ...(input.expected == null ? {} : { fromG: input.expected.fromG, toG: input.expected.toG }),
      ...input.size,
      frames: input.weightFrames,
      lpn,
      reference,
      vendor: input.vendor,
      service: input.service,
      ...(input.overrideReason === '' ? {} : { overrideReason: input.overrideReason }),
    },
  );
  return { ...parcel, waybill: null, artworkSha256: null, labelHeld: null, verifiedAt: null, rackedAt: null };
}
