/**
 * The bag on the scale: weighed against its content, closed in one transaction with everything the carrier is to be told,
 * or asked about. Nothing here needs the network.
 */
import { nextBagState } from '../../domain/bag.ts';
import { checkBagWeight, type BagWeighing } from '../../domain/bag-weight.ts';
import type { BagContent, BagMention } from '../../domain/documents.ts';
import type { BagRecord } from '../../store/bags.ts';
import { no, notice, yes, type Answer } from '../answer.ts';
import { newDocumentJob } from '../document-job.ts';
import { inWords } from '../people.ts';
import type { BagContext, Mismatch } from './bag-context.ts';
import { printLabelIfReady } from './bag-labels.ts';
import { bagLane, bagPlaces, earlierBagsVoid, hasEarlierBag } from './bag-lane.ts';
import { choose } from './opening.ts';

/** Loose parcels of the route that are compared with a bag that is too heavy. */
const mostOutside = 200;

/** What keeps a weight from being had at all, rather than for now. */
const noWeight = new Set(['weight.no-scale', 'weight.silent', 'weight.noise', 'weight.stale']);

/** Waits for the bag on the scale; takes its weight at once if it lies there. */
export function beginClosing(bags: BagContext, bag: BagRecord): Answer {
  const { session, weigher } = bags;
  const { number } = bag;
  if (bag.state !== 'open') return no(notice('bag.not-open', 'warn', { number }));
  if (nextBagState(bag, 'close') === null) return no(notice('bag.empty', 'warn', { number }));
  choose(bags, bag);
  session.mismatch = null;
  session.recount = null;
  session.mode = 'weigh';
  weigher.loadOpened(bag.id);
  const given = weighBag(bags);
  if (given !== null) return given;
  if (weigher.judgeLoad().reason?.code === 'weight.no-scale') {
    weigher.loadClosed();
    session.mode = 'put-in';
    session.mismatch = unweighed(bag);
    return no(notice('bag.no-scale', 'ask', { number }), 'ask');
  }
  return yes(notice('bag.next-weigh', 'info', { number }), 'item');
}

/** The scale shows something: closes the bag that waits for it, or says what is wrong. Null if the weight is not there yet. */
export function weighBag(bags: BagContext): Answer | null {
  const { store, session, weigher, limits } = bags;
  const bag = session.mode === 'weigh' && session.chosenId !== null ? store.bags.get(session.chosenId) : null;
  if (bag === null || bag.state !== 'open') return null;
  const { usable, grams } = weigher.judgeLoad();
  if (!usable || grams === null) return null;
  const tolerance = { fixedG: limits.toleranceFixedG, divisionG: limits.divisionG };
  const content = store.bags.parcels(bag.id);
  const outside = store.bags.looseOf(bag.route, mostOutside);
  const weighing = checkBagWeight(content, bag.tareG, grams, outside, tolerance);
  if (weighing.mismatch === null) return closeBag(bags, bag, grams, weighing, '');
  session.mode = 'put-in';
  weigher.loadClosed();
  session.mismatch = { bagId: bag.id, foundG: grams, ...weighing };
  const { expectedG, differenceG, toleranceG, mismatch } = weighing;
  bags.record(
    'bag-weight-refused',
    {},
    { bag: bag.number, bagId: bag.id, foundG: grams, expectedG, toleranceG: Math.round(toleranceG), ...mismatch },
  );
  const params = { number: bag.number, foundG: grams, expectedG, byG: Math.abs(differenceG) };
  return no(notice(mismatchWords[mismatch.cause], 'stop', params), 'ask');
}

const mismatchWords = {
  'one-too-few': 'bag.weight-one-too-few',
  'one-too-many': 'bag.weight-one-too-many',
  'several-too-few': 'bag.weight-several-too-few',
  'several-too-many': 'bag.weight-several-too-many',
  unclear: 'bag.weight-unclear',
} as const;

/** A supervisor takes the wrong weight, or closes without one where there is no scale. */
export function closeAnyway(bags: BagContext, bag: BagRecord, reason: string): Answer {
  const { session, people, weigher } = bags;
  const command = 'close-anyway';
  const waitsInVain =
    session.mode === 'weigh' && session.chosenId === bag.id && noWeight.has(weigher.judgeLoad().reason?.code ?? '');
  const asked = session.mismatch?.bagId === bag.id ? session.mismatch : waitsInVain ? unweighed(bag) : null;
  if (asked === null || nextBagState(bag, 'close') === null) {
    return no(notice('bag.weigh-first', 'warn', { number: bag.number }));
  }
  if (!people.mayOverride()) return no(notice('people.supervisor-needed', 'ask', { command }), 'ask');
  if (reason === '') return no(notice('scan.reason-needed', 'ask', { command }), 'ask');
  const given = closeBag(bags, bag, asked.foundG, { ...asked, blind: false }, reason);
  people.overrideUsed();
  return given;
}

function unweighed(bag: BagRecord): Mismatch {
  const expectedG = bag.parcelsWeightG + bag.tareG;
  return { bagId: bag.id, expectedG, foundG: null, differenceG: 0, toleranceG: 0, mismatch: null };
}

function closeBag(
  bags: BagContext,
  bag: BagRecord,
  grossWeightG: number | null,
  { expectedG, differenceG, toleranceG, blind }: BagWeighing,
  overrideReason: string,
): Answer {
  const { store, clock, session, weigher, people } = bags;
  const at = clock.now();
  const effects = bags.effects(bag.route.vendor);
  const supervisor = overrideReason === '' ? null : (people.supervisor() ?? people.current());
  store.transaction(() => {
    const closed = { state: 'closed', closedAt: at, grossWeightG } as const;
    store.bags.change(bag.id, { ...closed, label: effects.createBag === undefined ? 'own' : 'waiting' });
    planJobs(bags, bag, grossWeightG, at);
    if (grossWeightG !== null) weigher.rememberWeight(grossWeightG);
    bags.record(
      'bag-closed',
      {},
      {
        ...{ bag: bag.number, bagId: bag.id, parcels: bag.parcels, netG: bag.parcelsWeightG, grossG: grossWeightG },
        ...{ expectedG, differenceG, toleranceG: Math.round(toleranceG) },
        ...(overrideReason === '' ? {} : { overrideReason }),
        ...(supervisor === null ? {} : { supervisor: inWords(supervisor) }),
      },
    );
  });
  weigher.loadClosed();
  session.mode = 'put-in';
  session.mismatch = null;
  session.recount = null;
  bags.changed(bag.id);
  printLabelIfReady(bags, bag.id);
  bags.poke();
  const params = { number: bag.number, count: bag.parcels, grossG: grossWeightG ?? 0 };
  if (grossWeightG === null) return yes(notice('bag.closed-unweighed', 'warn', params), 'sealed');
  return yes(notice(blind ? 'bag.closed-blind' : 'bag.closed', blind ? 'warn' : 'ok', params), 'sealed');
}

/** What the carrier is told of a closed bag, in the closing transaction. */
function planJobs(bags: BagContext, bag: BagRecord, grossWeightG: number | null, at: number): void {
  const { store, ids } = bags;
  const { vendor, service, destination } = bag.route;
  const { createBag, bagLabel } = bags.effects(vendor);
  if (createBag === undefined) return;
  const parcels = store.bags.documentParcels(bag.id);
  const content: BagContent = {
    bagId: bag.id,
    reference: bag.number,
    service,
    destination,
    grossWeightG,
    netWeightG: bag.parcelsWeightG,
    parcels,
  };
  const common = { vendor, lane: bagLane(bag.id) };
  const inside = parcels.map((parcel) => parcel.parcelId);
  const heldBy = hasEarlierBag(store, vendor, inside) ? earlierBagsVoid : null;
  const create = { ...common, operation: 'createBag', effect: createBag, laneSeq: bagPlaces.createBag } as const;
  store.jobs.insert(newDocumentJob(ids, { ...create, payload: content, heldBy }, at));
  if (bagLabel === undefined) return;
  const mention: BagMention = { bagId: bag.id, reference: bag.number, reason: '' };
  const label = { ...common, operation: 'bagLabel', effect: bagLabel, laneSeq: bagPlaces.bagLabel } as const;
  store.jobs.insert(newDocumentJob(ids, { ...label, payload: mention, heldBy: null }, at));
}
