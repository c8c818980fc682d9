/**
 * As much of Electron as the host uses, in plain Node: processes become turns of the event loop, and what crosses
 * between them is copied as Electron copies it. Shapes and event names are those of electron.d.ts.
 */
import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import type { ElectronApi, HostSession, HostWebContents, HostWindow } from '../../main/host/electron/electron-api.ts';
import { screenOrigin, screenUrl } from '../../main/host/electron/screen-protocol.ts';

export type PageIpcRenderer = Pick<Electron.IpcRenderer, 'send' | 'on' | 'removeListener'>;
export type PageContextBridge = Pick<Electron.ContextBridge, 'exposeInMainWorld'>;

/** One loaded document: what its preload script and its page see. Dead once another takes its place. */
export interface StandInPage {
  readonly ipcRenderer: PageIpcRenderer;
  readonly contextBridge: PageContextBridge;
  /** What the preload script exposed, as the page gets it. */
  readonly world: Readonly<Record<string, unknown>>;
}

export interface StandInFrame {
  url: string;
  origin: string;
  parent: object | null;
  frameTreeNodeId: number;
}

export class StandInWebContents extends EventEmitter {
  readonly id: number;
  readonly mainFrame: StandInFrame;
  windowOpenHandler: Parameters<HostWebContents['setWindowOpenHandler']>[0] | null = null;
  reloads = 0;
  destroyed = false;
  private page: { readonly emitter: EventEmitter; alive: boolean } | null = null;
  private readonly ipcMain: EventEmitter;

  constructor(id: number, ipcMain: EventEmitter) {
    super();
    this.id = id;
    this.ipcMain = ipcMain;
    this.mainFrame = { url: 'about:blank', origin: 'null', parent: null, frameTreeNodeId: id * 100 };
  }

  setWindowOpenHandler(handler: Parameters<HostWebContents['setWindowOpenHandler']>[0]): void {
    this.windowOpenHandler = handler;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  reload(): void {
    this.reloads += 1;
  }

  /** Main to page: copied, in order, in a later turn, and only to the document that is there now. */
  send(channel: string, ...args: unknown[]): void {
    const page = this.page;
    if (page === null) return;
    const copies = structuredClone(args);
    setImmediate(() => {
      if (page.alive) page.emitter.emit(channel, { sender: {}, senderId: 0, ports: [] }, ...copies);
    });
  }

  /** A new document takes the place of the old one, as a load or a reload does. */
  loadPage(url = screenUrl): StandInPage {
    if (this.page !== null) this.page.alive = false;
    this.mainFrame.url = url;
    this.mainFrame.origin = new URL(url).protocol === 'packbench:' ? screenOrigin : new URL(url).origin;
    this.emit('did-navigate', {}, url, 200, 'OK');
    const page = { emitter: new EventEmitter(), alive: true };
    this.page = page;
    const world: Record<string, unknown> = {};
    const ipcRenderer = {
      send: (channel: string, ...args: unknown[]) => {
        const copies = structuredClone(args);
        setImmediate(() => {
          if (page.alive) this.ipcMain.emit(channel, this.eventFrom(this.mainFrame), ...copies);
        });
      },
      on: (channel: string, listener: (...args: unknown[]) => void) => page.emitter.on(channel, listener),
      removeListener: (channel: string, listener: (...args: unknown[]) => void) =>
        page.emitter.removeListener(channel, listener),
    };
    return {
      ipcRenderer: ipcRenderer as unknown as PageIpcRenderer,
      contextBridge: {
        exposeInMainWorld(name: string, api: unknown) {
          world[name] = crossing(api);
        },
      },
      world,
    };
  }

  /** The event a message of `frame` arrives with; replies are kept in `replies`. */
  eventFrom(frame: StandInFrame | null, replies: unknown[] = []): Electron.IpcMainEvent {
    const event = {
      sender: this,
      senderFrame: frame,
      frameId: 1,
      processId: 1,
      ports: [],
      type: 'frame',
      returnValue: undefined,
      defaultPrevented: false,
      preventDefault: () => {},
      reply: (_channel: string, ...args: unknown[]) => {
        replies.push(...args);
      },
    };
    return event as unknown as Electron.IpcMainEvent;
  }
}

/**
 * How values go through `contextBridge` (Electron documentation, "contextBridge", parameter types): functions become
 * functions of the other world whose arguments and results cross in turn, data is copied, anything else throws.
 */
function crossing(value: unknown): unknown {
  if (typeof value === 'function') {
    const call = value as (...args: unknown[]) => unknown;
    return (...args: unknown[]) => crossing(call(...args.map(crossing)));
  }
  if (typeof value === 'object' && value !== null) {
    if (Object.getPrototypeOf(value) !== Object.prototype) throw new Error('An object could not be cloned.');
    return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, member]) => [key, crossing(member)])));
  }
  return value;
}

class StandInWindow extends EventEmitter {
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly webContents: StandInWebContents;
  readonly calls: string[] = [];
  loaded: string | null = null;
  minimized = false;
  constructor(options: Electron.BrowserWindowConstructorOptions, webContents: StandInWebContents) {
    super();
    this.options = options;
    this.webContents = webContents;
  }
  loadURL(url: string): Promise<void> {
    this.loaded = url;
    return Promise.resolve();
  }
  show(): void {
    this.calls.push('show');
  }
  focus(): void {
    this.calls.push('focus');
  }
  restore(): void {
    this.calls.push('restore');
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isDestroyed(): boolean {
    return this.webContents.destroyed;
  }
}

type Handler<K extends keyof HostSession> = Parameters<
  HostSession[K] extends (handler: infer H) => void ? (handler: H) => void : never
>[0];

export interface StandIn {
  readonly electron: ElectronApi;
  /** What was called, in order: `enableSandbox`, `registerSchemes`, `lock`, `ready`, `window`, `quit`, `exit 3`. */
  readonly order: string[];
  readonly app: EventEmitter;
  readonly ipcMain: EventEmitter;
  readonly windows: StandInWindow[];
  readonly session: EventEmitter & {
    request: Handler<'setPermissionRequestHandler'> | undefined;
    check: Handler<'setPermissionCheckHandler'> | undefined;
    device: Handler<'setDevicePermissionHandler'> | undefined;
  };
  readonly schemes: Electron.CustomScheme[];
  readonly protocols: Map<string, (request: Request) => Response | Promise<Response>>;
}

/** `first` is false for a start while another instance runs. */
export function createStandIn(options: { readonly first?: boolean } = {}): StandIn {
  const order: string[] = [];
  const app = new EventEmitter();
  const ipcMain = new EventEmitter();
  const windows: StandInWindow[] = [];
  const schemes: Electron.CustomScheme[] = [];
  const protocols = new Map<string, (request: Request) => Response | Promise<Response>>();
  const session: StandIn['session'] = Object.assign(new EventEmitter(), {
    request: undefined,
    check: undefined,
    device: undefined,
  });

  const makeWindow = function (windowOptions: Electron.BrowserWindowConstructorOptions): HostWindow {
    order.push('window');
    const webContents = new StandInWebContents(windows.length + 1, ipcMain);
    const window = new StandInWindow(windowOptions, webContents);
    windows.push(window);
    app.emit('web-contents-created', {}, webContents);
    return window as unknown as HostWindow;
  };

  const electron: ElectronApi = {
    app: {
      enableSandbox: () => void order.push('enableSandbox'),
      requestSingleInstanceLock() {
        order.push('lock');
        return options.first ?? true;
      },
      whenReady() {
        order.push('ready');
        return Promise.resolve();
      },
      on: app.on.bind(app) as unknown as Electron.App['on'],
      quit() {
        order.push('quit');
        const event = { defaultPrevented: false, preventDefault: () => void (event.defaultPrevented = true) };
        app.emit('before-quit', event);
        if (!event.defaultPrevented) order.push('ended');
      },
      exit: (code) => void order.push(`exit ${code ?? 0}`),
    },
    BrowserWindow: makeWindow as unknown as ElectronApi['BrowserWindow'],
    ipcMain: ipcMain as unknown as ElectronApi['ipcMain'],
    protocol: {
      registerSchemesAsPrivileged(customSchemes) {
        order.push('registerSchemes');
        schemes.push(...customSchemes);
      },
      handle: (scheme, handler) => void protocols.set(scheme, handler),
    },
    session: {
      defaultSession: Object.assign(session, {
        setPermissionRequestHandler: (handler: Handler<'setPermissionRequestHandler'>) => {
          session.request = handler;
        },
        setPermissionCheckHandler: (handler: Handler<'setPermissionCheckHandler'>) => {
          session.check = handler;
        },
        setDevicePermissionHandler: (handler: Handler<'setDevicePermissionHandler'>) => {
          session.device = handler;
        },
      }) as unknown as HostSession,
    },
    safeStorage: createSafeStorage(),
    Menu: { setApplicationMenu: () => {} },
  };
  return { electron, order, app, ipcMain, windows, session, schemes, protocols };
}

/** Reversible, not readable at a glance, and of the chosen backend. */
export function createSafeStorage(
  settings: {
    readonly available?: boolean;
    readonly backend?: ReturnType<Electron.SafeStorage['getSelectedStorageBackend']>;
  } = {},
): ElectronApi['safeStorage'] {
  const turn = (bytes: Uint8Array): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
  return {
    isEncryptionAvailable: () => settings.available ?? true,
    getSelectedStorageBackend: () => settings.backend ?? 'gnome_libsecret',
    encryptString: (text) => Buffer.concat([Buffer.from('v1'), turn(Buffer.from(text))]),
    decryptString(encrypted) {
      if (encrypted.subarray(0, 2).toString() !== 'v1') throw new Error('Error while decrypting the ciphertext');
      return turn(encrypted.subarray(2)).toString();
    },
  };
}
