/** The printers of a desk as Settings show them, and one label as the label inspector shows it. */
import { z } from 'zod';
import { PrinterState, PrinterUse } from './device.ts';
import { PrintState } from './order.ts';
import { Instant, Notice, OutsideNumber, StationId } from './primitives.ts';

/** A printer as the profile names it. */
export const PrinterId = z.string().min(1).max(32);

export const PrinterDetail = z.object({
  id: PrinterId,
  link: z.string(),
  /** Make and model, or null if the profile describes it by its fields. */
  model: z.string().nullable(),
  /** Where the model's facts are from; empty without a model. `evidence` as in resources/printers. */
  source: z.string(),
  evidence: z.enum(['manual', 'public', 'unverified']).nullable(),
  notes: z.array(z.string()),
  language: z.string(),
  dpi: z.number().int(),
  widthMm: z.number(),
  heightMm: z.number(),
  tracking: z.enum(['gap', 'mark', 'continuous']),
  use: z.array(PrinterUse),
  fallback: PrinterId.nullable(),
  /** False: it never answers, so each label is unknown until it is scanned. */
  answers: z.boolean(),
  virtual: z.boolean(),
  state: PrinterState,
  reasons: z.array(Notice),
  warnings: z.array(Notice),
  lastAnswerAt: Instant.nullable(),
  labelsLeft: z.object({ count: z.number().int(), estimated: z.boolean() }).nullable(),
  /** Where the calibration command is described, or null if there is none. */
  calibration: z.string().nullable(),
  /** The last test print. */
  test: z.object({ code: z.string(), at: Instant, confirmedAt: Instant.nullable() }).nullable(),
});
export type PrinterDetail = z.infer<typeof PrinterDetail>;

/** A slip that goes with an order: what is in the carton, or the packing slip for the receiver. */
export const SlipKind = z.enum(['contents', 'packing']);
export type SlipKind = z.infer<typeof SlipKind>;

/** Papers of the desk itself: command barcodes, how to set a scanner, badge cards of everybody in the profile. */
export const SheetKind = z.enum(['commands', 'scanner', 'badges']);
export type SheetKind = z.infer<typeof SheetKind>;

/** What came of a paper that is no label. `notice` says it. */
export const PaperPrint = z.object({
  /** `not-printed`: nothing was written. `unknown`: bytes left, and the printer does not say what came of them. */
  outcome: z.enum(['printed', 'not-printed', 'unknown']),
  /** The printer that was asked, or null if this desk has none for it. */
  printerId: PrinterId.nullable(),
  pages: z.number().int(),
  notice: Notice,
});
export type PaperPrint = z.infer<typeof PaperPrint>;

/** A sheet as a PDF of A4 pages, at most fifty. */
export const SheetFile = z.object({
  fileName: z.string().max(100),
  mimeType: z.literal('application/pdf'),
  base64: z.string().max(16_000_000),
  pages: z.number().int().max(50),
});
export type SheetFile = z.infer<typeof SheetFile>;

/** The two labels of a parcel. */
export const ParcelLabelKind = z.enum(['carrier', 'lpn']);
export type ParcelLabelKind = z.infer<typeof ParcelLabelKind>;

/** A parcel whose labels can be looked at. */
export const LabelledParcel = z.object({
  parcelId: StationId,
  orderId: StationId,
  orderNumber: z.string(),
  waybill: OutsideNumber.nullable(),
  lpn: z.string(),
  carrier: z.string(),
  sealedAt: Instant,
});
export type LabelledParcel = z.infer<typeof LabelledParcel>;

/** One attempt to print. */
export const PrintView = z.object({
  id: StationId,
  kind: z.string(),
  state: PrintState,
  /** 0 the first print; n for REPRINT n. */
  copy: z.number().int(),
  printerId: z.string(),
  reason: z.string(),
  /** Who asked for it, if somebody was signed on. */
  by: z.string(),
  /** Bytes the operating system took; -1 while that is not known. */
  bytes: z.number().int(),
  message: z.string(),
  at: Instant,
  settledAt: Instant.nullable(),
});
export type PrintView = z.infer<typeof PrintView>;

export const LabelInspection = z.object({
  parcel: LabelledParcel,
  kind: ParcelLabelKind,
  /** As the vendor gave it; null for labels of our own. */
  artwork: z
    .object({
      type: z.string(),
      bytes: z.number().int(),
      sha256: z.string(),
      /** Pictures up to 2 MB, for the screen; else null. */
      base64: z.string().nullable(),
      /** The beginning of artwork that is text (ZPL, EPL); else null. */
      text: z.string().nullable(),
    })
    .nullable(),
  /** The printer the bytes below are for; null if this desk has none. */
  printer: PrinterDetail.pick({ id: true, language: true, dpi: true, widthMm: true, heightMm: true }).nullable(),
  /** Printers it could come out of. */
  printers: z.array(PrinterId),
  /** Why it may not be printed, or cannot be made for this printer. */
  held: z.object({ code: z.string(), message: z.string(), notice: Notice }).nullable(),
  /** Commands of another printer language were drawn as dots: close to what their own printer makes of them. */
  drawnFrom: z.enum(['application/zpl', 'application/epl']).nullable(),
  /** The dots as they are burnt, one pixel each. */
  bitmap: z.object({ base64: z.string(), width: z.number().int(), height: z.number().int() }).nullable(),
  /** Why there is no picture although the label can be printed; empty else. */
  bitmapProblem: z.string(),
  codes: z.array(z.object({ text: z.string(), isWaybill: z.boolean() })),
  output: z
    .object({
      bytes: z.number().int(),
      /** Of the same dots without compression. */
      plainBytes: z.number().int(),
      /** The first bytes, hexadecimal and as text with dots for what cannot be shown. */
      headHex: z.string(),
      headText: z.string(),
    })
    .nullable(),
  prints: z.array(PrintView),
});
export type LabelInspection = z.infer<typeof LabelInspection>;
