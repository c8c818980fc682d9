import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runElectronHost, windowOptions } from '../../main/host/electron/host.ts';
import { senderRefusal } from '../../main/host/electron/ipc-wire.ts';
import { answerScreenRequest, screenOrigin } from '../../main/host/electron/screen-protocol.ts';
import { createScreenFiles } from '../../main/host/shared/screen-files.ts';
import { bridgeChannel, bridgeConnection, createClient, stationContract } from '../../preload/rpc/index.ts';
import { createFakeBackend, createKeptLog, createManualTimers } from '../integration/rpc/fake-backend.ts';
import { loadBridge } from './load-bridge.ts';
import { createStandIn } from './stand-in.ts';
import type { StandInFrame } from './stand-in.ts';

let folder: string;
let screen: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'packbench-electron-'));
  screen = join(folder, 'renderer');
  mkdirSync(join(screen, 'assets'), { recursive: true });
  writeFileSync(join(screen, 'index.html'), '<!doctype html><title>Packbench</title>');
  writeFileSync(join(screen, 'assets', 'app-1234.js'), 'export {};');
  writeFileSync(join(folder, 'secret.json'), '{"marker":"outside"}');
  symlinkSync(join(folder, 'secret.json'), join(screen, 'link.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const launch = async (options: { first?: boolean } = {}) => {
  const standIn = createStandIn(options);
  const log = createKeptLog();
  const timers = createManualTimers();
  const stopped = Promise.withResolvers<void>();
  const station = {
    backend: Promise.resolve(
      createFakeBackend({
        'orders.sync': () => ({ pulled: 5 }),
      }).backend,
    ),
    log,
    clock: { now: () => 0, monotonic: () => 0, after: timers.after },
    stop: vi.fn(() => stopped.promise),
  };
  const startStation = vi.fn(() => station);
  const fail = vi.fn();
  const ran = await runElectronHost(standIn.electron, {
    rendererDir: screen,
    preloadPath: '/app/dist/preload/bridge.cjs',
    startStation,
    fail,
  });
  const window = standIn.windows[0];
  return { standIn, log, timers, stopped, station, startStation, fail, ran, window };
};

const launchWindow = async () => {
  const launched = await launch();
  if (launched.window === undefined) throw new Error('no window was opened');
  return { ...launched, window: launched.window };
};

describe('start', () => {
  test('the sandbox, the scheme and the lock come before anything else exists', async () => {
    const { standIn } = await launch();
    expect(standIn.order).toEqual(['enableSandbox', 'registerSchemes', 'lock', 'ready', 'window']);
  });

  test('every guard of the page is set, and the preload script is ours', async () => {
    const { window } = await launchWindow();
    expect(window.options.webPreferences).toMatchObject({
      preload: '/app/dist/preload/bridge.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    });
    expect(window.options).toEqual(windowOptions('/app/dist/preload/bridge.cjs'));
    expect(window.loaded).toBe('packbench://screen/');
  });

  test('a second start opens nothing and ends', async () => {
    const { standIn, ran, startStation } = await launch({ first: false });
    expect(ran).toBe(false);
    expect(startStation).not.toHaveBeenCalled();
    expect(standIn.windows).toHaveLength(0);
    expect(standIn.order).toContain('quit');
  });

  test('a second start brings the first window to the front', async () => {
    const { standIn, window } = await launchWindow();
    window.minimized = true;
    standIn.app.emit('second-instance', {}, [], '/', undefined);
    expect(window.calls).toEqual(['restore', 'show', 'focus']);
  });

  test('a station that cannot be made is said in one line and ends the program', async () => {
    const standIn = createStandIn();
    const fail = vi.fn();
    const ran = await runElectronHost(standIn.electron, {
      rendererDir: screen,
      preloadPath: '/p.cjs',
      startStation() {
        throw new Error('secrets file is open to others');
      },
      fail,
    });
    expect(ran).toBe(false);
    expect(fail).toHaveBeenCalledWith('secrets file is open to others');
    expect(standIn.order.at(-1)).toBe('exit 3');
  });
});

describe('end', () => {
  test('the station is stopped once before the program ends', async () => {
    const { standIn, station, stopped } = await launchWindow();
    standIn.app.emit('window-all-closed');
    standIn.electron.app.quit();
    expect(station.stop).toHaveBeenCalledTimes(1);
    expect(standIn.order).not.toContain('ended');
    stopped.resolve();
    await vi.waitFor(() => expect(standIn.order).toContain('ended'), { interval: 2 });
  });

  test('a station that does not stop does not keep the program', async () => {
    const { standIn, timers } = await launchWindow();
    standIn.electron.app.quit();
    expect(timers.fire(5_000)).toBe(1);
    await vi.waitFor(() => expect(standIn.order).toContain('ended'), { interval: 2 });
  });
});

describe('senders', () => {
  test('our page is served, over the real preload script', async () => {
    const { window } = await launchWindow();
    const bridge = await loadBridge(window.webContents.loadPage());
    const client = createClient(stationContract, bridgeConnection(bridge), { timers: createManualTimers() });
    expect(await client.call('orders.sync', {})).toEqual({ pulled: 5 });
  });

  test('a page that was loaded anew is a new client', async () => {
    const { window } = await launchWindow();
    for (let round = 0; round < 2; round += 1) {
      const bridge = await loadBridge(window.webContents.loadPage());
      const client = createClient(stationContract, bridgeConnection(bridge), { timers: createManualTimers() });
      expect(await client.call('orders.sync', {})).toEqual({ pulled: 5 });
    }
  });

  const own: StandInFrame = { url: `${screenOrigin}/`, origin: screenOrigin, parent: null, frameTreeNodeId: 100 };
  const foreign: readonly (readonly [string, StandInFrame | null])[] = [
    ['a frame that is gone', null],
    ['a frame inside our page', { ...own, parent: {}, frameTreeNodeId: 101 }],
    ['a frame with a parent that claims to be the page', { ...own, parent: {} }],
    ['another frame that claims to be the page', { ...own, frameTreeNodeId: 7 }],
    ['a page of another site', { ...own, url: 'https://evil.example/', origin: 'https://evil.example' }],
    ['a local file', { ...own, url: 'file:///tmp/x.html', origin: 'file://' }],
    ['a page without origin', { ...own, url: 'about:blank', origin: 'null' }],
    ['another host of our scheme', { ...own, url: 'packbench://other/', origin: 'packbench://other' }],
    ['an address that only begins like ours', { ...own, url: 'packbench://screen.evil/', origin: screenOrigin }],
  ];
  test.each(foreign)('%s is refused, told so and given nothing', async (_what, frame) => {
    const { standIn, window, log } = await launchWindow();
    const page = window.webContents.loadPage();
    const delivered: unknown[] = [];
    page.ipcRenderer.on(bridgeChannel, (_event, text: unknown) => delivered.push(text));
    const replies: unknown[] = [];
    standIn.ipcMain.emit(
      bridgeChannel,
      window.webContents.eventFrom(frame, replies),
      JSON.stringify({ kind: 'call', id: 1, name: 'orders.sync', input: {} }),
    );
    expect(replies).toHaveLength(1);
    expect(JSON.parse(String(replies[0]))).toMatchObject({ kind: 'fatal', error: { code: 'refused' } });
    expect(log.lines.some((line) => line.message.includes('foreign sender'))).toBe(true);
    // Whatever the host had sent to the page would have arrived before this.
    window.webContents.send(bridgeChannel, 'end');
    await vi.waitFor(() => expect(delivered).toEqual(['end']), { interval: 2 });
  });

  test('another window is refused', () => {
    expect(
      senderRefusal({ sender: { id: 2 }, senderFrame: own } as never, { id: 1, mainFrame: own } as never, screenOrigin),
    ).toBe('another window');
    expect(
      senderRefusal({ sender: { id: 1 }, senderFrame: own } as never, { id: 1, mainFrame: own } as never, screenOrigin),
    ).toBe(null);
  });
});

describe('the page stays where it is', () => {
  const attempt = (url: string, extra: Record<string, unknown> = {}) => {
    const event = {
      url,
      isMainFrame: true,
      ...extra,
      prevented: false,
      preventDefault: () => void (event.prevented = true),
    };
    return event;
  };

  test.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])(
    '%s to another place is denied',
    async (name) => {
      const { window } = await launchWindow();
      for (const url of ['https://evil.example/', 'file:///etc/passwd', 'packbench://screen/other', 'javascript:1']) {
        const event = attempt(url);
        window.webContents.emit(name, event);
        expect([url, event.prevented]).toEqual([url, true]);
      }
    },
  );

  test('a reload of the screen is allowed', async () => {
    const { window } = await launchWindow();
    const event = attempt('packbench://screen/');
    window.webContents.emit('will-navigate', event);
    window.webContents.emit('will-frame-navigate', event);
    expect(event.prevented).toBe(false);
  });

  test('frames inside the page cannot be loaded', async () => {
    const { window } = await launchWindow();
    const event = attempt('packbench://screen/', { isMainFrame: false });
    window.webContents.emit('will-frame-navigate', event);
    expect(event.prevented).toBe(true);
  });

  test('new windows and embedded pages are denied', async () => {
    const { window } = await launchWindow();
    expect(window.webContents.windowOpenHandler?.({ url: 'https://evil.example/' } as never)).toEqual({
      action: 'deny',
    });
    const event = attempt('about:blank');
    window.webContents.emit('will-attach-webview', event);
    expect(event.prevented).toBe(true);
  });

  test('every permission, device and download is refused, asked for or checked', async () => {
    const { standIn } = await launchWindow();
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'serial',
      'hid',
      'usb',
    ] as const) {
      const answers: boolean[] = [];
      standIn.session.request?.({} as never, permission, (granted) => answers.push(granted), {} as never);
      expect(answers).toEqual([false]);
      expect(standIn.session.check?.(null, permission as never, 'packbench://screen', {} as never)).toBe(false);
    }
    expect(standIn.session.device?.({} as never)).toBe(false);
    const download = attempt('https://evil.example/x.exe');
    standIn.session.emit('will-download', download);
    expect(download.prevented).toBe(true);
  });

  test('a screen whose process died is loaded anew', async () => {
    const { window } = await launchWindow();
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    expect(window.webContents.reloads).toBe(1);
  });
});

describe('the scheme', () => {
  const files = () => createScreenFiles(screen);

  test('is an origin of its own and does not bypass the content policy', async () => {
    const { standIn } = await launch();
    expect(standIn.schemes).toMatchObject([
      { scheme: 'packbench', privileges: { standard: true, secure: true, bypassCSP: false } },
    ]);
    expect([...standIn.protocols.keys()]).toEqual(['packbench']);
  });

  test('serves the screen with the strict policy', async () => {
    const answer = await answerScreenRequest('GET', 'packbench://screen/', files());
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<title>Packbench</title>');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const script = await answerScreenRequest('GET', 'packbench://screen/assets/app-1234.js?v=1', files());
    expect(script.headers.get('content-type')).toMatch(/^text\/javascript/);
  });

  test.each([
    'packbench://screen/../secret.json',
    'packbench://screen/assets/../../secret.json',
    'packbench://screen/%2e%2e/secret.json',
    'packbench://screen/..%2fsecret.json',
    'packbench://screen/..%5csecret.json',
    'packbench://screen/%252e%252e/secret.json',
    'packbench://screen//etc/passwd',
    'packbench://screen/link.json',
    'packbench://screen/%00',
    'packbench://screen/assets',
    'packbench://screen/%zz',
    'packbench://other/index.html',
    'packbench://screen.evil/index.html',
    'file:///etc/passwd',
  ])('gives nothing for %s', async (address) => {
    const answer = await answerScreenRequest('GET', address, files());
    expect([403, 404]).toContain(answer.status);
    expect(await answer.text()).toBe('');
  });

  test('takes no method but GET and HEAD', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await answerScreenRequest(method, 'packbench://screen/', files())).status).toBe(405);
    }
  });
});
