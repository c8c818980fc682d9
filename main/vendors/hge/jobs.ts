/** What a parcel's jobs do at HGE, on top of the calls by name. */
import type { HttpAnswer } from '../../ports.ts';
import type { JobCall, ReconcileOutcome, SendOutcome } from '../../domain/job.ts';
import { scaleDown } from '../../domain/decimal.ts';
import type { Artwork, ConfirmResult, FetchLabelResult, OperationName } from '../../domain/shipping.ts';
import type { KitOperation } from '../kit/create-vendor.ts';
import type { Exchange } from '../kit/exchange.ts';
import { refuse } from '../kit/limits.ts';
import { checkedBuild, jobOverCall } from '../kit/named-calls.ts';
import { judgeLabelAddress, judgeRedirect, mostRedirects } from '../kit/label-address.ts';
import type { Outcome } from '../kit/outcome.ts';
import { assumedCancelledWords } from './assumed.ts';
import { maxLabelBytes, type HgeCalls } from './calls.ts';
import { numberNamed } from './find.ts';
import { artworkType, findLabel, readLabelBytes, type LabelFound } from './label.ts';
import { isOther, orderBody, parseEnvelope, type QueriedOrder } from './map.ts';
import type { newOrder } from './params.ts';
import type { Settings } from './settings.ts';
import { authHeaders } from './sign.ts';
import type { z } from 'zod';

/** A label answer that needs another question: its bytes are behind an address, or it names no waybill. */
interface UnfinishedLabel {
  readonly waybill: string | null;
  readonly label: Extract<LabelFound, { kind: 'artwork' | 'address' }>;
}

export function createJobs(parts: {
  readonly settings: Settings;
  readonly calls: HgeCalls;
  readonly exchange: Exchange;
  readonly base: string;
  readonly query: (reference: string) => Promise<Outcome<QueriedOrder>>;
}): Partial<Record<OperationName, KitOperation>> {
  const { settings, calls, exchange, base, query } = parts;
  const { fields } = settings.assumed;

  /** Orders are named by our own number in every call: it is known before the vendor's. */
  const ours = (call: JobCall) => ({ num_type: settings.assumed.customerNumberType, num: call.facts.reference });

  const placeOrder = jobOverCall('placeOrder', calls.placeOrder, {
    params(call, vendorNow) {
      const body = orderBody(call.facts, settings, vendorNow);
      return body as z.input<typeof newOrder>;
    },
    result: (_call, result) => ({ kind: 'done', result }),
    async reconcile(call) {
      const found = await query(call.facts.reference);
      if (found.kind !== 'done') return unsure(found);
      return found.result.kind === 'absent' ? { kind: 'not-found' } : { kind: 'found', result: found.result.placed };
    },
  });

  /** For answers whose only content is that it worked. */
  const about = (call: JobCall, data: unknown, result: unknown): SendOutcome =>
    isOther(data, call, settings)
      ? { kind: 'unknown', code: 'other-order', message: 'the answer is about another order' }
      : { kind: 'done', result };

  const confirm = jobOverCall('confirm', calls.confirm, {
    params: ours,
    result(call, data) {
      const result: ConfirmResult = { waybill: numberNamed(data, fields.waybill) ?? placedWaybill(call) };
      return about(call, data, result);
    },
    async reconcile(call) {
      const found = await query(call.facts.reference);
      if (found.kind !== 'done') return unsure(found);
      if (found.result.kind === 'absent') {
        return { kind: 'unsure', code: 'order-absent', message: 'the vendor does not know the order to confirm' };
      }
      const { waybill } = found.result.placed;
      // A waybill that was not there after placing can only come from the confirmation.
      const confirmed = found.result.confirmed ?? (placedWaybill(call) === null && waybill !== null ? true : null);
      const result: ConfirmResult = { waybill: waybill ?? placedWaybill(call) };
      if (confirmed === true) return { kind: 'found', result };
      if (confirmed === false || waybill === null) return { kind: 'not-found' };
      return {
        kind: 'unsure',
        code: 'status-unknown',
        message: 'the vendor does not say whether the order is confirmed',
      };
    },
  });

  const cancel = jobOverCall('cancel', calls.cancel, {
    params: ours,
    result: (call, data) => about(call, data, { confirmation: 'cancelled' }),
    async reconcile(call) {
      const found = await query(call.facts.reference);
      if (found.kind !== 'done') return unsure(found);
      if (found.result.kind === 'absent') {
        return { kind: 'unsure', code: 'order-absent', message: 'the vendor does not know the order to cancel' };
      }
      const { statusWord, confirmed } = found.result;
      if (statusWord !== null && assumedCancelledWords.includes(statusWord)) {
        return { kind: 'found', result: { confirmation: `status ${statusWord}` } };
      }
      if (confirmed !== null) return { kind: 'not-found' };
      return { kind: 'unsure', code: 'status-unknown', message: 'the vendor does not say whether it is cancelled' };
    },
  });

  const updateWeight = jobOverCall('updateWeight', calls.updateWeight, {
    params(call) {
      const { weightG, lengthMm, widthMm, heightMm } = call.facts;
      if (weightG <= 0) return refuse('weight-missing', 'the parcel has no weight');
      const size = (name: 'length' | 'width' | 'height', value: number | null) =>
        value === null ? {} : { [name]: Number(scaleDown(value, 1)) };
      return {
        ...ours(call),
        weight: Number(scaleDown(weightG, 3)),
        ...size('length', lengthMm),
        ...size('width', widthMm),
        ...size('height', heightMm),
      };
    },
    result: (call, data) => about(call, data, { confirmation: `${call.facts.weightG} g` }),
  });

  const fetchLabel: KitOperation = {
    build: (call, at) => checkedBuild('fetchLabel', calls.fetchLabel, ours(call), at, call.requestId),
    parse(call, answer) {
      // Artwork as the answer itself, without an envelope.
      const bare = artworkType(answer.body) !== null;
      const outcome: Outcome<unknown> = bare ? { kind: 'done', result: null } : parseEnvelope(answer);
      if (outcome.kind !== 'done') return outcome;
      const data = outcome.result;
      if (isOther(data, call, settings)) {
        return { kind: 'unknown', code: 'other-order', message: 'the answer is about another order' };
      }
      const label = bare ? readLabelBytes(answer.body) : findLabel(data, fields.label);
      if (label.kind === 'unreadable') return unreadable(label.reason);
      if (label.kind === 'none')
        return { kind: 'transient', code: 'label-pending', message: 'the vendor has no label yet' };
      const waybill = numberNamed(data, fields.waybill) ?? call.earlier.confirm?.waybill ?? placedWaybill(call);
      if (label.kind === 'artwork' && waybill !== null) return labelled(waybill, label.artwork);
      const unfinished: UnfinishedLabel = { waybill, label };
      return { kind: 'done', result: unfinished };
    },
    async follow(call, done) {
      const unfinished = done.result as FetchLabelResult | UnfinishedLabel;
      if ('artwork' in unfinished) return done;
      const { label } = unfinished;
      const artwork =
        label.kind === 'artwork' ? ({ kind: 'done', result: label.artwork } as const) : await download(label.url);
      if (artwork.kind !== 'done') return artwork;
      if (unfinished.waybill !== null) return labelled(unfinished.waybill, artwork.result);
      const found = await query(call.facts.reference);
      if (found.kind !== 'done') return found;
      const waybill = found.result.kind === 'present' ? found.result.placed.waybill : null;
      if (waybill !== null) return labelled(waybill, artwork.result);
      return { kind: 'transient', code: 'waybill-pending', message: 'the vendor has given no waybill yet' };
    },
  };

  /** A label behind an address, under the kit's rules of where labels may be; redirects on the same host only. */
  const download = async (text: string): Promise<Outcome<Artwork>> => {
    let address = judgeLabelAddress(text, base);
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
      if (address.kind === 'refused') return unreadable(address.reason);
      const { url, ownHost } = address;
      let location: string | undefined;
      let moved = false;
      const outcome = await exchange.run<Artwork>({
        name: 'downloadLabel',
        question: true,
        build: (at) => ({
          method: 'GET',
          url,
          // Our credentials are for the vendor alone.
          headers: ownHost ? authHeaders(settings, new Uint8Array(), at) : {},
          body: null,
          timeoutMs: settings.timeoutMs,
          maxAnswerBytes: maxLabelBytes,
          ...(ownHost ? {} : { publicOnly: true }),
        }),
        parse(answer: HttpAnswer) {
          moved = answer.status >= 300 && answer.status < 400;
          if (moved) {
            location = answer.headers['location'];
            return unreadable('the label has moved');
          }
          const label = readLabelBytes(answer.body);
          if (label.kind === 'artwork') return { kind: 'done', result: label.artwork };
          return unreadable(label.kind === 'unreadable' ? label.reason : 'no label');
        },
      });
      if (!moved) return outcome.kind === 'unknown' && outcome.code === 'too-large' ? tooLarge : outcome;
      address = judgeRedirect(location, url);
    }
    return unreadable(`the label’s address leads on more than ${mostRedirects} times`);
  };

  return { placeOrder, confirm, fetchLabel, cancel, updateWeight };
}

function placedWaybill(call: JobCall): string | null {
  return call.earlier.placeOrder?.waybill ?? null;
}

function labelled(waybill: string, artwork: Artwork): SendOutcome {
  const result: FetchLabelResult = { waybill, artwork };
  return { kind: 'done', result };
}

function unreadable(reason: string): Extract<SendOutcome, { kind: 'rejected' }> {
  return { kind: 'rejected', code: 'label-unreadable', message: reason };
}

/** Asking again would bring the same. */
const tooLarge = unreadable(`the label is larger than ${maxLabelBytes / 1024 / 1024} MB`);

function unsure(outcome: Exclude<Outcome<never>, { kind: 'done' }>): ReconcileOutcome {
  return { kind: 'unsure', code: outcome.code, message: outcome.message };
}
