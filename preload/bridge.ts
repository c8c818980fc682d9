/**
 * The one preload script. It gives the page two functions that carry texts, and nothing of Electron: no event object,
 * no channel name, no way to reach another channel.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { bridgeChannel, bridgeName } from './rpc/bridge-wire.ts';
import type { Bridge } from './rpc/bridge-wire.ts';

const bridge: Bridge = {
  send(text) {
    // The main process judges the text; here it is only made certain that it is one.
    if (typeof text === 'string') ipcRenderer.send(bridgeChannel, text);
  },
  onMessage(listener) {
    const receive = (_event: unknown, text: unknown): void => {
      if (typeof text === 'string') listener(text);
    };
    ipcRenderer.on(bridgeChannel, receive);
    return () => {
      ipcRenderer.removeListener(bridgeChannel, receive);
    };
  },
};

contextBridge.exposeInMainWorld(bridgeName, bridge);
