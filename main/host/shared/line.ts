/**
 * The switch between the desk and the network. Training and the demo cut the line with it; nothing else does.
 * Whoever opens a socket to the outside asks `up` first and registers the socket while it lives.
 */
import type { Line } from '../../ports.ts';

/** Anything that can be cut at once: a `net.Socket`, a `tls.TLSSocket`, a request. */
export interface Cuttable {
  destroy(error?: Error): unknown;
}

/** `Line` with the registry of what is open on it. */
export interface LineSwitch extends Line {
  /** Keeps `socket` for the next cut; destroys it at once if the line is down. Returns the un-registering function. */
  register(socket: Cuttable): () => void;
  /** Number of registered sockets. */
  readonly open: number;
}

/** A line that is up. `set(false)` destroys every registered socket before it returns. */
export function createLineSwitch(): LineSwitch {
  const sockets = new Set<Cuttable>();
  const listeners = new Set<(up: boolean) => void>();
  let up = true;

  const cut = (socket: Cuttable): void => {
    socket.destroy(new Error('the line is down'));
  };

  return {
    get up() {
      return up;
    },
    get open() {
      return sockets.size;
    },
    set(next) {
      if (next === up) return;
      up = next;
      if (!up) {
        const open = [...sockets];
        sockets.clear();
        for (const socket of open) cut(socket);
      }
      for (const listener of [...listeners]) listener(up);
    },
    register(socket) {
      if (!up) {
        cut(socket);
        return () => {};
      }
      sockets.add(socket);
      return () => {
        sockets.delete(socket);
      };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
