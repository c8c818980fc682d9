/** What the outbox knows of each vendor: may it be called now, and what to tell the packer about it. */
import { breakerAnswered, breakerFailed, breakerRetryNow, breakerState, closedBreaker } from '../domain/breaker.ts';
import { isLineFailure, isUnsentCode } from '../domain/job-transitions.ts';
import type { Breaker } from '../domain/breaker.ts';
import type { ReconcileOutcome, SendOutcome } from '../domain/job.ts';
import type { RandomSource } from '../ports.ts';
import type { OutboxPolicy } from './policy.ts';

/**
 * `online` answered last time · `offline` did not · `refused` does not accept our credentials · `paused` by a person,
 * or asked us to slow down · `unchecked` not called since the start.
 */
export interface VendorLineState {
  readonly vendor: string;
  readonly state: 'online' | 'offline' | 'refused' | 'paused' | 'unchecked';
  /** Wall clock. */
  readonly lastAnswerAt: number | null;
  /** Why it is not online, in the vendor's or the network's words. */
  readonly reason: { readonly code: string; readonly message: string } | null;
  /** Calls to it wait now. */
  readonly waiting: boolean;
}

interface Line {
  breaker: Breaker;
  /** Monotonic. */
  throttledUntil: number;
  paused: boolean;
  inFlight: number;
  probing: boolean;
  lastProbe: string | null;
  /** Jobs behind the failures in a row; one job failing again and again says little about its vendor. */
  failedJobs: Set<string>;
  health: 'online' | 'offline' | 'refused' | 'unchecked';
  lastAnswerAt: number | null;
  reason: { readonly code: string; readonly message: string } | null;
}

/** Did the vendor answer at all, and does the answer say that it works? */
type Meaning = 'works' | 'fails' | 'refuses' | 'silent';

function meaning(outcome: SendOutcome | ReconcileOutcome): Meaning {
  switch (outcome.kind) {
    case 'done':
    case 'rejected':
    case 'throttled':
    case 'found':
    case 'not-found':
      return 'works';
    case 'auth':
      return 'refuses';
    case 'not-sent':
      return 'silent';
    case 'unsure':
      // "Cannot say" is an answer about this job, not about the vendor.
      return isLineFailure(outcome.code) ? 'silent' : 'works';
    case 'transient':
    case 'skew':
      return 'fails';
    case 'unknown':
      return isLineFailure(outcome.code) ? 'silent' : 'fails';
    default:
      return outcome satisfies never;
  }
}

/** True if no byte of the call left. */
function neverLeft(outcome: SendOutcome | ReconcileOutcome): boolean {
  return outcome.kind === 'not-sent' || (outcome.kind === 'unsure' && isUnsentCode(outcome.code));
}

export interface VendorLines {
  /** How many more calls may start now. A vendor that was down gets one, as a probe. */
  allowance(vendor: string, now: number): number;
  /** Vendors that may not be called now. */
  blocked(now: number): string[];
  /** Marks a call as started; true if it is a probe. */
  started(vendor: string, jobId: string, now: number): boolean;
  /** True if the vendor works again after having been down. */
  settled(vendor: string, jobId: string, outcome: SendOutcome | ReconcileOutcome, now: number, wall: number): boolean;
  /** The job that tried the vendor last while it was down, until it answers. */
  lastProbe(vendor: string): string | null;
  throttle(vendor: string, until: number): void;
  setPaused(vendor: string, paused: boolean): void;
  retryNow(vendor: string | null, now: number): void;
  /** When the next wait of a vendor ends, monotonic, or null. */
  nextChangeAt(now: number): number | null;
  /** Vendors whose wait ended since the last call of this. */
  reopened(now: number): string[];
  states(now: number): VendorLineState[];
  readonly inFlight: number;
}

export function createVendorLines(vendors: readonly string[], policy: OutboxPolicy, random: RandomSource): VendorLines {
  const lines = new Map<string, Line>();
  const waitedFor = new Set<string>();
  const line = (vendor: string): Line => {
    let found = lines.get(vendor);
    if (!found) {
      found = {
        breaker: closedBreaker,
        throttledUntil: -Infinity,
        paused: false,
        inFlight: 0,
        probing: false,
        lastProbe: null,
        failedJobs: new Set(),
        health: 'unchecked',
        lastAnswerAt: null,
        reason: null,
      };
      lines.set(vendor, found);
    }
    return found;
  };
  for (const vendor of vendors) line(vendor);

  const allowance = (vendor: string, now: number): number => {
    const { breaker, throttledUntil, paused, inFlight, probing } = line(vendor);
    if (paused || now < throttledUntil) return 0;
    const state = breakerState(breaker, now);
    if (state === 'open') return 0;
    if (state === 'half-open') return probing ? 0 : 1;
    return Math.max(0, policy.perVendor - inFlight);
  };

  return {
    allowance,
    blocked: (now) => [...lines.keys()].filter((vendor) => allowance(vendor, now) === 0),
    started(vendor, jobId, now) {
      const it = line(vendor);
      it.inFlight += 1;
      const probe = breakerState(it.breaker, now) === 'half-open';
      if (probe) {
        it.probing = true;
        it.lastProbe = jobId;
      }
      return probe;
    },
    lastProbe: (vendor) => line(vendor).lastProbe,
    settled(vendor, jobId, outcome, now, wall) {
      const it = line(vendor);
      it.inFlight -= 1;
      if (it.lastProbe === jobId) it.probing = false;
      const said = meaning(outcome);
      if (said !== 'silent') it.lastAnswerAt = wall;
      if (said === 'works') {
        const wasDown = it.breaker !== closedBreaker;
        it.breaker = breakerAnswered();
        it.lastProbe = null;
        it.failedJobs.clear();
        it.health = 'online';
        it.reason = null;
        return wasDown;
      }
      // A request that never left is about the line; anything else may be about this job, so it counts once per job.
      const first = !it.failedJobs.has(jobId);
      it.failedJobs.add(jobId);
      if (first || neverLeft(outcome) || breakerState(it.breaker, now) !== 'closed') {
        it.breaker = breakerFailed(it.breaker, now, random.next(), policy.breaker);
      }
      if (it.breaker.openUntil !== null) waitedFor.add(vendor);
      it.health = said === 'refuses' ? 'refused' : said === 'fails' ? 'online' : 'offline';
      if (said === 'fails' && it.breaker.openUntil !== null) it.health = 'offline';
      it.reason = 'code' in outcome ? { code: outcome.code, message: outcome.message } : null;
      return false;
    },
    throttle(vendor, until) {
      const it = line(vendor);
      it.throttledUntil = Math.max(it.throttledUntil, until);
    },
    setPaused: (vendor, paused) => void (line(vendor).paused = paused),
    retryNow(vendor, now) {
      for (const [name, it] of lines) {
        if (vendor === null || vendor === name) it.breaker = breakerRetryNow(it.breaker, now);
      }
    },
    nextChangeAt(now) {
      let next: number | null = null;
      for (const { breaker, throttledUntil, paused } of lines.values()) {
        if (paused) continue;
        for (const at of [breaker.openUntil, throttledUntil]) {
          if (at !== null && at > now) next = Math.min(next ?? Infinity, at);
        }
      }
      return next;
    },
    reopened(now) {
      const result = [...waitedFor].filter((vendor) => breakerState(line(vendor).breaker, now) !== 'open');
      for (const vendor of result) waitedFor.delete(vendor);
      return result;
    },
    states: (now) =>
      [...lines].map(([vendor, it]) => ({
        vendor,
        state: it.paused || now < it.throttledUntil ? 'paused' : it.health,
        lastAnswerAt: it.lastAnswerAt,
        reason: it.reason,
        waiting: allowance(vendor, now) === 0 && it.inFlight < policy.perVendor,
      })),
    get inFlight() {
      let sum = 0;
      for (const it of lines.values()) sum += it.inFlight;
      return sum;
    },
  };
}
