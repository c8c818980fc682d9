/** Applies events to jobs and writes them, with what follows from them, inside the caller's transaction. */
import { backoffMs } from '../domain/backoff.ts';
import { next } from '../domain/job-transitions.ts';
import type { Courier, Job, ReconcileOutcome, SendOutcome } from '../domain/job.ts';
import type { JobContext, JobEvent } from '../domain/job-transitions.ts';
import type { Clock, Ids, RandomSource } from '../ports.ts';
import type { Store } from '../store/store.ts';
import type { OutboxPolicy } from './policy.ts';

/** A call that came back and is not written down yet. */
export type Finished =
  | {
      readonly job: Job;
      readonly kind: 'sent';
      readonly outcome: SendOutcome;
      readonly probe: boolean;
      /** From the start of the call to its outcome, monotonic; null if the station stopped meanwhile. */
      readonly tookMs: number | null;
    }
  | { readonly job: Job; readonly kind: 'asked'; readonly outcome: ReconcileOutcome; readonly tookMs: number | null };

/** What follows from a change of state, kept with it or not at all. See `OutboxOptions`. */
export interface JobHooks {
  readonly onDone?: ((job: Job) => void) | undefined;
  readonly onChange?: ((job: Job) => void) | undefined;
  readonly keep?: ((job: Job) => unknown) | undefined;
  /** Every call that came back or was cut off by a stop, inside the transaction that writes that down. For the record. */
  readonly onCall?: ((call: Finished) => void) | undefined;
}

export interface JobWriter {
  /** The job after the event. Adds it to `changed` if its state is another one. */
  apply(job: Job, event: JobEvent, changed: Job[]): Job;
  settle(item: Finished, changed: Job[]): void;
  /** The station stopped while the call of this job was on its way. */
  interrupted(job: Job, changed: Job[]): void;
}

export const throttledKey = (vendor: string): string => `outbox.throttled.${vendor}`;

export function createJobWriter(
  store: Store,
  courier: Courier,
  ports: { readonly clock: Clock; readonly random: RandomSource; readonly ids: Ids },
  policy: OutboxPolicy,
  hooks: JobHooks,
): JobWriter {
  const contextFor = (job: Job, tries: number): JobContext => {
    const traits = courier.traits(job.vendor, job.operation);
    return {
      now: ports.clock.now(),
      backoffMs: backoffMs(tries, ports.random.next(), policy.breaker),
      inFlightMs: traits?.inFlightMs ?? policy.defaultInFlightMs,
      keyWindowMs: traits?.keyWindowMs ?? null,
      vendorAheadMs: courier.aheadMs?.(job.vendor) ?? 0,
      maxAttempts: policy.maxAttempts,
      maxAsks: policy.maxAsks,
      freshRequestId: () => ports.ids.next(),
    };
  };

  const apply = (job: Job, event: JobEvent, changed: Job[]): Job => {
    const context = contextFor(job, event.kind === 'asked' ? (job.asks ?? 0) + 1 : job.attempts);
    let after = next(job, event, context);
    // There is nothing to wait for if only a person can tell.
    if (after.state === 'unknown' && after.effect === 'unsafe') after = next(after, { kind: 'look' }, context);
    const row = after.state === 'done' && hooks.keep ? { ...after, result: hooks.keep(after) } : after;
    if (!store.jobs.update(row, job.state)) throw new Error(`Job ${job.id} is no longer ${job.state}.`);
    if (after.state !== job.state) {
      if (after.state === 'done') hooks.onDone?.(after);
      else hooks.onChange?.(after);
      changed.push(row);
    }
    return after;
  };

  return {
    apply,
    interrupted(job, changed) {
      const cut = { code: 'interrupted', message: 'The station stopped while this call was on its way.' };
      hooks.onCall?.(
        job.state === 'sending'
          ? { job, kind: 'sent', outcome: { kind: 'unknown', ...cut }, probe: false, tookMs: null }
          : { job, kind: 'asked', outcome: { kind: 'unsure', ...cut }, tookMs: null },
      );
      apply(job, { kind: 'interrupted' }, changed);
    },
    settle(item, changed) {
      const { job } = item;
      hooks.onCall?.(item);
      if (item.kind === 'asked') apply(job, { kind: 'asked', outcome: item.outcome }, changed);
      else apply(job, { kind: 'sent', outcome: item.outcome, probe: item.probe }, changed);
      if (item.outcome.kind === 'throttled' && item.outcome.onlyThis !== true) {
        const until = ports.clock.now() + (item.outcome.retryAfterMs ?? policy.throttleMs);
        store.values.set(throttledKey(job.vendor), String(until));
      }
    },
  };
}
