/** What the client and the server are generic over: a list of calls and a list of topics, each with its schema. */
import { calls, topics } from '../contract/index.ts';
import type { z } from 'zod';
import type { CallDefinition } from '../contract/index.ts';

export interface Contract {
  readonly calls: Readonly<Record<string, CallDefinition>>;
  readonly topics: Readonly<Record<string, z.ZodType>>;
}

export type CallOf<C extends Contract> = keyof C['calls'] & string;
export type TopicOf<C extends Contract> = keyof C['topics'] & string;
/** What a caller passes (defaults may be left out). */
export type InputOf<C extends Contract, N extends CallOf<C>> = z.input<C['calls'][N]['input']>;
/** What a handler receives (defaults filled in). */
export type RequestOf<C extends Contract, N extends CallOf<C>> = z.output<C['calls'][N]['input']>;
/** What a caller gets. */
export type OutputOf<C extends Contract, N extends CallOf<C>> = z.output<C['calls'][N]['output']>;
export type SnapshotOf<C extends Contract, N extends TopicOf<C>> = z.output<C['topics'][N]>;

/** The station's own contract: what every host serves and every screen speaks. */
export const stationContract = { calls, topics } as const;
export type StationContract = typeof stationContract;
