/** All of Electron that the host uses, as one object: what `main.ts` takes from Electron and tests stand in for. */
import type * as Electron from 'electron';

export interface ElectronApi {
  readonly app: Pick<
    Electron.App,
    'enableSandbox' | 'requestSingleInstanceLock' | 'whenReady' | 'on' | 'quit' | 'exit'
  >;
  readonly BrowserWindow: new (options: Electron.BrowserWindowConstructorOptions) => HostWindow;
  readonly ipcMain: Pick<Electron.IpcMain, 'on' | 'removeListener'>;
  readonly protocol: Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'>;
  readonly session: { readonly defaultSession: HostSession };
  readonly safeStorage: Pick<
    Electron.SafeStorage,
    'isEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptString' | 'decryptString'
  >;
  readonly Menu: { setApplicationMenu(menu: null): void };
}

export type HostWindow = Pick<
  Electron.BrowserWindow,
  'on' | 'once' | 'loadURL' | 'show' | 'focus' | 'isMinimized' | 'restore' | 'isDestroyed'
> & { readonly webContents: HostWebContents };

export type HostWebContents = Pick<
  Electron.WebContents,
  'id' | 'mainFrame' | 'on' | 'send' | 'isDestroyed' | 'setWindowOpenHandler' | 'reload'
>;

export type HostSession = Pick<
  Electron.Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'on'
>;
