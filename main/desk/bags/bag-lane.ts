/** A bag's lane: the jobs that tell the carrier of it, and their places. */
import type { DocumentJob } from '../../domain/job.ts';
import type { Store } from '../../store/store.ts';

export const bagLane = (bagId: string): string => `bag:${bagId}`;

/** The bag a lane belongs to, or null if it is no bag's. */
export function bagOfLane(lane: string): string | null {
  return lane.startsWith('bag:') ? lane.slice('bag:'.length) : null;
}

/**
 * Places in the lane. Voiding comes before the label: a bag that is void needs none, and must not wait behind one that
 * cannot be had. A label that is asked for again has the place behind the first.
 */
export const bagPlaces = { createBag: 10, voidBag: 20, bagLabel: 30 } as const;

/** The fact a bag waits for before the carrier hears of it: that its parcels' earlier bags are void there. */
export const earlierBagsVoid = 'earlier-bags-void';

export function jobsOf(store: Store, bagId: string): DocumentJob[] {
  return store.jobs.listByLane(bagLane(bagId)).filter((job): job is DocumentJob => job.facts === null);
}

/** One of these parcels was in a bag that is void here, and the carrier has not confirmed that yet. */
export function hasEarlierBag(store: Store, vendor: string, parcelIds: readonly string[]): boolean {
  const open = store.bags.listVoidOpen(vendor);
  if (open.length === 0) return false;
  const inside = new Set(parcelIds);
  return open.some((bag) => bag.voidedParcels.some((parcelId) => inside.has(parcelId)));
}
