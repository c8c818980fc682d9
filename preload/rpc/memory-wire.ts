/** Two connected ends in one process: for tests and the command line. Texts are delivered in order, in a later turn. */
import { createEnding } from './wire.ts';
import type { Connection, Ending } from './wire.ts';

/** What one end sends arrives at the other; closing either ends both, after what was already sent. */
export function createMemoryPair(): { readonly client: Connection; readonly server: Connection } {
  const left = createEnd();
  const right = createEnd();
  join(left, right);
  join(right, left);
  return { client: left.connection, server: right.connection };
}

interface End {
  readonly connection: Connection;
  readonly ending: Ending;
  deliver(text: string): void;
  peer: End | null;
}

function createEnd(): End {
  const listeners = new Set<(text: string) => void>();
  const ending = createEnding();
  const later = (task: () => void): void => {
    void Promise.resolve().then(task);
  };
  const end: End = {
    ending,
    peer: null,
    deliver(text) {
      if (ending.ended) return;
      for (const listener of [...listeners]) listener(text);
    },
    connection: {
      wire: {
        send(text) {
          if (!ending.ended) later(() => end.peer?.deliver(text));
        },
        onMessage(listener) {
          listeners.add(listener);
          return () => {
            listeners.delete(listener);
          };
        },
      },
      onClose: (listener) => ending.onEnd(listener),
      close(reason) {
        if (ending.ended) return;
        ending.end(reason);
        later(() => end.peer?.ending.end(reason));
      },
    },
  };
  return end;
}

function join(end: End, peer: End): void {
  end.peer = peer;
}
