/**
 * The re-scan at loading. Every bag and loose parcel of a carrier is scanned once on its way onto the truck, which proves
 * that its label reads and stops what does not belong there. All of it stands in the database: a restart goes on where
 * it was. When everything is scanned, or somebody ends it, what was loaded is handed over, a few hundred parcels at a
 * time, so that scans elsewhere go on.
 */
import type { CallRequest, LoadingView, Notice } from '../../../preload/contract/index.ts';
import type { LoadingScan } from '../../domain/handover.ts';
import { judgeLoading, whyNotLoaded } from '../../domain/handover.ts';
import type { Timer } from '../../ports.ts';
import type { LoadingRecord } from '../../store/loadings.ts';
import { no, notice, yes, type Answer } from '../answer.ts';
import type { Choices } from './choices.ts';
import { bagCode, bagObstacle, kindsOf, usesBags, type DayContext } from './day-context.ts';

export interface Loading {
  view(): LoadingView | null;
  /** The last loading's end, for the next step's words. */
  act(order: CallRequest<'day.loading'>): Answer;
  /** `code` was brought to its one form. */
  scan(code: string, raw: string, source: string): Answer;
  undo(): Answer;
  /** Goes on with a loading whose end a stop cut off. */
  resume(): void;
  stop(): void;
}

/** Parcels handed over in one transaction: each has an event of its own. */
const parcelsAtOnce = 200;
const mostMissing = 200;
/** So few missing that each is looked at with every scan: is it still here? */
const fewMissing = 5;

type Found = {
  readonly kind: 'bag' | 'parcel';
  readonly id: string;
  readonly number: string;
  readonly parcels: number;
};

export function createLoading(context: DayContext, choices: Choices, changed: () => void): Loading {
  const { store, clock, ids, log } = context;
  let timer: Timer | null = null;
  let stopped = false;

  const carrierOf = (vendor: string) => context.carriers.find((each) => each.id === vendor);
  const nameOf = (vendor: string): string => carrierOf(vendor)?.name ?? vendor;
  const takesDocuments = (vendor: string): boolean => {
    const carrier = carrierOf(vendor);
    return carrier !== undefined && kindsOf(carrier).length > 0;
  };
  const takesBags = (vendor: string): boolean => {
    const carrier = carrierOf(vendor);
    return carrier !== undefined && usesBags(carrier);
  };

  /** What is to be on the truck: labelled, here, and not refused by the carrier. */
  function expectAll(id: string, vendor: string): void {
    const documents = takesDocuments(vendor);
    const bags = store.bags
      .listClosed(vendor)
      .filter((bag) => bagObstacle(bag, takesBags(vendor)) === null)
      .filter((bag) => !documents || whyNotLoaded(choices.progress(bag.id)) === null)
      .map((bag) => ({ kind: 'bag' as const, itemId: bag.id, number: bagCode(bag), parcels: bag.parcels }));
    store.loadings.expect(id, bags);
    store.loadings.expectLoose(id, vendor, documents);
  }

  function start(vendor: string): Answer {
    const open = store.loadings.current();
    if (open !== null) return no(notice('day.load-open', 'warn', { carrier: nameOf(open.vendor) }));
    if (carrierOf(vendor) === undefined) return no(notice('day.load-no-carrier', 'warn', { carrier: vendor }));
    const id = ids.next();
    const expected = store.transaction(() => {
      store.loadings.insert({ id, vendor, startedAt: clock.now() });
      expectAll(id, vendor);
      const made = store.loadings.get(id);
      store.events.append('loading-started', {}, { loadingId: id, vendor, expected: made?.expected ?? 0 });
      return made?.expected ?? 0;
    });
    const params = { carrier: nameOf(vendor), count: expected };
    return yes(
      notice(expected === 0 ? 'day.load-nothing' : 'day.load-started', expected === 0 ? 'warn' : 'info', params),
      'order-open',
    );
  }

  function end(order: CallRequest<'day.loading'>): Answer {
    const now = store.loadings.current();
    if (now === null || now.state !== 'loading') return no(notice('day.load-none', 'warn'));
    if (order.action === 'start') return start(order.vendor);
    const open = dropGone(now);
    const missing = open.expected - open.loaded;
    const needsReason = order.action === 'cancel' || missing > 0;
    if (needsReason && order.reason === '') {
      return no(
        notice(order.action === 'cancel' ? 'day.load-why-cancel' : 'day.load-why-missing', 'ask', { missing }),
        'ask',
      );
    }
    if (order.action === 'end-unread' && missing > 0 && !context.people.mayOverride()) {
      return no(notice('day.load-supervisor', 'ask', { missing }), 'ask');
    }
    finish(open, order.action, order.reason);
    const params = { carrier: nameOf(open.vendor), loaded: open.loaded, missing };
    if (order.action === 'cancel') return yes(notice('day.load-stopped', 'warn', params), 'done');
    return yes(
      notice(missing === 0 ? 'day.load-done' : 'day.load-ended', missing === 0 ? 'ok' : 'warn', params),
      'done',
    );
  }

  function finish(open: LoadingRecord, by: 'end' | 'end-unread' | 'cancel', reason: string): void {
    const supervisor = by === 'end-unread' ? context.people.supervisor() : null;
    store.transaction(() => {
      const missing = store.loadings.missing(open.id, mostMissing).map((item) => item.number);
      store.loadings.finish(open.id, by, reason, clock.now());
      store.events.append(
        'loading-ended',
        {},
        {
          ...{ loadingId: open.id, vendor: open.vendor, by, loaded: open.loaded, missing: open.expected - open.loaded },
          ...(missing.length === 0 ? {} : { numbers: missing }),
          ...(reason === '' ? {} : { reason }),
          ...(supervisor === null ? {} : { supervisor: supervisor.name }),
        },
      );
    });
    if (by === 'end-unread' && open.expected > open.loaded) context.people.overrideUsed();
    if (by !== 'cancel') later();
  }

  function later(): void {
    if (stopped || timer !== null) return;
    timer = clock.after(0, () => {
      timer = null;
      if (stopped) return;
      try {
        if (handOverSome()) later();
      } catch (error) {
        // The end stands in the database; the next start goes on.
        log.error({ error: String(error) }, 'a loading could not be written down to its end');
      }
      changed();
    });
  }

  /** One transaction's worth; false once all is written down. */
  function handOverSome(): boolean {
    const open = store.loadings.current();
    if (open?.state !== 'finishing') return false;
    return store.transaction(() => {
      const items = store.loadings.unsettled(open.id, open.endedBy === 'end-unread', parcelsAtOnce);
      if (items.length === 0) {
        store.loadings.end(open.id);
        return false;
      }
      const at = open.endedAt ?? clock.now();
      const bags = items.filter((item) => item.kind === 'bag');
      const loose = items.filter((item) => item.kind === 'parcel');
      for (const item of items) {
        const about = { loadingId: open.id, vendor: open.vendor, proven: item.loadedAt !== null };
        if (item.kind === 'parcel') store.events.append('handed-over', { parcelId: item.itemId }, about);
        else {
          for (const { parcelId } of store.bags.parcels(item.itemId)) {
            store.events.append('handed-over', { parcelId }, { ...about, bag: item.number });
          }
        }
      }
      store.bags.handOver(
        bags.map((item) => item.itemId),
        loose.map((item) => item.itemId),
        at,
      );
      store.loadings.settle(open.id, items);
      return true;
    });
  }

  /** The bag or parcel with this code, and what the rules need of it. */
  function look(
    code: string,
    open: LoadingRecord,
  ): { found: Found | null; facts: LoadingScan['found']; inBag: string | null } {
    const upper = code.toUpperCase();
    const bag = store.bags.findByNumber(code) ?? store.bags.findByNumber(upper);
    if (bag !== null && bag.state !== 'voided') {
      const cancelled = store.candidates.ofBag('scan-form', bag.id).some((parcel) => parcel.withdrawn);
      return {
        found: { kind: 'bag', id: bag.id, number: bagCode(bag), parcels: bag.parcels },
        inBag: null,
        facts: {
          ...{ kind: 'bag', vendor: bag.route.vendor, handedOver: bag.handedOver, withdrawn: cancelled, inBag: null },
          ready: bagObstacle(bag, takesBags(open.vendor)) === null,
          progress: choices.progress(bag.id),
        },
      };
    }
    const parcel = store.parcels.findByWaybill(code) ?? store.parcels.findByWaybill(upper);
    if (parcel === null) return { found: null, facts: null, inBag: null };
    const place = store.bags.placeOf(parcel.id);
    const inside = place === null || place.bagId === null ? null : store.bags.get(place.bagId);
    const inBag = inside === null ? null : bagCode(inside);
    const upstream = store.orders.get(parcel.orderId)?.upstream;
    return {
      found: { kind: 'parcel', id: parcel.id, number: parcel.waybill ?? code, parcels: 1 },
      inBag,
      facts: {
        ...{ kind: 'parcel', vendor: parcel.vendor, handedOver: place?.handedOverAt != null, inBag },
        ready: parcel.verifiedAt !== null,
        withdrawn: upstream === 'cancelled' || upstream === 'deleted',
        progress: progressOfParcel(parcel.id),
      },
    };
  }

  function progressOfParcel(parcelId: string): NonNullable<LoadingScan['found']>['progress'] {
    const rows = store.handovers.ofParcel(parcelId);
    const of = (kind: 'scan-form' | 'manifest') => {
      const states = rows.filter((row) => row.kind === kind).map((row) => row.state);
      return states.find((state) => state !== 'failed') ?? (states.length > 0 ? 'failed' : 'none');
    };
    return { 'scan-form': of('scan-form'), manifest: of('manifest') };
  }

  return {
    view() {
      const open = store.loadings.current();
      if (open === null) return null;
      return {
        ...{ id: open.id, vendor: open.vendor, vendorName: nameOf(open.vendor) },
        state: open.state === 'finishing' ? 'finishing' : 'loading',
        ...{ expected: open.expected, loaded: open.loaded },
        ...{ parcelsExpected: open.parcelsExpected, parcelsLoaded: open.parcelsLoaded, startedAt: open.startedAt },
        missing: store.loadings
          .missing(open.id, mostMissing)
          .map(({ kind, itemId, number, parcels }) => ({ kind, id: itemId, number, parcels })),
      };
    },
    act: (order) => (order.action === 'start' ? start(order.vendor) : end(order)),
    scan(code, raw, source) {
      const open = store.loadings.current();
      if (open === null) return no(notice('day.load-none', 'warn'));
      if (open.state !== 'loading') return no(notice('day.load-finishing', 'warn'));
      const { found, facts, inBag } = look(code, open);
      const item = found === null ? null : store.loadings.item(open.id, found.kind, found.id);
      const verdict = judgeLoading({
        ...{ vendor: open.vendor, found: facts, documents: takesDocuments(open.vendor) },
        loaded: item !== null && item.loadedAt !== null,
      });
      const number = found?.number ?? code.slice(0, 100);
      const words = (reason: string, tone: Notice['tone']): Notice =>
        notice(`day.load-${reason}`, tone, {
          ...{
            number,
            carrier: nameOf(open.vendor),
            other: facts === null ? '' : nameOf(facts.vendor),
            bag: inBag ?? '',
          },
        });
      if (verdict !== null || found === null) {
        const reason = verdict ?? 'unknown';
        const parcel = found?.kind === 'parcel' ? { parcelId: found.id } : {};
        store.events.append('loading-refused', parcel, {
          ...{ loadingId: open.id, vendor: open.vendor, number, reason, scan: { raw: raw.slice(0, 200), source } },
        });
        if (reason === 'already') return no(words(reason, 'warn'), 'twice');
        return no(words(reason, 'stop'), 'stop');
      }
      const { loaded, expected } = store.transaction(() => {
        // Pushed or labelled after the loading began.
        if (item === null) {
          store.loadings.expect(open.id, [{ kind: found.kind, itemId: found.id, number, parcels: found.parcels }]);
        }
        store.loadings.load(open.id, found.kind, found.id, clock.now());
        const parcel = found.kind === 'parcel' ? { parcelId: found.id } : {};
        store.events.append('loading-scanned', parcel, {
          ...{ loadingId: open.id, vendor: open.vendor, kind: found.kind, number, parcels: found.parcels },
          scan: { raw: raw.slice(0, 200), source },
        });
        return store.loadings.get(open.id) ?? open;
      });
      const params = { number, loaded, expected, left: expected - loaded, carrier: nameOf(open.vendor), missing: 0 };
      const counted = { ...open, loaded, expected };
      const now = loaded < expected && expected - loaded <= fewMissing ? dropGone(counted) : counted;
      if (now.loaded < now.expected) return yes(notice('day.load-scanned', 'ok', params), 'item');
      finish(now, 'end', '');
      return yes(notice('day.load-done', 'ok', params), 'done');
    },
    undo() {
      const open = store.loadings.current();
      const last = open === null || open.state !== 'loading' ? null : store.loadings.lastLoaded(open.id);
      if (open === null || last === null) return no(notice('day.load-undo-none', 'warn'));
      store.transaction(() => {
        store.loadings.unload(open.id, last);
        const parcel = last.kind === 'parcel' ? { parcelId: last.itemId } : {};
        store.events.append('loading-undone', parcel, { loadingId: open.id, vendor: open.vendor, number: last.number });
      });
      return yes(notice('day.load-undone', 'info', { number: last.number }), 'item');
    },
    resume() {
      if (store.loadings.current()?.state === 'finishing') later();
    },
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };

  /** Nothing waits for what was voided, bagged or handed over since the loading began. The loading as it is then. */
  function dropGone(open: LoadingRecord): LoadingRecord {
    const gone = store.loadings.missing(open.id, mostMissing).filter((item) => {
      if (item.kind === 'bag') {
        const bag = store.bags.get(item.itemId);
        return bag === null || bag.state !== 'closed' || bag.handedOver;
      }
      const place = store.bags.placeOf(item.itemId);
      return place === null || place.bagId !== null || place.handedOverAt !== null;
    });
    if (gone.length === 0) return open;
    return store.transaction(() => {
      for (const item of gone) store.loadings.drop(open.id, item);
      return store.loadings.get(open.id) ?? open;
    });
  }
}
