/**
 * What 鸿讯 pushes to its customer, verified and read. Pure: who listens, remembers and stores is the host's business.
 * The envelope and its tolerance are documented (签收图片推送接口); that a push is signed by the rule of 附录一 is stated
 * nowhere, and required here: without a valid signature nothing has an effect.
 */
import { z } from 'zod';
import { decodeText, parseJson } from '../kit/answer.ts';
import { issueLine } from '../kit/outside.ts';
import { sameSignature } from '../kit/signing.ts';
import { parseShanghai } from '../kit/time.ts';
import { canonicalText, parseKeepingNumbers } from './canonical.ts';
import { anyRequest, outboundStatus, receivedSignImages, signInfo } from './requests.ts';
import type { Settings } from './settings.ts';
import { signOf } from './sign.ts';

/** 服务端允许客户端请求时间误差为10分钟 (vendor document). */
export const toleranceMs = 10 * 60_000;

const schemas = {
  /** 签收图片推送接口 (documented) */
  'sign-images': receivedSignImages,
  /** 签收信息推送接口 (public) */
  'sign-info': signInfo,
  /** 出库单确认接口 (named only) */
  'outbound-confirm': anyRequest,
  /** 出库单状态确认接口 (public) */
  'outbound-status': outboundStatus,
} as const satisfies Record<string, z.ZodType>;
export type PushKind = keyof typeof schemas;
const kinds = Object.keys(schemas) as PushKind[];

/** A push whose signature held. */
export interface ReceivedPush {
  readonly kind: PushKind;
  /** Lower-case hexadecimal: what makes this push itself and no other. */
  readonly key: string;
  /** Wall clock after which the same bytes are too old to be taken again. */
  readonly expiresAt: number;
  readonly signedAt: number;
  readonly request: unknown;
  /** The text that was signed: every digit as it was sent. */
  readonly requestText: string;
}

export type PushVerdict =
  | { readonly ok: true; readonly push: ReceivedPush }
  | { readonly ok: false; readonly status: number; readonly message: string };

export interface PushReader {
  /** `path` without query; `now` on the wall clock. */
  read(path: string, body: Uint8Array, now: number): PushVerdict;
  /** The answer's body for an HTTP status, in the documented form `{code, message, flag}`. */
  answer(status: number, message: string): string;
}

const envelope = z.object({
  createBy: z.string().min(1).max(64),
  dataSource: z.string().min(1).max(64),
  sign: z.string().regex(/^[0-9A-Fa-f]{32}$/, 'must be 32 hexadecimal digits'),
  timestamp: z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, 'must be written yyyy-MM-dd HH:mm:ss'),
});

const refused = (status: number, message: string): PushVerdict => ({ ok: false, status, message });

/** Reads pushes for one identity. Nothing of what it says tells a caller more than that something does not match. */
export function createPushReader(
  settings: Pick<Settings, 'createBy' | 'dataSource' | 'sk' | 'nulls' | 'receive'>,
): PushReader {
  const { createBy, dataSource, nulls, receive } = settings;
  const byPath = new Map(kinds.map((kind) => [`${receive.path}/${kind}`, kind]));

  return {
    read(path, body, now) {
      const kind = byPath.get(path);
      if (kind === undefined) return refused(404, 'there is no such interface here');
      const text = decodeText(body);
      if (!text.ok) return refused(400, text.message.replace('the answer', 'the body'));
      const decoded = parseJson(text.value);
      if (!decoded.ok) return refused(400, decoded.message.replace('the answer', 'the body').replace(/;.*$/, ''));
      const head = envelope.safeParse(decoded.value);
      if (!head.success) return refused(400, `body: ${issueLine(head.error)}`);
      const { sign, timestamp } = head.data;
      const signedAt = parseShanghai(timestamp);
      if (signedAt === null) return refused(400, 'timestamp: no such time');
      if (Math.abs(now - signedAt) > toleranceMs) return refused(401, 'timestamp: more than 10 minutes from our clock');

      let requestText: string;
      try {
        const whole = parseKeepingNumbers(text.value) as { readonly request?: unknown };
        if (typeof whole.request !== 'object' || whole.request === null) {
          return refused(400, 'request: must be an object or a list');
        }
        requestText = canonicalText(whole.request, nulls);
      } catch {
        return refused(400, 'request: cannot be read');
      }
      // Hashed over what was claimed, so that a wrong name and a wrong signature take the same way.
      const expected = signOf({ ...head.data, sk: settings.sk }, requestText, timestamp);
      const holds = sameSignature(sign, expected);
      if (!holds || head.data.createBy !== createBy || head.data.dataSource !== dataSource) {
        return refused(401, 'createBy, dataSource or sign does not match');
      }
      const parsed = schemas[kind].safeParse(JSON.parse(requestText));
      if (!parsed.success) return refused(422, `request: ${issueLine(parsed.error)}`);
      const push: ReceivedPush = {
        kind,
        key: sign.toLowerCase(),
        expiresAt: signedAt + toleranceMs,
        signedAt,
        request: parsed.data,
        requestText,
      };
      return { ok: true, push };
    },
    answer: (status, message) => JSON.stringify({ code: status, message, flag: status === 200 }),
  };
}
