/**
 * ANE's digest. Vendor document 订单新建: `base64(MD5(params +code + AppSecret))`. It does not say over what base64 is
 * taken; two independent public clients take the 32 lower-case hexadecimal characters, not the 16 bytes, so a digest
 * always has 44 characters. The timestamp is not part of it.
 */
import { md5Hex } from '../kit/signing.ts';

export function aneDigest(params: string, code: string, appSecret: string): string {
  return Buffer.from(md5Hex(params, code, appSecret), 'latin1').toString('base64');
}
