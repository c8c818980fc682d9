/**
 * Pushing scan forms and manifests: each is written down with its parcels, its jobs and its events in one transaction,
 * and sent from there. A parcel is in at most one living document of a kind (the store's unique index), so a repeated
 * push has nothing left to take.
 */
import type { CallOutput, CallRequest, FlightForm, HandoverDetailsForm } from '../../../preload/contract/index.ts';
import { ContractError } from '../../../preload/contract/index.ts';
import type { BagRoute } from '../../domain/bag.ts';
import { sameRoute } from '../../domain/bag.ts';
import type { FlightDetails, HandoverContent, HandoverMention } from '../../domain/documents.ts';
import type { CandidateParcel, PickedBag } from '../../domain/handover.ts';
import { composeDocument, maxDocumentParcels, missingFields, whyLeftOut } from '../../domain/handover.ts';
import type { Job } from '../../domain/job.ts';
import type { BagRecord } from '../../store/bags.ts';
import type { HandoverKind } from '../../store/handovers.ts';
import { Behind } from './behind.ts';
import type { DayCarrier, DayContext } from './day-context.ts';
import { rememberForm } from './form-memory.ts';
import { bagCode, bagObstacle, kindsOf, laneOf, operationsOf, refused, usesBags } from './day-context.ts';

export interface Pushing {
  push(input: CallRequest<'day.push'>): Promise<CallOutput<'day.push'>>;
  repeat(input: CallRequest<'day.repeat'>): CallOutput<'day.repeat'>;
}

/** One document's worth. */
interface Load {
  readonly bags: PickedBag[];
  readonly loose: CandidateParcel[];
}

export function createPushing(
  context: DayContext,
  changed: (bagIds: readonly string[], loose: boolean) => void,
): Pushing {
  const { store, clock, ids } = context;

  function carrierFor(vendor: string, kind: HandoverKind): DayCarrier {
    const carrier = context.carriers.find((each) => each.id === vendor);
    if (carrier === undefined) throw new ContractError('not-found', `this desk has no carrier ${vendor}`);
    if (!kindsOf(carrier).includes(kind)) {
      const params = { carrier: carrier.name, kind };
      throw refused(`${vendor} takes no ${kind}`, { code: 'day.push-kind', tone: 'warn', params });
    }
    return carrier;
  }

  function checkFields(
    carrier: DayCarrier,
    kind: HandoverKind,
    details: HandoverDetailsForm,
    flight: FlightForm | null,
  ): void {
    const missing = missingFields(carrier.needs[kind], details, flight);
    if (missing.length === 0) return;
    const fields = missing.join(', ');
    throw refused(`fill in first: ${fields}`, {
      code: 'day.push-missing-fields',
      tone: 'ask',
      params: { carrier: carrier.name, fields },
    });
  }

  /** Bags chosen by name, or every ready bag of the routes. Throws for a named bag that is not ready. */
  function chosenBags(input: CallRequest<'day.push'>, carrier: DayCarrier): string[] {
    const taken = usesBags(carrier);
    if (input.bagIds === null) {
      const chosen = input.routes.map((route): BagRoute => ({ vendor: carrier.id, ...route }));
      return store.bags
        .listClosed(carrier.id)
        .filter((bag) => bagObstacle(bag, taken) === null && chosen.some((route) => sameRoute(route, bag.route)))
        .map((bag) => bag.id);
    }
    return [...new Set(input.bagIds)].map((id) => {
      const bag = store.bags.get(id);
      if (bag === null) throw new ContractError('not-found', `no bag is known under ${id}`);
      const number = bagCode(bag);
      if (bag.route.vendor !== carrier.id) {
        throw refused(`bag ${number} is for another carrier`, {
          code: 'day.bag-other-carrier',
          tone: 'stop',
          params: { number },
        });
      }
      if (bag.handedOver) {
        throw refused(`bag ${number} is handed over already`, {
          code: 'day.bag-gone',
          tone: 'stop',
          params: { number },
        });
      }
      const obstacle = bagObstacle(bag, taken);
      if (obstacle !== null) throw refused(`bag ${number} is not ready: ${obstacle.code}`, obstacle);
      return id;
    });
  }

  /** What of a bag goes into a document now; null if nothing does. A cancelled parcel keeps its whole bag here. */
  function pickBag(kind: HandoverKind, bagId: string, taken: boolean, behind: Behind): PickedBag | null {
    const bag = store.bags.get(bagId);
    // It may have been voided since it was chosen.
    if (bag === null || bag.handedOver || bagObstacle(bag, taken) !== null) return null;
    const inside = store.candidates.ofBag(kind, bagId);
    if (inside.some(({ withdrawn }) => withdrawn)) {
      for (const parcel of inside) {
        if (parcel.inDocument !== null) continue;
        behind.add(parcel, parcel.withdrawn ? 'cancelled' : 'bag-not-ready', { bag: bagCode(bag) });
      }
      return null;
    }
    const parcels = inside.filter((parcel) => {
      const why = whyLeftOut(parcel);
      if (why !== null) behind.add(parcel, why);
      return why === null;
    });
    return parcels.length === 0 ? null : picked(bag, inside.length, parcels);
  }

  const picked = (bag: BagRecord, content: number, parcels: readonly CandidateParcel[]): PickedBag => ({
    bagId: bag.id,
    bagNumber: bagCode(bag),
    tareG: bag.tareG,
    grossWeightG: bag.grossWeightG,
    content,
    parcels,
  });

  /** Ours and never used again, also after a desk lost its database: it holds the instant. At most 64 characters. */
  function newReference(kind: HandoverKind, at: number): string {
    const number = store.values.increment('handovers');
    const stamp = new Date(at).toISOString().replace(/\D/g, '').slice(2, 14);
    return `${kind === 'scan-form' ? 'SF' : 'MF'}-${context.deskId}-${stamp}-${number}`.toUpperCase();
  }

  /** Writes one document. Inside the caller's transaction. */
  function write(
    carrier: DayCarrier,
    kind: HandoverKind,
    load: Load,
    details: HandoverDetailsForm,
    flight: FlightDetails | null,
    repeats: string | null,
  ): string {
    const at = clock.now();
    const handoverId = ids.next();
    const reference = newReference(kind, at);
    const content: HandoverContent = {
      handoverId,
      reference,
      details: { ...details, country: details.country.toUpperCase() },
      flight,
      ...composeDocument(load.bags, load.loose),
    };
    store.handovers.insert({ id: handoverId, kind, reference, vendor: carrier.id, content, repeats, createdAt: at });
    const { push, result } = operationsOf(kind);
    const mention: HandoverMention = { handoverId, reference, parcels: content.parcels };
    const plan = [
      { operation: push, payload: content },
      { operation: result, payload: mention },
    ];
    plan.forEach(({ operation, payload }, index) => {
      const job: Job = {
        id: ids.next(),
        lane: laneOf(handoverId),
        laneSeq: index + 1,
        vendor: carrier.id,
        operation,
        effect: carrier.effects[operation] ?? 'unsafe',
        facts: null,
        payload,
        requestId: ids.next(),
        state: 'ready',
        attempts: 0,
        notBefore: at,
        heldBy: null,
        createdAt: at,
        sentAt: null,
        firstSentAt: null,
        lastError: null,
        result: null,
      };
      store.jobs.insert(job);
    });
    const { netWeightG, grossWeightG } = content;
    const about = { handoverId, kind, reference, vendor: carrier.id };
    store.events.append(
      'handover-pushed',
      {},
      {
        ...about,
        ...{
          parcels: content.parcels.length,
          bags: content.bags.map((bag) => bag.bagNumber),
          netWeightG,
          grossWeightG,
        },
        ...(repeats === null ? {} : { repeats }),
      },
    );
    const orderOf = new Map<string, string>();
    const inside = [...load.bags.flatMap((bag) => bag.parcels as readonly CandidateParcel[]), ...load.loose];
    for (const parcel of inside) orderOf.set(parcel.parcelId, parcel.orderId);
    for (const { parcelId } of content.parcels) {
      const orderId = orderOf.get(parcelId);
      store.events.append('handover-pushed', { parcelId, ...(orderId === undefined ? {} : { orderId }) }, about);
    }
    return handoverId;
  }

  return {
    async push(input) {
      const carrier = carrierFor(input.vendor, input.kind);
      checkFields(carrier, input.kind, input.details, input.flight);
      const bagIds = chosenBags(input, carrier);
      // A manifest of a carrier with big bags is made of bags (HGE: "must be pushed with big-bag and parcel data").
      const bagsOnly = input.kind === 'manifest' && usesBags(carrier);
      const looseRoutes = input.looseToo && !bagsOnly ? input.routes : [];
      const behind = new Behind();
      const handoverIds: string[] = [];
      let parcels = 0;
      let nextBag = 0;
      let nextRoute = 0;
      let after = 0;
      while (nextBag < bagIds.length || nextRoute < looseRoutes.length) {
        // Each document in one transaction of its own; between them scans and labels go on.
        if (handoverIds.length > 0) await new Promise<void>((resolve) => clock.after(0, resolve));
        const taken = store.transaction(() => {
          const load: Load = { bags: [], loose: [] };
          let room = maxDocumentParcels;
          while (nextBag < bagIds.length) {
            const counted = behind.count;
            const bag = pickBag(input.kind, bagIds[nextBag] ?? '', usesBags(carrier), behind);
            const size = bag?.parcels.length ?? 0;
            if (bag !== null && size > room && room < maxDocumentParcels) {
              behind.rows.length = Math.min(behind.rows.length, counted);
              behind.count = counted;
              break;
            }
            if (bag !== null) load.bags.push(bag);
            room -= size;
            nextBag += 1;
          }
          while (nextBag >= bagIds.length && room > 0 && nextRoute < looseRoutes.length) {
            const route = looseRoutes[nextRoute];
            if (route === undefined) break;
            const page = store.candidates.looseOf(input.kind, { vendor: carrier.id, ...route }, after, room);
            for (const parcel of page) {
              const why = whyLeftOut(parcel);
              if (why === null) load.loose.push(parcel);
              else behind.add(parcel, why);
            }
            after = page.at(-1)?.seq ?? after;
            if (page.length < room) {
              nextRoute += 1;
              after = 0;
            }
            room -= page.length;
          }
          const size = load.loose.length + load.bags.reduce((sum, bag) => sum + bag.parcels.length, 0);
          if (size === 0) return null;
          if (handoverIds.length === 0) rememberForm(context, carrier.id, input.details, input.flight);
          const id = write(carrier, input.kind, load, input.details, input.flight, null);
          return { id, size, bags: load.bags.map((bag) => bag.bagId), loose: load.loose.length > 0 };
        });
        if (taken === null) continue;
        handoverIds.push(taken.id);
        parcels += taken.size;
        changed(taken.bags, taken.loose);
        context.poke();
      }
      if (handoverIds.length === 0) {
        const already = behind.count === 0 && behind.heldBy !== null;
        const params = { carrier: carrier.name, document: behind.heldBy ?? '', left: behind.count };
        const code = already ? 'day.push-already' : bagsOnly ? 'day.push-no-bags' : 'day.push-nothing';
        throw refused(
          already
            ? `everything of this choice is in a document already: ${params.document}`
            : 'nothing of this choice is ready',
          { code, tone: 'warn', params },
        );
      }
      return { handoverIds, parcels, leftOut: behind.rows, leftOutCount: behind.count };
    },
    repeat(input) {
      const record = store.handovers.get(input.handoverId);
      if (record === null) {
        throw new ContractError('not-found', `no scan form or manifest is known under ${input.handoverId}`);
      }
      const carrier = carrierFor(record.vendor, record.kind);
      const details = input.details ?? record.content.details;
      const flight = input.flight ?? record.content.flight;
      checkFields(carrier, record.kind, details, flight);
      const leftByPerson = new Set(input.leaveOut);
      const behind = new Behind();
      const { id, size, bags } = store.transaction(() => {
        const load: Load = { bags: [], loose: [] };
        const byBag = new Map<string, CandidateParcel[]>();
        for (const parcel of store.candidates.failedOf(record.id)) {
          const why = leftByPerson.has(parcel.parcelId) ? 'left-out' : whyLeftOut(parcel);
          if (why !== null) {
            behind.add(parcel, why);
            const reason = why === 'left-out' ? input.reason : why;
            const detail = { handoverId: record.id, reference: record.reference, reason };
            store.events.append('handover-left-out', { parcelId: parcel.parcelId, orderId: parcel.orderId }, detail);
          } else if (parcel.bagId === null) load.loose.push(parcel);
          else byBag.set(parcel.bagId, [...(byBag.get(parcel.bagId) ?? []), parcel]);
        }
        if (record.kind === 'manifest' && usesBags(carrier)) {
          for (const parcel of load.loose.splice(0)) behind.add(parcel, 'no-bag');
        }
        for (const [bagId, parcels] of byBag) {
          const bag = store.bags.get(bagId);
          if (bag === null || bagObstacle(bag, usesBags(carrier)) !== null) {
            for (const parcel of parcels)
              behind.add(parcel, 'bag-not-ready', { bag: bag === null ? '' : bagCode(bag) });
          } else load.bags.push(picked(bag, bag.parcels, parcels));
        }
        const taken = load.loose.length + load.bags.reduce((sum, bag) => sum + bag.parcels.length, 0);
        if (taken === 0) return { id: null, size: 0, bags: [] };
        rememberForm(context, carrier.id, details, flight);
        const made = write(carrier, record.kind, load, details, flight, record.id);
        return { id: made, size: taken, bags: [...byBag.keys()] };
      });
      if (id === null) {
        throw refused(`nothing of ${record.reference} is left to be pushed again`, {
          code: 'day.repeat-nothing',
          tone: 'warn',
          params: { reference: record.reference },
        });
      }
      changed(bags, true);
      context.poke();
      return { handoverId: id, parcels: size, leftOut: behind.rows, leftOutCount: behind.count };
    },
  };
}
