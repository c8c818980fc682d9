/** Giving a bag up: at once while the carrier has not heard of it, else by telling the carrier, in the bag's own lane. */
import { nextBagState } from '../../domain/bag.ts';
import type { BagMention } from '../../domain/documents.ts';
import type { DocumentJob } from '../../domain/job.ts';
import { giveUp } from '../../domain/job-transitions.ts';
import type { BagRecord } from '../../store/bags.ts';
import { no, notice, yes, type Answer } from '../answer.ts';
import { newDocumentJob } from '../document-job.ts';
import type { BagContext } from './bag-context.ts';
import { bagLane, bagPlaces, earlierBagsVoid, hasEarlierBag, jobsOf } from './bag-lane.ts';
import { choose } from './opening.ts';

export function voidBag(bags: BagContext, bag: BagRecord, reason: string): Answer {
  const { store, session } = bags;
  const { number } = bag;
  if (bag.handedOver) return no(notice('bag.handed-over', 'stop', { number }), 'stop');
  if (nextBagState(bag, 'void') === null) return no(notice('bag.voided-already', 'warn', { number }));
  if (reason === '') return no(notice('scan.reason-needed', 'ask', { command: 'void' }), 'ask');
  if (bag.state === 'closed' && isManifested(bags, bag)) {
    return no(notice('bag.in-manifest', 'stop', { number, carrier: bags.vendorName(bag.route.vendor) }), 'stop');
  }
  const wasClosed = bag.state === 'closed';
  store.transaction(() => {
    const freed = store.bags.empty(bag.id);
    const told = tellCarrier(bags, bag, reason);
    store.bags.change(bag.id, {
      ...{ state: 'voided', voidedAt: bags.clock.now(), voidReason: reason, voidedParcels: freed, voidOpen: told },
    });
    bags.record('bag-voided', {}, { bag: number, bagId: bag.id, parcels: freed.length, reason, wasClosed });
    for (const parcelId of freed) {
      bags.record('bag-parcel-out', { parcelId }, { bag: number, bagId: bag.id, why: 'voided', reason });
    }
  });
  const label = bags.printing.latestOfBag(bag.id, 'bag');
  if (label?.state === 'claimed') bags.printing.withdraw(label.id);
  bags.weigher.loadClosed();
  session.mode = 'put-in';
  session.mismatch = null;
  session.recount = null;
  choose(bags, bag);
  bags.poke();
  const params = { number, count: bag.parcels };
  return yes(notice(wasClosed ? 'bag.voided-closed' : 'bag.voided', 'ok', params), 'done');
}

/** A parcel of it stands in a living manifest: the carrier counts on the bag. */
function isManifested({ store }: BagContext, bag: BagRecord): boolean {
  const inside = store.bags.parcels(bag.id).map((parcel) => parcel.parcelId);
  return store.handovers.free('manifest', inside).length < inside.length;
}

const isWanted = (job: DocumentJob): boolean => job.state !== 'done';
const isUntouched = (job: DocumentJob): boolean =>
  (job.state === 'ready' || job.state === 'rejected' || job.state === 'dead') && job.doubt !== true;

/** True if the carrier has heard of the bag, or may have: then it is told that the bag is void. */
function tellCarrier(bags: BagContext, bag: BagRecord, reason: string): boolean {
  const { store, ids, clock } = bags;
  const jobs = jobsOf(bags.store, bag.id);
  const create = jobs.find((job) => job.operation === 'createBag');
  if (create === undefined || isUntouched(create)) {
    for (const job of jobs.filter(isWanted)) abandon(bags, job, reason);
    return false;
  }
  for (const job of jobs) if (job.operation === 'bagLabel' && isUntouched(job)) abandon(bags, job, reason);
  const { vendor } = bag.route;
  const { voidBag: effect } = bags.effects(vendor);
  if (effect === undefined) return false;
  const payload: BagMention = { bagId: bag.id, reference: bag.number, reason };
  const planned = { vendor, operation: 'voidBag', effect, lane: bagLane(bag.id), laneSeq: bagPlaces.voidBag } as const;
  store.jobs.insert(newDocumentJob(ids, { ...planned, payload, heldBy: null }, clock.now()));
  return true;
}

/**
 * After a change in the lane of a voided bag: what is not wanted any more is given up, and bags that waited for it go on.
 * A bag that the carrier turns out not to have needs no voiding.
 */
export function settleVoided(bags: BagContext, bagId: string): void {
  const { store } = bags;
  const bag = store.bags.get(bagId);
  if (bag?.state !== 'voided') return;
  const jobs = jobsOf(bags.store, bagId);
  const create = jobs.find((job) => job.operation === 'createBag');
  const told = jobs.find((job) => job.operation === 'voidBag');
  const unheard = create !== undefined && isUntouched(create);
  const over = unheard || told === undefined || told.state === 'done';
  const left = jobs.filter((job) => isUntouched(job) && (unheard || (over && job.operation === 'bagLabel')));
  if (left.length === 0 && !(over && bag.voidOpen)) return;
  store.transaction(() => {
    for (const job of left) abandon(bags, job, bag.voidReason ?? '');
    if (over && bag.voidOpen) store.bags.change(bagId, { voidOpen: false });
  });
  bags.changed(bagId);
  releaseWaiting(bags, bag.route.vendor);
}

/** Bags that waited until the carrier knew that their parcels' earlier bag is void. */
export function releaseWaiting(bags: BagContext, vendor: string): void {
  const { store } = bags;
  for (const bag of store.bags.listClosed(vendor)) {
    if (bag.label !== 'waiting') continue;
    const held = jobsOf(bags.store, bag.id).some((job) => job.heldBy === earlierBagsVoid);
    if (!held) continue;
    const inside = store.bags.parcels(bag.id).map((parcel) => parcel.parcelId);
    if (hasEarlierBag(store, vendor, inside)) continue;
    store.jobs.release(bagLane(bag.id), earlierBagsVoid);
    bags.changed(bag.id);
  }
  bags.poke();
}

/** Inside a transaction. */
function abandon({ store }: BagContext, job: DocumentJob, reason: string): void {
  if (!store.jobs.update(giveUp(job, reason || 'the bag was voided'), job.state)) {
    throw new Error(`Job ${job.id} is no longer ${job.state}.`);
  }
}
