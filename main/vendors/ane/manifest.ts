/** What ANE offers us, and how sure we are of each. */
import type { VendorManifest } from '../kit/vendor.ts';
import { assumedPaths, publicPaths } from './assumed.ts';

/** Public client code: `https://opc.ane56.com/aneop/…`. */
export const publicBasePath = '/aneop';

export interface Paths {
  readonly placeOrder: string;
  readonly createWaybill: string;
  readonly cancel: string;
  readonly queryTracking: string;
}

/** The manifest with the paths and times a profile may have changed. */
export function manifestWith(paths: Paths, inFlightMs: number): VendorManifest {
  return {
    id: 'ane',
    name: { zh: '安能物流', en: 'ANE' },
    ownLabel: true,
    operations: [
      {
        name: 'placeOrder',
        vendorName: '订单新建',
        method: 'POST',
        path: paths.placeOrder,
        evidence: 'assumed',
        source: 'vendor document 订单新建 has every field; no source has its address, so the path is assumed',
        // No source says that a second order with the same orderNo is refused, or how to ask for an order by orderNo
        // (the trace query takes waybills, which exist only after the order): after a doubtful send a person decides.
        traits: { effect: 'unsafe', inFlightMs, keyWindowMs: null },
      },
      {
        name: 'cancel',
        vendorName: '电子面单取消',
        method: 'POST',
        path: paths.cancel,
        evidence: 'public',
        source: 'public client code: action 10 with orderNo and ewbNo; its further fields are not known',
        // An order that is cancelled stays cancelled: a repeat can only be refused.
        traits: { effect: 'safe', inFlightMs, keyWindowMs: null },
      },
      {
        name: 'queryTracking',
        vendorName: '轨迹查询',
        method: 'POST',
        path: paths.queryTracking,
        evidence: 'public',
        source: 'public client code has the address (another host); the names in question and answer are assumed',
        traits: null,
      },
      {
        name: 'createWaybill',
        vendorName: '电子面单取号',
        method: 'POST',
        path: paths.createWaybill,
        evidence: 'public',
        source: 'public client code; another interface than 订单新建, not used by jobs',
        traits: null,
      },
    ],
  };
}

export const manifest: VendorManifest = manifestWith({ ...publicPaths, ...assumedPaths }, 30_000);
