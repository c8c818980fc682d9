/**
 * The end of the day: scan form and manifest pushed and followed to their results, a node of the flight, the printed list,
 * and everything scanned onto the truck. Read from the records each time, like the bags before it.
 */
import { ContractError } from '../../../../../preload/contract/index.ts';
import type {
  DaySnapshot,
  FlightForm,
  HandoverCarrier,
  HandoverDetailsForm,
  HandoverView,
} from '../../../../../preload/contract/index.ts';
import { carriersWithoutBags, type BagPartOptions } from './bagging.ts';
import { follow, PackerError, type Screen } from './follow.ts';

const resultLimitMs = 90_000;
const stepLimitMs = 30_000;

/** Invented, like everything of training. */
const sampleDetails: HandoverDetailsForm = {
  ...{ handoverNumber: 'TRUCK-1', contactName: 'Packbench Training', company: 'Training', email: '' },
  ...{ phone: '0571-88880000', mobile: '13800000000', country: 'CN', state: 'Zhejiang', city: 'Hangzhou' },
  ...{ postcode: '310000', houseNumber: '1', street: 'Xueyuan Road', address: '1 Xueyuan Road' },
};

interface Day extends BagPartOptions {
  readonly screen: Screen<DaySnapshot>;
  /** Carriers that take no bags, or turned out to. */
  readonly withoutBags: ReadonlySet<string>;
}

export async function closeDay(options: BagPartOptions): Promise<void> {
  const screen = follow(options.client, options.clock, 'day', (now) => now.next.code);
  const day: Day = { ...options, screen, withoutBags: carriersWithoutBags(options) };
  try {
    const { carriers } = await look(day);
    for (const carrier of carriers) {
      for (const kind of carrier.kinds) await guarded(day, carrier.vendor, () => push(day, carrier, kind));
    }
    for (const carrier of carriers) await guarded(day, carrier.vendor, () => finishDocuments(day, carrier));
    await guarded(day, 'loading', () => finishLoading(day));
    for (const { vendor } of carriers) {
      await guarded(day, vendor, () => load(day, vendor));
    }
    leftBehind(day);
  } finally {
    screen.stop();
  }
}

async function guarded(day: Day, name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PackerError) && !(error instanceof ContractError)) throw error;
    day.say(`${name}: ${error.message}`);
    day.leave(name, error.message);
  }
}

/** The screen as it is now: a fresh subscription gives no picture of a moment ago. */
async function look({ client, clock }: Day): Promise<DaySnapshot> {
  const fresh = follow(client, clock, 'day', (now) => now.next.code);
  try {
    return await fresh.until('the screen of the end of the day', () => true, stepLimitMs);
  } finally {
    fresh.stop();
  }
}

async function push(day: Day, carrier: HandoverCarrier, kind: 'scan-form' | 'manifest'): Promise<void> {
  const { client, say } = day;
  const { vendor } = carrier;
  const looseToo = !carrier.bags || !day.takesBags(vendor) || day.withoutBags.has(vendor);
  const routes = (await look(day)).choices
    .filter(({ route, free }) => {
      const { bags, loose } = kind === 'scan-form' ? free.scanForm : free.manifest;
      return route.vendor === vendor && (bags > 0 || (looseToo && loose > 0));
    })
    .map(({ route: { service, destination } }) => ({ service, destination }));
  if (routes.length === 0 || wasRefused(day, vendor, kind)) return;
  // What was entered last stands on the screen.
  const details = carrier.details.contactName === '' ? sampleDetails : carrier.details;
  const flight = carrier.flight ?? sampleFlight(day);
  const pushed = await client.call('day.push', { kind, vendor, routes, bagIds: null, looseToo, details, flight });
  say(`${vendor}: ${kind} of ${pushed.parcels} parcels pushed`);
  for (const { orderNumber, notice } of pushed.leftOut) day.leave(orderNumber, notice.code);
}

/** Tomorrow's flight. */
function sampleFlight({ clock }: Day): FlightForm {
  const at = (hours: number): string =>
    `${new Date(clock.now() + 86_400_000).toISOString().slice(0, 10)} ${String(hours).padStart(2, '0')}:00:00`;
  return {
    ...{ airWaybill: '999-12345675', flightNumber: 'TR101', departsAt: at(10), arrivesAt: at(13) },
    ...{ departurePort: 'HGH', transitPort: '', arrivalPort: 'ICN', transitDepartsAt: '', transitArrivesAt: '' },
  };
}

/** A carrier that has no such interface refused the document; it is not asked again. */
function wasRefused({ store }: Pick<Day, 'store'>, vendor: string, kind: 'scan-form' | 'manifest'): boolean {
  return store.handovers
    .listRecent(200)
    .some((each) => each.vendor === vendor && each.kind === kind && isRefusedAddress({ store }, each.id));
}

/** The words of a web server that knows no such address are kept with each parcel of the document. */
function isRefusedAddress({ store }: Pick<Day, 'store'>, id: string): boolean {
  const [first] = store.handovers.page(id, { state: 'failed', offset: 0, limit: 1 }).rows;
  return first !== undefined && /\(HTTP 40[45]\)/.test(first.reason);
}

const documentsOf = (now: DaySnapshot, vendor: string): HandoverView[] =>
  now.documents.filter((each) => each.vendor === vendor);

async function finishDocuments(day: Day, carrier: HandoverCarrier): Promise<void> {
  const { screen, client, say, store } = day;
  const { vendor } = carrier;
  if (documentsOf(await look(day), vendor).length === 0) return;
  await screen.until(
    'the results of the carrier',
    (now) => documentsOf(now, vendor).every(({ stage }) => stage !== 'pushing' && stage !== 'waiting'),
    resultLimitMs,
  );
  for (const document of documentsOf(await look(day), vendor)) {
    const { id, kind, reference, stage, parcels, ok } = document;
    if (document.listsPrinted === 0) say(`${reference}: ${stage}, ${ok} of ${parcels} parcels`);
    if (stage === 'attention') day.leave(reference, document.notice.code);
    if (document.repeatable > 0) {
      if (isRefusedAddress({ store }, id)) {
        say(`${reference}: ${vendor} has no ${kind} at this address`);
        continue;
      }
      const failed = await client.call('day.get', { handoverId: id, state: 'failed' });
      for (const parcel of failed.parcels) {
        if (parcel.repeatedBy === null) day.leave(parcel.orderNumber, `${reference}: ${parcel.reason}`);
      }
    }
    if (stage !== 'through' && stage !== 'partial') continue;
    if (carrier.flightNodes && kind === 'manifest' && document.nodes.length === 0 && document.flight !== null) {
      await client.call('day.flight', { handoverId: id, node: 'departed', at: document.flight.departsAt });
      say(`${reference}: flight ${document.flight.flightNumber} departed`);
    }
    if (document.listsPrinted > 0) continue;
    const list = await client.call('day.printList', { handoverId: id });
    say(`${reference}: list ${list.outcome}`);
    if (list.outcome === 'not-printed') day.leave(reference, list.notice.code);
  }
}

async function load(day: Day, vendor: string): Promise<void> {
  const { client, say } = day;
  const here = (await look(day)).choices.some(({ route, parcels }) => route.vendor === vendor && parcels > 0);
  if (!here) return;
  const started = await client.call('day.loading', { action: 'start', vendor });
  if (!started.accepted) throw new PackerError(`loading did not begin: ${started.notice.code}`);
  say(`${vendor}: ${started.notice.code} ${String(started.notice.params['count'] ?? '')}`);
  await finishLoading(day);
}

/** Scans what is still to be scanned of the loading that is open, if there is one. It ends by itself. */
async function finishLoading(day: Day): Promise<void> {
  const { client, screen, say } = day;
  for (;;) {
    const { loading } = await look(day);
    if (loading === null) return;
    if (loading.state === 'finishing') {
      await screen.until('the loading to be written down', (now) => now.loading?.id !== loading.id, stepLimitMs);
      say(`${loading.vendor}: ${loading.parcelsLoaded} parcels handed over`);
      continue;
    }
    if (loading.missing.length === 0) {
      const action = loading.loaded === 0 ? 'cancel' : 'end';
      const ended = await client.call('day.loading', { action, reason: 'demo: nothing is left to be scanned' });
      if (!ended.accepted) throw new PackerError(`the loading did not end: ${ended.notice.code}`);
      continue;
    }
    for (const { number } of loading.missing) {
      const answer = await client.call('day.scan', { code: number, source: 'demo' });
      if (answer.accepted) continue;
      say(`${number}: ${answer.notice.code}`);
      day.leave(number, `refused at the truck: ${answer.notice.code}`);
      const ended = await client.call('day.loading', { action: 'end', reason: `demo: ${number} was refused` });
      if (!ended.accepted) throw new PackerError(`the loading did not end: ${ended.notice.code}`);
      break;
    }
  }
}

/** Labelled parcels that are still here, but for those of a carrier that turned out to have no scan form. */
function leftBehind(day: Day): void {
  const { store } = day;
  const still = (vendor: string): boolean =>
    !wasRefused(day, vendor, 'scan-form') && !wasRefused(day, vendor, 'manifest');
  for (const { route, parcels } of store.bags.loose()) {
    if (parcels === 0 || !still(route.vendor)) continue;
    for (const parcel of store.bags.looseOf(route, 500)) day.leave(parcel.orderNumber, 'it was not handed over');
  }
  for (const bag of [...store.bags.listOpen(), ...store.bags.listClosed(null)]) {
    if (bag.parcels > 0 && still(bag.route.vendor)) day.leave(bag.number, 'the bag was not handed over');
  }
}
