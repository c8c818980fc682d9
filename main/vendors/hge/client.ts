/** HGE: the parcel's way (place, confirm, label, cancel, weight), tracking, and every interface by name. */
import type { HttpRequest } from '../../ports.ts';
import type { DeliveryProof, TrackingAnswer, TrackingQuestion } from '../../domain/shipping.ts';
import { joinAddress, resolveBase } from '../kit/address.ts';
import { inFlightOf } from '../kit/outside.ts';
import { createVendor } from '../kit/create-vendor.ts';
import { createExchange } from '../kit/exchange.ts';
import { callByName } from '../kit/named-calls.ts';
import { resultOrThrow, type Outcome } from '../kit/outcome.ts';
import type { SigningMoment, Vendor, VendorPorts } from '../kit/vendor.ts';
import { createCalls, maxAnswerBytes, tokenRequest, type Requester } from './calls.ts';
import { createDocuments } from './documents.ts';
import { createJobs } from './jobs.ts';
import { documentedBasePath, manifestWith } from './manifest.ts';
import type { QueriedOrder } from './map.ts';
import { readProof } from './proof.ts';
import type { Settings } from './settings.ts';
import { authHeaders } from './sign.ts';
import { tokensFor } from './token.ts';
import type { ReadTracking } from './tracking.ts';

export function createHge(settings: Settings, ports: VendorPorts): Vendor {
  const base = resolveBase(settings.baseUrl, documentedBasePath);
  const manifest = manifestWith(settings.assumed.paths, inFlightOf(settings));
  const secrets = [settings.apiSecret, settings.token].filter((secret) => secret !== undefined);

  const request: Requester = (method, path, body, at, limit = maxAnswerBytes) => ({
    method,
    url: joinAddress(base, path),
    headers: {
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      accept: 'application/json',
      ...authHeaders(settings, body ?? new Uint8Array(), at),
    },
    body,
    timeoutMs: settings.timeoutMs,
    maxAnswerBytes: limit,
  });

  const calls = createCalls(settings, request);
  const tokens = tokensFor(settings, ports, (at) => tokenRequest(settings, request, at));
  const exchange = createExchange({ vendor: manifest.id, ports, tokens, secrets });
  const askByName = (name: 'queryOrder' | 'track' | 'getPod', num: string): Promise<Outcome<unknown>> => {
    const params = { num_type: settings.assumed.customerNumberType, num };
    return callByName(exchange, ports.ids, { name, named: calls[name], params });
  };
  const query = (reference: string) => askByName('queryOrder', reference) as Promise<Outcome<QueriedOrder>>;

  const track = async (questions: readonly TrackingQuestion[]): Promise<readonly TrackingAnswer[]> => {
    const answers: TrackingAnswer[] = [];
    for (const { parcelId, reference } of questions) {
      const read = resultOrThrow((await askByName('track', reference)) as Outcome<ReadTracking>);
      answers.push({ parcelId, ...read });
    }
    return answers;
  };

  const proof = async ({ reference }: TrackingQuestion): Promise<DeliveryProof | null> =>
    resultOrThrow(readProof(await askByName('getPod', reference), settings.assumed.fields));

  return createVendor({
    manifest,
    handoverNeeds: {
      'scan-form': { details: settings.assumed.handoverNeeds.scanForm, flight: [] },
      manifest: { details: [], flight: settings.assumed.handoverNeeds.manifest },
    },
    exchange,
    secrets,
    operations: createJobs({ settings, calls, exchange, base, query }),
    documents: createDocuments({
      settings,
      query,
      call: (name, params, requestId) =>
        callByName(exchange, ports.ids, {
          name,
          named: calls[name],
          params,
          ...(requestId === undefined ? {} : { requestId }),
        }),
    }),
    questions: {},
    calls,
    ids: ports.ids,
    track: { atOnce: 1, ask: track },
    proof,
    signed: (path: string, body: Uint8Array, at: SigningMoment): HttpRequest => request('POST', path, body, at),
    signatureOf: (sent) => sent.headers['signature'] ?? null,
    signedText: (sent) =>
      settings.auth === 'bearer'
        ? 'nothing is signed: bearer token'
        : `${settings.apiKey ?? ''}‹apiSecret›${sent.headers['timestamp'] ?? ''}${new TextDecoder().decode(sent.body ?? new Uint8Array())}`,
    async check() {
      // Asks for an order that cannot exist; whatever the answer about it, the call got through.
      const outcome = await query('PACKBENCH-CHECK');
      if (outcome.kind === 'rejected' || (outcome.kind === 'unknown' && outcome.code === 'no-order-number')) return;
      resultOrThrow(outcome);
    },
  });
}
