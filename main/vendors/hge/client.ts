/** HGE: place, confirm, label. */
import type { HttpRequest } from '../../ports.ts';
import type { JobCall, ReconcileOutcome, SendOutcome } from '../../domain/job.ts';
import type { Artwork, ConfirmResult, FetchLabelResult } from '../../domain/shipping.ts';
import { joinAddress, resolveBase } from '../kit/address.ts';
import { inFlightOf } from '../kit/outside.ts';
import { createVendor, type KitOperation } from '../kit/create-vendor.ts';
import { createExchange } from '../kit/exchange.ts';
import { resultOrThrow, type Outcome } from '../kit/outcome.ts';
import { createTokenCache, fixedToken, type FetchedToken, type TokenCache } from '../kit/tokens.ts';
import type { SigningMoment, Vendor, VendorPorts } from '../kit/vendor.ts';
import { numberNamed, textNamed, valuesNamed } from './find.ts';
import { artworkType, findLabel, readLabelBytes, type LabelFound } from './label.ts';
import { documentedBasePath, manifestWith } from './manifest.ts';
import { isOther, orderBody, parseEnvelope, parsePlaced, parseQueried, type QueriedOrder } from './map.ts';
import type { Settings } from './settings.ts';
import { authHeaders } from './sign.ts';

/** A label in PDF is some hundred kilobytes; base64 adds a third. */
const maxLabelBytes = 16 * 1024 * 1024;
const maxAnswerBytes = 1024 * 1024;

/** A label answer that needs another question: its bytes are behind an address, or it names no waybill. */
interface UnfinishedLabel {
  readonly waybill: string | null;
  readonly label: Extract<LabelFound, { kind: 'artwork' | 'address' }>;
}

export function createHge(settings: Settings, ports: VendorPorts): Vendor {
  const base = resolveBase(settings.baseUrl, documentedBasePath);
  const { paths, fields } = settings.assumed;
  const manifest = manifestWith(paths, inFlightOf(settings));
  const secrets = [settings.apiSecret, settings.token].filter((secret) => secret !== undefined);

  const post = (path: string, body: object, at: SigningMoment, limit = maxAnswerBytes): HttpRequest => {
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    return {
      method: 'POST',
      url: joinAddress(base, path),
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...authHeaders(settings, bytes, at),
      },
      body: bytes,
      timeoutMs: settings.timeoutMs,
      maxAnswerBytes: limit,
    };
  };

  const tokens = settings.auth === 'bearer' ? tokensFor(settings, ports, post) : null;
  const exchange = createExchange({ vendor: manifest.id, ports, tokens, secrets });

  /** Orders are named by our own number in every call: it is known before the vendor's. */
  const byReference = (reference: string): object => ({
    num_type: settings.assumed.customerNumberType,
    num: reference,
  });

  const query = (reference: string): Promise<Outcome<QueriedOrder>> =>
    exchange.run({
      name: 'queryOrder',
      question: true,
      build: (at) => post('query_order/', byReference(reference), at),
      parse: (answer) => parseQueried(answer, reference, settings),
    });

  const placeOrder: KitOperation = {
    build(call, at) {
      const body = orderBody(call.facts, settings, at.vendorNow);
      return 'refused' in body ? body : post('order_create/', body, at);
    },
    parse: (call, answer) => parsePlaced(answer, call.facts, settings),
    async reconcile(call) {
      const found = await query(call.facts.reference);
      if (found.kind !== 'done') return unsure(found);
      return found.result.kind === 'absent' ? { kind: 'not-found' } : { kind: 'found', result: found.result.placed };
    },
  };

  const confirm: KitOperation = {
    build: (call, at) => post(paths.confirm, byReference(call.facts.reference), at),
    parse(call, answer) {
      const outcome = parseEnvelope(answer);
      if (outcome.kind !== 'done') return outcome;
      if (isOther(outcome.result, call, settings)) {
        return { kind: 'unknown', code: 'other-order', message: 'the answer is about another order' };
      }
      const result: ConfirmResult = { waybill: numberNamed(outcome.result, fields.waybill) ?? placedWaybill(call) };
      return { kind: 'done', result };
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
  };

  const fetchLabel: KitOperation = {
    build: (call, at) => post(paths.label, byReference(call.facts.reference), at, maxLabelBytes),
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

  /** A label behind an address: on the vendor's own host only, under the same limits, redirects not followed. */
  const download = async (url: string): Promise<Outcome<Artwork>> => {
    if (!URL.canParse(url) || new URL(url).origin !== new URL(base).origin) {
      return unreadable('the label is at an address outside the vendor');
    }
    return exchange.run<Artwork>({
      name: 'downloadLabel',
      question: true,
      build: (at) => ({
        method: 'GET',
        url,
        headers: authHeaders(settings, new Uint8Array(), at),
        body: null,
        timeoutMs: settings.timeoutMs,
        maxAnswerBytes: maxLabelBytes,
      }),
      parse(answer) {
        const label = readLabelBytes(answer.body);
        if (label.kind === 'artwork') return { kind: 'done', result: label.artwork };
        return unreadable(label.kind === 'unreadable' ? label.reason : 'no label');
      },
    });
  };

  return createVendor({
    manifest,
    exchange,
    secrets,
    operations: { placeOrder, confirm, fetchLabel },
    questions: {},
    signedText: (request) =>
      settings.auth === 'bearer'
        ? 'nothing is signed: bearer token'
        : `${settings.apiKey ?? ''}‹apiSecret›${request.headers['timestamp'] ?? ''}${new TextDecoder().decode(request.body ?? new Uint8Array())}`,
    async check() {
      // Asks for an order that cannot exist; whatever the answer about it, the call got through.
      const outcome = await query('PACKBENCH-CHECK');
      if (outcome.kind === 'rejected' || (outcome.kind === 'unknown' && outcome.code === 'no-order-number')) return;
      resultOrThrow(outcome);
    },
  });
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

function unsure(outcome: Exclude<Outcome<never>, { kind: 'done' }>): ReconcileOutcome {
  return { kind: 'unsure', code: outcome.code, message: outcome.message };
}

/** A token from the profile, or one fetched from the assumed token interface. */
function tokensFor(
  settings: Settings,
  ports: VendorPorts,
  post: (path: string, body: object, at: SigningMoment) => HttpRequest,
): TokenCache {
  if (settings.token !== undefined) return fixedToken(settings.token);
  const secrets = [settings.apiSecret ?? ''];
  const exchange = createExchange({ vendor: 'hge', ports, tokens: null, secrets });
  const { paths, fields } = settings.assumed;
  return createTokenCache(ports.clock, () =>
    exchange.run<FetchedToken>({
      name: 'token',
      question: true,
      build: (at) =>
        post(paths.token, { api_key: settings.apiKey, api_secret: settings.apiSecret }, { ...at, token: null }),
      parse(answer) {
        const outcome = parseEnvelope(answer);
        if (outcome.kind !== 'done') return outcome;
        const data = outcome.result;
        const token = typeof data === 'string' ? data : textNamed(data, fields.token);
        if (token === null || !/^[\u0021-\u007e]{1,8192}$/.test(token)) {
          return { kind: 'unknown', code: 'no-token', message: 'the token answer holds no token' };
        }
        const life = Number(valuesNamed(data, fields.tokenLife)[0]);
        // Seconds; a value that is rather an instant than a life is not used.
        const lifeMs = Number.isFinite(life) && life > 0 && life <= 31 * 86_400 ? life * 1_000 : null;
        return { kind: 'done', result: { token, lifeMs } };
      },
    }),
  );
}
