/** What the parts of the end of the day share. */
import type { Notice } from '../../../preload/contract/index.ts';
import { ContractError } from '../../../preload/contract/index.ts';
import type { EffectClass } from '../../domain/job.ts';
import type { HandoverNeeds } from '../../domain/handover.ts';
import type { DocumentOperation } from '../../domain/shipping.ts';
import type { Clock, Ids, Log } from '../../ports.ts';
import type { BagRecord } from '../../store/bags.ts';
import type { HandoverKind } from '../../store/handovers.ts';
import type { Store } from '../../store/store.ts';
import type { People } from '../people.ts';

/** A carrier of this desk as far as hand-overs go. */
export interface DayCarrier {
  readonly id: string;
  readonly name: string;
  /** What it can be told of bags and documents. */
  readonly effects: Partial<Record<DocumentOperation, EffectClass>>;
  readonly needs: Readonly<Record<HandoverKind, HandoverNeeds>>;
}

export interface DayContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly deskId: string;
  readonly people: People;
  readonly carriers: readonly DayCarrier[];
  /** New jobs may run. */
  poke(): void;
  /** Puts a stopped job back to `ready`. */
  redrive(jobId: string): unknown;
  settleByHand(jobId: string, decision: 'done' | 'resend', result?: unknown): unknown;
}

const operations = {
  'scan-form': { push: 'scanForm', result: 'scanFormResult' },
  manifest: { push: 'manifest', result: 'manifestResult' },
} as const satisfies Record<HandoverKind, { push: DocumentOperation; result: DocumentOperation }>;

export const operationsOf = (kind: HandoverKind): (typeof operations)[HandoverKind] => operations[kind];

/** Documents this carrier takes, in the order they are pushed: those it can be asked about afterwards too. */
export function kindsOf({ effects }: DayCarrier): HandoverKind[] {
  return (['scan-form', 'manifest'] as const).filter((kind) => {
    const { push, result } = operations[kind];
    return effects[push] !== undefined && effects[result] !== undefined;
  });
}

export const usesBags = ({ effects }: DayCarrier): boolean => effects.createBag !== undefined;

/** The lane of a document's jobs, and the document of a lane or null. */
export const laneOf = (handoverId: string): string => `handover:${handoverId}`;
export const handoverOfLane = (lane: string): string | null => /^handover:(.+)$/.exec(lane)?.[1] ?? null;

/** The code on a bag's label. */
export const bagCode = ({ vendorBagNumber, number }: BagRecord): string => vendorBagNumber ?? number;

/** Why a bag is not ready to leave, or null. `taken`: the carrier is told of bags, so it must know this one. */
export function bagObstacle(bag: BagRecord, taken: boolean): Notice | null {
  const words = (code: string): Notice => ({ code, tone: 'warn', params: { number: bagCode(bag) } });
  if (bag.state !== 'closed') return words('day.bag-open');
  if (taken && bag.vendorBagNumber === null) return words('day.bag-not-known');
  return bag.labelVerifiedAt === null ? words('day.bag-not-scanned') : null;
}

/** A refusal with words for the screen; the message is for logs, tests and the command line. */
export function refused(message: string, notice: Notice): ContractError {
  return new ContractError('refused', message, { notice });
}
