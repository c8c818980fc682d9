/** A bag that weighs wrong is counted again: every parcel out of the sack and scanned, and what is left over is missing. */
import type { BagRecord } from '../../store/bags.ts';
import type { ParcelRecord } from '../../store/store.ts';
import { no, notice, yes, type Answer } from '../answer.ts';
import { parcelNumber, type BagContext } from './bag-context.ts';
import { choose } from './opening.ts';
import { placeInside } from './putting.ts';

export function beginRecount(bags: BagContext, bag: BagRecord): Answer {
  const { store, session, weigher } = bags;
  const { number } = bag;
  if (bag.state !== 'open') return no(notice('bag.not-open', 'warn', { number }));
  if (bag.parcels === 0) return no(notice('bag.empty', 'warn', { number }));
  choose(bags, bag);
  weigher.loadClosed();
  session.mode = 'recount';
  const missing = new Map(store.bags.parcels(bag.id).map((parcel) => [parcel.parcelId, parcel]));
  session.recount = { bagId: bag.id, counted: new Set(), missing };
  return yes(notice('bag.next-recount', 'info', { number, left: missing.size }), 'order-open');
}

export function countParcel(bags: BagContext, parcel: ParcelRecord): Answer {
  const { store, session } = bags;
  const { recount } = session;
  const bag = recount === null ? null : store.bags.get(recount.bagId);
  if (recount === null || bag === null) return no(notice('bag.choose-first', 'ask'), 'ask');
  const params = { parcel: parcelNumber(parcel), number: bag.number };
  if (recount.counted.has(parcel.id)) return no(notice('bag.recount-twice', 'warn', params), 'twice');
  if (!recount.missing.delete(parcel.id)) {
    const there = store.bags.placeOf(parcel.id)?.bagId ?? null;
    const other = there === null ? '' : (store.bags.get(there)?.number ?? '');
    const about = { parcelId: parcel.id, orderId: parcel.orderId };
    bags.record('bag-recount-extra', about, { bag: bag.number, bagId: bag.id, in: other });
    return other === ''
      ? no(notice('bag.recount-extra', 'stop', params), 'stop')
      : no(notice('bag.recount-foreign', 'stop', { ...params, other }), 'elsewhere');
  }
  recount.counted.add(parcel.id);
  const left = recount.missing.size;
  if (left > 0) return yes(notice('bag.recount-found', 'ok', { ...params, left }), 'item');
  bags.record('bag-recounted', {}, { bag: bag.number, bagId: bag.id, found: recount.counted.size, missing: 0 });
  return yes(notice('bag.recount-all', 'ok', { ...params, count: recount.counted.size }), 'line-done');
}

/** What was not found is not in the bag: it is loose again, and the end of the day asks for it. */
export function takeOutMissing(bags: BagContext, bag: BagRecord): Answer {
  const { store, session } = bags;
  const { recount } = session;
  const { number } = bag;
  if (recount?.bagId !== bag.id || bag.state !== 'open' || recount.counted.size === 0 || recount.missing.size === 0) {
    return no(notice('bag.recount-first', 'warn', { number }));
  }
  const missing = [...recount.missing.keys()];
  store.transaction(() => {
    for (const parcelId of missing) {
      const parcel = store.parcels.get(parcelId);
      if (parcel !== null && store.bags.placeOf(parcelId)?.bagId === bag.id) {
        placeInside(bags, parcel, bag, null, 'missing in the recount');
      }
    }
    const found = recount.counted.size;
    bags.record('bag-recounted', {}, { bag: number, bagId: bag.id, found, missing: missing.length });
  });
  session.recount = null;
  session.mismatch = null;
  session.mode = 'put-in';
  session.steps.length = 0;
  bags.changed(bag.id);
  return yes(
    notice('bag.missing-out', 'ok', { number, count: missing.length, left: bag.parcels - missing.length }),
    'done',
  );
}
