/** What the parts of the wire suite share. */
import { expect } from 'vitest';
import { ContractError } from '../../../preload/contract/index.ts';
import type { CallOutput } from '../../../preload/contract/index.ts';
import type { Backend, Client, Connection, StationContract } from '../../../preload/rpc/index.ts';
import type { createKeptLog, createManualTimers } from './fake-backend.ts';

export interface WireHarness {
  connect(): Promise<Connection>;
  /** Breaks one connection the way its carrier breaks. */
  cut(connection: Connection): void;
  counts(): { readonly calls: number; readonly subscriptions: number };
  close(): Promise<void>;
}

export type OpenHarness = (
  backend: Backend | Promise<Backend>,
  log: ReturnType<typeof createKeptLog>,
) => Promise<WireHarness>;

export interface Started {
  readonly harness: WireHarness;
  readonly connection: Connection;
  readonly client: Client<StationContract>;
  readonly timers: ReturnType<typeof createManualTimers>;
  readonly log: ReturnType<typeof createKeptLog>;
}

/** One harness over `backend`, one client, everything a test may look at. Closed after the test. */
export type Start = (backend: Backend | Promise<Backend>) => Promise<Started>;

export const info: CallOutput<'station.info'> = {
  version: '1.0.0',
  deskId: 'D01',
  site: 'HZ1',
  locale: 'en',
  training: true,
  startedAt: 1,
};

/** The contract error a promise rejects with; anything else fails the test. */
export async function failure(promise: Promise<unknown>): Promise<ContractError> {
  const thrown: unknown = await promise.then(
    () => new Error('it resolved'),
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(ContractError);
  return thrown as ContractError;
}

/** Every message of a connection from now on, parsed. */
export function collect(connection: Connection): unknown[] {
  const replies: unknown[] = [];
  connection.wire.onMessage((text) => {
    const parsed: unknown = JSON.parse(text);
    replies.push(parsed);
  });
  return replies;
}
