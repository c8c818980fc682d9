/** What HGE offers us, and how sure we are of each. */
import type { OperationTraits } from '../../domain/job.ts';
import type { VendorManifest } from '../kit/vendor.ts';
import { assumedPaths, type AssumedPaths } from './assumed.ts';

/** Document: `https://test-oms.hanjinexp.com/openapi/customer/`. */
export const documentedBasePath = '/openapi/customer';

/** The manifest with the paths and times a profile may have changed. */
export function manifestWith(paths: AssumedPaths, inFlightMs: number): VendorManifest {
  // The vendor can be asked for an order by our own number before placing or confirming is repeated.
  const checkable: OperationTraits = { effect: 'checkable', inFlightMs, keyWindowMs: null };
  return {
    id: 'hge',
    name: { zh: 'HGE 韩进', en: 'HGE' },
    operations: [
      {
        name: 'token',
        vendorName: '获取Token',
        method: 'POST',
        path: paths.token,
        evidence: 'assumed',
        source: 'menu of the vendor document names it (POST); path and fields are assumed',
        traits: null,
      },
      {
        name: 'placeOrder',
        vendorName: '下单接口',
        method: 'POST',
        path: 'order_create/',
        evidence: 'public',
        source:
          'openapi.hanjinexp.com page 392252047e0, readable up to return_info; parcel and item fields are assumed',
        traits: checkable,
      },
      {
        name: 'queryOrder',
        vendorName: '查询运单',
        method: 'POST',
        path: 'query_order/',
        evidence: 'public',
        source: 'openapi.hanjinexp.com page 392264435e0; the meaning of num_type and the answer fields are assumed',
        traits: null,
      },
      {
        name: 'confirm',
        vendorName: '确认运单',
        method: 'POST',
        path: paths.confirm,
        evidence: 'assumed',
        source: 'menu of the vendor document names it (POST); path and fields are assumed',
        traits: checkable,
      },
      {
        name: 'fetchLabel',
        vendorName: '面单打印',
        method: 'POST',
        path: paths.label,
        evidence: 'assumed',
        source: 'menu of the vendor document names it (POST); path, fields and label format are assumed',
        traits: { effect: 'safe', inFlightMs, keyWindowMs: null },
      },
    ],
  };
}

export const manifest: VendorManifest = manifestWith(assumedPaths, 30_000);
