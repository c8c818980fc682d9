/**
 * Big bags, after the shift's parcels are labelled: a mixed stream of parcels scanned into the bag of its route, bags
 * weighed and closed with the line cut, labelled and scanned back once it is up again, and one bag voided and opened again.
 * What is to be done is read from the records each time, so that a run goes on where another was killed.
 */
import type { BagCommand, BagsSnapshot, BagView, ScanFeedback } from '../../../../../preload/contract/index.ts';
import type { Client, StationContract } from '../../../../../preload/rpc/index.ts';
import { sameRoute } from '../../../../domain/bag.ts';
import type { BagRecord } from '../../../../store/bags.ts';
import type { ParcelRecord } from '../../../../store/store.ts';
import { follow, PackerError, type Screen } from './follow.ts';
import type { ShiftOptions } from './shift.ts';

export interface BagPartOptions extends ShiftOptions {
  readonly client: Client<StationContract>;
  /** Parcels of this carrier go into big bags. */
  takesBags(vendor: string): boolean;
  isVirtual(vendor: string): boolean;
  /** A bag may be voided at this carrier, to show it. */
  mayVoid(vendor: string): boolean;
  /** Keeps what the packer had to leave, with the reason. */
  leave(number: string, reason: string): void;
}

const closeLimitMs = 30_000;
const labelLimitMs = 60_000;
/** With fewer parcels to bag the line stays up. */
const fewestToCut = 4;
const mostBags = 5_000;
const voidReason = 'demo: to show that a bag can be voided and opened again';
/** Why a bag is given up whose carrier has no interface for it; the next run reads it from the records. */
const noBagsReason = 'demo: the carrier takes no big bags';
const asksForBag = new Set([
  ...['bag.refused-no-bag', 'bag.refused-no-route', 'bag.refused-wrong-route'],
  ...['bag.refused-full-count', 'bag.refused-full-weight'],
]);

/** Resolves with the time the line was cut, in milliseconds. */
export async function workBags(options: BagPartOptions): Promise<number> {
  const { line, clock, say } = options;
  const screen = follow(options.client, clock, 'bags', (now) => `${now.mode}, ${now.next.code}`);
  const part: Part = { ...options, screen, given: new Set() };
  let offlineMs = 0;
  try {
    // What the last run voided and did not open again holds the parcels that are scanned next.
    await reopenVoided(part);
    const loose = looseParcels(part);
    const cut = loose.length >= fewestToCut;
    const cutAt = clock.monotonic();
    if (cut) {
      say('the network is cut');
      line.set(false);
    }
    try {
      await putAllIn(part, loose);
      await closeAll(part);
    } finally {
      if (cut) {
        offlineMs = clock.monotonic() - cutAt;
        line.set(true);
        say('the network is back');
      }
    }
    await labelAll(part);
    await voidOne(part);
    await reopenVoided(part);
    await closeAll(part);
    await labelAll(part);
    return offlineMs;
  } finally {
    screen.stop();
  }
}

interface Part extends BagPartOptions {
  readonly screen: Screen<BagsSnapshot>;
  /** Bags the packer gave up in this run. */
  readonly given: Set<string>;
}

/** Carriers that turned out to have no big bags, in this run or an earlier one. */
export function carriersWithoutBags({ store }: Pick<ShiftOptions, 'store'>): ReadonlySet<string> {
  const given = store.bags.listRecent(mostBags).filter((bag) => bag.voidReason === noBagsReason);
  return new Set(given.map((bag) => bag.route.vendor));
}

const isBagged = (part: Pick<Part, 'takesBags' | 'store'>, vendor: string): boolean =>
  part.takesBags(vendor) && !carriersWithoutBags(part).has(vendor);

async function shown({ screen }: Part, answer: ScanFeedback): Promise<ScanFeedback> {
  await screen.until('the answer on the bags screen', (now) => (now.last?.seq ?? 0) >= answer.seq, 5_000);
  return answer;
}

const scan = async (part: Part, code: string): Promise<ScanFeedback> =>
  shown(part, await part.client.call('bags.scan', { code, source: 'demo' }));

const tell = async (part: Part, command: BagCommand, bagId: string | null, reason = ''): Promise<ScanFeedback> =>
  shown(part, await part.client.call('bags.command', { command, bagId, reason }));

/** One bag's work; what goes wrong with it is left to a person, and the next bag goes on. */
async function guarded(part: Part, bag: Pick<BagRecord, 'id' | 'number'>, work: () => Promise<void>): Promise<void> {
  if (part.given.has(bag.id)) return;
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PackerError)) throw error;
    part.say(`${bag.number}: ${error.message}`);
    part.given.add(bag.id);
    part.leave(bag.number, error.message);
  }
}

/** Labelled parcels of carriers that take bags, in the order in which they were sealed: routes as they come. */
function looseParcels(part: Part): ParcelRecord[] {
  const { store } = part;
  return store.bags
    .loose()
    .filter(({ route, parcels }) => parcels > 0 && isBagged(part, route.vendor))
    .flatMap(({ route }) => store.bags.looseOf(route, mostBags))
    .flatMap(({ parcelId }) => store.parcels.get(parcelId) ?? [])
    .sort((a, b) => a.sealedAt - b.sealedAt);
}

async function putAllIn(part: Part, parcels: readonly ParcelRecord[]): Promise<void> {
  const { say } = part;
  let showDuplicate = true;
  let showWrongRoute = true;
  for (const parcel of parcels) {
    const code = parcel.waybill ?? parcel.lpn;
    const foreign = showWrongRoute ? bagElsewhere(part, parcel) : undefined;
    if (foreign !== undefined) {
      showWrongRoute = false;
      await scan(part, foreign.number);
      const wrong = await scan(part, code);
      if (wrong.accepted) part.leave(parcel.facts.orderNumber, `it went into ${foreign.number}, which goes elsewhere`);
      else say(`${code}: meant for ${foreign.number}, ${wrong.notice.code}`);
    }
    let answer = await scan(part, code);
    if (!answer.accepted && asksForBag.has(answer.notice.code)) {
      say(`${code}: ${answer.notice.code}; opening a bag for ${String(answer.notice.params['route'] ?? 'it')}`);
      answer = await tell(part, 'open', null);
    }
    if (part.store.bags.placeOf(parcel.id)?.bagId == null) {
      say(`${code}: ${answer.notice.code}`);
      part.leave(parcel.facts.orderNumber, `the bagging place refused it: ${answer.notice.code}`);
      continue;
    }
    say(`${code}: in ${String(answer.notice.params['number'] ?? 'its bag')}`);
    if (!showDuplicate) continue;
    showDuplicate = false;
    const again = await scan(part, code);
    if (again.accepted) part.leave(parcel.facts.orderNumber, 'the bagging place took it twice');
    else say(`${code}: scanned twice, ${again.notice.code}`);
  }
}

/** An open bag of another route than the parcel's. */
function bagElsewhere({ store }: Part, parcel: ParcelRecord): BagRecord | undefined {
  const { vendor, service, facts } = parcel;
  const route = { vendor, service, destination: facts.receiver.country };
  return store.bags.listOpen().find((bag) => !sameRoute(bag.route, route));
}

async function closeAll(part: Part): Promise<void> {
  for (const bag of part.store.bags.listOpen()) {
    if (bag.parcels > 0 && part.takesBags(bag.route.vendor)) await guarded(part, bag, () => close(part, bag));
  }
}

async function close(part: Part, bag: BagRecord): Promise<void> {
  const { hands, screen, store, say } = part;
  await hands.clearScale();
  const asked = await tell(part, 'close', bag.id);
  if (!asked.accepted) throw new PackerError(`the bag was not taken to the scale: ${asked.notice.code}`);
  if (store.bags.get(bag.id)?.state === 'open') {
    say(`${bag.number}: put the bag on the scale`);
    await hands.weighBag(store.bags.parcels(bag.id), bag.tareG);
    try {
      await screen.until('the weight of the bag', (now) => now.mode !== 'weigh', closeLimitMs);
    } catch (error) {
      await tell(part, 'put-in', null);
      throw error;
    }
  }
  const closed = store.bags.get(bag.id);
  if (closed?.state !== 'closed') throw new PackerError('the bag does not weigh what its parcels do');
  say(`${bag.number}: closed with ${closed.parcels} parcels at ${closed.grossWeightG ?? '?'} g`);
  await hands.clearScale();
}

async function labelAll(part: Part): Promise<void> {
  for (const bag of part.store.bags.listClosed(null)) {
    if (bag.labelVerifiedAt === null && part.takesBags(bag.route.vendor)) {
      await guarded(part, bag, () => label(part, bag));
    }
  }
}

/** Waits for the label and scans it back; goes round again while there is something a packer can settle. */
async function label(part: Part, bag: BagRecord): Promise<void> {
  const { screen, store, say } = part;
  let retried = false;
  for (let round = 0; round < 6; round += 1) {
    const now = await screen.until(
      'the label of the bag',
      (snapshot) => {
        const seen = viewOf(snapshot, bag.id);
        return !['closing', 'label'].includes(seen?.stage ?? 'closing') || mayGoOn(seen);
      },
      labelLimitMs,
    );
    const view = viewOf(now, bag.id);
    if (view === null || store.bags.get(bag.id)?.labelVerifiedAt != null) return;
    if (mayGoOn(view)) {
      say(`${bag.number}: the printer is paused; looked at it, going on`);
      await tell(part, 'retry', bag.id, 'looked at the printer');
      continue;
    }
    if (view.stage === 'attention') {
      if (await giveUpUnknown(part, bag, view)) return;
      const words = `${view.notice?.code ?? 'stopped'} ${JSON.stringify(view.notice?.params ?? {})}`;
      if (retried) throw new PackerError(words);
      retried = true;
      say(`${bag.number}: ${words}; trying once more`);
      const answer = await tell(part, 'retry', bag.id, 'once more');
      if (!answer.accepted) throw new PackerError(words);
      continue;
    }
    await scanBack(part, bag, view);
  }
  if (store.bags.get(bag.id)?.labelVerifiedAt == null) throw new PackerError('the label did not come out in six tries');
}

/** Two labels in a row were unknown, and the printer waits until somebody has looked at it. */
function mayGoOn(view: BagView | null): boolean {
  return view?.stage === 'label' && String(view.notice?.params['reasons']).includes('printer.paused-unknown');
}

function viewOf(snapshot: BagsSnapshot, bagId: string): BagView | null {
  return snapshot.waiting.find((bag) => bag.id === bagId) ?? null;
}

/**
 * A real carrier may have no big bags, or have them at another address; no page of it says. One that refuses the first bag
 * it hears of gets no more: it has none, so ours is given up and its parcels leave without. True if that is so.
 */
async function giveUpUnknown(part: Part, bag: BagRecord, view: BagView): Promise<boolean> {
  const { store, say } = part;
  const { vendor } = bag.route;
  const job = view.jobId === null ? null : store.jobs.get(view.jobId);
  if (part.isVirtual(vendor) || job?.operation !== 'createBag' || job.state !== 'rejected') return false;
  if (store.bags.listRecent(mostBags).some((each) => each.route.vendor === vendor && each.vendorBagNumber !== null)) {
    return false;
  }
  say(`${bag.number}: ${vendor} takes no big bags (${job.lastError?.message ?? 'refused'}); its parcels leave without`);
  await tell(part, 'void', bag.id, noBagsReason);
  return true;
}

async function scanBack(part: Part, bag: BagRecord, view: BagView): Promise<void> {
  const { hands, store, say } = part;
  const print = store.prints.listByBag(bag.id).findLast((each) => each.kind === 'bag');
  if (print === undefined) throw new PackerError('the screen asks for a label that was never printed');
  const seen = await hands.label(print.id, print.state === 'unknown' ? 3_000 : 20_000);
  if (seen === null && print.state === 'unknown') {
    say(`${bag.number}: no label came out; printing again`);
    await tell(part, 'no-label', bag.id, 'nothing in the tray');
    return;
  }
  const code = seen?.codes.find((each) => each === view.label?.number) ?? seen?.codes[0];
  if (code === undefined) throw new PackerError('the label that came out carries no barcode that can be read');
  const answer = await scan(part, code);
  if (!answer.accepted) throw new PackerError(`the bagging place refused the label ${code}: ${answer.notice.code}`);
  say(`${bag.number}: labelled as ${code}`);
}

/** Once in a data folder: a labelled bag that is in no document yet. */
async function voidOne(part: Part): Promise<void> {
  const { store, say } = part;
  if (store.bags.listRecent(mostBags).some((bag) => bag.voidReason === voidReason)) return;
  const isFree = (bag: BagRecord): boolean => {
    const inside = store.bags.parcels(bag.id).map((parcel) => parcel.parcelId);
    return (['scan-form', 'manifest'] as const).every(
      (kind) => store.handovers.free(kind, inside).length === inside.length,
    );
  };
  const bag = store.bags
    .listClosed(null)
    .find((each) => each.vendorBagNumber !== null && part.mayVoid(each.route.vendor) && isFree(each));
  if (bag === undefined) return;
  await guarded(part, bag, async () => {
    const answer = await tell(part, 'void', bag.id, voidReason);
    if (!answer.accepted) throw new PackerError(`the bag was not voided: ${answer.notice.code}`);
    say(`${bag.number}: voided`);
  });
}

async function reopenVoided(part: Part): Promise<void> {
  const { store, say } = part;
  for (const bag of store.bags.listVoided(mostBags)) {
    if (bag.voidReason !== voidReason) continue;
    await guarded(part, bag, async () => {
      const answer = await tell(part, 'reopen', bag.id, 'demo: voided by mistake');
      if (!answer.accepted) throw new PackerError(`the bag was not opened again: ${answer.notice.code}`);
      say(`${bag.number}: opened again as ${String(answer.notice.params['number'] ?? '?')}`);
    });
  }
}
