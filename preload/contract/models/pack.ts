/** The pack screen: one order on the desk, and the one thing to do next. */
import { z } from 'zod';
import { Instant, Notice, OutsideNumber, StationId } from './primitives.ts';
import { OrderLine, OrderRow, ParcelView } from './order.ts';

/**
 * `idle` waits for an order or LPN scan · `items` scan the goods · `weigh` waits for a usable weight ·
 * `label` sealed, waits for the label to come out · `scan-back` scan the printed label ·
 * `stopped` something must be settled by a person first (`prompt` says what).
 */
export const PackStage = z.enum(['idle', 'items', 'weigh', 'label', 'scan-back', 'stopped']);
export type PackStage = z.infer<typeof PackStage>;

/**
 * The sound that goes with an answer; the renderer owns the audio. The last group is for parcels that may not go into a
 * bag: hands are busy there and eyes are on the sack, so each reason can be told by ear.
 */
export const Sound = z.enum([
  'item',
  'line-done',
  'order-open',
  'sealed',
  'done',
  'wrong',
  'stop',
  'ask',
  'none',
  'wrong-route',
  'twice',
  'elsewhere',
  'no-bag',
  'full',
  'void',
  'not-labelled',
  'not-accepted',
]);
export type Sound = z.infer<typeof Sound>;

export const ScanFeedback = z.object({
  /** Grows by one with every scan or command, so the same answer twice is still seen and heard twice. */
  seq: z.number().int(),
  at: Instant,
  code: z.string(),
  accepted: z.boolean(),
  notice: Notice,
  sound: Sound,
});
export type ScanFeedback = z.infer<typeof ScanFeedback>;

/** A question on the screen. Each option has one key. */
export const PackPrompt = z.object({
  kind: z.enum([
    'print-unknown',
    'label-held',
    'vendor-rejected',
    'vendor-unknown',
    'waybill-wanted',
    'address-unsure',
    'order-cancelled',
    'printer-blocked',
    'weight-refused',
  ]),
  notice: Notice,
  printId: StationId.nullable(),
  options: z.array(z.object({ command: z.string(), key: z.string() })),
  /** `address-unsure` only: the address in its parts as far as they are known, and whole as upstream wrote it. */
  address: z
    .object({ state: z.string(), city: z.string(), county: z.string(), line1: z.string(), whole: z.string() })
    .optional(),
});
export type PackPrompt = z.infer<typeof PackPrompt>;

/** A person at the desk, by badge. */
export const Person = z.object({
  badge: z.string().min(1).max(32),
  name: z.string().max(60),
  role: z.enum(['packer', 'supervisor']),
});
export type Person = z.infer<typeof Person>;

export const PackSnapshot = z.object({
  stage: PackStage,
  order: OrderRow.nullable(),
  remark: z.string(),
  lines: z.array(OrderLine),
  parcel: ParcelView.nullable(),
  /** What the label on the desk is: the carrier's, or our own rack label while the line is down. */
  labelKind: z.enum(['carrier', 'lpn']).nullable(),
  /** The code the packer must scan now to go on, where there is just one (scan-back). Shown in training only. */
  expects: OutsideNumber.nullable(),
  next: Notice,
  last: ScanFeedback.nullable(),
  prompt: PackPrompt.nullable(),
  /** Who packs here, by badge; null or absent if nobody signed on. */
  packer: Person.nullable().optional(),
  /** A supervisor who scanned a badge just now, and may let one thing pass. */
  supervisor: Person.nullable().optional(),
});
export type PackSnapshot = z.infer<typeof PackSnapshot>;

/** Commands: a key, a button or a `PB:` command barcode; all three do the same. */
export const PackCommand = z.enum([
  'release-order',
  'label-here',
  'no-label',
  'reprint',
  'retry',
  'skip-scan-back',
  'override-weight',
  'recount-items',
  'tare',
  'tare-stay',
  'tare-clear',
  'undo-scan',
  'print-slip',
  'vendor-did',
  'vendor-did-not',
  'sign-off',
]);
export type PackCommand = z.infer<typeof PackCommand>;
