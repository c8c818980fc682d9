/**
 * One order of 查询分销订单 with every field of its table and of its sample (`purchase_*`), for callers by name. An
 * absent field is ''; ids and amounts are text. Fields in neither are kept in `raw`.
 */
import { z } from 'zod';
import { issueLine, outsideText } from '../kit/outside.ts';

/** Ids, codes and NUMERIC values: text, or a JSON number that is exact. */
const exact = z
  .union([z.string(), z.number(), z.null()])
  .optional()
  .transform((value, context) => {
    if (value === undefined || value === null) return '';
    if (typeof value === 'string') return value.trim();
    if (String(value).replace(/\D/g, '').length <= 15 && !/e/i.test(String(value))) return String(value);
    context.addIssue({ code: 'custom', message: 'number too large to be exact; it must be sent as text' });
    return z.NEVER;
  });

const list = <S extends z.ZodType>(item: S) =>
  z
    .union([z.array(item), z.literal(''), z.null()])
    .optional()
    .transform((value): readonly z.output<S>[] => (Array.isArray(value) ? value : []));

const customFields = list(z.object({ ext_key: outsideText, ext_value: outsideText }));

const salesOrderLine = z.object({
  detail_id: exact,
  product_id: exact,
  product_name: outsideText,
  product_code: exact,
  product_source_code: exact,
  order_price: exact,
  purchase_price: exact,
  order_count: exact,
  purchase_count: exact,
  order_input_unit: exact,
  purchase_input_unit: exact,
  order_input_unit_name: outsideText,
  purchase_input_unit_name: outsideText,
  base_unit: exact,
  base_unit_name: outsideText,
  order_base_unit_count: exact,
  purchase_base_unit_count: exact,
  order_amount: exact,
  purchase_amount: exact,
  gift_amount: exact,
  gift_price: exact,
  order_discount_amount: exact,
  purchase_discount_amount: exact,
  remark: outsideText,
  is_gift: exact,
  promotion_code: exact,
  promotion_name: outsideText,
  promotion_type: exact,
  promotion_tag: exact,
  promotion_calc_mode: exact,
  promotion_calc_type: exact,
  superposition_promotion_code: exact,
  superposition_promotion_name: outsideText,
  superposition_promotion_type: exact,
  superposition_promotion_id: exact,
  amount_promotion_code: exact,
  amount_promotion_name: outsideText,
  amount_promotion_type: exact,
  amount_promotion_id: exact,
  suggest_num: exact,
  onway_inventory: exact,
  real_inventory: exact,
  safe_inventory: exact,
  posnr: exact,
  addpd_pool_id: exact,
  exts: customFields,
});

export const salesOrder = z.object({
  id: exact,
  status: exact,
  order_no: exact,
  purchase_no: exact,
  date: exact,
  emp_dept_id: exact,
  emp_dept_name: outsideText,
  emp_dept_code: exact,
  emp_dept_source_code: exact,
  emp_id: exact,
  emp_code: exact,
  emp_name: outsideText,
  emp_source_code: exact,
  trade_type: exact,
  cm_id: exact,
  cm_code: exact,
  cm_name: outsideText,
  cm_source_code: exact,
  cm_dept_id: exact,
  cm_dept_name: outsideText,
  cm_dept_code: exact,
  cm_dept_source_code: exact,
  order_status: exact,
  purchase_status: exact,
  purchase_business_status: exact,
  supply_id: exact,
  supply_name: outsideText,
  supply_code: exact,
  supply_source_code: exact,
  consignment_date: exact,
  order_amount: exact,
  order_discount_amount: exact,
  pictures: outsideText,
  creator_id: exact,
  create_name: outsideText,
  create_time_str: exact,
  modify_time_str: exact,
  confirm_emp_id: exact,
  confirm_emp_name: outsideText,
  confirm_time_str: exact,
  confirm_reason: outsideText,
  reconfirm_emp_id: exact,
  reconfirm_emp_name: outsideText,
  reconfirm_time_str: exact,
  reconfirm_reason: outsideText,
  order_type: exact,
  receive_name: outsideText,
  receive_phone: exact,
  receive_tel: exact,
  receive_addr: outsideText,
  remark: outsideText,
  visit_implement_id: exact,
  order_source: exact,
  order_class: exact,
  source_order_id: exact,
  source_order_no: exact,
  change_hr_order_id: exact,
  change_hr_order_no: exact,
  gift_card_usedamount: exact,
  amount_pool_usedamount: exact,
  customer_points_amount: exact,
  usedGiftCards: list(z.object({ reduce_amount: exact, card_id: exact, card_no: exact })),
  usedAmountPools: list(z.object({ rebate_account_amount: exact, rebate_account_id: exact })),
  usedVouchers: list(z.object({ voucher_id: exact, voucher_name: outsideText, voucher_amount: exact })),
  exts: customFields,
  prods: list(salesOrderLine),
});
export type SalesOrder = z.output<typeof salesOrder>;

/** An order as it was read; `order` is null if it does not parse, and `reason` says why. `raw` is the vendor's record. */
export interface ReadSalesOrder {
  readonly order: SalesOrder | null;
  readonly reason: string | null;
  readonly raw: unknown;
}

export function readSalesOrder(raw: unknown): ReadSalesOrder {
  const parsed = salesOrder.safeParse(raw);
  return parsed.success
    ? { order: parsed.data, reason: null, raw }
    : { order: null, reason: issueLine(parsed.error), raw };
}
