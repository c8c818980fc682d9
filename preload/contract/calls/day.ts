/** Calls of the end of the day. */
import { z } from 'zod';
import { BagRoute } from '../models/bag.ts';
import {
  FlightForm,
  HandoverAction,
  HandoverDetailsForm,
  HandoverKind,
  HandoverListFile,
  HandoverListPrint,
  HandoverParcelState,
  HandoverParcelView,
  HandoverView,
  LeftOut,
} from '../models/handover.ts';
import { ScanFeedback } from '../models/pack.ts';
import { StationId } from '../models/primitives.ts';
import { PrinterId } from '../models/printer.ts';
import { ScanManner } from '../models/scan.ts';
import { call, Nothing } from './call.ts';

export const dayCalls = {
  /**
   * Hands a choice to the carrier as one scan form or manifest, or several if it is more than one document takes. Written
   * down before anything leaves; pushed as soon as the line allows. ContractError `refused` with one line, nothing
   * written, if there is nothing to push, a field the carrier needs is missing, or a named bag is not ready.
   */
  'day.push': call({
    input: z.object({
      kind: HandoverKind,
      vendor: z.string().min(1).max(40),
      /** All ready bags of these routes, unless `bagIds` names some. */
      routes: z.array(BagRoute.omit({ vendor: true })).max(500),
      /** Just these bags; null: all of `routes`. */
      bagIds: z.array(StationId).max(5_000).nullable().default(null),
      /** The loose parcels of `routes` as well; a manifest of a carrier with big bags takes none. */
      looseToo: z.boolean(),
      details: HandoverDetailsForm,
      flight: FlightForm.nullable(),
    }),
    output: z.object({
      handoverIds: z.array(StationId),
      parcels: z.number().int(),
      /** Parcels of the choice that stay behind (cancelled since, in another document), the first 200. */
      leftOut: z.array(LeftOut).max(200),
      leftOutCount: z.number().int(),
    }),
    timeoutMs: 60_000,
  }),
  /** Pushes what failed in a document once more, as a new document with a new reference. Refused if nothing is left. */
  'day.repeat': call({
    input: z.object({
      handoverId: StationId,
      /** Failed parcels that are to stay behind; the reason goes on record. */
      leaveOut: z.array(StationId).max(5_000).default([]),
      reason: z.string().trim().max(200).default(''),
      /** Null: as in the document. */
      details: HandoverDetailsForm.nullable().default(null),
      flight: FlightForm.nullable().default(null),
    }),
    output: z.object({
      handoverId: StationId,
      parcels: z.number().int(),
      leftOut: z.array(LeftOut).max(200),
      leftOutCount: z.number().int(),
    }),
    timeoutMs: 30_000,
  }),
  /** One document and a page of its parcels: failed ones first, then open, then those that are through. */
  'day.get': call({
    input: z.object({
      handoverId: StationId,
      state: HandoverParcelState.nullable().default(null),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    output: z.object({
      document: HandoverView,
      details: HandoverDetailsForm,
      total: z.number().int(),
      parcels: z.array(HandoverParcelView).max(500),
    }),
    timeoutMs: 5_000,
  }),
  /** A person's word about a document that stopped: one of its `actions`. */
  'day.decide': call({
    input: z.object({ handoverId: StationId, action: HandoverAction, reason: z.string().trim().max(200).default('') }),
    output: Nothing,
    timeoutMs: 5_000,
  }),
  /** Tells the carrier what happened to the flight of a manifest. The same node at the same time is told once. */
  'day.flight': call({
    input: z.object({
      handoverId: StationId,
      node: z.string().trim().min(1).max(60),
      /** Local time as the packer wrote it. */
      at: z
        .string()
        .trim()
        .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?$/, 'must look like 2026-11-22 18:30'),
      remark: z.string().trim().max(200).default(''),
    }),
    output: Nothing,
    timeoutMs: 5_000,
  }),
  /** Prints the hand-over list on the printer for documents, else for slips, else for labels. */
  'day.printList': call({
    input: z.object({ handoverId: StationId, printerId: PrinterId.nullable().default(null) }),
    output: HandoverListPrint,
    timeoutMs: 90_000,
  }),
  /** The same list as a PDF of A4 pages, for an office printer. */
  'day.listFile': call({ input: z.object({ handoverId: StationId }), output: HandoverListFile, timeoutMs: 60_000 }),
  /** The re-scan at loading; one at a time. It ends by itself when everything is scanned. */
  'day.loading': call({
    input: z.object({
      action: z.enum([
        /** For `vendor`: everything labelled that is here and was not refused by the carrier. */
        'start',
        /** What was scanned is handed over; what is missing stays here. With a reason if anything is missing. */
        'end',
        /** What is missing counts as handed over too, unproven: its code does not read. With a reason; a supervisor's. */
        'end-unread',
        /** Nothing is handed over; what was scanned counts as not loaded. With a reason. */
        'cancel',
      ]),
      vendor: z.string().max(40).default(''),
      reason: z.string().trim().max(200).default(''),
    }),
    output: ScanFeedback,
    timeoutMs: 10_000,
  }),
  /**
   * A scan at the end of the day: a bag or loose parcel at loading, a badge, `PB:DAY:END` (ends a loading that misses
   * nothing), `PB:DAY:UNDO` (takes the last one off the truck again).
   */
  'day.scan': call({
    input: z.object({
      code: z.string().min(1).max(2_048),
      source: z.enum(['wedge', 'keyboard', 'device', 'demo']).default('wedge'),
      manner: ScanManner.optional(),
    }),
    output: ScanFeedback,
    timeoutMs: 5_000,
  }),
};
