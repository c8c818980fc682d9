/**
 * Every change of a print's state, in one pure function. A print is one attempt to put one label through one printer:
 *
 *   claimed     --preflight-->    preflight    the printer is being asked whether it can; 0 bytes have left
 *   claimed, preflight --wait-->  claimed      0 bytes left: it goes by itself when the printer can
 *   claimed, preflight --hold, withdraw-->  not-printed   given up with 0 bytes
 *   claimed, preflight --send-->  sending      committed before the first byte leaves
 *   sending     --outcome-->      printed | unknown | claimed (0 bytes left)
 *   preflight   --interrupted-->  claimed      a stop in between has cost nothing
 *   sending     --interrupted-->  unknown      bytes may have left
 *   unknown     --settle-->       printed (scanned, or said by a person) | not-printed (said by a person)
 *
 * Nothing leads from `unknown`, `printed` or `not-printed` back to sending: another label is another attempt, asked
 * for by a person and marked REPRINT. No reading of a printer but its own acknowledgement proves that a label came
 * out (Microsoft Learn, PrintJobStatus: "Complete" means that the data was transferred), hence three outcomes.
 */
import type { PrintState } from '../../preload/contract/index.ts';
import type { PrintOutcome } from './device.ts';

/** What of an attempt changes. */
export interface PrintFields {
  readonly state: PrintState;
  /** Bytes the operating system took; -1 from the start of sending until it is known (for ever, after a crash). */
  readonly bytesWritten: number;
  /** Why it waits (notice codes, parted by commas), or what became of it. */
  readonly message: string;
  /** When it was last known for sure what became of it; null while that is open. */
  readonly settledAt: number | null;
}

export type PrintEvent =
  | { readonly kind: 'preflight' }
  | { readonly kind: 'wait'; readonly message: string }
  | { readonly kind: 'hold'; readonly message: string }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'send' }
  | { readonly kind: 'outcome'; readonly outcome: PrintOutcome }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'settle'; readonly state: 'printed' | 'not-printed'; readonly message: string };

/** The event makes no sense in this state; nothing may be written. */
export class IllegalPrint extends Error {
  constructor(state: PrintState, event: PrintEvent['kind']) {
    super(`A print that is ${state} cannot take "${event}".`);
    this.name = 'IllegalPrint';
  }
}

/** The attempt after `event`, at wall clock `now`. Throws `IllegalPrint` if the event cannot happen in its state. */
export function nextPrint<T extends PrintFields>(print: T, event: PrintEvent, now: number): T {
  const from = (...states: PrintState[]): void => {
    if (!states.includes(print.state)) throw new IllegalPrint(print.state, event.kind);
  };
  const with_ = (changes: Partial<PrintFields>): T => ({ ...print, ...changes });
  switch (event.kind) {
    case 'preflight':
      from('claimed');
      return with_({ state: 'preflight' });
    case 'wait':
      from('claimed', 'preflight');
      return with_({ state: 'claimed', message: event.message });
    case 'hold':
      from('claimed', 'preflight');
      return with_({ state: 'not-printed', message: event.message, settledAt: now });
    case 'withdraw':
      from('claimed');
      return with_({ state: 'not-printed', message: 'withdrawn', settledAt: now });
    case 'send':
      from('claimed', 'preflight');
      return with_({ state: 'sending', bytesWritten: -1 });
    case 'outcome':
      return afterOutcome(event.outcome, now, from, with_);
    case 'interrupted':
      from('preflight', 'sending');
      if (print.state === 'preflight') return with_({ state: 'claimed', message: '' });
      return with_({ state: 'unknown', message: 'The station stopped before this print was settled.' });
    case 'settle':
      from('unknown');
      return with_({ state: event.state, message: event.message, settledAt: now });
  }
}

function afterOutcome<T>(
  outcome: PrintOutcome,
  now: number,
  from: (...states: PrintState[]) => void,
  with_: (changes: Partial<PrintFields>) => T,
): T {
  switch (outcome.kind) {
    case 'printed':
      from('sending');
      return with_({ state: 'printed', message: '', bytesWritten: outcome.bytes, settledAt: now });
    case 'unknown':
      from('sending');
      return with_({ state: 'unknown', message: outcome.message, bytesWritten: outcome.bytes });
    case 'blocked':
    case 'not-printed': {
      from('preflight', 'sending');
      // Only the printer's driver can take `sending` back, and only because it knows that no byte left.
      const message = outcome.kind === 'blocked' ? outcome.reasons.join(',') : 'printer.offline';
      return with_({ state: 'claimed', message, bytesWritten: 0 });
    }
  }
}

/** Unknown outcomes in a row after which the printer, not the label, is the trouble. */
export const unknownsThatPause = 2;

/**
 * True if a printer may get no further label before a person has looked: its last attempts from which bytes left are
 * all still unknown. Derived from the record, so it outlives a restart: the printer's trouble does too. Settling either
 * of them (a scan, or one key) lets it go on, and so does a person who has looked at the printer itself.
 *
 * @param latest the printer's attempts from which bytes left or may have left, newest first
 * @param checkedId the newest of them when a person last looked at the printer, or null; that one and older do not count
 */
export function isPrinterPaused(
  latest: readonly (Pick<PrintFields, 'state'> & { readonly id: string })[],
  checkedId: string | null = null,
): boolean {
  const newest = latest.slice(0, unknownsThatPause);
  return (
    newest.length === unknownsThatPause && newest.every(({ id, state }) => state === 'unknown' && id !== checkedId)
  );
}
