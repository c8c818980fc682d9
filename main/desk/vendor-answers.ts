/** What a person says about a call that nobody else can tell about: it is written down with who said it, then acted on. */
import { ContractError } from '../../preload/contract/index.ts';
import type { CreateBagResult } from '../domain/documents.ts';
import type { Job } from '../domain/job.ts';
import { normaliseScan } from '../domain/scan.ts';
import { vendorQuestion, type VendorQuestion } from '../domain/vendor-question.ts';
import type { Store } from '../store/store.ts';

export interface VendorAnswers {
  /** The question this job asks a person, or null. */
  question(job: Job): VendorQuestion | null;
  /** "Yes, it exists": the job is done, with the number the vendor gave. Throws ContractError `refused` in one line. */
  exists(jobId: string, waybill: string | null, reason: string): void;
  /** "No, it does not": nothing happened, so it is sent again. */
  notThere(jobId: string, reason: string): void;
}

export function createVendorAnswers(options: {
  readonly store: Store;
  vendorName(id: string): string;
  drawsOwnLabel(vendor: string): boolean;
  settleByHand(jobId: string, decision: 'done' | 'resend', result?: unknown): unknown;
  poke(): void;
}): VendorAnswers {
  const { store } = options;

  const asked = (jobId: string): { job: Job; question: VendorQuestion } => {
    const job = store.jobs.get(jobId);
    const question = job === null ? null : vendorQuestion(job, options.vendorName(job.vendor));
    if (job === null || question === null) throw new ContractError('refused', 'nothing is asked about this any more');
    return { job, question };
  };

  /** What was said stands in the record before it has any effect. */
  const record = (job: Job, answer: string, detail: Record<string, unknown>): void => {
    const { vendor, operation, requestId, facts } = job;
    store.events.append('vendor-settled', facts === null ? {} : { parcelId: facts.parcelId }, {
      ...{ vendor, operation, requestId, answer },
      ...detail,
    });
  };

  const resultOf = (job: Job, question: VendorQuestion, waybill: string | null): unknown => {
    if (question.resultInHand) return job.result;
    switch (job.operation) {
      case 'placeOrder':
        // Where the carrier's label comes in a later step, that step brings the waybill.
        return { vendorOrderNumber: waybill ?? '', waybill: options.drawsOwnLabel(job.vendor) ? waybill : null };
      case 'confirm':
        return { waybill: null };
      case 'createBag':
        return { bagNumber: waybill ?? '' } satisfies CreateBagResult;
      case 'uploadTracking':
        return { confirmation: 'said by a person' };
      default:
        return { saidBy: 'person' };
    }
  };

  return {
    question: (job) => vendorQuestion(job, options.vendorName(job.vendor)),
    exists(jobId, waybill, reason) {
      const { job, question } = asked(jobId);
      const read = waybill === null ? null : normaliseScan(waybill);
      if (read?.kind === 'refused' || (question.needsWaybill && read === null)) {
        throw new ContractError('refused', "say the number that the vendor's own screen shows for this order");
      }
      const number = read?.code ?? null;
      if (number !== null && store.parcels.findByWaybill(number) !== null) {
        throw new ContractError('refused', `${number} is another parcel's number here; check it`);
      }
      if (number !== null && job.operation === 'createBag' && store.bags.findByNumber(number) !== null) {
        throw new ContractError('refused', `${number} is the number of another big bag here; check it`);
      }
      record(job, question.resultInHand ? 'adopt' : 'exists', { waybill: number, reason });
      try {
        options.settleByHand(jobId, 'done', resultOf(job, question, number));
      } catch (error) {
        // What could not be taken in before may still not be: nothing was changed, and the question stays.
        throw new ContractError('refused', error instanceof Error ? error.message : String(error));
      }
      options.poke();
    },
    notThere(jobId, reason) {
      const { job } = asked(jobId);
      record(job, 'not-there', { reason });
      options.settleByHand(jobId, 'resend');
      options.poke();
    },
  };
}
