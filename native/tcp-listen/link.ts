/** A port of this machine that devices connect to: DWS machines and scanners that are TCP clients. */
import { createServer, type Server, type Socket } from 'node:net';
import { backoffMs } from '../backoff.ts';
import type { Link, LinkDeps, LinkOptions, LinkState, LinkTimer } from '../link.ts';
import { failed, linkError, linkProblem, problemOf, type LinkProblem } from '../link-problems.ts';
import { createListeners } from '../listeners.ts';
import { inUse, type Claim } from '../owners.ts';
import { allowedPeers, parseListenUri } from './address.ts';
import { createPeer, type Peer } from './peers.ts';

/** Most connections at a time that a profile may ask for. */
const maxPeers = 16;
/** `close` waits this long for the port to be given back. */
const closeTimeoutMs = 1_500;
/** The back-off stops doubling here: at most 1.6 s. */
const maxBackoffSteps = 3;
/** Peers that may not connect are logged at most this often. */
const logEveryMs = 10_000;

/**
 * Makes the link; listens on nothing yet. `opening`: it listens and nobody is connected. `open`: at least one machine is.
 * `onState` calls once more when the port is had (`listening`). `failed`: it cannot listen (the port is taken) and tries again with back-off.
 *
 * One connection at a time by default, and a newer one replaces the one before: a machine that was switched off and on
 * leaves a dead connection behind, and must not be kept out by it. The link then goes through `opening` to `open`, so that
 * whoever reads it starts a new frame. With `peers` more than 1 connections join, `onBytes` names the one that bytes came
 * through, and `write` the one they go to; at the limit the one that has been silent longest is replaced.
 *
 * Without `to` a write goes to the connection that spoke last: an acknowledgement written when a record has come goes back
 * to where the record came from. A failed write counts all its bytes as taken, unless it says 0.
 *
 * Who may not connect is cut off before a byte of it is read. Nothing is buffered: bytes are handed on as they come.
 *
 * Throws a one-line Error if the URI, the list of peers or a limit is impossible.
 */
export function createListenLink(uri: string, options: LinkOptions, deps: LinkDeps): Link {
  return createListenLinkOver(() => createServer({ pauseOnConnect: true }), uri, options, deps);
}

/** The same over a given server: for tests. */
export function createListenLinkOver(
  makeServer: () => Server,
  uri: string,
  options: LinkOptions,
  deps: LinkDeps,
): Link {
  const address = parseListenUri(uri);
  const allowed = allowedPeers(uri, address.host, options.allow);
  const { peers: limit = 1, silentMs, owner = uri } = options;
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= maxPeers)) {
    throw linkError('bad-peers', { uri, count: limit, max: maxPeers });
  }
  if (silentMs !== undefined && !(silentMs >= 250 && silentMs <= 86_400_000)) {
    throw linkError('bad-silence', { uri, ms: silentMs, least: 250 });
  }
  const { clock, log, random } = deps;
  const onThrow = (error: unknown): void => log.warn({ uri, error: String(error) }, 'a link listener threw');
  const bytesListeners = createListeners<{ bytes: Uint8Array; from: string }>(onThrow);
  const stateListeners = createListeners<LinkState>(onThrow);

  let state: LinkState = 'closed';
  let last: LinkProblem | null = null;
  let server: Server | null = null;
  let listening: string | null = null;
  let claim: Claim | null = null;
  let stopWaiting: (() => void) | null = null;
  let retryTimer: LinkTimer | null = null;
  let attempts = 0;
  let connections = 0;
  let refusedAt: number | null = null;
  /** By name, in the order in which they came. */
  const peers = new Map<string, Peer>();
  /** Whoever sent the newest bytes, or came first if nobody did. */
  let spoke: Peer | null = null;

  function setState(next: LinkState): void {
    if (next === state) return;
    state = next;
    stateListeners.emit(next);
  }

  function listen(): void {
    stopTimers();
    // Any free port (0) is another one each time: nobody else can want it.
    const { host, port } = address;
    const taken = port === 0 ? null : (deps.owners?.take(`tcp-listen ${host}:${port}`, owner) ?? null);
    if (taken !== null && 'heldBy' in taken) {
      fail(inUse(uri, taken.heldBy), taken.whenFree);
      return;
    }
    claim = taken;
    const mine = makeServer();
    server = mine;
    // One more than may be in, so that a newer one can replace an older one; the system's own queue is short.
    mine.maxConnections = limit + 4;
    mine.on('connection', (socket: Socket) => admit(mine, socket));
    mine.on('error', (error: NodeJS.ErrnoException) => {
      if (server !== mine) return;
      giveUp(mine);
      fail(listenProblem(uri, error), null);
    });
    mine.on('listening', () => {
      if (server !== mine) return;
      const bound = mine.address();
      listening = bound === null || typeof bound === 'string' ? null : `tcp://${hostText(bound.address)}:${bound.port}`;
      attempts = 0;
      last = null;
      // Told again, so that whoever waits for the port hears of it.
      stateListeners.emit(state);
    });
    setState('opening');
    if (server === mine) mine.listen({ host, port, backlog: 16 });
  }

  function fail(problem: LinkProblem, arrival: ((tell: () => void) => () => void) | null): void {
    last = problem;
    const delayMs = backoffMs(Math.min(attempts, maxBackoffSteps), random());
    attempts += 1;
    log.debug({ uri, delayMs, reason: problem.message }, 'cannot listen, will try again');
    retryTimer = clock.after(delayMs, listen);
    stopWaiting = arrival?.(listen) ?? null;
    setState('failed');
  }

  function stopTimers(): void {
    retryTimer?.cancel();
    stopWaiting?.();
    retryTimer = null;
    stopWaiting = null;
  }

  /** Lets go of the port without waiting for it. */
  function giveUp(ending: Server): void {
    if (server === ending) server = null;
    listening = null;
    claim?.release();
    claim = null;
    ending.close();
    const leaving = [...peers.values()];
    peers.clear();
    spoke = null;
    for (const peer of leaving) void peer.close(false);
  }

  function admit(through: Server, socket: Socket): void {
    socket.on('error', () => undefined);
    const from = socket.remoteAddress ?? '';
    if (server !== through || !allowed(from)) {
      socket.destroy();
      const now = clock.monotonic();
      if (server === through && (refusedAt === null || now - refusedAt >= logEveryMs)) {
        refusedAt = now;
        log.warn({ uri, from }, 'a machine that may not connect was cut off');
      }
      return;
    }
    while (peers.size >= limit) replaceOne();
    connections += 1;
    const name = `${hostText(from)}:${socket.remotePort ?? 0}#${connections}`;
    const peer = createPeer(socket, {
      uri,
      name,
      silentMs,
      clock,
      events: {
        bytes(bytes) {
          if (peers.get(name) !== peer) return;
          spoke = peer;
          bytesListeners.emit({ bytes, from: name });
        },
        gone: (problem) => forget(peer, problem),
      },
    });
    peers.set(name, peer);
    spoke ??= peer;
    last = null;
    setState('open');
    socket.resume();
  }

  function replaceOne(): void {
    const [longest] = [...peers.values()].toSorted((a, b) => a.heardAt - b.heardAt);
    if (longest === undefined) return;
    // Out of the list first: it must be seen to be gone before the next is in.
    forget(longest, linkProblem('peer-replaced', { uri, peer: longest.name }));
    void longest.close(false);
  }

  function forget(peer: Peer, problem: LinkProblem): void {
    if (peers.get(peer.name) !== peer) return;
    peers.delete(peer.name);
    if (spoke === peer) spoke = [...peers.values()].toSorted((a, b) => b.heardAt - a.heardAt)[0] ?? null;
    if (peers.size > 0 || state !== 'open') return;
    last = problem;
    setState('opening');
  }

  async function closeServer(ending: Server): Promise<void> {
    server = null;
    listening = null;
    const leaving = [...peers.values()];
    peers.clear();
    spoke = null;
    const closed = new Promise<void>((resolve) => {
      const timer = clock.after(closeTimeoutMs, resolve);
      ending.close(() => {
        timer.cancel();
        resolve();
      });
    });
    await Promise.all([closed, ...leaving.map((peer) => peer.close(true))]);
    claim?.release();
    claim = null;
  }

  let closing: Promise<void> = Promise.resolve();
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
    get listening() {
      return listening;
    },
    open() {
      if (state !== 'closed') return;
      attempts = 0;
      setState('opening');
      // The port of a close that is still under way cannot be listened on yet.
      void closing.then(() => {
        if (state === 'opening' && server === null && retryTimer === null) listen();
      });
    },
    write(bytes, timeoutMs, to) {
      const peer = to === undefined ? spoke : peers.get(to);
      if (peer === undefined || peer === null) {
        const problem =
          to === undefined ? linkProblem('peer-none', { uri }) : linkProblem('peer-not-connected', { uri, peer: to });
        return Promise.resolve(failed(0, problem));
      }
      return peer.write(bytes, timeoutMs);
    },
    onBytes: (listener) => bytesListeners.add(({ bytes, from }) => listener(bytes, from)),
    onState: stateListeners.add,
    async close() {
      stopTimers();
      const ending = server;
      if (ending !== null) closing = closeServer(ending);
      setState('closed');
      await closing;
    },
  };
}

function hostText(host: string): string {
  const plain = host.replace(/^::ffff:(?=\d+\.)/i, '');
  return plain.includes(':') ? `[${plain}]` : plain;
}

function listenProblem(uri: string, error: NodeJS.ErrnoException): LinkProblem {
  switch (error.code) {
    case 'EADDRINUSE':
      return linkProblem('listen-taken', { uri });
    case 'EADDRNOTAVAIL':
      return linkProblem('listen-no-address', { uri });
    case 'EACCES':
      return linkProblem('listen-not-allowed', { uri });
    case 'ENOTFOUND':
      return linkProblem('tcp-no-host', { uri });
    default:
      return problemOf(uri, error, []);
  }
}
