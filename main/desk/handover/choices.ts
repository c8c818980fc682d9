/** What may be handed over, by carrier, service and destination, and what is not as it should be before it leaves. */
import type { HandoverBagView, HandoverChoice, Notice } from '../../../preload/contract/index.ts';
import type { BagRoute } from '../../domain/bag.ts';
import type { DocumentProgress } from '../../domain/handover.ts';
import type { BagRecord } from '../../store/bags.ts';
import type { WithdrawnParcel } from '../../store/candidates.ts';
import type { HandoverKind } from '../../store/handovers.ts';
import { bagCode, bagObstacle, kindsOf, usesBags, type DayCarrier, type DayContext } from './day-context.ts';

export interface Choices {
  list(): HandoverChoice[];
  /** How far a closed bag got with the documents of its carrier. */
  progress(bagId: string): Record<HandoverKind, DocumentProgress>;
  /** These bags are in other documents now, or were settled there; `loose`: loose parcels came into documents or out. */
  changed(bagIds: readonly string[], loose: boolean): void;
}

/** By kind of document; `free` is what a push would take. */
type Standing = ReturnType<DayContext['store']['candidates']['progressOf']>;

const mostBags = 200;
const mostNamed = 3;
const mostWithdrawn = 500;

const keyOf = ({ vendor, service, destination }: BagRoute): string => JSON.stringify([vendor, service, destination]);

export function createChoices(context: DayContext): Choices {
  const { store } = context;
  /** By closed bag. Its content is fixed, so only documents change it; they say so. */
  const standings = new Map<string, Standing>();
  /** Loose parcels in living documents, by route and kind, and what that was counted for. */
  const held = new Map<string, { readonly count: number; readonly loose: number }>();
  let withdrawn: { readonly revision: number; readonly parcels: readonly WithdrawnParcel[] } | null = null;

  function standingOf(bag: BagRecord): Standing {
    const known = standings.get(bag.id);
    if (known !== undefined) return known;
    const made = store.candidates.progressOf(bag.id, bag.parcels);
    standings.set(bag.id, made);
    return made;
  }

  /** Labelled parcels of cancelled orders; read again when an order changed. */
  function withdrawnNow(): readonly WithdrawnParcel[] {
    const revision = store.orders.revision();
    if (withdrawn?.revision !== revision) withdrawn = { revision, parcels: store.candidates.withdrawn(mostWithdrawn) };
    // What left meanwhile changes no order.
    return withdrawn.parcels.filter((parcel) => store.bags.placeOf(parcel.parcelId)?.handedOverAt === null);
  }

  function looseHeld(kind: HandoverKind, route: BagRoute, loose: number): number {
    if (loose === 0) return 0;
    const key = `${kind}${keyOf(route)}`;
    const known = held.get(key);
    // More loose parcels are new ones, in no document yet; fewer may be any.
    if (known !== undefined && loose >= known.loose) {
      held.set(key, { ...known, loose });
      return known.count;
    }
    const count = store.candidates.looseInDocuments(kind, route);
    held.set(key, { count, loose });
    return count;
  }

  function bagView(bag: BagRecord, carrier: DayCarrier | undefined, cancelled: string | undefined): HandoverBagView {
    const taken = carrier !== undefined && usesBags(carrier);
    const number = bagCode(bag);
    const obstacle: Notice | null =
      bagObstacle(bag, taken) ??
      (cancelled === undefined
        ? null
        : { code: 'day.bag-cancelled', tone: 'stop', params: { number, waybill: cancelled } });
    const standing = bag.state === 'closed' ? standingOf(bag) : null;
    return {
      ...{ id: bag.id, number, parcels: bag.parcels, netWeightG: bag.parcelsWeightG, grossWeightG: bag.grossWeightG },
      ...{ ready: obstacle === null, notice: obstacle, scanForm: standing?.['scan-form'].progress ?? 'none' },
      manifest: standing?.manifest.progress ?? 'none',
    };
  }

  function choice(
    route: BagRoute,
    bags: readonly BagRecord[],
    loose: { readonly parcels: number; readonly weightG: number },
    gone: readonly WithdrawnParcel[],
  ): HandoverChoice {
    const carrier = context.carriers.find((each) => each.id === route.vendor);
    const cancelledIn = new Map(gone.flatMap(({ bagId, waybill }) => (bagId === null ? [] : [[bagId, waybill ?? '']])));
    const views = bags
      .map((bag) => ({ bag, view: bagView(bag, carrier, cancelledIn.get(bag.id)) }))
      .toSorted((a, b) => Number(b.view.ready) - Number(a.view.ready));
    const ready = views.filter(({ view }) => view.ready).map(({ bag }) => bag);
    const cancelledLoose = gone.filter((parcel) => parcel.bagId === null);
    const bagsOnly = carrier !== undefined && usesBags(carrier);
    const free = (kind: HandoverKind): HandoverChoice['free']['scanForm'] => {
      if (carrier === undefined || !kindsOf(carrier).includes(kind)) return { bags: 0, loose: 0, parcels: 0 };
      const inBags = ready.map((bag) => standingOf(bag)[kind].free).filter((parcels) => parcels > 0);
      const alone =
        kind === 'manifest' && bagsOnly
          ? 0
          : Math.max(0, loose.parcels - cancelledLoose.length - looseHeld(kind, route, loose.parcels));
      return { bags: inBags.length, loose: alone, parcels: inBags.reduce((sum, each) => sum + each, alone) };
    };
    const net = bags.reduce((sum, bag) => sum + bag.parcelsWeightG, loose.weightG);
    const gross = bags.reduce((sum, bag) => sum + (bag.grossWeightG ?? bag.parcelsWeightG + bag.tareG), loose.weightG);
    return {
      route: { ...route, vendorName: carrier?.name ?? route.vendor },
      bags: views.slice(0, mostBags).map(({ view }) => view),
      bagCount: bags.length,
      free: { scanForm: free('scan-form'), manifest: free('manifest') },
      loose: loose.parcels,
      parcels: bags.reduce((sum, bag) => sum + bag.parcels, loose.parcels),
      netWeightG: net,
      grossWeightG: gross,
      unweighedBags: bags.filter((bag) => bag.grossWeightG === null).length,
      obstacles: [
        ...bagObstacles(views.map(({ view }) => view)),
        ...looseObstacles(loose.parcels, bagsOnly, cancelledLoose),
      ],
    };
  }

  return {
    changed(bagIds, loose) {
      for (const id of bagIds) standings.delete(id);
      if (loose) held.clear();
    },
    progress(bagId) {
      const bag = store.bags.get(bagId);
      if (bag?.state !== 'closed') return { 'scan-form': 'none', manifest: 'none' };
      const standing = standingOf(bag);
      return { 'scan-form': standing['scan-form'].progress, manifest: standing.manifest.progress };
    },
    list() {
      const routes = new Map<
        string,
        { route: BagRoute; bags: BagRecord[]; loose: { parcels: number; weightG: number } }
      >();
      const at = (route: BagRoute): { bags: BagRecord[]; loose: { parcels: number; weightG: number } } => {
        const known = routes.get(keyOf(route)) ?? { route, bags: [], loose: { parcels: 0, weightG: 0 } };
        routes.set(keyOf(route), known);
        return known;
      };
      const closed = store.bags.listClosed(null);
      for (const bag of closed) at(bag.route).bags.push(bag);
      for (const bag of store.bags.listOpen()) if (bag.parcels > 0) at(bag.route).bags.push(bag);
      for (const { route, parcels, weightG } of store.bags.loose()) {
        if (parcels > 0) Object.assign(at(route).loose, { parcels, weightG });
      }
      const here = new Set(closed.map((bag) => bag.id));
      for (const id of standings.keys()) if (!here.has(id)) standings.delete(id);
      const gone = withdrawnNow();
      return [...routes.values()]
        .toSorted((a, b) => (keyOf(a.route) < keyOf(b.route) ? -1 : 1))
        .slice(0, 500)
        .map(({ route, bags, loose }) =>
          choice(
            route,
            bags,
            loose,
            gone.filter((parcel) => keyOf(parcel.route) === keyOf(route)),
          ),
        );
    },
  };
}

const named = (numbers: readonly string[]): string =>
  numbers.slice(0, mostNamed).join(', ') + (numbers.length > mostNamed ? ' …' : '');

/** Bags that are not ready, one sentence for each kind of reason. */
function bagObstacles(bags: readonly HandoverBagView[]): Notice[] {
  const byCode = new Map<string, string[]>();
  for (const { notice, number } of bags) {
    if (notice !== null) byCode.set(notice.code, [...(byCode.get(notice.code) ?? []), number]);
  }
  return [...byCode].map(([code, numbers]) => ({
    code: code.replace('day.bag-', 'day.bags-'),
    tone: code === 'day.bag-cancelled' ? 'stop' : 'warn',
    params: { count: numbers.length, numbers: named(numbers) },
  }));
}

function looseObstacles(loose: number, bagsOnly: boolean, cancelled: readonly WithdrawnParcel[]): Notice[] {
  const all: Notice[] = [];
  if (loose > 0 && bagsOnly) all.push({ code: 'day.loose-not-bagged', tone: 'warn', params: { count: loose } });
  if (cancelled.length > 0) {
    const numbers = named(cancelled.map((parcel) => parcel.waybill ?? parcel.parcelId));
    all.push({ code: 'day.loose-cancelled', tone: 'stop', params: { count: cancelled.length, numbers } });
  }
  return all;
}
