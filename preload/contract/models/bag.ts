/** The Bags screen: several big bags side by side, filled, weighed, closed and labelled by scanner alone. */
import { z } from 'zod';
import { Grams, Instant, Notice, OutsideNumber, StationId } from './primitives.ts';
import { PrintState } from './order.ts';
import { Person, ScanFeedback } from './pack.ts';

/** What has to be the same for parcels to travel in one bag. */
export const BagRouteView = z.object({
  vendor: z.string(),
  vendorName: z.string(),
  service: z.string().nullable(),
  destination: z.string(),
});
export type BagRouteView = z.infer<typeof BagRouteView>;

/**
 * `filling` open · `closing` closed, the carrier is being told · `label` its label is to be printed or is in the printer ·
 * `scan-back` the label is out, scan it · `ready` labelled, waits for the hand-over · `attention` a person decides ·
 * `voided` · `handed-over`.
 */
export const BagStage = z.enum([
  'filling',
  'closing',
  'label',
  'scan-back',
  'ready',
  'attention',
  'voided',
  'handed-over',
]);
export type BagStage = z.infer<typeof BagStage>;

export const BagView = z.object({
  id: StationId,
  /** Ours; the barcode of the bag until the carrier gives its own. */
  number: OutsideNumber,
  vendorBagNumber: OutsideNumber.nullable(),
  route: BagRouteView,
  stage: BagStage,
  parcels: z.number().int().nonnegative(),
  /** Sum of its parcels' weights. */
  parcelsWeightG: Grams,
  tareG: Grams,
  grossWeightG: Grams.nullable(),
  maxParcels: z.number().int().positive(),
  maxWeightG: Grams,
  openedAt: Instant,
  closedAt: Instant.nullable(),
  voidReason: z.string().nullable(),
  /** The bag it goes on from after that one was voided. */
  follows: StationId.nullable(),
  /** Its label: whose it is, the number its barcode carries, and the newest attempt to print it. Null before it closed. */
  label: z
    .object({ from: z.enum(['carrier', 'desk']), number: OutsideNumber, print: PrintState.nullable() })
    .nullable(),
  /** What keeps it from going on, in words, or null. */
  notice: Notice.nullable(),
  /** The job a person has to decide about (`job:<id>` of the attention list), for `attention`. */
  jobId: StationId.nullable(),
});
export type BagView = z.infer<typeof BagView>;

export const BagParcelView = z.object({
  parcelId: StationId,
  orderNumber: OutsideNumber,
  waybill: OutsideNumber.nullable(),
  weightG: Grams,
  baggedAt: Instant.nullable(),
});
export type BagParcelView = z.infer<typeof BagParcelView>;

/**
 * What the next parcel scan means. `take-out` and `move` hold for one scan; `weigh` waits for the chosen bag on the scale,
 * and any parcel scan ends it; `recount` counts the chosen bag's parcels down until another command is given.
 */
export const BagMode = z.enum(['put-in', 'take-out', 'move', 'weigh', 'recount']);
export type BagMode = z.infer<typeof BagMode>;

/** Keys, buttons and `PB:BAG:<command>` barcodes: all three do the same. */
export const BagCommand = z.enum([
  /** The next scan puts in (the usual mode), takes out, or moves into the chosen bag. */
  'put-in',
  'take-out',
  'move',
  /** Opens a bag for the route in the call; without one, for the parcel refused last, which then goes in. */
  'open',
  /** Weighs and closes the chosen bag; a wrong weight asks. */
  'close',
  /** After a wrong weight: count again, or a supervisor closes it all the same (or without a scale), with a reason. */
  'recount',
  'close-anyway',
  /** In a recount: what was not found is taken out of the bag and is loose again. */
  'take-out-missing',
  /** Gives up the chosen bag, with a reason; opens a voided one again under a new number. */
  'void',
  'reopen',
  /** The label of the chosen bag: another copy, it is here, it did not come. */
  'reprint',
  'label-here',
  'no-label',
  /** Tries again what was refused. */
  'retry',
  /** Nobody but the carrier's own screen can tell: it did it (the next scan may be the number it gave), it did not. */
  'vendor-did',
  'vendor-did-not',
  /** Takes back the last scan. */
  'undo-scan',
]);
export type BagCommand = z.infer<typeof BagCommand>;

/** A wrong weight: what was expected, what was found, and the likely cause. */
export const BagMismatchView = z.object({
  expectedG: Grams,
  foundG: Grams,
  differenceG: Grams,
  toleranceG: Grams,
  cause: z.enum(['one-too-few', 'one-too-many', 'several-too-few', 'several-too-many', 'unclear']),
  /** Parcels that would explain it, most likely first. */
  candidates: z.array(BagParcelView),
});
export type BagMismatchView = z.infer<typeof BagMismatchView>;

/** A route a bag can be opened for, as `bags.command` takes it. */
export const BagRoute = z.object({
  vendor: z.string().max(40),
  service: z.string().max(80).nullable(),
  destination: z.string().max(40),
});
export type BagRoute = z.infer<typeof BagRoute>;

export const BagsSnapshot = z.object({
  /** Being filled, oldest first. */
  open: z.array(BagView).max(100),
  /** Closed and still here, oldest first. */
  waiting: z.array(BagView).max(200),
  /** Voided and not opened again, newest first. */
  voided: z.array(BagView).max(20),
  /** The bag that weighing, closing and commands are about; null if none is chosen. */
  chosen: BagView.nullable(),
  /** Its newest parcels, newest first. */
  content: z.array(BagParcelView).max(200),
  mode: BagMode,
  /** Of the chosen bag. */
  mismatch: BagMismatchView.nullable(),
  /** A recount of the chosen bag: what was found so far, and what is still missing (at most 200, in the order of the bag). */
  recount: z.object({ counted: z.number().int(), missing: z.array(BagParcelView).max(200) }).nullable(),
  /** Labelled parcels in no bag, by route: what is still to be bagged, and for which a bag can be opened. */
  loose: z
    .array(z.object({ route: BagRouteView, parcels: z.number().int(), weightG: Grams, open: z.boolean() }))
    .max(500),
  next: Notice,
  /** The code that must be scanned now to go on, where there is just one (scan-back). Shown in training only. */
  expects: OutsideNumber.nullable(),
  last: ScanFeedback.nullable(),
  /** Questions with one key each; empty if there is none. `reason`: the command wants one (void, reprint, close-anyway). */
  options: z.array(z.object({ command: BagCommand, key: z.string(), reason: z.boolean() })),
  packer: Person.nullable(),
  supervisor: Person.nullable(),
});
export type BagsSnapshot = z.infer<typeof BagsSnapshot>;
