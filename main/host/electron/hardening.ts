/**
 * What pages may not do, whichever window they are in. After Electron's documentation, "Security": points 5 (permission
 * requests; the default allows everything), 12 (webview), 13 (navigation) and 14 (new windows).
 */
import type * as Electron from 'electron';
import type { Log } from '../../ports.ts';
import type { HostSession } from './electron-api.ts';
import { screenUrl } from './screen-protocol.ts';

/** Refuses every permission, asked for or checked, every device and every download. The screen needs none. */
export function denyPermissions(session: HostSession, log: Pick<Log, 'warn'>): void {
  session.setPermissionRequestHandler((_webContents, permission, callback) => {
    log.warn({ permission }, 'a permission was refused to the screen');
    callback(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => {
    log.warn({}, 'a download was refused to the screen');
    event.preventDefault();
  });
}

/** Keeps a page where it is: no navigation but to the screen itself, no redirect, no window, no embedded page. */
export function confine(
  webContents: Pick<Electron.WebContents, 'on' | 'setWindowOpenHandler'>,
  log: Pick<Log, 'warn'>,
): void {
  webContents.on('will-navigate', (details) => {
    if (isScreen(details.url)) return;
    log.warn({ url: withoutQuery(details.url) }, 'a navigation was refused');
    details.preventDefault();
  });
  webContents.on('will-frame-navigate', (details) => {
    if (details.isMainFrame && isScreen(details.url)) return;
    details.preventDefault();
  });
  webContents.on('will-redirect', (details) => {
    if (!isScreen(details.url)) details.preventDefault();
  });
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.setWindowOpenHandler(({ url }) => {
    log.warn({ url: withoutQuery(url) }, 'a new window was refused');
    return { action: 'deny' };
  });
}

/** Only the start page: reloading is the one navigation there is. */
function isScreen(url: string): boolean {
  return url === screenUrl || url.startsWith(`${screenUrl}#`);
}

/** An outside address may carry anything; only its beginning goes to the log. */
function withoutQuery(url: string): string {
  return (url.split(/[?#]/, 1)[0] ?? '').slice(0, 200);
}
