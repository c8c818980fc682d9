/** Where a parcel is after hand-over. */
import { z } from 'zod';
import { Instant, StationId } from './primitives.ts';

/** In our words; `unclear` is a word of the vendor that we have no reading for. */
export const TrackingStatus = z.enum([
  'unclear',
  'not-found',
  'announced',
  'in-transit',
  'ready-for-pickup',
  'out-for-delivery',
  'delivered',
  'exception',
  'delivery-failed',
  'returned',
]);

/** One thing that happened on the way. The vendor's own words are always kept. */
export const TrackingEventView = z.object({
  /** The vendor's instant, or null where it gives none. */
  at: Instant.nullable(),
  status: TrackingStatus,
  vendorStatus: z.string(),
  place: z.string(),
  text: z.string(),
  /** When this desk first heard of it. */
  heardAt: Instant,
});
export type TrackingEventView = z.infer<typeof TrackingEventView>;

export const TrackingView = z.object({
  parcelId: StationId,
  vendor: z.string(),
  status: TrackingStatus,
  vendorStatus: z.string(),
  lastAskedAt: Instant.nullable(),
  /** When the vendor last said anything about this parcel: the age of the status. */
  lastHeardAt: Instant.nullable(),
  nextAskAt: Instant.nullable(),
  /** Questions in a row without an answer, and the last reason. */
  failures: z.number().int(),
  lastError: z.string().nullable(),
  deliveredAt: Instant.nullable(),
  /** Why nothing more is asked, or null. */
  closed: z.enum(['delivered', 'returned', 'too-old']).nullable(),
  /** Oldest first. */
  events: z.array(TrackingEventView),
});
export type TrackingView = z.infer<typeof TrackingView>;
