/**
 * How far a vendor's clock is from ours, learned from the Date header of its answers. The rules are those of the AWS
 * SDKs (aws-cpp ClockSkew.h): correct only from 4 minutes on, compare with the middle of the exchange, ignore answers
 * out of a cache (Age) and exchanges longer than 15 minutes. Our own: a jump of more than a day must be seen twice.
 */
import type { HttpAnswer } from '../../ports.ts';
import type { ClockOffset } from './vendor.ts';

const thresholdMs = 4 * 60_000;
const longestExchangeMs = 15 * 60_000;
const jumpMs = 24 * 3_600_000;

export interface ClockOffsetOptions {
  /** The offset learned before the last restart, or 0. */
  readonly initialMs: number;
  /** Called with each new offset, to keep it. */
  readonly onChange: (ms: number) => void;
}

/** One per vendor. No clock is read: every answer carries its own instants. */
export function createClockOffset(options: ClockOffsetOptions): Required<ClockOffset> {
  let ms = Number.isFinite(options.initialMs) ? options.initialMs : 0;
  /** A jump seen once. */
  let candidate: number | null = null;

  const take = (answer: HttpAnswer, threshold: number): void => {
    const measured = measure(answer);
    if (measured === null) return;
    const change = Math.abs(measured - ms);
    if (change < threshold) {
      candidate = null;
      return;
    }
    if (change > jumpMs && (candidate === null || Math.abs(candidate - measured) >= thresholdMs)) {
      candidate = measured;
      return;
    }
    candidate = null;
    ms = measured;
    options.onChange(ms);
  };

  return {
    get ms() {
      return ms;
    },
    observe: (answer) => take(answer, thresholdMs),
    correct: (answer) => take(answer, 1_000),
  };
}

/** Vendor's clock minus ours at the middle of the exchange, whole milliseconds; null if the answer cannot tell. */
function measure(answer: HttpAnswer): number | null {
  if (answer.headers['age'] !== undefined) return null;
  const roundTrip = answer.answeredAt - answer.sentAt;
  if (roundTrip < 0 || roundTrip > longestExchangeMs) return null;
  const date = Date.parse(answer.headers['date'] ?? '');
  if (Number.isNaN(date)) return null;
  // The header has whole seconds, cut off: half a second is the best guess of what is missing.
  return Math.round(date + 500 - (answer.sentAt + answer.answeredAt) / 2);
}
