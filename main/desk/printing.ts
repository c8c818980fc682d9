/**
 * The print ledger in action: runs each attempt through its states (domain/print-transitions.ts), each written down
 * with an event before anything follows from it. `sending` is committed before the first byte leaves, so a crash in
 * between shows as unknown, never as nothing.
 *
 * Two attempts of a printer in a row that are still unknown pause it, whatever it says of itself, until one of them is
 * settled. That is read from the record, so a restart does not make it print on.
 */
import { isPrinterPaused, nextPrint, unknownsThatPause, type PrintEvent } from '../domain/print-transitions.ts';
import type { PrintOutcome, PrintRequest } from '../domain/device.ts';
import type { LabelTarget } from '../labels/index.ts';
import type { Clock, Failpoint, Ids, Log, Timer } from '../ports.ts';
import { aboutOf, describe, pointsOf } from './print-record.ts';
import type { BagRecord } from '../store/bags.ts';
import { StoreError } from '../store/store.ts';
import type {
  BagPrint,
  BagPrintKind,
  ParcelPrint,
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

export interface Printing {
  /**
   * Starts one attempt; the row is committed when this returns. Call outside a transaction. `printerId` is the printer a
   * person chose; left out, the desk's own choice.
   */
  request(
    parcel: ParcelRecord,
    kind: ParcelPrintKind,
    copy: number,
    reason: string,
    printerId?: string | null,
  ): ParcelPrint;
  /** The same for a label of a big bag. */
  requestBag(bag: BagRecord, kind: BagPrintKind, copy: number, reason: string): BagPrint;
  /** Gives up an attempt that has written nothing yet; false if bytes may have left. */
  withdraw(printId: string): boolean;
  latest(parcelId: string, kind: ParcelPrintKind): ParcelPrint | null;
  latestOfBag(bagId: string, kind: BagPrintKind): BagPrint | null;
  /** REPRINT number of the next attempt: the attempts so far from which bytes left, or may have left. */
  nextCopy(parcelId: string, kind: ParcelPrintKind): number;
  nextCopyOfBag(bagId: string, kind: BagPrintKind): number;
  /** A person or a scan says what became of an unknown attempt; false if it is not unknown. Not in a transaction. */
  settle(printId: string, said: PrintSaid): boolean;
  /** Why this printer gets nothing more for now (`printer.paused-unknown`), or nothing. */
  paused(printerId: string): readonly string[];
  /** Start-up, before anything prints: what the last stop cut off while sending is unknown. Returns those. */
  recover(): PrintRecord[];
  /** Start-up, after the desk was restored: attempts that wrote nothing go on by themselves. */
  resume(): void;
  /** Resolves when no attempt is between claim and outcome, for a bounded time. */
  stop(): Promise<void>;
}

/** What became of an attempt, who says so, and how they know. */
export interface PrintSaid {
  readonly state: 'printed' | 'not-printed';
  readonly message: string;
  /** Goes into the record with it: `by`, `person`, `reason`. */
  readonly detail: Record<string, unknown>;
}

const retryAfterMs = 2_000;

export function createPrinting(options: {
  store: Store;
  clock: Clock;
  ids: Ids;
  log: Log;
  /**
   * The printers a label may come out of: the one that should print it, then what takes over while that one cannot.
   * `printerId` is the printer the attempt was asked of, or empty. Empty if this desk has no such printer.
   */
  printersFor(kind: PrintKind, printerId: string): readonly LabelPrinter[];
  /** Every printer, to hear when one may have become able. */
  printers: readonly LabelPrinter[];
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
}): Printing {
  const { store, clock, log, failpoint } = options;
  const waiting = new Set<string>();
  const again = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const stopWaiting = new Set<() => void>();
  let timer: Timer | null = null;
  let stopped = false;

  const stopFollowing = options.printers.map((printer) => printer.onState(wake));

  function wake(): void {
    if (stopped) return;
    for (const id of [...waiting]) begin(id);
  }

  function wakeLater(): void {
    timer ??= clock.after(retryAfterMs, () => {
      timer = null;
      wake();
    });
  }

  /** One step of an attempt, written down with its event; `event` null for steps that only repeat. */
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

  function begin(printId: string): void {
    if (stopped) return;
    if (running.has(printId)) {
      // The printer became able just as the attempt was ending: go again once it has ended.
      again.add(printId);
      return;
    }
    waiting.delete(printId);
    const attempt = run(printId)
      .catch((error: unknown) => {
        log.error({ printId, error: String(error) }, 'a print attempt ended unexpectedly');
        // Nothing is sent again by this: only what is `claimed` or `preflight` goes on.
        if (stopped || store.failure !== null) return;
        waiting.add(printId);
        wakeLater();
      })
      .finally(() => {
        running.delete(printId);
        if (again.delete(printId) && waiting.has(printId)) begin(printId);
      });
    running.set(printId, attempt);
  }

  function wait(print: PrintRecord, message: string): void {
    waiting.add(print.id);
    wakeLater();
    if (print.message !== message) step(print, { kind: 'wait', message }, 'print-waiting');
  }

  function paused(printerId: string): readonly string[] {
    return isPrinterPaused(store.prints.latestSent(printerId, unknownsThatPause)) ? ['printer.paused-unknown'] : [];
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

  /** Writes the attempt down and starts it. */
  function claim<P extends PrintRecord>(print: P, about: Parameters<Store['events']['append']>[1]): P {
    store.transaction(() => {
      store.prints.insert(print);
      store.events.append('print-claimed', about, describe(print));
      failpoint?.('print.before-claim-commit');
    });
    failpoint?.('print.claimed');
    options.onChange(print);
    begin(print.id);
    return print;
  }

  const unsent = (kind: PrintKind, printerId: string, copy: number, reason: string) => ({
    id: options.ids.next(),
    printerId: options.printersFor(kind, printerId)[0]?.id ?? '',
    state: 'claimed' as const,
    copy,
    reason,
    bytesWritten: 0,
    message: '',
    createdAt: clock.now(),
    settledAt: null,
  });

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
        waiting.add(printId);
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
    request(parcel, kind, copy, reason, printerId = null) {
      const print = { ...unsent(kind, printerId ?? '', copy, reason), parcelId: parcel.id, bagId: null, kind };
      return claim(print, { parcelId: parcel.id, orderId: parcel.orderId });
    },
    requestBag(bag, kind, copy, reason) {
      return claim({ ...unsent(kind, '', copy, reason), parcelId: null, bagId: bag.id, kind }, {});
    },
    withdraw(printId) {
      const print = store.prints.get(printId);
      if (print === null || print.state !== 'claimed') return false;
      waiting.delete(printId);
      step(print, { kind: 'withdraw' }, 'print-withdrawn');
      return true;
    },
    settle(printId, { state, message, detail }) {
      const print = store.prints.get(printId);
      if (print?.state !== 'unknown') return false;
      step(print, { kind: 'settle', state, message }, 'print-settled', detail);
      wake();
      return true;
    },
    paused,
    recover() {
      const recovered = store.transaction(() => {
        const changed = store.prints.recoverInterrupted(clock.now());
        for (const print of changed) {
          if (print.state !== 'unknown') continue;
          store.events.append('print-unknown', aboutOf(print), describe(print));
        }
        if (changed.length > 0) failpoint?.('print.before-recovery-commit');
        return changed;
      });
      if (recovered.length > 0) failpoint?.('print.after-recovery-commit');
      return recovered.filter((print) => print.state === 'unknown');
    },
    resume() {
      for (const print of store.prints.listByState('claimed')) begin(print.id);
    },
    latest: (parcelId, kind) => store.prints.listByParcel(parcelId).findLast((print) => print.kind === kind) ?? null,
    latestOfBag: (bagId, kind) => store.prints.listByBag(bagId).findLast((print) => print.kind === kind) ?? null,
    nextCopy: (parcelId, kind) => left(store.prints.listByParcel(parcelId), kind),
    nextCopyOfBag: (bagId, kind) => left(store.prints.listByBag(bagId), kind),
    async stop() {
      stopped = true;
      timer?.cancel();
      for (const stop of [...stopFollowing, ...stopWaiting]) stop();
      await Promise.allSettled(running.values());
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

/** Attempts of this kind from which bytes left, or may have left. */
function left(prints: readonly PrintRecord[], kind: PrintKind): number {
  return prints.filter((print) => print.kind === kind && print.bytesWritten !== 0).length;
}
