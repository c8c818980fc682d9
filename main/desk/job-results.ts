/** Keeps what a vendor gave for a parcel, inside the transaction that makes its job `done`. */
import type { Job } from '../domain/job.ts';
import type { ConfirmResult, FetchLabelResult, PlaceOrderResult } from '../domain/shipping.ts';
import type { Store } from '../store/store.ts';

/** The job's result was checked by its vendor's schema before it became `done`. */
export function keepJobResult(store: Store, job: Job): void {
  const parcel = job.facts === null ? null : store.parcels.get(job.facts.parcelId);
  if (parcel === null) return;
  const about = { orderId: parcel.orderId, parcelId: parcel.id };
  const { vendor } = job;
  switch (job.operation) {
    case 'placeOrder': {
      const { waybill, vendorOrderNumber } = job.result as PlaceOrderResult;
      if (waybill !== null) store.parcels.setWaybill(parcel.id, waybill);
      store.events.append('order-placed', about, { vendor, number: vendorOrderNumber, waybill });
      return;
    }
    case 'confirm': {
      const { waybill } = job.result as ConfirmResult;
      if (waybill !== null) store.parcels.setWaybill(parcel.id, waybill);
      store.events.append('order-confirmed', about, { vendor, waybill });
      return;
    }
    case 'fetchLabel': {
      const { waybill, artwork } = job.result as FetchLabelResult;
      store.parcels.setWaybill(parcel.id, waybill);
      const artworkSha256 = store.parcels.putArtwork(artwork);
      store.parcels.setLabel(parcel.id, { artworkSha256, held: null });
      store.events.append('label-fetched', about, { vendor, type: artwork.type, sha256: artworkSha256 });
      return;
    }
    case 'uploadTracking':
      store.events.append('tracking-uploaded', about, { vendor, waybill: parcel.waybill });
      return;
    default:
      store.events.append('vendor-told', about, { vendor, operation: job.operation });
  }
}

/** The artwork has its own place; a job's row keeps the numbers that later jobs need. */
export function withoutArtwork(job: Job): unknown {
  if (job.operation === 'bagLabel') return { kept: 'apart' };
  if (job.operation !== 'fetchLabel') return job.result;
  const { waybill } = job.result as FetchLabelResult;
  return { waybill };
}
