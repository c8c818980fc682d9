/**
 * Which record of a dimension-weigh-scan machine may give a parcel its weight and size. Pure.
 *
 * The promises are the bench scale's: a weight belongs to one parcel, what is not known is not used, and what does not fit
 * stops the packer with words. A record is used only if
 *   known      it carries a weight, and the machine says nothing against it;
 *   this one's a barcode on it is the order's number; or the machine reads no barcodes at all, stands at the desk, and
 *              measured after the last item of the order was scanned;
 *   fresh      it is not older than the machine may hold records; and it is not from between the opening of the order and
 *              its last item scan: then something was still missing from the parcel;
 *   in range   from `minG` to `maxG`;
 *   unused     it was never given to another parcel (the database sees to that as well).
 */
import type { Notice } from '../../preload/contract/index.ts';
import type { DwsRecord } from './dws-record.ts';
import { sameCode } from './scan.ts';
import { roundGrams } from './weighing.ts';

/** What a machine's profile says about the use of its records. Times in milliseconds. */
export interface DwsPolicy {
  /** `desk`: the parcel measured is the one in front of the packer. `line`: parcels are measured ahead of the desk. */
  readonly pairing: 'desk' | 'line';
  /** The same barcode again within this time is the same measurement said twice. */
  readonly duplicateMs: number;
  /** How long a record waits for its order. */
  readonly holdMs: number;
  /** Most records that wait at a time; beyond that the oldest expire. */
  readonly maxHeld: number;
}

/** A record as far as the rules need it; `at` is wall clock. */
export interface DwsMeasurement extends Pick<
  DwsRecord,
  'barcodes' | 'noRead' | 'weightG' | 'lengthMm' | 'widthMm' | 'heightMm' | 'volumeMismatch' | 'errors'
> {
  readonly at: number;
}

/** The order on the desk. Wall clock. */
export interface DwsOrder {
  readonly number: string;
  readonly openedAt: number;
  /** The newest change of what is in the parcel; `openedAt` if there was none. */
  readonly changedAt: number;
}

/** Whole millimetres. */
export interface ParcelSize {
  readonly lengthMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

export type DwsVerdict =
  /** It has nothing to do with the order on the desk. */
  | { readonly kind: 'elsewhere' }
  | {
      readonly kind: 'usable' | 'refused';
      /** Whole grams, or null if there is no weight. */
      readonly grams: number | null;
      readonly size: ParcelSize | null;
      /** Why it may not be used; for `usable`, what is to be said all the same, or null. */
      readonly notice: Notice | null;
      /** A supervisor may let it pass. */
      readonly overridable: boolean;
    };

/** Records from the future by more than this are not believed: the clock was set back. */
const clockSlackMs = 5_000;

/**
 * True if `next` is `earlier` said again: the same machine and barcode within its time, measured from the earlier one. A
 * record that has a weight where the earlier had none is news.
 */
export function isRepeat(
  earlier: Pick<DwsMeasurement, 'at' | 'weightG'>,
  next: Pick<DwsMeasurement, 'at' | 'weightG'>,
  duplicateMs: number,
): boolean {
  const age = next.at - earlier.at;
  if (age < 0 || age > duplicateMs) return false;
  return earlier.weightG !== null || next.weightG === null;
}

/** True if one of the record's barcodes is the order's number. */
export function namesOrder(record: Pick<DwsMeasurement, 'barcodes'>, number: string): boolean {
  return record.barcodes.some((code) => sameCode(code, number));
}

/** Judges a record for the order on the desk, whose items are all there, at wall clock `now`. */
export function judgeDws(
  record: DwsMeasurement,
  order: DwsOrder,
  policy: Pick<DwsPolicy, 'pairing' | 'holdMs'>,
  limits: { readonly minG: number; readonly maxG: number },
  now: number,
): DwsVerdict {
  const grams = record.weightG === null ? null : roundGrams(record.weightG);
  const measured = sizeOf(record);
  const size = record.volumeMismatch ? null : measured;
  const refuse = (code: string, params: Notice['params'] = {}, overridable = false): DwsVerdict => ({
    kind: 'refused',
    grams,
    size,
    notice: { code, tone: 'stop', params: { number: order.number, ...params } },
    overridable,
  });

  const unnamed = record.barcodes.length === 0;
  if (policy.pairing === 'line' && !namesOrder(record, order.number)) return { kind: 'elsewhere' };
  // What came before the order was opened was told then, or is another's.
  if (!namesOrder(record, order.number) && record.at < order.openedAt) return { kind: 'elsewhere' };
  if (record.noRead) return refuse('dws.no-read');
  if (!unnamed && !namesOrder(record, order.number)) {
    return refuse('dws.other-order', { code: record.barcodes.join(' ').slice(0, 100) });
  }
  const age = now - record.at;
  if (!(age <= policy.holdMs && age >= -clockSlackMs)) return refuse('dws.too-old');
  if (record.at >= order.openedAt && record.at < order.changedAt) return refuse('dws.before-items');
  if (grams === null || record.weightG === null) {
    return refuse('dws.no-weight', { reason: record.errors.join('; ').slice(0, 200) });
  }
  if (grams > limits.maxG) return refuse('weight.too-heavy', { grams, maxG: limits.maxG }, true);
  if (!(grams >= limits.minG && grams <= limits.maxG)) {
    return refuse('weight.too-light', { grams, minG: limits.minG }, grams > 0);
  }
  const doubt = record.volumeMismatch ? 'dws.size-doubt' : measured === null ? 'dws.no-size' : null;
  return {
    kind: 'usable',
    grams,
    size,
    notice: doubt === null ? null : { code: doubt, tone: 'warn', params: {} },
    overridable: false,
  };
}

/** Whole millimetres, rounded up: a carrier that measures again never finds the parcel larger than was said. */
function sizeOf({ lengthMm, widthMm, heightMm }: DwsMeasurement): ParcelSize | null {
  if (lengthMm === null || widthMm === null || heightMm === null) return null;
  return { lengthMm: Math.ceil(lengthMm), widthMm: Math.ceil(widthMm), heightMm: Math.ceil(heightMm) };
}
