/**
 * Everything about HGE that no document we have states. Each entry is a guess at the most likely shape, made in the
 * style of what is documented (paths like `order_create/` and `query_order/`, snake_case names, the number model
 * `num_type` + `num` of the published query), and each can be replaced from the profile:
 *
 *   "hge": { …, "assumed": { "paths": { "confirm": "…/" }, "fields": { "waybill": ["…"] } } }
 *
 * Nothing here may be shown or described as the vendor's word.
 */

export interface AssumedPaths {
  /** 获取Token: the menu names it and its method, not its path. */
  readonly token: string;
  /** 确认运单: likewise. */
  readonly confirm: string;
  /** 面单打印: likewise. */
  readonly label: string;
}

export const assumedPaths: AssumedPaths = {
  token: 'get_token/',
  confirm: 'order_confirm/',
  label: 'print_label/',
};

/**
 * Names we look for in answers, first match wins. The documented answer is `{code, success, detail, data}`; what is
 * inside `data` of these calls is in no document.
 */
export interface AssumedFields {
  readonly token: readonly string[];
  /** Life of the token in seconds. */
  readonly tokenLife: readonly string[];
  readonly orderNumber: readonly string[];
  readonly waybill: readonly string[];
  readonly status: readonly string[];
  /** Base64 of PDF, PNG or ZPL, ZPL text, or an address on the same host. */
  readonly label: readonly string[];
}

export const assumedFields: AssumedFields = {
  token: ['token', 'access_token', 'api_token', 'api-token'],
  tokenLife: ['expires_in', 'expire_in', 'expires', 'expire'],
  orderNumber: ['order_num', 'order_no', 'order_number', 'hge_order_num', 'hge_num', 'order_id', 'reference_num'],
  waybill: [
    'tracking_num',
    'tracking_no',
    'tracking_number',
    'waybill_num',
    'waybill_no',
    'waybill_number',
    'waybill',
    'trackingNumber',
    'express_num',
    'logistics_num',
  ],
  status: ['order_status', 'status', 'node', 'order_node'],
  label: [
    'label',
    'label_base64',
    'label_content',
    'label_data',
    'label_pdf',
    'label_file',
    'label_url',
    'base64',
    'pdf',
    'zpl',
    'file',
    'content',
    'url',
  ],
};

/**
 * Names in `order_create/` that the readable part of its page does not show (it is cut after `return_info`). The
 * model names `parcel_list` and `item_info` are in the menu of the documents; what is inside them is not. Weights in
 * kilograms and sizes in centimetres are assumed too: Scan Form shows 11.11 and 13.21 without a unit.
 */
export interface AssumedRequest {
  readonly parcels: string;
  readonly weight: string;
  readonly length: string;
  readonly width: string;
  readonly height: string;
  readonly items: string;
  readonly itemCode: string;
  readonly itemName: string;
  readonly itemQuantity: string;
  readonly itemUnit: string;
  readonly itemPrice: string;
}

export const assumedRequest: AssumedRequest = {
  parcels: 'parcel_list',
  weight: 'weight',
  length: 'length',
  width: 'width',
  height: 'height',
  items: 'item_info',
  itemCode: 'sku',
  itemName: 'item_name',
  itemQuantity: 'quantity',
  itemUnit: 'unit',
  itemPrice: 'price',
};

/** By these names a query's answer may repeat our own number. */
export const assumedCustomerNumberNames: readonly string[] = [
  'customer_order_num',
  'customer_order_no',
  'customer_num',
];

/** The published query shows `num_type: 1` with a customer's number; the meaning of the values is in no document. */
export const assumedCustomerNumberType = 1;

/** Status words that mean the order was confirmed, or was not yet; compared in lower case. */
export const assumedConfirmedWords: readonly string[] = ['confirmed', 'success', '订单确认-成功', '已确认'];
export const assumedDraftWords: readonly string[] = ['draft', 'created', 'unconfirmed', '待确认', '未确认', '草稿'];

/** Codes and words by which the query says that it knows no such order; compared in lower case. */
export const assumedNotFoundCodes: readonly string[] = ['404'];
export const assumedNotFoundWords: readonly string[] = [
  'not found',
  'not exist',
  'no such',
  '不存在',
  '未找到',
  '查无',
];
