/** What the parts of the bagging place share: the ports, and what the packer is doing right now. */
import type { BagMode, Notice } from '../../../preload/contract/index.ts';
import type { BagRoute } from '../../domain/bag.ts';
import type { BagMismatch } from '../../domain/bag-weight.ts';
import type { EffectClass } from '../../domain/job.ts';
import type { DocumentOperation } from '../../domain/shipping.ts';
import type { Clock, Ids, Log } from '../../ports.ts';
import type { BagLimitsProfile } from '../../profile/profile.ts';
import type { BagParcel, BagRecord } from '../../store/bags.ts';
import type { ParcelRecord, Store } from '../../store/store.ts';
import type { LoadWeigher } from '../desk-context.ts';
import type { People } from '../people.ts';
import type { Printing } from '../printing.ts';
import type { VendorAnswers } from '../vendor-answers.ts';

export interface BagOptions {
  readonly deskId: string;
  readonly limits: BagLimitsProfile;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly people: People;
  readonly weigher: LoadWeigher;
  readonly printing: Pick<Printing, 'requestBag' | 'latestOfBag' | 'nextCopyOfBag' | 'settle' | 'withdraw' | 'goOn'>;
  readonly answers: VendorAnswers;
  /** How a vendor is called on this desk's screen. */
  vendorName(id: string): string;
  /** True if this vendor ships. */
  isCarrier(id: string): boolean;
  /** What this carrier can be told of big bags. Empty: a bag is ours alone, and so is its label. */
  effects(vendor: string): Partial<Record<DocumentOperation, EffectClass>>;
  /** Tells the outbox that new work may be there. */
  poke(): void;
  redrive(jobId: string): void;
  resumePrinter(): void;
  /** Why nothing new may be begun at this desk, or null. */
  refusal(): Notice | null;
}

/** A scan that can be taken back. */
export interface BagStep {
  readonly parcelId: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface Mismatch {
  readonly bagId: string;
  readonly expectedG: number;
  /** Null: there is no scale to weigh it on. */
  readonly foundG: number | null;
  readonly differenceG: number;
  readonly toleranceG: number;
  readonly mismatch: BagMismatch | null;
}

/** A bag counted down: what was found, and what was not yet, in the order of the bag. */
export interface Recount {
  readonly bagId: string;
  readonly counted: Set<string>;
  readonly missing: Map<string, BagParcel>;
}

/** Of this run of the station; a restart begins with none of it. Everything that was accepted is in the database. */
export interface BagSession {
  mode: BagMode;
  chosenId: string | null;
  /** A bag scanned for the next parcel. */
  into: string | null;
  /** The parcel that was refused last for want of a bag, for which one can be opened. */
  refused: { readonly parcelId: string; readonly route: BagRoute } | null;
  /** Newest last. */
  readonly steps: BagStep[];
  mismatch: Mismatch | null;
  recount: Recount | null;
  /** The job whose number is waited for. */
  adopting: string | null;
}

export interface BagContext extends BagOptions {
  readonly session: BagSession;
  /** Appends to the record, with the scan behind it. */
  record(kind: string, about: { parcelId?: string; orderId?: string }, detail: Record<string, unknown>): void;
  /** What is shown of this bag has changed. */
  changed(bagId: string): void;
}

/** What the label's barcode says: the carrier's number if it gave one. */
export function labelNumber(bag: Pick<BagRecord, 'number' | 'vendorBagNumber'>): string {
  return bag.vendorBagNumber ?? bag.number;
}

export function routeOf(parcel: ParcelRecord): BagRoute {
  return { vendor: parcel.vendor, service: parcel.service, destination: parcel.facts.receiver.country };
}

/** What a packer reads on a parcel: its waybill, or the number of its rack label. */
export function parcelNumber(parcel: Pick<ParcelRecord, 'waybill' | 'lpn'>): string {
  return parcel.waybill ?? parcel.lpn;
}
