/** A scan at the empty desk: opens a waiting order, or brings a sealed parcel back. */
import { ssccOf } from '../domain/gs1.ts';
import { sameParcel } from '../domain/scan.ts';
import type { OrderRecord, ParcelRecord, Store } from '../store/store.ts';
import { no, notice, yes, type Answer } from './answer.ts';
import { hasStoppedLabelJob, labelInHand, type DeskContext } from './desk-context.ts';
import type { LabelFlow } from './label-flow.ts';
import { restate } from './restate.ts';
import { verifyLabel } from './scan-back.ts';
import { latestPrint } from './snapshot.ts';

export function scanAtEmptyDesk(desk: DeskContext, labels: LabelFlow, code: string): Answer {
  const { store } = desk;
  // Typed by hand, letters often come small; numbers of orders and waybills are capitals almost everywhere.
  const upper = code.toUpperCase();
  const parcel =
    store.parcels.findByLpn(upper) ??
    store.parcels.findByWaybill(code) ??
    store.parcels.findByWaybill(upper) ??
    findBySscc(store, code);
  if (parcel !== null) return openParcel(desk, labels, parcel, code);
  const order = store.orders.findByNumber(code) ?? store.orders.findByNumber(upper);
  if (order === null) {
    return upper.startsWith('LPN-')
      ? no(notice('scan.lpn-unknown', 'stop', { lpn: code }))
      : no(notice('scan.order-unknown', 'stop', { code }));
  }
  const { number } = order;
  switch (order.status) {
    case 'cancelled':
      return no(notice('scan.order-cancelled', 'stop', { number }), 'stop');
    case 'shipped':
      return no(notice('scan.order-shipped', 'stop', { number }), 'stop');
    case 'sealed':
    case 'rack':
    case 'labelled':
    case 'attention':
    case 'waiting':
    case 'packing': {
      const sealed = store.parcels.listByOrder(order.id).at(-1);
      return sealed === undefined ? openOrder(desk, order) : openParcel(desk, labels, sealed, number);
    }
  }
}

/** A carrier's label may hold its number as an SSCC: with the application identifier 00 before it, or without. */
function findBySscc(store: Store, code: string): ParcelRecord | null {
  const sscc = ssccOf(code);
  return sscc === null ? null : (store.parcels.findByWaybill(sscc) ?? store.parcels.findByWaybill(`00${sscc}`));
}

function openOrder(desk: DeskContext, order: OrderRecord): Answer {
  const { store } = desk;
  const { number } = order;
  if (order.upstream === 'held') {
    return no(notice('scan.order-held', 'stop', { number, status: order.vendorStatus }), 'stop');
  }
  if (order.upstream !== 'waiting') return no(notice('scan.order-cancelled', 'stop', { number }), 'stop');
  if (order.lines.length === 0) {
    return no(notice('order.refused', 'stop', { number, reason: 'the order has no lines' }), 'stop');
  }
  store.transaction(() => {
    store.orders.setStatus(order.id, 'packing');
    store.events.append('order-opened', { orderId: order.id }, { desk: desk.deskId });
    desk.keep({ orderId: order.id, orderVersion: order.version, parcelId: null, scans: [] });
  });
  desk.weigher.parcelOpened(order.id);
  return yes(notice('scan.order-opened', 'ok', { number }), 'order-open');
}

/** A sealed parcel comes back to the desk: from the rack, or because its label was left unscanned. */
function openParcel(desk: DeskContext, labels: LabelFlow, parcel: ParcelRecord, code: string): Answer {
  const { store } = desk;
  const order = store.orders.get(parcel.orderId);
  if (order === null) return no(notice('scan.order-unknown', 'stop', { code }));
  if (parcel.verifiedAt !== null) {
    return no(notice('scan.order-shipped', 'stop', { number: order.number }), 'stop');
  }
  const carrier = latestPrint(store.prints.listByParcel(parcel.id), 'carrier');
  const out = carrier?.state === 'printed' || carrier?.state === 'unknown';
  if (out && parcel.waybill !== null && sameParcel(code, parcel.waybill)) {
    verifyLabel(desk, parcel, order);
    return yes(notice('scan.label-ok', 'ok', { waybill: parcel.waybill }), 'done');
  }
  const settleable = hasStoppedLabelJob(store, parcel) || parcel.labelHeld !== null;
  if (!out && !labelInHand(desk, parcel.id) && !settleable) {
    return no(notice('scan.lpn-not-ready', 'warn', { lpn: parcel.lpn }));
  }
  store.transaction(() => {
    store.parcels.setRacked(parcel.id, null);
    restate(store, parcel.id);
    store.events.append('parcel-reopened', { orderId: order.id, parcelId: parcel.id }, { by: code });
    desk.keep({ orderId: order.id, orderVersion: order.version, parcelId: parcel.id, scans: [] });
  });
  if (!out) labels.printCarrierIfReady(true);
  return yes(notice('scan.lpn-printing', 'ok', { lpn: parcel.lpn, waybill: parcel.waybill ?? '' }), 'order-open');
}
