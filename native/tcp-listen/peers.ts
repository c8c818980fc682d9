/** The connections of a listening link: who is in, who spoke last, and writes to each in their order. */
import type { Socket } from 'node:net';
import type { LinkClock, LinkTimer, WriteOutcome } from '../link.ts';
import { failed, linkProblem, type LinkProblem } from '../link-problems.ts';
import { peerProblem, socketProblem } from '../tcp/address.ts';

export interface Peer {
  /** `ADDRESS:PORT#N`; N counts the connections of the link, so a name is never used again. */
  readonly name: string;
  /** Resolves when the operating system took the bytes or the connection failed. Never rejects. */
  write(bytes: Uint8Array, timeoutMs: number): Promise<WriteOutcome>;
  /** Ends the connection; `calm`: bytes already taken may still leave. Resolves within `closeGraceMs`. */
  close(calm: boolean): Promise<void>;
  /** Monotonic milliseconds of its last byte, or of its coming. */
  readonly heardAt: number;
}

interface PeerEvents {
  bytes(bytes: Uint8Array): void;
  /** Once, whoever ended it. */
  gone(problem: LinkProblem): void;
}

/** Silence after which the operating system starts probing; it gives a dead peer up ten probes, a second apart, later. */
const keepAliveMs = 5_000;
const closeGraceMs = 1_000;
/** Bytes that wait for one peer; more are refused. Answers to a machine are some dozen bytes each. */
const maxWaitingBytes = 1024 * 1024;

export function createPeer(
  socket: Socket,
  given: { uri: string; name: string; silentMs: number | undefined; clock: LinkClock; events: PeerEvents },
): Peer {
  const { uri, name, silentMs, clock, events } = given;
  let heardAt = clock.monotonic();
  let silence: LinkTimer | null = null;
  let ended = false;
  let waiting = 0;
  let tail: Promise<unknown> = Promise.resolve();
  const onEnd = new Set<() => void>();

  function end(problem: LinkProblem): void {
    if (ended) return;
    ended = true;
    silence?.cancel();
    socket.destroy();
    for (const tell of [...onEnd]) tell();
    events.gone(problem);
  }

  function heard(): void {
    heardAt = clock.monotonic();
    silence?.cancel();
    if (silentMs === undefined) return;
    silence = clock.after(silentMs, () => end(linkProblem('peer-silent', { uri, peer: name, ms: silentMs })));
  }

  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveMs);
  socket.on('data', (bytes) => {
    if (ended) return;
    heard();
    events.bytes(bytes);
  });
  socket.on('error', (error) => end(peerProblem(uri, name, error)));
  socket.on('close', () => end(linkProblem('peer-closed', { uri, peer: name })));
  heard();

  function writeNow(bytes: Uint8Array, untilMs: number): Promise<WriteOutcome> {
    const left = untilMs - clock.monotonic();
    if (ended || !socket.writable || left <= 0) {
      return Promise.resolve(failed(0, linkProblem('peer-not-connected', { uri, peer: name })));
    }
    return new Promise((resolve) => {
      const finish = (outcome: WriteOutcome): void => {
        timer.cancel();
        onEnd.delete(lost);
        resolve(outcome);
      };
      // What the operating system took of it is not known: all of it counts.
      const broken = (problem: LinkProblem): void => finish(failed(bytes.length, problem));
      const lost = (): void => broken(linkProblem('peer-gone', { uri, peer: name }));
      const timer = clock.after(left, () => {
        const problem = linkProblem('peer-stalled', { uri, peer: name });
        broken(problem);
        end(problem);
      });
      onEnd.add(lost);
      socket.write(bytes, (error) => {
        if (error) broken(socketProblem(uri, error));
        else finish({ kind: 'written', bytes: bytes.length });
      });
    });
  }

  return {
    name,
    get heardAt() {
      return heardAt;
    },
    write(bytes, timeoutMs) {
      if (waiting + bytes.length > maxWaitingBytes) {
        return Promise.resolve(failed(0, linkProblem('peer-waiting', { uri, peer: name })));
      }
      waiting += bytes.length;
      const untilMs = clock.monotonic() + timeoutMs;
      const result = tail.then(() => writeNow(bytes, untilMs));
      tail = result.then(() => {
        waiting -= bytes.length;
      });
      return result;
    },
    close(calm) {
      if (ended || !calm || !socket.writable) {
        end(linkProblem('peer-cut', { uri, peer: name }));
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const done = (): void => {
          timer.cancel();
          onEnd.delete(done);
          resolve();
        };
        const timer = clock.after(closeGraceMs, () => end(linkProblem('peer-cut', { uri, peer: name })));
        onEnd.add(done);
        socket.end();
      });
    },
  };
}
