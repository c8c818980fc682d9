/** Parcels into bags, out of them, from one to another, and the last step taken back. */
import { judgeBagMove, judgeBagScan, nextBagState, type BagVerdict } from '../../domain/bag.ts';
import type { BagRecord } from '../../store/bags.ts';
import type { ParcelRecord } from '../../store/store.ts';
import { no, notice, yes, type Answer } from '../answer.ts';
import { parcelNumber, routeOf, type BagContext, type BagStep } from './bag-context.ts';
import { refusalAnswer, routeWords } from './bag-words.ts';
import { bagsFor, candidateOf } from './candidates.ts';

/** Steps that can be taken back one after the other. */
const keptSteps = 50;

export function putIn(bags: BagContext, parcel: ParcelRecord): Answer {
  const { store, session } = bags;
  const candidate = candidateOf(store, parcel);
  const { into } = session;
  session.into = null;
  const verdict = judgeBagScan(candidate, bagsFor(store, candidate), into);
  if (verdict.kind === 'refused') return refuse(bags, parcel, verdict);
  const before = session.chosenId;
  const bag = place(bags, parcel, { parcelId: parcel.id, from: null, to: verdict.bagId });
  return told(bags, 'bag.parcel-in', parcel, bag, before);
}

export function takeOut(bags: BagContext, parcel: ParcelRecord): Answer {
  const { store, session } = bags;
  const bagId = store.bags.placeOf(parcel.id)?.bagId ?? null;
  const bag = bagId === null ? null : store.bags.get(bagId);
  const params = { parcel: parcelNumber(parcel), number: bag?.number ?? '' };
  if (bag === null) return no(notice('bag.not-in-bag', 'warn', params));
  if (nextBagState(bag, 'take-out') === null) return no(notice('bag.closed-already', 'stop', params), 'stop');
  place(bags, parcel, { parcelId: parcel.id, from: bag.id, to: null });
  session.mode = 'put-in';
  return yes(notice('bag.parcel-out', 'ok', { ...params, count: bag.parcels - 1 }), 'item');
}

/** Into the chosen bag, from the one it is in or from none. */
export function moveIn(bags: BagContext, parcel: ParcelRecord): Answer {
  const { store, session } = bags;
  const into = session.into ?? session.chosenId;
  if (into === null) return no(notice('bag.choose-first', 'ask'), 'ask');
  session.into = null;
  const candidate = candidateOf(store, parcel);
  const verdict = judgeBagMove(candidate, bagsFor(store, candidate), into);
  if (verdict.kind === 'refused') return refuse(bags, parcel, verdict);
  const bag = place(bags, parcel, { parcelId: parcel.id, from: candidate.bagId, to: verdict.bagId });
  session.mode = 'put-in';
  return told(bags, 'bag.parcel-moved', parcel, bag, bag.id);
}

/** Takes back the last scan that changed a bag; null if there is none. */
export function undoStep(bags: BagContext): Answer | null {
  const { store, session } = bags;
  const step = session.steps.at(-1);
  const parcel = step === undefined ? null : store.parcels.get(step.parcelId);
  if (step === undefined || parcel === null) return null;
  const candidate = candidateOf(store, parcel);
  // Something else happened to it since: a bag was closed or voided, or the parcel was scanned elsewhere.
  const inside = step.to === null ? null : store.bags.get(step.to);
  if (candidate.bagId !== step.to || (inside !== null && inside.state !== 'open')) return null;
  if (step.from !== null) {
    const verdict = judgeBagScan({ ...candidate, bagId: null }, bagsFor(store, candidate), step.from);
    if (verdict.kind === 'refused') return refuse(bags, parcel, verdict);
  }
  place(bags, parcel, { parcelId: parcel.id, from: step.to, to: step.from });
  // The step back is no step of its own.
  session.steps.splice(-2);
  const number = bagOf(bags, step.from ?? step.to)?.number ?? '';
  return yes(notice('bag.undone', 'info', { parcel: parcelNumber(parcel), number }), 'item');
}

/** One transaction: out of `from`, into `to`. Returns the bag that was changed last. */
function place(bags: BagContext, parcel: ParcelRecord, step: BagStep): BagRecord {
  const { store, session } = bags;
  const [from, to] = [bagOf(bags, step.from), bagOf(bags, step.to)];
  store.transaction(() => placeInside(bags, parcel, from, to));
  session.steps.push(step);
  if (session.steps.length > keptSteps) session.steps.shift();
  session.refused = null;
  const after = to ?? from;
  if (after === null) throw new Error('a step needs a bag');
  session.chosenId = after.id;
  for (const bag of [from, to]) {
    if (bag === null) continue;
    bags.changed(bag.id);
    // What was weighed or counted is not what is in it any more.
    if (session.mismatch?.bagId === bag.id) session.mismatch = null;
  }
  return store.bags.get(after.id) ?? after;
}

/** The same inside a transaction of the caller, with its events; `why` is written down with a parcel that comes out. */
export function placeInside(
  bags: BagContext,
  parcel: ParcelRecord,
  from: BagRecord | null,
  to: BagRecord | null,
  why = '',
): void {
  const { store, clock } = bags;
  const weighed = { parcelId: parcel.id, weightG: parcel.weightG };
  const about = { parcelId: parcel.id, orderId: parcel.orderId };
  if (from !== null) {
    store.bags.takeOut(from.id, weighed);
    bags.record('bag-parcel-out', about, { bag: from.number, bagId: from.id, ...(why === '' ? {} : { why }) });
  }
  if (to !== null) {
    store.bags.put(to.id, weighed, clock.now());
    bags.record('bag-parcel-in', about, { bag: to.number, bagId: to.id });
  }
}

function refuse(bags: BagContext, parcel: ParcelRecord, verdict: Extract<BagVerdict, { kind: 'refused' }>): Answer {
  const { session } = bags;
  const { reason, bagId } = verdict;
  const route = routeOf(parcel);
  const wantsBag = ['no-bag', 'wrong-route', 'full-count', 'full-weight'].includes(reason);
  session.refused = wantsBag ? { parcelId: parcel.id, route } : null;
  const bag = bagOf(bags, bagId);
  const about = { parcelId: parcel.id, orderId: parcel.orderId };
  bags.record('bag-refused', about, { reason, ...(bag === null ? {} : { bag: bag.number, bagId: bag.id }) });
  return refusalAnswer(reason, { number: parcelNumber(parcel), route }, bag, (id) => bags.vendorName(id));
}

/** The bag changed with the parcel? Then the sack is another one, and the ear must know. */
function told(bags: BagContext, code: string, parcel: ParcelRecord, bag: BagRecord, before: string | null): Answer {
  const params = {
    parcel: parcelNumber(parcel),
    number: bag.number,
    bagRoute: routeWords(bag.route, (id) => bags.vendorName(id)),
    count: bag.parcels,
    max: bag.limits.maxParcels,
  };
  if (bag.parcels >= bag.limits.maxParcels) return yes(notice('bag.parcel-in-full', 'warn', params), 'line-done');
  return yes(notice(code, 'ok', params), before === null || before === bag.id ? 'item' : 'order-open');
}

function bagOf(bags: BagContext, bagId: string | null): BagRecord | null {
  return bagId === null ? null : bags.store.bags.get(bagId);
}
