/** Calls under way: starts them, ends each exactly once, and never lets one hang for ever. */
import type { Courier, Job, ReconcileOutcome, SendOutcome } from '../domain/job.ts';
import type { Clock, Log } from '../ports.ts';
import type { Claimed } from './claim.ts';
import type { Finished } from './job-writer.ts';
import type { OutboxPolicy } from './policy.ts';
import type { VendorLines } from './vendor-line.ts';

export interface Calls {
  begin(claimed: Claimed): void;
  /** The wall clock jumped: see `JobRepository.moveClock`. */
  moveClock(byMs: number): void;
  /** Forgets calls under way; whatever comes of them is for the next start to find out. */
  abandon(): void;
  readonly size: number;
}

/** A job's instants after the wall clock jumped; the same rule as in the store. */
export function movedClock(job: Job, byMs: number): Job {
  const { sentAt, firstSentAt } = job;
  return {
    ...job,
    sentAt: sentAt === null ? null : sentAt + byMs,
    firstSentAt: firstSentAt === null ? null : firstSentAt + Math.min(0, byMs),
  };
}

export function createCalls(
  courier: Courier,
  lines: VendorLines,
  clock: Clock,
  log: Log,
  policy: OutboxPolicy,
  onFinished: (item: Finished) => void,
): Calls {
  const calls = new Map<string, { job: Job }>();

  return {
    begin({ job, request }) {
      const probe = lines.started(job.vendor, job.id, clock.monotonic());
      const call = { job };
      const startedAt = clock.monotonic();
      calls.set(job.id, call);
      const asking = job.state === 'reconciling';

      const finish = (outcome: SendOutcome | ReconcileOutcome): void => {
        if (calls.get(job.id) !== call) return;
        limit.cancel();
        calls.delete(job.id);
        const monotonic = clock.monotonic();
        const tookMs = monotonic - startedAt;
        if (outcome.kind === 'throttled' && outcome.onlyThis !== true) {
          lines.throttle(job.vendor, monotonic + (outcome.retryAfterMs ?? policy.throttleMs));
        }
        const back = lines.settled(job.vendor, job.id, outcome, monotonic, clock.now());
        if (back) log.info({ vendor: job.vendor }, 'the vendor answers again');
        onFinished(
          asking
            ? { job: call.job, kind: 'asked', outcome: outcome as ReconcileOutcome, tookMs }
            : { job: call.job, kind: 'sent', outcome: outcome as SendOutcome, probe, tookMs },
        );
      };
      const broken = (code: string, message: string): void =>
        finish(asking ? { kind: 'unsure', code, message } : { kind: 'unknown', code, message });
      const failed = (error: unknown): void => {
        const message = error instanceof Error ? error.message : String(error);
        log.error({ job: job.id, vendor: job.vendor, error: message }, 'a vendor call failed in our own code');
        broken('courier-failed', message);
      };

      const limit = clock.after(policy.callLimitMs, () => broken('no-answer', 'The call did not come back in time.'));
      try {
        const answer: Promise<SendOutcome | ReconcileOutcome> = asking
          ? courier.reconcile(job.vendor, request)
          : courier.send(job.vendor, request);
        answer.then(finish, failed);
      } catch (error) {
        failed(error);
      }
    },
    moveClock(byMs) {
      for (const call of calls.values()) call.job = movedClock(call.job, byMs);
    },
    abandon() {
      for (const { job } of calls.values()) {
        log.warn({ job: job.id, vendor: job.vendor }, 'stopped with a call under way');
      }
      calls.clear();
    },
    get size() {
      return calls.size;
    },
  };
}
