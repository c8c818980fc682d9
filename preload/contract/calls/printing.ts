/** Calls of printers, labels, slips and sheets. */
import { z } from 'zod';
import { Locale, Notice, Problem, StationId } from '../models/primitives.ts';
import {
  LabelInspection,
  LabelledParcel,
  PaperPrint,
  ParcelLabelKind,
  PrinterDetail,
  PrinterId,
  SheetFile,
  SheetKind,
  SlipKind,
} from '../models/printer.ts';
import { call, Nothing } from './call.ts';

export const printingCalls = {
  'printers.list': call({
    input: Nothing,
    output: z.object({ printers: z.array(PrinterDetail) }),
    timeoutMs: 5_000,
  }),
  /** Tells a printer to measure its media; paper moves. `sent` says that the command left, no more. */
  'printers.calibrate': call({
    input: z.object({ printerId: PrinterId }),
    output: z.object({ sent: z.boolean(), message: z.string(), cause: Problem.optional() }),
    timeoutMs: 30_000,
  }),
  /** Prints a test label; scanning its code confirms it. */
  'printers.testPrint': call({
    input: z.object({ printerId: PrinterId }),
    output: z.object({
      outcome: z.enum(['printed', 'not-printed', 'unknown']),
      code: z.string(),
      reasons: z.array(Notice),
      message: z.string(),
      /** What `message` says, in the screen's language. */
      cause: Problem.optional(),
    }),
    timeoutMs: 90_000,
  }),
  /** A new roll of so many labels was put in; null: how many is not known. */
  'printers.newRoll': call({
    input: z.object({ printerId: PrinterId, labels: z.number().int().min(1).max(100_000).nullable() }),
    output: Nothing,
    timeoutMs: 5_000,
  }),
  /** Parcels by waybill, rack label, order number or station id, newest first. */
  'labels.find': call({
    input: z.object({ query: z.string().trim().min(1).max(200) }),
    output: z.object({ parcels: z.array(LabelledParcel) }),
    timeoutMs: 5_000,
  }),
  /** One label of a parcel, made for a printer (null: the usual one) but not printed. */
  'labels.inspect': call({
    input: z.object({
      parcelId: StationId,
      kind: ParcelLabelKind.default('carrier'),
      printerId: PrinterId.nullable().default(null),
    }),
    output: LabelInspection,
    timeoutMs: 30_000,
  }),
  /** Prints a label again, marked REPRINT, on a printer somebody chose (null: the usual one). */
  'labels.reprint': call({
    input: z.object({
      parcelId: StationId,
      kind: ParcelLabelKind,
      reason: z.string().trim().min(1).max(200),
      printerId: PrinterId.nullable().default(null),
    }),
    output: z.object({ copy: z.number().int() }),
    timeoutMs: 10_000,
  }),
  /**
   * Prints a slip of an order: the packing slip on the printer for slips, the contents of the carton there or, without
   * one, on the printer for parcels. ContractError `refused` if the contents are asked for before the order is packed,
   * `conflict` while the same slip is on its way.
   */
  'slips.print': call({
    input: z.object({ orderId: StationId, kind: SlipKind }),
    output: PaperPrint,
    timeoutMs: 90_000,
  }),
  /** Prints what was packed since midnight, by carrier, on the receipt printer. */
  'slips.daySummary': call({ input: Nothing, output: PaperPrint, timeoutMs: 90_000 }),
  /** A sheet of the desk as a PDF. ContractError `refused` for badge cards if the profile lists nobody. */
  'sheets.file': call({
    input: z.object({ kind: SheetKind, locale: Locale }),
    output: SheetFile,
    timeoutMs: 60_000,
  }),
  /** The same on the printer for documents or, without one, on that for parcels. */
  'sheets.print': call({
    input: z.object({ kind: SheetKind, locale: Locale }),
    output: PaperPrint,
    timeoutMs: 120_000,
  }),
};
