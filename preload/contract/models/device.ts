/** What the status bar and the weight panel show. The screen tells the truth: unknown is a state of its own. */
import { z } from 'zod';
import { DwsStatus, DwsView, ParcelSizeView } from './dws.ts';
import { DurationMs, Grams, Instant, Notice } from './primitives.ts';

/**
 * `absent` no scale in the profile and none virtual · `connecting` link not open · `noise` bytes that are no frame ·
 * `silent` link open, no frame for 2 s · `waiting` the same of a scale that says each weight only once · the rest as the scale
 * says.
 */
export const ScaleState = z.enum([
  'absent',
  'connecting',
  'noise',
  'silent',
  'waiting',
  'moving',
  'stable',
  'overload',
  'underload',
]);
export type ScaleState = z.infer<typeof ScaleState>;

/** What the parcel on the desk should weigh, learned from earlier ones. */
export const ExpectedWeightView = z.object({
  expectedG: Grams,
  /** Inclusive. */
  fromG: Grams,
  toG: Grams,
  /** Goods so light that the range cannot tell whether one is missing, or null. */
  blindTo: z.string().nullable(),
});

/** A container whose weight is taken off what the scale shows. */
export const TareView = z.object({
  tareG: Grams,
  /** What the scale shows; null if it shows nothing fresh. */
  grossG: Grams.nullable(),
  /** Also for the parcels after this one. */
  stays: z.boolean(),
});

export const WeightSnapshot = z.object({
  scaleId: z.string().nullable(),
  state: ScaleState,
  /** Net: less the tare, where there is one. */
  grams: Grams.nullable(),
  /** When the frame behind `grams` arrived. */
  at: Instant.nullable(),
  /** True if this weight may be taken for the parcel on the desk right now. */
  usable: z.boolean(),
  /** Why it may not, in words. */
  reason: Notice.nullable(),
  virtual: z.boolean(),
  expected: ExpectedWeightView.nullable().optional(),
  tare: TareView.nullable().optional(),
  /** What the parcel would get along with this weight, if a machine measured it. */
  size: ParcelSizeView.nullable().optional(),
  /** The newest record of a dimension-weigh-scan machine, whosever it is. */
  dws: DwsView.nullable().optional(),
});
export type WeightSnapshot = z.infer<typeof WeightSnapshot>;

export const PrinterState = z.enum(['ready', 'printing', 'attention', 'offline', 'no-answer', 'unchecked']);
export type PrinterState = z.infer<typeof PrinterState>;

/** What comes out of a printer: labels for parcels and big bags, packing slips, A4 papers. */
export const PrinterUse = z.enum(['parcel', 'bag', 'slip', 'document']);
export type PrinterUse = z.infer<typeof PrinterUse>;

export const VendorState = z.enum(['online', 'offline', 'paused', 'refused', 'unchecked']);
export type VendorState = z.infer<typeof VendorState>;

export const StatusSnapshot = z.object({
  at: Instant,
  training: z.boolean(),
  vendors: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      state: VendorState,
      /** Served by the virtual twin. */
      virtual: z.boolean(),
      /** Uses at least one operation whose shape is our assumption, not the vendor's document. */
      assumed: z.boolean(),
      lastAnswerAt: Instant.nullable(),
      reason: Notice.nullable(),
    }),
  ),
  printers: z.array(
    z.object({
      id: z.string(),
      state: PrinterState,
      virtual: z.boolean(),
      lastAnswerAt: Instant.nullable(),
      reason: Notice.nullable(),
      /** Everything that keeps it from printing; the first is `reason`. */
      reasons: z.array(Notice).optional(),
      /** What does not keep it from printing. */
      warnings: z.array(Notice).optional(),
      use: z.array(PrinterUse).optional(),
      /** The printer that takes its labels while it cannot print. */
      fallback: z.string().nullable().optional(),
      /** `estimated`: counted from the last new roll, not said by the printer. */
      labelsLeft: z.object({ count: z.number().int(), estimated: z.boolean() }).nullable().optional(),
    }),
  ),
  scale: z.object({ id: z.string().nullable(), state: ScaleState, virtual: z.boolean() }),
  /** Dimension-weigh-scan machines; absent or empty if the desk has none. */
  dws: z.array(DwsStatus).max(16).optional(),
  outbox: z.object({
    open: z.number().int(),
    unknown: z.number().int(),
    dead: z.number().int(),
    /** Creation of the oldest job not done yet. */
    oldestAt: Instant.nullable(),
  }),
  sync: z.object({
    lastAt: Instant.nullable(),
    /** Alarm threshold from the profile: three missed polls. */
    lateAfterMs: DurationMs,
    reason: Notice.nullable(),
  }),
  attention: z.number().int(),
  /** Problems of the profile, a device or the store that a person can fix, each one line. */
  problems: z.array(Notice),
  network: z.enum(['up', 'cut']),
  /** How safe the station's records are; absent from stations that do not say. */
  records: z
    .object({
      /** The moment the newest good copy of the database shows. */
      snapshotAt: Instant.nullable(),
      /** The last check of the whole database. */
      checkedAt: Instant.nullable(),
      /** Room on the disk; `none`: nothing new is accepted. */
      room: z.enum(['enough', 'low', 'none']),
      freeBytes: z.number().nullable(),
      /** The last time the database was restored after damage. */
      restoredAt: Instant.nullable(),
    })
    .optional(),
});
export type StatusSnapshot = z.infer<typeof StatusSnapshot>;

export const DiagnosticStep = z.object({
  id: z.string(),
  title: z.string(),
  outcome: z.enum(['ok', 'warn', 'fail', 'skipped']),
  /** One line: the thing and the fix. */
  detail: z.string(),
  /** The same as a sentence of `resources/locales`, in both languages; absent from checks that have none. */
  notice: Notice.optional(),
  elapsedMs: DurationMs,
});
export const DiagnosticReport = z.object({
  at: Instant,
  version: z.string(),
  outcome: z.enum(['ok', 'warn', 'fail']),
  steps: z.array(DiagnosticStep),
});
export type DiagnosticStep = z.infer<typeof DiagnosticStep>;
export type DiagnosticReport = z.infer<typeof DiagnosticReport>;

/** The training panel: what the virtual devices and vendors do. */
export const TrainingState = z.object({
  scale: z.object({
    grams: z.number(),
    mode: z.enum(['steady', 'moving', 'overload', 'underload', 'noise', 'silent']),
    /** Absent or true: the scale the desk reads is the virtual one. */
    virtual: z.boolean().optional(),
    /** Absent: plugged in. */
    plugged: z.boolean().optional(),
    /** What it speaks: a protocol, and its form where that is not the usual one (`xk3190/reversed`). */
    speaks: z.string().optional(),
    /** What it may be told to speak; empty if the profile says it. */
    choices: z.array(z.string()).max(100).optional(),
  }),
  /** Absent or true: the panel drives the printer. */
  printerVirtual: z.boolean().optional(),
  /** The virtual dimension-weigh-scan machine; null or absent if there is none. */
  dws: z
    .object({
      id: z.string(),
      format: z.string(),
      plugged: z.boolean(),
      /** Records it has sent. */
      sent: z.number().int(),
    })
    .nullable()
    .optional(),
  /** The virtual serial scanner; null or absent if there is none. */
  scanner: z.object({ id: z.string(), plugged: z.boolean() }).nullable().optional(),
  /** Virtual devices that run only when they are asked for. */
  mayStart: z.array(z.enum(['dws', 'scanner'])).optional(),
  printer: z.enum(['ready', 'paper-out', 'head-open', 'paused', 'off', 'no-answer', 'cut-mid-label']),
  network: z.enum(['up', 'cut']),
  vendors: z.array(
    z.object({
      id: z.string(),
      fault: z.enum([
        'none',
        'slow',
        'cut-before',
        'cut-after',
        'error-500',
        'html',
        'throttle',
        'skew',
        'token-expired',
      ]),
    }),
  ),
  /** Labels the virtual printer has put out, newest last (at most 20), for a packer in training to scan. */
  tray: z.array(
    z.object({ id: z.string(), at: Instant, codes: z.array(z.string()), pngBase64: z.string().nullable() }),
  ),
});
export type TrainingState = z.infer<typeof TrainingState>;
