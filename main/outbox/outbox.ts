/**
 * Durable outbound calls: claim -> send -> settle, ask about what is unknown, and decide when to do which.
 *
 * - A claim is committed (attempt counted, request id and time of sending written) before the vendor is called.
 * - Outcomes that are in hand together are settled in one transaction, and the next jobs are claimed in the same one:
 *   in a steady stream one commit settles one job and claims the next. That weakens nothing: a send starts only after
 *   its claim is committed, and a crash before the settling commit leaves the job `sending`, so it is asked about.
 * - If the store fails, outcomes stay in memory and are tried again; nothing new is sent meanwhile.
 *
 * Not used: leases. One process owns the database, so whatever is `sending` at start-up is nobody's.
 */
import { StoreError } from '../store/store.ts';
import { createCalls, movedClock } from './calls.ts';
import { claimDue } from './claim.ts';
import { createJobWriter, throttledKey } from './job-writer.ts';
import { createVendorLines } from './vendor-line.ts';
import { defaultPolicy } from './policy.ts';
import type { Courier, Job } from '../domain/job.ts';
import type { JobEvent } from '../domain/job-transitions.ts';
import type { Clock, Failpoint, Ids, Log, RandomSource, Timer } from '../ports.ts';
import type { Store } from '../store/store.ts';
import type { Finished, JobHooks } from './job-writer.ts';
import type { OutboxPolicy } from './policy.ts';
import type { VendorLineState } from './vendor-line.ts';

export interface OutboxOptions extends JobHooks {
  readonly store: Store;
  readonly courier: Courier;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** For request ids that must be new. */
  readonly ids: Ids;
  readonly log: Log;
  readonly policy?: Partial<OutboxPolicy> | undefined;
  /** This program's version: another one than last time may write the same content differently. */
  readonly version?: string | undefined;
  /** Vendors to list in `vendorStates` before their first call. */
  readonly vendors?: readonly string[] | undefined;
  /**
   * Called inside the transaction that makes a job `done`, so that what follows from it (waybill, artwork, status) is
   * kept with it or not at all. Synchronous. If it throws, nothing of it is kept and the job becomes `dead` with its
   * result, for a person to look at.
   */
  readonly onDone?: ((job: Job) => void) | undefined;
  /** Called inside the transaction of every other change of state. A throw undoes the change and is tried again. */
  readonly onChange?: ((job: Job) => void) | undefined;
  /** What of a result stays in the job's row after `onDone` saw all of it. Default: everything. */
  readonly keep?: ((job: Job) => unknown) | undefined;
  readonly failpoint?: Failpoint | undefined;
}

export interface Outbox {
  /** Settles what a crash left behind, then runs. */
  start(): void;
  /** Starts nothing more, waits for calls under way (bounded), keeps their outcomes. */
  stop(): Promise<void>;
  /** New jobs may be there, or some may run now. Call after the commit. Cheap. */
  poke(): void;
  /** After the commit, for every change of a job's state. */
  onSettled(listener: (job: Job) => void): () => void;
  vendorStates(): VendorLineState[];
  /** Holds a vendor's jobs back, across restarts, until `resume`. */
  pause(vendor: string): void;
  resume(vendor: string): void;
  /** The line may be back: try the vendor (or all) now instead of waiting out the back-off. */
  retryNow(vendor?: string): void;
  /**
   * Puts a `rejected` or `dead` job back. One whose earlier send may have had its effect is asked about first.
   * Throws `IllegalTransition` for an `unsafe` one in doubt: use `settleByHand`.
   */
  redrive(jobId: string): Job;
  /** A person says what happened. `resend` means that nothing did. Throws `IllegalTransition` if it is not theirs to say. */
  settleByHand(jobId: string, decision: 'done' | 'resend', result?: unknown): Job;
  /** Why the outbox cannot go on (the store failed), or null. */
  readonly halted: string | null;
}

/** Wall and monotonic clock may drift this far apart before we call it a jump. */
const jumpMs = 2_000;
const storeRetryMs = 1_000;
/** Timers of the platform overflow at 2^31 ms. */
const longestSleepMs = 3_600_000;
/** The only wait that is about the line alone; other jobs keep their own back-off. */
const waitsForLine = ['not-sent'] as const;

const versionKey = 'outbox.version';
const pausedKey = (vendor: string): string => `outbox.paused.${vendor}`;

export function createOutbox(options: OutboxOptions): Outbox {
  const { store, courier, clock, random, ids, log, failpoint } = options;
  const policy: OutboxPolicy = { ...defaultPolicy, ...options.policy };
  const lines = createVendorLines(options.vendors ?? [], policy, random);
  const writer = createJobWriter(store, courier, { clock, random, ids }, policy, options);
  const listeners = new Set<(job: Job) => void>();
  let finished: Finished[] = [];
  let phase: 'idle' | 'running' | 'stopping' | 'stopped' = 'idle';
  let halted: string | null = null;
  let scheduled = false;
  let timer: Timer | null = null;
  let drained: (() => void) | null = null;
  let wallMinusMonotonic = clock.now() - clock.monotonic();
  const calls = createCalls(courier, lines, clock, log, policy, (item) => {
    failpoint?.('outbox.answered');
    finished.push(item);
    schedule();
  });

  const announce = (changed: readonly Job[]): void => {
    for (const job of changed) {
      for (const listener of [...listeners]) {
        try {
          listener(job);
        } catch (error) {
          log.error({ job: job.id, error: String(error) }, 'a listener of the outbox failed');
        }
      }
    }
  };

  /** One by one, after settling all together failed: one result that cannot be taken in must not hold up the rest. */
  const settleSingly = (items: readonly Finished[]): void => {
    for (const item of items) {
      let changed: Job[] = [];
      try {
        store.transaction(() => writer.settle(item, changed));
      } catch (error) {
        if (error instanceof StoreError) throw error;
        const message = error instanceof Error ? error.message : String(error);
        log.error({ job: item.job.id, error: message }, 'an outcome could not be taken in');
        const { outcome } = item;
        // A result stays with its job, for a person; any other change is tried again.
        if (outcome.kind !== 'done' && outcome.kind !== 'found') continue;
        const result = jsonSafe(outcome.result);
        changed = [];
        store.transaction(() => writer.apply(item.job, { kind: 'unusable', message, result }, changed));
      }
      finished = finished.filter((other) => other !== item);
      announce(changed);
    }
  };

  const correctJump = (): void => {
    const offset = clock.now() - clock.monotonic();
    // The monotonic clock of the platform has fractions; instants are kept as whole milliseconds.
    const byMs = Math.round(offset - wallMinusMonotonic);
    if (Math.abs(byMs) < jumpMs) return;
    log.warn({ byMs }, 'the clock jumped');
    store.transaction(() => store.jobs.moveClock(byMs, clock.now()));
    wallMinusMonotonic = offset;
    calls.moveClock(byMs);
    finished = finished.map((item) => ({ ...item, job: movedClock(item.job, byMs) }));
  };

  const pump = (): void => {
    scheduled = false;
    if (halted !== null || phase === 'idle' || phase === 'stopped') return;
    timer?.cancel();
    timer = null;
    try {
      correctJump();
      const settling = finished;
      const changed: Job[] = [];
      try {
        const { claimed, more } = store.transaction(() => {
          for (const item of settling) writer.settle(item, changed);
          for (const vendor of lines.reopened(clock.monotonic())) store.jobs.hasten(vendor, clock.now(), waitsForLine);
          if (settling.length > 0) failpoint?.('outbox.before-settle-commit');
          const due =
            phase === 'running' ? claimDue(store, lines, clock, policy, writer, changed) : { claimed: [], more: false };
          if (due.claimed.length > 0) failpoint?.('outbox.before-claim-commit');
          return due;
        });
        if (settling.length > 0) failpoint?.('outbox.after-settle-commit');
        if (claimed.length > 0) failpoint?.('outbox.after-claim-commit');
        finished = finished.slice(settling.length);
        for (const item of claimed) calls.begin(item);
        if (more) schedule();
        announce(changed);
      } catch (error) {
        if (error instanceof StoreError || settling.length === 0) throw error;
        settleSingly(settling);
        if (finished.length > 0) throw error;
        schedule();
      }
    } catch (error) {
      failed(error);
      return;
    }
    if (phase === 'stopping' && calls.size === 0 && finished.length === 0) drained?.();
    if (phase !== 'running' || scheduled) return;
    try {
      sleep();
    } catch (error) {
      failed(error);
    }
  };

  const failed = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    log.error({ error: message }, 'the outbox could not use the database');
    if (store.failure !== null) {
      halted = store.failure.message;
      drained?.();
      return;
    }
    timer = clock.after(storeRetryMs, schedule);
  };

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    // After everything that is ready on the sockets, so that answers that arrive together are settled in one commit.
    // Measured against a local vendor: about twice the jobs a second of a microtask, at no more than one turn's delay.
    setImmediate(pump);
  };

  const sleep = (): void => {
    const now = clock.now();
    const monotonic = clock.monotonic();
    const waits: number[] = [];
    if (lines.inFlight < policy.overall) {
      const dueAt = store.jobs.nextDueAt(lines.blocked(monotonic));
      if (dueAt !== null) waits.push(dueAt - now);
    }
    const changeAt = lines.nextChangeAt(monotonic);
    if (changeAt !== null) waits.push(changeAt - monotonic);
    if (waits.length > 0) timer = clock.after(Math.max(1, Math.min(longestSleepMs, ...waits)), schedule);
  };

  const byPerson = (jobId: string, event: JobEvent): Job => {
    const changed: Job[] = [];
    const job = store.transaction(() => {
      const found = store.jobs.get(jobId);
      if (!found) throw new Error(`No job ${jobId}.`);
      return writer.apply(found, event, changed);
    });
    announce(changed);
    schedule();
    return job;
  };

  const recover = (): Job[] => {
    const changed: Job[] = [];
    store.transaction(() => {
      // The clock may have been set while nobody looked, so no wait of before the stop is believed.
      store.jobs.renewWaits(clock.now());
      for (let offset = 0; ; offset += 500) {
        const jobs = store.jobs.list({ states: ['unknown'], offset, limit: 500 });
        for (const job of jobs) writer.apply(job, { kind: 'interrupted' }, changed);
        if (jobs.length < 500) break;
      }
      for (;;) {
        const jobs = store.jobs.list({ states: ['sending', 'reconciling'], offset: 0, limit: 500 });
        if (jobs.length === 0) break;
        for (const job of jobs) writer.interrupted(job, changed);
      }
      if (changed.length > 0) failpoint?.('outbox.before-recovery-commit');
    });
    if (changed.length > 0) failpoint?.('outbox.after-recovery-commit');
    return changed;
  };

  /** A request id is repeated only with the same content; what another version would write is not known to be. */
  const afterUpdate = (version: string): void => {
    if (store.values.get(versionKey) === version) return;
    store.transaction(() => {
      const closed = store.jobs.closeKeyWindows();
      if (closed > 0)
        log.warn({ jobs: closed, version }, 'first start of this version: sent request ids are not repeated');
      store.values.set(versionKey, version);
    });
  };

  /** Pauses and throttles outlive the process. */
  const remember = (vendor: string): void => {
    if (store.values.get(pausedKey(vendor)) !== null) lines.setPaused(vendor, true);
    const until = store.values.get(throttledKey(vendor));
    const leftMs = until === null ? 0 : Math.min(Number(until) - clock.now(), 3_600_000);
    if (leftMs > 0) lines.throttle(vendor, clock.monotonic() + leftMs);
  };

  return {
    start() {
      if (phase !== 'idle') throw new Error('The outbox was started already.');
      if (options.version !== undefined) afterUpdate(options.version);
      const changed = recover();
      for (const vendor of new Set([...(options.vendors ?? []), ...store.jobs.vendors()])) remember(vendor);
      phase = 'running';
      if (changed.length > 0) log.warn({ jobs: changed.length }, 'calls were cut off by the last stop');
      announce(changed);
      schedule();
    },
    async stop() {
      if (phase === 'stopped') return;
      // Halted, it can settle nothing; what is under way is for the next start.
      if (phase === 'running' && halted === null) {
        phase = 'stopping';
        const end = new Promise<void>((resolve) => (drained = resolve));
        const bound = clock.after(policy.drainMs, () => drained?.());
        schedule();
        await end;
        bound.cancel();
      }
      phase = 'stopped';
      timer?.cancel();
      calls.abandon();
    },
    poke: schedule,
    onSettled(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    vendorStates: () => lines.states(clock.monotonic()),
    pause(vendor) {
      store.values.set(pausedKey(vendor), '1');
      lines.setPaused(vendor, true);
    },
    resume(vendor) {
      store.values.delete(pausedKey(vendor));
      lines.setPaused(vendor, false);
      schedule();
    },
    retryNow(vendor) {
      lines.retryNow(vendor ?? null, clock.monotonic());
      schedule();
    },
    redrive: (jobId) => byPerson(jobId, { kind: 'redrive' }),
    settleByHand: (jobId, decision, result = null) =>
      byPerson(jobId, decision === 'done' ? { kind: 'by-hand', decision, result } : { kind: 'by-hand', decision }),
    get halted() {
      return halted;
    },
  };
}

/** The result if it can be written down, else what can be said about it. */
function jsonSafe(result: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(result) ?? 'null') as unknown;
  } catch {
    return { unreadable: String(result) };
  }
}
