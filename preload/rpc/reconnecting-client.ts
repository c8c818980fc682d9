/** A client that finds its way back: connects again with back-off and keeps its subscriptions. */
import { ContractError } from '../contract/index.ts';
import { createClient } from './client.ts';
import type { CallOptions, Client, Timers } from './client.ts';
import type { CallOf, Contract, InputOf, OutputOf, SnapshotOf, TopicOf } from './contract.ts';
import type { Connection } from './wire.ts';

/**
 * `failed`: connected, but the station behind it did not start; calls reject with `not-started`.
 * `waiting`: the connection was lost or refused; tried again after `retryInMs`.
 */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'waiting'; readonly retryInMs: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: ContractError }
  | { readonly kind: 'closed' };

export interface ReconnectingClient<C extends Contract> extends Pick<Client<C>, 'call' | 'subscribe' | 'close'> {
  readonly state: ConnectionState;
  /** Called after each change of `state`. */
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Tries now instead of waiting out the back-off. */
  retryNow(): void;
}

export interface ReconnectingOptions {
  /** Makes one new connection, or rejects with a one-line reason. */
  connect(): Promise<Connection>;
  readonly timers: Timers;
  /** Wait after the first failure; doubled after each further one. Default 250. */
  readonly firstRetryMs?: number;
  /** Longest wait. Default 10,000. */
  readonly longestRetryMs?: number;
  /** An attempt that takes longer is given up. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** A connection that lived this long sets the back-off back to its start. Default 5,000. */
  readonly steadyAfterMs?: number;
}

interface Followed {
  start(client: Client<Contract>): () => void;
  stop: () => void;
  fail(error: ContractError): void;
}

/**
 * Calls made before the first connection wait for it, each up to its own time-out. Calls made after a connection was
 * lost reject at once with `disconnected`: the caller cannot know whether the lost one had its effect.
 */
export function createReconnectingClient<C extends Contract>(
  contract: C,
  options: ReconnectingOptions,
): ReconnectingClient<C> {
  const firstRetryMs = options.firstRetryMs ?? 250;
  const longestRetryMs = options.longestRetryMs ?? 10_000;
  const connectTimeoutMs = options.connectTimeoutMs ?? 10_000;
  const steadyAfterMs = options.steadyAfterMs ?? 5_000;
  const followed = new Set<Followed>();
  const stateListeners = new Set<(state: ConnectionState) => void>();
  const waitingForFirst = new Set<(client: Client<C> | null) => void>();
  let state: ConnectionState = { kind: 'connecting' };
  let client: Client<C> | null = null;
  let everConnected = false;
  let failures = 0;
  let attempt = 0;
  let retryTimer: { cancel(): void } | null = null;
  let patience: { cancel(): void } | null = null;

  const setState = (next: ConnectionState): void => {
    state = next;
    for (const listener of [...stateListeners]) listener(next);
  };

  const notConnected = (): ContractError =>
    new ContractError('disconnected', 'the station is not connected; the connection is being restored');

  const waitAndRetry = (reason: string): void => {
    const retryInMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures, 20));
    failures += 1;
    retryTimer = options.timers.after(retryInMs, attemptConnection);
    setState({ kind: 'waiting', retryInMs, reason });
  };

  const adopt = (connection: Connection): void => {
    const adopted = createClient(contract, connection, { timers: options.timers });
    client = adopted;
    everConnected = true;
    const steady = options.timers.after(steadyAfterMs, () => {
      failures = 0;
    });
    setState({ kind: 'connected' });
    adopted.onFatal((error) => {
      if (client === adopted) setState({ kind: 'failed', error });
    });
    adopted.onClose((error) => {
      steady.cancel();
      if (client !== adopted) return;
      client = null;
      if (state.kind !== 'closed') waitAndRetry(error.message);
    });
    if (client !== adopted) return;
    for (const one of [...followed]) one.stop = one.start(adopted);
    const waiting = [...waitingForFirst];
    waitingForFirst.clear();
    for (const go of waiting) go(adopted);
  };

  const attemptConnection = (): void => {
    retryTimer?.cancel();
    retryTimer = null;
    const mine = ++attempt;
    setState({ kind: 'connecting' });
    const current = (): boolean => mine === attempt && state.kind === 'connecting';
    patience?.cancel();
    const limit = options.timers.after(connectTimeoutMs, () => {
      if (!current()) return;
      attempt += 1;
      waitAndRetry(`no connection within ${connectTimeoutMs} ms`);
    });
    patience = limit;
    void Promise.resolve()
      .then(() => options.connect())
      .then(
        (connection) => {
          limit.cancel();
          if (current()) adopt(connection);
          else connection.close('came too late');
        },
        (thrown: unknown) => {
          limit.cancel();
          if (current()) waitAndRetry(thrown instanceof Error ? thrown.message : String(thrown));
        },
      );
  };

  attemptConnection();

  return {
    get state() {
      return state;
    },
    onState(listener) {
      stateListeners.add(listener);
      return () => {
        stateListeners.delete(listener);
      };
    },
    retryNow() {
      if (state.kind === 'waiting') attemptConnection();
    },
    async call<N extends CallOf<C>>(
      name: N,
      input: InputOf<C, N>,
      callOptions: CallOptions = {},
    ): Promise<OutputOf<C, N>> {
      if (client !== null) return client.call(name, input, callOptions);
      if (state.kind === 'closed') throw new ContractError('disconnected', 'the client was closed');
      if (everConnected) throw notConnected();
      const timeoutMs = contract.calls[name]?.timeoutMs ?? 0;
      const first = await new Promise<Client<C> | null>((resolve) => {
        const go = (found: Client<C> | null): void => {
          waitingForFirst.delete(go);
          timer.cancel();
          resolve(found);
        };
        const timer = options.timers.after(timeoutMs, () => go(null));
        waitingForFirst.add(go);
      });
      if (first === null) throw notConnected();
      return first.call(name, input, callOptions);
    },
    subscribe<N extends TopicOf<C>>(
      topic: N,
      onSnapshot: (snapshot: SnapshotOf<C, N>) => void,
      onError: (error: ContractError) => void = () => {},
    ) {
      const one: Followed = {
        start: (of) => (of as Client<C>).subscribe(topic, onSnapshot, onError),
        stop: () => {},
        fail: onError,
      };
      followed.add(one);
      if (client !== null) one.stop = one.start(client);
      return () => {
        if (followed.delete(one)) one.stop();
      };
    },
    close() {
      if (state.kind === 'closed') return;
      attempt += 1;
      retryTimer?.cancel();
      patience?.cancel();
      setState({ kind: 'closed' });
      client?.close();
      client = null;
      for (const go of [...waitingForFirst]) go(null);
      followed.clear();
    },
  };
}
