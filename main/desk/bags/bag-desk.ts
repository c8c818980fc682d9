/**
 * The bagging place: big bags filled, weighed, closed and labelled by scanner alone. Holds no truth of its own: what was
 * accepted is in the database, everything else ends with a restart. Every scan and command is answered in the same turn.
 */
import { BagCommand, ContractError } from '../../../preload/contract/index.ts';
import type { BagsSnapshot, CallOutput, ScanFeedback, ScanManner } from '../../../preload/contract/index.ts';
import { readScan } from '../../domain/scan.ts';
import { scannerTestNotice } from '../../domain/scanner-test.ts';
import type { Job } from '../../domain/job.ts';
import type { Timer } from '../../ports.ts';
import type { BagRecord } from '../../store/bags.ts';
import { StoreError } from '../../store/store.ts';
import { no, notice, notNow, yes, type Answer } from '../answer.ts';
import { Observable } from '../observable.ts';
import { scannedText, type ScannedText } from '../scan-record.ts';
import { createBagQuestions, type BagQuestions } from './bag-attention.ts';
import { leave, runBagCommand, takeBagNumber, type BagOrder } from './bag-commands.ts';
import type { BagContext, BagOptions, BagSession } from './bag-context.ts';
import { followBagJob, keepBagResult, takeUpBags } from './bag-jobs.ts';
import { scanBagLabel } from './bag-labels.ts';
import { bagsSnapshot } from './bag-snapshot.ts';
import { createBagViews, parcelView } from './bag-views.ts';
import { findParcel } from './candidates.ts';
import { weighBag } from './closing.ts';
import { choose } from './opening.ts';
import { moveIn, putIn, takeOut } from './putting.ts';
import { countParcel } from './recount.ts';

export interface BagDesk {
  readonly snapshot: Observable<BagsSnapshot>;
  readonly questions: BagQuestions;
  /** `source` is how the text came in: wedge, keyboard, device. */
  scan(text: string, source?: string, manner?: ScanManner): ScanFeedback;
  command(order: BagOrder): ScanFeedback;
  /** Throws ContractError `not-found`. */
  get(bagId: string): CallOutput<'bags.get'>;
  /** Says what was decided elsewhere: a label comes out of another printer. */
  tell(code: string, given: Answer): ScanFeedback;
  /** The scale changed; closes by itself the bag that waits for its weight. */
  weightChanged(): void;
  /** Inside the settling transaction of a `done` job: keeps what the carrier gave. */
  jobDone(job: Job): void;
  /** After commit of any change of a job. */
  jobSettled(job: Job): void;
  printChanged(bagId: string): void;
  /** Something of the records changed elsewhere: shown soon, at most a few times a second. */
  touch(): void;
  /** Takes up what a stop cut off. */
  restore(): void;
  stop(): void;
}

const quietMs = 250;
/** Contents of one bag as the contract carries them. */
const mostContent = 5_000;

export function createBagDesk(options: BagOptions): BagDesk {
  const { store, clock, log } = options;
  let last: ScanFeedback | null = null;
  let answers = 0;
  let scanned: ScannedText | null = null;
  let timer: Timer | null = null;
  let stopped = false;
  const session: BagSession = {
    mode: 'put-in',
    chosenId: null,
    into: null,
    refused: null,
    steps: [],
    mismatch: null,
    recount: null,
    adopting: null,
  };
  const views = createBagViews({ ...options, session });
  const bags: BagContext = {
    ...options,
    session,
    record(kind, about, detail) {
      const { recorded: _ = false, ...text } = scanned ?? {};
      if (scanned !== null) scanned.recorded = true;
      store.events.append(kind, about, scanned === null ? detail : { ...detail, scan: text });
    },
    changed(bagId) {
      views.forget(bagId);
    },
  };
  const snapshot = new Observable<BagsSnapshot>(bagsSnapshot(bags, views, null));

  function refresh(): void {
    timer?.cancel();
    timer = null;
    try {
      snapshot.set(bagsSnapshot(bags, views, last));
    } catch (error) {
      // What was accepted is accepted, whether or not it can be shown just now.
      log.error({ error: String(error) }, 'the picture of the bags could not be composed');
    }
  }

  function touch(): void {
    if (stopped) return;
    timer ??= clock.after(quietMs, () => {
      timer = null;
      if (!stopped) refresh();
    });
  }

  function say(code: string, given: Answer): ScanFeedback {
    answers += 1;
    last = { seq: answers, at: clock.now(), code: code.slice(0, 200), ...given };
    refresh();
    return last;
  }

  /** Runs one step of the packer; whatever fails is said, and nothing of it was kept. */
  function attempt(step: () => Answer): Answer {
    try {
      return step();
    } catch (error) {
      if (error instanceof ContractError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      log.error({ error: reason }, 'the bagging place could not complete an action');
      if (error instanceof StoreError && error.code === 'full') return no(notice('store.full', 'stop'), 'stop');
      return no(notice('store.problem', 'stop', { reason }), 'stop');
    }
  }

  function command(order: BagOrder): ScanFeedback {
    return say(
      `PB:BAG:${order.command}`,
      attempt(() => runBagCommand(bags, order)),
    );
  }

  function scanBag(bag: BagRecord, code: string): Answer {
    const read = scanBagLabel(bags, bag, code);
    if (read !== null) return read;
    leave(bags);
    choose(bags, bag);
    const { number } = bag;
    if (bag.handedOver) return no(notice('bag.handed-over', 'stop', { number }), 'stop');
    if (bag.state === 'open') {
      session.into = bag.id;
      return yes(notice('bag.chosen', 'info', { number, count: bag.parcels }), 'order-open');
    }
    const { stage } = views.of(bag);
    return yes({ ...(stage.notice ?? stage.next), tone: 'info' }, 'item');
  }

  function scanCode(code: string): Answer {
    const { adopting } = session;
    if (adopting !== null) return takeBagNumber(bags, adopting, code);
    const upper = code.toUpperCase();
    const bag = store.bags.findByNumber(code) ?? store.bags.findByNumber(upper);
    if (bag !== null) {
      // In these modes a bag says where to; it does not end them.
      if (session.mode === 'move' && bag.state === 'open') {
        choose(bags, bag);
        return yes(notice('bag.next-move', 'info', { number: bag.number }), 'order-open');
      }
      return scanBag(bag, code);
    }
    const parcel = findParcel(store, code);
    if (parcel === null) return no(notice('bag.unknown-code', 'stop', { code }));
    switch (session.mode) {
      case 'recount':
        return countParcel(bags, parcel);
      case 'take-out':
        return takeOut(bags, parcel);
      case 'move':
        return moveIn(bags, parcel);
      case 'weigh':
      case 'put-in':
        // A parcel scanned while its bag waits for the scale: the bag is not finished after all.
        if (session.mode === 'weigh') leave(bags);
        return putIn(bags, parcel);
    }
  }

  function takeScan(text: string, manner: ScanManner): ScanFeedback {
    const read = readScan(text, manner);
    switch (read.kind) {
      case 'refused':
        return say(text, no(read.notice));
      case 'bag-command':
        return command({ command: read.command, bagId: null, route: null, reason: '' });
      case 'command': {
        // The sheet on the wall has some commands twice; both barcodes are meant the same here.
        const same = BagCommand.safeParse(read.command);
        if (same.success) return command({ command: same.data, bagId: null, route: null, reason: '' });
        const signedOff = read.command === 'sign-off' ? options.people.signOff() : null;
        return say(text, signedOff ?? no(notice('scan.command-not-now', 'warn', { command: read.command })));
      }
      case 'badge':
        return say(
          `PB:BADGE:${read.badge}`,
          attempt(() => options.people.scanBadge(read.badge)),
        );
      case 'quantity':
        return say(text, notNow(text));
      case 'test':
        return say(text, read.fault === null ? yes(scannerTestNotice(read), 'done') : no(scannerTestNotice(read)));
      case 'bag':
      case 'lpn':
      case 'code':
        return say(
          read.code,
          attempt(() => scanCode(read.code)),
        );
    }
  }

  /** A scan that led to no event of its own is on record all the same. */
  function recordScan({ accepted, notice: answer }: ScanFeedback): void {
    if (scanned === null || scanned.recorded) return;
    const { recorded: _, ...text } = scanned;
    try {
      store.events.append('scanned', {}, { scan: text, accepted, answer: answer.code, at: 'bags' });
    } catch (error) {
      log.error({ error: String(error) }, 'a scan could not be written down');
    }
  }

  return {
    snapshot,
    questions: createBagQuestions(bags),
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
    get(bagId) {
      const bag = store.bags.get(bagId);
      if (bag === null) throw new ContractError('not-found', `no bag is known under ${bagId}`);
      const content = bag.state === 'voided' ? store.bags.parcelsById(bag.voidedParcels) : store.bags.parcels(bagId);
      return { bag: views.of(bag).view, content: content.slice(0, mostContent).map(parcelView) };
    },
    tell: say,
    weightChanged() {
      if (session.mode !== 'weigh') return;
      const given = attempt(() => {
        const weighed = weighBag(bags);
        if (weighed !== null) return weighed;
        const { reason } = options.weigher.judgeLoad();
        return no(reason ?? notice('weight.unstable', 'info'), 'none');
      });
      const waits = given.sound === 'none';
      // What is only on its way needs no words; what is wrong is said once, not at every frame of the scale.
      if (waits && (given.notice.tone !== 'stop' || last?.notice.code === given.notice.code)) return;
      say('', waits ? { ...given, sound: 'wrong' } : given);
    },
    jobDone(job) {
      keepBagResult(bags, job);
    },
    jobSettled(job) {
      if (followBagJob(bags, job)) refresh();
    },
    printChanged(bagId) {
      views.forget(bagId);
      refresh();
    },
    touch,
    restore() {
      takeUpBags(bags);
      refresh();
    },
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
