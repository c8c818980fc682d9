/**
 * What a person is asked about a call of which nobody but the vendor's own screen can tell whether it had its effect,
 * and what each answer needs. Pure.
 */
import type { Notice } from '../../preload/contract/index.ts';
import type { EffectClass, JobError, JobState } from './job.ts';

/** What of a job the question depends on. */
export interface DoubtedJob {
  readonly vendor: string;
  readonly operation: string;
  readonly effect: EffectClass;
  readonly state: JobState;
  readonly doubt?: boolean | undefined;
  readonly lastError: JobError | null;
  readonly facts: { readonly orderNumber: string; readonly reference: string } | null;
  /** Of a document's job; its `reference` is ours. */
  readonly payload?: unknown;
}

export interface VendorQuestion {
  readonly notice: Notice;
  /** "Yes, it exists" must come with the number that the vendor gave it. */
  readonly needsWaybill: boolean;
  /** The vendor may be asked once more by the station itself. */
  readonly canAskAgain: boolean;
  /** The vendor did it and said so; only our side could not take the answer in. */
  readonly resultInHand: boolean;
}

/** Calls whose answer gives the parcel, or the big bag, its number. */
const givesWaybill = new Set(['placeOrder', 'createBag']);
/** How each asks; the others ask alike. */
const ownWords: Readonly<Record<string, string>> = { placeOrder: 'vendor.ask-order', createBag: 'vendor.ask-bag' };
/** Calls whose answer is a document: "it exists" would leave us without it, so it can only be fetched again. */
const givesDocument = new Set(['fetchLabel', 'bagLabel', 'scanForm', 'manifest']);

/** The question to a person, or null if this job does not wait for one. `vendorName` is how the screen calls it. */
export function vendorQuestion(job: DoubtedJob, vendorName: string): VendorQuestion | null {
  if (givesDocument.has(job.operation)) return null;
  // Refused for what it may already be: only the vendor's screen shows whether the bag is void there.
  const perhapsVoid = job.operation === 'voidBag' && job.state === 'rejected';
  if (!perhapsVoid && (job.state !== 'dead' || job.doubt !== true)) return null;
  const resultInHand = job.lastError?.code === 'result-unusable';
  const params = {
    vendor: vendorName,
    operation: job.operation,
    number: job.facts?.orderNumber ?? referenceIn(job.payload),
    reference: job.facts?.reference ?? referenceIn(job.payload),
    reason: job.lastError?.message ?? '',
  };
  const code = resultInHand
    ? 'vendor.result-unusable'
    : perhapsVoid
      ? 'vendor.ask-void'
      : (ownWords[job.operation] ?? 'vendor.ask-call');
  return {
    notice: { code, tone: 'ask', params },
    needsWaybill: !resultInHand && givesWaybill.has(job.operation),
    canAskAgain: job.effect !== 'unsafe',
    resultInHand,
  };
}

function referenceIn(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null || !('reference' in payload)) return '';
  return typeof payload.reference === 'string' ? payload.reference : '';
}
