/**
 * A strict virtual HGE V2. The vendor's pages describe two ways to prove who is calling that do not agree (signed
 * headers, bearer token); either is taken if it holds. Paths of most interfaces are in no page: these are
 * training's own, chosen to match the client's assumptions, and say nothing about the real vendor.
 */
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import {
  CreateOrder,
  hasCustomsPage,
  hgeOrderNumber,
  hgeSignature,
  keepOrder,
  KeptOrder,
  labelFacts,
  labelForm,
  LabelRequest,
  NamedOrder,
  QueryOrder,
  TokenRequest,
  waybillFor,
} from './hge-rules.ts';
import { furtherRoutes, statusOf, type HeldOrder } from './hge-further.ts';
import { openJournal } from './journal.ts';
import { makePdfLabel, makePngLabel, makeZplLabel } from './label-artwork.ts';
import { openLedger } from './ledger.ts';
import { describeRefusal } from './refusal.ts';
import {
  EffectCounter,
  isJsonType,
  jsonAnswer,
  readJson,
  sameHex,
  type Twin,
  type TwinAnswer,
  type TwinRequest,
  type TwinRoute,
} from './vendor-server.ts';

export interface HgeIdentity {
  readonly apiKey: string;
  readonly apiSecret: string;
}

export interface HgeTwin extends Twin {
  /**
   * Effects `order`, `confirm`, `cancel`, `intercept`, `weight`, … by customer_order_num, `label` by order number, `bag`,
   * `scan-form` and `manifest` by reference_num, `refused-repeat` in memory only.
   */
  readonly effects: EffectCounter;
  /**
   * False makes it a vendor that does not refuse a repeated customer_order_num: then a caller's carelessness shows as
   * a duplicate order. Default true (code 301 重复请求).
   */
  setRefusesRepeats(refuses: boolean): void;
  /** Orders in two living big bags, and in two scan forms or two manifests. */
  doubled(): { readonly bags: number; readonly documents: number };
  /** The newest order with this customer_order_num. */
  find(customerOrderNumber: string): { orderNumber: string; waybill: string | null } | undefined;
  close(): void;
}

/** Ours: the vendor states neither. */
const toleranceS = 600;
const tokenLifeS = 7_200;

const At = z.number().int();
const Entry = z.discriminatedUnion('effect', [
  z.object({ effect: z.literal('token'), at: At, serial: z.number().int() }),
  z.object({ effect: z.literal('expired'), at: At, upTo: z.number().int() }),
  z.object({ effect: z.literal('ordered'), at: At, sequence: z.number().int(), order: KeptOrder }),
  z.object({ effect: z.literal('confirmed'), at: At, orderNumber: z.string(), waybill: z.string() }),
  z.object({ effect: z.literal('labelled'), at: At, orderNumber: z.string() }),
]);
type Entry = z.infer<typeof Entry>;

/** Opens (and replays) `hge.jsonl` in `dir`. */
export function createHgeTwin(identity: HgeIdentity, dir: string): HgeTwin {
  const effects = new EffectCounter();
  const byOrderNumber = new Map<string, HeldOrder>();
  const byCustomerNumber = new Map<string, HeldOrder>();
  let sequence = 0;
  let tokenSerial = 0;
  let expiredUpTo = 0;
  let refusesRepeats = true;

  const apply = (entry: Entry): void => {
    switch (entry.effect) {
      case 'token':
        tokenSerial = entry.serial;
        break;
      case 'expired':
        expiredUpTo = entry.upTo;
        break;
      case 'ordered': {
        sequence = entry.sequence;
        const held: HeldOrder = { order: entry.order, sequence: entry.sequence, at: entry.at, waybill: null };
        byOrderNumber.set(entry.order.orderNumber, held);
        byCustomerNumber.set(entry.order.customerOrderNumber, held);
        effects.add('order', entry.order.customerOrderNumber);
        break;
      }
      case 'confirmed': {
        const held = byOrderNumber.get(entry.orderNumber);
        if (!held) break;
        held.waybill = entry.waybill;
        effects.add('confirm', held.order.customerOrderNumber);
        break;
      }
      case 'labelled':
        effects.add('label', entry.orderNumber);
    }
  };
  const journal = openJournal(join(dir, 'hge.jsonl'), Entry, apply);
  const ledger = openLedger(dir, 'hge-further.jsonl', effects);
  const commit = (entry: Entry): void => {
    journal.append(entry);
    apply(entry);
  };

  const token = (serial: number, expiresS: number): string => {
    const head = `${serial}.${expiresS}`;
    return `${head}.${createHmac('sha256', identity.apiSecret).update(head).digest('base64url')}`;
  };
  const tokenHolds = (given: string, now: number): boolean => {
    const [serial, expiresS] = given.split('.', 2).map(Number);
    if (serial === undefined || expiresS === undefined || given !== token(serial, expiresS)) return false;
    return serial > expiredUpTo && now < expiresS * 1000;
  };

  /** Why the caller is not let in, or null. */
  const gate = (request: TwinRequest): string | null => {
    const { headers } = request;
    const bearer = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
    if (bearer !== undefined && tokenHolds(bearer, request.now)) return null;
    const { signature, timestamp = '', api_key: apiKey } = headers;
    if (signature === undefined) return bearer === undefined ? 'no credentials' : 'token invalid or expired';
    if (apiKey !== identity.apiKey) return 'unknown api_key';
    if (!/^\d{10}$/.test(timestamp)) return 'timestamp must be seconds';
    if (!sameHex(signature, hgeSignature(identity.apiKey, identity.apiSecret, timestamp, request.body))) {
      return 'signature does not match';
    }
    if (Math.abs(request.now / 1000 - Number(timestamp)) > toleranceS) return 'timestamp out of range';
    return null;
  };

  const done = (data: unknown): TwinAnswer => jsonAnswer(200, { code: 200, success: true, detail: 'success', data });
  const refuse = (code: number, detail: string, status = 200): TwinAnswer =>
    jsonAnswer(status, { code, success: false, detail, data: null });
  // 404 is not in the vendor's list of codes (200, 301, 400, 401, 500): ours.
  const noSuchOrder = (): TwinAnswer => refuse(404, 'order not found (订单不存在)');

  const find = (number: string): HeldOrder | undefined => byCustomerNumber.get(number) ?? byOrderNumber.get(number);
  const describe = (held: HeldOrder): Record<string, unknown> => ({
    order_num: held.order.orderNumber,
    customer_order_num: held.order.customerOrderNumber,
    tracking_number: held.waybill,
    status: statusOf(held, ledger),
    // Ours: an order names the big bag it is in.
    bag_num: further.bagOf(held.order.customerOrderNumber),
  });
  const confirmOrder = (held: HeldOrder, at: number): void =>
    commit({
      effect: 'confirmed',
      at,
      orderNumber: held.order.orderNumber,
      waybill: waybillFor(held.sequence, held.order.receiver.country),
    });

  const route = <S extends z.ZodType>(
    name: string,
    paths: string,
    schema: S,
    answer: (body: z.output<S>, request: TwinRequest, work: () => Promise<void>) => Promise<TwinAnswer> | TwinAnswer,
    options: { readonly open?: boolean; readonly method?: 'GET' | 'POST' } = {},
  ): TwinRoute => ({
    name,
    method: options.method ?? 'POST',
    path: new RegExp(`^/openapi/customer/(?:${paths})/$`),
    handle(request, work) {
      if (options.open !== true) {
        const refused = gate(request);
        if (refused !== null) return refuse(401, refused, 401);
      }
      if (options.method !== 'GET' && !isJsonType(request.headers)) {
        return refuse(400, 'Content-Type must be application/json');
      }
      const parsed = schema.safeParse(readJson(request.body));
      return parsed.success ? answer(parsed.data, request, work) : refuse(400, describeRefusal(parsed.error));
    },
  });

  const routes: TwinRoute[] = [
    route(
      'get_token',
      'get_token',
      TokenRequest,
      (body, request) => {
        if (body.api_key !== identity.apiKey || body.api_secret !== identity.apiSecret) {
          return refuse(401, 'api_key or api_secret is wrong', 401);
        }
        commit({ effect: 'token', at: request.now, serial: tokenSerial + 1 });
        const expires = Math.floor(request.now / 1000) + tokenLifeS;
        return done({ token: token(tokenSerial, expires), expires_in: tokenLifeS });
      },
      { open: true },
    ),
    route('order_create', 'order_create', CreateOrder, async (body, request, work) => {
      await work();
      // Checked after the processing time: two calls for one number in flight at once still make one order.
      if (refusesRepeats && byCustomerNumber.has(body.customer_order_num)) {
        effects.add('refused-repeat', body.customer_order_num);
        return refuse(301, '重复请求');
      }
      const next = sequence + 1;
      const order = keepOrder(hgeOrderNumber(next, request.now), body);
      commit({ effect: 'ordered', at: request.now, sequence: next, order });
      const held = byOrderNumber.get(order.orderNumber);
      if (held && body.is_confirm_label === true) confirmOrder(held, request.now);
      return done({
        order_num: order.orderNumber,
        customer_order_num: order.customerOrderNumber,
        tracking_number: held?.waybill ?? null,
      });
    }),
    route('query_order', 'query_order', QueryOrder, (body) => {
      const held = find(body.num);
      return held ? done(describe(held)) : noSuchOrder();
    }),
    // Confirming again changes nothing and answers the same: 301 would leave a caller without its tracking number.
    route('confirm_order', 'confirm_order|order_confirm', NamedOrder, async (body, request, work) => {
      await work();
      const held = find(body.order_num ?? body.num ?? '');
      if (!held) return noSuchOrder();
      if (statusOf(held, ledger) === 'cancelled') return refuse(400, '已取消 (the order is cancelled)');
      if (held.waybill === null) confirmOrder(held, request.now);
      return done(describe(held));
    }),
    route('print_label', 'print_label', LabelRequest, (body, request) => {
      const held = find(body.order_num ?? body.num ?? '');
      if (!held) return noSuchOrder();
      if (statusOf(held, ledger) === 'cancelled') return refuse(400, '已取消 (the order is cancelled)');
      if (held.waybill === null) return refuse(400, 'order is not confirmed yet');
      const form = labelForm(held.order, body.label_type);
      const facts = labelFacts(held.order, held.waybill);
      const bytes =
        form === 'ZPL'
          ? makeZplLabel(facts)
          : form === 'PNG'
            ? makePngLabel(facts)
            : makePdfLabel(facts, { customsPage: hasCustomsPage(held.order) });
      commit({ effect: 'labelled', at: request.now, orderNumber: held.order.orderNumber });
      return done({
        order_num: held.order.orderNumber,
        tracking_number: held.waybill,
        label_type: form,
        label: Buffer.from(bytes).toString('base64'),
      });
    }),
  ];

  const further = furtherRoutes({
    ledger,
    find,
    done,
    refuse,
    noSuchOrder,
    refusesRepeats: () => refusesRepeats,
    route: (name, schema, answer, method = 'POST') => route(name, name, schema, answer, { method }),
  });

  return {
    id: 'hge',
    effects,
    routes: [...routes, ...further.routes],
    notFound: () => refuse(400, 'no such interface', 404),
    tooLarge: () => refuse(400, 'body too large', 413),
    expireTokens: () => commit({ effect: 'expired', at: 0, upTo: tokenSerial }),
    setRefusesRepeats: (refuses) => void (refusesRepeats = refuses),
    doubled: () => further.doubled(),
    find: (number) => {
      const held = byCustomerNumber.get(number);
      return held && { orderNumber: held.order.orderNumber, waybill: held.waybill };
    },
    close: () => {
      journal.close();
      ledger.close();
    },
  };
}
