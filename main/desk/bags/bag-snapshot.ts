/** The Bags screen's picture: what is open, what waits, the chosen bag, and what to do next. */
import type { BagsSnapshot, Notice, ScanFeedback } from '../../../preload/contract/index.ts';
import { sameRoute } from '../../domain/bag.ts';
import type { BagRecord } from '../../store/bags.ts';
import { notice } from '../answer.ts';
import type { BagContext } from './bag-context.ts';
import { parcelView, routeView, type BagViews, type ShownBag } from './bag-views.ts';

const most = { open: 100, waiting: 200, voided: 20, content: 200, missing: 200, loose: 500 } as const;

export function bagsSnapshot(bags: BagContext, views: BagViews, last: ScanFeedback | null): BagsSnapshot {
  const { store, session, people } = bags;
  const open = store.bags.listOpen();
  const closed = store.bags.listClosed(null);
  const voided = store.bags.listVoided(most.voided);
  const chosen = chosenBag(bags, [...open, ...closed, ...voided]);
  const shown = chosen === null ? null : views.of(chosen);
  const show = (bag: BagRecord): ShownBag['view'] => views.of(bag).view;
  const mismatch = mismatchView(bags, chosen);
  const recount = session.recount !== null && session.recount.bagId === chosen?.id ? session.recount : null;
  return {
    open: open.slice(-most.open).map(show),
    waiting: closed.slice(-most.waiting).map(show),
    voided: voided.map(show),
    chosen: shown?.view ?? null,
    content: contentOf(bags, chosen),
    mode: session.mode,
    mismatch,
    recount:
      recount === null
        ? null
        : {
            counted: recount.counted.size,
            missing: [...firstOf(recount.missing.values(), most.missing)].map(parcelView),
          },
    loose: store.bags
      .loose()
      .slice(0, most.loose)
      .map(({ route, parcels, weightG }) => ({
        route: routeView(route, (id) => bags.vendorName(id)),
        parcels,
        weightG,
        open: open.some((bag) => sameRoute(bag.route, route)),
      })),
    next: nextStep(bags, chosen, shown, open.length),
    expects: shown?.stage.expects ?? null,
    last,
    options: options(bags, chosen, shown),
    packer: people.current(),
    supervisor: people.supervisor(),
  };
}

/** The bag that was chosen, as long as it is here. */
export function chosenBag({ store, session }: BagContext, known: readonly BagRecord[] = []): BagRecord | null {
  const { chosenId } = session;
  if (chosenId === null) return null;
  return known.find((bag) => bag.id === chosenId) ?? store.bags.get(chosenId);
}

function contentOf({ store }: BagContext, chosen: BagRecord | null): BagsSnapshot['content'] {
  if (chosen === null) return [];
  if (chosen.state === 'voided') {
    return store.bags.parcelsById(chosen.voidedParcels.slice(-most.content)).toReversed().map(parcelView);
  }
  return store.bags.newest(chosen.id, most.content).map(parcelView);
}

function mismatchView({ store, session }: BagContext, chosen: BagRecord | null): BagsSnapshot['mismatch'] {
  const { mismatch } = session;
  if (mismatch === null || mismatch.bagId !== chosen?.id || mismatch.mismatch === null) return null;
  const { expectedG, foundG, differenceG, toleranceG } = mismatch;
  return {
    expectedG,
    foundG: foundG ?? 0,
    differenceG,
    toleranceG: Math.round(toleranceG),
    cause: mismatch.mismatch.cause,
    candidates: store.bags.parcelsById(mismatch.mismatch.candidates).map(parcelView),
  };
}

function nextStep({ session }: BagContext, chosen: BagRecord | null, shown: ShownBag | null, open: number): Notice {
  const number = chosen?.number ?? '';
  switch (session.mode) {
    case 'weigh':
      return notice('bag.next-weigh', 'info', { number });
    case 'recount': {
      const left = session.recount?.missing.size ?? 0;
      return left === 0
        ? notice('bag.next-close-again', 'info', { number })
        : notice('bag.next-recount', 'info', { number, left });
    }
    case 'take-out':
      return notice('bag.next-take-out', 'info');
    case 'move':
      return notice('bag.next-move', 'info', { number });
    case 'put-in':
      if (session.adopting !== null && shown !== null) return shown.stage.next;
      if (session.mismatch !== null && session.mismatch.bagId === chosen?.id) {
        return session.mismatch.mismatch === null
          ? notice('bag.next-supervisor', 'ask', { number })
          : notice('bag.next-mismatch', 'ask', { number });
      }
      if (session.into !== null) return notice('bag.next-into', 'info', { number });
      if (shown !== null && shown.view.stage !== 'filling') return shown.stage.next;
      return open === 0 ? notice('bag.next-open', 'info') : notice('bag.next-scan', 'info', { number });
  }
}

function options({ session }: BagContext, chosen: BagRecord | null, shown: ShownBag | null): BagsSnapshot['options'] {
  if (chosen === null || shown === null) return [];
  const close = { command: 'close', key: 'C', reason: false } as const;
  const recount = { command: 'recount', key: 'R', reason: false } as const;
  const anyway = { command: 'close-anyway', key: 'S', reason: true } as const;
  if (session.mode === 'recount') {
    return session.recount?.missing.size === 0
      ? [close]
      : [{ command: 'take-out-missing', key: 'M', reason: false }, close];
  }
  if (session.mismatch?.bagId === chosen.id) return [close, recount, anyway];
  if (session.mode === 'weigh') return [anyway];
  return [...shown.stage.options];
}

function* firstOf<T>(values: Iterable<T>, limit: number): Iterable<T> {
  let left = limit;
  for (const value of values) {
    if (left <= 0) return;
    left -= 1;
    yield value;
  }
}
