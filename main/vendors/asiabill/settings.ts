/** AsiaBill in the profile. */
import { z } from 'zod';
import { baseAddress, callTimes, credential } from '../kit/outside.ts';

export const settings = z.strictObject({
  baseUrl: baseAddress,
  /** Document: gateway-no, string(16). */
  gatewayNo: credential(16),
  signKey: credential(256),
  /**
   * trackingWeb, required by the document: where the buyer follows the parcel. `{waybill}` is replaced. The default is
   * a page that knows most carriers; it is our choice, not AsiaBill's.
   */
  trackingWeb: z.string().min(2).max(200).default('https://t.17track.net/en#nums={waybill}'),
  /** lcCode: carrier code from AsiaBill's list, which is not public (`TWTH` in the document). Left out if absent. */
  lcCode: z.string().min(1).max(50).optional(),
  /** Whether the upstream's order number is the merchant's (orderNo) or AsiaBill's trade number (tradeNo). */
  orderNumberIs: z.enum(['orderNo', 'tradeNo']).default('orderNo'),
  /** Case of sign-info: the document shows upper, the vendor's own PHP client sends lower. */
  hexCase: z.enum(['lower', 'upper']).default('lower'),
  ...callTimes,
});
export type Settings = z.output<typeof settings>;

export const secretFields: readonly string[] = ['signKey'];
