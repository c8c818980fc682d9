/**
 * What an answer about a parcel on its way means: its status now, when to ask again, and when to stop. Pure.
 * Vendors answer late, twice and out of order, so a status follows the instant of its event, never the order of
 * arrival, and a parcel that was delivered or returned stays so.
 */
import type { TrackingAnswer, TrackingEvent, TrackingStatus } from './shipping.ts';

/** Where a parcel stands. `at` is the instant of the event behind the status, or null before the first. */
export interface Whereabouts {
  readonly status: TrackingStatus;
  /** The vendor's own word for it. */
  readonly vendorStatus: string;
  readonly at: number | null;
}

export const nowhereYet: Whereabouts = { status: 'not-found', vendorStatus: '', at: null };

/** Nothing more is asked about these. */
export function isFinal(status: TrackingStatus): status is 'delivered' | 'returned' {
  return status === 'delivered' || status === 'returned';
}

/** Says something about the way; `unclear` and `not-found` do not. */
function isTelling(status: TrackingStatus): boolean {
  return status !== 'unclear' && status !== 'not-found';
}

/**
 * Where the parcel stands after `answer`, which came at `heardAt`. Of the answer's own status and its events, the one
 * that is final wins, then the latest in time. What tells nothing, or is older than what is known, changes nothing.
 */
export function whereabouts(before: Whereabouts, answer: TrackingAnswer, heardAt: number): Whereabouts {
  if (isFinal(before.status)) return before;
  const newest = latest(answer.events);
  const told = latest(answer.events.filter((event) => event.status === answer.status));
  // The answer's own status is about now, unless one of its events says when it came to be.
  const present = told?.at ?? newest?.at ?? heardAt;
  const own: Whereabouts = { status: answer.status, vendorStatus: answer.vendorStatus, at: present };
  const candidates: Whereabouts[] = [
    own,
    ...answer.events.map(({ status, vendorStatus, at }) => ({ status, vendorStatus, at: at ?? present })),
  ];
  const final = candidates.filter((each) => isFinal(each.status));
  const telling = candidates.filter((each) => isTelling(each.status));
  const found = latest(final) ?? latest(telling);
  if (found === null) {
    // Only a parcel nothing is known of yet takes over "unclear": better the vendor's own word than none.
    return isTelling(before.status) ? before : { ...own, at: null };
  }
  if (isFinal(found.status)) return found;
  return before.at !== null && (found.at ?? heardAt) < before.at ? before : found;
}

/** The entry with the latest instant; of equals the first, so that an answer's own status goes before its events. */
function latest<T extends { readonly at: number | null }>(entries: readonly T[]): T | null {
  let found: T | null = null;
  for (const entry of entries) {
    if (found === null || (entry.at ?? -Infinity) > (found.at ?? -Infinity)) found = entry;
  }
  return found;
}

/** The event of a delivery, for those who are told of it; made from the answer's status if the vendor lists none. */
export function deliveryEvent(answer: TrackingAnswer, heardAt: number): TrackingEvent {
  const listed = latest(answer.events.filter((event) => event.status === 'delivered'));
  if (listed !== null) return { ...listed, at: listed.at ?? heardAt };
  return { at: heardAt, status: 'delivered', vendorStatus: answer.vendorStatus, place: '', text: '' };
}

/**
 * Who signed, if the vendor says so by name (`签收人：张三`, `Signed by: ...`); empty if not. Never the receiver's name
 * by default: that would state what nobody told us.
 */
export function signerIn(text: string): string {
  const found = /(?:签收人(?:是|为)?|signed (?:for )?by)\s*[:：]?\s*([^\s,，。;；【】[\]()（）]{1,64})/iu.exec(text);
  return found?.[1] ?? '';
}

export interface TrackingPolicy {
  /** From dispatch up to `untilAgeMs` a parcel is asked about every `everyMs`; the last step holds for ever. */
  readonly steps: readonly { readonly untilAgeMs: number; readonly everyMs: number }[];
  /** A parcel not delivered by then is given up on. */
  readonly maxAgeMs: number;
  /** How long a question that was begun and never ended (the process died) keeps its parcels from being asked again. */
  readonly claimMs: number;
  /**
   * Waits before the first, second, … question for the proof of a delivery: from the delivery, then from the question
   * before. After the last one the proof counts as missing.
   */
  readonly proofWaitsMs: readonly number[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Our choice; no vendor states one. */
export const defaultTrackingPolicy: TrackingPolicy = {
  steps: [
    { untilAgeMs: dayMs, everyMs: hourMs / 2 },
    { untilAgeMs: 4 * dayMs, everyMs: 2 * hourMs },
    { untilAgeMs: Infinity, everyMs: 6 * hourMs },
  ],
  maxAgeMs: 60 * dayMs,
  claimMs: 5 * 60_000,
  // A driver's pictures arrive with the status or at the end of the shift; some carriers take days.
  proofWaitsMs: [0, hourMs / 2, 2 * hourMs, 6 * hourMs, 12 * hourMs, dayMs, dayMs, dayMs],
};

/**
 * Milliseconds until a parcel is asked about again: by its age since dispatch, doubled with each failure in a row, at
 * most the longest step. Null once it is too old.
 */
export function askAgainMs(ageMs: number, failures: number, policy: TrackingPolicy): number | null {
  if (ageMs >= policy.maxAgeMs) return null;
  const step = policy.steps.find((each) => ageMs < each.untilAgeMs) ?? policy.steps.at(-1);
  const longest = longestWaitMs(policy);
  return Math.min(longest, (step?.everyMs ?? longest) * 2 ** Math.min(Math.max(0, failures), 10));
}

/** The longest wait there is; a parcel waiting longer has met a clock that was set back. */
export function longestWaitMs(policy: TrackingPolicy): number {
  return Math.max(...policy.steps.map((step) => step.everyMs));
}

/** Milliseconds until the proof of a delivery is asked for again after `tries` answers without one; null: never. */
export function proofWaitMs(tries: number, policy: TrackingPolicy): number | null {
  return policy.proofWaitsMs[tries] ?? null;
}

/** The longest of these waits, at least the claim. */
export function longestProofWaitMs(policy: TrackingPolicy): number {
  return Math.max(policy.claimMs, ...policy.proofWaitsMs);
}
