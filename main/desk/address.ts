/** A person corrects an address that the carrier's interface needs in parts and nobody could split for sure. */
import { ContractError, type CallRequest } from '../../preload/contract/index.ts';
import { withChinesePlace } from '../domain/chinese-address.ts';
import type { ParcelRecord, Store } from '../store/store.ts';

export type AddressCorrection = CallRequest<'orders.correctAddress'>;

/**
 * Gives the parcel and all its jobs that have had no effect the corrected address, on the record with the one before.
 * Returns the refused job to be tried again. Throws ContractError `refused` unless the carrier refused the order: an
 * address that may be on a label already is not changed behind it.
 */
export function correctAddress(
  store: Store,
  { orderId, state, city, county, line1 }: AddressCorrection,
): { readonly parcel: ParcelRecord; readonly jobId: string } {
  const parcel = store.parcels.listByOrder(orderId).at(-1);
  if (parcel === undefined) throw new ContractError('not-found', `order ${orderId} has no sealed parcel`);
  const refused = store.jobs
    .listByLane(parcel.id)
    .find((job) => job.operation === 'placeOrder' && job.state === 'rejected' && job.doubt !== true);
  if (refused === undefined) {
    throw new ContractError('refused', 'the address can be corrected only while the carrier refuses the order');
  }
  const before = parcel.facts.receiver;
  const receiver = withChinesePlace(before, { province: state, city, county, rest: line1 });
  const facts = { ...parcel.facts, receiver };
  store.transaction(() => {
    store.parcels.setFacts(parcel.id, facts);
    store.jobs.setFacts(parcel.id, facts);
    store.orders.setReceiver(orderId, receiver);
    const about = { orderId, parcelId: parcel.id };
    store.events.append('address-corrected', about, { before: partsOf(before), after: partsOf(receiver) });
  });
  return { parcel: { ...parcel, facts }, jobId: refused.id };
}

function partsOf(address: ParcelRecord['facts']['receiver']): Record<string, string> {
  const { state, city, county = '', line1, line2 } = address;
  return { state, city, county, line1, line2 };
}
