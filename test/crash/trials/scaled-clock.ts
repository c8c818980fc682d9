/**
 * A clock that runs faster than the machine's, the same for the station in the child and the vendors in the harness.
 * Waits that take a minute at a desk take seconds here; nothing else about them changes.
 */
import type { Clock } from '../../../main/ports.ts';

export interface ClockSetting {
  /** The machine's wall clock at which this clock showed `startMs`. */
  readonly machineMs: number;
  readonly startMs: number;
  /** Milliseconds of this clock in one millisecond of the machine. */
  readonly rate: number;
  /** How far the wall clock was set, in milliseconds of this clock. */
  readonly jumpMs: number;
}

export interface ScaledClock extends Clock {
  /** Sets the wall clock by so much. */
  jump(ms: number): void;
  /** Both clocks move on by so much at once; timers do not. */
  sleep(ms: number): void;
}

/** Longest delay a Node timer takes. */
const longestTimerMs = 2_147_483_647;

export function createScaledClock(setting: ClockSetting): ScaledClock {
  const { rate } = setting;
  let jumpMs = setting.jumpMs;
  let sleptMs = 0;
  return {
    now: () => Math.round(setting.startMs + (Date.now() - setting.machineMs) * rate + jumpMs + sleptMs),
    monotonic: () => performance.now() * rate + sleptMs,
    after(delayMs, task) {
      const timer = setTimeout(task, Math.min(Math.max(0, delayMs / rate), longestTimerMs));
      return {
        cancel() {
          clearTimeout(timer);
        },
      };
    },
    jump(ms) {
      jumpMs += ms;
    },
    sleep(ms) {
      sleptMs += ms;
    },
  };
}
