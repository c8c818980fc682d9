/** What the parts of the desk share: the ports, the order on the desk, and the one way to change it. */
import type { Notice } from '../../preload/contract/index.ts';
import type { ParcelSize } from '../domain/dws.ts';
import type { Expectation } from '../domain/expected-weight.ts';
import { labelOperations } from '../domain/lanes.ts';
import type { RouteRule } from '../domain/routing.ts';
import type { Clock, Failpoint, Ids, Log } from '../ports.ts';
import type { ParcelRecord, Store } from '../store/store.ts';
import type { ExpectedWeights } from './expected-weights.ts';
import type { LabelStock } from './label-stock.ts';
import type { OpenWork } from './open-work.ts';
import type { People } from './people.ts';
import type { Printing } from './printing.ts';
import type { PlannedJob } from './sealing.ts';
import type { DeskFacts } from './snapshot.ts';
import type { VendorAnswers } from './vendor-answers.ts';

/** Where a weight comes from, if not from the bench scale. */
export interface WeightSource {
  readonly size: ParcelSize | null;
  /** Inside the sealing transaction: the measurement is this parcel's and no other's. Throws if it is another's. */
  take(orderId: string, parcelId: string): void;
}

/** The weight on the scale as far as the desk needs it. */
export interface Weigher {
  /** The judgement right now. `grams` may be set while `usable` is false. */
  judge(): {
    usable: boolean;
    grams: number | null;
    reason: Notice | null;
    frames: readonly string[];
    /** The container that is taken off; the scale shows `grams` plus this. Absent is 0. */
    tareG?: number | undefined;
    source?: WeightSource | undefined;
  };
  /** The order on the desk; its parcel's weight must not be the one before it. */
  parcelOpened(orderId: string): void;
  /** The order left the desk without its weight being taken. */
  parcelClosed(): void;
  /** Goods were scanned or taken back: a weight from before is not the parcel's. `complete`: all had been scanned. */
  itemsChanged(complete: boolean): void;
  /** What the parcel on the desk should weigh, or null. */
  expect(range: Expectation | null): void;
  /** Takes what lies on the scale as a container. `stays`: also for the parcels after this one. */
  tare(stays: boolean): { readonly tareG: number } | { readonly refusal: Notice };
  /** False if there was no tare, and none was lost. */
  clearTare(): boolean;
  /** Writes the gross weight down for the next start; inside the sealing transaction. */
  rememberWeight(grossG: number): void;
  /** After the commit: this gross weight belongs to that order and to no other. */
  weightTaken(orderId: string, grossG: number): void;
}

/** The same scale, as the bagging place uses it. While a bag is weighed no weight is a parcel's. */
export interface LoadWeigher {
  /** The judgement of the bag that is weighed; never usable if none is. */
  judgeLoad(): { usable: boolean; grams: number | null; reason: Notice | null; frames: readonly string[] };
  /** This bag is to be weighed. */
  loadOpened(bagId: string): void;
  /** The bag is not weighed any more; what lies on the scale stays its weight, not the next parcel's. */
  loadClosed(): void;
  /** Writes the weight down for the next start; inside the closing transaction. */
  rememberWeight(grams: number): void;
}

export interface DeskOptions {
  readonly deskId: string;
  /** The routes in force; they may change while the station runs. */
  routes(): readonly RouteRule[];
  readonly lpnAfterMs: number;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly weigher: Weigher;
  /** What orders should weigh. Absent: not known, and nothing is learned. */
  readonly expectedWeights?: ExpectedWeights | undefined;
  readonly printing: Printing;
  readonly stock: LabelStock;
  /** The jobs a parcel of this carrier causes, or null if the carrier cannot ship. */
  planJobs(vendor: string): readonly PlannedJob[] | null;
  /** True if this carrier gives no label, so that the desk draws its own. */
  drawsOwnLabel(vendor: string): boolean;
  /** How a vendor is called on this desk's screen. */
  vendorName(id: string): string;
  /** True while calls to this vendor are known not to get through. */
  vendorDown(vendor: string): boolean;
  /** The parcel was handed over: it is followed from now on. Inside the transaction that says so. */
  follow(parcelId: string, vendor: string): void;
  /** Tells outbox and tracking that new work may be there. */
  poke(): void;
  /** Puts a stopped job back to `ready`. */
  redrive(jobId: string): void;
  /** Why nothing new may be begun at this desk, or null. Absent is null. */
  readonly refusal?: (() => Notice | null) | undefined;
  /** Starts printing the packing slip of this order; what came of it is told. Absent where nothing can print one. */
  readonly printSlip?: ((orderId: string) => void) | undefined;
  /** What came of a label was settled: a printer paused by two unknown ones may go on. */
  resumePrinter(): void;
  readonly people: People;
  readonly answers: VendorAnswers;
  readonly failpoint?: Failpoint | undefined;
}

export interface DeskContext extends DeskOptions {
  /** The order on the desk, or null. */
  work(): OpenWork | null;
  /** Changes it, in the database and here. Inside a transaction if the change belongs to one. */
  keep(next: OpenWork | null): void;
  facts(): DeskFacts;
  /** The weight for the parcel on the desk, wherever it comes from, judged by what the parcel should weigh too. */
  judgeWeight(): ReturnType<Weigher['judge']>;
  /** What the parcel on the desk should weigh, or null. */
  expectation(): Expectation | null;
  /** The packer said that the vendor did this job: its number comes with the next scan. Null takes it back. */
  adopt(jobId: string | null): void;
  /** Composes the pack screen anew. */
  refresh(): void;
  /** Adds to the record of the order on the desk. */
  record(kind: string, detail: Record<string, unknown>): void;
}

/**
 * The carrier's label of this parcel is here, reads, and may be printed. A label of our own is here once the carrier has
 * done all its steps and given the waybill.
 */
export function labelInHand(desk: Pick<DeskOptions, 'store' | 'drawsOwnLabel'>, parcelId: string): boolean {
  const parcel = desk.store.parcels.get(parcelId);
  if (parcel === null || parcel.waybill === null || parcel.labelHeld !== null) return false;
  if (parcel.artworkSha256 !== null) return true;
  return desk.drawsOwnLabel(parcel.vendor) && labelStepsDone(desk.store, parcelId);
}

/** Every step the label depends on is done. */
export function labelStepsDone(store: Store, parcelId: string): boolean {
  const steps = store.jobs.listByLane(parcelId).filter((job) => labelOperations.has(job.operation));
  return steps.length > 0 && steps.every((job) => job.state === 'done');
}

/** A job the label depends on was refused or gave up. */
export function hasStoppedLabelJob(store: Store, parcel: ParcelRecord): boolean {
  return store.jobs
    .listByLane(parcel.id)
    .some((job) => (job.state === 'rejected' || job.state === 'dead') && labelOperations.has(job.operation));
}
