/** What a push or a repeat did not take, and why. */
import type { CallOutput, Notice } from '../../../preload/contract/index.ts';
import type { CandidateParcel, LeftOutReason } from '../../domain/handover.ts';

const mostNamed = 200;

/** What was left behind, counted whole and named as far as a screen lists it. */
export class Behind {
  readonly rows: CallOutput<'day.push'>['leftOut'] = [];
  count = 0;
  /** A document that holds something of the choice already: what it holds is not left behind. */
  heldBy: string | null = null;

  add(parcel: CandidateParcel, why: LeftOutReason | 'left-out' | 'no-bag' | 'bag-not-ready', params = {}): void {
    if (why === 'in-document') {
      this.heldBy ??= parcel.inDocument;
      return;
    }
    this.count += 1;
    if (this.rows.length >= mostNamed) return;
    const { parcelId, orderNumber, waybill } = parcel;
    const notice: Notice = {
      code: `day.left-${why}`,
      tone: 'warn',
      params: { number: orderNumber, ...params },
    };
    this.rows.push({ parcelId, orderNumber, waybill: waybill === '' ? null : waybill, notice });
  }
}
