/** A job about a document: a big bag or a hand-over. */
import type { DocumentJob, EffectClass } from '../domain/job.ts';
import type { DocumentOperation } from '../domain/shipping.ts';
import type { Ids } from '../ports.ts';

export interface PlannedDocument {
  readonly vendor: string;
  readonly operation: DocumentOperation;
  readonly effect: EffectClass;
  readonly lane: string;
  readonly laneSeq: number;
  readonly payload: unknown;
  /** A fact it waits for, or null. */
  readonly heldBy: string | null;
}

/** A job that has not been tried. Its request id is made here, long before the first byte leaves. */
export function newDocumentJob(ids: Ids, planned: PlannedDocument, at: number): DocumentJob {
  return {
    ...planned,
    id: ids.next(),
    facts: null,
    requestId: ids.next(),
    state: 'ready',
    attempts: 0,
    notBefore: at,
    createdAt: at,
    sentAt: null,
    firstSentAt: null,
    lastError: null,
    result: null,
  };
}
