/** AsiaBill's two interfaces as calls by name. */
import { z } from 'zod';
import type { HttpRequest } from '../../ports.ts';
import { joinAddress, resolveBase } from '../kit/address.ts';
import { checkLengths, refuse } from '../kit/limits.ts';
import { namedCall, type TypedCall } from '../kit/named-calls.ts';
import type { Outcome } from '../kit/outcome.ts';
import { needsOneOf, textParam } from '../kit/params.ts';
import type { BuildRefusal, SigningMoment } from '../kit/vendor.ts';
import { documentedBasePath, logisticsPath } from './manifest.ts';
import { parseTracked, parseUploaded, type Tracked, type Uploaded } from './map.ts';
import type { Settings } from './settings.ts';
import { signInfo } from './sign.ts';

const maxAnswerBytes = 1024 * 1024;
/** Document: tradeNos is string(255). */
export const maxTradeNos = 255;

/** 物流上传接口, table of the body. Both numbers are Optional there, each required where the other is empty. */
export const uploadParams = z
  .strictObject({
    lcCode: textParam(50).optional(),
    orderNo: textParam(64).optional(),
    trackingNo: textParam(50, 2),
    trackingWeb: textParam(200, 2),
    tradeNo: textParam(64).optional(),
  })
  .superRefine(needsOneOf('orderNo', 'tradeNo'));

const tradeNo = z
  .string()
  .regex(/^[\u0021-\u002b\u002d-\u007e]{1,64}$/, 'must be 1 to 64 printable characters without commas and blanks');

/** 物流信息查询: one number or several, at most 255 characters with the commas between them. */
export const queryParams = z.strictObject({
  tradeNos: z
    .union([z.string().transform((text) => text.split(',')), z.array(z.string())], 'must be text or a list of texts')
    .pipe(z.array(tradeNo).min(1, 'needs at least one trade number'))
    .refine(
      (numbers) => numbers.join(',').length <= maxTradeNos,
      `has more than ${maxTradeNos} characters: ask in several calls`,
    ),
});

export interface AsiabillCalls {
  readonly uploadTracking: TypedCall<typeof uploadParams, Uploaded>;
  readonly queryTracking: TypedCall<typeof queryParams, readonly Tracked[]>;
}

export type Signer = (
  tail: { readonly body: Uint8Array } | { readonly tradeNos: string },
  at: SigningMoment,
  requestId: string,
) => HttpRequest | BuildRefusal;

/** Signs `H.B` for an upload, `H.P` for a query. */
export function signerFor(settings: Settings): Signer {
  const address = joinAddress(resolveBase(settings.baseUrl, documentedBasePath), logisticsPath);
  const { gatewayNo, signKey, hexCase, timeoutMs } = settings;
  return (tail, at, requestId) => {
    const broken = checkLengths([{ field: 'request-id', value: requestId, min: 1, max: 64 }]);
    if (broken !== null) return broken;
    if (!/^[\u0021-\u007e]+$/.test(requestId)) return refuse('field-illegal', 'request-id is not plain ASCII');
    const requestTime = String(Math.floor(at.vendorNow));
    const content = 'body' in tail ? tail.body : new TextEncoder().encode(tail.tradeNos);
    const headers = {
      accept: 'application/json',
      'gateway-no': gatewayNo,
      'request-id': requestId,
      'request-time': requestTime,
      'sign-info': signInfo({ gatewayNo, requestId, requestTime }, content, signKey, hexCase),
    };
    if ('body' in tail) {
      return {
        method: 'POST',
        url: address,
        headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
        body: tail.body,
        timeoutMs,
        maxAnswerBytes,
      };
    }
    // A comma is a legal character of a path, and the document writes it as it is.
    const path = encodeURIComponent(tail.tradeNos).replaceAll('%2C', ',');
    return { method: 'GET', url: `${address}/${path}`, headers, body: null, timeoutMs, maxAnswerBytes };
  };
}

export function createCalls(sign: Signer): AsiabillCalls {
  return {
    uploadTracking: namedCall({
      params: uploadParams,
      // The document's sample, numbers as text: its generated form has already lost digits.
      sample: {
        lcCode: 'TWTH',
        orderNo: '12167001000000000001',
        trackingNo: '1223212312',
        trackingWeb: 'https://abc.com',
        tradeNo: '2021092810011380477264',
      },
      question: false,
      build: (params, at, requestId) => sign({ body: new TextEncoder().encode(JSON.stringify(params)) }, at, requestId),
      parse(params, answer): Outcome<Uploaded> {
        const outcome = parseUploaded(answer);
        if (outcome.kind !== 'done' || params.tradeNo === undefined) return outcome;
        const shown = outcome.result.tradeNo;
        if (shown === null || shown === params.tradeNo) return outcome;
        return { kind: 'unknown', code: 'other-order', message: 'the answer is about another order' };
      },
    }),
    queryTracking: namedCall({
      params: queryParams,
      sample: { tradeNos: '2021092810011380477264,2021092810011380477265' },
      question: true,
      build: ({ tradeNos }, at, requestId) => sign({ tradeNos: tradeNos.join(',') }, at, requestId),
      parse: (_params, answer) => parseTracked(answer),
    }),
  };
}
