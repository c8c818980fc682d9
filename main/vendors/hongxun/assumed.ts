/**
 * Everything about 鸿讯 that no document we have states. Each entry can be replaced from the profile:
 *
 *   "hongxun": { …, "paths": { "reportParcel": "…" }, "nodes": { "route": { "in-transit": "97" } } }
 *
 * Nothing here may be shown or described as the vendor's word.
 */
import type { TrackingStatus } from '../../domain/shipping.ts';
import type { NodeType } from './tables.ts';

/** In the style of the published paths (`dtc/logistics/…`, `dtc/esboms/…`, `dtc/tms/…`); the interfaces are named only. */
export const assumedPaths = {
  reportParcel: 'dtc/device/dwsPackageInfo',
  syncProductSizes: 'dtc/esboms/productVolumeWeight',
  sendSerialCodes: 'dtc/esboms/serialCode',
  queryInboundResult: 'dtc/esboms/inOrderResultQuery',
  syncProducts: 'dtc/base/product',
  syncWarehouses: 'dtc/base/inventory',
  syncReceivers: 'dtc/base/customer',
} as const;

/**
 * Which node of 附录三 says what happened, for the carrier's route push. Null: no node says it, so nothing is sent. The
 * nodes themselves are published; which of our words each of them is, is our reading.
 */
export const assumedRouteNodes: Readonly<Record<TrackingStatus, NodeType | null>> = {
  unclear: null,
  'not-found': null,
  announced: null,
  'in-transit': '81',
  'ready-for-pickup': '100',
  'out-for-delivery': '82',
  delivered: '103',
  exception: '104',
  'delivery-failed': '104',
  returned: '105',
};

/** The same for a signature: 001 签收 and 002 签收异常. Null: this is not a signature. */
export const assumedSignNodes: Readonly<Record<TrackingStatus, NodeType | null>> = {
  unclear: null,
  'not-found': null,
  announced: null,
  'in-transit': null,
  'ready-for-pickup': null,
  'out-for-delivery': null,
  delivered: '001',
  exception: '002',
  'delivery-failed': '002',
  returned: '002',
};

/** The four members of `imageInfos` in the carrier's image push are counted on its page, not named. */
export const assumedImageNames = {
  image: 'image',
  postfix: 'postfix',
  signedBy: 'signBy',
  signedAt: 'signDate',
} as const;

/**
 * Words in the message of a refusal (`flag: false`) that tell a wrong signature or clock from a wrong request; the
 * vendor's codes are in no page. Compared in lower case.
 */
export const assumedSkewWords: readonly string[] = ['时间戳', '时间误差', 'timestamp', '已过期', '请求超时'];
export const assumedAuthWords: readonly string[] = [
  '签名',
  '验签',
  'signature',
  'sign error',
  'invalid sign',
  '未授权',
];
