/** What the parts of the desk share: the ports, the order on the desk, and the one way to change it. */
import type { Notice } from '../../preload/contract/index.ts';
import type { RouteRule } from '../domain/routing.ts';
import type { Clock, Ids, Log } from '../ports.ts';
import type { ParcelRecord, Store } from '../store/store.ts';
import type { LabelStock } from './label-stock.ts';
import type { OpenWork } from './open-work.ts';
import type { Printing } from './printing.ts';
import type { PlannedJob } from './sealing.ts';
import type { DeskFacts } from './snapshot.ts';

/** The weight on the scale as far as the desk needs it. */
export interface Weigher {
  /** The judgement right now. `grams` may be set while `usable` is false. */
  judge(): { usable: boolean; grams: number | null; reason: Notice | null; frames: readonly string[] };
  /** The order on the desk; its parcel's weight must not be the one before it. */
  parcelOpened(orderId: string): void;
  /** The order left the desk without its weight being taken. */
  parcelClosed(): void;
  /** Writes the weight down for the next start; inside the sealing transaction. */
  rememberWeight(grams: number): void;
  /** After the commit: this weight belongs to that order and to no other. */
  weightTaken(orderId: string, grams: number): void;
}

export interface DeskOptions {
  readonly deskId: string;
  readonly routes: readonly RouteRule[];
  readonly lpnAfterMs: number;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly weigher: Weigher;
  readonly printing: Printing;
  readonly stock: LabelStock;
  /** The jobs a parcel of this carrier causes, or null if the carrier cannot ship. */
  planJobs(vendor: string): readonly PlannedJob[] | null;
  /** How a vendor is called on this desk's screen. */
  vendorName(id: string): string;
  /** True while calls to this vendor are known not to get through. */
  vendorDown(vendor: string): boolean;
  /** Tells the outbox that new jobs may run. */
  poke(): void;
  /** Puts a stopped job back to `ready`. */
  redrive(jobId: string): void;
  /** What came of a label was settled: a printer paused by two unknown ones may go on. */
  resumePrinter(): void;
}

export interface DeskContext extends DeskOptions {
  /** The order on the desk, or null. */
  work(): OpenWork | null;
  /** Changes it, in the database and here. Inside a transaction if the change belongs to one. */
  keep(next: OpenWork | null): void;
  facts(): DeskFacts;
  /** Composes the pack screen anew. */
  refresh(): void;
  /** Adds to the record of the order on the desk. */
  record(kind: string, detail: Record<string, unknown>): void;
}

/** The carrier's label of this parcel is here, reads, and may be printed. */
export function labelInHand(store: Store, parcelId: string): boolean {
  const parcel = store.parcels.get(parcelId);
  return parcel !== null && parcel.artworkSha256 !== null && parcel.waybill !== null && parcel.labelHeld === null;
}

/** A job the label depends on was refused or gave up. */
export function hasStoppedLabelJob(store: Store, parcel: ParcelRecord): boolean {
  return store.jobs
    .listByLane(parcel.id)
    .some((job) => (job.state === 'rejected' || job.state === 'dead') && job.operation !== 'uploadTracking');
}
