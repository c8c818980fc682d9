/** The station as a desktop program: one window, one channel, everything else shut. */
import type * as Electron from 'electron';
import { createServer, stationContract } from '../../../preload/rpc/index.ts';
import type { Clock, Log } from '../../ports.ts';
import type { Backend } from '../shared/backend.ts';
import { createScreenFiles } from '../shared/screen-files.ts';
import type { ElectronApi, HostWindow } from './electron-api.ts';
import { confine, denyPermissions } from './hardening.ts';
import { listenToPage } from './ipc-wire.ts';
import { registerScreenScheme, screenOrigin, screenUrl, serveScreen } from './screen-protocol.ts';

/** The station behind the window. `backend` may still be starting; `stop` is called once, before the program ends. */
export interface RunningStation {
  readonly backend: Promise<Backend>;
  readonly log: Log;
  readonly clock: Clock;
  stop(): Promise<void>;
}

export interface ElectronHostDeps {
  /** Folder of the built screen. */
  readonly rendererDir: string;
  /** The bundled preload script, one CommonJS file. */
  readonly preloadPath: string;
  /** Called once Electron is ready and this is the only instance. Throwing ends the program with `fail`. */
  startStation(): RunningStation;
  /** Says one line to whoever started the program. */
  fail(message: string): void;
}

/** Longest wait for the station to stop; what is not written by then is durable already or was never accepted. */
const stopLimitMs = 5_000;

/**
 * Runs the program until it quits. Resolves once the window is there, or false if another instance is running: that
 * one comes to the front instead.
 */
export async function runElectronHost(electron: ElectronApi, deps: ElectronHostDeps): Promise<boolean> {
  const { app, protocol } = electron;
  // Both before `ready`, or they have no effect on what exists by then.
  app.enableSandbox();
  registerScreenScheme(protocol);

  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  let window: HostWindow | null = null;
  app.on('second-instance', () => {
    if (window === null || window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  });

  await app.whenReady();
  let station: RunningStation;
  try {
    station = deps.startStation();
  } catch (error) {
    deps.fail(error instanceof Error ? error.message : String(error));
    app.exit(3);
    return false;
  }
  const { log } = station;

  app.on('web-contents-created', (_event, webContents) => confine(webContents, log));
  denyPermissions(electron.session.defaultSession, log);
  serveScreen(protocol, createScreenFiles(deps.rendererDir));
  electron.Menu.setApplicationMenu(null);

  const rpc = createServer(stationContract, { backend: station.backend, log });
  window = new electron.BrowserWindow(windowOptions(deps.preloadPath));
  const opened = window;
  const stopListening = listenToPage({
    ipcMain: electron.ipcMain,
    webContents: opened.webContents,
    origin: screenOrigin,
    log,
    onConnection: (connection) => rpc.attach(connection),
  });
  opened.once('ready-to-show', () => opened.show());
  opened.on('closed', () => {
    window = null;
  });
  opened.webContents.on('render-process-gone', (_event, details) => {
    log.error(
      { reason: details.reason, exitCode: details.exitCode },
      "the screen's process is gone; it is loaded anew",
    );
    if (details.reason !== 'clean-exit' && !opened.isDestroyed()) opened.webContents.reload();
  });

  let ending: 'no' | 'stopping' | 'stopped' = 'no';
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (ending === 'stopped') return;
    event.preventDefault();
    if (ending === 'stopping') return;
    ending = 'stopping';
    stopListening();
    rpc.close('the station is closing');
    void stopWithin(station, stopLimitMs).then(() => {
      ending = 'stopped';
      app.quit();
    });
  });

  await opened.loadURL(screenUrl).catch((error: unknown) => {
    log.error({ error }, 'the screen could not be loaded; run npm run build');
    opened.show();
  });
  return true;
}

/** Every option that guards the page is written down, also where it is Electron's default today. */
export function windowOptions(preloadPath: string): Electron.BrowserWindowConstructorOptions {
  return {
    width: 1_366,
    height: 800,
    minWidth: 1_024,
    minHeight: 640,
    show: false,
    title: 'Packbench',
    autoHideMenuBar: true,
    webPreferences: {
      preload: preloadPath,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // A packer's sound must come with the scan, without a click into the page first.
      autoplayPolicy: 'no-user-gesture-required',
      // The screen keeps up while another window is in front.
      backgroundThrottling: false,
    },
  };
}

async function stopWithin(station: RunningStation, limitMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const limit = station.clock.after(limitMs, () => {
      station.log.warn({ limitMs }, 'the station did not stop in time; ending anyway');
      resolve();
    });
    station
      .stop()
      .catch((error: unknown) => station.log.error({ error }, 'the station failed while stopping'))
      .finally(() => {
        limit.cancel();
        resolve();
      });
  });
}
