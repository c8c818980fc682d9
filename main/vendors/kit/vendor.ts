/** What every vendor folder exports, and what it is given. */
import type { z } from 'zod';
import type { Clock, Http, HttpAnswer, HttpRequest, Ids, Log } from '../../ports.ts';
import type { HandoverNeeds } from '../../domain/handover.ts';
import type { DocumentCall, JobCall, OperationTraits, ReconcileOutcome, SendOutcome } from '../../domain/job.ts';
import type {
  DeliveryProof,
  DocumentOperation,
  OperationName,
  ParcelFacts,
  PullResult,
  TrackingAnswer,
  TrackingQuestion,
} from '../../domain/shipping.ts';
import type { Outcome } from './outcome.ts';

/**
 * Where an operation's shape comes from. `assumed`: some of it is in no source · `named`: the vendor's menu names it and
 * nothing more is known, so its request is passed through as given. Neither is ever presented as the vendor's word.
 */
export type Evidence = 'documented' | 'public' | 'assumed' | 'named';

/**
 * `done` the effect happened · `rejected` it did not and will not · `auth`, `skew`, `throttle`, `transient` it did not,
 * may be repeated after a fresh token, a corrected clock, a pause · `unknown` nobody can say.
 */
export type CodeClass = 'done' | 'rejected' | 'auth' | 'skew' | 'throttle' | 'transient' | 'unknown';

export interface CodeRow {
  readonly code: string;
  readonly class: CodeClass;
  /** The vendor's words, and ours where they need it. */
  readonly meaning: string;
  readonly evidence: Evidence;
}

export type CodeTable = readonly CodeRow[];

export interface OperationManifest {
  /** Our capability name (`pullOrders`, `placeOrder`, `queryOrder`, ...). */
  readonly name: string;
  /** The vendor's name for it. */
  readonly vendorName: string;
  readonly method: 'GET' | 'POST';
  /** Path below the base address; `{…}` marks path parameters. */
  readonly path: string;
  readonly evidence: Evidence;
  /** Document and section, public page, or why we assume it. */
  readonly source: string;
  /** Null for questions that have no effect on a parcel (pull, query, token). */
  readonly traits: OperationTraits | null;
}

export interface VendorManifest {
  readonly id: string;
  readonly name: { readonly zh: string; readonly en: string };
  /** True if this carrier gives no label: with the waybill of `placeOrder` (or `confirm`) the desk draws its own. */
  readonly ownLabel?: boolean;
  readonly operations: readonly OperationManifest[];
}

export interface VendorPorts {
  readonly http: Http;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Our clock plus this is the vendor's clock; learned from its Date header, kept across restarts. */
  readonly offset: ClockOffset;
}

export interface ClockOffset {
  readonly ms: number;
  /** Feeds one answer's Date header. */
  observe(answer: HttpAnswer): void;
  /** The vendor said that our clock is wrong: takes its Date header whatever the difference. */
  correct?(answer: HttpAnswer): void;
}

/** One operation that a job can run. `build` is pure given its inputs, so `vendor sign` shows the exact bytes. */
export interface JobOperation {
  build(call: JobCall, at: SigningMoment): HttpRequest | BuildRefusal;
  parse(call: JobCall, answer: HttpAnswer): SendOutcome;
  /** Present if the vendor can be asked whether the effect happened. */
  reconcile?(call: JobCall): Promise<ReconcileOutcome>;
}

/** A limit of the vendor's document that the input breaks: never sent, shown to the packer. */
export interface BuildRefusal {
  readonly refused: true;
  readonly code: string;
  readonly message: string;
}

/** The instant a request is signed for, on the vendor's clock, and the id it carries. */
export interface SigningMoment {
  readonly vendorNow: number;
  /** Bearer token, if the vendor's scheme has one. */
  readonly token: string | null;
}

/**
 * Any operation of a vendor by its name in the manifest: parameters in, request out, answer read. `vendor sign` and
 * `vendor call` work over these; job operations are built on them. `build` is pure given its inputs.
 */
export interface NamedCall {
  /** Strict, with every documented limit (length, required, either/or, enumeration, default). */
  readonly params: z.ZodType;
  /** Valid parameters: the document's sample where there is one. */
  readonly sample: unknown;
  /** True if the call has no effect, so that it may be repeated. */
  readonly question: boolean;
  /** `params` has passed the schema. */
  build(params: unknown, at: SigningMoment, requestId: string): HttpRequest | BuildRefusal;
  parse(params: unknown, answer: HttpAnswer): Outcome<unknown>;
}

/** One operation on a document (a big bag, a hand-over) that a job can run. Its payload is checked by `send`. */
export interface DocumentJobOperation {
  send(call: DocumentCall): Promise<SendOutcome>;
  /** Present if the vendor can be asked whether the effect happened. */
  reconcile?(call: DocumentCall): Promise<ReconcileOutcome>;
}

export interface Vendor {
  readonly manifest: VendorManifest;
  readonly operations: Partial<Record<OperationName, JobOperation>>;
  /** What this carrier can be asked to do with many parcels at once. Absent is nothing. */
  readonly documents?: Partial<Record<DocumentOperation, DocumentJobOperation>>;
  /** Fields it cannot do without in a document; absent is none. */
  readonly handoverNeeds?: Readonly<Record<'scan-form' | 'manifest', HandoverNeeds>>;
  /** Sends one job operation: build, token, http, parse, refresh once on `auth`, correct once on `skew`. */
  send(call: JobCall): Promise<SendOutcome>;
  reconcile(call: JobCall): Promise<ReconcileOutcome>;
  /** Present if this vendor is an upstream. `cursor` is null for the first pull. Rejects with VendorError. */
  pullOrders?(cursor: string | null): Promise<PullResult>;
  /** One harmless live call, for `vendor check` and `diagnose`. Rejects with VendorError. */
  check?(): Promise<void>;
  /** Every operation of the manifest that can be called by name. */
  readonly calls?: Readonly<Record<string, NamedCall>>;
  /**
   * Makes one call by name with the vendor's token, clock and limits. `unknown` stays unknown. Parameters that break
   * the schema are `rejected` with code `params`, and nothing is sent. `requestId` repeats an earlier call's id.
   */
  call?(name: string, params: unknown, requestId?: string): Promise<Outcome<unknown>>;
  /** Asks for the status of parcels after hand-over, at most `trackAtOnce` in one call. Rejects with VendorError. */
  track?(questions: readonly TrackingQuestion[]): Promise<readonly TrackingAnswer[]>;
  readonly trackAtOnce?: number;
  /**
   * Asks for the pictures of a delivery and who signed; null if there are none yet. An `url` is http or https, `base64`
   * is a picture by its first bytes, and each picture has at least one of them. Rejects with VendorError.
   */
  proof?(question: TrackingQuestion): Promise<DeliveryProof | null>;
  /** The signed request of these exact bytes to a path below the base address: for vectors, and for tests of twins. */
  signed?(path: string, body: Uint8Array, at: SigningMoment, requestId: string): HttpRequest;
  /** What our own label says of a parcel; present where the manifest says `ownLabel`. */
  ownLabel?(facts: ParcelFacts): OwnLabel;
  /** What would be signed and sent, secrets replaced; sends nothing. */
  describe?(call: DescribedCall, at: SigningMoment): RequestDescription | BuildRefusal;
}

/** A call to be shown: a parcel's, one by name with its parameters, or one by name with its sample. */
export type DescribedCall =
  | JobCall
  | { readonly operation: string; readonly params: unknown; readonly requestId: string }
  /** `operation` is a path below the base address, `rawBody` the exact bytes. */
  | { readonly operation: string; readonly rawBody: Uint8Array; readonly requestId: string }
  | { readonly operation: string; readonly requestId: string };

/** A request as a person may see it. `signedText` is the hashed text, with secrets as `‹name›`. */
export interface RequestDescription {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signedText: string;
  /** The signature as it is sent, or null if nothing is signed (a bearer token). */
  readonly signature: string | null;
}

/** What a carrier wants on a label that the desk draws, beside waybill, weight and numbers. */
export interface OwnLabel {
  readonly carrier: string;
  /** The service in the carrier's words. */
  readonly service: string;
  /** Where the parcel goes, in large letters: city and district. */
  readonly place: string;
  readonly receiver: LabelParty;
  readonly sender: LabelParty;
  readonly pieces: number;
}

export interface LabelParty {
  readonly name: string;
  readonly phone: string;
  /** The whole address as one text. */
  readonly address: string;
}

/** A vendor folder. The registry lists these; adding a vendor is one folder and one line there. */
export interface VendorModule<S extends z.ZodType = z.ZodType> {
  readonly manifest: VendorManifest;
  /** The vendor's part of the profile, secrets already looked up. Strict: an unknown key is an error. */
  readonly settings: S;
  /** The vendor's codes and what each comes to; a code not listed is `unknown`. */
  readonly codes: CodeTable;
  /** Settings fields that must be `secret:NAME` in the profile. */
  readonly secretFields: readonly string[];
  create(settings: z.output<S>, ports: VendorPorts): Vendor;
  /**
   * What this vendor is told of every parcel, by its settings: `uploadTracking`, `reportParcel`, `recordShipment` once
   * the label is on the box; `pushRoute`, `pushSignInfo`, `recordSigned`, `pushSignImages` on delivery. Names without
   * traits in the manifest are passed over. Without this hook a vendor is told what `uploadTracking` it takes, and
   * nothing else.
   */
  plans?(settings: z.output<S>): readonly OperationName[];
}

/** A failed question (pull, query, check), with what to do about it in the message. */
export class VendorError extends Error {
  readonly kind: 'not-sent' | 'unknown' | 'rejected' | 'auth' | 'skew' | 'throttled' | 'transient';
  readonly code: string;
  constructor(kind: VendorError['kind'], code: string, message: string) {
    super(message);
    this.name = 'VendorError';
    this.kind = kind;
    this.code = code;
  }
}
