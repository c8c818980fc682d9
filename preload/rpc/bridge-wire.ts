/** The wire over Electron's IPC, as a page sees it: the two members the preload script puts on `window.packbench`. */
import { createEnding } from './wire.ts';
import type { Connection, Wire } from './wire.ts';

/** The only IPC channel there is, both ways. */
export const bridgeChannel = 'packbench:rpc';
/** The name on `window`. */
export const bridgeName = 'packbench';

/** What a page finds on `window.packbench`. */
export type Bridge = Wire;

/**
 * The connection of a page. It ends only by `close`: the page's own end (reload, crash) takes the page with it, and
 * the main process notices that by itself.
 */
export function bridgeConnection(bridge: Bridge): Connection {
  const ending = createEnding();
  const listeners = new Set<(text: string) => void>();
  const stop = bridge.onMessage((text) => {
    for (const listener of [...listeners]) listener(text);
  });
  return {
    wire: {
      send(text) {
        if (!ending.ended) bridge.send(text);
      },
      onMessage(listener) {
        listeners.add(listener);
        return () => {
          listeners.delete(listener);
        };
      },
    },
    onClose: (listener) => ending.onEnd(listener),
    close(reason) {
      stop();
      ending.end(reason);
    },
  };
}
