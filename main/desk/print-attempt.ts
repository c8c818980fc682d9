/**
 * One attempt to print a label: its steps (domain/print-transitions.ts), each written down with an event before anything
 * follows from it, and its way over the printers it may come out of. `sending` is committed before the first byte leaves,
 * so a crash in between shows as unknown, never as nothing. When an attempt is tried is decided in `printing.ts`.
 */
import { isPrinterPaused, nextPrint, unknownsThatPause, type PrintEvent } from '../domain/print-transitions.ts';
import type { PrintOutcome, PrintRequest } from '../domain/device.ts';
import type { LabelTarget } from '../labels/index.ts';
import type { Clock, Failpoint, Log } from '../ports.ts';
import { aboutOf, describe, pointsOf } from './print-record.ts';
import type { BagRecord } from '../store/bags.ts';
import { StoreError } from '../store/store.ts';
import type {
  BagPrint,
  BagPrintKind,
  ParcelPrintKind,
  ParcelRecord,
  PrintKind,
  PrintRecord,
  Store,
} from '../store/store.ts';

/** Bytes for one label, or why there are none. */
export type LabelBytes =
  | { readonly held: false; bytes(copy: number, printId: string): Uint8Array }
  | { readonly held: true; readonly code: string; readonly message: string };

export interface LabelPrinter {
  readonly id: string;
  /** What labels for this printer are made for. */
  readonly target: LabelTarget;
  /** Why the printer is known to be unable to print, as notice codes; empty if it may be able. */
  trouble(): readonly string[];
  /**
   * True if `print` calls `beforeFirstByte`: then asking the printer (`preflight`) is told apart from sending, and a
   * crash while asking costs nothing. Without it the attempt counts as sending from the start.
   */
  readonly announcesFirstByte?: boolean;
  print(request: PrintRequest): Promise<PrintOutcome>;
  /** Called whenever the printer may have become able to print. */
  onState(listener: () => void): () => void;
}

/** What an attempt needs to know and whom it tells. */
export interface AttemptParts {
  store: Store;
  clock: Clock;
  log: Log;
  /**
   * The printers a label may come out of: the one that should print it, then what takes over while that one cannot.
   * `printerId` is the printer the attempt was asked of, or empty. Empty if this desk has no such printer.
   */
  printersFor(kind: PrintKind, printerId: string): readonly LabelPrinter[];
  labelBytes(parcel: ParcelRecord, kind: ParcelPrintKind, target: LabelTarget): Promise<LabelBytes>;
  /** The label comes out of another printer than it should; `why` are the reasons of the first. Nothing was written. */
  onFallback?(print: PrintRecord, fromPrinterId: string, why: readonly string[]): void;
  /** After every committed change of an attempt. */
  onChange(print: PrintRecord): void;
  /** The label of this parcel may not be printed; commit that. */
  onHeld(parcelId: string, kind: ParcelPrintKind, code: string, message: string): void;
  /** Where labels of big bags come from; without it their attempts wait. */
  bags?: {
    labelBytes(bag: BagRecord, kind: BagPrintKind, target: LabelTarget): Promise<LabelBytes>;
    /** After the attempt is settled as not printed, with the reason as its message. */
    onHeld(print: BagPrint, code: string): void;
  };
  /** The exact bytes handed to the printer; for the record and the demo. */
  onSent?(print: PrintRecord, bytes: Uint8Array): void;
  failpoint?: Failpoint | undefined;
}

/** Where attempts go that wrote nothing; it tries them again. */
export interface AttemptQueue {
  /** Heard from here on when a printer becomes able. */
  waits(printId: string): void;
  /** Tried again after `retryAfterMs` even if no printer says anything. */
  wakeLater(): void;
}

export interface PrintAttempts {
  /** One step of an attempt, written down with its event; `event` null for steps that only repeat. */
  step(print: PrintRecord, change: PrintEvent, event: string | null, detail?: Record<string, unknown>): PrintRecord;
  /** Puts a claimed attempt through; what wrote nothing goes to the queue. */
  run(printId: string): Promise<void>;
  /** Why this printer gets nothing more for now (`printer.paused-unknown`), or nothing. */
  paused(printerId: string): readonly string[];
  /** A person looked at the printer: what is unknown of it so far pauses it no more. False if it was not paused. */
  checked(printerId: string, reason: string): boolean;
  /** What could not be written down yet is given up; the next start makes it unknown. */
  stop(): void;
}

/** Between two tries, of a label that waits for its printer or of a row that waits for room on the disk. */
export const retryAfterMs = 2_000;

/** Where the newest attempt is kept that a person knew of when they looked at the printer. */
const checkedKey = (printerId: string): string => `printer.${printerId}.checked`;

export function createPrintAttempts(options: AttemptParts, queue: AttemptQueue): PrintAttempts {
  const { store, clock, log, failpoint } = options;
  const stopWaiting = new Set<() => void>();
  let stopped = false;

  function step(
    print: PrintRecord,
    change: PrintEvent,
    event: string | null,
    detail: Record<string, unknown> = {},
  ): PrintRecord {
    const after = nextPrint(print, change, clock.now());
    const points = pointsOf(change);
    store.transaction(() => {
      store.prints.update(after);
      if (event !== null) store.events.append(event, aboutOf(after), { ...describe(after), ...detail });
      if (points !== undefined) failpoint?.(points[0]);
    });
    if (points !== undefined) failpoint?.(points[1]);
    tell(after);
    return after;
  }

  /** What follows from a committed step must not undo what is known of the label. */
  function tell(print: PrintRecord): void {
    try {
      options.onChange(print);
    } catch (error) {
      log.error({ printId: print.id, error: String(error) }, 'what follows from a print could not be written down');
    }
  }

  /**
   * What is known of a label must not be lost because the disk is full just now: tries until it is written down. Gives
   * up when the station stops or the database may not be believed any more; the row then says `sending`, and the next
   * start makes it unknown.
   */
  async function insist<T>(work: () => T): Promise<T> {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof StoreError) || store.failure !== null || stopped) throw error;
        log.warn({ error: error.message }, 'what became of a print could not be written down yet; trying again');
        await new Promise<void>((resolve) => {
          const timer = clock.after(retryAfterMs, () => {
            stopWaiting.delete(stop);
            resolve();
          });
          const stop = (): void => {
            timer.cancel();
            resolve();
          };
          stopWaiting.add(stop);
        });
      }
    }
  }

  function wait(print: PrintRecord, message: string): void {
    queue.waits(print.id);
    queue.wakeLater();
    if (print.message !== message) step(print, { kind: 'wait', message }, 'print-waiting');
  }

  function paused(printerId: string): readonly string[] {
    const latest = store.prints.latestSent(printerId, unknownsThatPause);
    return isPrinterPaused(latest, store.values.get(checkedKey(printerId))) ? ['printer.paused-unknown'] : [];
  }

  function checked(printerId: string, reason: string): boolean {
    const [newest] = store.prints.latestSent(printerId, 1);
    if (newest === undefined || paused(printerId).length === 0) return false;
    store.transaction(() => {
      store.values.set(checkedKey(printerId), newest.id);
      store.events.append('printer-checked', aboutOf(newest), { printer: printerId, printId: newest.id, reason });
    });
    return true;
  }

  const troubleOf = (printer: LabelPrinter): readonly string[] => [...paused(printer.id), ...printer.trouble()];

  async function run(printId: string): Promise<void> {
    let print = store.prints.get(printId);
    if (print?.state === 'preflight') print = step(print, { kind: 'interrupted' }, null);
    if (print === null || print.state !== 'claimed') return;
    const subject = subjectOf(print);
    if (subject === null) return;
    const chain = options.printersFor(print.kind, print.printerId);
    const [first] = chain;
    if (first === undefined) {
      wait(print, 'printer.offline');
      return;
    }
    // A printer in known trouble is not tried while another one may be able: its label would only wait.
    const able = chain.filter((each) => troubleOf(each).length === 0);
    let reasons = troubleOf(first);
    const tryable = paused(first.id).length > 0 ? [] : [first];
    for (const printer of able.length > 0 ? able : tryable) {
      const refused = await tryOn(printer, first, printId, subject, reasons);
      if (refused === null) return;
      if (printer === first) reasons = refused;
    }
    const unsent = store.prints.get(printId);
    if (unsent?.state === 'claimed') wait(unsent, reasons.join(','));
  }

  /** What the attempt is for: where its bytes come from, and who hears that they may not be printed. */
  function subjectOf(print: PrintRecord): LabelSubject | null {
    if (print.parcelId !== null) {
      const { kind } = print;
      const parcel = store.parcels.get(print.parcelId);
      if (parcel === null) return null;
      return {
        label: (target) => options.labelBytes(parcel, kind, target),
        held: (code, message) => options.onHeld(parcel.id, kind, code, message),
      };
    }
    const { bags } = options;
    const bag = store.bags.get(print.bagId);
    if (bag === null || bags === undefined) return null;
    return {
      label: (target) => bags.labelBytes(bag, print.kind, target),
      held: (code, message) => bags.onHeld({ ...print, message }, code),
    };
  }

  /**
   * One attempt on one printer, the fall-back of `first` or itself. Null if the attempt is settled; else the reasons why
   * nothing was written, and the row says `claimed` again.
   */
  async function tryOn(
    printer: LabelPrinter,
    first: LabelPrinter,
    printId: string,
    subject: LabelSubject,
    why: readonly string[],
  ): Promise<readonly string[] | null> {
    const label = await subject.label(printer.target);
    let print = store.prints.get(printId);
    if (print === null || print.state !== 'claimed') return null;
    const made = label.held ? label : bytesOf(label, print);
    if (made.held) {
      // What does not fit a fall-back is no fault of the label.
      if (printer !== first) return [made.code];
      step(print, { kind: 'hold', message: made.message }, 'print-held');
      subject.held(made.code, made.message);
      return null;
    }
    const { bytes } = made;
    const on = { ...print, printerId: printer.id };
    if (printer === first) print = step(on, { kind: 'preflight' }, null);
    else {
      print = step(on, { kind: 'preflight' }, 'print-fallback', { insteadOf: first.id, because: why.join(',') });
      options.onFallback?.(print, first.id, why);
    }
    let row = print;
    const beforeFirstByte = (): void => {
      if (row.state === 'preflight') row = step(row, { kind: 'send' }, 'print-sending');
    };
    if (printer.announcesFirstByte !== true) beforeFirstByte();
    const outcome = await printer.print({ printId, bytes, beforeFirstByte });
    if (row.state === 'preflight' && (outcome.kind === 'printed' || outcome.kind === 'unknown')) {
      // A driver that forgot to say so. The bytes are gone all the same.
      log.error({ printId, printer: printer.id }, 'a printer did not say when its first byte left');
      await insist(beforeFirstByte);
    }
    const settled = { kind: 'outcome', outcome } as const;
    switch (outcome.kind) {
      case 'printed':
      case 'unknown':
        await insist(() => step(row, settled, outcome.kind === 'printed' ? 'print-printed' : 'print-unknown'));
        options.onSent?.(row, bytes);
        return null;
      case 'blocked':
      case 'not-printed': {
        // From here on it waits: a printer that becomes able while this is written down must not go unheard.
        queue.waits(printId);
        if (outcome.kind === 'not-printed') {
          log.info({ printId, reason: outcome.message }, 'nothing was written to the printer; trying again');
        }
        // Nothing was written: the attempt is its first printer's again.
        const back = nextPrint({ ...row, printerId: first.id }, settled, clock.now());
        const news = back.message !== print.message;
        await insist(() => step({ ...row, printerId: first.id }, settled, news ? 'print-waiting' : null));
        return back.message.split(',');
      }
    }
  }

  return {
    step,
    run,
    paused,
    checked,
    stop() {
      stopped = true;
      for (const stop of stopWaiting) stop();
    },
  };
}

/** A copy may be refused although the first print was not: there may be no place left for its mark. */
function bytesOf(
  label: Extract<LabelBytes, { held: false }>,
  print: PrintRecord,
): { readonly held: false; readonly bytes: Uint8Array } | Extract<LabelBytes, { held: true }> {
  try {
    return { held: false, bytes: label.bytes(print.copy, print.id) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'label.unreadable';
    return { held: true, code, message: error instanceof Error ? error.message : String(error) };
  }
}

interface LabelSubject {
  label(target: LabelTarget): Promise<LabelBytes>;
  held(code: string, message: string): void;
}
