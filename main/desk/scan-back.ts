/** Scanning the printed label on the parcel: proves that it came out, that it reads, and that it is on this box. */
import { sameCode, sameParcel } from '../domain/scan.ts';
import type { OrderRecord, ParcelRecord, ParcelPrintKind } from '../store/store.ts';
import { no, notice, notNow, yes, type Answer } from './answer.ts';
import { labelInHand, type DeskContext } from './desk-context.ts';
import type { LabelFlow } from './label-flow.ts';
import { restate } from './restate.ts';
import { labelVerified } from './sealing.ts';
import { latestPrint } from './snapshot.ts';

export function scanBack(desk: DeskContext, labels: LabelFlow, code: string, kind: ParcelPrintKind): Answer {
  const { parcel, order } = desk.facts();
  if (parcel === null || order === null) return notNow(code);
  return kind === 'lpn'
    ? scanRackLabel(desk, labels, parcel, order, code)
    : scanCarrierLabel(desk, parcel, order, code);
}

function scanRackLabel(
  desk: DeskContext,
  labels: LabelFlow,
  parcel: ParcelRecord,
  order: OrderRecord,
  code: string,
): Answer {
  const { store } = desk;
  const { lpn } = parcel;
  if (!sameCode(code, lpn)) return no(notice('scan.label-wrong', 'stop', { code, waybill: lpn }), 'stop');
  settleByScan(desk, parcel.id, 'lpn');
  if (labelInHand(desk, parcel.id)) {
    labels.printCarrierIfReady(true);
    return yes(notice('scan.lpn-printing', 'ok', { lpn, waybill: parcel.waybill ?? '' }), 'order-open');
  }
  store.transaction(() => {
    store.parcels.setRacked(parcel.id, desk.clock.now());
    restate(store, parcel.id);
    store.events.append('parcel-racked', { orderId: order.id, parcelId: parcel.id }, { lpn });
    desk.keep(null);
    desk.failpoint?.('rack.before-commit');
  });
  desk.failpoint?.('rack.after-commit');
  return yes(notice('scan.lpn-ok', 'ok', { lpn }), 'done');
}

function scanCarrierLabel(desk: DeskContext, parcel: ParcelRecord, order: OrderRecord, code: string): Answer {
  if (parcel.waybill === null || !sameParcel(code, parcel.waybill)) {
    desk.store.events.append('label-refused', { orderId: order.id, parcelId: parcel.id }, { code });
    return no(notice('scan.label-wrong', 'stop', { code, waybill: parcel.waybill ?? '' }), 'stop');
  }
  verifyLabel(desk, parcel, order);
  return yes(notice('scan.label-ok', 'ok', { waybill: parcel.waybill }), 'done');
}

/** Writes down that the carrier's label was read off the parcel, and lets the upload go. */
export function verifyLabel(desk: DeskContext, parcel: ParcelRecord, order: OrderRecord): void {
  const { store } = desk;
  settleByScan(desk, parcel.id, 'carrier');
  store.transaction(() => {
    store.parcels.setVerified(parcel.id, desk.clock.now());
    store.parcels.setRacked(parcel.id, null);
    restate(store, parcel.id);
    store.jobs.release(parcel.id, labelVerified);
    desk.follow(parcel.id, parcel.vendor);
    store.events.append('label-verified', { orderId: order.id, parcelId: parcel.id }, { waybill: parcel.waybill });
    if (desk.work()?.parcelId === parcel.id) desk.keep(null);
    desk.failpoint?.('scan-back.before-commit');
  });
  desk.failpoint?.('scan-back.after-commit');
  desk.stock.forget(parcel.id);
  desk.poke();
}

/** A label that was scanned came out: an unknown print is settled. */
export function settleByScan(desk: DeskContext, parcelId: string, kind: ParcelPrintKind): void {
  const print = latestPrint(desk.store.prints.listByParcel(parcelId), kind);
  if (print?.state !== 'unknown') return;
  desk.printing.settle(print.id, { state: 'printed', message: 'scanned', detail: { by: 'scan' } });
  desk.resumePrinter();
}
