import { WebSocket } from 'ws';
import { openSocketConnection } from '../../../preload/rpc/index.ts';
import type { Connection } from '../../../preload/rpc/index.ts';
import { startNodeHost } from '../../../main/host/node/host.ts';
import { createSystemClock } from '../../../main/host/shared/clock.ts';
import { describeWire } from './wire-suite.ts';

describeWire('a WebSocket through the Node host', async (backend, log) => {
  const host = await startNodeHost({
    station: backend,
    rendererDir: '/nowhere',
    port: 0,
    log,
    clock: createSystemClock(),
  });
  const sockets = new Map<Connection, WebSocket>();
  return {
    async connect() {
      const socket = new WebSocket(host.socketUrl, { headers: { authorization: `Bearer ${host.bearer}` } });
      const connection = await openSocketConnection(socket);
      sockets.set(connection, socket);
      return connection;
    },
    cut: (connection) => sockets.get(connection)?.terminate(),
    counts: () => host.counts(),
    close: () => host.close(),
  };
});
