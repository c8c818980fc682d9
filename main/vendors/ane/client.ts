/** ANE: place an order, cancel it, ask where a parcel is. */
import type { HttpRequest } from '../../ports.ts';
import type { PlaceOrderResult, TrackingAnswer, TrackingEvent, TrackingQuestion } from '../../domain/shipping.ts';
import { joinAddress, resolveBase } from '../kit/address.ts';
import { createVendor } from '../kit/create-vendor.ts';
import { createExchange } from '../kit/exchange.ts';
import { refuse } from '../kit/limits.ts';
import { callByName, jobOverCall, namedCall } from '../kit/named-calls.ts';
import { resultOrThrow, type Outcome } from '../kit/outcome.ts';
import { inFlightOf } from '../kit/outside.ts';
import { parseShanghai } from '../kit/time.ts';
import type { SigningMoment, Vendor, VendorPorts } from '../kit/vendor.ts';
import { isOtherWaybill, parseEnvelope, readPlaced, readTrace } from './answers.ts';
import { traceHosts } from './assumed.ts';
import { codesWith } from './errors.ts';
import { manifestWith, publicBasePath } from './manifest.ts';
import { orderFor, orderNoOf, ownLabelOf } from './map.ts';
import { cancelParams, orderParams, traceParams, waybillParams } from './params.ts';
import { sampleOrder } from './sample.ts';
import type { Settings } from './settings.ts';
import { aneDigest } from './sign.ts';

const maxAnswerBytes = 1024 * 1024;
/** Asked one waybill at a time: no source says that the trace query takes several. */
const trackAtOnce = 1;

export function createAne(settings: Settings, ports: VendorPorts): Vendor {
  const base = resolveBase(settings.baseUrl, publicBasePath);
  const { paths, code, appSecret } = settings;
  const { fields, traceParameter } = settings.assumed;
  const codes = codesWith(settings.codes);
  const manifest = manifestWith(paths, inFlightOf(settings));
  const secrets = [appSecret];
  const exchange = createExchange({ vendor: manifest.id, ports, tokens: null, secrets });

  /** The four parameters of the document. `params` is sent as exactly the text that was hashed. */
  const signed = (url: string, params: string, at: SigningMoment): HttpRequest => {
    const body = {
      code,
      timestamp: String(Math.floor(at.vendorNow)),
      params,
      digest: aneDigest(params, code, appSecret),
    };
    const form = settings.encoding === 'form';
    return {
      method: 'POST',
      url,
      headers: {
        'content-type': form ? 'application/x-www-form-urlencoded;charset=UTF-8' : 'application/json;charset=UTF-8',
        accept: 'application/json',
      },
      // Form values are URL-encoded: a bare `+` or `&` in an address, or the `=` of the digest, would not arrive.
      body: new TextEncoder().encode(form ? new URLSearchParams(body).toString() : JSON.stringify(body)),
      timeoutMs: settings.timeoutMs,
      maxAnswerBytes,
    };
  };
  const post = (path: string, params: object, at: SigningMoment): HttpRequest =>
    signed(joinAddress(base, path), JSON.stringify(params), at);

  const placeOrder = namedCall({
    params: orderParams,
    sample: sampleOrder(code),
    question: false,
    build: (params, at) => post(paths.placeOrder, params, at),
    parse(params, answer): Outcome<PlaceOrderResult> {
      const outcome = parseEnvelope(answer, codes);
      return outcome.kind === 'done' ? readPlaced(outcome.result, params.orderNo, fields) : outcome;
    },
  });

  const createWaybill = namedCall({
    params: waybillParams,
    sample: sampleWaybill(code),
    question: false,
    build: (params, at) => post(paths.createWaybill, params, at),
    parse(params, answer): Outcome<PlaceOrderResult> {
      const outcome = parseEnvelope(answer, codes);
      return outcome.kind === 'done' ? readPlaced(outcome.result, params.orderNo, fields) : outcome;
    },
  });

  const cancel = namedCall({
    params: cancelParams,
    sample: { orderNo: `${code}20160905120000`, ewbNo: '300012345678' },
    question: false,
    build: (params, at) => post(paths.cancel, params, at),
    parse(params, answer): Outcome<{ confirmation: string }> {
      const outcome = parseEnvelope(answer, codes);
      if (outcome.kind !== 'done') return outcome;
      const about = readPlaced(outcome.result, params.orderNo, fields);
      if (about.kind !== 'done') return about;
      return { kind: 'done', result: { confirmation: outcome.result.words } };
    },
  });

  const traceBase = settings.traceBaseUrl ?? traceHosts[new URL(settings.baseUrl).hostname] ?? new URL(base).origin;
  const queryTracking = namedCall({
    params: traceParams,
    sample: { waybill: '300012345678' },
    question: true,
    build: (params, at) =>
      signed(
        joinAddress(resolveBase(traceBase, ''), paths.queryTracking),
        JSON.stringify({ [traceParameter]: params.waybill }),
        at,
      ),
    parse(params, answer): Outcome<readonly TrackingEvent[]> {
      const outcome = parseEnvelope(answer, codes);
      if (outcome.kind !== 'done') return outcome;
      if (isOtherWaybill(outcome.result.info, params.waybill, fields)) {
        return { kind: 'unknown', code: 'other-waybill', message: 'the answer is about another waybill' };
      }
      return { kind: 'done', result: readTrace(outcome.result.info, fields, parseShanghai) };
    },
  });

  const ask = async (waybill: string): Promise<readonly TrackingEvent[]> => {
    const call = { name: 'queryTracking', named: queryTracking, params: { waybill } };
    return resultOrThrow(await callByName(exchange, ports.ids, call)) as readonly TrackingEvent[];
  };

  return createVendor({
    manifest,
    exchange,
    secrets,
    operations: {
      placeOrder: jobOverCall('placeOrder', placeOrder, {
        params: (call) => orderFor(call.facts, settings),
        result: (_call, result) => ({ kind: 'done', result }),
      }),
      cancel: jobOverCall('cancel', cancel, {
        params(call) {
          const placed = call.earlier.placeOrder;
          if (placed === undefined) return refuse('order-missing', 'the parcel has no order to cancel');
          return {
            orderNo: orderNoOf(call.facts, settings),
            ...(placed.waybill === null ? {} : { ewbNo: placed.waybill }),
          };
        },
        result: (_call, result) => ({ kind: 'done', result }),
      }),
    },
    questions: {},
    calls: { placeOrder, cancel, queryTracking, createWaybill },
    ids: ports.ids,
    // Any text as `params`, to any path: for vectors.
    signed: (path, body, at) => signed(joinAddress(base, path), new TextDecoder().decode(body), at),
    signedText: (request) => `${sentFields(request)['params'] ?? ''}${code}‹appSecret›`,
    signatureOf: (request) => sentFields(request)['digest'] ?? null,
    track: {
      atOnce: trackAtOnce,
      async ask(questions) {
        const answers: TrackingAnswer[] = [];
        for (const question of questions) answers.push(answerTo(question, await ask(question.waybill)));
        return answers;
      },
    },
    ownLabel: (facts) => ownLabelOf(facts, settings),
    async check() {
      // A waybill that cannot exist: a signed question without an effect. A business refusal answers it as well.
      const call = { name: 'queryTracking', named: queryTracking, params: { waybill: '000000000000' } };
      const outcome = await callByName(exchange, ports.ids, call);
      if (outcome.kind !== 'rejected' || outcome.code.startsWith('http-')) resultOrThrow(outcome);
    },
  });
}

function answerTo(question: TrackingQuestion, events: readonly TrackingEvent[]): TrackingAnswer {
  const last = events.at(-1);
  return {
    parcelId: question.parcelId,
    status: last?.status ?? 'not-found',
    vendorStatus: last?.vendorStatus ?? '',
    events,
  };
}

/** The four parameters of a request that was built. */
function sentFields(request: HttpRequest): Readonly<Record<string, string>> {
  const text = new TextDecoder().decode(request.body ?? new Uint8Array());
  if (request.headers['content-type']?.startsWith('application/json') === true) {
    return JSON.parse(text) as Record<string, string>;
  }
  return Object.fromEntries(new URLSearchParams(text));
}

/** Made up from the public names and limits: public client code shows no sample. */
const sampleWaybill = (code: string) => ({
  orderNo: `${code}20160905120000`.slice(0, 30),
  productTypeId: 24,
  goodsType: 180,
  weight: 1.25,
  volume: 0.01,
  pieceAmount: 1,
  cargoName: '商品',
  packType: '纸箱',
  payType: 104,
  sendMan: '测试1',
  sendPhone: '00000000',
  sendProvinceName: '上海市',
  sendCityName: '上海市',
  sendCountyName: '青浦区',
  detailAddress: '安能物流',
  receiveMan: '测试2',
  receivePhone: '11111111',
  toProvinceName: '浙江省',
  toCityName: '杭州市',
  toCountyName: '萧山区',
  toAddress: '安能物流',
});
