/** Keys, buttons and `PB:BAG:` barcodes: all three do the same. */
import { ContractError, type BagCommand } from '../../../preload/contract/index.ts';
import type { BagRoute } from '../../domain/bag.ts';
import type { DocumentJob } from '../../domain/job.ts';
import type { BagRecord } from '../../store/bags.ts';
import { no, notice, yes, type Answer } from '../answer.ts';
import type { BagContext } from './bag-context.ts';
import { goOn, labelHere, noLabel, reprintLabel, retryLabel } from './bag-labels.ts';
import { jobsOf } from './bag-lane.ts';
import { chosenBag } from './bag-snapshot.ts';
import { beginClosing, closeAnyway } from './closing.ts';
import { choose, openBag, reopenBag } from './opening.ts';
import { undoStep } from './putting.ts';
import { beginRecount, takeOutMissing } from './recount.ts';
import { voidBag } from './voiding.ts';

/** What is asked of the bagging place. */
export interface BagOrder {
  readonly command: BagCommand;
  readonly bagId: string | null;
  readonly route: BagRoute | null;
  readonly reason: string;
}

export function runBagCommand(bags: BagContext, order: BagOrder): Answer {
  const { store, session } = bags;
  const { command, reason } = order;
  if (order.bagId !== null) {
    const named = store.bags.get(order.bagId);
    if (named === null) throw new ContractError('not-found', `no bag is known under ${order.bagId}`);
    if (named.id !== session.chosenId) leave(bags);
    choose(bags, named);
  }
  switch (command) {
    case 'open':
      leave(bags);
      return openBag(bags, order.route);
    case 'undo-scan':
      return undoStep(bags) ?? notNow(command);
    case 'put-in':
      leave(bags);
      // Naming a bag with it chooses the bag for the next parcel, like scanning it does.
      if (order.bagId !== null && chosenBag(bags)?.state === 'open') session.into = order.bagId;
      return yes(notice('bag.next-scan', 'info', { number: chosenBag(bags)?.number ?? '' }), 'item');
    case 'take-out':
      leave(bags);
      session.mode = 'take-out';
      return yes(notice('bag.next-take-out', 'info'), 'item');
    default: {
      const bag = chosenBag(bags) ?? onlyOpen(bags);
      if (bag === null) return no(notice('bag.choose-first', 'ask'), 'ask');
      return withBag(bags, bag, command, reason);
    }
  }
}

type AboutBag = Exclude<BagCommand, 'open' | 'undo-scan' | 'put-in' | 'take-out'>;

function withBag(bags: BagContext, bag: BagRecord, command: AboutBag, reason: string): Answer {
  const { session } = bags;
  switch (command) {
    case 'move':
      leave(bags);
      if (bag.state !== 'open') return no(notice('bag.not-open', 'warn', { number: bag.number }));
      choose(bags, bag);
      session.mode = 'move';
      return yes(notice('bag.next-move', 'info', { number: bag.number }), 'item');
    case 'close':
      leave(bags);
      return beginClosing(bags, bag);
    case 'close-anyway':
      return closeAnyway(bags, bag, reason);
    case 'recount':
      leave(bags);
      return beginRecount(bags, bag);
    case 'take-out-missing':
      return takeOutMissing(bags, bag);
    case 'void':
      return voidBag(bags, bag, reason);
    case 'reopen':
      leave(bags);
      return reopenBag(bags, bag, reason);
    case 'reprint':
      return reprintLabel(bags, bag, reason) ?? notNow(command);
    case 'label-here':
      return labelHere(bags, bag) ?? notNow(command);
    case 'no-label':
      return noLabel(bags, bag, reason) ?? notNow(command);
    case 'retry':
      return goOn(bags, bag, reason) ?? retry(bags, bag, reason) ?? retryLabel(bags, bag) ?? notNow(command);
    case 'vendor-did':
    case 'vendor-did-not':
      return answerVendor(bags, bag, command, reason) ?? notNow(command);
  }
}

function notNow(command: BagCommand): Answer {
  return no(notice('scan.command-not-now', 'warn', { command }));
}

/** Weighing, counting and one-scan modes end with whatever is done next. */
export function leave(bags: BagContext): void {
  const { session } = bags;
  if (session.mode === 'weigh') bags.weigher.loadClosed();
  session.mode = 'put-in';
  session.recount = null;
  session.adopting = null;
}

function onlyOpen({ store }: BagContext): BagRecord | null {
  const open = store.bags.listOpen();
  return open.length === 1 ? (open[0] ?? null) : null;
}

function stoppedJob(bags: BagContext, bag: BagRecord): DocumentJob | null {
  return jobsOf(bags.store, bag.id).find((job) => job.state === 'rejected' || job.state === 'dead') ?? null;
}

function retry(bags: BagContext, bag: BagRecord, reason: string): Answer | null {
  const job = stoppedJob(bags, bag);
  if (job === null) return null;
  // Only a person can tell whether this one may be sent again; `vendor-did` and `vendor-did-not` are the answers.
  if (job.doubt === true && job.effect === 'unsafe') return null;
  const carrier = bags.vendorName(job.vendor);
  bags.record('job-redriven', {}, { bag: bag.number, bagId: bag.id, operation: job.operation, reason });
  bags.redrive(job.id);
  bags.changed(bag.id);
  bags.poke();
  return yes(notice('bag.next-wait-label', 'info', { number: bag.number, carrier }), 'item');
}

/** The packer looked at the carrier's own screen, and says what is there. */
function answerVendor(
  bags: BagContext,
  bag: BagRecord,
  command: 'vendor-did' | 'vendor-did-not',
  reason: string,
): Answer | null {
  const job = stoppedJob(bags, bag);
  const question = job === null ? null : bags.answers.question(job);
  if (job === null || question === null) return null;
  const carrier = bags.vendorName(job.vendor);
  if (command === 'vendor-did' && question.needsWaybill) {
    bags.session.adopting = job.id;
    bags.changed(bag.id);
    return yes(notice('bag.next-scan-number', 'ask', { number: bag.number, carrier }), 'ask');
  }
  try {
    if (command === 'vendor-did') bags.answers.exists(job.id, null, reason);
    else bags.answers.notThere(job.id, reason);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return no(notice('vendor.answer-refused', 'stop', { reason: error.message }), 'stop');
  }
  bags.session.adopting = null;
  bags.changed(bag.id);
  return yes(notice('bag.next-wait-label', 'info', { number: bag.number, carrier }), 'item');
}

/** The number that the carrier gave the bag, scanned or typed. */
export function takeBagNumber(bags: BagContext, jobId: string, code: string): Answer {
  const job = bags.store.jobs.get(jobId);
  try {
    bags.answers.exists(jobId, code, '');
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return no(notice('vendor.number-refused', 'stop', { code, reason: error.message }), 'stop');
  }
  bags.session.adopting = null;
  const bag = chosenBag(bags);
  if (bag !== null) bags.changed(bag.id);
  const carrier = bags.vendorName(job?.vendor ?? '');
  return yes(notice('bag.next-wait-label', 'info', { number: bag?.number ?? '', carrier }), 'item');
}
