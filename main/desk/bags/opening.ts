/** New bags: for a parcel that was refused for want of one, for a route, or in place of a voided one. */
import { judgeBagScan, nextBagState, sameRoute, type BagRoute } from '../../domain/bag.ts';
import type { BagRecord } from '../../store/bags.ts';
import { no, notice, yes, type Answer } from '../answer.ts';
import { numberEpoch } from '../sealing.ts';
import type { BagContext } from './bag-context.ts';
import { routeWords } from './bag-words.ts';
import { bagsFor, candidateOf } from './candidates.ts';
import { placeInside } from './putting.ts';

/** `route` null: that of the parcel refused last, which goes in. */
export function openBag(bags: BagContext, given: BagRoute | null): Answer {
  const { store, session } = bags;
  const refusal = bags.refusal();
  if (refusal !== null) return no(refusal, 'stop');
  const route = given ?? session.refused?.route ?? null;
  if (route === null) return no(notice('bag.open-which', 'ask'), 'ask');
  if (!bags.isCarrier(route.vendor)) {
    return no(notice('bag.route-unknown', 'stop', { route: routeWords(route, (id) => bags.vendorName(id)) }), 'stop');
  }
  const empty = store.bags.listOpen().find((bag) => bag.parcels === 0 && sameRoute(bag.route, route));
  const first = session.refused !== null && sameRoute(session.refused.route, route) ? session.refused.parcelId : null;
  const parcel = first === null ? null : store.parcels.get(first);
  const opened = store.transaction(() => {
    const bag = empty ?? insertBag(bags, route, null);
    if (parcel !== null) {
      const candidate = candidateOf(store, parcel);
      const verdict = judgeBagScan(candidate, bagsFor(store, candidate), bag.id);
      if (verdict.kind === 'accepted') placeInside(bags, parcel, null, bag);
    }
    return store.bags.get(bag.id) ?? bag;
  });
  if (opened.parcels > 0 && parcel !== null) {
    session.steps.push({ parcelId: parcel.id, from: null, to: opened.id });
  }
  session.refused = null;
  session.mode = 'put-in';
  choose(bags, opened);
  if (empty === undefined) tag(bags, opened);
  const params = {
    number: opened.number,
    route: routeWords(route, (id) => bags.vendorName(id)),
    count: opened.parcels,
  };
  return yes(notice(opened.parcels > 0 ? 'bag.opened-with' : 'bag.opened', 'ok', params), 'order-open');
}

/** A voided bag goes on under a new number, because the old one is spent, with the parcels that are still free. */
export function reopenBag(bags: BagContext, bag: BagRecord, reason: string): Answer {
  const { store, session } = bags;
  const refusal = bags.refusal();
  if (refusal !== null) return no(refusal, 'stop');
  if (nextBagState(bag, 'reopen') === null) {
    return no(notice('bag.not-voided', 'warn', { number: bag.number }));
  }
  const later = store.bags.findFollower(bag.id);
  if (later !== null) {
    choose(bags, later);
    return no(notice('bag.reopened-already', 'warn', { number: bag.number, later: later.number }));
  }
  const opened = store.transaction(() => {
    const next = insertBag(bags, bag.route, bag, reason);
    for (const parcelId of bag.voidedParcels) {
      const parcel = store.parcels.get(parcelId);
      if (parcel === null) continue;
      const now = store.bags.get(next.id) ?? next;
      if (judgeBagScan(candidateOf(store, parcel), [now], next.id).kind !== 'accepted') continue;
      placeInside(bags, parcel, null, next);
    }
    return store.bags.get(next.id) ?? next;
  });
  session.mode = 'put-in';
  bags.changed(bag.id);
  choose(bags, opened);
  tag(bags, opened);
  const params = {
    number: opened.number,
    old: bag.number,
    count: opened.parcels,
    missing: bag.voidedParcels.length - opened.parcels,
  };
  return yes(notice(params.missing > 0 ? 'bag.reopened-part' : 'bag.reopened', 'ok', params), 'order-open');
}

export function choose(bags: BagContext, bag: BagRecord): void {
  bags.session.chosenId = bag.id;
  bags.changed(bag.id);
}

/** Inside a transaction. Numbers are unique for ever, like those of rack labels (`numberEpoch`). */
function insertBag(bags: BagContext, route: BagRoute, follows: BagRecord | null, reason = ''): BagRecord {
  const { store, ids, clock, limits, deskId } = bags;
  const at = clock.now();
  const count = String(store.values.increment('bag')).padStart(6, '0');
  const id = ids.next();
  const number = `BAG-${deskId.toUpperCase()}-${numberEpoch(store, at)}${count}`;
  store.bags.insert({
    id,
    number,
    route,
    limits: { maxParcels: limits.maxParcels, maxWeightG: limits.maxWeightG },
    tareG: limits.tareG,
    openedAt: at,
    follows: follows?.id ?? null,
  });
  bags.record(
    follows === null ? 'bag-opened' : 'bag-reopened',
    {},
    { bag: number, bagId: id, route, ...(follows === null ? {} : { follows: follows.number, reason }) },
  );
  const bag = store.bags.get(id);
  if (bag === null) throw new Error(`No bag ${id}.`);
  return bag;
}

function tag(bags: BagContext, bag: BagRecord): void {
  if (bags.limits.tags) bags.printing.requestBag(bag, 'bag-tag', 0, '');
}
