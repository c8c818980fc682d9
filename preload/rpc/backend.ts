/** What a server needs behind it: one function per call and one source per topic. */
import type { CallOf, Contract, OutputOf, RequestOf, SnapshotOf, StationContract, TopicOf } from './contract.ts';

/** Told to a handler besides its input; most ignore it. */
export interface CallContext {
  /** True once the caller stopped waiting or went away. */
  readonly cancelled: boolean;
  /** Called once if the caller stops waiting before the handler has answered. */
  onCancel(listener: () => void): void;
}

/**
 * One function per call of the contract. A call that is not in the contract cannot be registered, so no handler is
 * without a schema. Throw `ContractError` to answer with a code; anything else crosses as `internal`.
 */
export type Handlers<C extends Contract = StationContract> = {
  readonly [N in CallOf<C>]: (input: RequestOf<C, N>, context: CallContext) => OutputOf<C, N> | Promise<OutputOf<C, N>>;
};

/** Where a topic's snapshots come from. */
export interface TopicSource<S> {
  /** The whole state now. */
  current(): S;
  /** Calls `listener` after each change; returns the function that stops it. */
  onChange(listener: () => void): () => void;
}

export type TopicSources<C extends Contract = StationContract> = {
  readonly [N in TopicOf<C>]: TopicSource<SnapshotOf<C, N>>;
};

export interface Backend<C extends Contract = StationContract> {
  readonly handlers: Handlers<C>;
  readonly topics: TopicSources<C>;
}

/** Where a server reports what must not cross the wire. Fits the station's `Log`. */
export interface ServerLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}
