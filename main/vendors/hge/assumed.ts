/**
 * Everything about HGE that no document we have states. Each entry is a guess at the most likely shape, made in the
 * style of what is documented (paths like `order_create/` and `query_order/`, snake_case names, the number model
 * `num_type` + `num` of the published query), and each can be replaced from the profile:
 *
 *   "hge": { …, "assumed": { "paths": { "confirm": "…/" }, "fields": { "waybill": ["…"] } } }
 *
 * Nothing here may be shown or described as the vendor's word.
 */
import type { TrackingStatus } from '../../domain/shipping.ts';

/** The menu of the documents names each of these and its method (查询产品服务 GET, all others POST), not its path. */
export const assumedPaths = {
  /** 获取Token. */
  token: 'get_token/',
  /** 查询产品服务. */
  services: 'query_service/',
  /** 确认运单. */
  confirm: 'order_confirm/',
  /** 面单打印. */
  label: 'print_label/',
  /** 取消订单. */
  cancel: 'cancel_order/',
  /** 拦截订单. */
  intercept: 'intercept_order/',
  /** 取消拦截. */
  cancelIntercept: 'cancel_intercept/',
  /** 更新重量. */
  updateWeight: 'update_weight/',
  /** 更新运单. */
  updateWaybill: 'update_order/',
  /** 获取POD. */
  pod: 'get_pod/',
  /** 查询轨迹. */
  track: 'query_track/',
  /** PCCC查询. */
  pccc: 'query_pccc/',
  /** Scan Form执行结果查询. */
  scanFormResult: 'scanform_result/',
  /** Manifest执行结果查询. */
  manifestResult: 'manifest_result/',
  /** 航班节点更新. */
  updateFlight: 'flight_update/',
  /** 创建大包. */
  createBag: 'create_bag/',
  /** 作废大包. */
  voidBag: 'void_bag/',
  /** 打印大包面单. */
  bagLabel: 'print_bag_label/',
} as const;
export type AssumedPaths = Readonly<Record<keyof typeof assumedPaths, string>>;

/**
 * What Scan Form and Manifest cannot do without: no page says which of their fields are required. Ours: who hands over,
 * from where and under which number; for a manifest the flight it is about.
 */
export const assumedHandoverNeeds = {
  scanForm: ['handoverNumber', 'contactName', 'phone', 'country', 'city', 'address'],
  manifest: ['airWaybill', 'flightNumber'],
} as const;

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
  /** A big bag's number in the answer of 创建大包. */
  readonly bag: readonly string[];
  /** The list of events in the answer of 查询轨迹, and the names inside one event. */
  readonly events: readonly string[];
  readonly eventTime: readonly string[];
  readonly eventStatus: readonly string[];
  readonly eventPlace: readonly string[];
  readonly eventText: readonly string[];
  /** Pictures in the answer of 获取POD: an address, base64, or a list of either. */
  readonly proofImage: readonly string[];
  /** Who signed, in the same answer. */
  readonly proofSigner: readonly string[];
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
  bag: ['bag_num', 'bag_no', 'big_bag_num', 'bag_number', 'handover_num'],
  events: ['tracks', 'track_list', 'track_info', 'events', 'details', 'trace'],
  eventTime: ['time', 'track_time', 'event_time', 'node_time', 'date', 'occur_time'],
  eventStatus: ['status', 'node', 'node_code', 'event_code', 'code'],
  eventPlace: ['location', 'place', 'address', 'city'],
  eventText: ['description', 'desc', 'content', 'remark', 'info', 'detail'],
  proofImage: [
    'pod',
    'pod_url',
    'pod_image',
    'pod_images',
    'pod_base64',
    'image',
    'images',
    'image_url',
    'image_base64',
    'img_url',
    'sign_image',
    'picture',
    'pictures',
    'photo',
    'photos',
    'base64',
    'url',
  ],
  proofSigner: ['signed_by', 'sign_by', 'signer', 'signatory', 'sign_name', 'signed_name'],
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

export const assumedCancelledWords: readonly string[] = [
  'cancelled',
  'canceled',
  'void',
  'voided',
  '已取消',
  '取消',
  '已作废',
];

/**
 * Words of 查询轨迹 and what we read in them; compared in lower case. 节点规则与状态说明, the page that lists the real ones,
 * is not public. A word that is not here is `unclear`, and shown as it is.
 */
export const assumedTrackingWords: Readonly<Record<string, TrackingStatus>> = {
  created: 'announced',
  confirmed: 'announced',
  info_received: 'announced',
  '订单确认-成功': 'announced',
  picked_up: 'in-transit',
  in_transit: 'in-transit',
  departed: 'in-transit',
  arrived: 'in-transit',
  运输中: 'in-transit',
  ready_for_pickup: 'ready-for-pickup',
  待取件: 'ready-for-pickup',
  out_for_delivery: 'out-for-delivery',
  派送中: 'out-for-delivery',
  delivered: 'delivered',
  已签收: 'delivered',
  妥投: 'delivered',
  exception: 'exception',
  异常: 'exception',
  delivery_failed: 'delivery-failed',
  投递失败: 'delivery-failed',
  returned: 'returned',
  退回: 'returned',
  not_found: 'not-found',
};

/** Status words in the results of Scan Form and Manifest; compared in lower case. */
export const assumedDocumentWords = {
  processing: ['processing', 'pending', 'in_progress', 'queued', '处理中', '执行中', '待处理'],
  success: ['success', 'succeeded', 'done', 'finished', 'completed', '成功', '已完成', '订单确认-成功'],
  partial: ['partial', 'partial_success', 'partly', '部分成功', '部分失败'],
  failed: ['failed', 'fail', 'failure', 'error', 'rejected', '失败', '异常'],
} as const satisfies Readonly<Record<string, readonly string[]>> as Readonly<
  Record<'processing' | 'success' | 'partial' | 'failed', readonly string[]>
>;

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
