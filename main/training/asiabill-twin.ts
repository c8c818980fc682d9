/**
 * A strict virtual AsiaBill, logistics part. Sources: the vendor's page 物流 (`/openApi/V2022-03/logistics`) for the
 * interfaces, header and field limits; its page 数据签名过程 and its published PHP client for the signature.
 * The vendor's error codes are published nowhere: the `T…` codes below are training's own.
 */
import { createHash, createHmac } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { openJournal } from './journal.ts';
import { describeRefusal } from './refusal.ts';
import { hashText } from './orders/training-order.ts';
import {
  EffectCounter,
  isJsonType,
  jsonAnswer,
  readJson,
  sameHex,
  type Twin,
  type TwinAnswer,
  type TwinRequest,
} from './vendor-server.ts';

export interface AsiabillIdentity {
  /** 8 digits; the first five are the merchant number. */
  readonly gatewayNo: string;
  readonly signKey: string;
}

export interface AsiabillTwin extends Twin {
  /** Effect `upload`, keyed by `tradeNo/trackingNo`. */
  readonly effects: EffectCounter;
  close(): void;
}

const windowMs = 30 * 60_000;
const toleranceMs = 10 * 60_000;

/** `H.B` or `H.P` (empty parts dropped), HMAC-SHA256, lower-case hexadecimal. `content` is the raw body or path value. */
export function asiabillSignature(header: string, content: Buffer, signKey: string): string {
  const hmac = createHmac('sha256', signKey).update(header, 'utf8');
  if (content.length > 0) hmac.update('.').update(content);
  return hmac.digest('hex');
}

/** Lengths and either/or of the page's upload table. Text only: the page's samples with numbers lose digits. */
const Upload = z
  .strictObject({
    lcCode: z.string().max(50).optional(),
    orderNo: z.string().min(1).max(64).optional(),
    trackingNo: z.string().min(2).max(50),
    trackingWeb: z.string().min(2).max(200),
    tradeNo: z.string().min(1).max(64).optional(),
  })
  .refine((body) => body.orderNo !== undefined || body.tradeNo !== undefined, {
    message: 'one of orderNo and tradeNo is required',
  });

const Entry = z.object({
  effect: z.literal('uploaded'),
  at: z.number().int(),
  requestId: z.string(),
  fingerprint: z.string(),
  tradeNo: z.string(),
  orderNo: z.string(),
  trackingNo: z.string(),
  trackingWeb: z.string(),
  lcCode: z.string(),
});
type Entry = z.infer<typeof Entry>;

/** The merchant's trade number for one of its order numbers: 22 digits, as in the page's samples. */
export function tradeNumberFor(orderNo: string): string {
  const first = String(hashText(orderNo)).padStart(10, '0');
  const second = String(hashText(`${orderNo}/trade`)).padStart(10, '0');
  return `20${first}${second}`;
}

/**
 * `knowsOrder` tells whether the merchant has such an order: a real gateway has seen its payment.
 * Opens (and replays) `asiabill.jsonl` in `dir`.
 */
export function createAsiabillTwin(
  identity: AsiabillIdentity,
  dir: string,
  orders: { has(orderNo: string): boolean; numbers(): Iterable<string> },
): AsiabillTwin {
  const effects = new EffectCounter();
  const uploads = new Map<string, Entry>();
  /** Request ids seen, with what they asked and what they were answered; oldest first. */
  const requests = new Map<string, { at: number; fingerprint: string; answer: Promise<TwinAnswer> }>();

  const uploaded = (tradeNo: string): TwinAnswer =>
    jsonAnswer(200, {
      code: '00000',
      data: { description: 'uploadSuccess', status: 'success', tradeNo },
      message: 'success',
    });
  const apply = (entry: Entry): void => {
    uploads.set(entry.tradeNo, entry);
    effects.add('upload', `${entry.tradeNo}/${entry.trackingNo}`);
  };
  const journal = openJournal(join(dir, 'asiabill.jsonl'), Entry, (entry) => {
    apply(entry);
    const answer = Promise.resolve(uploaded(entry.tradeNo));
    requests.set(entry.requestId, { at: entry.at, fingerprint: entry.fingerprint, answer });
  });

  const refuse = (code: string, message: string): TwinAnswer => jsonAnswer(200, { code, data: null, message });

  /** Checks the four headers and the signature. */
  const gate = (request: TwinRequest, content: Buffer): TwinAnswer | null => {
    const gatewayNo = request.headers['gateway-no'] ?? '';
    const requestId = request.headers['request-id'] ?? '';
    const requestTime = request.headers['request-time'] ?? '';
    const signInfo = request.headers['sign-info'] ?? '';
    if (gatewayNo === '' || gatewayNo.length > 16)
      return refuse('T1001', 'gateway-no: required, at most 16 characters');
    if (requestId === '' || requestId.length > 64)
      return refuse('T1002', 'request-id: required, at most 64 characters');
    if (!/^\d{1,16}$/.test(requestTime))
      return refuse('T1003', 'request-time: required, milliseconds, at most 16 digits');
    if (signInfo === '' || signInfo.length > 255) return refuse('T1004', 'sign-info: required, at most 255 characters');
    if (gatewayNo !== identity.gatewayNo) return refuse('T1005', 'gateway-no: unknown');
    const expected = asiabillSignature(`${gatewayNo}${requestId}${requestTime}`, content, identity.signKey);
    if (!sameHex(signInfo, expected)) return refuse('T1006', 'sign-info: signature does not match');
    if (Math.abs(request.now - Number(requestTime)) > toleranceMs) {
      return refuse('T1007', 'request-time: more than 10 minutes from the gateway clock');
    }
    return null;
  };

  /**
   * request-id is unique within 30 minutes. The same id with the same call gets the same answer and no second effect;
   * with another call it is refused. Only calls whose signature held are remembered.
   */
  const once = (request: TwinRequest, run: (fingerprint: string) => Promise<TwinAnswer>): Promise<TwinAnswer> => {
    for (const [id, seen] of requests) {
      if (request.now - seen.at <= windowMs) break;
      requests.delete(id);
    }
    const id = request.headers['request-id'] ?? '';
    const fingerprint = createHash('sha256')
      .update(`${request.method} ${request.path}\n`)
      .update(request.body)
      .digest('hex');
    const seen = requests.get(id);
    if (seen) {
      return seen.fingerprint === fingerprint
        ? seen.answer
        : Promise.resolve(refuse('T1008', 'request-id: already used for another call within 30 minutes'));
    }
    const answer = run(fingerprint);
    requests.set(id, { at: request.now, fingerprint, answer });
    // A call that could not be recorded had no effect: its id stays free.
    answer.catch(() => requests.delete(id));
    return answer;
  };

  const upload = async (request: TwinRequest, fingerprint: string, work: () => Promise<void>): Promise<TwinAnswer> => {
    const parsed = Upload.safeParse(readJson(request.body));
    if (!parsed.success) return refuse('T2001', describeRefusal(parsed.error));
    const body = parsed.data;
    const byTrade = body.tradeNo === undefined ? null : orderWithTrade(body.tradeNo, orders.numbers());
    const orderNo = body.orderNo ?? byTrade;
    if (orderNo === null || !orders.has(orderNo)) return refuse('T2002', 'no such order');
    if (byTrade !== null && byTrade !== orderNo) return refuse('T2003', 'orderNo and tradeNo name different orders');
    if (body.tradeNo !== undefined && byTrade === null) return refuse('T2002', 'no such order');
    await work();
    const entry: Entry = {
      effect: 'uploaded',
      at: request.now,
      requestId: request.headers['request-id'] ?? '',
      fingerprint,
      tradeNo: tradeNumberFor(orderNo),
      orderNo,
      trackingNo: body.trackingNo,
      trackingWeb: body.trackingWeb,
      lcCode: body.lcCode ?? '',
    };
    journal.append(entry);
    apply(entry);
    return uploaded(entry.tradeNo);
  };

  const query = (request: TwinRequest, tradeNos: string): TwinAnswer => {
    if (tradeNos === '' || tradeNos.length > 255) return refuse('T2001', 'tradeNos: 1 to 255 characters');
    const data = tradeNos.split(',').flatMap((tradeNo) => {
      const entry = uploads.get(tradeNo);
      if (!entry) return [];
      return [
        {
          logisticsStatus: request.now - entry.at < 600_000 ? 'InfoReceived' : 'InTransit',
          tbLcCode: entry.lcCode,
          trackingNo: entry.trackingNo,
          trackingWeb: entry.trackingWeb,
          tradeNo,
        },
      ];
    });
    return jsonAnswer(200, { code: '00000', data, message: 'success' });
  };

  return {
    id: 'asiabill',
    effects,
    routes: [
      {
        name: 'upload',
        method: 'POST',
        path: /^\/openApi\/V2022-03\/logistics$/,
        handle(request, work) {
          const refused = gate(request, request.body);
          if (refused) return refused;
          if (!isJsonType(request.headers)) return refuse('T2001', 'Content-Type must be application/json');
          return once(request, (fingerprint) => upload(request, fingerprint, work));
        },
      },
      {
        name: 'query',
        method: 'GET',
        path: /^\/openApi\/V2022-03\/logistics\/([^/]+)$/,
        handle(request) {
          let tradeNos: string;
          try {
            tradeNos = decodeURIComponent(request.parts[0] ?? '');
          } catch {
            return refuse('T2001', 'tradeNos: not a valid path part');
          }
          // P is the path value as decoded, commas included.
          const refused = gate(request, Buffer.from(tradeNos, 'utf8'));
          return refused ?? once(request, () => Promise.resolve(query(request, tradeNos)));
        },
      },
    ],
    notFound: () => jsonAnswer(404, { code: 'T0404', data: null, message: 'no such interface' }),
    tooLarge: () => jsonAnswer(413, { code: 'T0413', data: null, message: 'body too large' }),
    close: () => journal.close(),
  };
}

function orderWithTrade(tradeNo: string, numbers: Iterable<string>): string | null {
  for (const number of numbers) if (tradeNumberFor(number) === tradeNo) return number;
  return null;
}
