/**
 * What every link over a driver has in common: it opens within a limit, re-opens itself with back-off, writes one label
 * after the other in pieces, counts what was taken, and closes within bounds whatever the driver does.
 */
import { backoffMs } from './backoff.ts';
import type { DeviceWord, Link, LinkDeps, LinkState, LinkTimer, WriteOutcome } from './link.ts';
import { failed, linkProblem, problemOf, type LinkProblem } from './link-problems.ts';
import { createListeners } from './listeners.ts';
import { inUse, type Claim } from './owners.ts';

/** What became of one piece. `taken` never understates; `problem` null: all of it was taken. */
export interface PieceOutcome {
  readonly taken: number;
  readonly problem: LinkProblem | null;
}

/** An open driver. */
export interface Pipe {
  /** False once the driver takes nothing more. */
  readonly writable: boolean;
  /** Hands one piece to the operating system. Never rejects. */
  write(piece: Uint8Array, timeoutMs: number): Promise<PieceOutcome>;
}

/** One attempt at the device, from its start until it is let go. */
export interface Attempt {
  /** Rejects with a `LinkError`. */
  readonly opened: Promise<Pipe>;
  /**
   * Lets go of the driver at any time, also before it opened; resolves within two seconds. `calm`: nothing is wrong, so
   * bytes already taken may still leave.
   */
  release(calm: boolean): Promise<void>;
}

/** What an attempt reports. */
export interface AttemptEvents {
  bytes(bytes: Uint8Array): void;
  /** The device is gone or the driver failed. */
  lost(problem: LinkProblem): void;
}

export interface LinkKind {
  readonly uri: string;
  /** Who opens it; the URI if left out. A URI has one owner at a time (`owners.ts`). */
  readonly owner?: string;
  /** False: nothing is held open; a write opens the link and its owner closes it after use. */
  readonly reopen: boolean;
  /** From the start of an attempt until it must be open, in milliseconds. */
  readonly openTimeoutMs: number;
  /** What is said when it is not. */
  readonly late: LinkProblem;
  /** What is said of a link that was closed by the other end without a word. */
  readonly closed: LinkProblem;
  /** Bytes handed over at a time; the most by which a failed write can overstate its count. */
  readonly pieceBytes: number;
  /** A longer write is refused with 0 bytes: where a write is one report or one frame, which must not be cut. */
  readonly maxWriteBytes?: number;
  /** The back-off stops doubling after so many attempts. */
  readonly maxBackoffSteps: number;
  /** The driver itself gives a stalled piece up and knows what was taken; the link waits this much longer for it. */
  readonly writeGraceMs?: number;
  start(events: AttemptEvents): Attempt;
  /** Calls back when the device may have come: a waiting link tries at once. Returns the function that stops it. */
  onArrival?(wake: () => void): () => void;
  readonly deviceWord?: (timeoutMs: number) => Promise<DeviceWord | null>;
  readonly deviceId?: () => Promise<Readonly<Record<string, string>> | null>;
}

/** An attempt that lasted this long, or brought bytes, starts the back-off afresh. */
const steadyMs = 5_000;
/** Writes waiting in one link, in bytes; more are refused. */
const maxWaitingBytes = 16 * 1024 * 1024;
/** A driver that has not let go by then is left behind: `close` promises two seconds. */
const releaseLimitMs = 1_900;

interface Session {
  attempt: Attempt | null;
  pipe: Pipe | null;
  readonly onLost: Set<() => void>;
  claim: Claim | null;
  /** Who has the device this attempt waits for. */
  blocked: LinkProblem | null;
}

/**
 * Makes the link; opens nothing yet.
 *
 * A failed write's `bytes` never understates: only a write that certainly put nothing on the wire says 0. After a failed
 * write the driver is let go, so that nothing of it can leave later.
 */
export function createReopeningLink(kind: LinkKind, deps: LinkDeps): Link {
  const { uri, reopen } = kind;
  const { clock, log, random } = deps;
  const onThrow = (error: unknown): void => log.warn({ uri, error: String(error) }, 'a link listener threw');
  const bytesListeners = createListeners<Uint8Array>(onThrow);
  const owner = kind.owner ?? uri;
  const stateListeners = createListeners<LinkState>(onThrow);

  let state: LinkState = 'closed';
  let last: LinkProblem | null = null;
  let session: Session | null = null;
  let openTimer: LinkTimer | null = null;
  let retryTimer: LinkTimer | null = null;
  let stopArrivals: (() => void) | null = null;
  /** Something came while the attempt that is under way was looking: it may have looked before. */
  let arrived = false;
  let attempts = 0;
  let openedAt: number | null = null;
  let waitingBytes = 0;
  let tail: Promise<unknown> = Promise.resolve();
  /** Resolves when the driver let go of the attempt before; most devices cannot be opened twice. */
  let released: Promise<void> = Promise.resolve();
  let releasing = false;

  function setState(next: LinkState): void {
    if (next === state) return;
    state = next;
    stateListeners.emit(next);
  }

  function cancelTimers(): void {
    openTimer?.cancel();
    retryTimer?.cancel();
    stopArrivals?.();
    openTimer = null;
    retryTimer = null;
    stopArrivals = null;
  }

  function letGo({ attempt, claim }: Session, calm: boolean): void {
    if (attempt === null) {
      claim?.release();
      return;
    }
    releasing = true;
    const mine = withinLimit(attempt.release(calm)).then(() => {
      claim?.release();
      if (released === mine) releasing = false;
    });
    released = mine;
  }

  /** Waits for a driver to let go, but not for ever. */
  function withinLimit(work: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const timer = clock.after(releaseLimitMs, resolve);
      void work
        .catch((error: unknown) => log.warn({ uri, error: String(error) }, 'a device could not be closed'))
        .then(() => {
          timer.cancel();
          resolve();
        });
    });
  }

  function end(ending: Session, calm: boolean): void {
    session = null;
    cancelTimers();
    letGo(ending, calm);
    for (const tell of [...ending.onLost]) tell();
  }

  /** A device that came, or that its owner gave back: the link tries at once, and soon again if it is not ready yet. */
  function wake(): void {
    attempts = 0;
    connect();
  }

  /** Gives an attempt up, if it still is the current one. `arrival`: what else may end the wait for the next one. */
  function drop(lost: Session, problem: LinkProblem, arrival: LinkKind['onArrival'] = kind.onArrival): void {
    if (session !== lost) return;
    last = problem;
    if (openedAt !== null && clock.monotonic() - openedAt >= steadyMs) attempts = 0;
    openedAt = null;
    end(lost, false);
    if (reopen) {
      if (arrived) attempts = 0;
      const delayMs = backoffMs(Math.min(attempts, kind.maxBackoffSteps), random());
      attempts += 1;
      log.debug({ uri, delayMs, reason: problem.message }, 'link lost, will re-open');
      retryTimer = clock.after(delayMs, connect);
      stopArrivals = arrival?.(wake) ?? null;
    }
    setState('failed');
  }

  function connect(): void {
    cancelTimers();
    const opening: Session = { attempt: null, pipe: null, onLost: new Set(), claim: null, blocked: null };
    session = opening;
    openTimer = clock.after(kind.openTimeoutMs, () => drop(opening, opening.blocked ?? kind.late));
    arrived = false;
    const noteArrival = (): void => {
      arrived = true;
    };
    if (reopen) stopArrivals = kind.onArrival?.(noteArrival) ?? null;
    setState('opening');
    // A listener may have closed the link.
    if (session !== opening) return;
    if (releasing) void released.then(() => begin(opening));
    else begin(opening);
  }

  function begin(opening: Session): void {
    if (session !== opening) return;
    const claim = deps.owners?.take(uri, owner) ?? null;
    if (claim !== null && 'heldBy' in claim) {
      if (reopen) {
        drop(opening, inUse(uri, claim.heldBy), claim.whenFree);
        return;
      }
      // Opened for one use, as by desks that share a printer: it waits for its turn as long as an opening may take.
      opening.blocked = inUse(uri, claim.heldBy);
      stopArrivals = claim.whenFree(() => begin(opening));
      return;
    }
    opening.claim = claim;
    opening.blocked = null;
    const attempt = kind.start({
      bytes(bytes) {
        if (session !== opening) return;
        attempts = 0;
        bytesListeners.emit(bytes);
      },
      lost: (problem) => drop(opening, problem),
    });
    opening.attempt = attempt;
    attempt.opened.then(
      (pipe) => {
        if (session !== opening) return;
        cancelTimers();
        arrived = false;
        openedAt = clock.monotonic();
        last = null;
        opening.pipe = pipe;
        setState('open');
      },
      (error: unknown) => drop(opening, problemOf(uri, error, [])),
    );
  }

  function open(): void {
    if (session !== null || retryTimer !== null) return;
    attempts = 0;
    connect();
  }

  /** Resolves once the link is no longer opening, or when the time is up. */
  function settled(untilMs: number): Promise<void> {
    if (state !== 'opening') return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        off();
        resolve();
      };
      const timer = clock.after(Math.max(0, untilMs - clock.monotonic()), done);
      const off = stateListeners.add((next) => {
        if (next !== 'opening') done();
      });
    });
  }

  /** Hands one piece over; the loss of the device and the time limit end it too. */
  function writePiece(through: Session, pipe: Pipe, piece: Uint8Array, untilMs: number): Promise<PieceOutcome> {
    return new Promise((resolve) => {
      const finish = (outcome: PieceOutcome): void => {
        timer.cancel();
        through.onLost.delete(onLost);
        resolve(outcome);
      };
      const giveUp = (problem: LinkProblem): void => finish({ taken: piece.length, problem });
      const left = Math.max(0, untilMs - clock.monotonic());
      const graceMs = kind.writeGraceMs ?? 0;
      const timer = clock.after(left + graceMs, () => giveUp(linkProblem('stalled', { uri })));
      const onLost = (): void => {
        // A driver that counts what was taken is waited for: its word is better than the whole piece.
        if (graceMs === 0) giveUp(last ?? kind.closed);
      };
      through.onLost.add(onLost);
      void pipe.write(piece, left).then(finish);
    });
  }

  async function writeNow(bytes: Uint8Array, timeoutMs: number): Promise<WriteOutcome> {
    const untilMs = clock.monotonic() + timeoutMs;
    if (!reopen && session === null) open();
    if (state === 'opening') await settled(untilMs);
    const through = session;
    const pipe = through?.pipe ?? null;
    if (through === null || pipe === null || state !== 'open' || !pipe.writable) {
      return failed(0, last ?? linkProblem('not-open', { uri }));
    }
    let taken = 0;
    while (taken < bytes.length) {
      if (session !== through || !pipe.writable || clock.monotonic() > untilMs) {
        const problem = last ?? linkProblem('stalled', { uri });
        drop(through, problem);
        return failed(taken, problem);
      }
      const outcome = await writePiece(through, pipe, bytes.subarray(taken, taken + kind.pieceBytes), untilMs);
      taken += outcome.taken;
      if (outcome.problem !== null) {
        drop(through, outcome.problem);
        return failed(taken, outcome.problem);
      }
    }
    return { kind: 'written', bytes: taken };
  }

  return {
    uri,
    get state() {
      return state;
    },
    get lastError() {
      return last?.message ?? null;
    },
    get problem() {
      return last;
    },
    open,
    write(bytes, timeoutMs) {
      if (kind.maxWriteBytes !== undefined && bytes.length > kind.maxWriteBytes) {
        return Promise.resolve(failed(0, linkProblem('write-long', { uri, max: kind.maxWriteBytes })));
      }
      if (waitingBytes + bytes.length > maxWaitingBytes) {
        return Promise.resolve(failed(0, linkProblem('write-waiting', { uri })));
      }
      waitingBytes += bytes.length;
      const result = tail.then(() => writeNow(bytes, timeoutMs));
      tail = result.finally(() => {
        waitingBytes -= bytes.length;
      });
      return result;
    },
    onBytes: bytesListeners.add,
    onState: stateListeners.add,
    async close() {
      openedAt = null;
      if (session !== null) end(session, true);
      cancelTimers();
      setState('closed');
      await released;
    },
    ...(kind.deviceWord === undefined ? {} : { deviceWord: kind.deviceWord }),
    ...(kind.deviceId === undefined ? {} : { deviceId: kind.deviceId }),
  };
}
