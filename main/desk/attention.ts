/**
 * What only a person can decide, gathered from the records: nothing here is stored twice. An order on the desk shows
 * its own question on the pack screen and is left out.
 */
import type { AttentionItem, Notice } from '../../preload/contract/index.ts';
import { ContractError } from '../../preload/contract/index.ts';
import type { Job } from '../domain/job.ts';
import { labelOperations } from '../domain/lanes.ts';
import type { Clock, Ids, Log } from '../ports.ts';
import type { ParcelPrint, ParcelRecord, Store } from '../store/store.ts';
import type { BagQuestions } from './bags/bag-attention.ts';
import type { IntakeState } from './intake.ts';
import type { Printing } from './printing.ts';
import type { VendorAnswers } from './vendor-answers.ts';
import type { VendorQuestion } from '../domain/vendor-question.ts';

type Action = AttentionItem['actions'][number];

export interface Attention {
  list(): AttentionItem[];
  /** Carries out one answer. Throws ContractError `not-found` or `refused` with one line. */
  resolve(id: string, action: Action, reason: string, waybill?: string | null): void;
  /** Tries everything of one group again; how many that were. */
  retryAll(group: string, reason: string): number;
}

/** Scan forms and manifests among what waits for a person: the end of the day knows what may be said about them. */
export interface DocumentQuestions {
  /** Nothing is asked about the job any more. */
  isSettled(job: Job): boolean;
  /** The document that stopped with this job, or null. */
  question(job: Job): { handoverId: string; notice: Notice; actions: ('retry' | 'adopt' | 'resend')[] } | null;
  decide(handoverId: string, action: 'retry' | 'adopt' | 'resend', reason: string): void;
}

const maxListed = 200;

export function createAttention(options: {
  store: Store;
  clock: Clock;
  ids: Ids;
  /** The parcel on the desk, whose questions the pack screen asks. */
  parcelOnDesk(): string | null;
  readonly log: Log;
  readonly printing: Pick<Printing, 'settle'>;
  readonly answers: VendorAnswers;
  intake(): IntakeState | null;
  readonly documents?: DocumentQuestions | undefined;
  readonly bags?: BagQuestions | undefined;
  redrive(jobId: string): void;
  poke(): void;
}): Attention {
  const { store } = options;

  function describe(parcelId: string | null): Pick<AttentionItem, 'orderId' | 'orderNumber'> {
    const parcel = parcelId === null ? null : parcelOf(parcelId);
    return { orderId: parcel?.orderId ?? null, orderNumber: parcel?.facts.orderNumber ?? null };
  }

  /** One parcel that cannot be read must not hide what else waits for a person. */
  function parcelOf(id: string): ParcelRecord | null {
    try {
      return store.parcels.get(id);
    } catch {
      return null;
    }
  }

  function list(): AttentionItem[] {
    const onDesk = options.parcelOnDesk();
    const items: AttentionItem[] = [];
    for (const job of store.jobs.list({ states: ['rejected', 'dead'], offset: 0, limit: maxListed })) {
      const parcelId = job.facts?.parcelId ?? null;
      if (parcelId !== null && parcelId === onDesk && labelOperations.has(job.operation)) continue;
      if (job.facts === null && options.documents?.isSettled(job) === true) continue;
      const document = job.facts === null ? (options.documents?.question(job) ?? null) : null;
      if (document !== null) {
        const since = job.lastError?.at ?? job.createdAt;
        items.push({ id: `job:${job.id}`, orderId: null, orderNumber: null, since, ...document });
        continue;
      }
      const question = options.answers.question(job);
      const { notice: ofBag, ...bag } = options.bags?.about(job) ?? { notice: undefined };
      items.push({
        id: `job:${job.id}`,
        ...describe(parcelId),
        ...bag,
        notice: question?.notice ?? ofBag ?? jobNotice(job),
        since: job.lastError?.at ?? job.createdAt,
        ...(question === null
          ? { actions: ['retry' as const], group: groupOf(job) }
          : { actions: actionsOf(question), needsWaybill: question.needsWaybill }),
      });
    }
    for (const row of store.jobs.unreadable(maxListed)) {
      items.push({
        id: `row:${row.id}`,
        ...describe(row.parcelId),
        notice: {
          code: 'vendor.job-unreadable',
          tone: 'stop',
          params: { vendor: row.vendor, operation: row.operation, reason: row.reason },
        },
        since: row.createdAt,
        actions: ['retry'],
        group: `${row.vendor}|unreadable`,
      });
    }
    const unknown = store.prints.listByState('unknown');
    items.push(...(options.bags?.prints(unknown) ?? []));
    for (const print of unknown) {
      if (print.parcelId === null || print.parcelId === onDesk) continue;
      const parcel = parcelOf(print.parcelId);
      if (parcel === null || parcel.verifiedAt !== null || isSuperseded(print)) continue;
      items.push({
        id: `print:${print.id}`,
        ...describe(parcel.id),
        notice: { code: 'print.unknown', tone: 'ask', params: {} },
        since: print.createdAt,
        actions: ['label-here', 'no-label'],
      });
    }
    for (const record of refusedRecords()) {
      items.push({
        id: `refused:${record.number}`,
        orderId: null,
        orderNumber: record.number,
        notice: { code: 'order.refused', tone: 'warn', params: { number: record.number, reason: record.reason } },
        since: record.at,
        actions: [],
      });
    }
    return items.slice(0, maxListed);
  }

  /** Upstream records that could not be taken: those of this run, and earlier ones whose order never came. */
  function refusedRecords(): { number: string; reason: string; at: number }[] {
    const found = new Map((options.intake()?.refused ?? []).map((record) => [record.number, { ...record }]));
    for (const record of store.orders.listRefused(maxListed)) {
      const number = record.number ?? '?';
      if (found.has(number) || (record.number !== null && store.orders.findByNumber(number) !== null)) continue;
      found.set(number, { number, reason: record.reason, at: record.at });
    }
    return [...found.values()];
  }

  /** A later attempt of the same label makes an old unknown one history. */
  function isSuperseded(print: ParcelPrint): boolean {
    const later = store.prints.listByParcel(print.parcelId).findLast((each) => each.kind === print.kind);
    return later !== undefined && later.id !== print.id;
  }

  function retry(jobId: string, action: Action, reason: string): void {
    const job = store.jobs.get(jobId);
    const about = job?.facts ? { parcelId: job.facts.parcelId } : {};
    store.events.append('job-redriven', about, { operation: job?.operation, action, reason });
    options.redrive(jobId);
  }

  /** An update may know how to read what could not be read before; then it is a stopped job like any other. */
  function readAgain(jobId: string, reason: string): void {
    const job = store.jobs.readAgain(jobId);
    if (job === null) throw new ContractError('refused', 'this version cannot read it either; an update may');
    if (options.answers.question(job) === null) retry(jobId, 'retry', reason);
  }

  return {
    list,
    retryAll(group, reason) {
      let retried = 0;
      for (const item of list()) {
        if (item.group !== group) continue;
        try {
          this.resolve(item.id, 'retry', reason);
          retried += 1;
        } catch (error) {
          // One that cannot be tried again stays where it is; the others go on.
          options.log.warn({ item: item.id, error: String(error) }, 'this one could not be tried again');
        }
      }
      return retried;
    },
    resolve(id, action, reason, waybill = null) {
      const item = list().find((each) => each.id === id);
      if (item === undefined) throw new ContractError('not-found', `nothing is waiting for a decision under ${id}`);
      if (!item.actions.includes(action)) {
        throw new ContractError(
          'refused',
          `${action} is no answer to this; possible: ${item.actions.join(', ') || 'none'}`,
        );
      }
      const [kind, key] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)];
      if (item.handoverId !== undefined && item.handoverId !== null) {
        if (action === 'retry' || action === 'adopt' || action === 'resend') {
          options.documents?.decide(item.handoverId, action, reason);
        }
        return;
      }
      if (kind === 'job' || kind === 'row') {
        if (action === 'exists' || action === 'adopt') options.answers.exists(key, waybill, reason);
        else if (action === 'resend') options.answers.notThere(key, reason);
        else if (kind === 'row') readAgain(key, reason);
        else retry(key, action, reason);
        options.poke();
        return;
      }
      const print = store.prints.get(key);
      if (print === null) throw new ContractError('not-found', 'this print is no longer on record');
      if (print.parcelId === null) {
        const given = options.bags?.answerPrint(print, action === 'label-here' ? action : 'no-label', reason);
        if (given !== true) throw new ContractError('not-found', 'nobody asks about this label any more');
        return;
      }
      const state = action === 'label-here' ? 'printed' : 'not-printed';
      const detail = { by: 'packer', state, reason };
      options.printing.settle(print.id, { state, message: reason || 'said by the packer', detail });
    },
  };
}

function actionsOf(question: VendorQuestion): Action[] {
  if (question.resultInHand) return ['adopt', 'resend'];
  return question.canAskAgain ? ['exists', 'resend', 'retry'] : ['exists', 'resend'];
}

/** What one update or one repair may put right together. */
function groupOf(job: Job): string {
  return `${job.vendor}|${job.lastError?.code ?? ''}`;
}

function jobNotice(job: Job): Notice {
  const { lastError } = job;
  if (lastError?.kind === 'needs-person' || lastError?.kind === 'unknown') {
    return { code: 'vendor.unknown', tone: 'ask', params: { vendor: job.vendor, operation: job.operation } };
  }
  return {
    code: job.state === 'rejected' ? 'vendor.rejected' : 'vendor.dead',
    tone: 'stop',
    params: {
      vendor: job.vendor,
      operation: job.operation,
      code: lastError?.code ?? '',
      reason: lastError?.message ?? '',
    },
  };
}
