/** What 外勤365 (勤策) offers us. */
import type { VendorManifest } from '../kit/vendor.ts';

/** Document 查询分销订单: `https://openapi.waiqin365.com/api/{app}/{version}/{method}/…`. */
export const documentedBasePath = '/api';

export const manifest: VendorManifest = {
  id: 'waiqin365',
  name: { zh: '外勤365', en: 'Waiqin365' },
  operations: [
    {
      name: 'pullOrders',
      vendorName: '查询分销订单',
      method: 'POST',
      path: 'dmsdatasearch/v1/getDmsSalesOrderInfos/{openid}/{timestamp}/{digest}/{msg_id}',
      evidence: 'documented',
      source:
        'vendor document 查询分销订单; the meaning of the four last URL parts is public (a copy of the openapi manual and public clients)',
      traits: null,
    },
  ],
};
