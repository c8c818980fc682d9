/**
 * The print ledger in action: which attempts there are, when each is tried (print-attempt.ts), and what became of them.
 *
 * Two attempts of a printer in a row that are still unknown pause it, whatever it says of itself, until one of them is
 * settled. That is read from the record, so a restart does not make it print on.
 */
import type { Ids, Timer } from '../ports.ts';
import { createPrintAttempts, retryAfterMs, type AttemptParts, type LabelPrinter } from './print-attempt.ts';
import { aboutOf, describe } from './print-record.ts';
import type { BagRecord } from '../store/bags.ts';
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

export type { LabelBytes, LabelPrinter } from './print-attempt.ts';

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
  /**
   * A person looked at a printer that two unknown attempts in a row had paused: it goes on, and they stay unknown. False
   * if it was not paused. Not in a transaction.
   */
  goOn(printerId: string, reason: string): boolean;
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

export function createPrinting(
  options: AttemptParts & {
    readonly ids: Ids;
    /** Every printer, to hear when one may have become able. */
    readonly printers: readonly LabelPrinter[];
  },
): Printing {
  const { store, clock, log, failpoint } = options;
  const waiting = new Set<string>();
  const again = new Set<string>();
  const running = new Map<string, Promise<void>>();
  let timer: Timer | null = null;
  let stopped = false;

  const attempts = createPrintAttempts(options, {
    waits(printId) {
      waiting.add(printId);
    },
    wakeLater,
  });
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

  function begin(printId: string): void {
    if (stopped) return;
    if (running.has(printId)) {
      // The printer became able just as the attempt was ending: go again once it has ended.
      again.add(printId);
      return;
    }
    waiting.delete(printId);
    const attempt = attempts
      .run(printId)
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
      attempts.step(print, { kind: 'withdraw' }, 'print-withdrawn');
      return true;
    },
    settle(printId, { state, message, detail }) {
      const print = store.prints.get(printId);
      if (print?.state !== 'unknown') return false;
      attempts.step(print, { kind: 'settle', state, message }, 'print-settled', detail);
      wake();
      return true;
    },
    paused: attempts.paused,
    goOn(printerId, reason) {
      if (!attempts.checked(printerId, reason)) return false;
      wake();
      return true;
    },
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
      for (const stop of stopFollowing) stop();
      attempts.stop();
      await Promise.allSettled(running.values());
    },
  };
}

/** Attempts of this kind from which bytes left, or may have left. */
function left(prints: readonly PrintRecord[], kind: PrintKind): number {
  return prints.filter((print) => print.kind === kind && print.bytesWritten !== 0).length;
}
