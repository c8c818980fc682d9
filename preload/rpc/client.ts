/** Calls a contract over one connection. Every call settles: answer, error, time-out or the end of the connection. */
import { ContractError } from '../contract/index.ts';
import { ServerMessage, decode, encode, firstIssue, fromWireError } from './messages.ts';
import { limits } from './wire.ts';
import type { ClientMessage } from './messages.ts';
import type { CallOf, Contract, InputOf, OutputOf, SnapshotOf, TopicOf } from './contract.ts';
import type { Connection } from './wire.ts';

/** Timers, given from outside so that tests need not wait. The station's `Clock` fits. */
export interface Timers {
  after(delayMs: number, task: () => void): { cancel(): void };
}

/** Timers of the platform, for a screen: `platformTimers(setTimeout, clearTimeout)` bound to the global object. */
export function platformTimers<H>(platform: {
  setTimeout(task: () => void, delayMs: number): H;
  clearTimeout(handle: H): void;
}): Timers {
  return {
    after(delayMs, task) {
      const handle = platform.setTimeout(task, delayMs);
      return { cancel: () => platform.clearTimeout(handle) };
    },
  };
}

/** How a caller stops waiting. An `AbortSignal` fits. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface CallOptions {
  /** When it fires the call rejects with `refused` at once; an effect that has begun is not undone. */
  readonly signal?: CancelSignal | undefined;
}

export interface Client<C extends Contract> {
  /** Rejects with `ContractError` only: the station's own, or `timeout`, `disconnected`, `too-large`, `bad-output`. */
  call<N extends CallOf<C>>(name: N, input: InputOf<C, N>, options?: CallOptions): Promise<OutputOf<C, N>>;
  /**
   * Follows a topic: `onSnapshot` gets the whole state at once and after every change. `onError` is told why there is
   * none for now; a later snapshot replaces the error. Returns the function that ends the subscription.
   */
  subscribe<N extends TopicOf<C>>(
    topic: N,
    onSnapshot: (snapshot: SnapshotOf<C, N>) => void,
    onError?: (error: ContractError) => void,
  ): () => void;
  /** Calls `listener` once when the client can no longer reach the station, or at once if that has happened. */
  onClose(listener: (error: ContractError) => void): () => void;
  /** Calls `listener` if the station failed to start (`not-started`), or at once if it has. */
  onFatal(listener: (error: ContractError) => void): () => void;
  /** Ends subscriptions, rejects open calls with `disconnected` and closes the connection. */
  close(): void;
}

interface PendingCall {
  resolve(output: unknown): void;
  reject(error: ContractError): void;
  readonly name: string;
}

interface LocalSubscription {
  readonly topic: string;
  onSnapshot(snapshot: unknown): void;
  onError(error: ContractError): void;
}

/** One client per connection: replies are matched by ids this client counts. */
export function createClient<C extends Contract>(
  contract: C,
  connection: Connection,
  options: { readonly timers: Timers },
): Client<C> {
  const pending = new Map<number, PendingCall>();
  const subscriptions = new Map<number, LocalSubscription>();
  const closeListeners = new Set<(error: ContractError) => void>();
  const fatalListeners = new Set<(error: ContractError) => void>();
  let nextId = 1;
  let closed: ContractError | null = null;
  let fatal: ContractError | null = null;

  const send = (message: ClientMessage): void => {
    if (closed !== null) return;
    const text = encode(message);
    if (text === null) throw new ContractError('bad-input', 'the input has no JSON form');
    if (text.length > limits.toServerChars) {
      throw new ContractError(
        'too-large',
        `the input is ${text.length} characters; at most ${limits.toServerChars} go`,
      );
    }
    connection.wire.send(text);
  };

  const rejectAll = (error: ContractError): void => {
    const waiting = [...pending.values()];
    pending.clear();
    for (const call of waiting) call.reject(error);
  };

  const end = (error: ContractError): void => {
    if (closed !== null) return;
    closed = error;
    stopListening();
    rejectAll(error);
    const followed = [...subscriptions.values()];
    subscriptions.clear();
    for (const subscription of followed) subscription.onError(error);
    const told = [...closeListeners];
    closeListeners.clear();
    for (const listener of told) listener(error);
  };

  const receive = (message: ServerMessage): void => {
    switch (message.kind) {
      case 'ok': {
        const call = pending.get(message.id);
        if (call === undefined) return;
        const parsed = contract.calls[call.name]?.output.safeParse(message.output);
        if (parsed?.success === true) call.resolve(parsed.data);
        else {
          const problem = parsed === undefined ? 'is of an unknown call' : firstIssue(parsed.error);
          call.reject(new ContractError('bad-output', `the answer of ${call.name} ${problem}`));
        }
        return;
      }
      case 'error': {
        const error = fromWireError(message.error);
        pending.get(message.id)?.reject(error);
        subscriptions.get(message.id)?.onError(error);
        return;
      }
      case 'snapshot': {
        const subscription = subscriptions.get(message.id);
        if (subscription === undefined) return;
        const parsed = contract.topics[subscription.topic]?.safeParse(message.snapshot);
        try {
          if (parsed?.success === true) subscription.onSnapshot(parsed.data);
          else {
            const problem = parsed === undefined ? 'is of an unknown topic' : firstIssue(parsed.error);
            subscription.onError(new ContractError('bad-output', `the snapshot of ${subscription.topic} ${problem}`));
          }
        } catch (thrown) {
          const why = thrown instanceof Error ? thrown.message : String(thrown);
          subscription.onError(new ContractError('internal', `a follower of ${subscription.topic} failed: ${why}`));
        } finally {
          if (subscriptions.has(message.id)) send({ kind: 'seen', id: message.id });
        }
        return;
      }
      case 'fatal': {
        const error = fromWireError(message.error);
        if (error.code !== 'not-started') {
          end(error);
          connection.close(error.message);
          return;
        }
        fatal = error;
        rejectAll(error);
        for (const subscription of [...subscriptions.values()]) subscription.onError(error);
        const told = [...fatalListeners];
        fatalListeners.clear();
        for (const listener of told) listener(error);
        return;
      }
    }
  };

  const stopListening = connection.wire.onMessage((text) => {
    if (closed !== null) return;
    const decoded = decode(ServerMessage, text, limits.toClientChars);
    if (decoded.ok) {
      receive(decoded.message);
      return;
    }
    const error = new ContractError('bad-output', `the station sent something unreadable: ${decoded.message}`);
    end(error);
    connection.close(error.message);
  });
  connection.onClose((reason) => end(new ContractError('disconnected', `the station is not connected: ${reason}`)));

  return {
    call<N extends CallOf<C>>(name: N, input: InputOf<C, N>, callOptions: CallOptions = {}): Promise<OutputOf<C, N>> {
      const signal = callOptions.signal;
      return new Promise<unknown>((resolve, reject) => {
        if (closed !== null) return reject(closed);
        if (fatal !== null) return reject(fatal);
        const definition = contract.calls[name];
        if (definition === undefined) return reject(new ContractError('unknown-call', `there is no call "${name}"`));
        if (signal?.aborted === true) return reject(cancelledError(name));
        const id = nextId++;
        const finish = (): void => {
          pending.delete(id);
          timer.cancel();
          signal?.removeEventListener('abort', abandonByCaller);
        };
        const abandon = (error: ContractError): void => {
          if (!pending.has(id)) return;
          finish();
          send({ kind: 'cancel', id });
          reject(error);
        };
        const abandonByCaller = (): void => abandon(cancelledError(name));
        const timer = options.timers.after(definition.timeoutMs, () => {
          abandon(new ContractError('timeout', `${name} was not answered within ${definition.timeoutMs} ms`));
        });
        signal?.addEventListener('abort', abandonByCaller);
        pending.set(id, {
          name,
          resolve(output) {
            finish();
            resolve(output);
          },
          reject(error) {
            finish();
            reject(error);
          },
        });
        try {
          send({ kind: 'call', id, name, input });
        } catch (thrown) {
          finish();
          reject(thrown instanceof ContractError ? thrown : new ContractError('disconnected', String(thrown)));
        }
        return undefined;
        // `resolve` is only ever called with what the output schema of `name` gave.
      }) as Promise<OutputOf<C, N>>;
    },
    subscribe(topic, onSnapshot, onError = () => {}) {
      if (closed !== null || fatal !== null) {
        onError(closed ?? fatal ?? new ContractError('disconnected', 'the station is not connected'));
        return () => {};
      }
      const id = nextId++;
      const schema = contract.topics[topic];
      if (schema === undefined) {
        onError(new ContractError('unknown-call', `there is no topic "${topic}"`));
        return () => {};
      }
      subscriptions.set(id, {
        topic,
        // Only ever called with what this topic's schema gave.
        onSnapshot,
        onError,
      });
      send({ kind: 'subscribe', id, topic });
      return () => {
        if (subscriptions.delete(id)) send({ kind: 'unsubscribe', id });
      };
    },
    onClose(listener) {
      if (closed !== null) {
        listener(closed);
        return () => {};
      }
      closeListeners.add(listener);
      return () => {
        closeListeners.delete(listener);
      };
    },
    onFatal(listener) {
      if (fatal !== null) {
        listener(fatal);
        return () => {};
      }
      fatalListeners.add(listener);
      return () => {
        fatalListeners.delete(listener);
      };
    },
    close() {
      if (closed !== null) return;
      // A carrier that cannot tell the other side of the end (a page's bridge) still drops what was followed.
      for (const id of [...subscriptions.keys()]) send({ kind: 'unsubscribe', id });
      for (const id of [...pending.keys()]) send({ kind: 'cancel', id });
      end(new ContractError('disconnected', 'the client was closed'));
      connection.close('the client was closed');
    },
  };
}

function cancelledError(name: string): ContractError {
  return new ContractError('refused', `${name} was cancelled by its caller`);
}
