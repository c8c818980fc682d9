/**
 * Finds the station: over Electron's bridge if the page has one, else over a WebSocket to the host that served it.
 *
 * In a browser the address ends in `#token`, once. It is exchanged for a session cookie (`POST session`) before the
 * WebSocket (`rpc`) is opened, and taken out of the address so that it stays in no history.
 */
import {
  bridgeConnection,
  createReconnectingClient,
  openSocketConnection,
  platformTimers,
  stationContract,
} from '../../preload/rpc/index.ts';
import type { Bridge, Connection, ReconnectingClient, StationContract } from '../../preload/rpc/index.ts';

export type StationClient = ReconnectingClient<StationContract>;

declare global {
  interface Window {
    readonly packbench?: Bridge;
  }
}

/** Told when the host does not know this page: the one-time token was used or has expired, and there is no session. */
export interface ConnectOptions {
  onRefused(refused: boolean): void;
}

export function connectStation(page: Window, options: ConnectOptions): StationClient {
  const bridge = page.packbench;
  const session = createSession(page, options);
  const connect = (): Promise<Connection> =>
    bridge === undefined ? session.open() : Promise.resolve(bridgeConnection(bridge));
  const timers = platformTimers({
    setTimeout: (task, delayMs) => page.setTimeout(task, delayMs),
    clearTimeout: (handle) => page.clearTimeout(handle),
  });
  const client = createReconnectingClient(stationContract, { connect, timers, longestRetryMs: 4_000 });
  page.addEventListener('online', () => client.retryNow());
  return client;
}

function createSession(page: Window, options: ConnectOptions): { open(): Promise<Connection> } {
  const sessionAddress = new URL('session', page.location.href.replace(/#.*$/, ''));
  let token = takeToken(page);
  // A second link opened in the same page changes only the part after '#'.
  page.addEventListener('hashchange', () => {
    token = takeToken(page) ?? token;
  });
  return {
    async open() {
      if (token !== null) {
        const answer = await page.fetch(sessionAddress, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ token }),
          credentials: 'same-origin',
        });
        if (!answer.ok && answer.status >= 500) throw new Error(`the station host answered ${answer.status}`);
        // Whatever the answer, the token is spent. A page that already has a session may still connect.
        token = null;
        options.onRefused(!answer.ok);
      }
      const address = new URL('rpc', page.location.href);
      address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
      address.hash = '';
      try {
        const connection = await openSocketConnection(new WebSocket(address));
        options.onRefused(false);
        return connection;
      } catch (error) {
        // A browser does not tell a page why a WebSocket was not opened; the host tells whether the session is good.
        const answer = await page.fetch(sessionAddress, { credentials: 'same-origin' });
        options.onRefused(answer.status === 401);
        throw error;
      }
    },
  };
}

function takeToken(page: Window): string | null {
  const text = decodeURIComponent(page.location.hash.slice(1)).replace(/^token=/, '');
  if (text === '') return null;
  page.history.replaceState(null, '', page.location.pathname + page.location.search);
  return text;
}
