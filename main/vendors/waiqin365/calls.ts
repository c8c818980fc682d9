/** Every interface of 外勤365 as a call by name. */
import type { HttpAnswer, HttpRequest } from '../../ports.ts';
import { joinAddress, resolveBase } from '../kit/address.ts';
import { decodeJson, parseJson } from '../kit/answer.ts';
import { outcomeOfCode } from '../kit/error-table.ts';
import { namedCall, type TypedCall } from '../kit/named-calls.ts';
import { undecoded, type Outcome } from '../kit/outcome.ts';
import { issueLine } from '../kit/outside.ts';
import type { SigningMoment } from '../kit/vendor.ts';
import type { z } from 'zod';
import { codes, successCode } from './errors.ts';
import { documentedBasePath, methodPaths } from './manifest.ts';
import * as params from './params.ts';
import { readSalesOrder, type ReadSalesOrder } from './sales-order.ts';
import * as samples from './samples.ts';
import { envelope, type Envelope365 } from './schema.ts';
import type { Settings } from './settings.ts';
import { signedPath } from './sign.ts';

/** A page of 1000 orders with their lines is a few megabytes. */
const maxPageBytes = 64 * 1024 * 1024;
const maxAnswerBytes = 1024 * 1024;

/** What a call with an effect came to: the numbers the vendor names, and the rest of its answer as it came. */
export interface Written {
  readonly message: string;
  readonly orderId: string | null;
  readonly orderNumber: string | null;
  readonly data: unknown;
}

export type Signer = (path: string, body: Uint8Array, at: SigningMoment, requestId: string) => HttpRequest;

/** Signs exact bytes for `{app}/{version}/{method}`. */
export function signerFor(settings: Settings): Signer {
  const base = resolveBase(settings.baseUrl, documentedBasePath);
  return (path, body, at, requestId) => ({
    method: 'POST',
    url: joinAddress(base, `${path}/${signedPath(body, settings, at.vendorNow, requestId)}`),
    headers: { 'content-type': 'application/json; charset=UTF-8', accept: 'application/json' },
    body,
    timeoutMs: settings.timeoutMs,
    maxAnswerBytes: path === methodPaths.pullOrders ? maxPageBytes : maxAnswerBytes,
  });
}

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

export interface Calls365 {
  readonly pullOrders: TypedCall<typeof params.salesOrderQuery, readonly ReadSalesOrder[]>;
  readonly upsertUpstreamOrder: TypedCall<typeof params.orderChange, Written>;
  readonly approve: TypedCall<typeof params.approval, Written>;
  readonly updateOrderFields: TypedCall<typeof params.orderFields, Written>;
  readonly closeOrder: TypedCall<typeof params.closing, Written>;
  readonly recordSigned: TypedCall<typeof params.signedQuantities, Written>;
  readonly addDeliveryOrder: TypedCall<typeof params.deliveryOrder, Written>;
}

export function createCalls(sign: Signer): Calls365 {
  const writing = <S extends z.ZodType>(path: string, schema: S, sample: z.input<S>): TypedCall<S, Written> =>
    namedCall({
      params: schema,
      sample,
      question: false,
      build: (value, at, requestId) => sign(path, bytesOf(value), at, requestId),
      parse: (_value, answer) => parseWritten(answer),
    });
  return {
    pullOrders: namedCall({
      params: params.salesOrderQuery,
      sample: samples.salesOrderQuerySample,
      question: true,
      build: (value, at, requestId) => sign(methodPaths.pullOrders, bytesOf(value), at, requestId),
      parse(_value, answer): Outcome<readonly ReadSalesOrder[]> {
        const page = parsePage(answer);
        return page.kind === 'done' ? { kind: 'done', result: page.result.map(readSalesOrder) } : page;
      },
    }),
    upsertUpstreamOrder: writing(methodPaths.upsertUpstreamOrder, params.orderChange, samples.orderChangeSample),
    approve: writing(methodPaths.approve, params.approval, samples.approvalSample),
    updateOrderFields: writing(methodPaths.updateOrderFields, params.orderFields, samples.orderFieldsSample),
    closeOrder: writing(methodPaths.closeOrder, params.closing, samples.closingSample),
    recordSigned: writing(methodPaths.recordSigned, params.signedQuantities, samples.signedQuantitiesSample),
    addDeliveryOrder: writing(methodPaths.addDeliveryOrder, params.deliveryOrder, samples.deliveryOrderSample),
  };
}

/** The envelope of an answer with code 0; any other by the code table. */
function parseEnvelope(answer: HttpAnswer): Outcome<Envelope365> {
  const decoded = decodeJson(answer.body);
  if (!decoded.ok) return undecoded(decoded);
  const parsed = envelope.safeParse(decoded.value);
  if (!parsed.success) return undecoded({ code: 'unreadable', message: `answer: ${issueLine(parsed.error)}` });
  const { return_code: code, return_msg: said } = parsed.data;
  return code === successCode ? { kind: 'done', result: parsed.data } : outcomeOfCode(codes, code, said);
}

/** The records of one page, unread. */
export function parsePage(answer: HttpAnswer): Outcome<readonly unknown[]> {
  const read = parseEnvelope(answer);
  if (read.kind !== 'done') return read;
  const data = read.result.response_data;
  if (data === undefined || data === null || data === '') return { kind: 'done', result: [] };
  const inner = typeof data === 'string' ? parseJson(data) : { ok: true as const, value: data };
  if (!inner.ok) return undecoded({ code: inner.code, message: `response_data: ${inner.message}` });
  if (!Array.isArray(inner.value)) return undecoded({ code: 'unreadable', message: 'response_data is not a list' });
  return { kind: 'done', result: inner.value as unknown[] };
}

/**
 * 响应编码 0 成功 is all the documents promise; order_id and order_no are in the table of addOrModifyOrder only, and not
 * in its sample. `response_data` is kept as it came.
 */
export function parseWritten(answer: HttpAnswer): Outcome<Written> {
  const read = parseEnvelope(answer);
  if (read.kind !== 'done') return read;
  const { return_msg: message, order_id: orderId, order_no: orderNumber, response_data: data } = read.result;
  return { kind: 'done', result: { message, orderId, orderNumber, data: data ?? null } };
}
