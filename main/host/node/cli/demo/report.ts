/**
 * What a shift came to. Effects at vendors are counted on the vendors' side where the vendors are virtual, and from
 * our own ledger where they are real. A label counts as verified only if an independent reader found the waybill on
 * the picture of what was printed.
 */
import type { AttentionItem } from '../../../../../preload/contract/index.ts';
import type { Job } from '../../../../domain/job.ts';
import type { DocumentOperation } from '../../../../domain/shipping.ts';
import type { VirtualParts } from '../../../../station/training-room.ts';
import type { ParcelRecord, PrintRecord, Store } from '../../../../store/store.ts';
import type { SeenLabel } from './hands.ts';
import type { ShiftResult } from './shift.ts';

export interface DemoItem {
  readonly orderNumber: string;
  readonly status: string;
  readonly lpn: string;
  readonly waybill: string | null;
  readonly weightG: number;
  readonly labelsPrinted: number;
  readonly labelVerified: boolean;
  readonly trackingUploaded: boolean;
  /** The label number of the bag it is in, or null. */
  readonly bag: string | null;
  readonly handedOver: boolean;
  /** Why a person is needed, or null. */
  readonly needsPerson: string | null;
}

export interface DemoReport {
  readonly ordersPulled: number;
  readonly parcelsSealed: number;
  readonly vendorOrders: number;
  readonly labelsPrinted: number;
  readonly labelsVerified: number;
  readonly trackingUploaded: number;
  /** Told to a carrier, those voided since included. */
  readonly bagsCreated: number;
  /** Voided at a carrier. */
  readonly bagsVoided: number;
  readonly bagLabelsPrinted: number;
  readonly scanForms: number;
  readonly manifests: number;
  readonly needsPerson: number;
  /** Orders, uploads, bags and documents a vendor did twice, and labels that came out twice without a REPRINT mark. */
  readonly duplicates: number;
  readonly lost: number;
  readonly offlineMs: number;
  readonly elapsedMs: number;
  readonly items: readonly DemoItem[];
}

const mostBags = 5_000;

export function makeReport(input: {
  store: Store;
  virtual: VirtualParts;
  /** Ids of the vendors that are virtual: their effects are counted on their side, the others' from our ledger. */
  virtualVendors: ReadonlySet<string>;
  labels: readonly SeenLabel[];
  attention: readonly AttentionItem[];
  shift: ShiftResult;
  elapsedMs: number;
}): DemoReport {
  const { store, virtual, shift } = input;
  const parcels = allParcels(store);
  const lanes = new Map(parcels.map((parcel) => [parcel.id, store.jobs.listByParcel(parcel.id)]));
  const items = parcels.map((parcel) => describe(input, parcel, lanes.get(parcel.id) ?? []));
  const doneAtReal = (operation: Job['operation']): number =>
    [...lanes.values()]
      .flat()
      .filter((job) => job.operation === operation && job.state === 'done' && !input.virtualVendors.has(job.vendor))
      .length;
  const bags = store.bags.listRecent(mostBags);
  const bagCopies = bags.map((bag) => {
    const prints = store.prints.listByBag(bag.id).filter((print) => print.kind === 'bag');
    const seen = input.labels.filter((label) => prints.some((print) => print.id === label.printId));
    return unmarkedCopies(prints, seen, virtual.printer !== null);
  });
  const documentLanes = [
    ...bags.map((bag) => `bag:${bag.id}`),
    ...store.handovers.listRecent(mostBags).map((document) => `handover:${document.id}`),
  ].flatMap((lane) => store.jobs.listByLane(lane));
  const toldReal = (operation: DocumentOperation): number =>
    documentLanes.filter(
      (job) => job.operation === operation && hadEffect(job) && !input.virtualVendors.has(job.vendor),
    ).length;
  const effects = virtual.vendors?.effects() ?? null;
  const counts = Object.values(store.orders.counts());
  const waitingForPerson = new Set([
    ...items.filter((item) => item.needsPerson !== null).map((item) => item.orderNumber),
    ...input.attention.map((item) => item.orderNumber ?? item.bagNumber ?? item.id),
    ...shift.left.map((each) => each.orderNumber),
  ]);
  const finished = (item: DemoItem): boolean => item.waybill !== null && item.labelVerified && item.trackingUploaded;
  return {
    ordersPulled: counts.reduce((sum, count) => sum + count, 0),
    parcelsSealed: parcels.length,
    vendorOrders: (effects?.vendorOrders ?? 0) + doneAtReal('placeOrder'),
    labelsPrinted: items.filter((item) => item.labelsPrinted > 0).length,
    labelsVerified: items.filter((item) => item.labelVerified).length,
    trackingUploaded: (effects?.trackingUploads ?? 0) + doneAtReal('uploadTracking'),
    bagsCreated: (effects?.bags ?? 0) + toldReal('createBag'),
    bagsVoided: (effects?.bagsVoided ?? 0) + toldReal('voidBag'),
    bagLabelsPrinted: bagCopies.filter((copies) => copies > 0).length,
    scanForms: (effects?.scanForms ?? 0) + toldReal('scanForm'),
    manifests: (effects?.manifests ?? 0) + toldReal('manifest'),
    needsPerson: waitingForPerson.size,
    duplicates:
      (effects?.duplicateVendorOrders ?? 0) +
      (effects?.duplicateUploads ?? 0) +
      (effects?.duplicateBags ?? 0) +
      (effects?.duplicateDocuments ?? 0) +
      bagCopies.reduce((sum, copies) => sum + Math.max(0, copies - 1), 0) +
      items.reduce((sum, item) => sum + Math.max(0, item.labelsPrinted - 1), 0),
    lost: items.filter((item) => !finished(item) && !waitingForPerson.has(item.orderNumber)).length,
    offlineMs: shift.offlineMs,
    elapsedMs: Math.round(input.elapsedMs),
    items,
  };
}

function describe(input: Parameters<typeof makeReport>[0], parcel: ParcelRecord, jobs: readonly Job[]): DemoItem {
  const { store, virtual } = input;
  const order = store.orders.get(parcel.orderId);
  const place = store.bags.placeOf(parcel.id);
  const bag = place?.bagId == null ? null : store.bags.get(place.bagId);
  const prints = store.prints.listByParcel(parcel.id).filter((print) => print.kind === 'carrier');
  const seen = input.labels.filter((label) => prints.some((print) => print.id === label.printId));
  const stopped = jobs.find((job) => job.state === 'rejected' || job.state === 'dead');
  const why =
    stopped !== undefined
      ? `${stopped.vendor} ${stopped.operation}: ${stopped.lastError?.message ?? stopped.state}`
      : (parcel.labelHeld ?? (isOpenQuestion(prints.at(-1)) ? 'was the label printed?' : null));
  return {
    orderNumber: parcel.facts.orderNumber,
    status: order?.status ?? 'unknown',
    lpn: parcel.lpn,
    waybill: parcel.waybill,
    weightG: parcel.weightG,
    labelsPrinted: unmarkedCopies(prints, seen, virtual.printer !== null),
    labelVerified: parcel.waybill !== null && seen.some((label) => label.codes.includes(parcel.waybill ?? '')),
    trackingUploaded: jobs.some((job) => job.operation === 'uploadTracking' && job.state === 'done'),
    bag: bag === null ? null : (bag.vendorBagNumber ?? bag.number),
    handedOver: place?.handedOverAt != null,
    needsPerson: parcel.verifiedAt === null ? why : stopped === undefined ? null : why,
  };
}

/** Done at the vendor; a job that was given up ends `done` too, without an effect. */
function hadEffect(job: Job): boolean {
  return job.state === 'done' && !(typeof job.result === 'object' && job.result !== null && 'givenUp' in job.result);
}

function isOpenQuestion(print: PrintRecord | undefined): boolean {
  return print?.state === 'unknown';
}

/** Labels on paper that carry no REPRINT mark: more than one would be a doubled label. */
function unmarkedCopies(prints: readonly PrintRecord[], seen: readonly SeenLabel[], virtual: boolean): number {
  const unmarked = prints.filter((print) => print.copy === 0);
  // The virtual printer's own record counts what really came out; for a real one our ledger must do.
  if (virtual) return unmarked.filter((print) => seen.some((label) => label.printId === print.id)).length;
  return unmarked.filter((print) => print.state === 'printed' || print.bytesWritten !== 0).length;
}

function allParcels(store: Store): ParcelRecord[] {
  const parcels: ParcelRecord[] = [];
  for (const status of ['sealed', 'rack', 'labelled', 'attention', 'shipped'] as const) {
    for (let offset = 0; ; offset += 500) {
      const { rows } = store.orders.list({ status, search: '', offset, limit: 500 });
      for (const row of rows) parcels.push(...store.parcels.listByOrder(row.id));
      if (rows.length < 500) break;
    }
  }
  return parcels.sort((a, b) => a.sealedAt - b.sealedAt);
}
