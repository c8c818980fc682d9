/** 鸿讯: reports of parcels, routes, signatures and proof pictures, and every other interface by name. */
import type { SendOutcome } from '../../domain/job.ts';
import { joinAddress, resolveBase } from '../kit/address.ts';
import { createVendor } from '../kit/create-vendor.ts';
import { createExchange } from '../kit/exchange.ts';
import { jobOverCall } from '../kit/named-calls.ts';
import { resultOrThrow } from '../kit/outcome.ts';
import { inFlightOf } from '../kit/outside.ts';
import { VendorError, type Vendor, type VendorPorts } from '../kit/vendor.ts';
import { hongxunCalls, maxAnswerBytes, postHeaders } from './calls.ts';
import { parseKeepingNumbers } from './canonical.ts';
import { manifestWith } from './manifest.ts';
import { carrierSignImagesOf, reportOf, routeOf, signImagesOf, type Accepted } from './map.ts';
import type { Settings } from './settings.ts';
import { openOwnEnvelope, sealEnvelope } from './sign.ts';

export function createHongxun(settings: Settings, ports: VendorPorts): Vendor {
  const manifest = manifestWith({ ...settings, inFlightMs: inFlightOf(settings) });
  const secrets = [settings.sk];
  const exchange = createExchange({ vendor: manifest.id, ports, tokens: null, secrets });
  const base = resolveBase(settings.baseUrl, '');
  const calls = hongxunCalls(settings, base);

  const accepted = (_call: unknown, { message }: Accepted): SendOutcome => ({
    kind: 'done',
    result: { confirmation: message === '' ? 'accepted' : message.slice(0, 300) },
  });

  return createVendor({
    manifest,
    exchange,
    secrets,
    operations: {
      reportParcel: jobOverCall('reportParcel', calls.reportParcel, {
        params: (call) => reportOf(call, settings),
        result: accepted,
      }),
      pushRoute: jobOverCall('pushRoute', calls.pushRoute, {
        params: (call) => routeOf(call, 'route', settings),
        result: accepted,
      }),
      pushSignInfo: jobOverCall('pushSignInfo', calls.pushSignInfo, {
        params: (call) => routeOf(call, 'sign', settings),
        result: accepted,
      }),
      pushSignImages:
        settings.signImagesVia === 'carrier'
          ? jobOverCall('pushCarrierSignImages', calls.pushCarrierSignImages, {
              params: carrierSignImagesOf,
              result: accepted,
            })
          : jobOverCall('pushSignImages', calls.pushSignImages, {
              params: (call) => signImagesOf(call, settings),
              result: accepted,
            }),
    },
    questions: {},
    calls,
    ids: ports.ids,
    // `body` is the JSON text of a request; what is signed is that request as the vendor reads it.
    signed: (path, body, at) => ({
      method: 'POST',
      url: joinAddress(base, path),
      headers: postHeaders,
      body: sealEnvelope(readRequest(body), at.vendorNow, settings, settings),
      timeoutMs: settings.timeoutMs,
      maxAnswerBytes,
    }),
    signedText(request) {
      const parts = openOwnEnvelope(request.body ?? new Uint8Array());
      if (parts === null) return 'nothing is signed: this interface carries no sign';
      return [parts.createBy, parts.dataSource, parts.requestText, '‹sk›', parts.timestamp].join('&');
    },
    signatureOf: (request) => openOwnEnvelope(request.body ?? new Uint8Array())?.sign ?? null,
    async check() {
      // An order that cannot exist: a signed question without an effect. That it is not found is an answer.
      const outcome = await exchange.run<unknown>({
        name: 'queryRoute',
        question: true,
        build: (at) => calls.queryRoute.build({ customerNumber: 'PACKBENCH-CHECK' }, at, ports.ids.next()),
        parse: (answer) => calls.queryRoute.parse({ customerNumber: 'PACKBENCH-CHECK' }, answer),
      });
      if (outcome.kind !== 'rejected' || outcome.code.startsWith('http-')) resultOrThrow(outcome);
    },
  });
}

/** Throws VendorError with one line if the text is no JSON. */
function readRequest(body: Uint8Array): unknown {
  try {
    return parseKeepingNumbers(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new VendorError('not-sent', 'params', 'request: must be JSON text in UTF-8');
  }
}
