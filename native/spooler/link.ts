/** A print queue of the operating system: CUPS on Linux and macOS, winspool on Windows. */
import { backoffMs } from '../backoff.ts';
import type { Link, LinkDeps, LinkOptions, LinkState, LinkTimer, WriteOutcome } from '../link.ts';
import { failed, firstLine, linkError, linkProblem, type LinkProblem } from '../link-problems.ts';
import { createListeners } from '../listeners.ts';
import { parseSpoolerUri, spoolerProblem } from './address.ts';
import { systemSpooler, type Spooler } from './spooler.ts';

/** From `open` until the spooler must have said that the queue is there. */
const findMs = 3_000;
/** Labels that wait to be handed over, in bytes; more are refused. */
const maxWaitingBytes = 16 * 1024 * 1024;

/**
 * Makes the link; opens nothing yet. One write is one raw job: a label is written in one piece. `written` means that the
 * spooler has the label, no more (`direct` is false). A queue sends nothing back, so no bytes ever come in; `deviceWord`
 * is the state of the queue. A queue is shared by its nature, so it has no owner here.
 *
 * Throws a one-line Error if the URI names no queue, or this system has no spooler this station can use.
 */
export function createSpoolerLink(uri: string, options: LinkOptions, deps: LinkDeps): Link {
  return createSpoolerLinkOver(systemSpooler, uri, options, deps);
}

/** The same over a given spooler: for tests. */
export function createSpoolerLinkOver(load: () => Spooler, uri: string, options: LinkOptions, deps: LinkDeps): Link {
  const { queue } = parseSpoolerUri(uri);
  const spooler = loadOr(load, uri);
  const onThrow = (error: unknown): void => deps.log.warn({ uri, error: String(error) }, 'a link listener threw');
  const bytesListeners = createListeners<Uint8Array>(onThrow);
  const stateListeners = createListeners<LinkState>(onThrow);
  let state: LinkState = 'closed';
  let last: LinkProblem | null = null;
  /** Grows with each opening and closing, so that an answer to an earlier one changes nothing. */
  let turn = 0;
  let jobs = 0;
  let waitingBytes = 0;
  let attempts = 0;
  let retryTimer: LinkTimer | null = null;
  let tail: Promise<unknown> = Promise.resolve();

  function setState(next: LinkState): void {
    if (next === state) return;
    state = next;
    stateListeners.emit(next);
  }

  async function find(): Promise<LinkProblem | null> {
    turn += 1;
    const mine = turn;
    retryTimer?.cancel();
    retryTimer = null;
    setState('opening');
    const problem = await spooler.find(queue, findMs);
    if (turn !== mine) return last ?? linkProblem('closed', { uri });
    last = problem === null ? null : spoolerProblem(uri, problem);
    if (problem === null) attempts = 0;
    else searchLater();
    setState(problem === null ? 'open' : 'failed');
    return last;
  }

  /** A queue comes back when a person puts it back, or its scheduler starts: it is looked for with back-off. */
  function searchLater(): void {
    if (options.reopen === false) return;
    retryTimer?.cancel();
    retryTimer = deps.clock.after(backoffMs(attempts, deps.random()), () => void find());
    attempts += 1;
  }

  async function handOver(bytes: Uint8Array, timeoutMs: number): Promise<WriteOutcome> {
    const closed = state === 'open' ? null : await find();
    if (closed !== null) return failed(0, closed);
    jobs += 1;
    const { taken, problem } = await spooler.hand(queue, `packbench-${jobs}`, bytes, timeoutMs);
    if (problem === null) return { kind: 'written', bytes: taken };
    const why = spoolerProblem(uri, problem);
    last = why;
    if (state === 'open') {
      searchLater();
      setState('failed');
    }
    return failed(taken, why);
  }

  return {
    uri,
    direct: false,
    get state() {
      return state;
    },
    get lastError() {
      return last?.message ?? null;
    },
    get problem() {
      return last;
    },
    open() {
      if (state === 'closed' || state === 'failed') void find();
    },
    write(bytes, timeoutMs) {
      if (waitingBytes + bytes.length > maxWaitingBytes) {
        return Promise.resolve(failed(0, linkProblem('write-waiting', { uri })));
      }
      waitingBytes += bytes.length;
      const result = tail.then(() => handOver(bytes, timeoutMs));
      tail = result.finally(() => {
        waitingBytes -= bytes.length;
      });
      return result;
    },
    onBytes: bytesListeners.add,
    onState: stateListeners.add,
    close() {
      turn += 1;
      retryTimer?.cancel();
      retryTimer = null;
      setState('closed');
      return Promise.resolve();
    },
    deviceWord: (timeoutMs) => spooler.state(queue, timeoutMs),
  };
}

function loadOr(load: () => Spooler, uri: string): Spooler {
  try {
    return load();
  } catch (error) {
    throw linkError('spooler-absent', { uri, detail: firstLine(error) });
  }
}
