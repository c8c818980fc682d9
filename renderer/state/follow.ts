/** Feeds the store from the station: topics, connection state, and what the station says about itself once. */
import type { StationClient } from '../client/connect.ts';
import type { ConnectionState } from '../../preload/rpc/index.ts';
import { withPack, type DeskSlice } from './desk-slice.ts';
import { spokenSnapshot } from './place-slice.ts';
import { useStore, type AppState } from './store.ts';

/** Follows every topic until the returned function is called. `now` is the page's wall clock in milliseconds. */
export function followStation(client: StationClient, now: () => number): () => void {
  const set = useStore.setState;
  const onState = (connection: ConnectionState): void => {
    set((state) => withConnection(state, connection, now()));
    if (connection.kind === 'connected') set(countAnew);
    if (connection.kind === 'connected') void readInfo(client);
  };
  const stops = [
    client.subscribe('pack', (pack) => set((state) => withPack(state, pack))),
    client.subscribe('weight', (weight) => set({ weight })),
    client.subscribe('status', (status) => set({ status, clockOffsetMs: status.at - now() })),
    client.subscribe('queue', (queue) => set({ queue })),
    client.subscribe('training', (training) => set({ training })),
    client.subscribe('bags', (bags) =>
      set((state) => ({ bags, spokenAtBags: spokenSnapshot(state.spokenAtBags, bags.last) })),
    ),
    client.subscribe('day', (day) =>
      set((state) => ({ day, spokenAtDay: spokenSnapshot(state.spokenAtDay, day.last) })),
    ),
    client.onState(onState),
  ];
  onState(client.state);
  return () => {
    for (const stop of stops) stop();
  };
}

/** What a change of the connection means for the screen. The age of a loss counts from its beginning. */
export function withConnection(state: DeskSlice, connection: ConnectionState, at: number): Partial<DeskSlice> {
  const { reach } = state;
  switch (connection.kind) {
    case 'connected':
      // Answers count from anew after a restart of the station.
      return { reach: { kind: 'connected' }, epoch: state.epoch + 1, seenSeq: null };
    case 'waiting':
      if (reach.kind === 'refused') return {};
      return {
        reach: { kind: 'lost', since: reach.kind === 'lost' ? reach.since : at, reason: connection.reason },
        weight: null,
      };
    case 'failed':
      return { reach: { kind: 'failed', reason: connection.error.message } };
    case 'connecting':
    case 'closed':
      return {};
  }
}

/** Answers at the bags and at the end of the day count from anew after a restart of the station, too. */
function countAnew({ spokenAtBags, spokenAtDay }: AppState): Partial<AppState> {
  return { spokenAtBags: { ...spokenAtBags, seenSeq: null }, spokenAtDay: { ...spokenAtDay, seenSeq: null } };
}

async function readInfo(client: StationClient): Promise<void> {
  try {
    useStore.setState({ info: await client.call('station.info', {}) });
  } catch {
    // Asked again on the next connection; nothing on the screen depends on it for packing.
  }
}
