import { createMemoryPair, createServer, stationContract } from '../../../preload/rpc/index.ts';
import type { Connection } from '../../../preload/rpc/index.ts';
import { describeWire } from './wire-suite.ts';

describeWire('memory', (backend, log) => {
  const server = createServer(stationContract, { backend, log });
  const ends = new Map<Connection, Connection>();
  return Promise.resolve({
    connect() {
      const pair = createMemoryPair();
      server.attach(pair.server);
      ends.set(pair.client, pair.server);
      return Promise.resolve(pair.client);
    },
    cut: (connection) => ends.get(connection)?.close('the wire was cut'),
    counts: () => server.counts(),
    close() {
      server.close('the test is over');
      return Promise.resolve();
    },
  });
});
