/**
 * The `request` of each 鸿讯 interface. Limits that a source states (required, enumeration, format) are theirs; lengths
 * are ours, as no readable source gives any. Where a page is cut or counts members without naming them, the object is
 * open: what it does not name passes through unchecked.
 */
import { z } from 'zod';
import { needsOneOf, secondParam, textParam, wordParam } from '../kit/params.ts';
import { nodeCodes, orderTypeCodes } from './tables.ts';

const id = textParam(64);
const optionalId = textParam(64, 0).nullish();
const words = textParam(500, 0);
/** A count: a whole number, or its digits as text. */
const count = z.union([z.number().int().min(0).max(1_000_000_000), z.string().regex(/^\d{1,10}$/)]);
/** Centimetres or grams: above zero, at most three decimals. */
const measure = (max: number) =>
  z
    .number()
    .gt(0)
    .max(max)
    .refine((value) => /^\d+(\.\d{1,3})?$/.test(String(value)), 'has more than three decimals');
const open = z.looseObject({});
const openList = (max: number) => z.array(open).min(1).max(max);

/** DWS包裹信息接口 (public): centimetres, grams; the page prints square centimetres for the volume, surely cubic. */
export const parcelReport = z.strictObject({
  mailno: id,
  longs: measure(1_000),
  widths: measure(1_000),
  heights: measure(1_000),
  weight: measure(1_000_000),
  volume: measure(1_000_000_000),
  remark: words.nullish(),
});

/** 承运商 路由推送接口 (public). `dimension` is the latitude. */
export const routes = z
  .array(
    z
      .strictObject({
        mailno: id,
        scanTypeCode: z.enum(nodeCodes, 'must be a node of appendix 3 as text, such as "81" or "001"'),
        operator: id,
        time: secondParam(),
        plannedDeliveryDate: textParam(19).nullish(),
        transferAddress: words,
        memo: words,
        vinCode: optionalId,
        longitude: textParam(32, 0).nullish(),
        dimension: textParam(32, 0).nullish(),
      })
      .superRefine((route, context) => {
        const vehicle = route.vinCode !== undefined && route.vinCode !== null && route.vinCode !== '';
        if (vehicle) needsOneOf('plannedDeliveryDate')(route, context);
      }),
  )
  .min(1)
  .max(200);

const pictureText = textParam(128, 0).nullish();
const signMembers = {
  expressCode: pictureText,
  trackingNumber: pictureText,
  waybillNumber: pictureText,
  mailno: pictureText,
  carrName: pictureText,
  carrOrderNumber: pictureText,
  signBy: pictureText,
  signDate: pictureText,
};
const pictureMembers = { imgUrl: textParam(2_000, 0).nullish(), postfix: textParam(16, 0).nullish() };
const orderMembers = { customerFlag: id, customerOrderCode: id };

/** 签收图片推送接口 (vendor document). The members of signList and imgList are named in its sample only. */
export const signImages = z
  .array(
    z.strictObject({
      ...orderMembers,
      signList: z
        .array(z.strictObject({ ...signMembers, imgList: z.array(z.strictObject(pictureMembers)).max(50).nullish() }))
        .min(1)
        .max(200),
    }),
  )
  .min(1)
  .max(200);

/** The same as it comes from 鸿讯, who may have added members since. */
export const receivedSignImages = z
  .array(
    z.looseObject({
      ...orderMembers,
      signList: z
        .array(z.looseObject({ ...signMembers, imgList: z.array(z.looseObject(pictureMembers)).max(50).nullish() }))
        .max(200),
    }),
  )
  .min(1)
  .max(200);

/** 承运商 签收图片推送接口 (public): `imageInfos` has four members that its page does not name. */
export const carrierSignImages = z.strictObject({
  mailno: id,
  imageType: wordParam(['imageBase64', 'imageUrl']),
  imageInfos: openList(50),
});

/** 签收信息推送接口 (public), 鸿讯 to customer. */
export const signInfo = z.looseObject({
  customerNumber: id,
  signType: wordParam(['10', '20']),
  expressCode: optionalId,
  waybillNumber: optionalId,
  mailno: optionalId,
  actualQuantity: count,
  signer: textParam(64, 0),
  signedTime: textParam(32),
  remark: words.nullish(),
  ext8: words.nullish(),
  productList: z.array(open).max(1_000),
});

const page = { pageSize: z.number().int().min(1).max(1_000), pageNum: z.number().int().min(1).max(1_000_000) };
const documentType = (family: Parameters<typeof orderTypeCodes>[0]) => wordParam(orderTypeCodes(family));

export const inboundOrder = z.looseObject({
  customerNumber: id,
  documentType: documentType('inbound'),
  inventoryCode: id,
  inventoryName: textParam(128),
  subbaseCode: id,
  subbaseName: textParam(128),
});
export const outboundOrder = z.looseObject({
  customerNumber: id,
  documentType: documentType('outbound'),
  inventoryCode: id,
  inventoryName: textParam(128),
  subbaseCode: id,
  subbaseName: textParam(128),
  customerCode: optionalId,
});
/** 订单取消接口: 10 整单, 20 部分. The three members of `item` are not named. */
export const cancelOrder = z
  .looseObject({
    customerNumber: id,
    cancelBatch: id,
    cancelType: wordParam(['10', '20']),
    reason: textParam(500),
    item: z.array(open).max(1_000).nullish(),
  })
  .superRefine((value, context) => {
    if (value.cancelType !== '20' || (value.item?.length ?? 0) > 0) return;
    context.addIssue({ code: 'custom', path: ['item'], message: 'cancelType 20 (part) needs at least one item' });
  });
export const lpn = z.looseObject({ batchId: id, sourceNum: id, lpnList: openList(1_000) });
/** The one member of productCodeList is not named. */
export const stockQuery = z.strictObject({
  inventoryCode: id,
  subbaseCode: id,
  productCodeList: openList(1_000),
  ...page,
});
export const outboundResultQuery = z.strictObject({
  customerNumber: id,
  inventoryCode: optionalId,
  subbaseCode: optionalId,
});
export const routeQuery = z.strictObject({ customerNumber: id, mailno: optionalId });
export const vehicleStockQuery = z.strictObject({ mode: open, ...page });
/** 串码下发接口; `surPlusCount` as spelled there. */
export const serialCodes = z.looseObject({
  customerOrderCode: id,
  hkTransferDataType: optionalId,
  customerReferenceNumber: optionalId,
  totalCount: count,
  currentCount: count,
  surPlusCount: count,
  productList: openList(10_000),
});
/** 产品体积重量同步接口: no source states the units, nor which side sends it. */
export const productSizes = z.strictObject({
  productList: z
    .array(z.strictObject({ customerProductCode: id, roughWeight: measure(1_000_000), vol: measure(1_000_000_000) }))
    .min(1)
    .max(1_000),
});
/** 出库单状态确认接口, 鸿讯 to customer. */
export const outboundStatus = z.looseObject({
  customerNumber: id,
  orderStatus: textParam(32),
  totalQuantity: count,
  actualQuantity: count,
});
/** 验车确认接口 and 取消结果接口, 鸿讯 to customer. */
export const vehicleCheck = z.looseObject({ batchCode: id, dataList: z.array(open).max(1_000) });
export const cancelResult = z.looseObject({
  orderBasicInfo: open,
  orderProductList: z.array(open).max(1_000),
  originalDocument: z.unknown().optional(),
});
/** An interface of which no source tells any field: an object or a list of objects. */
export const anyRequest = z.union([open, openList(1_000)], 'must be an object or a list of objects');
