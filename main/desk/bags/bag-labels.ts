/** The label of a closed bag: out of the printer, onto the sack, and read off it. */
import type { Artwork } from '../../domain/shipping.ts';
import { sameCode } from '../../domain/scan.ts';
import type { BagLabelFacts, LabelTarget } from '../../labels/index.ts';
import type { BagRecord } from '../../store/bags.ts';
import type { BagPrintKind, Store } from '../../store/store.ts';
import { no, notice, yes, type Answer } from '../answer.ts';
import { newDocumentJob } from '../document-job.ts';
import type { PreparedOrHeld } from '../label-stock.ts';
import { labelNumber, type BagContext } from './bag-context.ts';
import { bagPlaces, jobsOf } from './bag-lane.ts';

/** What the label room offers. `prepare` reads the artwork back and refuses one without the bag's number. */
export interface BagLabelMaker {
  prepare(artwork: Artwork, number: string, target: LabelTarget): Promise<PreparedOrHeld>;
  bagLabel(facts: BagLabelFacts, target: LabelTarget): Promise<PreparedOrHeld>;
}

/** Bytes of a bag's label or tag. Rejects only if the label service was stopped. */
export function bagLabelBytes(options: {
  readonly store: Store;
  readonly maker: BagLabelMaker;
  readonly deskId: string;
  vendorName(id: string): string;
}): (bag: BagRecord, kind: BagPrintKind, target: LabelTarget) => Promise<PreparedOrHeld> {
  const { store, maker, deskId } = options;
  return (given, kind, target) => {
    const bag = store.bags.get(given.id) ?? given;
    const { vendor, service, destination } = bag.route;
    const common = { destination, carrier: options.vendorName(vendor), service: service ?? '', deskId };
    if (kind === 'bag-tag') {
      const open = { parcels: null, grossG: null, netG: null, closedAt: null };
      return maker.bagLabel({ ...common, ...open, bagNumber: bag.number }, target);
    }
    const artwork = bag.artworkSha256 === null ? null : store.parcels.getArtwork(bag.artworkSha256);
    if (bag.label === 'carrier' && artwork !== null) return maker.prepare(artwork, labelNumber(bag), target);
    const facts = {
      ...common,
      bagNumber: labelNumber(bag),
      parcels: bag.parcels,
      grossG: bag.grossWeightG,
      netG: bag.parcelsWeightG,
      closedAt: bag.closedAt,
    };
    return maker.bagLabel(facts, target);
  };
}

/**
 * Prints the label of a closed bag the first time it may; after a held one only when it was fetched anew (`again`).
 */
export function printLabelIfReady(bags: BagContext, bagId: string, again = false): void {
  const bag = bags.store.bags.get(bagId);
  if (bag?.state !== 'closed' || bag.handedOver || bag.labelVerifiedAt !== null) return;
  if (bag.label !== 'carrier' && bag.label !== 'own') return;
  const last = bags.printing.latestOfBag(bagId, 'bag');
  if (last !== null && !(again && last.state === 'not-printed')) return;
  print(bags, bag, '');
}

function print(bags: BagContext, bag: BagRecord, reason: string): number {
  const copy = bags.printing.nextCopyOfBag(bag.id, 'bag');
  bags.printing.requestBag(bag, 'bag', copy, reason);
  bags.changed(bag.id);
  return copy;
}

/** The label was read off the sack. Null if this is not what is waited for. */
export function scanBagLabel(bags: BagContext, bag: BagRecord, code: string): Answer | null {
  const { store, printing, clock } = bags;
  if (bag.state !== 'closed' || bag.labelVerifiedAt !== null || bag.handedOver) return null;
  const label = printing.latestOfBag(bag.id, 'bag');
  const maybeOut = label?.state === 'sending' || label?.state === 'printed' || label?.state === 'unknown';
  if (label === null || !maybeOut || !sameCode(code, labelNumber(bag))) return null;
  if (label.state === 'unknown') {
    printing.settle(label.id, { state: 'printed', message: 'scanned', detail: { by: 'scan' } });
    bags.resumePrinter();
  }
  store.transaction(() => {
    store.bags.change(bag.id, { labelVerifiedAt: clock.now() });
    bags.record('bag-label-verified', {}, { bag: bag.number, bagId: bag.id, label: labelNumber(bag) });
  });
  bags.session.chosenId = bag.id;
  bags.changed(bag.id);
  return yes(notice('bag.label-ok', 'ok', { number: bag.number, label: labelNumber(bag) }), 'done');
}

export function labelHere(bags: BagContext, bag: BagRecord): Answer | null {
  const label = bags.printing.latestOfBag(bag.id, 'bag');
  if (label?.state !== 'unknown') return null;
  bags.printing.settle(label.id, { state: 'printed', message: 'said by the packer', detail: { by: 'packer' } });
  bags.resumePrinter();
  bags.changed(bag.id);
  return yes(notice('print.printed', 'info'), 'item');
}

export function noLabel(bags: BagContext, bag: BagRecord, reason: string): Answer | null {
  const label = bags.printing.latestOfBag(bag.id, 'bag');
  if (label?.state !== 'unknown') return null;
  const said = reason || 'the packer says no label came out';
  bags.printing.settle(label.id, { state: 'not-printed', message: said, detail: { by: 'packer', reason: said } });
  bags.resumePrinter();
  return yes(notice('print.reprint', 'info', { copy: print(bags, bag, said) }), 'item');
}

/** Another copy, for a reason; it is to be scanned like the first. */
export function reprintLabel(bags: BagContext, bag: BagRecord, reason: string): Answer | null {
  const { store, printing } = bags;
  if (bag.state === 'open' && bags.limits.tags) {
    const copy = printing.nextCopyOfBag(bag.id, 'bag-tag');
    printing.requestBag(bag, 'bag-tag', copy, reason);
    return yes(notice('print.reprint', 'info', { copy }), 'item');
  }
  const label = printing.latestOfBag(bag.id, 'bag');
  if (bag.state !== 'closed' || bag.handedOver) return null;
  if (label?.state !== 'printed' && label?.state !== 'unknown') return null;
  if (reason === '') return no(notice('scan.reason-needed', 'ask', { command: 'reprint' }), 'ask');
  if (bag.labelVerifiedAt !== null) store.bags.change(bag.id, { labelVerifiedAt: null });
  return yes(notice('print.reprint', 'info', { copy: print(bags, bag, reason) }), 'item');
}

/** The bag's printer was paused for unknown labels, and the packer has looked at it. Null if it is not paused. */
export function goOn(bags: BagContext, bag: BagRecord, reason: string): Answer | null {
  const label = bags.printing.latestOfBag(bag.id, 'bag');
  if (label?.state !== 'claimed') return null;
  if (!bags.printing.goOn(label.printerId, reason || 'the packer looked at it')) return null;
  bags.resumePrinter();
  bags.changed(bag.id);
  return yes(notice('printer.goes-on', 'info'), 'item');
}

/**
 * A label that may not be printed is asked for again, once; what the carrier then gives a second time and still cannot be
 * read is as good as none, and the desk draws its own.
 */
export function retryLabel(bags: BagContext, bag: BagRecord): Answer | null {
  const { store, ids, clock } = bags;
  if (bag.state !== 'closed' || bags.printing.latestOfBag(bag.id, 'bag')?.state !== 'not-printed') return null;
  const { number } = bag;
  const fetched = jobsOf(store, bag.id).filter((job) => job.operation === 'bagLabel');
  const last = fetched.at(-1);
  if (bag.label === 'carrier' && last !== undefined && fetched.length < 2) {
    store.transaction(() => {
      store.bags.change(bag.id, { label: 'waiting', artworkSha256: null });
      const { vendor, operation, effect, lane, payload = null } = last;
      const planned = { vendor, operation, effect, lane, payload, laneSeq: bagPlaces.bagLabel + 1, heldBy: null };
      store.jobs.insert(newDocumentJob(ids, planned, clock.now()));
      bags.record('bag-label-refetched', {}, { bag: number, bagId: bag.id });
    });
    bags.changed(bag.id);
    bags.poke();
    return yes(notice('bag.next-wait-label', 'info', { number, carrier: bags.vendorName(bag.route.vendor) }), 'item');
  }
  if (bag.label === 'carrier') {
    store.transaction(() => {
      store.bags.change(bag.id, { label: 'own' });
      bags.record('bag-label-redrawn', {}, { bag: number, bagId: bag.id });
    });
  }
  print(bags, store.bags.get(bag.id) ?? bag, '');
  return yes(notice('bag.next-wait-label', 'info', { number, carrier: bags.vendorName(bag.route.vendor) }), 'item');
}
