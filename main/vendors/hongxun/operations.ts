/** Every interface that the vendor document names: where it is, what is known of it, and whether it asks or tells. */
import type { Evidence } from '../kit/vendor.ts';
import { assumedPaths } from './assumed.ts';

export interface OperationRow {
  readonly vendorName: string;
  /** Below the base address; `{path}` where the receiver gives its own and the profile must say it. */
  readonly path: string;
  readonly evidence: Evidence;
  readonly source: string;
  /** True if it asks and has no effect. */
  readonly question: boolean;
}

const pages = 'public pages apifox 1215c0a1';
const row = (vendorName: string, path: string, evidence: Evidence, source: string, question = false): OperationRow => ({
  vendorName,
  path,
  evidence,
  source,
  question,
});
const named = (vendorName: string, path: string, question = false): OperationRow =>
  row(
    vendorName,
    path,
    'named',
    'vendor document names it in its menu; path assumed, request passed through',
    question,
  );
/** 鸿讯 sends these to its customer, who gives the address: callable to try a receiver. */
const toCustomer = (vendorName: string, page: string | null): OperationRow =>
  row(
    vendorName,
    '{path}',
    page === null ? 'named' : 'public',
    `${page === null ? 'vendor document names it in its menu; request passed through' : `${pages} ${page}`}; sent by the vendor, address of the receiver`,
  );

export const operationRows = {
  reportParcel: row(
    'DWS包裹信息接口',
    assumedPaths.reportParcel,
    'assumed',
    `fields and units: ${pages} api-232458964; path and answer are assumed; not signed`,
  ),
  pushRoute: row('承运商 路由推送接口', 'dtc/tms/carrierRoutingPush', 'public', `${pages} api-158953832`),
  pushSignInfo: row(
    '承运商 路由推送接口 (001 签收, 002 签收异常)',
    'dtc/tms/carrierRoutingPush',
    'public',
    `${pages} api-158953832 with the nodes of api-93871436`,
  ),
  pushSignImages: row(
    '签收图片推送接口',
    '{path}',
    'documented',
    'vendor document 签收图片推送接口; its address is empty there, the receiver gives it',
  ),
  pushCarrierSignImages: row(
    '承运商 签收图片推送接口',
    'dtc/tms/carrierSignImagePush',
    'public',
    `${pages} api-159117944; the members of imageInfos are not named`,
  ),
  createInboundOrder: row('入库单创建接口', 'dtc/logistics/inOrder', 'public', `${pages} api-80979273, cut`),
  createOutboundOrder: row('出库单创建接口', 'dtc/logistics/outOrder', 'public', `${pages} api-81111890, cut`),
  createOwnershipOrder: row(
    '物权单创建接口',
    'dtc/logistics/innerOrder',
    'public',
    `${pages} api-81112180; path only, fields cut`,
  ),
  createTransportOrder: row(
    '运输单创建接口',
    'dtc/logistics/tmsOrder',
    'public',
    `${pages} api-81113720; path only, fields cut`,
  ),
  cancelOrder: row('订单取消接口', 'dtc/logistics/orderCancel', 'public', `${pages} api-81039179`),
  pushLpn: row('LPN接口', 'dtc/esboms/overseasLpn', 'public', `${pages} api-78413204`),
  queryStock: row('库存查询接口', 'dtc/esboms/stockQuery', 'public', `${pages} api-81214503`, true),
  queryOutboundResult: row(
    '出库单结果查询接口',
    'dtc/esboms/outOrderResultQuery',
    'public',
    `${pages} api-106738069`,
    true,
  ),
  queryRoute: row('路由查询接口', 'dtc/esboms/routeQuery', 'public', `${pages} api-106738895`, true),
  queryVehicleStock: row('车库存查询接口', 'dtc/logistics/vinStockQuery', 'public', `${pages} api-181889772`, true),
  sendSerialCodes: row(
    '串码下发接口',
    assumedPaths.sendSerialCodes,
    'assumed',
    `fields: ${pages} api-231554145; path assumed`,
  ),
  syncProductSizes: row(
    '产品体积重量同步接口',
    assumedPaths.syncProductSizes,
    'assumed',
    `fields: ${pages} api-84018754; path, units and direction assumed`,
  ),
  queryInboundResult: named('入库单结果查询接口', assumedPaths.queryInboundResult, true),
  syncProducts: named('产品同步接口', assumedPaths.syncProducts),
  syncWarehouses: named('库存组织同步接口', assumedPaths.syncWarehouses),
  syncReceivers: named('收货用户同步接口', assumedPaths.syncReceivers),
  confirmInbound: toCustomer('入库单确认接口', null),
  confirmInboundStatus: toCustomer('入库单状态确认接口(分批回传使用)', null),
  confirmOutbound: toCustomer('出库单确认接口', null),
  confirmOutboundStatus: toCustomer('出库单状态确认接口(分批回传使用)', 'api-119208467'),
  confirmOwnership: toCustomer('物权单确认接口', null),
  confirmTransport: toCustomer('运输单单确认接口', null),
  pushCustomerRoute: toCustomer('路由推送接口', null),
  pushCustomerSignInfo: toCustomer('签收信息推送接口', 'api-81275018'),
  confirmVehicle: toCustomer('验车确认接口', 'api-200364156'),
  pushCancelResult: toCustomer('取消结果接口', 'api-206985125'),
} as const satisfies Record<string, OperationRow>;

export type HongxunOperation = keyof typeof operationRows;
export const operationNames = Object.keys(operationRows) as HongxunOperation[];
