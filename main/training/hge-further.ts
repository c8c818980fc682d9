/**
 * The virtual HGE beyond one order's label: changes, tracking, proofs, and (hge-documents.ts) big bags and end-of-day
 * documents. Paths, fields and rules here are training's own and say nothing about the real vendor.
 */
import { z } from 'zod';
import { hgeDocuments, type HgeDocuments } from './hge-documents.ts';
import { knownServices, type KeptOrder } from './hge-rules.ts';
import type { Ledger } from './ledger.ts';
import type { TwinAnswer, TwinRequest, TwinRoute } from './vendor-server.ts';

export interface HeldOrder {
  readonly order: KeptOrder;
  readonly sequence: number;
  readonly at: number;
  waybill: string | null;
}

type Answer = TwinAnswer | Promise<TwinAnswer>;
export interface FurtherParts {
  readonly ledger: Ledger;
  readonly find: (number: string) => HeldOrder | undefined;
  readonly done: (data: unknown) => TwinAnswer;
  readonly refuse: (code: number, detail: string) => TwinAnswer;
  readonly noSuchOrder: () => TwinAnswer;
  /** False: what was done is done again when it is asked for again, so that a double shows. */
  readonly refusesRepeats: () => boolean;
  readonly route: <S extends z.ZodType>(
    name: string,
    schema: S,
    answer: (body: z.output<S>, request: TwinRequest, work: () => Promise<void>) => Answer,
    method?: 'GET' | 'POST',
  ) => TwinRoute;
}

const number = z.string().min(1).max(64);
const text = z.string().max(4_000);
const named = { num_type: z.literal(1, 'only 1 is known'), num: number };
const address = z.looseObject({ contact_name: text.optional(), country_code: text.optional() });
const kilograms = z.number().positive();

const hour = 3_600_000;
/** One grey dot as PNG. */
const proofPicture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

export function furtherRoutes(parts: FurtherParts): HgeDocuments {
  const { ledger, find, done, refuse, noSuchOrder, route } = parts;
  const key = (held: HeldOrder): string => held.order.customerOrderNumber;
  const cancelled = (held: HeldOrder): boolean => ledger.last('cancel', key(held)) !== undefined;
  const intercepted = (held: HeldOrder): boolean =>
    (ledger.last('intercept', key(held))?.at ?? -1) > (ledger.last('cancel-intercept', key(held))?.at ?? -1);

  /** Checks, works, and does one effect on an order. */
  const onOrder = <S extends z.ZodType<{ num: string }>>(
    path: string,
    effect: string,
    schema: S,
    problem: (held: HeldOrder) => string | null,
  ): TwinRoute =>
    route(path, schema, async (body, request, work) => {
      await work();
      const held = find(body.num);
      if (!held) return noSuchOrder();
      const refused = problem(held);
      if (refused !== null) return refuse(400, refused);
      ledger.add(effect, key(held), request.now, body);
      return done({ order_num: held.order.orderNumber, customer_order_num: key(held) });
    });

  const documents = hgeDocuments(parts, { cancelled, intercepted });

  const routes: TwinRoute[] = [
    route(
      'query_service',
      z.undefined(),
      () => done(Object.entries(knownServices).map(([code, label]) => ({ service_code: code, label_type: label }))),
      'GET',
    ),
    onOrder('cancel_order', 'cancel', z.strictObject({ ...named, reason: text.optional() }), (held) =>
      cancelled(held) ? '已取消 (already cancelled)' : null,
    ),
    onOrder('intercept_order', 'intercept', z.strictObject({ ...named, reason: text.optional() }), (held) =>
      held.waybill === null ? 'not confirmed' : intercepted(held) ? 'already intercepted' : null,
    ),
    onOrder('cancel_intercept', 'cancel-intercept', z.strictObject({ ...named, reason: text.optional() }), (held) =>
      intercepted(held) ? null : 'not intercepted',
    ),
    onOrder(
      'update_weight',
      'weight',
      z.strictObject({
        ...named,
        weight: kilograms,
        length: kilograms.optional(),
        width: kilograms.optional(),
        height: kilograms.optional(),
      }),
      (held) => (cancelled(held) ? '已取消 (cancelled)' : null),
    ),
    onOrder(
      'update_order',
      'update',
      z
        .strictObject({
          ...named,
          service_code: number.optional(),
          order_remark: text.optional(),
          ship_date: z.iso.date().optional(),
          shipper_info: address.optional(),
          consignee_info: address.optional(),
          return_info: address.optional(),
        })
        .refine((body) => Object.keys(body).length > 2, 'nothing to change'),
      (held) => (cancelled(held) ? '已取消 (cancelled)' : null),
    ),
    route('get_pod', z.strictObject(named), (body, request) => {
      const held = find(body.num);
      if (!held) return noSuchOrder();
      const delivered = held.waybill !== null && !cancelled(held) && request.now - held.at >= 26 * hour;
      if (!delivered) return done({ customer_order_num: key(held), pod: null });
      const url = `http://${request.headers.host ?? 'localhost'}/openapi/customer/pod/${held.order.orderNumber}.png`;
      const picture = { url, base64: proofPicture.toString('base64') };
      return done({ customer_order_num: key(held), pod: { signed_by: 'A. Lee', pictures: [picture] } });
    }),
    // What the address in the answer shows; like a signed link it asks for nothing but its own name.
    {
      name: 'pod_picture',
      method: 'GET',
      path: /^\/openapi\/customer\/pod\/([A-Z0-9]{1,64})\.png$/,
      handle: ({ parts: [orderNumber = ''] }) =>
        find(orderNumber) === undefined
          ? refuse(404, 'no such picture')
          : { status: 200, type: 'image/png', body: proofPicture },
    },
    route('query_track', z.strictObject(named), (body, request) => {
      const held = find(body.num);
      if (!held) return noSuchOrder();
      const steps: readonly (readonly [number, string, string])[] = [
        [0, 'created', ''],
        ...(held.waybill === null
          ? []
          : ([
              [hour, 'in_transit', 'Hangzhou'],
              [24 * hour, 'out_for_delivery', held.order.receiver.place],
              [26 * hour, 'delivered', held.order.receiver.place],
            ] as const)),
      ];
      const tracks = steps
        .filter(([after]) => request.now - held.at >= after)
        .map(([after, status, location]) => ({
          time: new Date(held.at + after).toISOString(),
          status,
          location,
          description: status.replaceAll('_', ' '),
        }));
      return done({ customer_order_num: key(held), status: tracks.at(-1)?.status, tracks });
    }),
    route(
      'query_pccc',
      z.strictObject({ pccc: z.string().regex(/^P\d{12}$/), name: text.min(1), phone: text.optional() }),
      (body) => done({ pccc: body.pccc, valid: true }),
    ),
    ...documents.routes,
  ];
  return { routes, bagOf: documents.bagOf, doubled: documents.doubled };
}

/** For the query: cancelled goes before confirmed. */
export function statusOf(held: HeldOrder, ledger: Ledger): string {
  if (ledger.last('cancel', held.order.customerOrderNumber)) return 'cancelled';
  return held.waybill === null ? 'created' : 'confirmed';
}
