/**
 * Takes in what a vendor says of a parcel on its way. Runs inside the caller's transaction: the history, the status
 * and the jobs that follow from a delivery are kept together or not at all, so a delivery is passed on exactly once.
 */
import { deliveryReports, isReport, reportLane, reportPlaces } from '../domain/lanes.ts';
import { askAgainMs, deliveryEvent, isFinal, signerIn, whereabouts, type TrackingPolicy } from '../domain/tracking.ts';
import type { DeliveryPayload, SignImagesPayload, TrackingAnswer } from '../domain/shipping.ts';
import type { Ids, RandomSource } from '../ports.ts';
import type { ParcelRecord, Store, TrackingRecord } from '../store/store.ts';
import { newJob, type PlannedJob } from './sealing.ts';

export interface AnswerContext {
  readonly store: Store;
  readonly ids: Ids;
  readonly random: RandomSource;
  readonly policy: TrackingPolicy;
  /** What vendors want to hear of a delivery, in order. */
  readonly onward: readonly PlannedJob[];
}

/** Spreads the questions of parcels that left together. */
const jitter = 0.1;

/** When the parcel is asked about next, or null if it is too old. */
export function nextAskAt(
  context: AnswerContext,
  record: TrackingRecord,
  failures: number,
  now: number,
): number | null {
  const waitMs = askAgainMs(now - record.startedAt, failures, context.policy);
  return waitMs === null ? null : now + Math.floor(waitMs * (1 + jitter * context.random.next()));
}

/** One answer about one parcel, heard at `heardAt`. Returns true if it says that the parcel was delivered, first. */
export function takeAnswer(
  context: AnswerContext,
  parcel: ParcelRecord,
  record: TrackingRecord,
  answer: TrackingAnswer,
  heardAt: number,
): boolean {
  const { store } = context;
  const { vendor } = record;
  const before = { status: record.status, vendorStatus: record.vendorStatus, at: record.statusAt };
  const after = whereabouts(before, answer, heardAt);
  const changed = after.status !== before.status || after.vendorStatus !== before.vendorStatus;
  const { status, vendorStatus } = after;
  const events =
    answer.events.length === 0 && changed ? [{ at: null, status, vendorStatus, place: '', text: '' }] : answer.events;
  store.tracking.addEvents(parcel.id, vendor, events, heardAt);

  const closed = isFinal(status) ? status : null;
  const askAt = closed === null ? nextAskAt(context, record, 0, heardAt) : null;
  const deliveredAt = record.deliveredAt ?? (status === 'delivered' ? (after.at ?? heardAt) : null);
  store.tracking.update({
    ...record,
    status,
    vendorStatus,
    statusAt: after.at,
    lastHeardAt: heardAt,
    nextAskAt: askAt,
    failures: 0,
    lastError: null,
    deliveredAt,
    closed: closed ?? (askAt === null ? 'too-old' : null),
  });
  const about = { orderId: parcel.orderId, parcelId: parcel.id };
  if (changed) store.events.append('tracking-changed', about, { vendor, status, vendorStatus });
  if (deliveredAt === null || record.deliveredAt !== null) return false;
  passOn(context, parcel, answer, heardAt);
  return true;
}

/** The jobs of a delivery. Each has a fixed place in its vendor's lane, which can be taken once only. */
function passOn(context: AnswerContext, parcel: ParcelRecord, answer: TrackingAnswer, at: number): void {
  const { store, ids } = context;
  const about = { orderId: parcel.orderId, parcelId: parcel.id };
  const event = deliveryEvent(answer, at);
  const delivery: DeliveryPayload = { event, signedBy: answer.signedBy ?? signerIn(event.text) };
  for (const planned of context.onward) {
    const { operation, vendor } = planned;
    if (!isReport(operation) || !deliveryReports.includes(operation)) continue;
    const images = answer.images ?? [];
    if (operation === 'pushSignImages' && images.length === 0) {
      // A push of pictures without a picture would be refused; what is missing is on the record.
      store.events.append('sign-images-missing', about, { vendor });
      continue;
    }
    const payload = operation === 'pushSignImages' ? ({ ...delivery, images } satisfies SignImagesPayload) : delivery;
    const job = newJob(ids, planned, parcel.facts, reportPlaces[operation], at);
    store.jobs.insertOnce({ ...job, lane: reportLane(parcel.id, vendor), payload });
  }
}
