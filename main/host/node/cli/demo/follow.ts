/** A screen followed by the demo packer: waits until it shows something. */
import type { TopicName, TopicSnapshot } from '../../../../../preload/contract/index.ts';
import type { Client, StationContract } from '../../../../../preload/rpc/index.ts';
import type { Clock } from '../../../../ports.ts';

/** The packer cannot go on with something. `message` is one line. */
export class PackerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PackerError';
  }
}

export interface Screen<S> {
  /** Waits until the screen shows what `wanted` is true for. Rejects with PackerError after `limitMs`. */
  until(what: string, wanted: (snapshot: S) => boolean, limitMs: number): Promise<S>;
  stop(): void;
}

/** `describe` says in a few words what the screen shows, for the message of an error. */
export function follow<N extends TopicName>(
  client: Client<StationContract>,
  clock: Clock,
  topic: N,
  describe: (snapshot: TopicSnapshot<N>) => string,
): Screen<TopicSnapshot<N>> {
  let shown: TopicSnapshot<N> | null = null;
  const watchers = new Set<() => void>();
  const stop = client.subscribe(topic, (snapshot) => {
    shown = snapshot;
    for (const watcher of [...watchers]) watcher();
  });
  return {
    until: (what, wanted, limitMs) =>
      new Promise((resolve, reject) => {
        const timer = clock.after(limitMs, () => {
          watchers.delete(check);
          const now = shown === null ? 'nothing' : describe(shown);
          reject(new PackerError(`waited ${limitMs} ms for ${what}; the screen shows ${now}`));
        });
        const check = (): void => {
          if (shown === null || !wanted(shown)) return;
          watchers.delete(check);
          timer.cancel();
          resolve(shown);
        };
        watchers.add(check);
        check();
      }),
    stop,
  };
}
