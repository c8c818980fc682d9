/**
 * 鸿讯's signed envelope (public page 附录一 签名规则; envelope and tolerance in the vendor document 签收图片推送接口):
 *   {createBy, dataSource, sign, timestamp, request}
 *   sign = MD5(createBy & dataSource & JSON(request) & SK & timestamp), parts joined by `&`, UTF-8
 * `timestamp` is `yyyy-MM-dd HH:mm:ss` in China time, at most 10 minutes off. The case of the hexadecimal digits is in
 * no readable source, so the profile chooses it.
 */
import { md5Hex } from '../kit/signing.ts';
import { shanghaiText } from '../kit/time.ts';
import { canonicalText, type NullHandling } from './canonical.ts';

export interface Identity {
  /** 客户标识, given by 鸿讯. */
  readonly createBy: string;
  /** 来源系统, given by 鸿讯. */
  readonly dataSource: string;
  /** The secret, given by 鸿讯; never sent. */
  readonly sk: string;
}

export interface SigningRules {
  readonly signCase: 'lower' | 'upper';
  readonly nulls: NullHandling;
}

/** `requestText` is the exact text that is sent as `request`. Lower-case hexadecimal. */
export function signOf(identity: Identity, requestText: string, timestamp: string): string {
  return md5Hex([identity.createBy, identity.dataSource, requestText, identity.sk, timestamp].join('&'));
}

/** The bytes of one signed call: `request` is written once, signed and sent as that text. Throws CanonicalError. */
export function sealEnvelope(
  request: unknown,
  vendorNow: number,
  identity: Identity,
  { signCase, nulls }: SigningRules,
): Uint8Array {
  const timestamp = shanghaiText(vendorNow);
  const requestText = canonicalText(request, nulls);
  const hex = signOf(identity, requestText, timestamp);
  const head = JSON.stringify({
    createBy: identity.createBy,
    dataSource: identity.dataSource,
    sign: signCase === 'upper' ? hex.toUpperCase() : hex,
    timestamp,
  });
  return new TextEncoder().encode(`${head.slice(0, -1)}${requestMark}${requestText}}`);
}

/** Cannot stand inside a JSON text before the member itself: there its quotes would be escaped. */
const requestMark = ',"request":';

/** The signed parts of bytes made by `sealEnvelope`, or null for a call that is not signed. */
export function openOwnEnvelope(body: Uint8Array): {
  readonly createBy: string;
  readonly dataSource: string;
  readonly sign: string;
  readonly timestamp: string;
  readonly requestText: string;
} | null {
  const text = new TextDecoder().decode(body);
  const at = text.indexOf(requestMark);
  if (at < 0 || !text.startsWith('{"createBy":')) return null;
  const head = JSON.parse(`${text.slice(0, at)}}`) as Record<'createBy' | 'dataSource' | 'sign' | 'timestamp', string>;
  return { ...head, requestText: text.slice(at + requestMark.length, -1) };
}
