/**
 * A training order in the two shapes of the vendor's page 查询分销订单: the field table (`order_no`, `order_status`,
 * `order_count`, …) and the sample (`purchase_no`, `purchase_status`, `purchase_count`, …). Both occur.
 */
import { hashText, type TrainingLine, type TrainingOrder } from './orders/training-order.ts';

/** Names of the custom fields training orders use. The vendor lets every customer name their own. */
export const orderExtKeys = { country: '国家代码', state: '州', city: '城市', postcode: '邮编' } as const;
export const lineExtKeys = { barcode: '条码' } as const;

export interface VendorRecord {
  readonly number: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** `yyyy-MM-dd HH:mm:ss.SSS` in China time. */
export function vendorTime(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().replace('T', ' ').slice(0, 23);
}

/** `locale` `en` puts an English name before the Chinese one, for packers who read that. */
export function toVendorRecord(order: TrainingOrder, locale: 'zh-CN' | 'en'): VendorRecord {
  const sample = order.form === 'purchase';
  const clerk = hashText(order.customerCode) % 5;
  const amount = order.lines.reduce((sum, line) => sum + Number(line.price) * Number(line.quantity), 0).toFixed(2);
  const exts = [
    { ext_key: '级别', ext_value: ['三星', '四星', '五星'][clerk % 3] ?? '三星' },
    ...(order.country
      ? [
          { ext_key: orderExtKeys.country, ext_value: order.country },
          { ext_key: orderExtKeys.state, ext_value: order.state },
          { ext_key: orderExtKeys.city, ext_value: order.city },
          { ext_key: orderExtKeys.postcode, ext_value: order.postcode },
        ]
      : []),
  ];
  const named = sample
    ? {
        purchase_no: order.number,
        // The page shows CG_DFH only; CG_YQX is formed like its order_status list (XS_DFH, XS_YQX).
        purchase_status: `CG_${order.status}`,
        purchase_business_status: `CG_${order.status}`,
      }
    : { order_no: order.number, order_status: `XS_${order.status}`, order_class: 'ZC', order_source: 'DINGHUO365' };
  return {
    number: order.number,
    createdAt: order.createdAt,
    modifiedAt: order.modifiedAt,
    fields: {
      id: order.id,
      status: '1',
      ...named,
      date: vendorTime(order.createdAt).slice(0, 10),
      emp_dept_id: '6173157522867102283',
      emp_dept_name: '市场部',
      emp_dept_code: 'DP00001',
      emp_id: `636087995220715818${clerk}`,
      emp_code: `EMP000${clerk + 1}`,
      emp_name: ['张明', '王芳', '刘洋', '陈静', '杨帆'][clerk],
      cm_id: `4786443529856${String(hashText(order.customerCode)).padStart(10, '0')}`.slice(0, 19),
      cm_code: order.customerCode,
      trade_type: '3',
      cm_name: order.customer,
      supply_id: '5479044577173277001',
      supply_name: '江南优选供应链',
      supply_code: 'SUP0001',
      consignment_date: vendorTime(order.createdAt + 2 * 86_400_000).slice(0, 10),
      order_amount: amount,
      order_discount_amount: '0.00',
      pictures: '',
      creator_id: '5479044577173277483',
      create_name: '张三',
      create_time_str: vendorTime(order.createdAt),
      modify_time_str: vendorTime(order.modifiedAt),
      order_type: 'ZY',
      receive_name: order.receiverName,
      receive_phone: order.receiverPhone,
      receive_tel: '',
      receive_addr: order.receiverAddress,
      remark: order.remark,
      usedGiftCards: [],
      usedAmountPools: [],
      exts,
      prods: order.lines.map((line, index) => toVendorLine(line, index, sample, locale)),
    },
  };
}

function toVendorLine(
  line: TrainingLine,
  index: number,
  sample: boolean,
  locale: 'zh-CN' | 'en',
): Record<string, unknown> {
  const prefix = sample ? 'purchase' : 'order';
  return {
    detail_id: line.detailId,
    product_id: `48437861119${String(hashText(line.product.code)).padStart(10, '0')}`.slice(0, 19),
    product_name: (locale === 'en' ? `${line.product.englishName} ${line.product.name}` : line.product.name).slice(
      0,
      100,
    ),
    product_code: line.product.code,
    product_source_code: sample ? '' : line.product.code,
    [`${prefix}_price`]: line.price,
    [`${prefix}_count`]: line.quantity,
    [`${prefix}_input_unit`]: `82157685326${String(hashText(line.unit)).padStart(10, '0')}`.slice(0, 19),
    [`${prefix}_input_unit_name`]: line.unit,
    base_unit: `69307923201${String(hashText(line.product.baseUnit)).padStart(10, '0')}`.slice(0, 19),
    base_unit_name: line.product.baseUnit,
    [`${prefix}_base_unit_count`]: line.baseQuantity,
    [`${prefix}_amount`]: (Number(line.price) * Number(line.quantity)).toFixed(2),
    [`${prefix}_discount_amount`]: '0.00',
    remark: line.remark,
    is_gift: line.gift ? 'Y' : 'N',
    promotion_code: '',
    promotion_name: '',
    promotion_type: 'BASE',
    promotion_tag: 'TAG_CHG',
    posnr: String((index + 1) * 10),
    exts: [{ ext_key: lineExtKeys.barcode, ext_value: line.barcode }],
  };
}
