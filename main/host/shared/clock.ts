/** The machine's clock as a port. */
import type { Clock } from '../../ports.ts';

/** Longest delay a Node timer takes (2^31 - 1 ms, Node.js documentation "setTimeout"); longer ones would fire at once. */
const longestTimerMs = 2_147_483_647;

/** Wall clock, monotonic clock and timers of this process. A pending timer keeps the process
 * alive: whoever starts one cancels it when stopping. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(delayMs, task) {
      const timer = setTimeout(task, Math.min(Math.max(0, delayMs), longestTimerMs));
      return {
        cancel() {
          clearTimeout(timer);
        },
      };
    },
  };
}
