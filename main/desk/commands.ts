/** Keys, buttons and command barcodes: all three do the same. */
import { ContractError, type PackCommand } from '../../preload/contract/index.ts';
import { labelOperations } from '../domain/lanes.ts';
import { no, notice, yes, type Answer } from './answer.ts';
import type { DeskContext } from './desk-context.ts';
import type { LabelFlow } from './label-flow.ts';
import { settleByScan } from './scan-back.ts';
import { newJob } from './sealing.ts';
import { latestPrint, readStage, type DeskFacts } from './snapshot.ts';
import { weighAndSeal } from './weigh-and-seal.ts';
import type { OrderRecord, ParcelRecord } from '../store/store.ts';

/** Weights a person with a reason may take all the same; an unstable or unreadable one never. */
const overridable = new Set([
  'weight.too-light',
  'weight.too-heavy',
  'weight.not-changed',
  'weight.unexpected',
  'weight.unexpected-missing',
  'weight.unexpected-extra',
]);

export function runCommand(desk: DeskContext, labels: LabelFlow, command: PackCommand, reason: string): Answer {
  const facts = desk.facts();
  const { order, parcel } = facts;
  const notNow = no(notice('scan.command-not-now', 'warn', { command }));
  if (command === 'sign-off') return desk.people.signOff() ?? notNow;
  if (command === 'tare-stay') return setTare(desk, true);
  if (command === 'tare-clear') return clearTare(desk) ?? notNow;
  if (order === null) return notNow;
  const { stage, labelKind } = readStage(facts);
  const kind = labelKind ?? 'carrier';
  const print = latestPrint(facts.prints, kind);
  switch (command) {
    case 'undo-scan':
      return undoScan(desk, order) ?? notNow;
    case 'skip-scan-back':
      return stage === 'scan-back' ? leaveDesk(desk, labels, order, parcel, command, reason) : notNow;
    case 'release-order':
      return leaveDesk(desk, labels, order, parcel, command, reason);
    case 'override-weight': {
      const { usable, grams, tareG, frames, source, reason: refusal } = desk.judgeWeight();
      if (stage !== 'weigh' || grams === null || grams <= 0 || reason === '') return notNow;
      if (!usable && !overridable.has(refusal?.code ?? '')) return notNow;
      if (!desk.people.mayOverride()) return no(notice('people.supervisor-needed', 'ask', { command }));
      const sealed = weighAndSeal(desk, labels, { grams, tareG, frames, source }, reason);
      if (sealed.accepted) desk.people.overrideUsed();
      return sealed;
    }
    case 'recount-items':
      return recountItems(desk, order) ?? notNow;
    case 'tare':
      return stage === 'items' || stage === 'weigh' ? setTare(desk, false) : notNow;
    case 'label-here':
      if (parcel === null || print?.state !== 'unknown') return notNow;
      settleByScan(desk, parcel.id, kind);
      return yes(notice('print.printed', 'info'), 'item');
    case 'no-label':
      if (parcel === null || print?.state !== 'unknown') return notNow;
      return labels.printAgain(parcel, kind, reason || 'the packer says no label came out', print.id);
    case 'reprint':
      if (parcel === null || (print?.state !== 'printed' && print?.state !== 'unknown')) return notNow;
      // A second label of one parcel is in the world for a reason, and the reason is on record.
      if (reason === '') return no(notice('scan.reason-needed', 'ask', { command }), 'ask');
      return labels.printAgain(parcel, kind, reason, null);
    case 'print-slip':
      if (desk.printSlip === undefined) return notNow;
      desk.printSlip(order.id);
      return yes(notice('slip.under-way', 'info', { number: order.number }), 'item');
    case 'retry':
      if (print?.state === 'claimed' && desk.printing.goOn(print.printerId, reason || 'the packer looked at it')) {
        desk.resumePrinter();
        return yes(notice('printer.goes-on', 'info'), 'item');
      }
      return parcel === null ? notNow : (retry(desk, labels, facts, parcel, reason) ?? notNow);
    case 'vendor-did':
    case 'vendor-did-not':
      return parcel === null ? notNow : (answerVendor(desk, labels, facts, parcel, command, reason) ?? notNow);
  }
}

/** The packer looked at the vendor's own screen, and says what is there. */
function answerVendor(
  desk: DeskContext,
  labels: LabelFlow,
  facts: DeskFacts,
  parcel: ParcelRecord,
  command: 'vendor-did' | 'vendor-did-not',
  reason: string,
): Answer | null {
  const job = facts.jobs.find((each) => labelOperations.has(each.operation) && desk.answers.question(each) !== null);
  const question = job === undefined ? null : desk.answers.question(job);
  if (job === undefined || question === null) return null;
  const { notice: words } = question;
  if (command === 'vendor-did' && question.needsWaybill) {
    desk.adopt(job.id);
    return yes({ ...words, code: 'vendor.enter-number', tone: 'ask' }, 'ask');
  }
  if (command === 'vendor-did') desk.answers.exists(job.id, null, reason);
  else desk.answers.notThere(job.id, reason);
  desk.adopt(null);
  labels.await(parcel);
  return yes(notice('next.wait-label', 'info', { carrier: desk.vendorName(parcel.vendor) }), 'item');
}

/** The number of the order that the vendor has, scanned or typed. Null if none is waited for. */
export function takeVendorNumber(desk: DeskContext, labels: LabelFlow, code: string): Answer | null {
  const { adopting = null, parcel, jobs } = desk.facts();
  if (adopting === null || parcel === null || !jobs.some((job) => job.id === adopting)) return null;
  try {
    desk.answers.exists(adopting, code, '');
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return no(notice('vendor.number-refused', 'stop', { code, reason: error.message }), 'stop');
  }
  desk.adopt(null);
  labels.await(parcel);
  return yes(notice('next.wait-label', 'info', { carrier: desk.vendorName(parcel.vendor) }), 'item');
}

function undoScan(desk: DeskContext, order: OrderRecord): Answer | null {
  const work = desk.work();
  const undone = work?.scans.at(-1);
  const line = order.lines.find((each) => each.id === undone);
  if (work === null || work.parcelId !== null || undone === undefined || line === undefined) return null;
  desk.store.transaction(() => {
    desk.store.events.append('item-undone', { orderId: order.id }, { line: undone });
    desk.keep({ ...work, scans: work.scans.slice(0, -1) });
  });
  return yes(notice('scan.undone', 'info', { name: line.productName }), 'item');
}

/** All goods are counted from the beginning: the weight says that something is missing, or too many. */
function recountItems(desk: DeskContext, order: OrderRecord): Answer | null {
  const work = desk.work();
  if (work === null || work.parcelId !== null || work.scans.length === 0) return null;
  desk.store.transaction(() => {
    desk.store.events.append('items-recounted', { orderId: order.id }, { scans: work.scans.length });
    desk.keep({ ...work, scans: [] });
  });
  return yes(notice('scan.recount', 'info', { number: order.number }), 'item');
}

function setTare(desk: DeskContext, stays: boolean): Answer {
  const given = desk.weigher.tare(stays);
  if ('refusal' in given) return no(given.refusal);
  const { tareG } = given;
  const orderId = desk.work()?.orderId;
  desk.store.events.append('tare-set', orderId === undefined ? {} : { orderId }, { tareG, stays });
  return yes(notice(stays ? 'weight.tare-stays' : 'weight.tare-set', 'info', { tareG }), 'item');
}

function clearTare(desk: DeskContext): Answer | null {
  if (!desk.weigher.clearTare()) return null;
  const orderId = desk.work()?.orderId;
  desk.store.events.append('tare-cleared', orderId === undefined ? {} : { orderId }, {});
  return yes(notice('weight.tare-cleared', 'info'), 'item');
}

/** Before sealing the order goes back to the queue; after it the parcel waits where its records say it stands. */
function leaveDesk(
  desk: DeskContext,
  labels: LabelFlow,
  order: OrderRecord,
  parcel: ParcelRecord | null,
  command: PackCommand,
  reason: string,
): Answer {
  const { store } = desk;
  store.transaction(() => {
    if (parcel === null) {
      store.orders.setStatus(order.id, order.upstream === 'waiting' ? 'waiting' : 'cancelled');
      store.events.append('order-released', { orderId: order.id }, { reason });
    } else {
      store.events.append('parcel-set-aside', { orderId: order.id, parcelId: parcel.id }, { command, reason });
    }
    desk.keep(null);
  });
  if (parcel === null) desk.weigher.parcelClosed();
  labels.cancel();
  return yes(notice('scan.released', 'info', { number: order.number }), 'item');
}

function retry(
  desk: DeskContext,
  labels: LabelFlow,
  facts: DeskFacts,
  parcel: ParcelRecord,
  reason: string,
): Answer | null {
  const about = { orderId: parcel.orderId, parcelId: parcel.id };
  const stops = facts.jobs.filter((job) => job.state === 'rejected' || job.state === 'dead');
  const stopped = stops.find((job) => labelOperations.has(job.operation)) ?? stops[0];
  if (stopped !== undefined) {
    // Only a person can tell whether this one may be sent again; `vendor-did` and `vendor-did-not` are the answers.
    if (stopped.doubt === true && stopped.effect === 'unsafe') return null;
    desk.store.events.append('job-redriven', about, { operation: stopped.operation, reason });
    desk.redrive(stopped.id);
  } else if (parcel.labelHeld !== null) {
    if (redrawLabel(desk, parcel)) {
      labels.printCarrierIfReady(false);
      return yes(notice('next.wait-label', 'info', { carrier: parcel.vendor }), 'item');
    }
    if (!refetchLabel(desk, facts, parcel)) return null;
  } else {
    return null;
  }
  desk.poke();
  labels.await(parcel);
  return yes(notice('next.wait-label', 'info', { carrier: desk.vendorName(parcel.vendor) }), 'item');
}

/** A label of our own is drawn anew; false if the carrier gives labels, or has given no waybill. */
function redrawLabel(desk: DeskContext, parcel: ParcelRecord): boolean {
  const { store } = desk;
  if (!desk.drawsOwnLabel(parcel.vendor) || parcel.waybill === null) return false;
  store.transaction(() => {
    store.parcels.setLabel(parcel.id, { artworkSha256: null, held: null });
    const about = { orderId: parcel.orderId, parcelId: parcel.id };
    store.events.append('label-redrawn', about, { held: parcel.labelHeld });
  });
  desk.stock.forget(parcel.id);
  return true;
}

/** Asks the carrier for the label again: one more `fetchLabel` job right behind the one that gave this artwork. */
function refetchLabel(desk: DeskContext, facts: DeskFacts, parcel: ParcelRecord): boolean {
  const { store, clock } = desk;
  const fetched = facts.jobs.findLast((job) => job.operation === 'fetchLabel');
  if (fetched === undefined) return false;
  store.transaction(() => {
    store.parcels.setLabel(parcel.id, { artworkSha256: null, held: null });
    store.jobs.insert(newJob(desk.ids, { ...fetched, heldBy: null }, parcel.facts, fetched.laneSeq + 1, clock.now()));
    const about = { orderId: parcel.orderId, parcelId: parcel.id };
    store.events.append('label-refetched', about, { held: parcel.labelHeld });
  });
  desk.stock.forget(parcel.id);
  return true;
}
