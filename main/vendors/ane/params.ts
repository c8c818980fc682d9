/** Parameters of ANE's calls, strict: the whole table of 订单新建, and what public client code shows of the others. */
import { z } from 'zod';
import { secondParam, textParam } from '../kit/params.ts';
import { goodsTypes, payModes, serviceTypes } from './words.ts';

/** The document's own sample sends null for what is absent. */
const maybe = <S extends z.ZodType>(schema: S) => schema.nullable().optional();
/** `int`, `long` with 最大长度 as its digits. */
const whole = (digits: number) =>
  z
    .number()
    .int()
    .min(0)
    .superRefine((value, context) => {
      if (String(value).length > digits) {
        context.addIssue({
          code: 'custom',
          message: `has ${String(value).length} digits, at most ${digits} are allowed`,
        });
      }
    });
/** `double` with 最大长度 as its characters, the point included. */
const decimal = (length: number) =>
  z
    .number()
    .min(0)
    .superRefine((value, context) => {
      const text = String(value);
      if (!/^\d+(?:\.\d+)?$/.test(text))
        context.addIssue({ code: 'custom', message: 'must be a plain decimal number' });
      if (text.length > length) {
        context.addIssue({ code: 'custom', message: `has ${text.length} characters, at most ${length} are allowed` });
      }
    });
const oneOf = (values: readonly number[]) =>
  z.number().superRefine((value, context) => {
    if (!values.includes(value)) context.addIssue({ code: 'custom', message: `must be one of ${values.join(', ')}` });
  });
const flag = oneOf([0, 1]);
const text = (max: number) => maybe(textParam(max, 0));
/** Type `date` without a format in the document; the other times of the table are yyyy-MM-dd HH:mm:ss. */
const date = maybe(secondParam());
/** In the document's sample and in none of its tables: taken, not understood. */
const untabled = maybe(textParam(256, 0));

/**
 * `params` of 订单新建. The document's column 必填 is empty for every row. Required here are orderNo, by which we know the
 * order again, and the fields its sample fills: without them no parcel can be collected or delivered. 代收货款 makes
 * returnTime and returnTarget required (document).
 */
export const orderParams = z
  .strictObject({
    /** Document: Code+时间戳. */
    orderNo: textParam(64),
    sendSiteId: maybe(textParam(8, 0)).default('-1'),
    dispatchSiteId: text(8),
    goodsType: maybe(oneOf(Object.values(goodsTypes))).default(0),
    goodsName: text(100),
    piece: maybe(whole(5)),
    remark: text(500),
    totalPiece: maybe(whole(6)).default(0),
    /** No unit in the document; kilograms in public code of the other interface. */
    totalWeight: maybe(decimal(10)),
    /** No unit in the document; cubic metres in public code of the other interface. */
    totalVol: maybe(decimal(8)),
    paySideId: maybe(whole(8)).default(0),
    payModeId: maybe(oneOf(Object.values(payModes))),
    freightCharge1: maybe(decimal(6)).default(0),
    freightCharge: maybe(decimal(6)).default(0),
    insuredAmount: maybe(decimal(6)),
    codCharge: maybe(decimal(6)),
    ecWarehouseId: maybe(whole(8)),
    receiveFlag: maybe(flag),
    smsFlag: maybe(flag),
    serviceType: maybe(oneOf(Object.values(serviceTypes))),
    packageFlag: maybe(flag),
    packageDesc: text(100),
    ewbFlag: maybe(flag),
    receiveEmployeeId: maybe(whole(8)),
    sendCompanyName: textParam(100),
    sendLinkMan: textParam(100),
    sendPhoneSms: text(20),
    sendPhone: text(32),
    sendAddress: textParam(256),
    sendPostcode: text(6),
    sendProvince: textParam(32),
    sendCity: textParam(32),
    sendCounty: textParam(32),
    sendStartTime: maybe(secondParam()),
    sendEndTime: maybe(secondParam()),
    dispatchCompanyName: textParam(100),
    dispatchLinkMan: textParam(100),
    dispatchPhoneSms: text(20),
    dispatchPhone: text(32),
    dispatchAddress: textParam(256),
    dispatchPostcode: text(6),
    dispatchProvince: textParam(32),
    dispatchCity: textParam(32),
    dispatchCounty: textParam(32),
    dispatchStartTime: maybe(secondParam()),
    dispatchEndTime: maybe(secondParam()),
    coupon: text(20),
    returnTime: text(20),
    returnTarget: maybe(oneOf([1, 2])),
    /** Spelt so in the document. */
    subOrdeId: text(256),
    memberType: maybe(z.enum(['CXT', 'PT', 'POW'])),
    serviceDipFlag: maybe(whole(9)),
    /** Twice in the document's table: 预约时间 and 预约完成时间. */
    reservationFixDate: date,
    fixFinDate: date,
    goodCharge: maybe(decimal(16)),
    logisticNo: untabled,
    orderStatus: untabled,
    createdTime: untabled,
    modifiedBy: untabled,
    modifiedTime: untabled,
    rdStatus: untabled,
    ordStatusVO: untabled,
    goodsOrder: untabled,
    bankName: untabled,
    subBankName: untabled,
    accountCode: untabled,
    accountName: untabled,
    orderCanceId: untabled,
    ordStatusList: untabled,
  })
  .superRefine((value, context) => {
    const need = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message, input: value });
    for (const side of ['send', 'dispatch'] as const) {
      if (!value[`${side}PhoneSms`] && !value[`${side}Phone`]) {
        need(`${side}PhoneSms`, `one of ${side}PhoneSms, ${side}Phone is required`);
      }
    }
    if ((value.codCharge ?? 0) > 0) {
      if (!value.returnTime) need('returnTime', 'required with codCharge (代收货款为必传字段)');
      if (value.returnTarget === null || value.returnTarget === undefined) {
        need('returnTarget', 'required with codCharge (代收货款为必传字段)');
      }
    }
  });
export type OrderParams = z.input<typeof orderParams>;

/** Public (client code): cancel is `action` 10 of the update interface, by orderNo and ewbNo. Further names: not known. */
export const cancelParams = z.strictObject({
  action: z.literal('10').default('10'),
  orderNo: textParam(64),
  ewbNo: textParam(32).optional(),
});

/** Trace query: address public, parameter assumed. */
export const traceParams = z.strictObject({ waybill: textParam(32) });

const place = textParam(30);
const twoDecimals = (min: number) => z.number().min(min).max(1_000_000).multipleOf(0.01);

/** 电子面单取号, as far as public client code shows it: another interface than 订单新建, with other choices. */
export const waybillParams = z.strictObject({
  orderNo: textParam(30),
  productTypeId: oneOf([95, 24, 23, 524, 270, 546]),
  /** Here the way of delivery, not the goods. */
  goodsType: oneOf([180, 179, 285]),
  /** Kilograms. */
  weight: twoDecimals(1),
  /** Cubic metres. */
  volume: twoDecimals(0.01),
  pieceAmount: z.number().int().min(1).max(9_999),
  cargoName: textParam(32),
  packType: textParam(50),
  payType: oneOf([102, 103, 104]),
  remark: textParam(200, 0).optional(),
  sendMan: textParam(100),
  sendPhone: textParam(32),
  customerCode: textParam(64).optional(),
  customerPass: textParam(64).optional(),
  sendProvinceName: place,
  sendCityName: place,
  sendCountyName: place,
  detailAddress: textParam(100),
  receiveMan: textParam(100),
  receivePhone: textParam(32),
  toProvinceName: place,
  toCityName: place,
  toCountyName: place,
  toAddress: textParam(100),
  dictId: z.number().int().min(0).optional(),
  receiptType: z.literal(0).default(0),
  signSms: flag.optional(),
  receiveSendSms: flag.optional(),
  receiveReachSms: flag.optional(),
});
