/** What is known of a printer, by its answers and by what became of its labels; the status bar shows it. */
import type { PrinterState } from '../../../preload/contract/index.ts';
import type { PrintOutcome, PrinterStatus } from '../../domain/device.ts';
import type { Clock, Log } from '../../ports.ts';

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

/**
 * A printer that never answered and left so many questions open is mute: it is not asked before each label any more,
 * which would cost every label the time to answer, only now and then while it is idle.
 */
const muteAfter = 2;

export interface KnownState {
  readonly snapshot: PrinterSnapshot;
  /** It has answered a question since the start. */
  readonly hasAnswered: boolean;
  readonly paused: boolean;
  /** It never answers, so it is not asked before each label. */
  readonly mute: boolean;
  learn(answer: PrinterStatus | 'no-answer' | 'offline'): void;
  /** What the way to the printer said against it. */
  learnWord(reasons: readonly string[]): void;
  /** Nothing can be known without asking, and it is not asked. */
  learnNothing(warnings: readonly string[]): void;
  /** A label is going through it, or not any more. */
  printing(now: boolean): void;
  printed(): void;
  /**
   * Two in a row mean that the printer, not the label, is the trouble. Labels for a printer that never answers are not
   * counted: their outcome cannot be known by design.
   */
  countUnknown(outcome: PrintOutcome): PrintOutcome;
  resume(): void;
  onState(listener: (snapshot: PrinterSnapshot) => void): () => void;
}

export function createKnownState(id: string, clock: Clock, log: Log): KnownState {
  const listeners = new Set<(snapshot: PrinterSnapshot) => void>();
  let hasAnswered = false;
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

  return {
    get snapshot() {
      return snapshot;
    },
    get hasAnswered() {
      return hasAnswered;
    },
    get paused() {
      return paused;
    },
    get mute() {
      return !hasAnswered && unanswered >= muteAfter;
    },
    learn,
    learnWord(reasons) {
      known = { state: reasons.includes('printer.offline') ? 'offline' : 'attention', reasons };
      show();
    },
    learnNothing(given) {
      known = { state: 'unchecked', reasons: [] };
      warnings = given;
      show();
    },
    printing(now) {
      printing = now;
      show();
    },
    printed() {
      unknownsInARow = 0;
    },
    countUnknown(outcome) {
      unknownsInARow += 1;
      if (unknownsInARow >= 2 && !paused) {
        paused = true;
        log.warn({ printer: id }, 'two labels in a row with unknown outcome: printer paused');
      }
      show();
      return outcome;
    },
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
  };
}
