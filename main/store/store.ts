/** What the rest of the station sees of the database: one repository per aggregate, all synchronous, one writer. */
import type { OrderRow, OrderStatus, PrintState, TimelineEntry } from '../../preload/contract/index.ts';
import type { Job, JobError, JobState, ParcelJob } from '../domain/job.ts';
import type { BagRepository } from './bags.ts';
import type { CandidateRepository } from './candidates.ts';
import type { DwsRepository } from './dws.ts';
import type { HandoverRepository } from './handovers.ts';
import type { ItemWeightRepository } from './item-weights.ts';
import type { LoadingRepository } from './loadings.ts';
import type {
  Address,
  Artwork,
  DeliveryPayload,
  EarlierResults,
  ParcelFacts,
  PulledLine,
  PulledOrder,
  TrackingEvent,
  TrackingStatus,
} from '../domain/shipping.ts';

/** Why a store call failed; `code` decides what happens next, `message` is one line for a person. */
export type StoreErrorCode = 'locked' | 'too-old' | 'settings' | 'full' | 'ambiguous' | 'corrupt' | 'newer' | 'failed';
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
  }
}

export interface Store {
  readonly orders: OrderRepository;
  readonly parcels: ParcelRepository;
  readonly jobs: JobRepository;
  readonly prints: PrintRepository;
  readonly tracking: TrackingRepository;
  readonly proofs: ProofRepository;
  readonly bags: BagRepository;
  readonly handovers: HandoverRepository;
  readonly candidates: CandidateRepository;
  readonly loadings: LoadingRepository;
  readonly dws: DwsRepository;
  readonly itemWeights: ItemWeightRepository;
  readonly events: EventLog;
  readonly values: ValueRepository;
  /** Runs `work` in one IMMEDIATE transaction; commits before it returns, rolls back if `work` throws. Not nested. */
  transaction<T>(work: () => T): T;
  /** Called after each commit that changed an order, parcel, job or print. */
  onCommit(listener: () => void): () => void;
  /** SQLite version, journal mode, synchronous level: for `diagnose`. */
  facts(): { sqlite: string; journalMode: string; synchronous: number; schema: number; bytes: number };
  /** Not null once the database may not be believed any more: close it, open it again, and read what is true. */
  readonly failure: StoreError | null;
  /** Told once, soon after `failure` is set. */
  onFailure(listener: (failure: StoreError) => void): () => void;
  /** Told at once whenever a write finds no room, before that call throws. For whoever can make room. */
  onFull(listener: () => void): () => void;
  /** What keeps the database safe, for the part of the station that looks after it. */
  readonly upkeep: StoreUpkeep;
  /**
   * Copies the database as it is now to `toPath`, a few pages at a time while work goes on. The copy replaces an older
   * one only once it is whole and on disk. Rejects with `StoreError`.
   */
  snapshot(toPath: string): Promise<void>;
  /** Looks through the whole file for damage; one line per fault, empty if none. Takes time: for `diagnose`. */
  check(): string[];
  close(): void;
}

/** The journal and the sums of the pages beside the database; see recovery/. */
export interface StoreUpkeep {
  readonly path: string;
  /** Transactions this start took over from the journal. */
  readonly rolledForward: number;
  /** Number of the last committed transaction. */
  position(): number;
  schema(): number;
  /**
   * The sum each page of the database file must have, by page number, for all that is not in the log. Until `endCopy`
   * the log is not moved into the file, so that this stays true while a copy is made and compared.
   */
  beginCopy(): Uint32Array;
  endCopy(): void;
  /** Begins a new file of the journal. */
  rotateJournal(): void;
  /** Removes files of the journal that end at or before this transaction. */
  forgetJournal(number: number): void;
  /** The database was found damaged: it refuses all further work, and `failure` is set. */
  refuse(failure: StoreError): void;
}

export interface OrderRecord {
  readonly id: string;
  readonly vendor: string;
  readonly vendorOrderId: string;
  readonly number: string;
  readonly status: OrderStatus;
  /** The upstream state at the last pull; a change while the order is on the desk stops the packer. */
  readonly upstream: PulledOrder['state'];
  readonly vendorStatus: string;
  readonly customerName: string;
  readonly receiver: Address;
  readonly remark: string;
  readonly dueDate: string | null;
  readonly orderedAt: number | null;
  readonly lines: readonly (PulledLine & { readonly id: string })[];
  /** The upstream's custom fields by name. */
  readonly fields: Readonly<Record<string, string>>;
  /** Grows when lines, receiver or quantities change upstream. */
  readonly version: number;
}

export interface OrderRepository {
  /** Idempotent by (vendor, vendorOrderId). Never lowers a status the desk has already reached. Keeps the raw record. */
  upsert(vendor: string, pulled: PulledOrder): { orderId: string; change: 'new' | 'same' | 'updated' | 'withdrawn' };
  get(id: string): OrderRecord | null;
  /** By order number, exact; the newest if several vendors use the same number. */
  findByNumber(number: string): OrderRecord | null;
  setStatus(id: string, status: OrderStatus): void;
  /** A person corrected the address at the desk. Stays until the upstream's own record of the order changes. */
  setReceiver(id: string, receiver: Address): void;
  /** What routing needs of the waiting orders, a page at a time, oldest first: `after` is the last row, null at first. */
  forRouting(after: RoutableOrder | null, limit: number): RoutableOrder[];
  list(filter: { status: OrderStatus | null; search: string; offset: number; limit: number }): {
    total: number;
    rows: OrderRow[];
  };
  counts(): Record<OrderStatus, number>;
  /** Grows with every change to any order, across restarts too. */
  revision(): number;
  /** The order as the queue shows it. */
  row(id: string): OrderRow | null;
  /** True if an order at this desk has a line with this product code, id or barcode; letters compared without case. */
  knowsProduct(code: string): boolean;
  /** The vendor's newest record of the order, as it came. */
  rawOf(id: string): unknown;
  /** Keeps a pulled record that could not be read; false if this very record is kept already. */
  keepRefused(vendor: string, refused: { number: string | null; reason: string; raw: unknown }): boolean;
  /** Records that could not be read, newest first. */
  listRefused(limit: number): RefusedRecord[];
}

/** A waiting order that a route will be chosen for. `sortAt` and `seq` are its place in the queue. */
export interface RoutableOrder {
  readonly sortAt: number;
  readonly seq: number;
  readonly id: string;
  readonly number: string;
  readonly vendor: string;
  readonly customerName: string;
  readonly receiver: Address;
  readonly fields: Readonly<Record<string, string>>;
}

/** A pulled record that could not be read: kept and shown, never dropped. */
export interface RefusedRecord {
  readonly vendor: string;
  readonly number: string | null;
  readonly reason: string;
  readonly raw: unknown;
  readonly at: number;
}

export interface ParcelRecord {
  readonly id: string;
  readonly orderId: string;
  /** Our reference at the carrier. */
  readonly reference: string;
  readonly vendor: string;
  readonly service: string | null;
  readonly facts: ParcelFacts;
  readonly weightG: number;
  /** The container that was taken off; the scale showed `weightG` plus this. Absent is 0. */
  readonly tareG?: number;
  /** Raw frames behind the weight, hexadecimal, newest last. */
  readonly weightFrames: readonly string[];
  readonly lpn: string;
  readonly waybill: string | null;
  /** Content address (SHA-256, hexadecimal) of the carrier's artwork, once fetched. */
  readonly artworkSha256: string | null;
  /** Why the artwork may not be printed (unreadable, waybill not in it), or null. */
  readonly labelHeld: string | null;
  readonly sealedAt: number;
  readonly verifiedAt: number | null;
  readonly rackedAt: number | null;
}

/** Parcels of one carrier and service, added up. */
export interface ParcelSums {
  readonly vendor: string;
  readonly service: string | null;
  readonly parcels: number;
  readonly weightG: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface ParcelRepository {
  insert(parcel: Omit<ParcelRecord, 'waybill' | 'artworkSha256' | 'labelHeld' | 'verifiedAt' | 'rackedAt'>): void;
  get(id: string): ParcelRecord | null;
  findByReference(reference: string): ParcelRecord | null;
  findByLpn(lpn: string): ParcelRecord | null;
  findByWaybill(waybill: string): ParcelRecord | null;
  listByOrder(orderId: string): ParcelRecord[];
  /** What was sealed from `at` on, by carrier and service; walks back from the newest parcel. */
  sumsSince(at: number): ParcelSums[];
  setWaybill(id: string, waybill: string): void;
  /** Replaces the facts, after a person corrected one. */
  setFacts(id: string, facts: ParcelFacts): void;
  setLabel(id: string, label: { artworkSha256: string | null; held: string | null }): void;
  setVerified(id: string, at: number): void;
  setRacked(id: string, at: number | null): void;
  /** Stores artwork by content; the same bytes are kept once. */
  putArtwork(artwork: Artwork): string;
  getArtwork(sha256: string): Artwork | null;
}

/** What can be said of a row that is no job this version can read. */
export interface UnreadableJob {
  readonly id: string;
  readonly parcelId: string;
  readonly vendor: string;
  readonly operation: string;
  readonly reason: string;
  readonly createdAt: number;
}

/** Where a job stands, without its content. */
export interface JobBrief {
  readonly id: string;
  readonly operation: string;
  readonly state: JobState;
  readonly doubt: boolean;
  readonly lastError: JobError | null;
  /** Of flight nodes only; the others' can be large. */
  readonly payload: unknown;
}

export interface JobRepository {
  insert(job: Job): void;
  /** Inserts unless its place in its lane is taken already; false if it is. For what must be said once. */
  insertOnce(job: Job): boolean;
  get(id: string): Job | null;
  listByLane(lane: string): Job[];
  /** The jobs of a lane in their order, without what they carry: a document's content can be large. */
  briefs(lane: string): JobBrief[];
  /** All jobs of a parcel: its own lane first, then what each vendor is told of it. */
  listByParcel(parcelId: string): ParcelJob[];
  /** Gives new facts to the parcel's jobs that have had no effect yet (`ready`, `rejected`, `dead`, not in doubt). */
  setFacts(parcelId: string, facts: ParcelFacts): number;
  /**
   * Results of the lane's `done` jobs before `laneSeq`, by operation. A lane of reports also sees the results of its
   * parcel's own lane.
   */
  earlierResults(lane: string, laneSeq: number): EarlierResults;
  /**
   * The next job that may run: `ready`, due, not held, its lane free (every earlier job `done`), vendor not in
   * `skipVendors`; or `unknown`/`reconciling`-due for a question. Oldest lane first.
   */
  nextReady(now: number, skipVendors: readonly string[], limit: number): Job[];
  nextUnknown(now: number, skipVendors: readonly string[], limit: number): Job[];
  /** Like `nextReady`, but the newest of those made after `since`, and due after it: somebody is waiting for them. */
  nextFresh(now: number, since: number, skipVendors: readonly string[], limit: number): Job[];
  /** Replaces the row by `job`, provided its state is still `expected`; false if it is not. */
  update(job: Job, expected: JobState): boolean;
  /** Lets go what waits for `heldBy`, in the parcel's own lane and in those of its reports. */
  release(parcelId: string, heldBy: string): void;
  /** All `sending` and `reconciling` jobs become `unknown`; returns how many. For start-up. */
  recoverInterrupted(now: number): number;
  /**
   * Ends the use of every request id that was sent: what was in doubt is asked about, the rest gets a new id. For an
   * update, which may write the same business content in other words. Returns how many.
   */
  closeKeyWindows(): number;
  /** Earliest `notBefore` among jobs that could run later, or null. */
  nextDueAt(skipVendors?: readonly string[]): number | null;
  /** Every vendor that ever had a job. */
  vendors(): string[];
  /** Rows that could not be read as jobs: set aside as `dead`, kept whole, oldest first. */
  unreadable(limit: number): UnreadableJob[];
  /** Tries to read such a row again, after an update; null if it still cannot be, else the job, `dead`. */
  readAgain(id: string): Job | null;
  /** Makes `ready` jobs of a vendor due at once whose last error is of one of `kinds`: the line is back. */
  hasten(vendor: string, now: number, kinds: readonly JobError['kind'][]): number;
  /**
   * The wall clock jumped by `byMs` to `now`: moves the instants of open jobs with it, so that waits stay true. A jump
   * forward may be a sleep of the machine, so it does not move `firstSentAt`: the vendor's window went on closing.
   */
  moveClock(byMs: number, now: number): void;
  /** At start-up: `ready` jobs whose wait began in what is now the future wait as long as they had to, from `now`. */
  renewWaits(now: number): void;
  /** `open` is everything still on its way; `unknown` includes jobs being asked about; `oldestAt` is among `open`. */
  summary(): { open: number; unknown: number; dead: number; rejected: number; oldestAt: number | null };
  list(filter: { states: readonly JobState[]; offset: number; limit: number }): Job[];
}

/** The carrier's label of a parcel, and our own for the rack. */
export type ParcelPrintKind = 'carrier' | 'lpn';
/** The label of a closed big bag (the carrier's, or ours with its data), and the tag that tells an open one apart. */
export type BagPrintKind = 'bag' | 'bag-tag';
export type PrintKind = ParcelPrintKind | BagPrintKind;

/** One attempt to put one label through one printer: of a parcel or of a big bag. */
export type PrintRecord = ParcelPrint | BagPrint;

export interface ParcelPrint extends PrintRow {
  readonly parcelId: string;
  readonly bagId?: null;
  readonly kind: ParcelPrintKind;
}

export interface BagPrint extends PrintRow {
  readonly parcelId: null;
  readonly bagId: string;
  readonly kind: BagPrintKind;
}

interface PrintRow {
  readonly id: string;
  readonly printerId: string;
  readonly state: PrintState;
  /** 0 the first print; n for REPRINT n. */
  readonly copy: number;
  readonly reason: string;
  /** Bytes the operating system took; -1 from the start of sending until it is known (for ever, after a crash). */
  readonly bytesWritten: number;
  readonly message: string;
  readonly createdAt: number;
  readonly settledAt: number | null;
}

export interface PrintRepository {
  insert(print: PrintRecord): void;
  get(id: string): PrintRecord | null;
  listByParcel(parcelId: string): ParcelPrint[];
  listByBag(bagId: string): BagPrint[];
  update(print: PrintRecord): void;
  /** What a stop cut off, as `interrupted` of domain/print-transitions.ts says; returns what changed. For start-up. */
  recoverInterrupted(now: number): PrintRecord[];
  /** The attempts of one printer from which bytes left or may have left, newest first. */
  latestSent(printerId: string, limit: number): PrintRecord[];
  listByState(state: PrintState): PrintRecord[];
}

/** One row per parcel and the vendor asked about it. All instants are wall clock. */
export interface TrackingRecord {
  readonly parcelId: string;
  readonly vendor: string;
  readonly status: TrackingStatus;
  readonly vendorStatus: string;
  /** Of the event behind `status`. */
  readonly statusAt: number | null;
  /** Hand-over: the label was scanned on the parcel. */
  readonly startedAt: number;
  readonly lastAskedAt: number | null;
  /** The vendor last said something about this parcel. */
  readonly lastHeardAt: number | null;
  /** Null once nothing more is asked. */
  readonly nextAskAt: number | null;
  /** Questions about this parcel in a row without an answer. */
  readonly failures: number;
  readonly lastError: string | null;
  readonly deliveredAt: number | null;
  readonly closed: 'delivered' | 'returned' | 'too-old' | null;
}

/** An event as heard: `at` is the vendor's, `heardAt` ours. */
export interface TrackingHeard extends TrackingEvent {
  readonly vendor: string;
  readonly heardAt: number;
}

export interface TrackingRepository {
  /** Begins to follow a parcel; false if it is followed already. */
  start(parcelId: string, vendor: string, at: number, nextAskAt: number | null): boolean;
  get(parcelId: string, vendor: string): TrackingRecord | null;
  listByParcel(parcelId: string): TrackingRecord[];
  /** Longest due first. */
  due(vendor: string, now: number, limit: number): TrackingRecord[];
  nextDueAt(vendor: string): number | null;
  /** Throws if the parcel is not followed at this vendor. */
  update(record: TrackingRecord): void;
  /** Nothing of this vendor waits beyond `at`: a clock that was set back. Returns how many were moved. */
  notLater(vendor: string, at: number): number;
  /** Returns how many were new; one heard before changes nothing. */
  addEvents(parcelId: string, vendor: string, events: readonly TrackingEvent[], heardAt: number): number;
  /** Oldest first, by the vendor's instant, else by ours. */
  events(parcelId: string): TrackingHeard[];
  /** Keeps a push as it came. `open` is false if this very push was read before. */
  keepPush(vendor: string, body: string, at: number): { seq: number; open: boolean };
  /** The push was read (`refused` null), or cannot be. */
  settlePush(seq: number, at: number, refused: string | null): void;
  openPushes(limit: number): { seq: number; vendor: string; body: string; receivedAt: number }[];
}

/** A delivery whose proof is still asked for. */
export interface ProofRecord {
  readonly parcelId: string;
  /** The carrier that is asked. */
  readonly vendor: string;
  /** What is passed on with the pictures. */
  readonly delivery: DeliveryPayload;
  readonly startedAt: number;
  /** Answers without a proof so far. */
  readonly tries: number;
  readonly nextAskAt: number;
}

/** Holds open questions only: a row is gone once its proof was passed on or counts as missing. */
export interface ProofRepository {
  /** Begins to wait for a proof; false if it is waited for already. */
  start(parcelId: string, vendor: string, delivery: DeliveryPayload, at: number, nextAskAt: number): boolean;
  get(parcelId: string, vendor: string): ProofRecord | null;
  /** True if any vendor is asked for a proof of this parcel. */
  isWaiting(parcelId: string): boolean;
  /** The one due first. */
  next(vendor: string): ProofRecord | null;
  /** Keeps the count of tries and the next instant. Throws if nothing is waited for. */
  askLater(parcelId: string, vendor: string, tries: number, nextAskAt: number): void;
  end(parcelId: string, vendor: string): void;
  /** Nothing of this vendor waits beyond `at`: a clock that was set back. Returns how many were moved. */
  notLater(vendor: string, at: number): number;
}

export interface EventFilter {
  readonly orderId?: string | null;
  readonly parcelId?: string | null;
  /** Wall clock, the first included, the second not. */
  readonly from?: number | null;
  readonly to?: number | null;
}

/** One row of the record, with its place in the chain. */
export interface AuditEvent extends TimelineEntry {
  readonly orderId: string | null;
  readonly parcelId: string | null;
  readonly hash: string;
}

export interface EventLog {
  /** Appends; call inside the transaction that makes it true. */
  append(kind: string, about: { orderId?: string; parcelId?: string }, detail: Record<string, unknown>): void;
  /** Events about the order and its parcels, oldest first. */
  listForOrder(orderId: string): TimelineEntry[];
  /** Events of one order, one parcel or a time, oldest first, a page at a time: `after` is the last row's `seq`, 0 at first. */
  list(filter: EventFilter, after: number, limit: number): AuditEvent[];
  /** What is added to the detail of events from now on: who was there, and the scan that led to it. */
  annotate(provider: ((kind: string, detail: Record<string, unknown>) => Record<string, unknown>) | null): void;
  /** The first event whose hash does not follow from the one before, or null if the record is whole. */
  firstBroken(): number | null;
}

/** Small durable values: pull cursors, clock offsets, the order on the desk, counters. */
export interface ValueRepository {
  get(key: string): string | null;
  set(key: string, value: string): void;
  delete(key: string): void;
  /** Adds one and returns the new value, starting at 1. For LPN numbers. */
  increment(key: string): number;
}

export type { Job, JobError };
