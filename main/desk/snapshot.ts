/** The pack screen's picture, built from the records. */
import type {
  Notice,
  OrderLine,
  OrderRow,
  PackSnapshot,
  ParcelView,
  ScanFeedback,
} from '../../preload/contract/index.ts';
import { scansByLine, scansNeeded, trimQuantity, type Scans } from '../domain/packing.ts';
import { labelOperations } from '../domain/lanes.ts';
import { placeOfAddress } from '../domain/chinese-address.ts';
import { vendorQuestion } from '../domain/vendor-question.ts';
import { stageOf, type StageFacts, type StageView } from '../domain/stage.ts';
import type { Job, ParcelJob } from '../domain/job.ts';
import type { OrderRecord, ParcelPrint, ParcelRecord, Store } from '../store/store.ts';
import type { OpenWork } from './open-work.ts';

export interface DeskFacts {
  readonly order: OrderRecord | null;
  readonly parcel: ParcelRecord | null;
  readonly jobs: readonly ParcelJob[];
  readonly prints: readonly ParcelPrint[];
  readonly scans: Scans;
  /** The job of which the packer said that the vendor did it; its number is waited for. */
  readonly adopting?: string | null;
  /** Why the weight on the scale cannot be this parcel's goods; null if it can. */
  readonly refusedWeight?: Notice | null;
}

/** Reads everything about the order on the desk. */
export function readDeskFacts(store: Store, work: OpenWork | null): DeskFacts {
  if (work === null) return { order: null, parcel: null, jobs: [], prints: [], scans: [] };
  const parcel = work.parcelId === null ? null : store.parcels.get(work.parcelId);
  return {
    order: store.orders.get(work.orderId),
    parcel,
    jobs: parcel === null ? [] : store.jobs.listByParcel(parcel.id),
    prints: parcel === null ? [] : store.prints.listByParcel(parcel.id),
    scans: work.scans,
  };
}

/** How a vendor is called on the screen of this desk. */
export type VendorName = (id: string) => string;

export function stageFacts(facts: DeskFacts, nameOf: VendorName): StageFacts {
  const { order, parcel, jobs, prints, scans } = facts;
  const counts = scansByLine(scans);
  const itemsLeft = (order?.lines ?? []).reduce(
    (sum, line) => sum + Math.max(0, scansNeeded(line.quantity) - (counts.get(line.id) ?? 0)),
    0,
  );
  const stopped = jobs.find(
    (job) => (job.state === 'rejected' || job.state === 'dead') && labelOperations.has(job.operation),
  );
  return {
    order: order === null ? null : { number: order.number },
    withdrawn: order !== null && order.upstream !== 'waiting',
    itemsLeft,
    parcel:
      parcel === null
        ? null
        : {
            lpn: parcel.lpn,
            waybill: parcel.waybill,
            carrier: nameOf(parcel.vendor),
            labelHeld: parcel.labelHeld,
            verified: parcel.verifiedAt !== null,
          },
    stoppedJob:
      stopped === undefined
        ? null
        : {
            vendor: nameOf(stopped.vendor),
            operation: stopped.operation,
            state: stopped.state === 'rejected' ? 'rejected' : 'dead',
            code: stopped.lastError?.code ?? '',
            message: stopped.lastError?.message ?? '',
            question: vendorQuestion(stopped, nameOf(stopped.vendor)),
          },
    refusedWeight: facts.refusedWeight,
    wantsWaybill: stopped !== undefined && facts.adopting === stopped.id,
    carrierPrint: latestPrint(prints, 'carrier'),
    lpnPrint: latestPrint(prints, 'lpn'),
  };
}

export function latestPrint(prints: readonly ParcelPrint[], kind: ParcelPrint['kind']): ParcelPrint | null {
  return prints.findLast((print) => print.kind === kind) ?? null;
}

/** Joins facts, stage and the last answer into the snapshot of the `pack` topic. */
export function packSnapshot(
  facts: DeskFacts,
  view: StageView,
  last: ScanFeedback | null,
  nameOf: VendorName,
): PackSnapshot {
  const { order, parcel } = facts;
  const idle = order === null || view.stage === 'idle';
  return {
    stage: view.stage,
    order: idle ? null : orderRow(order, parcel),
    remark: idle ? '' : order.remark,
    lines: idle ? [] : orderLines(order, facts.scans, parcel !== null),
    parcel: idle || parcel === null ? null : parcelView(parcel, facts.jobs, facts.prints, nameOf),
    labelKind: view.labelKind,
    expects: view.expects,
    next: view.next,
    last,
    prompt: withAddress(view.prompt, parcel),
  };
}

/** The question about an address shows it in its parts, as far as they are known. */
function withAddress(prompt: PackSnapshot['prompt'], parcel: ParcelRecord | null): PackSnapshot['prompt'] {
  if (prompt?.kind !== 'address-unsure' || parcel === null) return prompt;
  const { receiver } = parcel.facts;
  const { province, city, county, rest } = placeOfAddress(receiver);
  const text = [receiver.state, receiver.city, receiver.county, receiver.line1, receiver.line2];
  const whole = text.filter((part) => part !== undefined && part !== '').join(' ');
  return { ...prompt, address: { state: province, city, county, line1: rest, whole } };
}

export function orderLines(order: OrderRecord, scans: Scans, sealed: boolean): OrderLine[] {
  const counts = scansByLine(scans);
  return order.lines.map((line) => {
    const needed = scansNeeded(line.quantity);
    return {
      id: line.id,
      productCode: line.productCode,
      productName: line.productName,
      unitName: line.unitName,
      quantity: trimQuantity(line.quantity),
      scansNeeded: needed,
      scansDone: sealed ? needed : Math.min(needed, counts.get(line.id) ?? 0),
      gift: line.gift,
      baseQuantity: line.baseQuantity === null ? null : trimQuantity(line.baseQuantity),
      baseUnitName: line.baseUnitName,
      remark: line.remark,
    };
  });
}

export function orderRow(order: OrderRecord, parcel: ParcelRecord | null): OrderRow {
  const { receiver } = order;
  return {
    id: order.id,
    number: order.number,
    vendor: order.vendor,
    status: order.status,
    customerName: order.customerName,
    receiverName: receiver.name,
    receiverAddress: [
      receiver.line1,
      receiver.line2,
      receiver.county ?? '',
      receiver.city,
      receiver.state,
      receiver.postcode,
    ]
      .filter((part) => part !== '')
      .join(', '),
    country: receiver.country,
    lineCount: order.lines.length,
    hasGift: order.lines.some((line) => line.gift),
    dueDate: order.dueDate,
    orderedAt: order.orderedAt,
    waybill: parcel?.waybill ?? null,
    lpn: parcel?.lpn ?? null,
  };
}

export function parcelView(
  parcel: ParcelRecord,
  jobs: readonly Job[],
  prints: readonly ParcelPrint[],
  nameOf: VendorName,
): ParcelView {
  const upload = jobs.find((job) => job.operation === 'uploadTracking' && job.state === 'done');
  return {
    id: parcel.id,
    weightG: parcel.weightG,
    ...(parcel.tareG === undefined || parcel.tareG === 0 ? {} : { tareG: parcel.tareG }),
    size: sizeView(parcel),
    waybill: parcel.waybill,
    lpn: parcel.lpn,
    carrier: nameOf(parcel.vendor),
    service: parcel.service,
    sealedAt: parcel.sealedAt,
    labelPrint: latestPrint(prints, 'carrier')?.state ?? null,
    lpnPrint: latestPrint(prints, 'lpn')?.state ?? null,
    verifiedAt: parcel.verifiedAt,
    trackingUploadedAt: upload?.sentAt ?? null,
  };
}

function sizeView({ facts }: ParcelRecord): NonNullable<ParcelView['size']> | null {
  const { lengthMm, widthMm, heightMm } = facts;
  return lengthMm === null || widthMm === null || heightMm === null ? null : { lengthMm, widthMm, heightMm };
}

/** The stage of the order on the desk; names matter only to what is shown. */
export function readStage(facts: DeskFacts, nameOf: VendorName = (id) => id): StageView {
  return stageOf(stageFacts(facts, nameOf));
}
