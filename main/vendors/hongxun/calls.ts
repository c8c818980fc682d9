/** Every interface of 鸿讯 as a call by name. */
import type { z } from 'zod';
import type { HttpRequest } from '../../ports.ts';
import { joinAddress } from '../kit/address.ts';
import { refuse } from '../kit/limits.ts';
import { namedCall, type TypedCall } from '../kit/named-calls.ts';
import { shanghaiText } from '../kit/time.ts';
import type { BuildRefusal, SigningMoment } from '../kit/vendor.ts';
import { CanonicalError, canonicalText } from './canonical.ts';
import { parseAnswer, type Accepted } from './map.ts';
import { operationRows, type HongxunOperation } from './operations.ts';
import * as requests from './requests.ts';
import { samples } from './samples.ts';
import type { Settings } from './settings.ts';
import { sealEnvelope } from './sign.ts';

export const maxAnswerBytes = 8 * 1024 * 1024;
export const postHeaders = { 'content-type': 'application/json', accept: 'application/json' } as const;
/** Proof pictures make the largest requests. */
const maxRequestBytes = 8 * 1024 * 1024;

const schemas = {
  reportParcel: requests.parcelReport,
  pushRoute: requests.routes,
  pushSignInfo: requests.routes,
  pushSignImages: requests.signImages,
  pushCarrierSignImages: requests.carrierSignImages,
  createInboundOrder: requests.inboundOrder,
  createOutboundOrder: requests.outboundOrder,
  createOwnershipOrder: requests.anyRequest,
  createTransportOrder: requests.anyRequest,
  cancelOrder: requests.cancelOrder,
  pushLpn: requests.lpn,
  queryStock: requests.stockQuery,
  queryOutboundResult: requests.outboundResultQuery,
  queryRoute: requests.routeQuery,
  queryVehicleStock: requests.vehicleStockQuery,
  sendSerialCodes: requests.serialCodes,
  syncProductSizes: requests.productSizes,
  queryInboundResult: requests.anyRequest,
  syncProducts: requests.anyRequest,
  syncWarehouses: requests.anyRequest,
  syncReceivers: requests.anyRequest,
  confirmInbound: requests.anyRequest,
  confirmInboundStatus: requests.anyRequest,
  confirmOutbound: requests.anyRequest,
  confirmOutboundStatus: requests.outboundStatus,
  confirmOwnership: requests.anyRequest,
  confirmTransport: requests.anyRequest,
  pushCustomerRoute: requests.anyRequest,
  pushCustomerSignInfo: requests.signInfo,
  confirmVehicle: requests.vehicleCheck,
  pushCancelResult: requests.cancelResult,
} as const satisfies Record<HongxunOperation, z.ZodType>;

export type HongxunCalls = { readonly [N in HongxunOperation]: TypedCall<(typeof schemas)[N], Accepted> };

/** `base` is the resolved base address. */
export function hongxunCalls(settings: Settings, base: string): HongxunCalls {
  const post = (
    name: HongxunOperation,
    bytes: (vendorNow: number) => Uint8Array | BuildRefusal,
    at: SigningMoment,
  ): HttpRequest | BuildRefusal => {
    const path = settings.paths[name] ?? operationRows[name].path;
    // Without a path of the profile the receiver's address is the base address itself, as in the vendor document.
    const url = path === '{path}' || path === '' ? base : joinAddress(base, path);
    let body: Uint8Array | BuildRefusal;
    try {
      body = bytes(at.vendorNow);
    } catch (error) {
      if (error instanceof CanonicalError) return refuse('field-illegal', error.message);
      throw error;
    }
    if ('refused' in body) return body;
    if (body.byteLength > maxRequestBytes) {
      return refuse('too-large', `${name}: ${body.byteLength} bytes, at most ${maxRequestBytes} are sent at once`);
    }
    return {
      method: 'POST',
      url,
      headers: postHeaders,
      body,
      timeoutMs: settings.timeoutMs,
      maxAnswerBytes,
    };
  };

  const signed = <N extends HongxunOperation>(name: N): HongxunCalls[N] =>
    namedCall({
      params: schemas[name],
      sample: samples[name],
      question: operationRows[name].question,
      build: (request, at) => post(name, (vendorNow) => sealEnvelope(request, vendorNow, settings, settings), at),
      parse: (_request, answer) => parseAnswer(answer),
    }) as HongxunCalls[N];

  /** DWS包裹信息接口: `{warehouseCode, timestamp, request}`, no sign, no createBy. */
  const reportParcel = namedCall({
    params: schemas.reportParcel,
    sample: samples.reportParcel,
    question: false,
    build: (request, at) =>
      post(
        'reportParcel',
        (vendorNow) => {
          const { warehouseCode } = settings;
          if (warehouseCode === undefined) {
            return refuse('field-missing', 'warehouseCode: set vendors.hongxun.warehouseCode');
          }
          const head = JSON.stringify({ warehouseCode, timestamp: shanghaiText(vendorNow) });
          const requestText = canonicalText(request, settings.nulls);
          return new TextEncoder().encode(`${head.slice(0, -1)},"request":${requestText}}`);
        },
        at,
      ),
    parse: (_request, answer) => parseAnswer(answer),
  });

  const calls = Object.fromEntries(
    (Object.keys(schemas) as HongxunOperation[]).map((name) => [name, signed(name)]),
  ) as unknown as HongxunCalls;
  return { ...calls, reportParcel };
}
