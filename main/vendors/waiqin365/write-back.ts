/** What the upstream is told of a parcel: shipped, and signed for. */
import { z } from 'zod';
import type { OperationName } from '../../domain/shipping.ts';
import type { KitOperation } from '../kit/create-vendor.ts';
import { refuse } from '../kit/limits.ts';
import { jobOverCall } from '../kit/named-calls.ts';
import { issueLine } from '../kit/outside.ts';
import { shanghaiText } from '../kit/time.ts';
import type { Calls365, Written } from './calls.ts';
import type { Settings } from './settings.ts';
import type { JobCall } from '../../domain/job.ts';

/** A recordSigned payload names the delivery order if it is known; the desk's delivery event alone does not. */
const signedPayload = z.object({
  deliveryOrder: z
    .object({
      id: z.string(),
      createdOn: z.string(),
      lines: z.array(z.object({ id: z.string(), baseQuantity: z.string() })),
    })
    .optional(),
});

/** Job operations for this profile's `writeBack`; none without one. */
export function writeBackOperations(
  calls: Calls365,
  writeBack: Settings['writeBack'],
): Partial<Record<OperationName, KitOperation>> {
  const result = (_call: JobCall, written: Written) => ({
    kind: 'done' as const,
    result: { confirmation: written.message === '' ? 'return_code 0' : written.message },
  });
  // These writes may repeat, and a gateway may refuse a msg_id it has seen: every attempt has its own.
  const requestId = (call: JobCall): string =>
    call.attempt > 1 ? `${call.requestId}-${call.attempt}` : call.requestId;
  if (writeBack.kind === 'none') return {};
  if (writeBack.kind === 'custom-field') {
    const recordShipment = jobOverCall('updateOrderFields', calls.updateOrderFields, {
      params(call) {
        const waybill = waybillOf(call);
        if (waybill === null) return noWaybill;
        return { order_no: call.facts.orderNumber, exts: [{ ext_key: writeBack.field, ext_value: waybill }] };
      },
      result,
      requestId,
    });
    return { recordShipment };
  }
  const recordShipment = jobOverCall('addDeliveryOrder', calls.addDeliveryOrder, {
    params(call, vendorNow) {
      const { facts } = call;
      const waybill = waybillOf(call);
      if (waybill === null) return noWaybill;
      const { waybillField } = writeBack;
      return {
        sent_no: facts.reference,
        sent_date: shanghaiText(vendorNow).slice(0, 10),
        order_no: facts.orderNumber,
        receive_name: facts.receiver.name,
        receive_phone: facts.receiver.phone,
        receive_addr: facts.receiver.line1,
        ...(waybillField === undefined ? {} : { exts: [{ ext_key: waybillField, ext_value: waybill }] }),
        prods: facts.items.map((item, index) => ({
          [writeBack.productCode]: item.code,
          posnr: String((index + 1) * 10),
          sent_num: item.quantity,
          sent_input_unit_name: item.unitName,
        })),
      };
    },
    result,
    requestId,
  });
  const recordSigned = jobOverCall('recordSigned', calls.recordSigned, {
    params(call) {
      const payload = signedPayload.safeParse(call.payload ?? {});
      if (!payload.success) return refuse('payload', `recordSigned: ${issueLine(payload.error)}`);
      const { deliveryOrder } = payload.data;
      if (deliveryOrder === undefined) {
        return refuse(
          'delivery-order-unknown',
          'thirdSignNum needs the ids of the delivery order and its lines, and no interface we know tells them: sign it in 外勤365',
        );
      }
      return {
        sent_create_date: deliveryOrder.createdOn,
        order_sent_id: deliveryOrder.id,
        prods: deliveryOrder.lines.map((line) => ({
          order_sent_detail_id: line.id,
          third_sign_num: line.baseQuantity,
        })),
      };
    },
    result,
    requestId,
  });
  return { recordShipment, recordSigned };
}

const noWaybill = refuse('waybill-missing', 'the parcel has no waybill yet');

function waybillOf(call: JobCall): string | null {
  const { fetchLabel, confirm, placeOrder } = call.earlier;
  return fetchLabel?.waybill ?? confirm?.waybill ?? placeOrder?.waybill ?? null;
}
