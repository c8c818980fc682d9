/** A clock a test moves by hand. Nothing happens between two calls of `advance`, so tests neither sleep nor race. */
import type { Clock, Timer } from '../../main/ports.ts';

interface Pending {
  readonly due: number;
  readonly order: number;
  readonly task: () => void;
}

export interface VirtualClock extends Clock {
  /** Runs every timer that falls due within the next `ms`, in order, and lets promises settle after each. */
  advance(ms: number): Promise<void>;
  /** Lets promises settle without moving time. */
  settle(): Promise<void>;
  /** Moves only the wall clock, as a person or a time server would. Negative moves it back. */
  jumpWall(ms: number): void;
  /** Timers not run and not cancelled. */
  readonly pending: number;
}

/** Starts at `start` (milliseconds since the epoch; default 2026-01-05T00:00:00Z) with the monotonic clock at 1,000. */
export function createVirtualClock(start = Date.UTC(2026, 0, 5)): VirtualClock {
  let elapsed = 0;
  let jumped = 0;
  let order = 0;
  const pending = new Set<Pending>();

  const next = (until: number): Pending | undefined => {
    let first: Pending | undefined;
    for (const timer of pending) {
      if (timer.due > until) continue;
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) first = timer;
    }
    return first;
  };
  // One turn of the event loop empties the whole microtask queue, however long the promise chains are. Several turns,
  // because work may be put off to the next one (setImmediate) a few times over.
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };

  return {
    now: () => start + elapsed + jumped,
    monotonic: () => 1_000 + elapsed,
    after(delayMs, task): Timer {
      const timer: Pending = { due: elapsed + Math.max(0, delayMs), order: order++, task };
      pending.add(timer);
      return { cancel: () => void pending.delete(timer) };
    },
    async advance(ms) {
      const until = elapsed + ms;
      await settle();
      for (let timer = next(until); timer; timer = next(until)) {
        pending.delete(timer);
        elapsed = Math.max(elapsed, timer.due);
        timer.task();
        await settle();
      }
      elapsed = until;
      await settle();
    },
    settle,
    jumpWall: (ms) => void (jumped += ms),
    get pending() {
      return pending.size;
    },
  };
}
