/** Where an order with a sealed parcel stands: one rule over the parcel's facts, so that no two places can disagree. */
import type { OrderStatus } from '../../preload/contract/index.ts';

export interface SealedFacts {
  /** The printed label was scanned on the parcel. */
  readonly verified: boolean;
  /** The carrier's label came out, or may have. */
  readonly labelOut: boolean;
  /** A job the label depends on was refused or gave up, or the artwork may not be printed. */
  readonly stopped: boolean;
  /** The parcel was put on the rack under its LPN. */
  readonly racked: boolean;
}

/** The furthest state wins; what stops a parcel matters only while its label is not out. */
export function sealedStatus(facts: SealedFacts): OrderStatus {
  if (facts.verified) return 'shipped';
  if (facts.labelOut) return 'labelled';
  if (facts.stopped) return 'attention';
  return facts.racked ? 'rack' : 'sealed';
}
