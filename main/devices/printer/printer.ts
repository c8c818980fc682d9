/**
 * One printer: labels go through it strictly one at a time, and of each it is known whether it came out, did not, or
 * cannot be known. The rule: nothing is ever sent twice by itself once a byte of it has left.
 */
import type { PrintOutcome, PrintRequest, PrinterStatus } from '../../domain/device.ts';
import type { Clock, Failpoint, Link, LinkProblem, Log, Timer } from '../../ports.ts';
import { createKnownState, type PrinterSnapshot } from './known-state.ts';
import type { PrinterLanguage, PrinterLanguageName } from './languages.ts';
import { printerLanguages } from './languages.ts';
import { createOneLabel, usualTimes, type PrinterTimes } from './one-label.ts';
import type { Session } from './session.ts';
import { openSession } from './session.ts';

export type { PrinterSnapshot } from './known-state.ts';
export type { PrinterTimes } from './one-label.ts';

export interface Printer {
  readonly id: string;
  readonly snapshot: PrinterSnapshot;
  /** Starts checking the printer while it is idle; without it the state is only learned by printing. */
  start(): void;
  /** Puts one label through. Never rejects. Labels wait for each other in the order of the calls. */
  print(request: PrintRequest): Promise<PrintOutcome>;
  /** Writes a command that prints nothing (calibration), after what is in print. Asks nothing: only a person does this. */
  command(bytes: Uint8Array): Promise<{ readonly sent: boolean; readonly message: string }>;
  /** Asks now, after what is in print. */
  status(): Promise<PrinterStatus | 'no-answer' | 'offline'>;
  /** The code behind the message of an outcome; null if the message is not the link's. Absent: no link, no codes. */
  linkProblem?(message: string): LinkProblem | null;
  /** Lets a printer print again that was paused by two unknown outcomes. */
  resume(): void;
  onState(listener: (snapshot: PrinterSnapshot) => void): () => void;
  /** Breaks off: a label in print becomes unknown, waiting ones are not printed. */
  stop(): Promise<void>;
}

/** Labels that may wait in memory; the desk keeps the rest. */
const maxWaiting = 100;
/**
 * Makes a printer over a link that this printer owns. `ask` false: the printer is known never to answer. With `ask`,
 * one that has never answered still gets labels if `printWithoutAnswer` (default true), and their outcome is unknown;
 * one that has answered before and falls silent is blocked, because Zebra printers fall silent when out of paper or
 * open (Zebra support article on ~HS).
 *
 * A printer that does not answer in its language is believed when the way to it says that it cannot print (USB port
 * status, a stopped queue), and is never called ready by it: some printers hold their port status at "all is well", and a
 * queue knows nothing of paper.
 */
export function createPrinter(setup: {
  readonly id: string;
  readonly link: Link;
  readonly language: PrinterLanguageName;
  readonly ask: boolean;
  /**
   * True for a printer that is known to send a process id back (ESC/POS `GS ( H`): only then can its labels be called
   * printed. Others might print the bytes of the question.
   */
  readonly confirms?: boolean | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly printWithoutAnswer?: boolean | undefined;
  readonly times?: Partial<PrinterTimes> | undefined;
  readonly failpoint?: Failpoint | undefined;
}): Printer {
  const { id, link, clock, log, failpoint } = setup;
  const language: PrinterLanguage = printerLanguages[setup.language];
  // A queue sends nothing back, whatever language the printer behind it speaks.
  const throughQueue = link.direct === false;
  const ask = setup.ask && !throughQueue && language.questions.length > 0;
  const times = { ...usualTimes, ...setup.times };
  // A USB printer is told of by its plug, and opening it would take it from the system's driver each time; a queue is
  // there whether its printer is or not.
  const reachable = link.uri.startsWith('tcp://');
  const state = createKnownState(id, clock, log);
  const label = createOneLabel({
    ...{ id, link, language, throughQueue, times, clock, failpoint, state },
    asks: ask,
    confirms: setup.confirms === true,
    printWithoutAnswer: setup.printWithoutAnswer ?? true,
  });

  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let checkTimer: Timer | null = null;
  /** Monotonic milliseconds at which a label or a check that asked ended. */
  let askedAt = clock.monotonic();
  let started = false;
  let stopped = false;

  /**
   * Runs `task` after everything before it, in a session of its own; the link is closed before the next one. `asks` false:
   * the printer is not asked by it, so the next check is not put off.
   */
  function inTurn<T>(task: (session: Session | null) => Promise<T>, asks = true): Promise<T> {
    waiting += 1;
    checkTimer?.cancel();
    return new Promise<T>((resolve, reject) => {
      tail = tail.then(async () => {
        const session = stopped ? null : await openSession(link, language, clock);
        try {
          resolve(await task(session));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        } finally {
          waiting -= 1;
          await session?.close();
          if (asks) askedAt = clock.monotonic();
          scheduleCheck();
        }
      });
    });
  }

  function scheduleCheck(): void {
    checkTimer?.cancel();
    if (!started || stopped || waiting > 0) return;
    const everyMs = state.mute || throughQueue ? times.muteCheckMs : times.checkMs;
    const leftMs = Math.max(0, askedAt + everyMs - clock.monotonic());
    checkTimer =
      reachable && times.reachMs < leftMs
        ? clock.after(times.reachMs, () => void look())
        : clock.after(leftMs, () => void status());
  }

  /** Only whether it can be reached; one that can be again is asked at once. */
  async function look(): Promise<void> {
    const back = await inTurn((session) => {
      const wasOffline = state.snapshot.state === 'offline';
      if (session === null) state.learn('offline');
      return Promise.resolve(session !== null && wasOffline);
    }, false);
    if (back) await status();
  }

  function status(): Promise<PrinterStatus | 'no-answer' | 'offline'> {
    return inTurn(async (session) => {
      if (session === null) {
        state.learn('offline');
        return 'offline';
      }
      if (!ask) {
        const word = await label.learnWord();
        if (word !== null) return word;
        state.learnNothing(throughQueue ? ['printer.queue-only'] : []);
        return 'no-answer';
      }
      const answer = await label.ask(session);
      if (answer === 'no-answer') {
        const word = await label.learnWord();
        if (word !== null) return word;
      }
      const said = answer === 'lost' ? 'offline' : answer;
      state.learn(said);
      return said;
    });
  }

  return {
    id,
    get snapshot() {
      return state.snapshot;
    },
    start() {
      if (started || stopped) return;
      started = true;
      void status();
    },
    print(request) {
      if (waiting >= maxWaiting) {
        return Promise.resolve({ kind: 'not-printed', message: `printer ${id} has ${waiting} labels waiting already` });
      }
      return inTurn(async (session) => {
        state.printing(true);
        try {
          const outcome: PrintOutcome = stopped
            ? { kind: 'not-printed', message: `printer ${id} is stopped` }
            : await label.print(session, request);
          log.info({ printer: id, print: request.printId, ...outcome }, 'print settled');
          return outcome;
        } finally {
          state.printing(false);
        }
      });
    },
    command(bytes) {
      return inTurn(async (session) => {
        if (session === null) return { sent: false, message: link.lastError ?? `printer ${id} cannot be reached` };
        const written = await session.write(bytes, times.writeMs);
        return written.kind === 'written' ? { sent: true, message: '' } : { sent: false, message: written.message };
      });
    },
    status,
    linkProblem: (message) => (link.lastError === message ? (link.problem ?? null) : null),
    resume() {
      state.resume();
    },
    onState: (listener) => state.onState(listener),
    async stop() {
      stopped = true;
      checkTimer?.cancel();
      await link.close();
      await tail;
    },
  };
}
