/**
 * Parameters of the calls, with the lengths and rules of the documents. A name that is in no table is refused: a
 * misspelt filter would silently ask for everything.
 */
import { z } from 'zod';
import { dayParam, minuteParam, needsOneOf, numericParam, secondParam, textParam, wordParam } from '../kit/params.ts';

const whole = (least: number, most: number) => z.number().int().min(least).max(most);
/** Fields of the samples may be empty where the tables give no minimum. */
const varchar = (max: number) => textParam(max, 0).optional();
/** Type `text` in the tables: no limit is stated; this one is ours. */
const freeText = textParam(20_000, 0).optional();
const list = <S extends z.ZodType>(item: S) => z.array(item).max(1_000);
const extension = (max: number) => z.strictObject({ ext_key: textParam(max), ext_value: textParam(max, 0) });

/** 查询分销订单. The last three names are in the document's sample only, which the table does not explain. */
export const salesOrderQuery = z.strictObject({
  page_number: whole(1, 1_000_000).optional(),
  page_length: whole(1, 1_000).optional(),
  s_status: wordParam(['0', '1']).optional(),
  order_no: varchar(32),
  s_cmCode: varchar(32),
  s_cmName: varchar(32),
  s_supplyCode: varchar(32),
  s_supplyName: varchar(32),
  emp_code: varchar(32),
  emp_name: varchar(32),
  after_create_date: secondParam().optional(),
  after_modify_date: secondParam().optional(),
  start_create_date: dayParam().optional(),
  end_create_date: dayParam().optional(),
  start_modify_date: dayParam().optional(),
  end_modify_date: dayParam().optional(),
  s_orderClass: z.enum(['ZC', 'HC'], 'must be ZC (正常订单) or HC (换出订单)').optional(),
  purchase_no: varchar(32),
  create_time_begin: secondParam().optional(),
  create_time_end: secondParam().optional(),
});

/** 新增分销订单: `operate_type` 1 adds (default), 2 edits the order with `order_no`. */
export const orderChange = z
  .strictObject({
    operate_type: wordParam(['1', '2']).optional(),
    order_no: varchar(100),
    cm_id: varchar(32),
    cm_code: varchar(100),
    cm_source_code: varchar(100),
    supply_id: varchar(32),
    supply_code: varchar(100),
    supply_source_code: varchar(100),
    tier_one_supply_id: varchar(32),
    tier_one_supply_code: varchar(100),
    tier_one_supply_source_code: varchar(100),
    date: minuteParam().optional(),
    emp_id: varchar(32),
    emp_code: varchar(100),
    consignment_date: dayParam().optional(),
    receive_name: varchar(100),
    receive_phone: varchar(32),
    receive_tel: varchar(32),
    receive_addr: varchar(1000),
    receive_addr_id: varchar(32),
    remark: freeText,
    order_amount: numericParam(32, 2).optional(),
    order_discount_amount: numericParam(32, 2).optional(),
    exts: list(extension(4000)).optional(),
    products: list(
      z
        .strictObject({
          id: varchar(32),
          code: varchar(100),
          price: numericParam(18, 8).optional(),
          num: numericParam(18, 8).optional(),
          unit: varchar(32),
          unit_name: varchar(32),
          amount: numericParam(18, 2).optional(),
          is_gift: wordParam(['1', '0']).optional(),
          posnr: numericParam(10, 0).optional(),
          remark: freeText,
          exts: list(extension(1000)).optional(),
        })
        .superRefine(needsOneOf('id', 'code'))
        .superRefine((line, context) => {
          // Document: 如果该商品是赠品,price传0,is_gift传1.
          if (line.is_gift === '1' && line.price !== undefined && Number(line.price) !== 0) {
            context.addIssue({ code: 'custom', path: ['price'], message: 'must be 0 for a gift (is_gift 1)' });
          }
        }),
    ).optional(),
  })
  .superRefine(needsOneOf('cm_id', 'cm_code', 'cm_source_code'))
  // The sample names no supplier; the document says that its tables go before its samples (具体以参数说明为准).
  .superRefine(needsOneOf('supply_id', 'supply_code', 'supply_source_code'))
  .superRefine((order, context) => {
    if (order.operate_type === '2' && (order.order_no ?? '') === '') {
      context.addIssue({ code: 'custom', path: ['order_no'], message: 'is required to edit (operate_type 2)' });
    }
  });

/** 分销订单外部审批: 1 审批通过, 0 审批打回. */
export const approval = z
  .strictObject({
    order_id: varchar(32),
    order_no: varchar(100),
    create_time: varchar(100),
    approver_id: varchar(32),
    approver_code: varchar(100),
    verify_type: wordParam(['1', '0']),
    verify_reason: varchar(100),
  })
  .superRefine(needsOneOf('order_id', 'order_no'))
  .superRefine(needsOneOf('approver_id', 'approver_code'));

/** 分销订单自定义字段修改. `products.id` is the line's id (分销订单明细id), not the product's. */
export const orderFields = z.strictObject({
  order_no: textParam(100),
  exts: list(extension(1000)).optional(),
  products: list(z.strictObject({ id: textParam(32), exts: list(extension(1000)) })).optional(),
});

/** 关闭分销订单. */
export const closing = z
  .strictObject({ order_id: varchar(32), order_no: varchar(100), order_create_date: dayParam().optional() })
  .superRefine(needsOneOf('order_id', 'order_no'));

/** 分销订单发货单第三方签收数量写入接口: quantities in the base unit. */
export const signedQuantities = z.strictObject({
  sent_create_date: dayParam(),
  order_sent_id: textParam(32),
  prods: list(z.strictObject({ order_sent_detail_id: textParam(32), third_sign_num: numericParam(20, 8) })).min(
    1,
    'needs at least one line',
  ),
});

/**
 * 新增直营发货单 (public page order_sent.html, its table cut after logistics_dept_code and sent_storehouse_code): of
 * the fields only sent_no's length, the dates and the either/or rule are known. Names outside the readable part are
 * let through.
 */
export const deliveryOrder = z
  .looseObject({
    sent_no: varchar(100),
    sent_date: dayParam().optional(),
    order_id: varchar(32),
    order_no: varchar(100),
    create_time: varchar(100),
    logistics_dept_code: varchar(100),
    sign_status: varchar(100),
    business_status: varchar(100),
    sent_storehouse_code: varchar(100),
    sent_receive_code: varchar(100),
    receive_name: varchar(1000),
    receive_phone: varchar(100),
    receive_tel: varchar(100),
    receive_addr: varchar(4000),
    exts: list(extension(1000)).optional(),
    prods: list(
      z.looseObject({
        id: varchar(32),
        posnr: numericParam(15, 0).optional(),
        sent_num: numericParam(28, 8).optional(),
        sent_input_unit: varchar(32),
        sent_input_unit_name: varchar(100),
        sent_remark: freeText,
        exts: list(extension(1000)).optional(),
      }),
    ).optional(),
  })
  .superRefine(needsOneOf('order_id', 'order_no'));
