/** Every call the screen (or a second screen, a test, the command line) can make. This list is the allowlist. */
import { z } from 'zod';
import { BagCommand, BagParcelView, BagRoute, BagView } from './models/bag.ts';
import { DiagnosticReport, TrainingState } from './models/device.ts';
import { DeviceChange, DeviceKind, DeviceLink, DevicesSnapshot, WrittenDevice } from './models/device-room.ts';
import { SettingProblem } from './models/device-settings.ts';
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
} from './models/handover.ts';
import { AttentionItem, OrderDetail, OrderRow, OrderStatus } from './models/order.ts';
import { PackCommand, ScanFeedback } from './models/pack.ts';
import { Grams, Instant, Locale, Notice, OutsideNumber, Problem, StationId } from './models/primitives.ts';
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
} from './models/printer.ts';
import { RoutePreview, RouteRules } from './models/route.ts';
import { ScanManner, ScannerId, ScannerPlace, ScannerRefusal } from './models/scan.ts';

/** One call: what goes in, what comes out, and after how long a client stops waiting. */
export interface CallDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly input: I;
  readonly output: O;
  readonly timeoutMs: number;
}

function call<I extends z.ZodType, O extends z.ZodType>(definition: CallDefinition<I, O>): CallDefinition<I, O> {
  return definition;
}

const Nothing = z.object({});

export const calls = {
  'station.info': call({
    input: Nothing,
    output: z.object({
      version: z.string(),
      deskId: z.string(),
      site: z.string(),
      locale: Locale,
      training: z.boolean(),
      startedAt: Instant,
    }),
    timeoutMs: 5_000,
  }),
  'orders.list': call({
    input: z.object({
      status: OrderStatus.nullable().default(null),
      search: z.string().max(200).default(''),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    output: z.object({ revision: z.number().int(), total: z.number().int(), rows: z.array(OrderRow) }),
    timeoutMs: 5_000,
  }),
  'orders.get': call({ input: z.object({ orderId: StationId }), output: OrderDetail, timeoutMs: 5_000 }),
  'orders.sync': call({ input: Nothing, output: z.object({ pulled: z.number().int() }), timeoutMs: 60_000 }),
  /** Corrects an address the carrier could not take, and places the order again. */
  'orders.correctAddress': call({
    input: z.object({
      orderId: StationId,
      state: z.string().trim().min(1).max(60),
      city: z.string().trim().min(1).max(60),
      /** Empty for the few cities without counties. */
      county: z.string().trim().max(60),
      line1: z.string().trim().min(1).max(200),
    }),
    output: Nothing,
    timeoutMs: 5_000,
  }),
  'routes.get': call({
    input: Nothing,
    output: z.object({
      routes: RouteRules,
      /** Vendors that ship. */
      carriers: z.array(z.object({ id: z.string(), name: z.string() })),
      /** Vendors that give orders. */
      upstreams: z.array(z.string()),
      /** False if this station was started without a profile file. */
      savable: z.boolean(),
    }),
    timeoutMs: 5_000,
  }),
  /** Tries rules on the waiting orders; keeps nothing. */
  'routes.preview': call({ input: z.object({ routes: RouteRules }), output: RoutePreview, timeoutMs: 30_000 }),
  /** Writes the rules into the profile file; they hold from the next order on. */
  'routes.save': call({ input: z.object({ routes: RouteRules }), output: Nothing, timeoutMs: 10_000 }),
  'pack.scan': call({
    input: z.object({
      /** The scanned text without prefix and terminator. */
      code: z.string().min(1).max(2_048),
      source: z.enum(['wedge', 'keyboard', 'device', 'demo']).default('wedge'),
      manner: ScanManner.optional(),
    }),
    output: ScanFeedback,
    timeoutMs: 5_000,
  }),
  'pack.command': call({
    input: z.object({ command: PackCommand, reason: z.string().max(200).default('') }),
    output: ScanFeedback,
    timeoutMs: 5_000,
  }),
  /**
   * Takes a scan that waits in the topic `scanners`, to be sent on as `pack.scan`, `bags.scan` or `day.scan`. Null if another
   * screen was first, or the station took it itself because no screen did in time.
   */
  'scanners.take': call({
    input: z.object({ seq: z.number().int() }),
    output: z.object({
      scan: z
        .object({
          /** Empty if it was refused. */
          code: z.string().max(2_048),
          /** Tail of a locale key `scan.refused-…`. */
          refusal: ScannerRefusal.nullable(),
          scanner: ScannerId,
          place: ScannerPlace,
        })
        .nullable(),
    }),
    timeoutMs: 5_000,
  }),
  'bags.scan': call({
    input: z.object({
      /** The scanned text without prefix and terminator. */
      code: z.string().min(1).max(2_048),
      source: z.enum(['wedge', 'keyboard', 'device', 'demo']).default('wedge'),
      manner: ScanManner.optional(),
    }),
    output: ScanFeedback,
    timeoutMs: 5_000,
  }),
  'bags.command': call({
    input: z.object({
      command: BagCommand,
      /** The bag it is about, which becomes the chosen one; null: the chosen one. */
      bagId: StationId.nullable().default(null),
      /** For `open`: the route; null: that of the parcel refused last. */
      route: BagRoute.nullable().default(null),
      reason: z.string().max(200).default(''),
    }),
    output: ScanFeedback,
    timeoutMs: 5_000,
  }),
  /** One bag with all that is in it, in the order of the scans; of a voided bag, what was in it. */
  'bags.get': call({
    input: z.object({ bagId: StationId }),
    output: z.object({ bag: BagView, content: z.array(BagParcelView).max(5_000) }),
    timeoutMs: 5_000,
  }),
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
  'attention.list': call({ input: Nothing, output: z.object({ items: z.array(AttentionItem) }), timeoutMs: 5_000 }),
  'attention.resolve': call({
    input: z.object({
      id: z.string().max(200),
      action: z.enum(['retry', 'reprint', 'label-here', 'no-label', 'abandon', 'adopt', 'resend', 'exists', 'seen']),
      reason: z.string().max(200).default(''),
      /** With `exists`: the number the vendor's own screen shows. */
      waybill: OutsideNumber.optional(),
    }),
    output: Nothing,
    timeoutMs: 5_000,
  }),
  /** Tries everything of one group again, after an update or a repair: `group` of an attention item. */
  'attention.retryAll': call({
    input: z.object({ group: z.string().max(200), reason: z.string().max(200).default('') }),
    output: z.object({ retried: z.number().int() }),
    timeoutMs: 30_000,
  }),
  /** The record of an order as a file, with the result of checking its chain. */
  'audit.export': call({
    input: z.object({ orderId: StationId, format: z.enum(['json', 'csv']).default('json') }),
    output: z.object({
      fileName: z.string(),
      mimeType: z.string(),
      text: z.string(),
      rows: z.number().int(),
      /** The first row whose hash does not follow, or null if the whole record is unbroken. */
      brokenAt: z.number().int().nullable(),
    }),
    timeoutMs: 30_000,
  }),
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
  /** Asks the operating system anew what is plugged in; the topic `devices` has the same. */
  'devices.list': call({ input: Nothing, output: DevicesSnapshot, timeoutMs: 10_000 }),
  /**
   * Finds out how a device talks and proposes what fits: a scale and a printer are asked, a measuring machine and a scanner
   * listened to. The topic `deviceSession` shows how far it is and what a person has to do. ContractError `refused` if the desk
   * uses the link. Ends the session before it.
   */
  'devices.detect': call({
    input: z.object({
      link: DeviceLink,
      kind: DeviceKind,
      /** Also asks what may have an effect on the device (`askMore` of the session); a person was told and wants it. */
      askAll: z.boolean().default(false),
    }),
    output: z.object({ number: z.number().int() }),
    timeoutMs: 10_000,
  }),
  /**
   * Shows every frame of a device (`deviceSession`), at most five minutes. A device the desk uses is listened to; another
   * link is opened. With `test`, the session waits for what shows that the device works, and says so step by step.
   */
  'devices.watch': call({
    input: z.object({
      kind: DeviceKind,
      /** As it would stand in the profile; `link` in it. */
      device: WrittenDevice,
      test: z.boolean().default(false),
    }),
    output: z.object({ number: z.number().int() }),
    timeoutMs: 10_000,
  }),
  /** Ends detection, watching or testing; nothing happens if none runs. */
  'devices.stop': call({ input: Nothing, output: Nothing, timeoutMs: 10_000 }),
  /** What keeps a device from being used as it is, each at its place; empty: nothing does. Nothing is opened or written. */
  'devices.check': call({
    input: z.object({ kind: DeviceKind, device: WrittenDevice, replaces: z.string().max(40).nullable().default(null) }),
    output: z.object({ problems: z.array(SettingProblem).max(40) }),
    timeoutMs: 5_000,
  }),
  /**
   * Writes a device into the profile file. `replaces`: the id of the one it takes the place of; null: a new one. ContractError
   * `refused` with one line, nothing written, if the profile would be wrong, was changed underneath, or nobody may.
   */
  'devices.save': call({
    input: z.object({ kind: DeviceKind, device: WrittenDevice, replaces: z.string().max(40).nullable().default(null) }),
    output: DeviceChange,
    timeoutMs: 15_000,
  }),
  /** Takes a device out of the profile file. */
  'devices.remove': call({
    input: z.object({ kind: DeviceKind, id: z.string().min(1).max(40) }),
    output: DeviceChange,
    timeoutMs: 15_000,
  }),
  /** Starts the station anew with the profile as it stands in the file; what is on the desk comes back. */
  'devices.restart': call({ input: Nothing, output: Nothing, timeoutMs: 30_000 }),
  /** Why does it not work? The steps for one device, in order; what comes after a failed one is skipped. */
  'devices.diagnose': call({
    input: z.object({ kind: DeviceKind, id: z.string().min(1).max(40) }),
    output: DiagnosticReport,
    timeoutMs: 60_000,
  }),
  'diagnose.run': call({ input: Nothing, output: DiagnosticReport, timeoutMs: 60_000 }),
  'training.get': call({ input: Nothing, output: TrainingState, timeoutMs: 5_000 }),
  'training.set': call({
    input: z.object({
      scaleGrams: Grams.optional(),
      scaleMode: TrainingState.shape.scale.shape.mode.optional(),
      scalePlugged: z.boolean().optional(),
      /** One of `scale.choices`. */
      scaleSpeaks: z.string().max(60).optional(),
      start: z.enum(['dws', 'scanner']).optional(),
      /** A parcel on the virtual machine, and what goes wrong: not read, sent twice, the line cut in the middle. */
      dws: z
        .object({
          fault: z.enum(['none', 'noread', 'twice', 'cut']).default('none'),
          /** Printable, without the separators of records. */
          barcode: z
            .string()
            .regex(/^[!-+\--:<-~]{0,80}$/)
            .default(''),
          grams: z.number().int().min(0).max(500_000),
          lengthMm: z.number().int().min(1).max(9_999),
          widthMm: z.number().int().min(1).max(9_999),
          heightMm: z.number().int().min(1).max(9_999),
        })
        .optional(),
      dwsPlugged: z.boolean().optional(),
      /** A code in front of the virtual scanner. */
      scan: z
        .string()
        .max(200)
        .regex(/^\P{Cc}+$/u)
        .optional(),
      scannerPlugged: z.boolean().optional(),
      printer: TrainingState.shape.printer.optional(),
      network: TrainingState.shape.network.optional(),
      vendor: z.object({ id: z.string(), fault: TrainingState.shape.vendors.element.shape.fault }).optional(),
    }),
    output: TrainingState,
    timeoutMs: 5_000,
  }),
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
/** What a caller passes (defaults may be left out). */
export type CallInput<N extends CallName> = z.input<Calls[N]['input']>;
/** What a handler receives (defaults filled in). */
export type CallRequest<N extends CallName> = z.output<Calls[N]['input']>;
/** What a caller gets. */
export type CallOutput<N extends CallName> = z.output<Calls[N]['output']>;
