/** Numbers that shape the outbox. The defaults are for a packing desk; tests use their own. */
import type { BreakerPolicy } from '../domain/breaker.ts';

export interface OutboxPolicy {
  /** Waits between tries of one job, and of a vendor's breaker. */
  readonly breaker: BreakerPolicy;
  /** Counted tries of one job before a person is asked. Being offline or throttled does not count. */
  readonly maxAttempts: number;
  /** Questions in a row without a clear answer before a person is asked. */
  readonly maxAsks: number;
  /** Calls under way at one vendor, and in all. */
  readonly perVendor: number;
  readonly overall: number;
  /** Pause after "slow down" without a time. */
  readonly throttleMs: number;
  /** In-flight time for an operation whose vendor is no longer in the profile. */
  readonly defaultInFlightMs: number;
  /** A call that has not come back by then is given up on (its own time limits should end it long before). */
  readonly callLimitMs: number;
  /** How long `stop` waits for calls under way. */
  readonly drainMs: number;
}

export const defaultPolicy: OutboxPolicy = {
  // In an outage of 30 minutes that makes some 80 probes, and the return is seen within 30 s (outage.test.ts).
  breaker: { threshold: 3, baseMs: 500, capMs: 30_000 },
  maxAttempts: 20,
  maxAsks: 10,
  perVendor: 6,
  overall: 16,
  throttleMs: 5_000,
  defaultInFlightMs: 120_000,
  callLimitMs: 180_000,
  drainMs: 5_000,
};
