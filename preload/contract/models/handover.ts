/**
 * The end of the day: what may be handed over, the carrier's documents about it, and the re-scan at loading.
 *
 * A parcel or bag is handed over once it was loaded: scanned at the truck (or said to be on it, with a reason). The
 * carrier's word about a scan form or manifest alone moves nothing out of the house.
 */
import { z } from 'zod';
import { BagRouteView } from './bag.ts';
import { Grams, Instant, Notice, OutsideNumber, StationId } from './primitives.ts';
import { Person, ScanFeedback } from './pack.ts';

const short = z.string().trim().max(100);
const long = z.string().trim().max(400);

/** Who hands over, to whom (HGE, vendor document Scan Form, `handoverinfo`); remembered per carrier. */
export const HandoverDetailsForm = z.object({
  handoverNumber: short,
  contactName: short,
  company: short,
  email: short,
  phone: short,
  mobile: short,
  country: z
    .string()
    .trim()
    .regex(/^([A-Za-z]{2})?$/, 'must be two letters (ISO 3166), such as US'),
  state: short,
  city: short,
  postcode: short,
  houseNumber: short,
  street: long,
  address: long,
});
export type HandoverDetailsForm = z.infer<typeof HandoverDetailsForm>;

/** Empty, or `YYYY-MM-DD HH:mm` with or without seconds, local time as written on the airway bill. */
const localTime = z
  .string()
  .trim()
  .regex(/^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?)?$/, 'must look like 2026-11-22 18:30');

export const FlightForm = z.object({
  airWaybill: short,
  flightNumber: short,
  departsAt: localTime,
  arrivesAt: localTime,
  departurePort: short,
  transitPort: short,
  arrivalPort: short,
  transitDepartsAt: localTime,
  transitArrivesAt: localTime,
});
export type FlightForm = z.infer<typeof FlightForm>;

export const HandoverKind = z.enum(['scan-form', 'manifest']);
export type HandoverKind = z.infer<typeof HandoverKind>;

/** `open` the carrier has not answered yet · `ok` through · `failed` refused: free for another document. */
export const HandoverParcelState = z.enum(['open', 'ok', 'failed']);
export type HandoverParcelState = z.infer<typeof HandoverParcelState>;

export const HandoverParcelView = z.object({
  parcelId: StationId,
  orderId: StationId,
  orderNumber: OutsideNumber,
  waybill: OutsideNumber.nullable(),
  /** The bag it lies in, as its label says. */
  bagNumber: OutsideNumber.nullable(),
  state: HandoverParcelState,
  /** The carrier's words, or why it was left out of a repeat. */
  reason: z.string(),
  /** A later document took it up again. */
  repeatedBy: StationId.nullable(),
});
export type HandoverParcelView = z.infer<typeof HandoverParcelView>;

/** What a person may say about a document that stopped; see `day.decide`. */
export const HandoverAction = z.enum([
  /** Tries the stopped call again; one that may have had its effect is asked about first. */
  'retry',
  /** The carrier's own screen shows the document: go on to its result. */
  'adopt',
  /** The carrier's own screen does not show it: send it once more, under the same reference. */
  'resend',
  /** The carrier's own screen shows that everything not answered yet is through. */
  'through',
  /** The carrier's own screen shows that everything not answered yet was refused: free for another push. */
  'refused',
]);
export type HandoverAction = z.infer<typeof HandoverAction>;

/**
 * `pushing` the carrier is being told (also while the line is down) · `waiting` it has the document and is at work ·
 * `through` · `partial` some parcels failed · `failed` all did, or it refused the document · `attention` a person decides.
 */
export const HandoverStage = z.enum(['pushing', 'waiting', 'through', 'partial', 'failed', 'attention']);
export type HandoverStage = z.infer<typeof HandoverStage>;

/** A node of the flight that the carrier is told. */
export const FlightNodeView = z.object({
  node: z.string(),
  /** Local time as the packer wrote it. */
  at: z.string(),
  remark: z.string(),
  state: z.enum(['sending', 'told', 'attention']),
  notice: Notice.nullable(),
});
export type FlightNodeView = z.infer<typeof FlightNodeView>;

export const HandoverView = z.object({
  id: StationId,
  kind: HandoverKind,
  /** Ours; the barcode of the printed list. */
  reference: OutsideNumber,
  vendor: z.string(),
  vendorName: z.string(),
  stage: HandoverStage,
  /** What the stage means, in one sentence. */
  notice: Notice,
  parcels: z.number().int(),
  bags: z.number().int(),
  /** Parcels by state; `open` + `ok` + `failed` = `parcels`. */
  open: z.number().int(),
  ok: z.number().int(),
  failed: z.number().int(),
  /** Of `failed`, those no later document took up: what `day.repeat` would push. */
  repeatable: z.number().int(),
  netWeightG: Grams,
  grossWeightG: Grams,
  createdAt: Instant,
  settledAt: Instant.nullable(),
  /** The document whose failed parcels it pushes again. */
  repeats: StationId.nullable(),
  /** Answers a person may give now, for `attention`. */
  actions: z.array(HandoverAction),
  /** The job a person decides about (`job:<id>` of the attention list), for `attention`. */
  jobId: StationId.nullable(),
  /** How often its list was printed. */
  listsPrinted: z.number().int(),
  flight: FlightForm.nullable(),
  nodes: z.array(FlightNodeView).max(50),
});
export type HandoverView = z.infer<typeof HandoverView>;

/** How far a bag, or the loose parcels of a route, got with one kind of document. */
export const DocumentProgress = z.enum(['none', 'open', 'ok', 'failed']);
export type DocumentProgress = z.infer<typeof DocumentProgress>;

export const HandoverBagView = z.object({
  id: StationId,
  /** As its label says: the carrier's number, else ours. */
  number: OutsideNumber,
  parcels: z.number().int(),
  /** Of its parcels. */
  netWeightG: Grams,
  /** As weighed; null if it was not: then net and tare are added. */
  grossWeightG: Grams.nullable(),
  /** Labelled and known to the carrier: may be pushed and loaded. */
  ready: z.boolean(),
  /** Why it is not ready, or what is wrong in it. */
  notice: Notice.nullable(),
  /** `failed` if any of its parcels failed and is free again. */
  scanForm: DocumentProgress,
  manifest: DocumentProgress,
});
export type HandoverBagView = z.infer<typeof HandoverBagView>;

/** What may be chosen for a hand-over: one carrier, service and destination. */
export const HandoverChoice = z.object({
  route: BagRouteView,
  /** Closed bags, and open ones that hold parcels; ready ones first. At most 200; `bagCount` is the number of all. */
  bags: z.array(HandoverBagView).max(200),
  bagCount: z.number().int(),
  /** What a push of each kind would take now: bags and parcels that are ready and in no living document of that kind. */
  free: z.object({
    scanForm: z.object({ bags: z.number().int(), loose: z.number().int(), parcels: z.number().int() }),
    manifest: z.object({ bags: z.number().int(), loose: z.number().int(), parcels: z.number().int() }),
  }),
  /** Labelled parcels in no bag. */
  loose: z.number().int(),
  /** All that is here: in bags and loose. */
  parcels: z.number().int(),
  netWeightG: Grams,
  /** Weights of bags as weighed (else net and tare) plus loose parcels. */
  grossWeightG: Grams,
  /** Bags without a weight of their own behind `grossWeightG`. */
  unweighedBags: z.number().int(),
  /** What is not as it should be before this leaves, each in words; what is pushed all the same leaves it behind. */
  obstacles: z.array(Notice).max(20),
});
export type HandoverChoice = z.infer<typeof HandoverChoice>;

/** What a carrier takes at the end of the day. */
export const HandoverCarrier = z.object({
  vendor: z.string(),
  vendorName: z.string(),
  /** Documents it takes, in the order they are pushed; empty: it is only loaded. */
  kinds: z.array(HandoverKind),
  /** It takes big bags; a manifest then takes nothing else. */
  bags: z.boolean(),
  flightNodes: z.boolean(),
  /** Fields it cannot do without, by kind: names of `HandoverDetailsForm` and `FlightForm`. */
  needs: z.object({
    scanForm: z.object({ details: z.array(z.string()), flight: z.array(z.string()) }),
    manifest: z.object({ details: z.array(z.string()), flight: z.array(z.string()) }),
  }),
  /** What was entered last; empty texts at first. */
  details: HandoverDetailsForm,
  flight: FlightForm.nullable(),
});
export type HandoverCarrier = z.infer<typeof HandoverCarrier>;

/** One thing to be scanned at the truck. */
export const LoadingItem = z.object({
  kind: z.enum(['bag', 'parcel']),
  id: StationId,
  /** The code on it: the bag's number or the waybill. */
  number: OutsideNumber,
  parcels: z.number().int(),
});
export type LoadingItem = z.infer<typeof LoadingItem>;

/** The re-scan at loading: each bag and loose parcel of the carrier, once. Outlives restarts. */
export const LoadingView = z.object({
  id: StationId,
  vendor: z.string(),
  vendorName: z.string(),
  /** `finishing`: it was ended and is being written down. */
  state: z.enum(['loading', 'finishing']),
  expected: z.number().int(),
  loaded: z.number().int(),
  parcelsExpected: z.number().int(),
  parcelsLoaded: z.number().int(),
  /** Not scanned yet, bags first; at most 200 of `expected - loaded`. */
  missing: z.array(LoadingItem).max(200),
  startedAt: Instant,
});
export type LoadingView = z.infer<typeof LoadingView>;

export const DaySnapshot = z.object({
  carriers: z.array(HandoverCarrier).max(50),
  choices: z.array(HandoverChoice).max(500),
  /** Newest first. */
  documents: z.array(HandoverView).max(50),
  loading: LoadingView.nullable(),
  next: Notice,
  /** The answer to the last scan, push, print or decision. */
  last: ScanFeedback.nullable(),
  packer: Person.nullable(),
  supervisor: Person.nullable(),
});
export type DaySnapshot = z.infer<typeof DaySnapshot>;

/** A file for the screen to save or print. */
export const HandoverListFile = z.object({
  fileName: z.string(),
  mimeType: z.literal('application/pdf'),
  base64: z.string(),
  pages: z.number().int(),
});
export type HandoverListFile = z.infer<typeof HandoverListFile>;

/** What `day.printList` came to. */
export const HandoverListPrint = z.object({
  outcome: z.enum(['printed', 'not-printed', 'unknown']),
  printerId: z.string().nullable(),
  /** 0 the first, n for REPRINT n. */
  copy: z.number().int(),
  notice: Notice,
});
export type HandoverListPrint = z.infer<typeof HandoverListPrint>;

/** A parcel that a push or repeat did not take, and why. */
export const LeftOut = z.object({
  parcelId: StationId,
  orderNumber: OutsideNumber,
  waybill: OutsideNumber.nullable(),
  notice: Notice,
});
export type LeftOut = z.infer<typeof LeftOut>;
