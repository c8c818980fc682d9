/** AsiaBill: upload tracking numbers, and ask for them. */
import type { z } from 'zod';
import type { SendOutcome } from '../../domain/job.ts';
import type { TrackingAnswer, TrackingQuestion } from '../../domain/shipping.ts';
import { inFlightOf } from '../kit/outside.ts';
import { createVendor, type KitOperation } from '../kit/create-vendor.ts';
import { createExchange } from '../kit/exchange.ts';
import { callByName, jobOverCall } from '../kit/named-calls.ts';
import { resultOrThrow, type Outcome } from '../kit/outcome.ts';
import type { BuildRefusal, Vendor, VendorPorts } from '../kit/vendor.ts';
import { createCalls, signerFor, type uploadParams } from './calls.ts';
import { manifestWith } from './manifest.ts';
import { hasAnother, judgeTracked, uploadBody, waybillOf, type Tracked } from './map.ts';
import type { Settings } from './settings.ts';
import { answerFrom, inCalls } from './tracking.ts';

/** Trade numbers have 22 digits; eleven of them and their commas are 252 of 255 characters. */
const tradeNosAtOnce = 11;

export function createAsiabill(settings: Settings, ports: VendorPorts): Vendor {
  const manifest = manifestWith(inFlightOf(settings));
  const secrets = [settings.signKey];
  const exchange = createExchange({ vendor: manifest.id, ports, tokens: null, secrets });
  const sign = signerFor(settings);
  const calls = createCalls(sign);

  const confirmed = rememberTrades();

  const query = (tradeNos: readonly string[]) =>
    callByName(exchange, ports.ids, {
      name: 'queryTracking',
      named: calls.queryTracking,
      params: { tradeNos: [...tradeNos] },
    }) as Promise<Outcome<readonly Tracked[]>>;

  const uploadTracking: KitOperation = jobOverCall('uploadTracking', calls.uploadTracking, {
    params: (call) => uploadBody(call, settings) as z.input<typeof uploadParams> | BuildRefusal,
    result(call, { confirmation, tradeNo }) {
      const { orderNumber } = call.facts;
      const known = settings.orderNumberIs === 'tradeNo' ? tradeNo : confirmed.orderOf(tradeNo);
      // A late answer to another call looks like success; the trade number is all that tells them apart.
      if (tradeNo !== null && known !== null && known !== orderNumber) {
        return { kind: 'unknown', code: 'other-order', message: 'the answer is about another order' };
      }
      return { kind: 'done', result: { confirmation, tradeNo } };
    },
    async follow(call, { result }) {
      const { confirmation, tradeNo } = result as { readonly confirmation: string; readonly tradeNo: string | null };
      const { orderNumber } = call.facts;
      const done: SendOutcome = { kind: 'done', result: { confirmation } };
      if (tradeNo === null || settings.orderNumberIs === 'tradeNo') return done;
      // A trade number heard for the first time proves nothing: the answer may be another call's, late. The vendor's own
      // query says whose it is. Only a contradiction counts: the query may lag behind, and the upload was acknowledged.
      if (confirmed.orderOf(tradeNo) === null) {
        const asked = await query([tradeNo]);
        if (asked.kind === 'done' && hasAnother(asked.result, tradeNo, waybillOf(call))) {
          return { kind: 'unknown', code: 'other-order', message: 'the answer is about another order' };
        }
      }
      confirmed.note(tradeNo, orderNumber);
      return done;
    },
    async reconcile(call) {
      const waybill = waybillOf(call);
      // The query takes trade numbers only; with an order number of the merchant there is nothing to ask by.
      if (settings.orderNumberIs !== 'tradeNo' || waybill === null) {
        return { kind: 'unsure', code: 'cannot-ask', message: 'AsiaBill can only be asked by trade number' };
      }
      const tradeNo = call.facts.orderNumber;
      const outcome = await query([tradeNo]);
      if (outcome.kind !== 'done') return { kind: 'unsure', code: outcome.code, message: outcome.message };
      return judgeTracked(outcome.result, tradeNo, waybill);
    },
  });

  const track = async (questions: readonly TrackingQuestion[]): Promise<readonly TrackingAnswer[]> => {
    const answers: TrackingAnswer[] = [];
    for (const group of inCalls(questions)) {
      const rows = resultOrThrow(await query([...new Set(group.map((question) => question.orderNumber))]));
      answers.push(...group.map((question) => answerFrom(question, rows)));
    }
    return answers;
  };

  return createVendor({
    manifest,
    exchange,
    secrets,
    operations: { uploadTracking },
    questions: {},
    calls: { ...calls },
    ids: ports.ids,
    // The query takes trade numbers only; with order numbers of the merchant there is nothing to ask by.
    ...(settings.orderNumberIs === 'tradeNo' ? { track: { atOnce: tradeNosAtOnce, ask: track } } : {}),
    signed(_path, body, at, requestId) {
      const request = sign({ body }, at, requestId);
      if ('refused' in request) throw new Error(request.message);
      return request;
    },
    signatureOf: (request) => request.headers['sign-info'] ?? null,
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
      const outcome = await query(['0']);
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
