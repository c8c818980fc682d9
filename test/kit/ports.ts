/** Small stand-ins for the ports a test does not care about. */
import type { Ids, Log, RandomSource } from '../../main/ports.ts';

/** Ids that sort by creation and read well in a failure: `id-000001`, `id-000002`, ... */
export function sequentialIds(prefix = 'id'): Ids {
  let last = 0;
  return { next: () => `${prefix}-${String(++last).padStart(6, '0')}` };
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface RecordedLog extends Log {
  readonly lines: {
    level: 'debug' | 'info' | 'warn' | 'error';
    message: string;
    fields: Readonly<Record<string, unknown>>;
  }[];
}

/** Keeps what was logged, for tests about logging itself. */
export function recordingLog(): RecordedLog {
  const lines: RecordedLog['lines'] = [];
  return {
    lines,
    debug: (fields, message) => void lines.push({ level: 'debug', message, fields }),
    info: (fields, message) => void lines.push({ level: 'info', message, fields }),
    warn: (fields, message) => void lines.push({ level: 'warn', message, fields }),
    error: (fields, message) => void lines.push({ level: 'error', message, fields }),
  };
}

/** The same numbers for the same seed, uniform in [0, 1): mulberry32 (T. Ettinger, public domain). */
export function seededRandom(seed: number): RandomSource {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}

/** Always the same number; 0.5 by default. */
export function fixedRandom(value = 0.5): RandomSource {
  return { next: () => value };
}
