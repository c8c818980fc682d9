/**
 * The four last URL parts of every 外勤365 call. The documents only name them; their meaning is public: a copy of the
 * vendor's openapi manual (README of a public openapi test repository) and several public clients agree on
 * `digest = md5(body|appkey|timestamp)`, 32 lower-case hexadecimal characters over the exact body.
 */
import { md5Hex } from '../kit/signing.ts';
import { compactShanghai } from '../kit/time.ts';

export function digestOf(body: Uint8Array, appkey: string, timestamp: string): string {
  return md5Hex(body, `|${appkey}|${timestamp}`);
}

/**
 * `{openid}/{timestamp}/{digest}/{msg_id}`. The timestamp is `yyyyMMddHHmmss` in China time; `msg_id` is at most 32
 * characters (a response table of the document says VARCHAR(32)), so a UUID goes without its dashes.
 */
export function signedPath(
  body: Uint8Array,
  identity: { readonly openid: string; readonly appkey: string },
  vendorNow: number,
  requestId: string,
): string {
  const timestamp = compactShanghai(vendorNow);
  return [identity.openid, timestamp, digestOf(body, identity.appkey, timestamp), messageId(requestId)].join('/');
}

export function messageId(requestId: string): string {
  return requestId.replace(/[^A-Za-z0-9]/g, '').slice(-32);
}
