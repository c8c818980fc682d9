/** Every interface of HGE's menu as a call by name. */
import type { z } from 'zod';
import type { HttpAnswer, HttpRequest } from '../../ports.ts';
import type { Artwork } from '../../domain/shipping.ts';
import { namedCall, type TypedCall } from '../kit/named-calls.ts';
import type { Outcome } from '../kit/outcome.ts';
import type { SigningMoment } from '../kit/vendor.ts';
import { numberNamed, numbersNamed, objectsIn } from './find.ts';
import { artworkType, findLabel, readLabelBytes } from './label.ts';
import { knownPaths } from './manifest.ts';
import { namesOther, parseEnvelope, parsePlaced, parseQueried, type QueriedOrder } from './map.ts';
import * as params from './params.ts';
import * as samples from './samples.ts';
import type { Settings } from './settings.ts';
import { parseToken } from './token.ts';
import { readTracking, type ReadTracking } from './tracking.ts';

/** A label in PDF is some hundred kilobytes; base64 adds a third. */
export const maxLabelBytes = 16 * 1024 * 1024;
export const maxAnswerBytes = 1024 * 1024;
/** A few photographs in base64. */
export const maxProofBytes = 16 * 1024 * 1024;

export type Requester = (
  method: 'GET' | 'POST',
  path: string,
  body: Uint8Array | null,
  at: SigningMoment,
  limit?: number,
) => HttpRequest;

type Plain<S extends z.ZodType> = TypedCall<S, unknown>;
type Renamable = keyof Settings['assumed']['rename'];

/** The calls, keyed by the names of the manifest. */
export function createCalls(settings: Settings, request: Requester) {
  const { paths, fields } = settings.assumed;

  const body = (name: string, value: unknown): Uint8Array => {
    const names = settings.assumed.rename[name as Renamable];
    return new TextEncoder().encode(JSON.stringify(names === undefined ? value : renamed(value, names)));
  };
  const posting = <S extends z.ZodType, R>(
    name: string,
    path: string,
    schema: S,
    sample: z.input<S>,
    question: boolean,
    parse: (value: z.output<S>, answer: HttpAnswer) => Outcome<R>,
    limit?: number,
  ): TypedCall<S, R> =>
    namedCall({
      params: schema,
      sample,
      question,
      build: (value, at) => request('POST', path, body(name, value), at, limit),
      parse,
    });

  /** Done is code 200 with success true, and no word of another order, document or bag than ours. */
  const parsePlain = (value: unknown, answer: HttpAnswer): Outcome<unknown> => {
    const outcome = parseEnvelope(answer);
    if (outcome.kind !== 'done') return outcome;
    const { num, reference_num: ourReference, bag_num: ourBag } = value as Readonly<Record<string, string | undefined>>;
    const shown = numbersNamed(outcome.result, ['reference_num']);
    const bags = numbersNamed(outcome.result, ['bag_num']);
    const other =
      (num !== undefined && namesOther(outcome.result, num)) ||
      (ourReference !== undefined && shown.length > 0 && !shown.includes(ourReference)) ||
      (ourBag !== undefined && bags.length > 0 && !bags.includes(ourBag));
    if (other) return { kind: 'unknown', code: 'other-order', message: 'the answer is about something else' };
    return { kind: 'done', result: outcome.result ?? null };
  };
  const plain = <S extends z.ZodType>(
    name: string,
    path: string,
    schema: S,
    sample: z.input<S>,
    question = false,
  ): Plain<S> => posting(name, path, schema, sample, question, parsePlain);

  const parseLabel = (value: unknown, answer: HttpAnswer): Outcome<Artwork | { readonly url: string }> => {
    const bare = artworkType(answer.body) !== null;
    const outcome: Outcome<unknown> = bare ? { kind: 'done', result: null } : parsePlain(value, answer);
    if (outcome.kind !== 'done') return outcome;
    const found = bare ? readLabelBytes(answer.body) : findLabel(outcome.result, fields.label);
    switch (found.kind) {
      case 'artwork':
        return { kind: 'done', result: found.artwork };
      case 'address':
        return { kind: 'done', result: { url: found.url } };
      case 'none':
        return { kind: 'transient', code: 'label-pending', message: 'the vendor has no label yet' };
      case 'unreadable':
        return { kind: 'rejected', code: 'label-unreadable', message: found.reason };
    }
  };

  const number = samples.orderNumberSample;
  const bagSample = { bag_num: 'BG2512130000001' };
  return {
    token: namedCall({
      params: params.nothing,
      sample: {},
      question: true,
      build: (_value, at) => tokenRequest(settings, request, at),
      // The token itself is a secret: by name one only learns that it was given.
      parse(_value, answer): Outcome<{ readonly received: true; readonly lifeMs: number | null }> {
        const outcome = parseToken(answer, fields);
        return outcome.kind === 'done'
          ? { kind: 'done', result: { received: true, lifeMs: outcome.result.lifeMs } }
          : outcome;
      },
    }),
    queryServices: namedCall({
      params: params.nothing,
      sample: {},
      question: true,
      build: (_value, at) => request('GET', paths.services, null, at),
      parse: parsePlain,
    }),
    placeOrder: posting(
      'placeOrder',
      knownPaths.placeOrder,
      params.newOrder,
      samples.newOrderSample,
      false,
      (value, answer) => parsePlaced(answer, value.customer_order_num, settings),
    ),
    confirm: plain('confirm', paths.confirm, params.orderNumber, number),
    fetchLabel: posting('fetchLabel', paths.label, params.label, number, true, parseLabel, maxLabelBytes),
    queryOrder: posting(
      'queryOrder',
      knownPaths.queryOrder,
      params.orderNumber,
      number,
      true,
      (value, answer): Outcome<QueriedOrder> => parseQueried(answer, value.num, settings),
    ),
    cancel: plain('cancel', paths.cancel, params.withReason, number),
    intercept: plain('intercept', paths.intercept, params.withReason, number),
    cancelIntercept: plain('cancelIntercept', paths.cancelIntercept, params.withReason, number),
    updateWeight: plain('updateWeight', paths.updateWeight, params.weightUpdate, { ...number, weight: 1.25 }),
    updateWaybill: plain('updateWaybill', paths.updateWaybill, params.waybillUpdate, {
      ...number,
      order_remark: 'leave at the door',
    }),
    getPod: posting('getPod', paths.pod, params.orderNumber, number, true, parsePlain, maxProofBytes),
    track: posting('track', paths.track, params.orderNumber, number, true, (value, answer): Outcome<ReadTracking> =>
      readTracking(answer, value.num, settings),
    ),
    queryPccc: plain('queryPccc', paths.pccc, params.pccc, { pccc: 'P123456789012', name: '홍길동' }, true),
    scanForm: plain('scanForm', knownPaths.scanForm, params.scanForm, samples.scanFormSample),
    scanFormResult: plain('scanFormResult', paths.scanFormResult, params.reference, samples.referenceSample, true),
    manifest: plain('manifest', knownPaths.manifest, params.manifestPush, samples.manifestSample),
    manifestResult: plain('manifestResult', paths.manifestResult, params.reference, samples.referenceSample, true),
    updateFlight: plain('updateFlight', paths.updateFlight, params.flightNode, {
      mawb_no: '180-12345675',
      flight_no: 'KE856',
      node: 'departed',
      node_time: '2025-12-14 10:05:00',
    }),
    createBag: posting(
      'createBag',
      paths.createBag,
      params.newBag,
      { reference_num: 'BAG-D01-0001', order_nums: ['HGE2507080000516'] },
      false,
      (value, answer): Outcome<{ readonly bagNumber: string; readonly data: unknown }> => {
        const outcome = parsePlain({ reference_num: value.reference_num }, answer);
        if (outcome.kind !== 'done') return outcome;
        const bagNumber = numberNamed(outcome.result, fields.bag);
        // The bag may be there; without its number nothing can be done with it.
        if (bagNumber === null || objectsIn(outcome.result).length === 0) {
          return { kind: 'unknown', code: 'no-bag-number', message: 'the answer names no big bag' };
        }
        return { kind: 'done', result: { bagNumber, data: outcome.result } };
      },
    ),
    voidBag: plain('voidBag', paths.voidBag, params.bag, bagSample),
    bagLabel: posting('bagLabel', paths.bagLabel, params.bagLabel, bagSample, true, parseLabel, maxLabelBytes),
  };
}
export type HgeCalls = ReturnType<typeof createCalls>;

/** 获取Token: key and secret, never a token. */
export function tokenRequest(settings: Settings, request: Requester, at: SigningMoment): HttpRequest {
  const body = new TextEncoder().encode(JSON.stringify({ api_key: settings.apiKey, api_secret: settings.apiSecret }));
  return request('POST', settings.assumed.paths.token, body, { ...at, token: null });
}

/** The value with keys renamed at any depth. */
function renamed(value: unknown, names: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((entry) => renamed(entry, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      Object.hasOwn(names, key) ? (names[key] ?? key) : key,
      renamed(entry, names),
    ]),
  );
}
