/** What a host serves: the station's handlers and topics, as the wire's server takes them. */
import type { Backend as AnyBackend, Handlers, StationContract, TopicSources } from '../../../preload/rpc/index.ts';

/** `createStation(...).api`. */
export type Backend = AnyBackend<StationContract>;
export type StationHandlers = Handlers<StationContract>;
export type StationTopics = TopicSources<StationContract>;
