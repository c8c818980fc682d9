/** A parcel's way after hand-over, as the screen shows it: our word, the vendor's own, and how old both are. */
import type { TrackingView } from '../../preload/contract/index.ts';
import type { Store } from '../store/store.ts';

/** Newest events shown of one parcel. */
const mostShown = 200;

export function trackingViews(store: Store, parcelId: string): TrackingView[] {
  const records = store.tracking.listByParcel(parcelId);
  if (records.length === 0) return [];
  const heard = store.tracking.events(parcelId);
  return records.map(({ startedAt: _startedAt, statusAt: _statusAt, ...record }) => ({
    ...record,
    events: heard
      .filter((event) => event.vendor === record.vendor)
      .slice(-mostShown)
      .map(({ vendor: _vendor, ...event }) => event),
  }));
}
