/** Joins the label service to the desk: which label for which parcel, made for this desk's label printer. */
import type { LabelMaker } from '../desk/label-stock.ts';
import type { ParcelFacts } from '../domain/shipping.ts';
import type { Labels } from '../labels/index.ts';
import type { OwnLabel } from '../vendors/kit/vendor.ts';

export function createLabelMaker(
  labels: Labels,
  deskId: string,
  ownLabelFor: (vendor: string, facts: ParcelFacts) => OwnLabel | null,
): LabelMaker {
  return {
    prepare: (artwork, waybill, target) => labels.prepare(artwork, waybill, target),
    async ownLabel(parcel, waybill, target) {
      const own = ownLabelFor(parcel.vendor, parcel.facts);
      if (own === null) {
        return {
          held: true,
          code: 'label.unreadable',
          message: `carrier ${parcel.vendor} is not set up to draw its label`,
        };
      }
      const { facts, weightG, sealedAt } = parcel;
      const { orderNumber, reference } = facts;
      return labels.parcelLabel({ ...own, waybill, weightG, sealedAt, orderNumber, reference }, target);
    },
    lpnLabel: (parcel, target) =>
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
