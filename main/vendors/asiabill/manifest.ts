/** What AsiaBill offers us. */
import type { VendorManifest } from '../kit/vendor.ts';

/** Document: `POST /openApi/V2022-03/logistics`. */
export const documentedBasePath = '/openApi';

export const logisticsPath = 'V2022-03/logistics';

/** Document: request-id is unique within 30 minutes (请求id,30分钟之内唯一). */
export const requestIdWindowMs = 30 * 60_000;

/** The manifest with the time a profile may have changed. */
export function manifestWith(inFlightMs: number): VendorManifest {
  return {
    id: 'asiabill',
    name: { zh: 'AsiaBill', en: 'AsiaBill' },
    operations: [
      {
        name: 'uploadTracking',
        vendorName: '物流上传接口',
        method: 'POST',
        path: logisticsPath,
        evidence: 'documented',
        source: 'vendor document 物流上传接口; signing: public page 数据签名过程 and the vendor’s PHP client',
        traits: { effect: 'keyed', inFlightMs, keyWindowMs: requestIdWindowMs },
      },
      {
        name: 'queryTracking',
        vendorName: '物流信息查询',
        method: 'GET',
        path: `${logisticsPath}/{tradeNos}`,
        evidence: 'documented',
        source: 'vendor document 物流信息查询; signing as above, P taken as decoded (inferred)',
        traits: null,
      },
    ],
  };
}

export const manifest: VendorManifest = manifestWith(30_000);
