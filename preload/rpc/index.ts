/** Calls and topics over any wire: what a screen, a host, a test or the command line needs. */
export { stationContract } from './contract.ts';
export type {
  CallOf,
  Contract,
  InputOf,
  OutputOf,
  RequestOf,
  SnapshotOf,
  StationContract,
  TopicOf,
} from './contract.ts';
export { limits, createEnding } from './wire.ts';
export type { Connection, Ending, Wire } from './wire.ts';
export { createClient, platformTimers } from './client.ts';
export type { CallOptions, CancelSignal, Client, Timers } from './client.ts';
export { createReconnectingClient } from './reconnecting-client.ts';
export type { ConnectionState, ReconnectingClient, ReconnectingOptions } from './reconnecting-client.ts';
export { createServer } from './server.ts';
export type { RpcServer, ServerOptions } from './server.ts';
export type { Backend, CallContext, Handlers, ServerLog, TopicSource, TopicSources } from './backend.ts';
export { createMemoryPair } from './memory-wire.ts';
export { openSocketConnection, socketConnection } from './socket-wire.ts';
export type { SocketLike } from './socket-wire.ts';
export { bridgeChannel, bridgeConnection } from './bridge-wire.ts';
export type { Bridge } from './bridge-wire.ts';
