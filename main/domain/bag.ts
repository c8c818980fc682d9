/**
 * Big bags: which parcel may go into which bag, and what may be done with a bag. Pure: what is known of the parcel and
 * the bags goes in, the verdict comes out. Where content is kept is the store's affair; that a parcel is in at most one
 * bag follows from `judgeBagScan` and from the store's unique place per parcel.
 *
 * States of a bag:
 *   open   -> closed    weighed, content fixed; the carrier is told
 *   open   -> voided    given up before it was closed; its parcels are free again
 *   closed -> voided    with a reason; the carrier is told, its parcels are free once they are scanned elsewhere
 *   voided -> open      reopened with the parcels that are still free; a new number, because the old one is spent
 * A bag that was handed over stays as it is.
 */

/** What has to be the same for parcels to travel in one bag. */
export interface BagRoute {
  readonly vendor: string;
  readonly service: string | null;
  /** Where the bag goes; the country code of its parcels unless the profile's rule says more. */
  readonly destination: string;
}

export const bagStates = ['open', 'closed', 'voided'] as const;
export type BagState = (typeof bagStates)[number];

export interface BagLimits {
  readonly maxParcels: number;
  /** Of the parcels, in grams. */
  readonly maxWeightG: number;
}

/** What the rules need of a bag. */
export interface BagFacts {
  readonly id: string;
  /** Ours, printed as the barcode of the bag until the carrier gives its own. */
  readonly number: string;
  readonly route: BagRoute;
  readonly limits: BagLimits;
  readonly state: BagState;
  readonly parcels: number;
  /** Sum of its parcels' weights. */
  readonly parcelsWeightG: number;
  readonly handedOver: boolean;
  /** Grows with every scan into any bag; the bag touched last is preferred. */
  readonly touched: number;
}

/** What the rules need of a scanned parcel. */
export interface BagCandidate {
  readonly parcelId: string;
  readonly weightG: number;
  readonly route: BagRoute;
  /** Its label is on it: scanned back. */
  readonly labelled: boolean;
  /** The carrier has taken the order: every call before the label is done. */
  readonly accepted: boolean;
  /** Cancelled or void at the carrier or upstream. */
  readonly voided: boolean;
  readonly handedOver: boolean;
  /** The bag it is in, or null. */
  readonly bagId: string | null;
}

/** Why a parcel may not go into a bag. Each has its own words and its own sound on the screen. */
export const bagRefusals = [
  'voided',
  'handed-over',
  'not-labelled',
  'not-accepted',
  'already-bagged',
  'in-other-bag',
  'no-bag',
  'wrong-route',
  'full-count',
  'full-weight',
] as const;
export type BagRefusal = (typeof bagRefusals)[number];

export type BagVerdict =
  | { readonly kind: 'accepted'; readonly bagId: string }
  /** `bagId` is the bag the refusal is about: the one it is in, or the one that is full or goes elsewhere. */
  | { readonly kind: 'refused'; readonly reason: BagRefusal; readonly bagId: string | null };

export function sameRoute(a: BagRoute, b: BagRoute): boolean {
  return a.vendor === b.vendor && a.service === b.service && a.destination === b.destination;
}

/**
 * Judges one parcel scan. `into` is the bag the packer scanned for this parcel, or null: then the open bag of the
 * parcel's route is taken, the one touched last if there are several with room.
 */
export function judgeBagScan(parcel: BagCandidate, bags: readonly BagFacts[], into: string | null): BagVerdict {
  const refused = (reason: BagRefusal, bagId: string | null = null): BagVerdict => ({
    kind: 'refused',
    reason,
    bagId,
  });
  if (parcel.voided) return refused('voided');
  if (parcel.handedOver) return refused('handed-over', parcel.bagId);
  if (!parcel.labelled) return refused('not-labelled');
  if (!parcel.accepted) return refused('not-accepted');
  if (parcel.bagId !== null) {
    const there = into === null || into === parcel.bagId;
    return refused(there ? 'already-bagged' : 'in-other-bag', parcel.bagId);
  }
  if (into !== null) {
    const bag = bags.find((each) => each.id === into);
    return bag === undefined || bag.state !== 'open' ? refused('no-bag', into) : fit(parcel, bag);
  }
  const open = bags.filter((bag) => bag.state === 'open');
  const fitting = open
    .filter((bag) => sameRoute(bag.route, parcel.route))
    .toSorted((a, b) => b.touched - a.touched || (a.id < b.id ? -1 : 1));
  const [first] = fitting;
  // With bags open, but none for this route, the parcel stands at the wrong place; with none open, nobody chose yet.
  if (first === undefined) return refused(open.length === 0 ? 'no-bag' : 'wrong-route');
  for (const bag of fitting) {
    const verdict = fit(parcel, bag);
    if (verdict.kind === 'accepted') return verdict;
  }
  return fit(parcel, first);
}

/** Judges moving a parcel that is in an open bag to another one. */
export function judgeBagMove(parcel: BagCandidate, bags: readonly BagFacts[], into: string): BagVerdict {
  const from = bags.find((bag) => bag.id === parcel.bagId);
  if (parcel.bagId === into) return { kind: 'refused', reason: 'already-bagged', bagId: into };
  if (from !== undefined && from.state !== 'open') {
    return { kind: 'refused', reason: from.handedOver ? 'handed-over' : 'in-other-bag', bagId: from.id };
  }
  return judgeBagScan({ ...parcel, bagId: null }, bags, into);
}

function fit(parcel: BagCandidate, bag: BagFacts): BagVerdict {
  const refused = (reason: BagRefusal): BagVerdict => ({ kind: 'refused', reason, bagId: bag.id });
  if (!sameRoute(bag.route, parcel.route)) return refused('wrong-route');
  if (bag.parcels + 1 > bag.limits.maxParcels) return refused('full-count');
  if (bag.parcelsWeightG + parcel.weightG > bag.limits.maxWeightG) return refused('full-weight');
  return { kind: 'accepted', bagId: bag.id };
}

export const bagActions = ['add', 'take-out', 'close', 'void', 'reopen', 'hand-over'] as const;
export type BagAction = (typeof bagActions)[number];

/** The state after `action`, or null if the bag does not allow it as it is. */
export function nextBagState(
  bag: Pick<BagFacts, 'state' | 'parcels' | 'handedOver'>,
  action: BagAction,
): BagState | null {
  if (bag.handedOver) return null;
  switch (action) {
    case 'add':
    case 'take-out':
      return bag.state === 'open' ? 'open' : null;
    case 'close':
      return bag.state === 'open' && bag.parcels > 0 ? 'closed' : null;
    case 'void':
      return bag.state === 'voided' ? null : 'voided';
    case 'reopen':
      return bag.state === 'voided' ? 'open' : null;
    case 'hand-over':
      return bag.state === 'closed' ? 'closed' : null;
  }
}
