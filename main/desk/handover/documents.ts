/** Scan forms and manifests after they were pushed: the carrier's answers, what a person says, the nodes of a flight. */
import { z } from 'zod';
import type { CallOutput, CallRequest, HandoverView, Notice } from '../../../preload/contract/index.ts';
import { ContractError } from '../../../preload/contract/index.ts';
import type { FlightNode } from '../../domain/documents.ts';
import { standingOf, type DocumentStanding } from '../../domain/handover.ts';
import { giveUp } from '../../domain/job-transitions.ts';
import type { Job } from '../../domain/job.ts';
import type { HandoverSummary } from '../../store/handovers.ts';
import type { JobBrief } from '../../store/store.ts';
import { handoverOfLane, kindsOf, laneOf, operationsOf, refused, type DayContext } from './day-context.ts';

/** What a result job came to (domain/documents.ts, HandoverOutcome), checked before it is believed. */
const Outcome = z.object({
  parcels: z.array(z.object({ parcelId: z.string(), ok: z.boolean(), reason: z.string() })).max(10_000),
});

interface Said {
  readonly parcelId: string;
  readonly orderId: string;
  readonly ok: boolean;
  readonly reason: string;
}

/** Flight nodes stand in the lane behind the push and its result. */
const firstNodePlace = 100;
const mostNodes = 50;

export interface Documents {
  /** Newest first, what is on its way before what is settled. */
  list(limit: number): HandoverView[];
  /** Throws ContractError `not-found`. */
  get(input: CallRequest<'day.get'>): CallOutput<'day.get'>;
  decide(input: CallRequest<'day.decide'>): void;
  flight(input: CallRequest<'day.flight'>): void;
  /** Inside the transaction that makes a job `done`, or `rejected`. True if the job is one of a document. */
  jobDone(job: Job): boolean;
  jobChanged(job: Job): void;
  /** What a person is asked about a stopped job of a document; null if it is none. */
  question(job: Job): { handoverId: string; notice: Notice; actions: ('retry' | 'adopt' | 'resend')[] } | null;
  /** The bags in the document of this lane, and whether any of its parcels failed. */
  touchedBy(lane: string): { bagIds: string[]; failed: boolean };
  /** A job of a document that is settled: nothing is asked about it any more. */
  isSettledJob(job: { readonly lane: string }): boolean;
}

export function createDocuments(context: DayContext, changed: (bagIds: readonly string[]) => void): Documents {
  const { store, clock } = context;

  function find(id: string): HandoverSummary {
    const document = store.handovers.summary(id);
    if (document === null) throw new ContractError('not-found', `no scan form or manifest is known under ${id}`);
    return document;
  }

  const briefsOf = (id: string): JobBrief[] => store.jobs.briefs(laneOf(id));

  function standing(document: HandoverSummary, jobs: readonly JobBrief[]): DocumentStanding {
    const { push, result } = operationsOf(document.kind);
    const job = (operation: string): JobBrief | null => jobs.find((each) => each.operation === operation) ?? null;
    return standingOf(document.state, job(push), job(result));
  }

  function view(document: HandoverSummary): HandoverView {
    // What is settled and has no flight has no job that matters any more.
    const settled = document.settledAt !== null;
    const jobs = settled && document.kind !== 'manifest' ? [] : briefsOf(document.id);
    const { stage, words, actions, jobId, reason } = standing(document, jobs);
    const { kind, vendor, parcels, ok, failed } = document;
    const carrier = context.carriers.find((each) => each.id === vendor);
    const firstReason = stage === 'failed' || stage === 'partial' ? reasonOf(document.id) : reason;
    const tone = { through: 'ok', partial: 'warn', failed: 'stop', attention: 'ask', pushing: 'info', waiting: 'info' };
    return {
      ...{ id: document.id, kind, reference: document.reference, vendor, vendorName: carrier?.name ?? vendor, stage },
      notice: {
        code: `day.document-${words}`,
        tone: tone[stage] as Notice['tone'],
        params: {
          reference: document.reference,
          carrier: carrier?.name ?? vendor,
          parcels,
          ok,
          failed,
          reason: firstReason,
        },
      },
      ...{ parcels, bags: document.bags, open: parcels - ok - failed, ok, failed },
      repeatable: failed === 0 ? 0 : store.handovers.repeatable(document.id).length,
      ...{ netWeightG: document.netWeightG, grossWeightG: document.grossWeightG },
      ...{ createdAt: document.createdAt, settledAt: document.settledAt, repeats: document.repeats },
      ...{ actions: [...actions], jobId, listsPrinted: document.listsPrinted, flight: document.flight },
      nodes: jobs.filter((job) => job.operation === 'updateFlight').map(nodeView),
    };
  }

  function reasonOf(id: string): string {
    return store.handovers.page(id, { state: 'failed', offset: 0, limit: 1 }).rows[0]?.reason ?? '';
  }

  function nodeView(job: JobBrief): HandoverView['nodes'][number] {
    const { node, at, remark } = job.payload as FlightNode;
    const stopped = job.state === 'dead' || job.state === 'rejected';
    const params = { node, reason: job.lastError?.message ?? '' };
    return {
      ...{ node, at, remark, state: job.state === 'done' ? 'told' : stopped ? 'attention' : 'sending' },
      notice: stopped ? { code: 'day.node-stopped', tone: 'stop', params } : null,
    };
  }

  /** The bags whose standing changes with the document. */
  const bagsOf = (id: string): string[] => (store.handovers.get(id)?.content.bags ?? []).map((bag) => bag.bagId);

  /** What became of parcels, with an event for each. Inside the caller's transaction. */
  function settle(document: HandoverSummary, said: readonly Said[], by: 'carrier' | 'person'): void {
    const state = store.handovers.settle(document.id, said, clock.now());
    const about = {
      handoverId: document.id,
      kind: document.kind,
      reference: document.reference,
      vendor: document.vendor,
    };
    for (const { parcelId, orderId, ok, reason } of said) {
      const detail = { ...about, by, ...(ok ? {} : { reason }) };
      store.events.append(ok ? 'handover-through' : 'handover-failed', { parcelId, orderId }, detail);
    }
    const failed = said.filter((parcel) => !parcel.ok).length;
    store.events.append('handover-settled', {}, { ...about, by, state, ok: said.length - failed, failed });
  }

  /** The document's jobs are not wanted any more; none of them had an effect that matters. Inside a transaction. */
  function giveUpJobs(id: string, reason: string): void {
    for (const brief of briefsOf(id)) {
      const job = brief.state === 'done' ? null : store.jobs.get(brief.id);
      if (job === null || job.doubt === true) continue;
      if (job.state !== 'ready' && job.state !== 'rejected' && job.state !== 'dead') continue;
      store.jobs.update(giveUp(job, reason), job.state);
    }
  }

  /** A person's word on all that is open. */
  function settleOpen(document: HandoverSummary, ok: boolean, reason: string): void {
    store.transaction(() => {
      settle(
        document,
        store.handovers.open(document.id).map((parcel) => ({ ...parcel, ok, reason })),
        'person',
      );
      giveUpJobs(document.id, ok ? 'through, said by a person' : `refused, said by a person: ${reason}`);
    });
    changed(bagsOf(document.id));
  }

  return {
    list: (limit) => store.handovers.summaries(limit).map(view),
    get({ handoverId, state, offset, limit }) {
      const document = find(handoverId);
      const { total, rows } = store.handovers.page(handoverId, { state, offset, limit });
      const details = store.handovers.get(handoverId)?.content.details;
      if (details === undefined) throw new ContractError('not-found', `document ${handoverId} has no content`);
      return { document: view(document), details, total, parcels: rows };
    },
    decide({ handoverId, action, reason }) {
      const document = find(handoverId);
      const { actions, jobId } = standing(document, briefsOf(handoverId));
      if (jobId === null || !actions.includes(action)) {
        const possible = actions.join(', ') || 'none';
        throw refused(`${action} is no answer to ${document.reference} now; possible: ${possible}`, {
          code: 'day.decide-not-now',
          tone: 'warn',
          params: { reference: document.reference },
        });
      }
      const { reference, kind, vendor } = document;
      store.events.append('handover-decided', {}, { handoverId, reference, kind, vendor, action, reason });
      if (action === 'retry') context.redrive(jobId);
      else if (action === 'adopt') context.settleByHand(jobId, 'done', { confirmation: 'said by a person' });
      else if (action === 'resend') context.settleByHand(jobId, 'resend');
      else settleOpen(document, action === 'through', reason === '' ? 'said by a person' : reason);
      context.poke();
    },
    flight({ handoverId, node, at, remark }) {
      const document = find(handoverId);
      const carrier = context.carriers.find((each) => each.id === document.vendor);
      const { flight, reference } = document;
      const words = (code: string): Notice => ({ code, tone: 'warn', params: { reference, node } });
      const effect = carrier?.effects.updateFlight;
      if (effect === undefined || carrier === undefined || !kindsOf(carrier).includes('manifest')) {
        throw refused(`${document.vendor} takes no flight nodes`, words('day.node-carrier'));
      }
      if (document.kind !== 'manifest' || flight === null || flight.airWaybill === '') {
        throw refused(`${reference} names no flight`, words('day.node-no-flight'));
      }
      if (document.state === 'failed') throw refused(`${reference} failed as a whole`, words('day.node-failed'));
      const time = at.length === 16 ? `${at}:00` : at;
      store.transaction(() => {
        const nodes = briefsOf(handoverId).filter((job) => job.operation === 'updateFlight');
        const told = nodes.some((job) => {
          const earlier = job.payload as FlightNode;
          return earlier.node === node && earlier.at === time;
        });
        if (told) throw refused(`${node} at ${time} was told already`, words('day.node-twice'));
        if (nodes.length >= mostNodes)
          throw refused(`${reference} has ${mostNodes} nodes already`, words('day.node-many'));
        const payload: FlightNode = {
          ...{ handoverId, airWaybill: flight.airWaybill, flightNumber: flight.flightNumber, node, at: time, remark },
        };
        const now = clock.now();
        store.jobs.insert({
          ...{ id: context.ids.next(), lane: laneOf(handoverId), laneSeq: firstNodePlace + nodes.length },
          ...{ vendor: document.vendor, operation: 'updateFlight', effect, facts: null, payload },
          ...{
            requestId: context.ids.next(),
            state: 'ready',
            attempts: 0,
            notBefore: now,
            heldBy: null,
            createdAt: now,
          },
          ...{ sentAt: null, firstSentAt: null, lastError: null, result: null },
        });
        store.events.append('flight-node', {}, { handoverId, reference, node, at: time, remark });
      });
      context.poke();
    },
    jobDone(job) {
      const handoverId = handoverOfLane(job.lane);
      if (handoverId === null || job.facts !== null) return false;
      const document = store.handovers.summary(handoverId);
      if (document === null) return true;
      const { push, result } = operationsOf(document.kind);
      const about = { handoverId, kind: document.kind, reference: document.reference, vendor: document.vendor };
      if (job.operation === push) store.events.append('handover-accepted', {}, about);
      if (job.operation === 'updateFlight') {
        const { node, at } = job.payload as FlightNode;
        store.events.append('flight-told', {}, { ...about, node, at });
      }
      if (job.operation !== result || document.settledAt !== null) return true;
      const { parcels } = Outcome.parse(job.result);
      const open = new Map(store.handovers.open(handoverId).map((parcel) => [parcel.parcelId, parcel.orderId]));
      const news = parcels.flatMap((parcel) => {
        const orderId = open.get(parcel.parcelId);
        return orderId === undefined ? [] : [{ ...parcel, orderId }];
      });
      settle(document, news, 'carrier');
      return true;
    },
    jobChanged(job) {
      const handoverId = job.state === 'rejected' && job.facts === null ? handoverOfLane(job.lane) : null;
      const document = handoverId === null ? null : store.handovers.summary(handoverId);
      if (document === null || document.settledAt !== null) return;
      if (job.operation !== operationsOf(document.kind).push) return;
      // A clear refusal of the whole document: nothing of it is at the carrier, so all of it is free again.
      const reason = (job.lastError?.message ?? 'refused').slice(0, 200);
      settle(
        document,
        store.handovers.open(document.id).map((parcel) => ({ ...parcel, ok: false, reason })),
        'carrier',
      );
      giveUpJobs(document.id, `refused: ${reason}`);
    },
    question(job) {
      const id = handoverOfLane(job.lane);
      const document = id === null ? null : store.handovers.summary(id);
      const shown = document === null ? null : view(document);
      if (shown === null || shown.jobId !== job.id) return null;
      const actions = shown.actions.filter((each) => each === 'retry' || each === 'adopt' || each === 'resend');
      return { handoverId: shown.id, notice: shown.notice, actions };
    },
    touchedBy(lane) {
      const id = handoverOfLane(lane);
      if (id === null) return { bagIds: [], failed: false };
      return { bagIds: bagsOf(id), failed: (store.handovers.summary(id)?.failed ?? 0) > 0 };
    },
    isSettledJob(job) {
      const id = handoverOfLane(job.lane);
      return id !== null && store.handovers.summary(id)?.settledAt != null;
    },
  };
}
