/**
 * Asks a carrier for the proof of a delivery when somebody wants its pictures, one parcel at a time, in the gaps of
 * tracking. A proof that is not there yet is asked for again, later each time and a bounded number of times; what is
 * waited for is kept, so a restart goes on. The proof has a breaker of its own: an interface that never answers must
 * not keep parcels from being followed.
 */
import { breakerAnswered, breakerFailed, breakerRetryNow, closedBreaker, type Breaker } from '../domain/breaker.ts';
import type { BreakerPolicy } from '../domain/breaker.ts';
import type { DeliveryProof, TrackingQuestion } from '../domain/shipping.ts';
import { longestProofWaitMs, proofWaitMs } from '../domain/tracking.ts';
import type { Clock, Log } from '../ports.ts';
import { passPictures, picturesMissing, wantPictures, type AnswerContext } from './tracking-answers.ts';

export interface ProofOptions {
  readonly context: AnswerContext;
  readonly clock: Clock;
  readonly log: Log;
  readonly breaker: BreakerPolicy;
  /** Null if the parcel cannot be asked about. */
  questionOf(parcelId: string): TrackingQuestion | null;
  /** The carrier asks to be left alone. */
  throttled(vendor: string): void;
  /** New jobs may run. */
  poke(): void;
}

export interface ProofVendor {
  readonly id: string;
  /** Null: there is no proof yet. Rejects with an error that has a `kind` (see VendorError) if there is no answer. */
  proof?(question: TrackingQuestion): Promise<DeliveryProof | null>;
}

export interface Proofs {
  /** Wall instant of the first proof that is due, or null. */
  dueAt(vendor: ProofVendor): number | null;
  /** Monotonic instant from which the carrier may be asked again. */
  openFrom(vendor: ProofVendor): number;
  /** Claims what is due first; null if there was nothing to ask after all. */
  claim(vendor: ProofVendor): TrackingQuestion | null;
  ask(vendor: ProofVendor, question: TrackingQuestion): Promise<void>;
  /** The wall clock was set: nothing waits longer than the rules say. */
  correctJump(vendor: ProofVendor): void;
  retryNow(): void;
}

/** After a failure that says nothing about the parcel: the line, our access, our clock. */
const lineRetryMs = 60_000;

export function createProofs(options: ProofOptions): Proofs {
  const { context, clock, log } = options;
  const { store, policy } = context;
  const breakers = new Map<string, Breaker>();
  const breakerOf = (vendor: string): Breaker => breakers.get(vendor) ?? closedBreaker;

  /** The last try was in vain. */
  function giveUp(parcelId: string, vendor: string): void {
    const parcel = store.parcels.get(parcelId);
    store.proofs.end(parcelId, vendor);
    if (parcel !== null) picturesMissing(context, parcel);
  }

  /** Takes in one answer, or what came instead; `counts` if it was about this parcel. */
  function without(parcelId: string, vendor: string, counts: boolean): void {
    store.transaction(() => {
      const record = store.proofs.get(parcelId, vendor);
      if (record === null) return;
      const tries = counts ? record.tries + 1 : record.tries;
      const waitMs = counts ? proofWaitMs(tries, policy) : lineRetryMs;
      if (waitMs === null) giveUp(parcelId, vendor);
      else store.proofs.askLater(parcelId, vendor, tries, clock.now() + waitMs);
    });
  }

  function failed(vendor: string, parcelId: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const kind = typeof error === 'object' && error !== null && 'kind' in error ? error.kind : 'unknown';
    log.warn({ vendor, kind, parcelId, reason }, 'asking for a proof of delivery failed');
    const open = breakerFailed(breakerOf(vendor), clock.monotonic(), context.random.next(), options.breaker);
    breakers.set(vendor, kind === 'rejected' ? breakerAnswered() : open);
    if (kind === 'throttled') options.throttled(vendor);
    without(parcelId, vendor, kind === 'rejected' || kind === 'unknown' || kind === 'transient');
  }

  return {
    dueAt: (vendor) => (vendor.proof === undefined ? null : (store.proofs.next(vendor.id)?.nextAskAt ?? null)),
    openFrom: ({ id }) => breakerOf(id).openUntil ?? -Infinity,
    claim({ id }) {
      return store.transaction(() => {
        const record = store.proofs.next(id);
        if (record === null) return null;
        const { parcelId } = record;
        const now = clock.now();
        // The pictures came another way, or nobody wants them any more.
        if (wantPictures(context, parcelId).length === 0) {
          store.proofs.end(parcelId, id);
          return null;
        }
        const question = options.questionOf(parcelId);
        if (question === null || now - record.startedAt >= policy.maxAgeMs) {
          giveUp(parcelId, id);
          return null;
        }
        store.proofs.askLater(parcelId, id, record.tries, now + policy.claimMs);
        return question;
      });
    },
    async ask(vendor, question) {
      const { parcelId } = question;
      let proof: DeliveryProof | null;
      try {
        proof = (await vendor.proof?.(question)) ?? null;
      } catch (error) {
        failed(vendor.id, parcelId, error);
        return;
      }
      breakers.set(vendor.id, breakerAnswered());
      if (proof === null || proof.images.length === 0) {
        without(parcelId, vendor.id, true);
        return;
      }
      const { images, signedBy } = proof;
      store.transaction(() => {
        const record = store.proofs.get(parcelId, vendor.id);
        const parcel = store.parcels.get(parcelId);
        if (record === null || parcel === null) return;
        const { delivery } = record;
        const payload = { ...delivery, images, signedBy: signedBy === '' ? delivery.signedBy : signedBy };
        passPictures(context, parcel, payload, clock.now());
        store.proofs.end(parcelId, vendor.id);
      });
      options.poke();
    },
    correctJump({ id }) {
      store.proofs.notLater(id, clock.now() + longestProofWaitMs(policy));
    },
    retryNow() {
      for (const [vendor, breaker] of breakers) breakers.set(vendor, breakerRetryNow(breaker, clock.monotonic()));
    },
  };
}
