/**
 * The end of the day as rules: what may go into a document, how documents are divided and weighed, where a document
 * stands, and what a scan at loading means. Pure.
 *
 * Decisions:
 * - A document takes at most `maxDocumentParcels` parcels, whole bags together; more becomes further documents, and a
 *   fuller bag one of its own. No vendor page names a limit. Ours keeps one push, and one result, within the 50 ms that
 *   a scan may take (measured: 1,000 parcels take 94 ms of processor time to push, each with its event).
 * - A bag's weight counts as weighed if all its parcels are taken together; if only some are (a repeat), their own
 *   weights count: the sack was counted in the document before.
 * - A parcel or bag is handed over by loading, not by the carrier's answer to a document: a scan form says what will
 *   come, and parcels it names have been left standing. Peers (ShipStream, Manifests/Loading) do the same.
 */
import type { JobError, JobState } from './job.ts';
import type { DocumentBag, DocumentParcel, FlightDetails, HandoverDetails } from './documents.ts';

export const maxDocumentParcels = 500;

/** How far a bag got with one kind of document; `failed`: some of its parcels failed and are free again. */
export type DocumentProgress = 'none' | 'open' | 'ok' | 'failed';

/** A parcel that may leave, as a document of one kind sees it. */
export interface CandidateParcel extends DocumentParcel {
  /** Its place among all parcels. */
  readonly seq: number;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly bagId: string | null;
  /** Its label was scanned on it. */
  readonly labelled: boolean;
  readonly handedOver: boolean;
  /** Its order was cancelled or deleted upstream. */
  readonly withdrawn: boolean;
  /** Reference of the living document of this kind that holds it, or null. */
  readonly inDocument: string | null;
}

/** Why a parcel cannot go into a document. Each has its own words. */
export type LeftOutReason = 'cancelled' | 'handed-over' | 'not-labelled' | 'no-number' | 'in-document';

/** Null if it may go into a document. */
export function whyLeftOut(parcel: CandidateParcel): LeftOutReason | null {
  if (parcel.handedOver) return 'handed-over';
  if (parcel.inDocument !== null) return 'in-document';
  if (parcel.withdrawn) return 'cancelled';
  if (!parcel.labelled) return 'not-labelled';
  if (parcel.vendorOrderNumber === '') return 'no-number';
  return null;
}

/** A bag with what of it goes into a document. */
export interface PickedBag {
  readonly bagId: string;
  readonly bagNumber: string;
  readonly tareG: number;
  readonly grossWeightG: number | null;
  /** All that is in it. */
  readonly content: number;
  readonly parcels: readonly DocumentParcel[];
}

export interface DocumentBody {
  readonly parcels: readonly DocumentParcel[];
  readonly bags: readonly DocumentBag[];
  readonly netWeightG: number;
  readonly grossWeightG: number;
}

const netOf = (parcels: readonly DocumentParcel[]): number => parcels.reduce((sum, { weightG }) => sum + weightG, 0);

/** What a bag adds to a document's weight, in grams. */
export function bagGrossG(bag: Pick<PickedBag, 'tareG' | 'grossWeightG' | 'content' | 'parcels'>): number {
  if (bag.parcels.length < bag.content) return netOf(bag.parcels);
  return bag.grossWeightG ?? netOf(bag.parcels) + bag.tareG;
}

/** Keeps what a document says of a parcel and nothing more. */
function plain({ parcelId, reference, vendorOrderNumber, waybill, weightG }: DocumentParcel): DocumentParcel {
  return { parcelId, reference, vendorOrderNumber, waybill, weightG };
}

/** One document from bags and loose parcels. */
export function composeDocument(bags: readonly PickedBag[], loose: readonly DocumentParcel[]): DocumentBody {
  const parcels = [...bags.flatMap((bag) => bag.parcels), ...loose].map(plain);
  return {
    parcels,
    bags: bags.map(({ bagId, bagNumber, parcels: inside }) => ({ bagId, bagNumber, parcels: inside.map(plain) })),
    netWeightG: netOf(parcels),
    grossWeightG: bags.reduce((sum, bag) => sum + bagGrossG(bag), 0) + netOf(loose),
  };
}

/** Fields a carrier cannot do without, by kind of document. */
export interface HandoverNeeds {
  readonly details: readonly (keyof HandoverDetails)[];
  readonly flight: readonly (keyof FlightDetails)[];
}

/** The needed fields that are empty, in the order of the needs. */
export function missingFields(needs: HandoverNeeds, details: HandoverDetails, flight: FlightDetails | null): string[] {
  const empty = (value: string | undefined): boolean => value === undefined || value.trim() === '';
  return [
    ...needs.details.filter((field) => empty(details[field])),
    ...needs.flight.filter((field) => empty(flight?.[field])),
  ];
}

/** A job of a document as far as its stage depends on it. */
export interface DocumentJobFact {
  readonly id: string;
  readonly state: JobState;
  /** It may have had its effect. */
  readonly doubt: boolean;
  readonly lastError: JobError | null;
}

export type DocumentAction = 'retry' | 'adopt' | 'resend' | 'through' | 'refused';

export interface DocumentStanding {
  readonly stage: 'pushing' | 'waiting' | 'through' | 'partial' | 'failed' | 'attention';
  /** Completes `day.document-`. */
  readonly words: string;
  readonly actions: readonly DocumentAction[];
  readonly jobId: string | null;
  readonly reason: string;
}

/**
 * Where a document stands. A push that the carrier clearly refused settles by itself (all failed, free again); what only
 * a person can tell, or what gave up, is `attention`, and its parcels stay taken until somebody said what happened.
 */
export function standingOf(
  state: 'pushed' | 'through' | 'partial' | 'failed',
  push: DocumentJobFact | null,
  result: DocumentJobFact | null,
): DocumentStanding {
  const reason = (job: DocumentJobFact | null): string => job?.lastError?.message ?? '';
  const quiet = { actions: [], jobId: null };
  if (state !== 'pushed')
    return { stage: state, words: state, reason: reason(push?.state === 'rejected' ? push : null), ...quiet };
  if (push === null) return { stage: 'pushing', words: 'pushing', reason: '', ...quiet };
  if (push.state === 'dead') {
    const actions: DocumentAction[] = push.doubt ? ['adopt', 'resend', 'retry'] : ['retry', 'refused'];
    return {
      ...{ stage: 'attention', words: push.doubt ? 'unknown' : 'stopped', jobId: push.id, reason: reason(push) },
      actions,
    };
  }
  if (push.state !== 'done') {
    const asking = push.state === 'unknown' || push.state === 'reconciling';
    const offline = push.state === 'ready' && push.lastError !== null;
    return {
      ...{ stage: 'pushing', words: asking ? 'asking' : offline ? 'later' : 'pushing', reason: reason(push) },
      ...quiet,
    };
  }
  if (result !== null && (result.state === 'dead' || result.state === 'rejected')) {
    return {
      ...{ stage: 'attention', words: 'no-result', jobId: result.id, reason: reason(result) },
      actions: ['retry', 'through', 'refused'],
    };
  }
  return { stage: 'waiting', words: 'waiting', reason: '', ...quiet };
}

/** What is known of a code scanned at loading. */
export interface LoadingScan {
  readonly vendor: string;
  /** It is a bag or parcel this desk knows. */
  readonly found: {
    readonly kind: 'bag' | 'parcel';
    readonly vendor: string;
    readonly handedOver: boolean;
    /** Label scanned on it; a bag is closed and known to the carrier. */
    readonly ready: boolean;
    /** An order in it was cancelled. */
    readonly withdrawn: boolean;
    /** Number of the bag a parcel lies in. */
    readonly inBag: string | null;
    readonly progress: Readonly<Record<'scan-form' | 'manifest', DocumentProgress>>;
  } | null;
  /** The carrier takes documents, so that what it was not told of may not leave. */
  readonly documents: boolean;
  readonly loaded: boolean;
}

export const loadingRefusals = [
  'unknown',
  'wrong-carrier',
  'gone',
  'in-bag',
  'already',
  'cancelled',
  'not-ready',
  'refused',
  'not-pushed',
] as const;
export type LoadingRefusal = (typeof loadingRefusals)[number];

/** Null if it may go onto the truck. The first reason that holds is said. */
export function judgeLoading({ vendor, found, documents, loaded }: LoadingScan): LoadingRefusal | null {
  if (found === null) return 'unknown';
  if (found.vendor !== vendor) return 'wrong-carrier';
  if (found.handedOver) return 'gone';
  if (found.kind === 'parcel' && found.inBag !== null) return 'in-bag';
  if (loaded) return 'already';
  if (found.withdrawn) return 'cancelled';
  if (!found.ready) return 'not-ready';
  if (documents) return whyNotLoaded(found.progress);
  return null;
}

/** Refused by the carrier in one kind of document is refused, whatever another kind says; otherwise one is enough. */
export function whyNotLoaded(
  progress: Readonly<Record<'scan-form' | 'manifest', DocumentProgress>>,
): 'refused' | 'not-pushed' | null {
  const all = Object.values(progress);
  if (all.includes('failed')) return 'refused';
  return all.some((each) => each === 'open' || each === 'ok') ? null : 'not-pushed';
}
