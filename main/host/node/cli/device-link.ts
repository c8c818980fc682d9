/** Opens one link by hand, for `packbench device watch`, `record` and `replay`: no station, no data folder. */
import { createLinks } from '../../../../native/index.ts';
import type { Clock, Inventory, Link, LinkOptions } from '../../../ports.ts';
import { createSystemClock } from '../../shared/clock.ts';
import { createRandom } from '../../shared/random.ts';
import { UsageError } from './exit.ts';
import type { ReadOptions } from './options.ts';

export const linkOptionNames = {
  link: { type: 'string' },
  baud: { type: 'string' },
  'data-bits': { type: 'string' },
  parity: { type: 'string' },
  'stop-bits': { type: 'string' },
} as const;

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export interface HandLinks {
  readonly clock: Clock;
  readonly log: typeof quiet;
  readonly links: { create(uri: string, options: LinkOptions): Link; readonly inventory?: Inventory };
}

export function handLinks(): HandLinks {
  const clock = createSystemClock();
  const random = createRandom();
  return { clock, log: quiet, links: createLinks({ clock, log: quiet, random: () => random.next() }) };
}

/** The settings of the line that were given. */
export function lineSettings(options: ReadOptions): LinkOptions {
  const baud = options.whole('baud', 300, 921_600);
  const dataBits = options.whole('data-bits', 7, 8);
  const stopBits = options.whole('stop-bits', 1, 2);
  const parity = options.text('parity');
  if (parity !== undefined && parity !== 'none' && parity !== 'even' && parity !== 'odd') {
    throw new UsageError(`--parity ${parity}: known are none, even, odd`);
  }
  return {
    ...(baud === undefined ? {} : { baud }),
    ...(dataBits === undefined ? {} : { dataBits: dataBits as 7 | 8 }),
    ...(stopBits === undefined ? {} : { stopBits: stopBits as 1 | 2 }),
    ...(parity === undefined ? {} : { parity }),
  };
}

/** A link whose native module is absent cannot run here; any other reason not to make one is bad input. */
export function makeLink({ links }: HandLinks, uri: string, options: LinkOptions): Link {
  try {
    return links.create(uri, options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/no known kind|; write /.test(message)) throw new UsageError(message);
    throw error;
  }
}

/** Resolves when it is time to end: after `seconds`, at Ctrl+C, or when `done` says so. */
export function untilEnd(clock: Clock, seconds: number, done: Promise<string>): Promise<string> {
  return new Promise((resolve) => {
    const stop = (reason: string): void => {
      timer.cancel();
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
      resolve(reason);
    };
    const interrupted = (): void => stop('stopped');
    const timer = clock.after(seconds * 1_000, () => stop('time'));
    process.once('SIGINT', interrupted);
    process.once('SIGTERM', interrupted);
    void done.then(stop);
  });
}
