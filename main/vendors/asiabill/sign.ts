/**
 * AsiaBill's signature (public page 数据签名过程 and the vendor's PHP client):
 *   H the values of gateway-no, request-id, request-time, in ASCII order of the names, without separator
 *   P the path parameter, as decoded · B the body text; empty parts are dropped, the rest joined by `.`
 *   sign-info = HMAC-SHA256(text, signKey), hexadecimal
 */
import { hmacSha256Hex } from '../kit/signing.ts';

export interface SignedHeaders {
  readonly gatewayNo: string;
  readonly requestId: string;
  /** Milliseconds since the epoch, on the vendor's clock; more than ten minutes off is refused. */
  readonly requestTime: string;
}

/** `content` is the exact body, or the path parameter as UTF-8. */
export function signInfo(
  headers: SignedHeaders,
  content: Uint8Array,
  signKey: string,
  hexCase: 'lower' | 'upper',
): string {
  const head = headers.gatewayNo + headers.requestId + headers.requestTime;
  const hex = content.byteLength === 0 ? hmacSha256Hex(signKey, head) : hmacSha256Hex(signKey, head, '.', content);
  return hexCase === 'upper' ? hex.toUpperCase() : hex;
}
