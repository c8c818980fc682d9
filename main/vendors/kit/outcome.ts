/** What a vendor call came to, typed, and its two other readings. */
import type { SendOutcome } from '../../domain/job.ts';
import { VendorError } from './vendor.ts';

/** `SendOutcome` with its result typed. */
export type Outcome<T> =
  { readonly kind: 'done'; readonly result: T } | Exclude<SendOutcome, { readonly kind: 'done' }>;

/** For questions whose callers want an exception: the result, or a VendorError with the outcome's kind and code. */
export function resultOrThrow<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.result;
  throw new VendorError(outcome.kind, outcome.code, outcome.message);
}

/** The outcome of an answer that could not be decoded. */
export function undecoded(refused: { readonly code: string; readonly message: string }): Outcome<never> {
  return { kind: 'unknown', code: refused.code, message: refused.message };
}
