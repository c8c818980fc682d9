/** What HGE offers us, and how sure we are of each. */
import type { OperationTraits } from '../../domain/job.ts';
import type { OperationManifest, VendorManifest } from '../kit/vendor.ts';
import { assumedPaths, type AssumedPaths } from './assumed.ts';

/** Document: `https://test-oms.hanjinexp.com/openapi/customer/`. */
export const documentedBasePath = '/openapi/customer';

/** Paths the documents or public pages state. */
export const knownPaths = {
  placeOrder: 'order_create/',
  queryOrder: 'query_order/',
  scanForm: 'scanform/',
  manifest: 'manifest/',
} as const;

/** The manifest with the paths and times a profile may have changed. */
export function manifestWith(paths: AssumedPaths, inFlightMs: number): VendorManifest {
  const traits = (effect: OperationTraits['effect']): OperationTraits => ({ effect, inFlightMs, keyWindowMs: null });
  // The vendor can be asked for an order by our own number before the call is repeated.
  const checkable = traits('checkable');
  const safe = traits('safe');
  const assumed = (
    name: string,
    vendorName: string,
    path: string,
    operationTraits: OperationTraits | null = null,
    what = 'path and fields',
  ): OperationManifest => ({
    name,
    vendorName,
    method: 'POST',
    path,
    evidence: 'assumed',
    source: `menu of the vendor document names it (POST); ${what} are assumed`,
    traits: operationTraits,
  });
  return {
    id: 'hge',
    name: { zh: 'HGE 韩进', en: 'HGE' },
    operations: [
      assumed('token', '获取Token', paths.token),
      {
        ...assumed('queryServices', '查询产品服务', paths.services),
        method: 'GET',
        source: 'menu of the vendor document names it (GET); path and answer are assumed',
      },
      {
        name: 'placeOrder',
        vendorName: '下单接口',
        method: 'POST',
        path: knownPaths.placeOrder,
        evidence: 'public',
        source:
          'openapi.hanjinexp.com page 392252047e0, readable up to return_info; parcel and item fields are assumed',
        traits: checkable,
      },
      assumed('confirm', '确认运单', paths.confirm, checkable),
      assumed('fetchLabel', '面单打印', paths.label, safe, 'path, fields and label format'),
      {
        name: 'queryOrder',
        vendorName: '查询运单',
        method: 'POST',
        path: knownPaths.queryOrder,
        evidence: 'public',
        source: 'openapi.hanjinexp.com page 392264435e0; the meaning of num_type and the answer fields are assumed',
        traits: null,
      },
      // A second cancellation may be refused although the first worked, so the order is asked for before repeating.
      assumed('cancel', '取消订单', paths.cancel, checkable),
      assumed('intercept', '拦截订单', paths.intercept),
      assumed('cancelIntercept', '取消拦截', paths.cancelIntercept),
      // Sets the weight to a value: a repeat sets the same value.
      assumed('updateWeight', '更新重量', paths.updateWeight, safe),
      assumed('updateWaybill', '更新运单', paths.updateWaybill),
      assumed('getPod', '获取POD', paths.pod),
      assumed('track', '查询轨迹', paths.track, null, 'path, fields and status words'),
      assumed('queryPccc', 'PCCC查询', paths.pccc),
      {
        name: 'scanForm',
        vendorName: 'Scan Form',
        method: 'POST',
        path: knownPaths.scanForm,
        evidence: 'documented',
        source: 'vendor document Scan Form; which fields are required is not stated',
        traits: checkable,
      },
      assumed('scanFormResult', 'Scan Form执行结果查询', paths.scanFormResult, safe),
      {
        name: 'manifest',
        vendorName: 'Manifest接口',
        method: 'POST',
        path: knownPaths.manifest,
        evidence: 'public',
        source:
          'openapi.hanjinexp.com page 392284531e0, readable up to transit_eta; the big-bag and parcel data it asks for are assumed',
        traits: checkable,
      },
      assumed('manifestResult', 'Manifest执行结果查询', paths.manifestResult, safe),
      // Sets a node of a flight to an instant: a repeat sets the same (assumed).
      assumed('updateFlight', '航班节点更新', paths.updateFlight, safe),
      assumed('createBag', '创建大包', paths.createBag, checkable),
      assumed('voidBag', '作废大包', paths.voidBag, checkable),
      assumed('bagLabel', '打印大包面单', paths.bagLabel, safe, 'path, fields and label format'),
    ],
  };
}

export const manifest: VendorManifest = manifestWith(assumedPaths, 30_000);
