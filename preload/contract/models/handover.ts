/** The end of the day: what is handed over, the carrier's documents, and the re-scan at loading. */
import { z } from 'zod';
import { BagRouteView, BagView } from './bag.ts';
import { Grams, Instant, Notice, OutsideNumber, StationId } from './primitives.ts';
import { ScanFeedback } from './pack.ts';

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
  country: z.string().trim().max(2),
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

export const HandoverParcelView = z.object({
  parcelId: StationId,
  orderNumber: OutsideNumber,
  waybill: OutsideNumber.nullable(),
  state: z.enum(['open', 'ok', 'failed']),
  /** The carrier's words. */
  reason: z.string(),
});
export type HandoverParcelView = z.infer<typeof HandoverParcelView>;

/** `pushing` the carrier is being told or still at work · `through` · `partial` · `failed` · `attention` a person decides. */
export const HandoverView = z.object({
  id: StationId,
  kind: HandoverKind,
  reference: OutsideNumber,
  vendor: z.string(),
  vendorName: z.string(),
  stage: z.enum(['pushing', 'through', 'partial', 'failed', 'attention']),
  parcels: z.number().int(),
  bags: z.number().int(),
  failed: z.number().int(),
  weightG: Grams,
  createdAt: Instant,
  settledAt: Instant.nullable(),
  /** The document whose failed parcels it pushes again. */
  repeats: StationId.nullable(),
  /** The job a person has to decide about, for `attention`. */
  jobId: StationId.nullable(),
  notice: Notice.nullable(),
});
export type HandoverView = z.infer<typeof HandoverView>;

/** What may be chosen for a hand-over: one carrier, by service and destination. */
export const HandoverChoice = z.object({
  route: BagRouteView,
  /** Labelled bags. */
  bags: z.array(BagView),
  /** Labelled parcels in no bag. */
  loose: z.number().int(),
  parcels: z.number().int(),
  weightG: Grams,
  /** Why it cannot be handed over yet (a bag without its label, an open bag, a parcel not bagged), each in words. */
  obstacles: z.array(Notice),
});
export type HandoverChoice = z.infer<typeof HandoverChoice>;

/** The re-scan at loading: each bag and loose parcel of the chosen hand-over, once. */
export const LoadingView = z.object({
  vendor: z.string(),
  vendorName: z.string(),
  expected: z.number().int(),
  loaded: z.number().int(),
  missing: z.array(z.object({ number: OutsideNumber, kind: z.enum(['bag', 'parcel']) })).max(200),
  startedAt: Instant,
});
export type LoadingView = z.infer<typeof LoadingView>;

export const DaySnapshot = z.object({
  choices: z.array(HandoverChoice),
  documents: z.array(HandoverView).max(100),
  loading: LoadingView.nullable(),
  /** What was entered last, by carrier. */
  details: z.record(z.string(), z.object({ details: HandoverDetailsForm, flight: FlightForm.nullable() })),
  next: Notice,
  last: ScanFeedback.nullable(),
});
export type DaySnapshot = z.infer<typeof DaySnapshot>;
