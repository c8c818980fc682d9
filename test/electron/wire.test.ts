import { bridgeConnection, createServer, stationContract } from '../../preload/rpc/index.ts';
import type { Connection } from '../../preload/rpc/index.ts';
import { listenToPage } from '../../main/host/electron/ipc-wire.ts';
import type { HostWebContents } from '../../main/host/electron/electron-api.ts';
import { screenOrigin } from '../../main/host/electron/screen-protocol.ts';
import { describeWire } from '../integration/rpc/wire-suite.ts';
import { loadBridge } from './load-bridge.ts';
import { StandInWebContents, createStandIn } from './stand-in.ts';

describeWire("Electron's IPC, through the real preload script", (backend, log) => {
  const standIn = createStandIn();
  // One listener per window, and the suite opens a hundred of them.
  standIn.ipcMain.setMaxListeners(200);
  const server = createServer(stationContract, { backend, log });
  // One window per connection, as one page is one client; a cut is the page being replaced by another document.
  const pages = new Map<Connection, StandInWebContents>();
  const stops: (() => void)[] = [];
  let windows = 0;
  return Promise.resolve({
    async connect() {
      const webContents = new StandInWebContents(++windows, standIn.ipcMain);
      stops.push(
        listenToPage({
          ipcMain: standIn.electron.ipcMain,
          webContents: webContents as unknown as HostWebContents,
          origin: screenOrigin,
          log: { warn: () => {} },
          onConnection: (connection) => server.attach(connection),
        }),
      );
      const connection = bridgeConnection(await loadBridge(webContents.loadPage()));
      pages.set(connection, webContents);
      return connection;
    },
    cut(connection) {
      pages.get(connection)?.loadPage();
      // The page's own end goes with it; for the test's sake its client is told.
      connection.close('the page is gone');
    },
    counts: () => server.counts(),
    close() {
      for (const stop of stops) stop();
      server.close('the test is over');
      return Promise.resolve();
    },
  });
});
