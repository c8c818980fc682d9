/** The seam between the calls and what carries them. Everything above it is the same for every carrier. */

/**
 * Carries texts, in order, each whole or not at all. Exactly these two members: it is also all that a web page is
 * given of Electron.
 */
export interface Wire {
  /** Hands one text to the carrier; texts after the end are dropped, the end itself is told by `Connection.onClose`. */
  send(text: string): void;
  /** Calls `listener` with every text that arrives; returns the function that stops it. */
  onMessage(listener: (text: string) => void): () => void;
}

/** A wire and its end. */
export interface Connection {
  readonly wire: Wire;
  /** Calls `listener` once with a one-line reason when the connection ends, or at once if it already has. */
  onClose(listener: (reason: string) => void): () => void;
  /** Ends the connection; the other side learns of it if the carrier can tell. Safe to call twice. */
  close(reason: string): void;
}

/** Longest texts, in UTF-16 code units. A longer one is refused as `too-large`, never cut. */
export const limits = {
  /** A client asks little: the longest input of the contract is a scanned code. */
  toServerChars: 262_144,
  /** 500 order rows, or 20 label pictures in the training tray. */
  toClientChars: 16_777_216,
  /** Calls a client may have open at once. */
  openCalls: 256,
  /** Subscriptions a client may have at once. */
  subscriptions: 64,
} as const;

/** One end of a connection's life, for those who build connections: remembers the reason and tells every listener once. */
export interface Ending {
  readonly ended: boolean;
  end(reason: string): void;
  onEnd(listener: (reason: string) => void): () => void;
}

export function createEnding(): Ending {
  const listeners = new Set<(reason: string) => void>();
  let endedBy: string | null = null;
  return {
    get ended() {
      return endedBy !== null;
    },
    end(reason) {
      if (endedBy !== null) return;
      endedBy = reason;
      const told = [...listeners];
      listeners.clear();
      for (const listener of told) listener(reason);
    },
    onEnd(listener) {
      if (endedBy !== null) {
        listener(endedBy);
        return () => {};
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
