/** AsiaBill: upload tracking numbers, and ask for them. */
import type { HttpRequest } from '../../ports.ts';
import { joinAddress, resolveBase } from '../kit/address.ts';
import { inFlightOf } from '../kit/outside.ts';
import { createVendor, type KitOperation } from '../kit/create-vendor.ts';
import { createExchange } from '../kit/exchange.ts';
import { refuse } from '../kit/limits.ts';
import { resultOrThrow } from '../kit/outcome.ts';
import type { BuildRefusal, SigningMoment, Vendor, VendorPorts } from '../kit/vendor.ts';
import { documentedBasePath, logisticsPath, manifestWith } from './manifest.ts';
import { judgeTracked, parseTracked, parseUploaded, uploadBody, waybillOf } from './map.ts';
import type { Settings } from './settings.ts';
import { signInfo } from './sign.ts';

const maxAnswerBytes = 1024 * 1024;

export function createAsiabill(settings: Settings, ports: VendorPorts): Vendor {
  const address = joinAddress(resolveBase(settings.baseUrl, documentedBasePath), logisticsPath);
  const manifest = manifestWith(inFlightOf(settings));
  const secrets = [settings.signKey];
  const exchange = createExchange({ vendor: manifest.id, ports, tokens: null, secrets });

  const headersFor = (content: Uint8Array, at: SigningMoment, requestId: string): Record<string, string> => {
    const requestTime = String(Math.floor(at.vendorNow));
    const { gatewayNo, signKey, hexCase } = settings;
    return {
      accept: 'application/json',
      'gateway-no': gatewayNo,
      'request-id': requestId,
      'request-time': requestTime,
      'sign-info': signInfo({ gatewayNo, requestId, requestTime }, content, signKey, hexCase),
    };
  };

  const buildQuery = (tradeNos: string, at: SigningMoment, requestId: string): HttpRequest | BuildRefusal => {
    // Document: tradeNos is string(255); several numbers are separated by commas.
    if (tradeNos.length < 1 || tradeNos.length > 255) return refuse('field-too-long', 'tradeNos: 1 to 255 characters');
    return {
      method: 'GET',
      url: `${address}/${encodeURIComponent(tradeNos)}`,
      headers: headersFor(new TextEncoder().encode(tradeNos), at, requestId),
      body: null,
      timeoutMs: settings.timeoutMs,
      maxAnswerBytes,
    };
  };

  const confirmed = rememberTrades();

  const query = (tradeNos: string) =>
    exchange.run({
      name: 'queryTracking',
      question: true,
      build: (at) => buildQuery(tradeNos, at, ports.ids.next()),
      parse: parseTracked,
    });

  const uploadTracking: KitOperation = {
    build(call, at) {
      const fields = uploadBody(call, settings);
      if ('refused' in fields) return fields as BuildRefusal;
      const body = new TextEncoder().encode(JSON.stringify(fields));
      return {
        method: 'POST',
        url: address,
        headers: { 'content-type': 'application/json;charset=UTF-8', ...headersFor(body, at, call.requestId) },
        body,
        timeoutMs: settings.timeoutMs,
        maxAnswerBytes,
      };
    },
    parse(call, answer) {
      const outcome = parseUploaded(answer);
      if (outcome.kind !== 'done') return outcome;
      const { confirmation, tradeNo } = outcome.result;
      const { orderNumber } = call.facts;
      const known = settings.orderNumberIs === 'tradeNo' ? tradeNo : confirmed.orderOf(tradeNo);
      // A late answer to another call looks like success; the trade number is all that tells them apart.
      if (tradeNo !== null && known !== null && known !== orderNumber) {
        return { kind: 'unknown', code: 'other-order', message: 'the answer is about another order' };
      }
      confirmed.note(tradeNo, orderNumber);
      return { kind: 'done', result: { confirmation } };
    },
    async reconcile(call) {
      const waybill = waybillOf(call);
      // The query takes trade numbers only; with an order number of the merchant there is nothing to ask by.
      if (settings.orderNumberIs !== 'tradeNo' || waybill === null) {
        return { kind: 'unsure', code: 'no-trade-number', message: 'AsiaBill can only be asked by trade number' };
      }
      const tradeNo = call.facts.orderNumber;
      const outcome = await query(tradeNo);
      if (outcome.kind !== 'done') return { kind: 'unsure', code: outcome.code, message: outcome.message };
      return judgeTracked(outcome.result, tradeNo, waybill);
    },
  };

  return createVendor({
    manifest,
    exchange,
    secrets,
    operations: { uploadTracking },
    questions: { queryTracking: (at, requestId) => buildQuery('2021092810011380477264', at, requestId) },
    signedText(request) {
      const head = ['gateway-no', 'request-id', 'request-time'].map((name) => request.headers[name] ?? '').join('');
      const content =
        request.body === null
          ? decodeURIComponent(request.url.split('/').at(-1) ?? '')
          : new TextDecoder().decode(request.body);
      return `${head}.${content}`;
    },
    async check() {
      // A trade number that cannot exist: a signed question without an effect.
      const outcome = await query('0');
      resultOrThrow(outcome);
    },
  });
}

/** Which of our orders each trade number was confirmed for, newest few thousand. A trade number never changes hands. */
function rememberTrades(): {
  orderOf(tradeNo: string | null): string | null;
  note(tradeNo: string | null, orderNumber: string): void;
} {
  const limit = 4_096;
  const orders = new Map<string, string>();
  return {
    orderOf: (tradeNo) => (tradeNo === null ? null : (orders.get(tradeNo) ?? null)),
    note(tradeNo, orderNumber) {
      if (tradeNo === null) return;
      orders.set(tradeNo, orderNumber);
      const oldest = orders.keys().next();
      if (orders.size > limit && !oldest.done) orders.delete(oldest.value);
    },
  };
}
