/**
 * What comes over HTTP as a link, so that Settings, a watching person and the steps of "why does it not read?" have such a
 * machine like any other. It only listens: the answer to a message goes back in its own HTTP reply.
 */
import { troubleOf } from '../domain/link-cause.ts';
import type { Link, LinkProblem, LinkState } from '../ports.ts';

/** The side of whoever takes the messages. */
export interface HttpLink {
  readonly link: Link;
  /** Messages are taken at this origin (`http://host:port`). */
  opened(origin: string): void;
  /** None are taken, because of this error. */
  failed(error: unknown): void;
  /** One message as it came. */
  heard(body: Uint8Array): void;
}

/** Opened, failed and closed by its maker only: `open` does nothing, and `write` writes nothing and says so. */
export function createHttpLink(uri: string): HttpLink {
  const bytesListeners = new Set<(bytes: Uint8Array) => void>();
  const stateListeners = new Set<(state: LinkState) => void>();
  let state: LinkState = 'opening';
  let lastError: string | null = null;
  let problem: LinkProblem | null = null;
  let listening: string | null = null;

  function become(next: LinkState, origin: string | null, error: Error | null): void {
    state = next;
    listening = origin;
    lastError = error?.message ?? null;
    problem = troubleOf(error);
    for (const listener of [...stateListeners]) listener(next);
  }

  return {
    link: {
      uri,
      get state() {
        return state;
      },
      get lastError() {
        return lastError;
      },
      get problem() {
        return problem;
      },
      get listening() {
        return listening;
      },
      open() {},
      write: () =>
        Promise.resolve({ kind: 'failed', bytes: 0, message: `${uri}: answers go with the message they answer` }),
      onBytes(listener) {
        bytesListeners.add(listener);
        return () => {
          bytesListeners.delete(listener);
        };
      },
      onState(listener) {
        stateListeners.add(listener);
        return () => {
          stateListeners.delete(listener);
        };
      },
      close() {
        become('closed', null, null);
        return Promise.resolve();
      },
    },
    opened: (origin) => become('open', origin, null),
    failed: (error) => become('failed', null, error instanceof Error ? error : new Error(String(error))),
    heard(body) {
      for (const listener of [...bytesListeners]) listener(body);
    },
  };
}
