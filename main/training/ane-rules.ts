/**
 * What a strict ANE would refuse in `params` of 订单新建: the vendor document's table, field by field. Written apart from
 * the desk's own schema, from the document alone. The document's column 必填 is empty; required here is what its sample
 * fills, and orderNo.
 */
import { z } from 'zod';

const text = (max: number) =>
  z
    .string()
    .refine((value) => [...value].length <= max, `longer than ${max}`)
    .nullish();
const needed = (max: number) =>
  z.string().refine((value) => value.trim() !== '' && [...value].length <= max, `required, at most ${max}`);
/** int and long: 最大长度 is the number of digits. */
const int = (digits: number) =>
  z
    .number()
    .refine(
      (value) => Number.isInteger(value) && value >= 0 && String(value).length <= digits,
      `int of ${digits} digits`,
    )
    .nullish();
/** double: 最大长度 is the number of characters. */
const double = (length: number) =>
  z
    .number()
    .refine((value) => value >= 0 && String(value).length <= length, `double of ${length} characters`)
    .nullish();
const among = (...values: number[]) =>
  z
    .number()
    .refine((value) => values.includes(value), `one of ${values.join(', ')}`)
    .nullish();
const time = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/, 'yyyy-MM-dd HH:mm:ss')
  .nullish();
/** In the document's sample, in none of its tables. */
const any = z.union([z.string(), z.number(), z.array(z.unknown())]).nullish();

const named = (prefix: 'send' | 'dispatch') => ({
  [`${prefix}CompanyName`]: needed(100),
  [`${prefix}LinkMan`]: needed(100),
  [`${prefix}PhoneSms`]: text(20),
  [`${prefix}Phone`]: text(32),
  [`${prefix}Address`]: needed(256),
  [`${prefix}Postcode`]: text(6),
  [`${prefix}Province`]: needed(32),
  [`${prefix}City`]: needed(32),
  [`${prefix}County`]: needed(32),
  [`${prefix}StartTime`]: time,
  [`${prefix}EndTime`]: time,
});

const untabled = [
  ...[
    'logisticNo',
    'orderStatus',
    'createdTime',
    'modifiedBy',
    'modifiedTime',
    'rdStatus',
    'ordStatusVO',
    'goodsOrder',
  ],
  ...['bankName', 'subBankName', 'accountCode', 'accountName', 'orderCanceId', 'ordStatusList'],
];

const Order = z.strictObject({
  orderNo: needed(64),
  sendSiteId: text(8),
  dispatchSiteId: text(8),
  goodsType: among(0, 1, 2, 3, 4, 5, 6, 7, 8),
  goodsName: text(100),
  piece: int(5),
  remark: text(500),
  totalPiece: int(6),
  totalWeight: double(10),
  totalVol: double(8),
  paySideId: int(8),
  payModeId: among(102, 103, 104, 109, 110),
  freightCharge1: double(6),
  freightCharge: double(6),
  insuredAmount: double(6),
  codCharge: double(6),
  ecWarehouseId: int(8),
  receiveFlag: among(0, 1),
  smsFlag: among(0, 1),
  serviceType: among(1, 2, 4, 8),
  packageFlag: among(0, 1),
  packageDesc: text(100),
  ewbFlag: among(0, 1),
  receiveEmployeeId: int(8),
  ...named('send'),
  ...named('dispatch'),
  coupon: text(20),
  returnTime: text(20),
  returnTarget: among(1, 2),
  subOrdeId: text(500),
  memberType: z.enum(['CXT', 'PT', 'POW']).nullish(),
  serviceDipFlag: int(10),
  reservationFixDate: time,
  fixFinDate: time,
  goodCharge: double(20),
  ...Object.fromEntries(untabled.map((name) => [name, any])),
});

export interface TwinOrder {
  readonly orderNo: string;
  readonly receiver: string;
}

/** The order, or in one line why it is refused. `code` is the customer's: orderNo is Code+时间戳. */
export function readAneOrder(params: unknown, code: string): TwinOrder | string {
  const parsed = Order.safeParse(params);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    if (issue?.code === 'unrecognized_keys') return `unknown field ${issue.keys.join(', ')}`;
    return `${issue?.path.join('.') ?? 'params'}: ${issue?.message ?? 'not valid'}`;
  }
  const order = parsed.data as Readonly<Record<string, unknown>>;
  const filled = (name: string): boolean => order[name] !== undefined && order[name] !== null && order[name] !== '';
  const orderNo = String(order['orderNo']);
  if (!orderNo.startsWith(code) || orderNo.length === code.length)
    return 'orderNo: must be the code and a time (Code+时间戳)';
  for (const side of ['send', 'dispatch']) {
    if (!filled(`${side}PhoneSms`) && !filled(`${side}Phone`)) return `${side}PhoneSms: a telephone number is required`;
  }
  if (Number(order['codCharge'] ?? 0) > 0) {
    for (const name of ['returnTime', 'returnTarget']) {
      if (!filled(name)) return `${name}: required with codCharge (代收货款为必传字段)`;
    }
  }
  return { orderNo, receiver: String(order['dispatchLinkMan']) };
}
