/** Brings an order's status in line with its parcel's records. */
import { sealedStatus } from '../domain/order-status.ts';
import type { Store } from '../store/store.ts';
import { hasStoppedLabelJob } from './desk-context.ts';
import { latestPrint } from './snapshot.ts';

/** Writes only if the status changed. Inside the caller's transaction if there is one. */
export function restate(store: Store, parcelId: string): void {
  const parcel = store.parcels.get(parcelId);
  if (parcel === null) return;
  const carrier = latestPrint(store.prints.listByParcel(parcelId), 'carrier');
  const status = sealedStatus({
    verified: parcel.verifiedAt !== null,
    labelOut: carrier?.state === 'printed' || carrier?.state === 'unknown',
    stopped: parcel.labelHeld !== null || hasStoppedLabelJob(store, parcel),
    racked: parcel.rackedAt !== null,
  });
  if (store.orders.get(parcel.orderId)?.status !== status) store.orders.setStatus(parcel.orderId, status);
}
