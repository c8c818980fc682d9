/** What 外勤365 (勤策) offers us. */
import type { OperationTraits } from '../../domain/job.ts';
import type { OperationManifest, VendorManifest } from '../kit/vendor.ts';
import type { Settings } from './settings.ts';

/** Document 查询分销订单: `https://openapi.waiqin365.com/api/{app}/{version}/{method}/…`. */
export const documentedBasePath = '/api';

/** `{app}/{version}/{method}` of each call. */
export const methodPaths = {
  pullOrders: 'dmsdatasearch/v1/getDmsSalesOrderInfos',
  upsertUpstreamOrder: 'dmssalesorder/v1/addOrModifyOrder',
  approve: 'dmssalesorder/v1/approve',
  updateOrderFields: 'dmssalesorder/v1/modifyOrderExtData',
  closeOrder: 'dmssalesorder/v1/stopPurchaseSentOrder',
  recordSigned: 'dmssent/v1/thirdSignNum',
  addDeliveryOrder: 'dmssent/v1/addZySent',
} as const;

const row = (
  name: keyof typeof methodPaths,
  vendorName: string,
  evidence: OperationManifest['evidence'],
  source: string,
): OperationManifest => ({
  name,
  vendorName,
  method: 'POST',
  path: `${methodPaths[name]}/{openid}/{timestamp}/{digest}/{msg_id}`,
  evidence,
  source,
  traits: null,
});

const rows: readonly OperationManifest[] = [
  row(
    'pullOrders',
    '查询分销订单',
    'documented',
    'vendor document 查询分销订单; the meaning of the four last URL parts is public (a copy of the openapi manual and public clients)',
  ),
  row('upsertUpstreamOrder', '新增分销订单', 'documented', 'vendor document 新增分销订单'),
  row('approve', '分销订单外部审批', 'documented', 'vendor document 分销订单外部审批接口'),
  row('updateOrderFields', '分销订单自定义字段修改', 'documented', 'vendor document 分销订单自定义字段修改'),
  row('closeOrder', '关闭分销订单', 'documented', 'vendor document 关闭分销订单'),
  row('recordSigned', '发货单第三方签收数量写入', 'documented', 'vendor document 分销订单发货单第三方签收数量写入接口'),
  row(
    'addDeliveryOrder',
    '新增直营发货单',
    'public',
    'api.waiqin365.com page SERVER/app/dms/order_sent.html, its table readable up to sent_storehouse_code, its answer not',
  ),
];

/** The manifest of a profile without write-back. */
export const manifest: VendorManifest = { id: 'waiqin365', name: { zh: '外勤365', en: 'Waiqin365' }, operations: rows };

/**
 * The manifest of a profile: with a write-back the desk records each shipment upstream (`recordShipment`), with
 * delivery orders also what was signed for.
 * All of it is `safe`: a custom field and a signed quantity are set to a value, so a repeat sets the same value; a
 * delivery order carries our own sent_no, and the public page says that an existing sent_no is modified, not added.
 */
export function manifestWith(settings: Pick<Settings, 'writeBack' | 'timeoutMs'>): VendorManifest {
  const { writeBack, timeoutMs } = settings;
  if (writeBack.kind === 'none') return manifest;
  const safe: OperationTraits = { effect: 'safe', inFlightMs: timeoutMs, keyWindowMs: null };
  const used = writeBack.kind === 'custom-field' ? 'updateOrderFields' : 'addDeliveryOrder';
  const shipment = rows.filter((each) => each.name === used).map((each) => ({ ...each, name: 'recordShipment' }));
  const withSigned = rows.map((each) =>
    each.name === 'recordSigned' && writeBack.kind === 'delivery-order' ? { ...each, traits: safe } : each,
  );
  return { ...manifest, operations: [...withSigned, ...shipment.map((each) => ({ ...each, traits: safe }))] };
}
