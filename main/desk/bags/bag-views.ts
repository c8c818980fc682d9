/**
 * Bags as the screen shows them. A view is composed once and kept until something about its bag changes, so that a scan
 * costs the same beside one bag and beside a hundred.
 */
import type { BagParcelView, BagRouteView, BagView } from '../../../preload/contract/index.ts';
import type { BagRoute } from '../../domain/bag.ts';
import { bagStage, type BagStageFacts, type BagStageView } from '../../domain/bag-stage.ts';
import type { BagParcel, BagRecord } from '../../store/bags.ts';
import { labelNumber, type BagContext } from './bag-context.ts';
import { jobsOf } from './bag-lane.ts';

const mostKept = 1_000;
/** What of a row changes; jobs and prints are told by `forget`. */
const changing = [
  ...(['state', 'parcels', 'parcelsWeightG', 'grossWeightG', 'vendorBagNumber', 'label', 'labelVerifiedAt'] as const),
  ...(['handedOverAt', 'voidOpen', 'touched'] as const),
];

function isSame(a: BagRecord, b: BagRecord): boolean {
  return changing.every((key) => a[key] === b[key]);
}

export interface ShownBag {
  readonly view: BagView;
  readonly stage: BagStageView;
}

export interface BagViews {
  of(bag: BagRecord): ShownBag;
  forget(bagId: string): void;
}

export function createBagViews(
  bags: Pick<BagContext, 'store' | 'answers' | 'vendorName' | 'printing' | 'session'>,
): BagViews {
  const kept = new Map<string, ShownBag & { readonly bag: BagRecord }>();

  function stopped(bag: BagRecord): BagStageFacts['stopped'] {
    if (bag.state === 'open' || bag.handedOver || (bag.state === 'voided' && !bag.voidOpen)) return null;
    if (bag.state === 'closed' && bag.label !== 'waiting') return null;
    const job = jobsOf(bags.store, bag.id).find((each) => each.state === 'rejected' || each.state === 'dead');
    if (job === undefined) return null;
    return {
      id: job.id,
      vendor: bags.vendorName(job.vendor),
      operation: job.operation,
      state: job.state === 'rejected' ? 'rejected' : 'dead',
      code: job.lastError?.code ?? '',
      message: job.lastError?.message ?? '',
      question: bags.answers.question(job),
    };
  }

  function compose(bag: BagRecord): ShownBag {
    const stop = stopped(bag);
    const print =
      bag.state === 'closed' && (bag.label === 'carrier' || bag.label === 'own')
        ? bags.printing.latestOfBag(bag.id, 'bag')
        : null;
    const number = labelNumber(bag);
    const stage = bagStage({
      number: bag.number,
      state: bag.state,
      handedOver: bag.handedOver,
      carrier: bags.vendorName(bag.route.vendor),
      labelNumber: number,
      label: bag.label,
      verified: bag.labelVerifiedAt !== null,
      voidOpen: bag.voidOpen,
      stopped: stop,
      wantsNumber: stop !== null && bags.session.adopting === stop.id,
      print,
    });
    const from = bag.label === 'carrier' ? ('carrier' as const) : bag.label === 'own' ? ('desk' as const) : null;
    const view: BagView = {
      id: bag.id,
      number: bag.number,
      vendorBagNumber: bag.vendorBagNumber,
      route: routeView(bag.route, (id) => bags.vendorName(id)),
      stage: stage.stage,
      parcels: bag.state === 'voided' ? bag.voidedParcels.length : bag.parcels,
      parcelsWeightG: bag.parcelsWeightG,
      tareG: bag.tareG,
      grossWeightG: bag.grossWeightG,
      maxParcels: bag.limits.maxParcels,
      maxWeightG: bag.limits.maxWeightG,
      openedAt: bag.openedAt,
      closedAt: bag.closedAt,
      voidReason: bag.voidReason,
      follows: bag.follows,
      label: from === null ? null : { from, number, print: print?.state ?? null },
      notice: stage.notice,
      jobId: stage.jobId,
    };
    return { view, stage };
  }

  return {
    of(bag) {
      const known = kept.get(bag.id);
      if (known !== undefined && isSame(known.bag, bag)) return known;
      const shown = { ...compose(bag), bag };
      if (kept.size > mostKept) kept.clear();
      kept.set(bag.id, shown);
      return shown;
    },
    forget: (bagId) => void kept.delete(bagId),
  };
}

export function routeView(route: BagRoute, nameOf: (vendor: string) => string): BagRouteView {
  return { ...route, vendorName: nameOf(route.vendor) };
}

export function parcelView(parcel: BagParcel): BagParcelView {
  const { parcelId, orderNumber, waybill, weightG, baggedAt } = parcel;
  return { parcelId, orderNumber, waybill, weightG, baggedAt };
}
