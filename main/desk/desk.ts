/**
 * The packing desk: one order at a time from scan to label. Holds no truth of its own: the order on the desk is in
 * the database, everything else is derived. Every scan and command is answered in the same turn.
 */
import type { PackCommand, PackSnapshot, ScanFeedback, ScanManner } from '../../preload/contract/index.ts';
import { codesOf, judgeItem } from '../domain/packing.ts';
import { readScan, sameParcel, sameProduct } from '../domain/scan.ts';
import { scannerTestNotice } from '../domain/scanner-test.ts';
import type { Job } from '../domain/job.ts';
import { labelOperations } from '../domain/lanes.ts';
import { StoreError } from '../store/store.ts';
import { no, notice, notNow, yes, type Answer } from './answer.ts';
import { correctAddress, type AddressCorrection } from './address.ts';
import { runCommand, takeVendorNumber } from './commands.ts';
import { labelInHand, labelStepsDone, type DeskContext, type DeskOptions } from './desk-context.ts';
import { keepJobResult } from './job-results.ts';
import { createLabelFlow } from './label-flow.ts';
import { Observable } from './observable.ts';
import { inWords } from './people.ts';
import { isByPerson, scannedText, type ScannedText } from './scan-record.ts';
import { loadOpenWork, saveOpenWork, type OpenWork } from './open-work.ts';
import { restate } from './restate.ts';
import { scanBack } from './scan-back.ts';
import { scanItem } from './scan-items.ts';
import { scanAtEmptyDesk } from './scan-order.ts';
import { latestPrint, packSnapshot, readDeskFacts, readStage, stageFacts, type DeskFacts } from './snapshot.ts';
import { weighAndSeal } from './weigh-and-seal.ts';
import { createWeightCheck } from './weight-check.ts';

/** Commands that are in the world for a reason. */
const needsReason: ReadonlySet<string> = new Set<PackCommand>(['reprint', 'override-weight', 'skip-scan-back']);

export interface Desk {
  readonly snapshot: Observable<PackSnapshot>;
  /** `source` is how the text came in: wedge, keyboard, device. */
  scan(text: string, source?: string, manner?: ScanManner): ScanFeedback;
  command(command: PackCommand, reason: string): ScanFeedback;
  /** Says what was decided elsewhere: a test print was scanned, a label comes out of another printer. */
  tell(code: string, given: Answer): ScanFeedback;
  /** The scale changed; seals by itself when the weight may be taken. */
  weightChanged(): void;
  /** Inside the settling transaction of a `done` job: keeps what the vendor gave. */
  jobDone(job: Job): void;
  /** After commit of any change of a job. */
  jobSettled(job: Job): void;
  printChanged(parcelId: string): void;
  /** The carrier's artwork may not be printed; `reason` is one line. */
  labelHeld(parcelId: string, reason: string): void;
  orderChanged(orderId: string, change: 'updated' | 'withdrawn'): void;
  /** A person corrected the address the carrier could not read; the order is placed again. Throws ContractError. */
  correctAddress(correction: AddressCorrection): void;
  /** Takes up the order that was on the desk when the station stopped. */
  restore(): void;
  stop(): void;
}

export function createDesk(options: DeskOptions): Desk {
  const { store, clock, log, stock, weigher } = options;
  let work: OpenWork | null = null;
  let last: ScanFeedback | null = null;
  let answers = 0;
  let quantity = 1;
  let adopting: string | null = null;
  let scanned: ScannedText | null = null;
  const check = createWeightCheck(options);
  const snapshot = new Observable<PackSnapshot>(build());

  const context: DeskContext = {
    ...options,
    work: () => work,
    keep(next) {
      saveOpenWork(store, next);
      if (next?.parcelId !== work?.parcelId) adopting = null;
      const same = next !== null && next.orderId === work?.orderId && next.parcelId === null;
      const before = `${work?.orderVersion} ${work?.scans.join()}`;
      if (same && `${next.orderVersion} ${next.scans.join()}` !== before) {
        weigher.itemsChanged(stageFacts(facts(), options.vendorName).itemsLeft === 0);
      }
      work = next;
    },
    facts,
    judgeWeight: check.judge,
    expectation: check.expectation,
    adopt(jobId) {
      adopting = jobId;
    },
    refresh,
    record(kind, detail) {
      if (work !== null) store.events.append(kind, { orderId: work.orderId }, detail);
    },
  };
  const labels = createLabelFlow(context);

  function facts(): DeskFacts {
    const read = readDeskFacts(store, work);
    check.follow(read);
    return { ...read, adopting, refusedWeight: check.standing() };
  }

  /** A weight that does not fit the goods is said, and written down with its frames. */
  function sayWeight(): void {
    const { changed, refused } = check.news();
    if (changed && refused === null) refresh();
    if (refused === null) return;
    const { frames, tareG = 0 } = check.judge();
    const given = attempt(() => {
      context.record('weight-refused', { ...refused.params, reason: refused.code, tareG, frames });
      return no(refused, 'stop');
    });
    say('', given);
  }

  function build(): PackSnapshot {
    const now = facts();
    const shown = packSnapshot(now, readStage(now, options.vendorName), last, options.vendorName);
    return { ...shown, packer: options.people.current(), supervisor: options.people.supervisor() };
  }

  function refresh(): void {
    snapshot.set(build());
  }

  function say(code: string, given: Answer): ScanFeedback {
    answers += 1;
    last = { seq: answers, at: clock.now(), code: code.slice(0, 200), ...given };
    refresh();
    return last;
  }

  /** Says it once, not at every frame of the scale. */
  function sayOnce(given: Answer): void {
    if (last?.notice.code !== given.notice.code) say('', given);
  }

  /** Runs one step of the packer; whatever fails is said, and the desk is read again from the database. */
  function attempt(step: () => Answer): Answer {
    try {
      return step();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error({ error: reason }, 'the desk could not complete an action');
      work = readBack();
      if (error instanceof StoreError && error.code === 'full') return no(notice('store.full', 'stop'), 'stop');
      return no(notice(error instanceof StoreError ? 'seal.failed' : 'store.problem', 'stop', { reason }), 'stop');
    }
  }

  function readBack(): OpenWork | null {
    try {
      return loadOpenWork(store, log);
    } catch {
      return work;
    }
  }

  /** A step of a carrier that gives no label. */
  function drawsOwn(job: Job): boolean {
    return labelOperations.has(job.operation) && options.drawsOwnLabel(job.vendor);
  }

  /** A scan that led to no event of its own is on record all the same. */
  function recordScan({ accepted, notice: answer }: ScanFeedback): void {
    if (scanned === null || scanned.recorded) return;
    const { recorded: _, ...text } = scanned;
    try {
      const about =
        work === null ? {} : { orderId: work.orderId, ...(work.parcelId === null ? {} : { parcelId: work.parcelId }) };
      store.events.append('scanned', about, { scan: text, accepted, answer: answer.code });
    } catch (error) {
      log.error({ error: String(error) }, 'a scan could not be written down');
    }
  }

  store.events.annotate((kind, detail) => {
    if (!isByPerson(kind, detail)) return {};
    const packer = options.people.current();
    const supervisor = kind === 'parcel-sealed' && 'overrideReason' in detail ? options.people.supervisor() : null;
    const { recorded: _ = false, ...text } = scanned ?? {};
    if (scanned !== null) scanned.recorded = true;
    return {
      ...(packer === null ? {} : { person: inWords(packer) }),
      ...(supervisor === null ? {} : { supervisor: inWords(supervisor) }),
      ...(scanned === null ? {} : { scan: text }),
    };
  });

  function scanCode(code: string): Answer {
    const now = facts();
    const { stage, labelKind } = readStage(now);
    // What is sealed may be finished; nothing new is begun while it could not be written down.
    const refusal = stage === 'idle' || stage === 'items' ? (options.refusal?.() ?? null) : null;
    if (refusal !== null) return no(refusal, 'stop');
    switch (stage) {
      case 'idle':
        return scanAtEmptyDesk(context, labels, code);
      case 'items':
        return scanItem(context, code, quantity);
      case 'scan-back':
        return scanBack(context, labels, code, labelKind ?? 'carrier');
      case 'weigh': {
        const verdict = judgeItem(now.order?.lines ?? [], now.scans, code, sameProduct);
        if (verdict.kind !== 'surplus') return notNow(code);
        return no(notice('scan.item-surplus', 'stop', { name: verdict.line.productName, needed: verdict.needed }));
      }
      case 'label':
      case 'stopped': {
        // A label that came out although the printer did not say so may be scanned at any time.
        const print = latestPrint(now.prints, 'carrier');
        const maybeOut = print?.state === 'sending' || print?.state === 'printed' || print?.state === 'unknown';
        const { waybill = null } = now.parcel ?? {};
        if (maybeOut && waybill !== null && sameParcel(code, waybill))
          return scanBack(context, labels, code, 'carrier');
        return takeVendorNumber(context, labels, code) ?? notNow(code);
      }
    }
  }

  function command(given: PackCommand, reason: string): ScanFeedback {
    return say(
      `PB:CMD:${given}`,
      attempt(() => runCommand(context, labels, given, reason)),
    );
  }

  function takeScan(text: string, manner: ScanManner): ScanFeedback {
    const read = readScan(text, manner);
    switch (read.kind) {
      case 'refused':
        return say(text, no(read.notice));
      case 'command':
        // A reason cannot be scanned: what needs one asks for it on the screen.
        return command(read.command, needsReason.has(read.command) ? '' : 'command barcode');
      case 'badge':
        return say(
          `PB:BADGE:${read.badge}`,
          attempt(() => options.people.scanBadge(read.badge)),
        );
      case 'bag-command':
      case 'bag':
        return say(text, no(notice('scan.bag-elsewhere', 'warn', { code: text.slice(0, 60) })));
      case 'quantity':
        quantity = read.count;
        return say(text, yes(notice('scan.quantity', 'info', { count: read.count }), 'item'));
      case 'test':
        return say(text, read.fault === null ? yes(scannerTestNotice(read), 'done') : no(scannerTestNotice(read)));
      case 'lpn':
      case 'code': {
        const given = attempt(() => scanCode(read.code));
        quantity = 1;
        return say(read.code, given);
      }
    }
  }

  return {
    snapshot,
    scan(text, source = 'wedge', manner = {}) {
      scanned = scannedText(text, source, manner);
      try {
        const answer = takeScan(text, manner);
        recordScan(answer);
        return answer;
      } finally {
        scanned = null;
      }
    },
    command,
    tell: (code, given) => say(code, given),
    weightChanged() {
      if (work === null || work.parcelId !== null) return;
      sayWeight();
      const { usable, grams, tareG, frames, source } = check.judge();
      if (!usable || grams === null || readStage(facts()).stage !== 'weigh') return;
      const given = attempt(() => weighAndSeal(context, labels, { grams, tareG, frames, source }, ''));
      if (given.accepted) say('', given);
      else sayOnce(given);
    },
    jobDone(job) {
      keepJobResult(store, job);
      if (job.operation === 'fetchLabel') options.failpoint?.('label.before-arrival-commit');
    },
    jobSettled(job) {
      if (job.facts === null) return;
      const { parcelId } = job.facts;
      const stopped = job.state === 'rejected' || job.state === 'dead';
      if (stopped) {
        const detail = { vendor: job.vendor, operation: job.operation, error: job.lastError };
        store.events.append(`job-${job.state}`, { parcelId }, detail);
      }
      // What others are told of a parcel has no say in where it stands.
      if (labelOperations.has(job.operation)) restate(store, parcelId);
      const fetched =
        job.state === 'done' && (job.operation === 'fetchLabel' || (drawsOwn(job) && labelStepsDone(store, parcelId)));
      const parcel = fetched ? store.parcels.get(parcelId) : null;
      if (parcel !== null) {
        if (parcel.waybill !== null) stock.warm(parcel);
        else
          this.labelHeld(parcelId, `${job.vendor} took the order and gave no waybill; ask the carrier for its number`);
      }
      if (work?.parcelId !== parcelId) return;
      // What others are told of the parcel neither brings nor stops its label.
      if (labelOperations.has(job.operation)) {
        if (fetched) options.failpoint?.('label.arrived');
        if (fetched) labels.printCarrierIfReady(false);
        else if (job.state === 'ready' && job.lastError?.kind === 'not-sent') labels.printRackLabel(parcelId);
        else if (stopped) labels.cancel();
      }
      refresh();
    },
    printChanged(parcelId) {
      restate(store, parcelId);
      if (work?.parcelId === parcelId) refresh();
    },
    labelHeld(parcelId, reason) {
      const parcel = store.parcels.get(parcelId);
      if (parcel === null) return;
      store.transaction(() => {
        store.parcels.setLabel(parcelId, { artworkSha256: parcel.artworkSha256, held: reason });
        restate(store, parcelId);
        store.events.append('label-held', { orderId: parcel.orderId, parcelId }, { reason });
      });
      stock.forget(parcelId);
      if (work?.parcelId === parcelId) refresh();
    },
    orderChanged(orderId, change) {
      const order = work?.orderId === orderId ? store.orders.get(orderId) : null;
      if (work === null || order === null) return;
      if (work.parcelId === null && change === 'updated') {
        // Scans of lines that are no longer there, or that ask for less now, cannot stay.
        const kept: string[] = [];
        for (const id of work.scans) {
          const line = order.lines.find((each) => each.id === id);
          const code = line === undefined ? undefined : codesOf(line)[0];
          if (line === undefined || code === undefined) continue;
          if (judgeItem([line], kept, code, sameProduct).kind === 'accepted') kept.push(id);
        }
        context.keep({ ...work, orderVersion: order.version, scans: kept });
      }
      const code = change === 'withdrawn' ? 'order.cancelled-upstream' : 'order.changed-upstream';
      say('', no(notice(code, 'stop', { number: order.number }), 'stop'));
    },
    correctAddress(correction) {
      const { parcel, jobId } = correctAddress(store, correction);
      options.redrive(jobId);
      options.poke();
      if (work?.parcelId !== parcel.id) return;
      labels.await(parcel);
      refresh();
    },
    restore() {
      work = loadOpenWork(store, log);
      const { order, parcel } = facts();
      if (work !== null && (order === null || parcel?.verifiedAt != null)) context.keep(null);
      else if (parcel !== null) {
        if (labelInHand(options, parcel.id)) labels.printCarrierIfReady(false);
        else labels.await(parcel);
      } else if (work !== null) weigher.parcelOpened(work.orderId);
      refresh();
    },
    stop() {
      labels.cancel();
    },
  };
}
