/**
 * The print ledger in action. One attempt to put one label through one printer is one row:
 *
 *   claimed -> sending -> printed | unknown
 *   claimed <- sending            only with 0 bytes written: it prints by itself when the printer can
 *   claimed -> not-printed        given up with 0 bytes written (the label is held, or no longer wanted)
 *   unknown -> printed            the packer scanned the label
 *   unknown -> not-printed        the packer says no label came out; a new attempt is a marked REPRINT
 *
 * `sending` is committed before the first byte leaves, so a crash in between shows as unknown, never as nothing.
 */
import type { PrintOutcome, PrintRequest } from '../domain/device.ts';
import type { LabelTarget } from '../labels/index.ts';
import type { Clock, Failpoint, Ids, Log, Timer } from '../ports.ts';
import type { ParcelRecord, PrintKind, PrintRecord, Store } from '../store/store.ts';

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
  print(request: PrintRequest): Promise<PrintOutcome>;
  /** Called whenever the printer may have become able to print. */
  onState(listener: () => void): () => void;
}

export interface Printing {
  /**
   * Starts one attempt; the row is committed when this returns. Call outside a transaction. `printerId` is the printer a
   * person chose; left out, the desk's own choice.
   */
  request(parcel: ParcelRecord, kind: PrintKind, copy: number, reason: string, printerId?: string | null): PrintRecord;
  /** Gives up an attempt that has written nothing yet; false if bytes may have left. */
  withdraw(printId: string): boolean;
  latest(parcelId: string, kind: PrintKind): PrintRecord | null;
  /** REPRINT number of the next attempt: the attempts so far from which bytes left, or may have left. */
  nextCopy(parcelId: string, kind: PrintKind): number;
  /** Resolves when no attempt is between claim and outcome, for a bounded time. */
  stop(): Promise<void>;
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
  labelBytes(parcel: ParcelRecord, kind: PrintKind, target: LabelTarget): Promise<LabelBytes>;
  /** The label comes out of another printer than it should; `why` are the reasons of the first. Nothing was written. */
  onFallback?(print: PrintRecord, fromPrinterId: string, why: readonly string[]): void;
  /** After every committed change of an attempt. */
  onChange(print: PrintRecord): void;
  /** The label of this parcel may not be printed; commit that. */
  onHeld(parcelId: string, kind: PrintKind, code: string, message: string): void;
  /** The exact bytes handed to the printer; for the record and the demo. */
  onSent?(print: PrintRecord, bytes: Uint8Array): void;
  failpoint?: Failpoint | undefined;
}): Printing {
  const { store, clock, log, failpoint } = options;
  const waiting = new Set<string>();
  const again = new Set<string>();
  const running = new Map<string, Promise<void>>();
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

  function change(print: PrintRecord, event: string, detail: Record<string, unknown> = {}): PrintRecord {
    store.transaction(() => {
      store.prints.update(print);
      store.events.append(event, { parcelId: print.parcelId }, { ...describe(print), ...detail });
      failpoint?.(print.state === 'sending' ? 'print.before-sending-commit' : 'print.before-outcome-commit');
    });
    failpoint?.(print.state === 'sending' ? 'print.sending' : 'print.after-outcome-commit');
    options.onChange(print);
    return print;
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
        // The row says how far it came; a `sending` row is shown as unknown at the next start.
        log.error({ printId, error: String(error) }, 'a print attempt ended unexpectedly');
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
    if (print.message !== message || print.state !== 'claimed') {
      change({ ...print, state: 'claimed', message, bytesWritten: 0 }, 'print-waiting');
    }
  }

  async function run(printId: string): Promise<void> {
    const print = store.prints.get(printId);
    if (print === null || print.state !== 'claimed') return;
    const parcel = store.parcels.get(print.parcelId);
    if (parcel === null) return;
    const chain = options.printersFor(print.kind, print.printerId);
    const [first] = chain;
    if (first === undefined) {
      wait(print, 'printer.offline');
      return;
    }
    // A printer in known trouble is not tried while another one may be able: its label would only wait.
    const able = chain.filter((each) => each.trouble().length === 0);
    let reasons = first.trouble();
    for (const printer of able.length > 0 ? able : [first]) {
      const refused = await tryOn(printer, first, printId, parcel, reasons);
      if (refused === null) return;
      if (printer === first) reasons = refused;
    }
    const unsent = store.prints.get(printId);
    if (unsent?.state === 'claimed') wait(unsent, reasons.join(','));
  }

  /**
   * One attempt on one printer, the fall-back of `first` or itself. Null if the attempt is settled; else the reasons why
   * nothing was written, and the row says `claimed` again.
   */
  async function tryOn(
    printer: LabelPrinter,
    first: LabelPrinter,
    printId: string,
    parcel: ParcelRecord,
    why: readonly string[],
  ): Promise<readonly string[] | null> {
    const kind = store.prints.get(printId)?.kind ?? 'carrier';
    const label = await options.labelBytes(parcel, kind, printer.target);
    let print = store.prints.get(printId);
    if (print === null || print.state !== 'claimed') return null;
    if (label.held) {
      // What does not fit a fall-back is no fault of the label.
      if (printer !== first) return [label.code];
      change({ ...print, state: 'not-printed', message: label.message, settledAt: clock.now() }, 'print-held');
      options.onHeld(parcel.id, print.kind, label.code, label.message);
      return null;
    }
    const bytes = label.bytes(print.copy, print.id);
    if (printer !== first) {
      const instead = { ...print, printerId: printer.id };
      print = change(instead, 'print-fallback', { insteadOf: first.id, because: why.join(',') });
      options.onFallback?.(print, first.id, why);
    }
    const sending = change({ ...print, printerId: printer.id, state: 'sending', bytesWritten: -1 }, 'print-sending');
    const outcome = await printer.print({ printId, bytes });
    switch (outcome.kind) {
      case 'printed':
        change(
          { ...sending, state: 'printed', message: '', bytesWritten: outcome.bytes, settledAt: clock.now() },
          'print-printed',
        );
        options.onSent?.(sending, bytes);
        return null;
      case 'unknown':
        change(
          { ...sending, state: 'unknown', message: outcome.message, bytesWritten: outcome.bytes },
          'print-unknown',
        );
        options.onSent?.(sending, bytes);
        return null;
      case 'blocked':
        return putBack(sending, first, outcome.reasons);
      case 'not-printed':
        log.info({ printId, reason: outcome.message }, 'nothing was written to the printer; trying again');
        return putBack(sending, first, ['printer.offline']);
    }
  }

  /** Nothing was written: the attempt is its first printer's again. */
  function putBack(sending: PrintRecord, first: LabelPrinter, reasons: readonly string[]): readonly string[] {
    const message = reasons.join(',');
    change({ ...sending, printerId: first.id, state: 'claimed', message, bytesWritten: 0 }, 'print-waiting');
    return reasons;
  }

  return {
    request(parcel, kind, copy, reason, printerId = null) {
      const print: PrintRecord = {
        id: options.ids.next(),
        parcelId: parcel.id,
        kind,
        printerId: options.printersFor(kind, printerId ?? '')[0]?.id ?? '',
        state: 'claimed',
        copy,
        reason,
        bytesWritten: 0,
        message: '',
        createdAt: clock.now(),
        settledAt: null,
      };
      store.transaction(() => {
        store.prints.insert(print);
        store.events.append('print-claimed', { parcelId: parcel.id, orderId: parcel.orderId }, describe(print));
        failpoint?.('print.before-claim-commit');
      });
      failpoint?.('print.claimed');
      options.onChange(print);
      begin(print.id);
      return print;
    },
    withdraw(printId) {
      const print = store.prints.get(printId);
      if (print === null || print.state !== 'claimed') return false;
      waiting.delete(printId);
      change({ ...print, state: 'not-printed', message: 'withdrawn', settledAt: clock.now() }, 'print-withdrawn');
      return true;
    },
    latest(parcelId, kind) {
      return store.prints.listByParcel(parcelId).findLast((print) => print.kind === kind) ?? null;
    },
    nextCopy(parcelId, kind) {
      return store.prints.listByParcel(parcelId).filter((print) => print.kind === kind && print.bytesWritten !== 0)
        .length;
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      for (const stop of stopFollowing) stop();
      await Promise.allSettled(running.values());
    },
  };
}

function describe(print: PrintRecord): Record<string, unknown> {
  return {
    printId: print.id,
    label: print.kind,
    printer: print.printerId,
    state: print.state,
    copy: print.copy,
    bytesWritten: print.bytesWritten,
    ...(print.reason === '' ? {} : { reason: print.reason }),
    ...(print.message === '' ? {} : { message: print.message }),
  };
}
