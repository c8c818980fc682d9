/**
 * A job is one durable outbound vendor call.
 *
 *   ready -> sending -> done | rejected | unknown
 *   unknown -> reconciling -> done | ready | unknown (asked again later) | dead (a person decides)
 *   sending -> ready   only if no byte left, or the vendor clearly said "no effect, later"
 *   ready -> dead      attempts used up; kept, shown, can be redriven (dead -> ready)
 *
 * After a crash every `sending` and `reconciling` job is `unknown`: bytes may have left.
 */
import type { DocumentOperation, EarlierResults, OperationName, ParcelFacts } from './shipping.ts';

export const jobStates = ['ready', 'sending', 'done', 'rejected', 'unknown', 'reconciling', 'dead'] as const;
export type JobState = (typeof jobStates)[number];

/**
 * What a repeat of the call could do. `safe` may repeat · `keyed` the vendor de-duplicates on our request id within a
 * window · `checkable` we can ask before repeating · `unsafe` a person decides.
 */
export type EffectClass = 'safe' | 'keyed' | 'checkable' | 'unsafe';

/** How an operation behaves, declared by its vendor. */
export interface OperationTraits {
  readonly effect: EffectClass;
  /** Longest time the vendor may still be working on a call we gave up on. */
  readonly inFlightMs: number;
  /** `keyed` only: how long after the first send, on the vendor's clock, our request id still de-duplicates. */
  readonly keyWindowMs: number | null;
}

/** A job for one parcel, or for a document about many (a big bag, a hand-over). `facts` null tells them apart. */
export type Job = ParcelJob | DocumentJob;

export interface ParcelJob extends JobRow {
  readonly operation: OperationName;
  readonly facts: ParcelFacts;
}

export interface DocumentJob extends JobRow {
  readonly operation: DocumentOperation;
  readonly facts: null;
}

interface JobRow {
  readonly id: string;
  /** Jobs of one lane run strictly in `laneSeq` order, and wait behind one that failed. See lanes.ts. */
  readonly lane: string;
  readonly laneSeq: number;
  readonly vendor: string;
  readonly effect: EffectClass;
  /** What this operation needs beyond the parcel's facts (a delivery event, a proof picture). Absent is null. */
  readonly payload?: unknown;
  /** Persisted before the first byte leaves; reused by every attempt that may repeat. */
  readonly requestId: string;
  readonly state: JobState;
  /** Counted when claimed, so that a job that kills the process still runs out. */
  readonly attempts: number;
  /** Not claimed before this instant (wall clock). */
  readonly notBefore: number;
  /** A fact this job waits for (`label-verified`), or null. */
  readonly heldBy: string | null;
  readonly createdAt: number;
  /** Last and first instant a byte may have left; the first on the vendor's clock as well. */
  readonly sentAt: number | null;
  readonly firstSentAt: number | null;
  readonly lastError: JobError | null;
  readonly result: unknown;
  /** Attempts that do not count towards the limit: no byte left, or the vendor throttled us. Absent is 0. */
  readonly uncounted?: number | undefined;
  /** Questions asked in a row without a clear answer. Absent is 0. */
  readonly asks?: number | undefined;
  /** True while an earlier send may have had its effect. Absent is false. */
  readonly doubt?: boolean | undefined;
}

export interface JobError {
  readonly kind: 'rejected' | 'not-sent' | 'unknown' | 'throttled' | 'transient' | 'auth' | 'skew' | 'needs-person';
  /** The vendor's code, or ours. */
  readonly code: string;
  readonly message: string;
  readonly at: number;
}

/** What a send came to. Anything not clearly one of the others is `unknown`. */
export type SendOutcome =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  /** No byte left. */
  | { readonly kind: 'not-sent'; readonly code: string; readonly message: string }
  /** The vendor answered that nothing happened and to come back; does not count as an attempt. */
  | {
      readonly kind: 'throttled';
      readonly retryAfterMs: number | null;
      readonly code: string;
      readonly message: string;
      /** The vendor is still at work on this one thing: only this job waits, everything else goes on. */
      readonly onlyThis?: boolean;
    }
  /** The vendor answered that nothing happened. */
  | { readonly kind: 'transient'; readonly code: string; readonly message: string }
  | { readonly kind: 'auth'; readonly code: string; readonly message: string }
  | { readonly kind: 'skew'; readonly code: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly code: string; readonly message: string };

/** What asking the vendor came to. */
export type ReconcileOutcome =
  | { readonly kind: 'found'; readonly result: unknown }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  | { readonly kind: 'unsure'; readonly code: string; readonly message: string };

/** What the outbox hands to a vendor for one send or one question. */
export type JobRequest = JobCall | DocumentCall;

/** One send or question about a document. `earlier` holds the results of its lane by operation. */
export interface DocumentCall {
  readonly operation: DocumentOperation;
  readonly facts: null;
  readonly payload: unknown;
  readonly earlier: EarlierDocuments;
  readonly requestId: string;
  /** 1 for the first send. */
  readonly attempt: number;
}

/** Results of the lane's earlier jobs; whoever uses one checks it by its own schema. */
export type EarlierDocuments = Readonly<Partial<Record<DocumentOperation, unknown>>>;

/** One send or question about a parcel. */
export interface JobCall {
  readonly operation: OperationName;
  readonly facts: ParcelFacts;
  /** As in the job; each operation checks it by its own schema. */
  readonly payload?: unknown;
  readonly earlier: EarlierResults;
  readonly requestId: string;
  /** 1 for the first send. */
  readonly attempt: number;
}

/** How the outbox reaches vendors; the composition root implements it over the vendor registry. */
export interface Courier {
  /** The vendor's clock minus ours in milliseconds, as its last answer showed; absent or null counts as 0. */
  aheadMs?(vendor: string): number | null;
  traits(vendor: string, operation: OperationName | DocumentOperation): OperationTraits | null;
  send(vendor: string, request: JobRequest): Promise<SendOutcome>;
  /** Only called for operations whose effect is `checkable`, or `keyed` after their window. */
  reconcile(vendor: string, request: JobRequest): Promise<ReconcileOutcome>;
}
