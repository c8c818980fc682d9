/**
 * One printer: labels go through it strictly one at a time, and of each it is known whether it came out, did not, or
 * cannot be known. The rule: nothing is ever sent twice by itself once a byte of it has left.
 */
import type { PrinterState } from '../../../preload/contract/index.ts';
import type { PrintOutcome, PrintRequest, PrinterStatus } from '../../domain/device.ts';
import type { Clock, Failpoint, Link, Log, Timer } from '../../ports.ts';
import type { PrinterLanguage, PrinterLanguageName } from './languages.ts';
import { printerLanguages } from './languages.ts';
import type { Answer, Session } from './session.ts';
import { openSession } from './session.ts';

/** Time limits, in milliseconds. */
export interface PrinterTimes {
  /** For the printer to answer a question. Zebra printers answer within a few hundred milliseconds when they do. */
  readonly answerMs: number;
  /** For the operating system to take a label's bytes. */
  readonly writeMs: number;
  /** Between two questions while a label is printing. */
  readonly pollMs: number;
  /** Without any answer after a label was sent, until its outcome is unknown. */
  readonly silenceMs: number;
  /** From sending a label until a printer that shows its work must have shown it; else its outcome is unknown. */
  readonly startMs: number;
  /** From sending a label until it must be out; long enough to change a roll. */
  readonly printMs: number;
  /** Between two checks of an idle printer. */
  readonly checkMs: number;
  /** The same for a mute one: each costs a label that comes just then the time to answer. */
  readonly muteCheckMs: number;
}

const usualTimes: PrinterTimes = {
  answerMs: 1_500,
  writeMs: 15_000,
  pollMs: 60,
  silenceMs: 4_000,
  startMs: 6_000,
  printMs: 60_000,
  checkMs: 5_000,
  muteCheckMs: 60_000,
};

/** What the status bar shows. `reasons` are notice codes. */
export interface PrinterSnapshot {
  readonly state: PrinterState;
  readonly reasons: readonly string[];
  /** Wall clock of the printer's last answer, or null. */
  readonly lastAnswerAt: number | null;
  /** What does not keep it from printing, by its last answer: notice codes such as `printer.paper-low`. */
  readonly warnings: readonly string[];
  /** True after two labels in a row whose outcome is unknown, until `resume`. */
  readonly paused: boolean;
}

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
  /** Lets a printer print again that was paused by two unknown outcomes. */
  resume(): void;
  onState(listener: (snapshot: PrinterSnapshot) => void): () => void;
  /** Breaks off: a label in print becomes unknown, waiting ones are not printed. */
  stop(): Promise<void>;
}

/** Labels that may wait in memory; the desk keeps the rest. */
const maxWaiting = 100;
/**
 * A printer that never answered and left so many questions open is mute: it is not asked before each label any more,
 * which would cost every label the time to answer, only now and then while it is idle.
 */
const muteAfter = 2;
/** Two calm answers in a row: the first may be given before the printer has read the last bytes. */
const calmAnswers = 2;
/** A printer that may be silent while it works gets so many times the usual silence. */
const silentWorkFactor = 4;

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
  const processId = setup.confirms === true ? language.processId : undefined;
  const printWithoutAnswer = setup.printWithoutAnswer ?? true;
  const times = { ...usualTimes, ...setup.times };
  const listeners = new Set<(snapshot: PrinterSnapshot) => void>();

  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let checkTimer: Timer | null = null;
  let started = false;
  let stopped = false;
  let hasAnswered = false;
  /** The question that was answered last. */
  let answeredQuestion = 0;
  let nextProcessId = 0;
  let unanswered = 0;
  let unknownsInARow = 0;
  let printing = false;
  let known: { state: Exclude<PrinterState, 'printing'>; reasons: readonly string[] } = {
    state: 'unchecked',
    reasons: [],
  };
  let lastAnswerAt: number | null = null;
  let warnings: readonly string[] = [];
  let paused = false;
  let snapshot = view();

  function view(): PrinterSnapshot {
    const reasons = paused ? ['printer.paused-unknown', ...known.reasons] : known.reasons;
    // Trouble is shown before activity: a label that waits for paper is not "printing".
    const busy = printing && (known.state === 'ready' || known.state === 'unchecked');
    const state = paused ? 'attention' : busy ? 'printing' : known.state;
    return { state, reasons, lastAnswerAt, warnings, paused };
  }

  function show(): void {
    const next = view();
    const same =
      next.state === snapshot.state &&
      next.paused === snapshot.paused &&
      next.reasons.join() === snapshot.reasons.join() &&
      next.warnings.join() === snapshot.warnings.join();
    snapshot = next;
    if (same) return;
    for (const listener of [...listeners]) listener(next);
  }

  function learn(answer: PrinterStatus | 'no-answer' | 'offline'): void {
    if (answer === 'offline') known = { state: 'offline', reasons: ['printer.offline'] };
    else if (answer === 'no-answer') {
      unanswered += 1;
      known = { state: 'no-answer', reasons: ['printer.no-answer'] };
    } else {
      hasAnswered = true;
      lastAnswerAt = clock.now();
      warnings = answer.warnings ?? [];
      known = answer.ready ? { state: 'ready', reasons: [] } : { state: 'attention', reasons: answer.reasons };
    }
    show();
  }

  /**
   * Asks the first question, and the next ones as long as nothing comes back. A language whose older printers know only
   * a later question starts with the one that was answered last.
   */
  async function askPrinter(session: Session): Promise<Answer> {
    const { questions } = language;
    const first = language.keepsToAnswered ? answeredQuestion : 0;
    for (let step = 0; step < questions.length; step += 1) {
      const at = (first + step) % questions.length;
      const question = questions[at];
      if (question === undefined) break;
      const answer = await session.ask(question, times.answerMs);
      if (answer === 'no-answer') continue;
      if (answer !== 'lost') answeredQuestion = at;
      return answer;
    }
    return 'no-answer';
  }

  /** What the way to the printer says against it, learned and shown; null if nothing. */
  async function learnWord(): Promise<PrinterStatus | null> {
    const word = (await link.deviceWord?.(times.answerMs)) ?? null;
    if (word === null || word.ready) return null;
    const isOffline = word.reasons.includes('printer.offline');
    known = { state: isOffline ? 'offline' : 'attention', reasons: word.reasons };
    show();
    return { ready: false, reasons: word.reasons, queued: word.queued, remaining: null };
  }

  const isMute = (): boolean => !hasAnswered && unanswered >= muteAfter;

  /** Runs `task` after everything before it, in a session of its own; the link is closed before the next one. */
  function inTurn<T>(task: (session: Session | null) => Promise<T>): Promise<T> {
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
          scheduleCheck();
        }
      });
    });
  }

  function scheduleCheck(): void {
    checkTimer?.cancel();
    if (!started || stopped || waiting > 0) return;
    checkTimer = clock.after(isMute() || throughQueue ? times.muteCheckMs : times.checkMs, () => void status());
  }

  function status(): Promise<PrinterStatus | 'no-answer' | 'offline'> {
    return inTurn(async (session) => {
      if (session === null) {
        learn('offline');
        return 'offline';
      }
      if (!ask) {
        const word = await learnWord();
        if (word !== null) return word;
        known = { state: 'unchecked', reasons: [] };
        warnings = throughQueue ? ['printer.queue-only'] : [];
        show();
        return 'no-answer';
      }
      const answer = await askPrinter(session);
      if (answer === 'no-answer') {
        const word = await learnWord();
        if (word !== null) return word;
      }
      const said = answer === 'lost' ? 'offline' : answer;
      learn(said);
      return said;
    });
  }

  async function printNow(session: Session | null, request: PrintRequest): Promise<PrintOutcome> {
    if (stopped) return { kind: 'not-printed', message: `printer ${id} is stopped` };
    if (paused) return { kind: 'blocked', reasons: ['printer.paused-unknown'] };
    if (session === null) {
      learn('offline');
      return { kind: 'not-printed', message: link.lastError ?? `printer ${id} cannot be reached` };
    }
    let before: PrinterStatus | null = null;
    if (ask && !(isMute() && printWithoutAnswer)) {
      const answer = await askPrinter(session);
      learn(answer === 'lost' ? 'offline' : answer);
      if (answer === 'lost')
        return { kind: 'not-printed', message: link.lastError ?? `printer ${id} cannot be reached` };
      if (answer === 'no-answer') {
        if (hasAnswered || !printWithoutAnswer) return { kind: 'blocked', reasons: ['printer.no-answer'] };
      } else {
        if (!answer.ready) return { kind: 'blocked', reasons: answer.reasons };
        before = answer;
      }
    }
    if (before === null) {
      const word = await learnWord();
      if (word !== null) return { kind: 'blocked', reasons: word.reasons };
    }
    const processNumber = nextProcessId;
    nextProcessId = (nextProcessId + 1) % 10_000;
    const bytes =
      processId === undefined ? request.bytes : Buffer.concat([request.bytes, processId.request(processNumber)]);
    failpoint?.('print.before-first-byte');
    try {
      request.beforeFirstByte?.();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { kind: 'not-printed', message: `the print could not be written down: ${why}` };
    }
    const written = await session.write(bytes, times.writeMs);
    failpoint?.('print.after-last-byte');
    if (written.kind === 'failed') {
      learn('offline');
      if (written.bytes === 0) return { kind: 'not-printed', message: written.message };
      return countUnknown({ kind: 'unknown', bytes: written.bytes, message: written.message });
    }
    if (
      before === null ||
      language.completion === 'never' ||
      (language.completion === 'process-id' && processId === undefined)
    ) {
      return {
        kind: 'unknown',
        bytes: written.bytes,
        message: throughQueue
          ? `the queue of printer ${id} took the label; whether it came out is not known`
          : `printer ${id} does not say whether the label came out`,
      };
    }
    return waitUntilOut(session, written.bytes, before, processId === undefined ? null : processNumber);
  }

  /** Asks until the printer says, in its language's way, that the label is out. */
  async function waitUntilOut(
    session: Session,
    bytes: number,
    before: PrinterStatus,
    processNumber: number | null,
  ): Promise<PrintOutcome> {
    const sentAt = clock.monotonic();
    const unknown = (message: string): PrintOutcome => countUnknown({ kind: 'unknown', bytes, message });
    const silenceMs = times.silenceMs * (language.silentAtWork ? silentWorkFactor : 1);
    let answeredAt = sentAt;
    let calm = 0;
    let worked = false;
    let reasons: readonly string[] = [];
    while (clock.monotonic() - sentAt < times.printMs) {
      if (processNumber !== null && (await session.confirmed(processNumber, times.pollMs)) === 'confirmed') {
        unknownsInARow = 0;
        return { kind: 'printed', bytes };
      }
      const answer = await askPrinter(session);
      if (answer === 'lost') {
        learn('offline');
        return unknown(`printer ${id} went away before it said that the label came out`);
      }
      if (answer === 'no-answer') {
        calm = 0;
        worked ||= language.silentAtWork;
        if (!language.silentAtWork) learn('no-answer');
        if (clock.monotonic() - answeredAt < silenceMs) continue;
        learn('no-answer');
        return unknown(`printer ${id} fell silent after the label was sent`);
      }
      answeredAt = clock.monotonic();
      learn(answer);
      ({ reasons } = answer);
      if (answer.restarted === true && before.restarted !== true) {
        return unknown(`printer ${id} was switched off or reset after the label was sent`);
      }
      worked ||= (answer.queued ?? 0) > 0;
      calm = answer.ready && answer.queued === 0 && answer.remaining === 0 ? calm + 1 : 0;
      const sayable = language.completion === 'queue' || (language.completion === 'seen-working' && worked);
      if (sayable && calm >= calmAnswers) {
        unknownsInARow = 0;
        return { kind: 'printed', bytes };
      }
      if (language.completion === 'seen-working' && !worked && clock.monotonic() - sentAt >= times.startMs) {
        return unknown(`printer ${id} did not say that it was printing after the label was sent`);
      }
      if (processNumber === null) await session.pause(times.pollMs);
    }
    const why = reasons.length > 0 ? ` (${reasons.join(', ')})` : '';
    return unknown(`printer ${id} did not finish the label in time${why}`);
  }

  /**
   * Two in a row mean that the printer, not the label, is the trouble. Labels for a printer that never answers are not
   * counted: their outcome cannot be known by design.
   */
  function countUnknown(outcome: PrintOutcome): PrintOutcome {
    unknownsInARow += 1;
    if (unknownsInARow >= 2 && !paused) {
      paused = true;
      log.warn({ printer: id }, 'two labels in a row with unknown outcome: printer paused');
    }
    show();
    return outcome;
  }

  return {
    id,
    get snapshot() {
      return snapshot;
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
        printing = true;
        show();
        try {
          const outcome = await printNow(session, request);
          log.info({ printer: id, print: request.printId, ...outcome }, 'print settled');
          return outcome;
        } finally {
          printing = false;
          show();
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
    resume() {
      paused = false;
      unknownsInARow = 0;
      show();
    },
    onState(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async stop() {
      stopped = true;
      checkTimer?.cancel();
      await link.close();
      await tail;
    },
  };
}
