/** 外勤365 in the profile. */
import { z } from 'zod';
import { baseAddress, credential } from '../kit/outside.ts';

/** Names of custom fields (`exts.ext_key`); every customer makes their own, so several may be given, first match wins. */
const names = (...defaults: string[]) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1)).max(20)])
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .default(defaults);

export const orderStates = ['waiting', 'cancelled', 'closed', 'deleted', 'held'] as const;

export const settings = z.strictObject({
  baseUrl: baseAddress,
  /** Assigned by the vendor, 19 digits in the public manual. Goes into the URL. */
  openid: credential(64).regex(/^[A-Za-z0-9_-]+$/, 'must be letters and digits only'),
  /** Never sent; hashed into the digest. */
  appkey: credential(128),
  pollMs: z.number().int().min(100).max(86_400_000).default(60_000),
  timeoutMs: z.number().int().min(1_000).max(600_000).default(30_000),
  /** Document: default and maximum 1000. */
  pageLength: z.number().int().min(1).max(1000).default(1000),
  /** How far each pull looks back before the last change it saw; the vendor promises no order of commits. */
  overlapMs: z.number().int().min(0).max(86_400_000).default(600_000),
  /** Limits the very first pull to orders changed in the last days; without it everything is pulled. */
  firstPullDays: z.number().int().min(1).max(3650).optional(),
  /** 单据类型: ZC 正常订单, HC 换出订单; without it both. */
  orderClass: z.enum(['ZC', 'HC']).optional(),
  /** Custom fields of an order, and of a line (`barcode`), that carry what the documented fields do not. */
  fields: z
    .strictObject({
      country: names('country', 'country_code', '国家代码', '国家'),
      state: names('state', 'state_code', '州', '省份', '省'),
      city: names('city', '城市', '市'),
      postcode: names('postcode', 'zip', '邮编', '邮政编码'),
      company: names('company', '公司', '公司名称'),
      email: names('email', '邮箱', '电子邮箱'),
      barcode: names('barcode', '条码', '商品条码', '条形码'),
    })
    .prefault({}),
  /** Used where an order has no such custom field. */
  defaults: z
    .strictObject({
      country: z
        .string()
        .regex(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166), such as CN')
        .default('CN'),
      state: z.string().max(100).default(''),
      city: z.string().max(100).default(''),
      postcode: z.string().max(20).default(''),
    })
    .prefault({}),
  /**
   * What the upstream is told of a shipped parcel. `custom-field`: the waybill into this custom field of the order,
   * which must exist there (分销订单自定义字段修改). `delivery-order`: a 发货单 (新增直营发货单, public). Its lines name products
   * by `productCode`, a name we assume: the readable part of that page has only `id`, the vendor's own product id.
   */
  writeBack: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      z.strictObject({ kind: z.literal('custom-field'), field: z.string().min(1).max(1000).default('物流单号') }),
      z.strictObject({
        kind: z.literal('delivery-order'),
        /** Custom field of the delivery order for the waybill; without it the waybill is not written. */
        waybillField: z.string().min(1).max(1000).optional(),
        productCode: z.string().min(1).max(64).default('code'),
      }),
    ])
    .prefault({ kind: 'none' }),
  /** Overrides what a status word means, for example `{ "XS_FHZ": "waiting" }`. */
  statuses: z.record(z.string().min(1).max(64), z.enum(orderStates)).default({}),
});
export type Settings = z.output<typeof settings>;

export const secretFields: readonly string[] = ['appkey'];
