/** HGE's two authentication schemes; the profile says which one is live. */
import { md5Hex } from '../kit/signing.ts';
import type { SigningMoment } from '../kit/vendor.ts';
import type { Settings } from './settings.ts';

type Identity = Pick<Settings, 'auth' | 'apiKey' | 'apiSecret' | 'token' | 'language'>;

/**
 * Headers for `body`.
 * bearer: every interface page of the document. signed: page 开放平台使用说明 (public): `signature` is the lower-case
 * MD5 of api_key + api_secret + timestamp (seconds) + request body. That page's printed example does not reproduce
 * under its own rule, so it is no test vector.
 */
export function authHeaders(identity: Identity, body: Uint8Array, at: SigningMoment): Record<string, string> {
  const common = { 'accept-language': identity.language };
  if (identity.auth === 'bearer') {
    return at.token === null ? common : { ...common, authorization: `Bearer ${at.token}` };
  }
  const timestamp = String(Math.floor(at.vendorNow / 1_000));
  const key = identity.apiKey ?? '';
  return {
    ...common,
    api_key: key,
    timestamp,
    signature: md5Hex(key, identity.apiSecret ?? '', timestamp, body),
    ...(identity.token === undefined ? {} : { 'api-token': identity.token }),
  };
}
