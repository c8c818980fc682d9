/** The machine's own clock, for tests that talk to real sockets and ports and wait for events. */
import type { Clock } from '../../main/ports.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
