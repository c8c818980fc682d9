/** Orders as the queue and the pack screen see them. */
import { z } from 'zod';
import { TrackingView } from './tracking.ts';
import { ParcelSizeView } from './dws.ts';
import { DurationMs, Grams, Instant, Notice, OutsideNumber, StationId } from './primitives.ts';

/**
 * Where an order stands at this desk.
 * `waiting` pulled, not started · `packing` open on the desk · `sealed` accepted, its jobs are running ·
 * `rack` sealed without a carrier label, waits on the rack under its LPN · `labelled` carrier label printed, not yet
 * scanned back · `shipped` label scanned back · `attention` a person must decide · `cancelled` cancelled upstream.
 */
export const OrderStatus = z.enum([
  'waiting',
  'packing',
  'sealed',
  'rack',
  'labelled',
  'shipped',
  'attention',
  'cancelled',
]);
export type OrderStatus = z.infer<typeof OrderStatus>;

export const OrderRow = z.object({
  id: StationId,
  number: OutsideNumber,
  vendor: z.string(),
  status: OrderStatus,
  customerName: z.string(),
  receiverName: z.string(),
  receiverAddress: z.string(),
  /** ISO 3166 alpha-2, `CN` where upstream says nothing. */
  country: z.string(),
  lineCount: z.number().int(),
  hasGift: z.boolean(),
  /** Date promised to the customer, `yyyy-MM-dd`, or null. */
  dueDate: z.string().nullable(),
  orderedAt: Instant.nullable(),
  waybill: OutsideNumber.nullable(),
  lpn: OutsideNumber.nullable(),
});
export type OrderRow = z.infer<typeof OrderRow>;

export const OrderLine = z.object({
  id: StationId,
  productCode: z.string(),
  productName: z.string(),
  /** The unit the customer ordered in (箱, 瓶, pcs). Progress counts this unit. */
  unitName: z.string(),
  /** Exact ordered quantity as upstream wrote it, trailing zeros removed: `20`, `1.5`. */
  quantity: z.string(),
  /** Scans needed to fulfil the line: the whole units, plus one for a fractional rest. */
  scansNeeded: z.number().int().nonnegative(),
  scansDone: z.number().int().nonnegative(),
  gift: z.boolean(),
  /** The same quantity in the base unit, for the packer's information. */
  baseQuantity: z.string().nullable(),
  baseUnitName: z.string().nullable(),
  remark: z.string(),
});
export type OrderLine = z.infer<typeof OrderLine>;

export const PrintState = z.enum(['claimed', 'preflight', 'sending', 'printed', 'not-printed', 'unknown']);
export type PrintState = z.infer<typeof PrintState>;

export const ParcelView = z.object({
  id: StationId,
  weightG: Grams.nullable(),
  /** The container that was taken off; the scale showed `weightG` plus this. Absent is none. */
  tareG: Grams.optional(),
  /** As a machine measured it; null or absent if none did. */
  size: ParcelSizeView.nullable().optional(),
  waybill: OutsideNumber.nullable(),
  lpn: OutsideNumber.nullable(),
  carrier: z.string().nullable(),
  service: z.string().nullable(),
  sealedAt: Instant.nullable(),
  labelPrint: PrintState.nullable(),
  lpnPrint: PrintState.nullable(),
  verifiedAt: Instant.nullable(),
  trackingUploadedAt: Instant.nullable(),
});
export type ParcelView = z.infer<typeof ParcelView>;

/** One row of the append-only record of a parcel or order. */
export const TimelineEntry = z.object({
  seq: z.number().int(),
  at: Instant,
  kind: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const OrderDetail = z.object({
  order: OrderRow,
  remark: z.string(),
  lines: z.array(OrderLine),
  parcels: z.array(ParcelView),
  timeline: z.array(TimelineEntry),
  /** One per parcel and vendor asked; empty before hand-over. */
  tracking: z.array(TrackingView).optional(),
});
export type OrderDetail = z.infer<typeof OrderDetail>;

export const QueueSnapshot = z.object({
  /** Grows with every change to any order; a client re-reads its visible rows when it moves. */
  revision: z.number().int(),
  counts: z.record(OrderStatus, z.number().int()),
});
export type QueueSnapshot = z.infer<typeof QueueSnapshot>;

/** Something only a person can decide; `actions` are the answers, one key each. */
export const AttentionItem = z.object({
  id: z.string(),
  orderId: StationId.nullable(),
  orderNumber: OutsideNumber.nullable(),
  /** The big bag it is about. */
  bagId: StationId.nullable().optional(),
  bagNumber: OutsideNumber.nullable().optional(),
  /** The scan form or manifest it is about; answered with `day.decide`. */
  handoverId: StationId.nullable().optional(),
  notice: Notice,
  since: Instant,
  actions: z.array(
    z.enum(['retry', 'reprint', 'label-here', 'no-label', 'abandon', 'adopt', 'resend', 'exists', 'seen']),
  ),
  /** The answer `exists` needs the vendor's waybill with it. */
  needsWaybill: z.boolean().optional(),
  /** Waits for the same thing as others of this vendor; all of them can be tried again at once. */
  group: z.string().optional(),
});
export type AttentionItem = z.infer<typeof AttentionItem>;
export const AgeMs = DurationMs.nullable();
