/**
 * Takes in what a vendor says of a parcel on its way. Runs inside the caller's transaction: the history, the status
 * and the jobs that follow from a delivery are kept together or not at all, so a delivery is passed on exactly once.
 */
import { deliveryReports, isReport, reportLane, reportPlaces } from '../domain/lanes.ts';
import {
  askAgainMs,
  deliveryEvent,
  isFinal,
  proofWaitMs,
  signerIn,
  whereabouts,
  type TrackingPolicy,
} from '../domain/tracking.ts';
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
  /** True if this carrier can be asked for the proof of a delivery. */
  offersProof(vendor: string): boolean;
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
  passOn(context, parcel, vendor, answer, heardAt);
  return true;
}

/** The jobs of a delivery. Each has a fixed place in its vendor's lane, which can be taken once only. */
function passOn(
  context: AnswerContext,
  parcel: ParcelRecord,
  carrier: string,
  answer: TrackingAnswer,
  at: number,
): void {
  const { store, ids, policy } = context;
  const event = deliveryEvent(answer, at);
  const delivery: DeliveryPayload = { event, signedBy: answer.signedBy ?? signerIn(event.text) };
  for (const planned of context.onward) {
    const { operation, vendor } = planned;
    if (!isReport(operation) || !deliveryReports.includes(operation) || operation === 'pushSignImages') continue;
    const job = newJob(ids, planned, parcel.facts, reportPlaces[operation], at);
    store.jobs.insertOnce({ ...job, lane: reportLane(parcel.id, vendor), payload: delivery });
  }
  if (wantPictures(context, parcel.id).length === 0) return;
  const images = answer.images ?? [];
  const firstWaitMs = context.offersProof(carrier) ? proofWaitMs(0, policy) : null;
  if (images.length > 0) passPictures(context, parcel, { ...delivery, images }, at);
  else if (firstWaitMs !== null) store.proofs.start(parcel.id, carrier, delivery, at, at + firstWaitMs);
  else if (!store.proofs.isWaiting(parcel.id)) picturesMissing(context, parcel);
}

/** Who wants the pictures of this parcel's delivery and was not given them yet. */
export function wantPictures({ store, onward }: AnswerContext, parcelId: string): readonly PlannedJob[] {
  return onward.filter(
    ({ operation, vendor }) =>
      operation === 'pushSignImages' &&
      !store.jobs.listByLane(reportLane(parcelId, vendor)).some((job) => job.operation === operation),
  );
}

/** One job for each who wants the pictures. Inside the caller's transaction. */
export function passPictures(
  context: AnswerContext,
  parcel: ParcelRecord,
  payload: SignImagesPayload,
  at: number,
): void {
  for (const planned of wantPictures(context, parcel.id)) {
    const job = newJob(context.ids, planned, parcel.facts, reportPlaces.pushSignImages, at);
    context.store.jobs.insertOnce({ ...job, lane: reportLane(parcel.id, planned.vendor), payload });
  }
}

/** A push of pictures without a picture would be refused; what is missing is on the record. */
export function picturesMissing(context: AnswerContext, parcel: ParcelRecord): void {
  const about = { orderId: parcel.orderId, parcelId: parcel.id };
  for (const { vendor } of wantPictures(context, parcel.id)) {
    context.store.events.append('sign-images-missing', about, { vendor });
  }
}
