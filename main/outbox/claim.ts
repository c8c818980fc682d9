/** Which jobs go out next, as far as their vendors and the limits allow. */
import type { EarlierDocuments, Job, JobRequest } from '../domain/job.ts';
import type { Clock } from '../ports.ts';
import type { Store } from '../store/store.ts';
import type { JobWriter } from './job-writer.ts';
import type { OutboxPolicy } from './policy.ts';
import type { VendorLines } from './vendor-line.ts';

/** Jobs handled in one transaction, so that a long backlog does not hold up the desk's own commits. */
const mostHandled = 64;

/**
 * A parcel sealed within this time has its packer still waiting. Longer than a desk waits before it prints a rack label
 * (`lpnAfterMs`), short enough that work left over from before never counts as fresh.
 */
const freshMs = 60_000;

export interface Claimed {
  /** `sending` or `reconciling`. */
  readonly job: Job;
  readonly request: JobRequest;
}

function requestOf(store: Store, job: Job): JobRequest {
  const { payload = null, requestId, attempts: attempt, lane, laneSeq } = job;
  const earlier = store.jobs.earlierResults(lane, laneSeq);
  if (job.facts !== null) return { operation: job.operation, facts: job.facts, payload, requestId, attempt, earlier };
  return { operation: job.operation, facts: null, payload, requestId, attempt, earlier: earlier as EarlierDocuments };
}

/**
 * Looks at due unknown jobs and claims due ready ones. Inside a transaction; nothing in memory changes, so that a
 * failed commit leaves nothing to undo. `more` means that another transaction has work at once.
 */
export function claimDue(
  store: Store,
  lines: VendorLines,
  clock: Clock,
  policy: OutboxPolicy,
  writer: JobWriter,
  changed: Job[],
): { readonly claimed: Claimed[]; readonly more: boolean } {
  const now = clock.now();
  const monotonic = clock.monotonic();
  const claimed: Claimed[] = [];
  const takenBy = new Map<string, number>();
  const skip = new Set(lines.blocked(monotonic));
  let handled = 0;

  const free = (): number => policy.overall - lines.inFlight - claimed.length;
  const room = (vendor: string): number => lines.allowance(vendor, monotonic) - (takenBy.get(vendor) ?? 0);
  const take = (job: Job): void => {
    claimed.push({ job, request: requestOf(store, job) });
    takenBy.set(job.vendor, (takenBy.get(job.vendor) ?? 0) + 1);
  };

  /** True if another look could find more. */
  const handle = (jobs: readonly Job[], kind: 'look' | 'claim'): boolean => {
    let progress = false;
    for (const job of jobs) {
      if (free() <= 0 || handled >= mostHandled) return true;
      progress = true;
      if (room(job.vendor) <= 0) {
        skip.add(job.vendor);
        continue;
      }
      handled += 1;
      const after = writer.apply(job, { kind }, changed);
      if (after.state === 'sending' || after.state === 'reconciling') take(after);
      if (room(job.vendor) <= 0) skip.add(job.vendor);
    }
    return progress;
  };
  // A job whose probe just failed lets others show whether the vendor is back.
  const probedLast = (job: Job): number => (lines.lastProbe(job.vendor) === job.id ? 1 : 0);

  for (;;) {
    if (free() <= 0) return { claimed, more: false };
    // Whoever scanned last stands at the desk: their label's next step goes before the backlog, not behind it.
    const fresh = handle(store.jobs.nextFresh(now, now - freshMs, [...skip], 1), 'claim');
    if (free() <= 0) return { claimed, more: false };
    const looked = handle(store.jobs.nextUnknown(now, [...skip], free()), 'look');
    // More than one, so that there is a choice; no more than one vendor can take, because the next turn asks again.
    const most = Math.max(2, Math.min(policy.perVendor, free()));
    const ready = free() > 0 ? store.jobs.nextReady(now, [...skip], most) : [];
    const sent = handle(
      ready.toSorted((a, b) => probedLast(a) - probedLast(b)),
      'claim',
    );
    if (handled >= mostHandled) return { claimed, more: true };
    if (!fresh && !looked && !sent) return { claimed, more: false };
  }
}
