/** Waiting on a link, or for a time, until somebody stops it: for detection. */
import type { Clock, Link } from '../../ports.ts';

/** A link that is not open by then is given up. */
export const openMs = 4_000;

export interface LinkWait {
  /** Waits, or until `wake`. */
  wait(ms: number): Promise<void>;
  /** Whether the link is open, once it is, has failed, or the time is up. It must be told to open by the caller. */
  opened(link: Link): Promise<boolean>;
  /** Ends what is waited for now. */
  wake(): void;
}

export function createLinkWait(clock: Clock): LinkWait {
  let wakeNow: () => void = () => undefined;

  async function opened(link: Link): Promise<boolean> {
    if (link.state === 'open') return true;
    await new Promise<void>((resolve) => {
      const timer = clock.after(openMs, done);
      const off = link.onState((state) => {
        if (state === 'open' || state === 'failed') done();
      });
      function done(): void {
        timer.cancel();
        off();
        resolve();
      }
      wakeNow = done;
    });
    // It may have changed while waited for.
    return (link.state as Link['state']) === 'open';
  }

  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = clock.after(ms, resolve);
        wakeNow = () => {
          timer.cancel();
          resolve();
        };
      }),
    opened,
    wake: () => wakeNow(),
  };
}
