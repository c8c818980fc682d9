/**
 * CPCL's `ESC h`: one byte. Source: Zebra, "CPCL Programming Manual", P11-3. A printer that is busy may not answer at
 * all, and the question must not fall inside a `!` session.
 */
import type { StatusQuestion } from './status-answer.ts';

const busy = 0x01;
const paperOut = 0x02;
const latchOpen = 0x04;
const batteryLow = 0x08;
const reset = 0x10;

/** A byte with any of the three upper bits is no answer: the manual gives them no meaning. */
export const cpclStatus: StatusQuestion = {
  id: 'cpcl',
  request: Uint8Array.of(0x1b, 0x68),
  decoder: () => ({
    push: (bytes) =>
      [...bytes]
        .filter((byte) => byte < 0x20)
        .map((byte) => {
          const reasons = [
            ...((byte & latchOpen) === 0 ? [] : ['printer.head-open']),
            ...((byte & paperOut) === 0 ? [] : ['printer.paper-out']),
          ];
          return {
            ready: reasons.length === 0,
            reasons,
            queued: (byte & busy) === 0 ? 0 : 1,
            remaining: 0,
            warnings: (byte & batteryLow) === 0 ? [] : ['printer.battery-low'],
            restarted: (byte & reset) !== 0,
          };
        }),
  }),
};
