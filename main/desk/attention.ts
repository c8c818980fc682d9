/**
 * What only a person can decide, gathered from the records: nothing here is stored twice. An order on the desk shows
 * its own question on the pack screen and is left out.
 */
import type { AttentionItem, Notice } from '../../preload/contract/index.ts';
import { ContractError } from '../../preload/contract/index.ts';
import type { Job } from '../domain/job.ts';
import { labelOperations } from '../domain/lanes.ts';
import type { Clock, Ids } from '../ports.ts';
import type { ParcelRecord, PrintRecord, Store } from '../store/store.ts';
import type { IntakeState } from './intake.ts';
import type { Printing } from './printing.ts';

type Action = AttentionItem['actions'][number];

export interface Attention {
  list(): AttentionItem[];
  /** Carries out one answer. Throws ContractError `not-found` or `refused` with one line. */
  resolve(id: string, action: Action, reason: string): void;
}

const maxListed = 200;

export function createAttention(options: {
  store: Store;
  clock: Clock;
  ids: Ids;
  /** The parcel on the desk, whose questions the pack screen asks. */
  parcelOnDesk(): string | null;
  readonly printing: Pick<Printing, 'settle'>;
  intake(): IntakeState | null;
  redrive(jobId: string): void;
  /** A person says that nothing happened at the vendor: send again. */
  resend(jobId: string): void;
  poke(): void;
}): Attention {
  const { store } = options;

  function describe(parcel: ParcelRecord | null): Pick<AttentionItem, 'orderId' | 'orderNumber'> {
    return { orderId: parcel?.orderId ?? null, orderNumber: parcel?.facts.orderNumber ?? null };
  }

  function list(): AttentionItem[] {
    const onDesk = options.parcelOnDesk();
    const items: AttentionItem[] = [];
    for (const job of store.jobs.list({ states: ['rejected', 'dead'], offset: 0, limit: maxListed })) {
      const parcelId = job.facts?.parcelId ?? null;
      if (parcelId !== null && parcelId === onDesk && labelOperations.has(job.operation)) continue;
      items.push({
        id: `job:${job.id}`,
        ...describe(parcelId === null ? null : store.parcels.get(parcelId)),
        notice: jobNotice(job),
        since: job.lastError?.at ?? job.createdAt,
        actions: job.lastError?.kind === 'needs-person' ? ['retry', 'resend'] : ['retry'],
      });
    }
    for (const print of store.prints.listByState('unknown')) {
      if (print.parcelId === onDesk) continue;
      const parcel = store.parcels.get(print.parcelId);
      if (parcel === null || parcel.verifiedAt !== null || isSuperseded(print)) continue;
      items.push({
        id: `print:${print.id}`,
        ...describe(parcel),
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
  function isSuperseded(print: PrintRecord): boolean {
    const later = store.prints.listByParcel(print.parcelId).findLast((each) => each.kind === print.kind);
    return later !== undefined && later.id !== print.id;
  }

  return {
    list,
    resolve(id, action, reason) {
      const item = list().find((each) => each.id === id);
      if (item === undefined) throw new ContractError('not-found', `nothing is waiting for a decision under ${id}`);
      if (!item.actions.includes(action)) {
        throw new ContractError(
          'refused',
          `${action} is no answer to this; possible: ${item.actions.join(', ') || 'none'}`,
        );
      }
      const [kind, key] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)];
      if (kind === 'job') {
        const job = store.jobs.get(key);
        store.events.append('job-redriven', job?.facts ? { parcelId: job.facts.parcelId } : {}, {
          operation: job?.operation,
          action,
          reason,
        });
        if (action === 'resend') options.resend(key);
        else options.redrive(key);
        options.poke();
        return;
      }
      const print = store.prints.get(key);
      if (print === null) throw new ContractError('not-found', 'this print is no longer on record');
      const state = action === 'label-here' ? 'printed' : 'not-printed';
      const detail = { by: 'packer', state, reason };
      options.printing.settle(print.id, { state, message: reason || 'said by the packer', detail });
    },
  };
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
