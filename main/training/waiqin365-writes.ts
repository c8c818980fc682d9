/**
 * What can be written to the virtual 外勤365: orders added and edited, approved, closed, custom fields, delivery orders
 * and what was signed for. Names, lengths and either/or rules from the vendor's documents; 新增直营发货单 from its public
 * page, whose table is cut. Rules no source states are ours and marked so.
 */
import { z } from 'zod';
import type { Ledger } from './ledger.ts';
import { hashText } from './orders/training-order.ts';
import type { OrderBook } from './orders/order-book.ts';
import { vendorTime, type VendorRecord } from './waiqin365-record.ts';

const varchar = (max: number) => z.string().max(max).optional();
const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be yyyy-MM-dd');
const decimal = (whole: number, scale: number) =>
  z.string().regex(new RegExp(`^\\d{1,${whole}}(\\.\\d{1,${scale}})?$`), `must be a number, ${whole}+${scale} digits`);
const Exts = (max: number) =>
  z.array(z.strictObject({ ext_key: z.string().min(1).max(max), ext_value: z.string().max(max) }));
const oneOf =
  (...fields: readonly string[]) =>
  (body: object): boolean =>
    fields.some((field) => ((body as Readonly<Record<string, unknown>>)[field] ?? '') !== '');

const OrderChange = z
  .strictObject({
    operate_type: z.enum(['1', '2']).default('1'),
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
    date: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/, 'must be yyyy-MM-dd HH:mm')
      .optional(),
    emp_id: varchar(32),
    emp_code: varchar(100),
    consignment_date: Day.optional(),
    receive_name: varchar(100),
    receive_phone: varchar(32),
    receive_tel: varchar(32),
    receive_addr: varchar(1000),
    receive_addr_id: varchar(32),
    remark: z.string().optional(),
    order_amount: decimal(29, 2).optional(),
    order_discount_amount: decimal(29, 2).optional(),
    exts: Exts(4000).optional(),
    products: z
      .array(
        z
          .strictObject({
            id: varchar(32),
            code: varchar(100),
            price: decimal(10, 8).optional(),
            num: decimal(10, 8).optional(),
            unit: varchar(32),
            unit_name: varchar(32),
            amount: decimal(16, 2).optional(),
            is_gift: z.enum(['0', '1']).optional(),
            posnr: decimal(10, 1).optional(),
            remark: z.string().optional(),
            exts: Exts(1000).optional(),
          })
          .refine(oneOf('id', 'code'), 'products: id or code is required'),
      )
      .optional(),
  })
  .refine(oneOf('cm_id', 'cm_code', 'cm_source_code'), 'cm_id, cm_code or cm_source_code is required')
  .refine(
    oneOf('supply_id', 'supply_code', 'supply_source_code'),
    'supply_id, supply_code or supply_source_code is required',
  );

const which = { order_id: varchar(32), order_no: varchar(100) };
const Approval = z
  .strictObject({
    ...which,
    create_time: varchar(100),
    approver_id: varchar(32),
    approver_code: varchar(100),
    verify_type: z.enum(['0', '1']),
    verify_reason: varchar(100),
  })
  .refine(oneOf('order_id', 'order_no'), 'order_id or order_no is required')
  .refine(oneOf('approver_id', 'approver_code'), 'approver_id or approver_code is required');
const Fields = z.strictObject({
  order_no: z.string().min(1).max(100),
  exts: Exts(1000).optional(),
  products: z.array(z.strictObject({ id: z.string().min(1).max(32), exts: Exts(1000) })).optional(),
});
const Closing = z
  .strictObject({ ...which, order_create_date: Day.optional() })
  .refine(oneOf('order_id', 'order_no'), 'order_id or order_no is required');
const Signed = z.strictObject({
  sent_create_date: Day,
  order_sent_id: z.string().min(1).max(32),
  prods: z
    .array(z.strictObject({ order_sent_detail_id: z.string().min(1).max(32), third_sign_num: decimal(12, 8) }))
    .min(1),
});
/** Loose: the page's table is cut. That a line needs id or code is ours. */
const Delivery = z
  .looseObject({
    ...which,
    sent_no: varchar(100),
    sent_date: Day.optional(),
    prods: z.array(
      z.looseObject({ id: varchar(32), code: varchar(100) }).refine(oneOf('id', 'code'), 'id is required'),
    ),
  })
  .refine(oneOf('order_id', 'order_no'), 'order_id or order_no is required');

/** The virtual vendor's id of a delivery order, and of its line by position. */
export function deliveryOrderId(sentNumber: string): string {
  return `72263${String(hashText(sentNumber)).padStart(14, '0')}`;
}
export function deliveryLineId(sentNumber: string, index: number): string {
  return `48437${String(hashText(`${sentNumber}/${index}`)).padStart(14, '0')}`;
}

type Written = { readonly ok: true; readonly more?: object } | { readonly ok: false; readonly reason: string };
export interface Write<S extends z.ZodType = z.ZodType> {
  readonly path: string;
  readonly schema: S;
  run(body: z.output<S>, now: number): Written;
}

/** Keeps the types of one write together; the twin only sees schema and run. */
const write = <S extends z.ZodType>(
  path: string,
  schema: S,
  run: (body: z.output<S>, now: number) => Written,
): Write => ({ path, schema, run });
const no = (reason: string): Written => ({ ok: false, reason });

export function createWrites(book: OrderBook, ledger: Ledger): readonly Write[] {
  const added = (number: string) => ledger.last('order', number);
  const numberOf = (body: { order_id?: string | undefined; order_no?: string | undefined }): string | null => {
    if (body.order_id) {
      const byId = book.list().find((order) => order.id === body.order_id)?.number;
      const own = ledger.newest('order').find((entry) => addedId(entry.key) === body.order_id)?.key;
      return byId ?? own ?? null;
    }
    const number = body.order_no ?? '';
    return book.get(number) !== undefined || added(number) !== undefined ? number : null;
  };
  const missing = no('订单不存在 (no such order)');

  return [
    write('dmssalesorder/v1/addOrModifyOrder', OrderChange, (body, now) => {
      if (body.operate_type === '2') {
        const number = numberOf({ order_no: body.order_no });
        if (number === null) return missing;
        ledger.add('order-edit', number, now, body);
        return { ok: true, more: { order_id: book.get(number)?.id ?? addedId(number), order_no: number } };
      }
      const number = body.order_no || `DD${String(now)}${ledger.newest('order').length}`;
      if (numberOf({ order_no: number }) !== null) return no('订单号已存在 (the order number exists)');
      ledger.add('order', number, now, body);
      return { ok: true, more: { order_id: addedId(number), order_no: number } };
    }),
    write('dmssalesorder/v1/approve', Approval, (body, now) => {
      const number = numberOf(body);
      if (number === null) return missing;
      ledger.add('approve', number, now, body);
      return { ok: true };
    }),
    write('dmssalesorder/v1/modifyOrderExtData', Fields, (body, now) => {
      const number = numberOf(body);
      if (number === null) return missing;
      const lines = new Set(book.get(number)?.lines.map((line) => line.detailId) ?? []);
      const odd = body.products?.find((line) => !lines.has(line.id));
      if (odd) return no(`订单明细不存在 (no such line: ${odd.id})`);
      ledger.add('fields', number, now, body);
      return { ok: true };
    }),
    write('dmssalesorder/v1/stopPurchaseSentOrder', Closing, (body, now) => {
      const number = numberOf(body);
      if (number === null) return missing;
      // Ours: the document does not say what a second closing answers.
      if (ledger.last('close', number)) return no('订单已关闭 (already closed)');
      ledger.add('close', number, now);
      return { ok: true };
    }),
    write('dmssent/v1/addZySent', Delivery, (body, now) => {
      const number = numberOf(body);
      if (number === null) return missing;
      const sent = body.sent_no || `FH${String(now)}`;
      // Public page: an existing sent_no is modified, only while it is 处理中 (here: until it is signed for).
      if (ledger.last('signed', deliveryOrderId(sent))) return no('发货单状态不是处理中 (already signed for)');
      const known = ledger.last('delivery', sent) !== undefined;
      ledger.add(known ? 'delivery-edit' : 'delivery', sent, now, { number, lines: body.prods.length });
      return { ok: true };
    }),
    write('dmssent/v1/thirdSignNum', Signed, (body, now) => {
      const delivery = ledger.newest('delivery').find((entry) => deliveryOrderId(entry.key) === body.order_sent_id);
      if (delivery === undefined) return no('发货单不存在 (no such delivery order)');
      if (vendorTime(delivery.at).slice(0, 10) !== body.sent_create_date) {
        return no('sent_create_date不正确 (not the day the delivery order was made)');
      }
      const { lines } = delivery.value as { lines: number };
      const ids = new Set(Array.from({ length: lines }, (_, index) => deliveryLineId(delivery.key, index)));
      const odd = body.prods.find((line) => !ids.has(line.order_sent_detail_id));
      if (odd) return no(`发货单明细不存在 (no such line: ${odd.order_sent_detail_id})`);
      ledger.add('signed', body.order_sent_id, now, body);
      return { ok: true };
    }),
  ];
}

function addedId(number: string): string {
  return `60377${String(hashText(number)).padStart(14, '0')}`;
}

/** A record as the query shows it after what was written: closed, and with its custom fields. */
export function withWrites(record: VendorRecord, ledger: Ledger): VendorRecord {
  const closed = ledger.last('close', record.number);
  const written = ledger.last('fields', record.number);
  if (closed === undefined && written === undefined) return record;
  const modifiedAt = Math.max(record.modifiedAt, closed?.at ?? 0, written?.at ?? 0);
  const fields: Record<string, unknown> = { ...record.fields, modify_time_str: vendorTime(modifiedAt) };
  if (closed !== undefined) {
    // 已完成: the documents name no status for a closed order; ours.
    if ('purchase_status' in fields) fields['purchase_status'] = 'CG_YWC';
    else fields['order_status'] = 'XS_YWC';
  }
  const extra = (written?.value as { exts?: { ext_key: string; ext_value: string }[] } | undefined)?.exts ?? [];
  const kept = (fields['exts'] as { ext_key: string }[]).filter(
    (ext) => !extra.some((each) => each.ext_key === ext.ext_key),
  );
  fields['exts'] = [...kept, ...extra];
  return { ...record, modifiedAt, fields };
}

/** Orders that were added through the interface, in the form of the field table. */
export function addedRecords(ledger: Ledger): readonly VendorRecord[] {
  return ledger.newest('order').map((entry) => {
    const edited = ledger.last('order-edit', entry.key);
    const body = { ...(entry.value as z.output<typeof OrderChange>), ...(edited?.value as object | undefined) };
    const modifiedAt = edited?.at ?? entry.at;
    return {
      number: entry.key,
      createdAt: entry.at,
      modifiedAt,
      fields: {
        id: addedId(entry.key),
        status: '1',
        order_no: entry.key,
        order_status: 'XS_DQR',
        order_class: 'ZC',
        order_source: 'JK',
        cm_code: body.cm_code ?? '',
        cm_name: body.cm_code ?? '',
        supply_code: body.supply_code ?? '',
        emp_code: body.emp_code ?? '',
        receive_name: body.receive_name ?? '',
        receive_phone: body.receive_phone ?? '',
        receive_tel: body.receive_tel ?? '',
        receive_addr: body.receive_addr ?? '',
        remark: body.remark ?? '',
        create_time_str: vendorTime(entry.at),
        modify_time_str: vendorTime(modifiedAt),
        exts: body.exts ?? [],
        prods: (body.products ?? []).map((line, index) => ({
          detail_id: deliveryLineId(entry.key, index),
          product_id: line.id ?? '',
          product_code: line.code ?? '',
          product_name: line.code ?? '',
          order_price: line.price ?? '0',
          order_count: line.num ?? '1',
          order_input_unit_name: line.unit_name ?? '',
          is_gift: line.is_gift === '1' ? 'Y' : 'N',
          remark: line.remark ?? '',
          exts: line.exts ?? [],
        })),
      },
    };
  });
}
