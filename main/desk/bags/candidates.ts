/** What the rules need to know of a scanned parcel, read from the records. */
import type { BagCandidate } from '../../domain/bag.ts';
import type { BagRecord } from '../../store/bags.ts';
import type { ParcelRecord, Store } from '../../store/store.ts';
import { labelStepsDone } from '../desk-context.ts';
import { routeOf } from './bag-context.ts';

export function candidateOf(store: Store, parcel: ParcelRecord): BagCandidate {
  const place = store.bags.placeOf(parcel.id);
  return {
    parcelId: parcel.id,
    weightG: parcel.weightG,
    route: routeOf(parcel),
    labelled: parcel.verifiedAt !== null,
    accepted: labelStepsDone(store, parcel.id),
    voided: isVoid(store, parcel),
    handedOver: place?.handedOverAt != null,
    bagId: place?.bagId ?? null,
  };
}

/** Upstream took the order back, or it was cancelled at the carrier. `closed` upstream is what shipping makes of it. */
function isVoid(store: Store, parcel: ParcelRecord): boolean {
  const upstream = store.orders.get(parcel.orderId)?.upstream;
  if (upstream === 'cancelled' || upstream === 'deleted') return true;
  return store.jobs.listByLane(parcel.id).some((job) => job.operation === 'cancel' && job.state === 'done');
}

/** The open bags, and the one the parcel is in. */
export function bagsFor(store: Store, candidate: BagCandidate): BagRecord[] {
  const open = store.bags.listOpen();
  const { bagId } = candidate;
  if (bagId === null || open.some((bag) => bag.id === bagId)) return open;
  const inside = store.bags.get(bagId);
  return inside === null ? open : [...open, inside];
}

/** By rack label, waybill or our reference; letters may have come small. */
export function findParcel(store: Store, code: string): ParcelRecord | null {
  const upper = code.toUpperCase();
  return (
    store.parcels.findByLpn(upper) ??
    store.parcels.findByWaybill(code) ??
    store.parcels.findByWaybill(upper) ??
    store.parcels.findByReference(upper)
  );
}
