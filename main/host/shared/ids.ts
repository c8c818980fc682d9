/** Ids of orders, parcels, jobs and prints: UUID version 7 (RFC 9562 section 5.7), so that they sort by creation. */
import { randomBytes } from 'node:crypto';
import type { Clock, Ids } from '../../ports.ts';

/**
 * Ids from `clock` and `random` (a function giving n random bytes). Within one millisecond, and when the wall clock
 * is set back, the 12 bits of `rand_a` count up (RFC 9562 section 6.2, method 1), and the last instant is kept: ids of
 * one process never sort before an earlier one.
 */
export function createIds(
  clock: Pick<Clock, 'now'>,
  random: (length: number) => Uint8Array = (length) => randomBytes(length),
): Ids {
  let lastMs = -1;
  let counter = 0;
  return {
    next() {
      const bytes = random(10);
      const now = Math.max(0, Math.floor(clock.now()));
      if (now > lastMs) {
        lastMs = now;
        // The top bit starts at zero, which leaves room for at least 2,048 ids within the millisecond.
        counter = (((bytes[0] ?? 0) & 0x07) << 8) | (bytes[1] ?? 0);
      } else {
        counter += 1;
        if (counter > 0xfff) {
          lastMs += 1;
          counter = 0;
        }
      }
      const time = lastMs.toString(16).padStart(12, '0');
      const randA = (0x7000 | counter).toString(16);
      const tail = Buffer.from(bytes.subarray(2, 10));
      tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
      const hex = tail.toString('hex');
      return `${time.slice(0, 8)}-${time.slice(8)}-${randA}-${hex.slice(0, 4)}-${hex.slice(4)}`;
    },
  };
}
