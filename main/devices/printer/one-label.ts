/**
 * One label through one printer: asked first, then written, then asked until it is known whether the label came out, did
 * not, or cannot be known.
 */
import type { PrintOutcome, PrintRequest, PrinterStatus } from '../../domain/device.ts';
import type { Clock, Failpoint, Link } from '../../ports.ts';
import type { KnownState } from './known-state.ts';
import type { PrinterLanguage } from './languages.ts';
import type { Answer, Session } from './session.ts';

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
  /**
   * Between two looks whether an idle network printer can still be reached: its port is opened and closed, nothing is
   * asked. One that was pulled or switched off is shown within two seconds, and had again within two.
   */
  readonly reachMs: number;
}

export const usualTimes: PrinterTimes = {
  answerMs: 1_500,
  writeMs: 15_000,
  pollMs: 60,
  silenceMs: 4_000,
  startMs: 6_000,
  printMs: 60_000,
  checkMs: 5_000,
  muteCheckMs: 60_000,
  reachMs: 1_000,
};

/** Two calm answers in a row: the first may be given before the printer has read the last bytes. */
const calmAnswers = 2;
/** A printer that may be silent while it works gets so many times the usual silence. */
const silentWorkFactor = 4;

export interface OneLabel {
  /** Asks the first question, and the next ones as long as nothing comes back. */
  ask(session: Session): Promise<Answer>;
  /** What the way to the printer says against it, learned and shown; null if nothing. */
  learnWord(): Promise<PrinterStatus | null>;
  /** Puts the label through. `session` null: the link could not be opened. */
  print(session: Session | null, request: PrintRequest): Promise<PrintOutcome>;
}

export function createOneLabel(setup: {
  readonly id: string;
  readonly link: Link;
  readonly language: PrinterLanguage;
  /** Its status questions are asked. */
  readonly asks: boolean;
  /** It sends a process id back. */
  readonly confirms: boolean;
  readonly throughQueue: boolean;
  readonly printWithoutAnswer: boolean;
  readonly times: PrinterTimes;
  readonly clock: Clock;
  readonly failpoint: Failpoint | undefined;
  readonly state: KnownState;
}): OneLabel {
  const { id, link, language, asks, throughQueue, printWithoutAnswer, times, clock, failpoint, state } = setup;
  const processId = setup.confirms ? language.processId : undefined;
  /** The question that was answered last. */
  let answeredQuestion = 0;
  let nextProcessId = 0;

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
    state.learnWord(word.reasons);
    return { ready: false, reasons: word.reasons, queued: word.queued, remaining: null };
  }

  async function printNow(session: Session | null, request: PrintRequest): Promise<PrintOutcome> {
    if (state.paused) return { kind: 'blocked', reasons: ['printer.paused-unknown'] };
    if (session === null) {
      state.learn('offline');
      return { kind: 'not-printed', message: link.lastError ?? `printer ${id} cannot be reached` };
    }
    let before: PrinterStatus | null = null;
    if (asks && !(state.mute && printWithoutAnswer)) {
      const answer = await askPrinter(session);
      state.learn(answer === 'lost' ? 'offline' : answer);
      if (answer === 'lost')
        return { kind: 'not-printed', message: link.lastError ?? `printer ${id} cannot be reached` };
      if (answer === 'no-answer') {
        if (state.hasAnswered || !printWithoutAnswer) return { kind: 'blocked', reasons: ['printer.no-answer'] };
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
      state.learn('offline');
      if (written.bytes === 0) return { kind: 'not-printed', message: written.message };
      return state.countUnknown({ kind: 'unknown', bytes: written.bytes, message: written.message });
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
    const unknown = (message: string): PrintOutcome => state.countUnknown({ kind: 'unknown', bytes, message });
    const silenceMs = times.silenceMs * (language.silentAtWork ? silentWorkFactor : 1);
    let answeredAt = sentAt;
    let calm = 0;
    let worked = false;
    let reasons: readonly string[] = [];
    while (clock.monotonic() - sentAt < times.printMs) {
      if (processNumber !== null && (await session.confirmed(processNumber, times.pollMs)) === 'confirmed') {
        state.printed();
        return { kind: 'printed', bytes };
      }
      const answer = await askPrinter(session);
      if (answer === 'lost') {
        state.learn('offline');
        return unknown(`printer ${id} went away before it said that the label came out`);
      }
      if (answer === 'no-answer') {
        calm = 0;
        worked ||= language.silentAtWork;
        if (!language.silentAtWork) state.learn('no-answer');
        if (clock.monotonic() - answeredAt < silenceMs) continue;
        state.learn('no-answer');
        return unknown(`printer ${id} fell silent after the label was sent`);
      }
      answeredAt = clock.monotonic();
      state.learn(answer);
      ({ reasons } = answer);
      if (answer.restarted === true && before.restarted !== true) {
        return unknown(`printer ${id} was switched off or reset after the label was sent`);
      }
      worked ||= (answer.queued ?? 0) > 0;
      calm = answer.ready && answer.queued === 0 && answer.remaining === 0 ? calm + 1 : 0;
      const sayable = language.completion === 'queue' || (language.completion === 'seen-working' && worked);
      if (sayable && calm >= calmAnswers) {
        state.printed();
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

  return { ask: askPrinter, learnWord, print: printNow };
}
