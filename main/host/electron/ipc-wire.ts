/** The main process's end of the one IPC channel: judges every sender, then carries texts like any other wire. */
import type * as Electron from 'electron';
import { bridgeChannel, createEnding } from '../../../preload/rpc/index.ts';
import type { Connection, Ending } from '../../../preload/rpc/index.ts';
import type { Log } from '../../ports.ts';
import type { ElectronApi, HostWebContents } from './electron-api.ts';

export interface IpcWireOptions {
  readonly ipcMain: ElectronApi['ipcMain'];
  /** The page of our own window; nobody else is listened to. */
  readonly webContents: HostWebContents;
  /** Origin of the screen, `packbench://screen`. */
  readonly origin: string;
  readonly log: Pick<Log, 'warn'>;
  /** Called with a new connection when a page speaks for the first time after it was loaded, or after the last one ended. */
  onConnection(connection: Connection): void;
}

/**
 * Listens until the returned function is called. A page's connection ends when another document takes its place, its
 * process dies or the window is gone, so nothing is held for a page that no longer exists.
 */
export function listenToPage(options: IpcWireOptions): () => void {
  const { ipcMain, webContents, log } = options;
  let current: { readonly ending: Ending; deliver(text: string): void } | null = null;

  const open = (): { readonly ending: Ending; deliver(text: string): void } => {
    const ending = createEnding();
    const listeners = new Set<(text: string) => void>();
    const connection: Connection = {
      wire: {
        send(text) {
          if (!ending.ended && !webContents.isDestroyed()) webContents.send(bridgeChannel, text);
        },
        onMessage(listener) {
          listeners.add(listener);
          return () => {
            listeners.delete(listener);
          };
        },
      },
      onClose: (listener) => ending.onEnd(listener),
      close: (reason) => ending.end(reason),
    };
    const page = {
      ending,
      deliver(text: string) {
        for (const listener of [...listeners]) listener(text);
      },
    };
    current = page;
    ending.onEnd(() => {
      if (current === page) current = null;
    });
    options.onConnection(connection);
    return page;
  };

  const receive = (event: Electron.IpcMainEvent, text: unknown): void => {
    const refusal = senderRefusal(event, webContents, options.origin);
    if (refusal !== null) {
      log.warn({ reason: refusal }, 'a message of a foreign sender was refused');
      answerRefused(event, refusal);
      return;
    }
    const page = current ?? open();
    // What is not text is nobody's message; as an empty text it is refused like any other garbage.
    page.deliver(typeof text === 'string' ? text : '');
  };

  const end = (reason: string) => (): void => current?.ending.end(reason);
  ipcMain.on(bridgeChannel, receive);
  webContents.on('did-navigate', end('the page was loaded anew'));
  webContents.on('render-process-gone', end("the page's process is gone"));
  webContents.on('destroyed', end('the window was closed'));
  return () => {
    ipcMain.removeListener(bridgeChannel, receive);
    end('the host is closing')();
  };
}

/**
 * Why a sender is not ours, or null. Only the main frame of our window, showing our own origin, is listened to
 * (Electron documentation, "Security", point 17: validate the sender of all IPC messages; CVE-2022-29247).
 */
export function senderRefusal(
  event: Pick<Electron.IpcMainEvent, 'sender' | 'senderFrame'>,
  webContents: Pick<HostWebContents, 'id' | 'mainFrame'>,
  origin: string,
): string | null {
  const frame = event.senderFrame;
  if (event.sender.id !== webContents.id) return 'another window';
  if (frame === null) return 'a frame that is gone';
  if (frame.parent !== null) return 'a frame inside the page';
  if (frame.frameTreeNodeId !== webContents.mainFrame.frameTreeNodeId) return 'a frame that is not the page';
  if (frame.origin !== origin || !frame.url.startsWith(`${origin}/`)) return 'a page of another origin';
  return null;
}

/** Says so, rather than leaving the sender waiting. Carries nothing of the station. */
function answerRefused(event: Electron.IpcMainEvent, reason: string): void {
  const message = { kind: 'fatal', error: { code: 'refused', message: `this sender is not served: ${reason}` } };
  try {
    event.reply(bridgeChannel, JSON.stringify(message));
  } catch {
    // The frame is gone; there is nobody to tell.
  }
}
