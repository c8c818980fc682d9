/** Joins the label service to the desk: which label for which parcel, made for this desk's label printer. */
import type { LabelMaker } from '../desk/label-stock.ts';
import type { Labels, LabelTarget } from '../labels/index.ts';

export function createLabelMaker(labels: Labels, target: LabelTarget, deskId: string): LabelMaker {
  return {
    prepare: (artwork, waybill) => labels.prepare(artwork, waybill, target),
    lpnLabel: (parcel) =>
      labels.lpnLabel(
        {
          lpn: parcel.lpn,
          orderNumber: parcel.facts.orderNumber,
          receiverName: parcel.facts.receiver.name,
          weightG: parcel.weightG,
          sealedAt: parcel.sealedAt,
          deskId,
        },
        target,
      ),
  };
}
