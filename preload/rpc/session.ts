/** One client at the server: its open calls and its subscriptions. Dropped whole when the connection ends. */
import { ContractError } from '../contract/index.ts';
import { ClientMessage, decode, encode, firstIssue, toWireError } from './messages.ts';
import { limits } from './wire.ts';
import type { Backend, ServerLog } from './backend.ts';
import type { Contract } from './contract.ts';
import type { ServerMessage } from './messages.ts';
import type { Gate } from './server.ts';
import type { Connection } from './wire.ts';

export interface Session {
  readonly connection: Connection;
  readonly calls: number;
  readonly subscriptions: number;
  failToStart(error: ContractError): void;
  /** Forgets everything held for this client and tells running handlers that nobody waits. */
  drop(): void;
}

interface OpenCall {
  cancelled: boolean;
  readonly onCancel: Set<() => void>;
}

interface Subscription {
  readonly topic: string;
  stop: () => void;
  /** A snapshot was sent and the client has not dealt with it yet. */
  inFlight: boolean;
  /** The source changed since the last snapshot. */
  stale: boolean;
  /** A flush is due in this turn. */
  scheduled: boolean;
}

interface SessionDeps<C extends Contract> {
  gate(): Gate<C>;
  /** Resolves, never rejects, once the gate is no longer `starting`. */
  readonly opened: Promise<void>;
  readonly log: ServerLog;
}

export function createSession<C extends Contract>(contract: C, connection: Connection, deps: SessionDeps<C>): Session {
  const calls = new Map<number, OpenCall>();
  const subscriptions = new Map<number, Subscription>();
  let dropped = false;

  /** Sends, or says why it cannot be sent; a message too large for the client is refused here, not by the carrier. */
  const send = (message: ServerMessage): 'sent' | 'too-large' | 'no-json' => {
    if (dropped) return 'sent';
    const text = encode(message);
    if (text === null) return 'no-json';
    if (text.length > limits.toClientChars) return 'too-large';
    connection.wire.send(text);
    return 'sent';
  };

  const sendError = (id: number, error: ContractError): void => {
    if (send({ kind: 'error', id, error: toWireError(error) }) === 'sent') return;
    send({ kind: 'error', id, error: { code: error.code, message: error.message.slice(0, 300) } });
  };

  /** What crosses for anything thrown: contract errors as they are, the rest as `internal` and only in the log. */
  const toContractError = (name: string, thrown: unknown): ContractError => {
    if (thrown instanceof ContractError) return thrown;
    deps.log.error({ call: name, error: thrown }, `${name} failed with something that is no contract error`);
    return new ContractError('internal', `${name} failed inside the station; its log says why`);
  };

  const badOutput = (name: string, problem: string): ContractError => {
    deps.log.error({ call: name, problem }, `${name} answered outside its contract; the answer was withheld`);
    return new ContractError('bad-output', `${name} answered outside its contract: ${problem}`);
  };

  /** Ends the connection of a client that broke the rules, after telling it which one. */
  const breakOff = (code: 'bad-input' | 'too-large', message: string): void => {
    deps.log.warn({ code, problem: message }, 'a client broke the rules of the wire; its connection is ended');
    send({ kind: 'fatal', error: { code, message } });
    connection.close(message);
  };

  const answer = (id: number, name: string, output: unknown): void => {
    const definition = contract.calls[name];
    if (definition === undefined) return;
    const parsed = definition.output.safeParse(output);
    if (!parsed.success) {
      sendError(id, badOutput(name, firstIssue(parsed.error)));
      return;
    }
    const outcome = send({ kind: 'ok', id, output: parsed.data });
    if (outcome === 'no-json') sendError(id, badOutput(name, 'the answer has no JSON form'));
    if (outcome === 'too-large') {
      deps.log.error({ call: name }, `the answer of ${name} is too large for the wire`);
      sendError(id, new ContractError('too-large', `the answer of ${name} is too large; ask for fewer rows`));
    }
  };

  const runCall = async (id: number, name: string, input: unknown, open: OpenCall): Promise<void> => {
    const definition = contract.calls[name];
    if (definition === undefined) return;
    const parsed = definition.input.safeParse(input);
    const settle = (work: () => void): void => {
      // A cancelled or dropped call was answered already.
      if (calls.get(id) !== open) return;
      calls.delete(id);
      work();
    };
    if (!parsed.success) {
      settle(() => sendError(id, new ContractError('bad-input', `${name} ${firstIssue(parsed.error)}`)));
      return;
    }
    await deps.opened;
    if (open.cancelled) return;
    const gate = deps.gate();
    try {
      if (gate.kind !== 'ready') {
        throw gate.kind === 'failed' ? gate.error : new ContractError('not-started', 'the station is starting');
      }
      const handler = handlerOf(gate.backend, name);
      if (handler === undefined) throw new ContractError('unavailable', `${name} has no handler in this station`);
      const output = await handler(parsed.data, {
        get cancelled() {
          return open.cancelled;
        },
        onCancel(listener: () => void) {
          open.onCancel.add(listener);
        },
      });
      settle(() => answer(id, name, output));
    } catch (thrown) {
      settle(() => sendError(id, toContractError(name, thrown)));
    }
  };

  const cancel = (open: OpenCall): void => {
    open.cancelled = true;
    for (const listener of open.onCancel) {
      try {
        listener();
      } catch (thrown) {
        deps.log.error({ error: thrown }, 'a handler failed while it was being cancelled');
      }
    }
    open.onCancel.clear();
  };

  const flush = (id: number, subscription: Subscription): void => {
    subscription.scheduled = false;
    if (subscriptions.get(id) !== subscription) return;
    if (subscription.inFlight) return;
    const gate = deps.gate();
    const schema = contract.topics[subscription.topic];
    if (gate.kind !== 'ready' || schema === undefined) return;
    subscription.stale = false;
    try {
      const source = sourceOf(gate.backend, subscription.topic);
      const parsed = schema.safeParse(source?.current());
      if (!parsed.success) throw badOutput(subscription.topic, firstIssue(parsed.error));
      const outcome = send({ kind: 'snapshot', id, snapshot: parsed.data });
      if (outcome === 'no-json') throw badOutput(subscription.topic, 'the snapshot has no JSON form');
      if (outcome === 'too-large') {
        throw new ContractError('too-large', `the snapshot of ${subscription.topic} is too large for the wire`);
      }
      subscription.inFlight = true;
    } catch (thrown) {
      sendError(id, toContractError(subscription.topic, thrown));
    }
  };

  /** At most one snapshot under way per subscription; while there is one, changes only mark it stale. */
  const changed = (id: number, subscription: Subscription): void => {
    subscription.stale = true;
    if (subscription.inFlight || subscription.scheduled) return;
    subscription.scheduled = true;
    void Promise.resolve().then(() => flush(id, subscription));
  };

  const startSubscription = async (id: number, subscription: Subscription): Promise<void> => {
    await deps.opened;
    if (subscriptions.get(id) !== subscription) return;
    const gate = deps.gate();
    if (gate.kind !== 'ready') {
      if (gate.kind === 'failed') sendError(id, gate.error);
      return;
    }
    try {
      const source = sourceOf(gate.backend, subscription.topic);
      if (source === undefined) throw new ContractError('unavailable', `${subscription.topic} has no source here`);
      subscription.stop = source.onChange(() => changed(id, subscription));
    } catch (thrown) {
      sendError(id, toContractError(subscription.topic, thrown));
      return;
    }
    flush(id, subscription);
  };

  const stopSubscription = (id: number): void => {
    const subscription = subscriptions.get(id);
    if (subscription === undefined) return;
    subscriptions.delete(id);
    subscription.stop();
  };

  const receive = (message: ClientMessage): void => {
    switch (message.kind) {
      case 'call': {
        if (!Object.hasOwn(contract.calls, message.name)) {
          sendError(message.id, new ContractError('unknown-call', `there is no call "${message.name}"`));
          return;
        }
        if (calls.has(message.id)) {
          breakOff('bad-input', `call id ${message.id} is already in use; use each id once`);
          return;
        }
        if (calls.size >= limits.openCalls) {
          sendError(message.id, new ContractError('refused', `more than ${limits.openCalls} calls are open; wait`));
          return;
        }
        const open: OpenCall = { cancelled: false, onCancel: new Set() };
        calls.set(message.id, open);
        void runCall(message.id, message.name, message.input, open);
        return;
      }
      case 'cancel': {
        const open = calls.get(message.id);
        if (open === undefined) return;
        calls.delete(message.id);
        sendError(message.id, new ContractError('refused', 'the call was cancelled by its caller'));
        cancel(open);
        return;
      }
      case 'subscribe': {
        if (!Object.hasOwn(contract.topics, message.topic)) {
          sendError(message.id, new ContractError('unknown-call', `there is no topic "${message.topic}"`));
          return;
        }
        if (subscriptions.has(message.id)) {
          breakOff('bad-input', `subscription id ${message.id} is already in use; use each id once`);
          return;
        }
        if (subscriptions.size >= limits.subscriptions) {
          const error = `more than ${limits.subscriptions} subscriptions are open; drop some`;
          sendError(message.id, new ContractError('refused', error));
          return;
        }
        const subscription: Subscription = {
          topic: message.topic,
          stop: () => {},
          inFlight: false,
          stale: false,
          scheduled: false,
        };
        subscriptions.set(message.id, subscription);
        void startSubscription(message.id, subscription);
        return;
      }
      case 'unsubscribe':
        stopSubscription(message.id);
        return;
      case 'seen': {
        const subscription = subscriptions.get(message.id);
        if (subscription === undefined || !subscription.inFlight) return;
        subscription.inFlight = false;
        if (subscription.stale) flush(message.id, subscription);
        return;
      }
    }
  };

  const stopListening = connection.wire.onMessage((text) => {
    if (dropped) return;
    const decoded = decode(ClientMessage, text, limits.toServerChars);
    if (decoded.ok) receive(decoded.message);
    else breakOff(decoded.code, decoded.message);
  });

  return {
    connection,
    get calls() {
      return calls.size;
    },
    get subscriptions() {
      return subscriptions.size;
    },
    failToStart(error) {
      send({ kind: 'fatal', error: toWireError(error) });
    },
    drop() {
      if (dropped) return;
      dropped = true;
      stopListening();
      for (const id of [...subscriptions.keys()]) stopSubscription(id);
      const open = [...calls.values()];
      calls.clear();
      for (const call of open) cancel(call);
    },
  };
}

type AnyHandler = (input: unknown, context: { cancelled: boolean; onCancel(listener: () => void): void }) => unknown;
interface AnySource {
  current(): unknown;
  onChange(listener: () => void): () => void;
}

/**
 * The handler of a name that is known to be in the contract. The input was parsed by that call's schema, which is
 * what the handler's own type asks for; the type checker cannot follow that through a name known only at run time.
 */
function handlerOf<C extends Contract>(backend: Backend<C>, name: string): AnyHandler | undefined {
  const handlers = backend.handlers as unknown as Readonly<Record<string, AnyHandler | undefined>>;
  return Object.hasOwn(handlers, name) ? handlers[name]?.bind(handlers) : undefined;
}

function sourceOf<C extends Contract>(backend: Backend<C>, topic: string): AnySource | undefined {
  const sources = backend.topics as unknown as Readonly<Record<string, AnySource | undefined>>;
  return Object.hasOwn(sources, topic) ? sources[topic] : undefined;
}
