/**
 * A bagging place for tests: the real one over a real database, with the real outbox and print ledger. The carrier, the
 * printer and the scale are the test's: they answer what it says. A restart opens the same file again.
 */
import { createBagDesk, type BagDesk } from '../../main/desk/bags/bag-desk.ts';
import { createPeople, type People } from '../../main/desk/people.ts';
import { createPrinting, type Printing } from '../../main/desk/printing.ts';
import { createVendorAnswers } from '../../main/desk/vendor-answers.ts';
import type { PrintOutcome } from '../../main/domain/device.ts';
import type { DocumentCall, EffectClass, ReconcileOutcome, SendOutcome } from '../../main/domain/job.ts';
import { createOutbox, type Outbox } from '../../main/outbox/outbox.ts';
import type { Clock } from '../../main/ports.ts';
import { parseProfile, type BagLimitsProfile } from '../../main/profile/profile.ts';
import type { Store } from '../../main/store/store.ts';
import type { BagsSnapshot, Notice, Person, ScanFeedback } from '../../preload/contract/index.ts';
import { seededRandom, silentLog } from './ports.ts';
import { aJob, aParcel, aPulledOrder, openTestStore, someFacts, type TestStore } from './store.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** A call at the carrier that waits for its answer. */
export interface CarrierCall {
  readonly call: DocumentCall;
  readonly asked: boolean;
  answer(outcome: SendOutcome | ReconcileOutcome): void;
}

export interface BagPlace {
  readonly opened: TestStore;
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly desk: BagDesk;
  readonly people: People;
  readonly printing: Printing;
  readonly outbox: Outbox;
  /** What lies on the scale; null shows nothing usable. */
  grams: number | null;
  /** What the scale says while nothing usable lies on it. */
  scaleSays: string;
  /** What the printer answers. */
  printer: PrintOutcome['kind'];
  /** Codes of the labels that came out. */
  readonly labels: string[];
  /** Calls that wait for an answer; empty while `carrier` answers by itself. */
  readonly calls: CarrierCall[];
  /** Answers at once; null lets calls wait in `calls`. */
  carrier: ((call: DocumentCall) => SendOutcome) | null;
  ask: ((call: DocumentCall) => ReconcileOutcome) | null;
  /** A labelled parcel of the carrier. */
  parcel(id: string, change?: ParcelChange): void;
  scan(code: string): ScanFeedback;
  /** The notice code of a scan or command. */
  code(code: string, reason?: string): string;
  snapshot(): BagsSnapshot;
  /** Puts this on the scale. */
  weigh(grams: number): ScanFeedback | null;
  /** Lets calls, answers and prints settle. */
  settle(): Promise<void>;
  /** The process dies and starts again on the same file. */
  restart(): void;
  remove(): void;
}

export interface ParcelChange {
  readonly weightG?: number;
  readonly vendor?: string;
  readonly service?: string;
  readonly country?: string;
  readonly labelled?: boolean;
  readonly accepted?: boolean;
}

const bagEffects = { createBag: 'checkable', bagLabel: 'safe', voidBag: 'checkable' } as const;

export function openBagPlace(
  options: {
    readonly limits?: Partial<BagLimitsProfile>;
    readonly people?: readonly Person[];
    /** False: this carrier takes no bags. */
    readonly takesBags?: boolean;
    /** Where the database lies; memory if left out. */
    readonly folder?: string;
  } = {},
): BagPlace {
  const clock = createVirtualClock();
  const opened = openTestStore({ clock, ...(options.folder === undefined ? {} : { folder: options.folder }) });
  const limits = { ...parseProfile('{}').limits.bags, ...options.limits };
  const { orderId } = opened.store.orders.upsert('waiqin365', aPulledOrder());
  let bagNumbers = 0;
  let parts: { desk: BagDesk; people: People; printing: Printing; outbox: Outbox; stop(): void };

  const place: BagPlace = {
    opened,
    clock,
    get store() {
      return opened.store;
    },
    get desk() {
      return parts.desk;
    },
    get people() {
      return parts.people;
    },
    get printing() {
      return parts.printing;
    },
    get outbox() {
      return parts.outbox;
    },
    grams: null,
    scaleSays: 'weight.zero',
    printer: 'printed',
    labels: [],
    calls: [],
    carrier: (call) => usualAnswer(call, () => `BG${String((bagNumbers += 1)).padStart(4, '0')}`),
    ask: () => ({ kind: 'not-found' }),
    parcel(
      id,
      { weightG = 500, vendor = 'hge', service = 'P1', country = 'US', labelled = true, accepted = true } = {},
    ) {
      const { store } = opened;
      const facts = someFacts({ parcelId: id, reference: `REF-${id}`, weightG, service });
      store.parcels.insert(
        aParcel(orderId, {
          ...{ id, reference: `REF-${id}`, lpn: `LPN-D01-${id}`, vendor, service, weightG },
          facts: { ...facts, receiver: { ...facts.receiver, country } },
        }),
      );
      store.parcels.setWaybill(id, `W${id}`);
      if (labelled) store.parcels.setVerified(id, clock.now());
      const done = { lane: id, laneSeq: 10, facts, vendor, result: { vendorOrderNumber: `V${id}` } };
      store.jobs.insert(aJob({ ...done, id: `job-${id}`, state: accepted ? 'done' : 'rejected' }));
    },
    scan: (code) => parts.desk.scan(code),
    code(code, reason = '') {
      const command = /^PB:BAG:(.*)$/.exec(code)?.[1];
      const given =
        command === undefined
          ? parts.desk.scan(code)
          : parts.desk.command({ command: command as 'open', bagId: null, route: null, reason });
      return given.notice.code;
    },
    snapshot: () => parts.desk.snapshot.current(),
    weigh(grams) {
      place.grams = grams;
      const before = parts.desk.snapshot.current().last?.seq;
      parts.desk.weightChanged();
      place.grams = null;
      const { last } = parts.desk.snapshot.current();
      return last?.seq === before ? null : last;
    },
    async settle() {
      for (let round = 0; round < 6; round += 1) await clock.settle();
    },
    restart() {
      parts.stop();
      opened.reopen();
      place.calls.length = 0;
      parts = start();
    },
    remove() {
      parts.stop();
      opened.remove();
    },
  };

  function start(): typeof parts {
    const { store } = opened;
    let dead = false;
    const alive: Clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (delayMs, task) =>
        clock.after(delayMs, () => {
          if (!dead) task();
        }),
    };
    const common = { store, clock: alive, ids: opened.ids, log: silentLog };
    const effects = options.takesBags === false ? {} : bagEffects;
    const outbox = createOutbox({
      ...common,
      random: seededRandom(1),
      courier: {
        traits: (_vendor, operation) => {
          const effect = (effects as Partial<Record<string, EffectClass>>)[operation];
          return effect === undefined ? null : { effect, inFlightMs: 1_000, keyWindowMs: null };
        },
        send: (_vendor, request) =>
          new Promise((resolve) => {
            if (dead || request.facts !== null) return;
            if (place.carrier !== null) resolve(place.carrier(request));
            else place.calls.push({ call: request, asked: false, answer: (given) => resolve(given as SendOutcome) });
          }),
        reconcile: (_vendor, request) =>
          new Promise((resolve) => {
            if (dead || request.facts !== null) return;
            if (place.ask !== null) resolve(place.ask(request));
            else
              place.calls.push({ call: request, asked: true, answer: (given) => resolve(given as ReconcileOutcome) });
          }),
      },
      onDone: (job) => {
        desk.jobDone(job);
      },
    });
    const people = createPeople({ store, clock: alive, people: options.people ?? [] });
    const answers = createVendorAnswers({
      store,
      vendorName: (id) => id.toUpperCase(),
      drawsOwnLabel: () => false,
      settleByHand: (jobId, decision, result) => outbox.settleByHand(jobId, decision, result),
      poke: () => outbox.poke(),
    });
    const head = {
      id: 'label',
      target: { language: 'zpl', dpi: 203, widthMm: 100, heightMm: 150 } as const,
      trouble: () => [],
      onState: () => () => undefined,
      print: ({ bytes }: { readonly bytes: Uint8Array }): Promise<PrintOutcome> => {
        const kind = place.printer;
        if (kind === 'blocked') return Promise.resolve({ kind, reasons: ['printer.paper-out'] });
        if (kind === 'not-printed') return Promise.resolve({ kind, message: 'off' });
        place.labels.push(new TextDecoder().decode(bytes));
        return Promise.resolve({ kind, bytes: bytes.length, message: 'cut' });
      },
    };
    const printing = createPrinting({
      ...common,
      printers: [head],
      printersFor: () => [head],
      labelBytes: () => Promise.reject(new Error('no parcel is printed here')),
      bags: {
        labelBytes: (bag, kind) =>
          Promise.resolve({
            held: false,
            bytes: (copy) => new TextEncoder().encode(`${kind} ${bag.vendorBagNumber ?? bag.number} ${copy}`),
          }),
        onHeld: () => undefined,
      },
      onChange: (print) => {
        if (!dead && print.parcelId === null) desk.printChanged(print.bagId);
      },
      onHeld: () => undefined,
    });
    const desk = createBagDesk({
      ...common,
      deskId: 'D01',
      limits,
      people,
      printing,
      answers,
      weigher: {
        judgeLoad: () => ({
          usable: place.grams !== null,
          grams: place.grams,
          reason: place.grams === null ? ({ code: place.scaleSays, tone: 'info', params: {} } satisfies Notice) : null,
          frames: [],
        }),
        loadOpened: () => undefined,
        loadClosed: () => undefined,
        rememberWeight: () => undefined,
      },
      vendorName: (id) => id.toUpperCase(),
      isCarrier: (id) => id === 'hge' || id === 'ane',
      effects: () => effects,
      poke: () => outbox.poke(),
      redrive: (jobId) => void outbox.redrive(jobId),
      resumePrinter: () => undefined,
      refusal: () => null,
    });
    outbox.onSettled((job) => {
      if (!dead) desk.jobSettled(job);
    });
    printing.recover();
    desk.restore();
    printing.resume();
    outbox.start();
    return {
      desk,
      people,
      printing,
      outbox,
      stop() {
        dead = true;
        desk.stop();
        void printing.stop();
      },
    };
  }
  parts = start();
  return place;
}

/** A carrier that takes every bag and gives no artwork for its label. */
export function usualAnswer(call: DocumentCall, nextNumber: () => string): SendOutcome {
  switch (call.operation) {
    case 'createBag':
      return { kind: 'done', result: { bagNumber: nextNumber() } };
    case 'bagLabel':
      return { kind: 'done', result: { artwork: null } };
    default:
      return { kind: 'done', result: { confirmation: 'done' } };
  }
}
