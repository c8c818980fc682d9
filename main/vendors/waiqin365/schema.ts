/**
 * What 查询分销订单 answers. The document's field table writes `order_*`, its sample `purchase_*`; both occur, so both
 * are read and the table's form wins where both are present.
 */
import { z } from 'zod';
import { outsideNumber, outsideText } from '../kit/outside.ts';

/** `return_code` is text in one sample and a number in the others; `response_data` is JSON text, or already an array. */
export const envelope = z.object({
  return_code: outsideNumber,
  return_msg: outsideText,
  msg_id: outsideText,
  response_data: z.unknown().optional(),
  /** Table of addOrModifyOrder. An inexact number is not used; it does not undo the success. */
  order_id: writtenNumber(),
  order_no: writtenNumber(),
});
export type Envelope365 = z.output<typeof envelope>;

function writtenNumber() {
  return z
    .unknown()
    .optional()
    .transform((value) => {
      const parsed = outsideNumber.safeParse(value);
      return parsed.success ? parsed.data : null;
    });
}

const customFields = z
  .union([z.array(z.object({ ext_key: outsideText, ext_value: outsideText })), z.literal(''), z.null()])
  .optional()
  .transform((value) => (Array.isArray(value) ? value : []));

/** An id or number that may be absent or empty; a JSON number must be exact. */
const optionalNumber = z
  .union([z.literal('').transform(() => null), z.null(), outsideNumber])
  .optional()
  .transform((value) => value ?? null);

/** Numbers stay as they came until it is known that they are needed. */
const rawNumber = z.union([z.string(), z.number(), z.null()]).optional();

export const record = z.object({
  id: outsideNumber,
  status: outsideText,
  order_no: optionalNumber,
  purchase_no: optionalNumber,
  order_status: outsideText,
  purchase_status: outsideText,
  cm_name: outsideText,
  receive_name: outsideText,
  receive_phone: outsideText,
  receive_tel: outsideText,
  receive_addr: outsideText,
  remark: outsideText,
  consignment_date: outsideText,
  create_time_str: outsideText,
  modify_time_str: outsideText,
  exts: customFields,
  prods: z.unknown().optional(),
});
export type Record365 = z.output<typeof record>;

export const line = z.object({
  detail_id: outsideNumber,
  product_id: optionalNumber,
  product_code: optionalNumber,
  product_source_code: optionalNumber,
  product_name: outsideText,
  order_count: rawNumber,
  purchase_count: rawNumber,
  order_input_unit_name: outsideText,
  purchase_input_unit_name: outsideText,
  order_price: rawNumber,
  purchase_price: rawNumber,
  order_base_unit_count: rawNumber,
  purchase_base_unit_count: rawNumber,
  base_unit_name: outsideText,
  is_gift: outsideText,
  remark: outsideText,
  exts: customFields,
});
export type Line365 = z.output<typeof line>;
