/** Serves a contract to any number of connections. Every call gets exactly one answer; nothing is met by silence. */
import { ContractError } from '../contract/index.ts';
import { createSession } from './session.ts';
import type { Backend, ServerLog } from './backend.ts';
import type { Contract } from './contract.ts';
import type { Session } from './session.ts';
import type { Connection } from './wire.ts';

export interface ServerOptions<C extends Contract> {
  /**
   * What answers. Given as a promise while the station starts: calls wait for it. If it rejects, every pending and
   * later call and subscription gets `not-started` with its reason.
   */
  readonly backend: Backend<C> | Promise<Backend<C>>;
  readonly log: ServerLog;
}

export interface RpcServer {
  /** Serves `connection` until it ends. */
  attach(connection: Connection): void;
  /** What is held for clients right now; all zero once they are gone. */
  counts(): { readonly connections: number; readonly calls: number; readonly subscriptions: number };
  /** Ends every connection and refuses new ones. */
  close(reason: string): void;
}

/** The state of what answers: still starting, there, or failed for good. */
export type Gate<C extends Contract> =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly backend: Backend<C> }
  | { readonly kind: 'failed'; readonly error: ContractError };

export function createServer<C extends Contract>(contract: C, options: ServerOptions<C>): RpcServer {
  const sessions = new Set<Session>();
  let gate: Gate<C> = { kind: 'starting' };
  let closedBy: string | null = null;

  const opened = Promise.resolve(options.backend).then(
    (backend) => {
      gate = { kind: 'ready', backend };
    },
    (reason: unknown) => {
      const why = reason instanceof Error ? reason.message : String(reason);
      const error = new ContractError('not-started', `the station did not start: ${why.split('\n', 1)[0] ?? ''}`);
      options.log.error({ error: reason }, error.message);
      gate = { kind: 'failed', error };
      for (const session of [...sessions]) session.failToStart(error);
    },
  );

  return {
    attach(connection) {
      if (closedBy !== null) {
        connection.close(closedBy);
        return;
      }
      const session = createSession(contract, connection, { gate: () => gate, opened, log: options.log });
      sessions.add(session);
      connection.onClose(() => {
        sessions.delete(session);
        session.drop();
      });
      if (gate.kind === 'failed') session.failToStart(gate.error);
    },
    counts() {
      let calls = 0;
      let subscriptions = 0;
      for (const session of sessions) {
        calls += session.calls;
        subscriptions += session.subscriptions;
      }
      return { connections: sessions.size, calls, subscriptions };
    },
    close(reason) {
      closedBy = reason;
      for (const session of [...sessions]) session.connection.close(reason);
    },
  };
}
