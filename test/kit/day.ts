/**
 * The end of the day for tests: real store and outbox, and a carrier that keeps what it was given. It takes an order
 * into one form of a kind only, so that a doubled push shows as a refusal or in `doubled`.
 */
import type { HandoverContent, HandoverMention } from '../../main/domain/documents.ts';
import type { Courier, DocumentCall, ReconcileOutcome, SendOutcome } from '../../main/domain/job.ts';
import { createDayDesk, type DayDesk } from '../../main/desk/handover/day-desk.ts';
import type { DayCarrier } from '../../main/desk/handover/day-context.ts';
import type { HandoverLists } from '../../main/desk/handover/list.ts';
import { createPeople } from '../../main/desk/people.ts';
import { createOutbox, type Outbox } from '../../main/outbox/outbox.ts';
import type { HandoverKind } from '../../main/store/handovers.ts';
import type { Store } from '../../main/store/store.ts';
import type { CallRequest, HandoverDetailsForm, Person } from '../../preload/contract/index.ts';
import { fixedRandom, silentLog } from './ports.ts';
import { aParcel, aPulledOrder, openTestStore, someFacts } from './store.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export const testDetails: HandoverDetailsForm = {
  ...{
    handoverNumber: 'T1',
    contactName: 'Li',
    company: '',
    email: '',
    phone: '1',
    mobile: '',
    country: 'us',
    state: '',
  },
  ...{ city: 'LA', postcode: '', houseNumber: '', street: '', address: 'add 123' },
};
export const testFlight = {
  ...{ airWaybill: '180-1', flightNumber: 'KE1', departsAt: '', arrivesAt: '', departurePort: '', transitPort: '' },
  ...{ arrivalPort: '', transitDepartsAt: '', transitArrivesAt: '' },
};

/**
 * What the next call of the carrier does, once. `lost-…`: it fails without an answer, before or after its effect; `hang-…`:
 * it never ends, as a call that a kill cuts off.
 */
export type CarrierFault = 'down' | 'lost-before' | 'lost-after' | 'hang-before' | 'hang-after' | 'refuse';

export interface TestCarrier extends Courier {
  /** Orders each document holds, by kind and reference. */
  readonly forms: Map<string, string[]>;
  /** Parcel orders (`HGE-<id>`) that fail in the result. */
  readonly failing: Set<string>;
  readonly faults: CarrierFault[];
  /** While true no result is there yet. */
  processing: boolean;
  /** Orders that were accepted into two forms of one kind. */
  doubled(): string[];
  readonly sent: DocumentCall[];
}

function createTestCarrier(): TestCarrier {
  const forms = new Map<string, string[]>();
  const kindOf = (call: DocumentCall): HandoverKind =>
    call.operation.startsWith('scanForm') ? 'scan-form' : 'manifest';
  const keyOf = (call: DocumentCall): string =>
    `${kindOf(call)} ${(call.payload as { readonly reference: string }).reference}`;
  const carrier: TestCarrier = {
    forms,
    failing: new Set(),
    faults: [],
    processing: false,
    sent: [],
    doubled() {
      const seen = new Set<string>();
      return [...forms].flatMap(([key, orders]) =>
        orders.filter((order) => {
          const each = `${key.split(' ')[0]} ${order}`;
          const twice = seen.has(each);
          seen.add(each);
          return twice;
        }),
      );
    },
    traits: (_vendor, operation) => ({
      effect: operation === 'scanForm' || operation === 'manifest' ? 'checkable' : 'safe',
      inFlightMs: 1_000,
      keyWindowMs: null,
    }),
    send(_vendor, request): Promise<SendOutcome> {
      if (request.facts !== null) throw new Error('this carrier is only asked about documents');
      carrier.sent.push(request);
      const fault = carrier.faults.shift();
      if (fault === 'down') return Promise.resolve({ kind: 'not-sent', code: 'line-down', message: 'no network' });
      const lost: SendOutcome = { kind: 'unknown', code: 'no-answer', message: 'no answer' };
      if (fault === 'lost-before') return Promise.resolve(lost);
      if (fault === 'hang-before') return new Promise(() => {});
      if (fault === 'refuse') return Promise.resolve({ kind: 'rejected', code: '400', message: 'not like this' });
      const outcome = answer(request);
      if (fault === 'hang-after') return new Promise(() => {});
      return Promise.resolve(fault === 'lost-after' ? lost : outcome);
    },
    reconcile(_vendor, request): Promise<ReconcileOutcome> {
      if (request.facts !== null) throw new Error('this carrier is only asked about documents');
      return Promise.resolve(forms.has(keyOf(request)) ? { kind: 'found', result: {} } : { kind: 'not-found' });
    },
  };
  const answer = (call: DocumentCall): SendOutcome => {
    if (call.operation === 'updateFlight') return { kind: 'done', result: {} };
    const key = keyOf(call);
    if (call.operation === 'scanForm' || call.operation === 'manifest') {
      if (forms.has(key)) return { kind: 'rejected', code: '301', message: 'this reference was used' };
      const { parcels } = call.payload as HandoverContent;
      // What fails is in no form of the carrier.
      forms.set(
        key,
        parcels.map((each) => each.vendorOrderNumber).filter((order) => !carrier.failing.has(order)),
      );
      return { kind: 'done', result: {} };
    }
    if (carrier.processing) {
      return { kind: 'throttled', retryAfterMs: 3_000, code: 'processing', message: 'at work', onlyThis: true };
    }
    const taken = new Set(forms.get(key) ?? []);
    const { parcels } = call.payload as HandoverMention;
    const rows = parcels.map(({ parcelId, vendorOrderNumber }) => {
      const ok = taken.has(vendorOrderNumber);
      return { parcelId, ok, reason: ok ? '' : 'intercepted' };
    });
    return { kind: 'done', result: { parcels: rows } };
  };
  return carrier;
}

export interface TestDay {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly carrier: TestCarrier;
  readonly outbox: Outbox;
  readonly day: DayDesk;
  /** A labelled parcel in no bag. */
  parcel(id: string, change?: { vendor?: string; country?: string; weightG?: number }): void;
  /** A closed bag with new parcels `<id>-0`, `<id>-1`, … that is labelled and known to the carrier. */
  bag(id: string, parcels: number, change?: { ready?: boolean; vendor?: string; grossWeightG?: number | null }): void;
  cancelOrder(parcelId: string): void;
  push(change?: Partial<CallRequest<'day.push'>>): ReturnType<DayDesk['push']>;
  /** Lets calls, answers and timers run. */
  run(ms?: number): Promise<void>;
  /** As after a kill: nothing of the old run goes on, everything is read from the file again. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

export const testCarriers: DayCarrier[] = [
  {
    id: 'hge',
    name: 'HGE',
    effects: {
      ...{ createBag: 'checkable', scanForm: 'checkable', scanFormResult: 'safe', manifest: 'checkable' },
      ...{ manifestResult: 'safe', updateFlight: 'safe' },
    },
    needs: {
      'scan-form': { details: ['handoverNumber', 'contactName'], flight: [] },
      manifest: { details: [], flight: ['airWaybill'] },
    },
  },
  {
    id: 'ane',
    name: 'ANE',
    effects: {},
    needs: { 'scan-form': { details: [], flight: [] }, manifest: { details: [], flight: [] } },
  },
];

const noLists: HandoverLists = {
  print: () => Promise.reject(new Error('no printer in this test')),
  file: () => Promise.reject(new Error('no printer in this test')),
};

export async function openTestDay(people: readonly Person[] = []): Promise<TestDay> {
  const clock = createVirtualClock();
  const opened = openTestStore({ clock });
  const carrier = createTestCarrier();
  let outbox: Outbox;
  let day: DayDesk;
  let dead = { is: false };

  function build(): void {
    const alive = { is: false };
    dead = alive;
    const { store } = opened;
    const courier: Courier = {
      ...carrier,
      // An answer to a call of a run that is over reaches nobody.
      send: (vendor, request) => (alive.is ? new Promise(() => {}) : carrier.send(vendor, request)),
      reconcile: (vendor, request) => (alive.is ? new Promise(() => {}) : carrier.reconcile(vendor, request)),
    };
    outbox = createOutbox({
      ...{ store, courier, clock, random: fixedRandom(), ids: opened.ids, log: silentLog },
      onDone: (job) => void day.jobDone(job),
      onChange: (job) => day.jobChanged(job),
    });
    day = createDayDesk({
      ...{ store, clock, ids: opened.ids, log: silentLog, deskId: 'D01', carriers: testCarriers },
      people: createPeople({ store, clock, people }),
      refusal: () => null,
      poke: () => outbox.poke(),
      redrive: (jobId) => outbox.redrive(jobId),
      settleByHand: (jobId, decision, result) => outbox.settleByHand(jobId, decision, result),
      lists: () => noLists,
    });
    outbox.onSettled((job) => day.jobSettled(job));
    store.onCommit(() => day.touch());
    day.restore();
    outbox.start();
  }
  build();
  await clock.settle();

  const route = { service: 'P10006', destination: 'US' };
  const test: TestDay = {
    get store() {
      return opened.store;
    },
    clock,
    carrier,
    get outbox() {
      return outbox;
    },
    get day() {
      return day;
    },
    parcel(id, { vendor = 'hge', country = 'US', weightG = 500 } = {}) {
      const { store } = opened;
      const { orderId } = store.orders.upsert('up', aPulledOrder({ vendorOrderId: `o-${id}`, number: `O-${id}` }));
      const facts = someFacts({ parcelId: id, reference: id, orderNumber: `O-${id}` });
      const given = { id, reference: id, lpn: `LPN-${id}`, vendor, service: 'P10006', weightG };
      store.parcels.insert(
        aParcel(orderId, { ...given, facts: { ...facts, receiver: { ...facts.receiver, country } } }),
      );
      store.parcels.setWaybill(id, `W-${id}`);
      store.parcels.setVerified(id, clock.now());
      store.jobs.insert({
        ...{ id: `place-${id}`, lane: id, laneSeq: 1, vendor, operation: 'placeOrder', effect: 'safe', facts },
        ...{ requestId: id, state: 'done', attempts: 1, notBefore: 0, heldBy: null, createdAt: 0, sentAt: 0 },
        ...{ firstSentAt: 0, lastError: null, result: { vendorOrderNumber: `HGE-${id}`, waybill: `W-${id}` } },
      });
    },
    bag(id, parcels, { ready = true, vendor = 'hge', grossWeightG = 500 * parcels + 250 } = {}) {
      const { bags } = opened.store;
      bags.insert({
        ...{ id, number: `BAG-D01-${id}`, route: { vendor, ...route }, tareG: 200, openedAt: 1, follows: null },
        limits: { maxParcels: 500, maxWeightG: 1_000_000 },
      });
      opened.store.transaction(() => {
        for (let n = 0; n < parcels; n += 1) {
          test.parcel(`${id}-${n}`, { vendor });
          bags.put(id, { parcelId: `${id}-${n}`, weightG: 500 }, 10 + n);
        }
      });
      bags.change(id, {
        ...{ state: 'closed', closedAt: 20, grossWeightG, vendorBagNumber: `BG-${id}`, label: 'carrier' },
        ...(ready ? { labelVerifiedAt: 21 } : {}),
      });
    },
    cancelOrder(parcelId) {
      const order = aPulledOrder({ vendorOrderId: `o-${parcelId}`, number: `O-${parcelId}`, state: 'cancelled' });
      opened.store.orders.upsert('up', order);
    },
    push: (change = {}) =>
      day.push({
        ...{ kind: 'scan-form', vendor: 'hge', routes: [route], bagIds: null, looseToo: true },
        ...{ details: testDetails, flight: testFlight },
        ...change,
      }),
    run: (ms = 60_000) => clock.advance(ms),
    async crash() {
      dead.is = true;
      day.stop();
      const stopping = outbox.stop();
      await clock.advance(30_000);
      await stopping;
      opened.reopen();
      build();
      await clock.settle();
    },
    async close() {
      day.stop();
      const stopping = outbox.stop();
      await clock.advance(30_000);
      await stopping;
      opened.remove();
    },
  };
  return test;
}
