/**
 * The virtual HGE beyond one order's label: changes, tracking, big bags and end-of-day documents. Scan Form follows the
 * vendor's page field for field, Manifest its page as far as it is readable; every other path, field and rule here is
 * training's own and says nothing about the real vendor.
 */
import { z } from 'zod';
import { hgeOrderNumber, knownServices, type KeptOrder } from './hge-rules.ts';
import { makeZplLabel } from './label-artwork.ts';
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

const ScanForm = z.strictObject({
  reference_num: number,
  handoverinfo: z
    .strictObject({
      handover_num: text,
      contact_name: text,
      company_name: text,
      contact_email: text,
      contact_phone: text,
      contact_mobile: text,
      country_code: text,
      state_code: text,
      city_code: text,
      postcode: text,
      house_no: text,
      street: text,
      address_one: text,
    })
    .partial()
    .optional(),
  netWeightD: kilograms.optional(),
  weightD: kilograms.optional(),
  order_nums: z.array(number).min(1),
});
const Manifest = z.looseObject({
  reference_num: number,
  handover_mode: z.looseObject({ mawb_no: number, flight_no: number }),
  // The page says: pushed with big-bag and parcel data. Names are ours.
  big_bags: z.array(z.looseObject({ bag_num: number, order_nums: z.array(number).min(1) })).min(1),
});
const Bag = z.object({ bagNumber: z.string(), orders: z.array(z.string()), service: z.string() });

const hour = 3_600_000;
/** Ours: a form or manifest is through two seconds after it was pushed. */
const asyncMs = 2_000;

/** One grey dot as PNG. */
const proofPicture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

export function furtherRoutes(parts: FurtherParts): TwinRoute[] {
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

  const bagOf = (bagNumber: string) => {
    const entry = ledger.newest('bag').find((each) => Bag.parse(each.value).bagNumber === bagNumber);
    return entry === undefined ? undefined : Bag.parse(entry.value);
  };
  const voided = (bagNumber: string): boolean => ledger.last('void-bag', bagNumber) !== undefined;
  const inDocument = (effect: string, held: HeldOrder): boolean =>
    ledger.newest(effect).some((entry) => (entry.value as { orders?: string[] }).orders?.includes(key(held)));

  /** Orders ready to be handed over, or why not. */
  const ready = (numbers: readonly string[]): HeldOrder[] | string => {
    const orders: HeldOrder[] = [];
    for (const each of numbers) {
      const held = find(each);
      if (!held) return `order ${each} not found (订单不存在)`;
      if (held.waybill === null) return `order ${each} is not confirmed`;
      if (cancelled(held)) return `order ${each} is cancelled (已取消)`;
      orders.push(held);
    }
    return orders;
  };
  const result = (effect: string, path: string): TwinRoute =>
    route(path, z.strictObject({ reference_num: number }), (body, request) => {
      const entry = ledger.last(effect, body.reference_num);
      if (entry === undefined) return refuse(404, 'reference not found (不存在)');
      const status = request.now - entry.at < asyncMs ? 'processing' : 'success';
      return done({ reference_num: body.reference_num, status });
    });

  return [
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
    route('scanform', ScanForm, async (body, request, work) => {
      await work();
      if (ledger.last('scan-form', body.reference_num)) return refuse(301, '重复请求');
      const orders = ready(body.order_nums);
      if (typeof orders === 'string') return refuse(400, orders);
      const twice = orders.find((held) => inDocument('scan-form', held));
      if (twice) return refuse(400, `order ${twice.order.orderNumber} is in another scan form`);
      ledger.add('scan-form', body.reference_num, request.now, { orders: orders.map(key), weightD: body.weightD });
      return done({ reference_num: body.reference_num });
    }),
    result('scan-form', 'scanform_result'),
    route('manifest', Manifest, async (body, request, work) => {
      await work();
      if (ledger.last('manifest', body.reference_num)) return refuse(301, '重复请求');
      for (const each of body.big_bags) {
        const bag = bagOf(each.bag_num);
        if (bag === undefined || voided(each.bag_num)) return refuse(400, `big bag ${each.bag_num} not found`);
        const orders = ready(each.order_nums);
        if (typeof orders === 'string') return refuse(400, orders);
        const foreign = orders.find((held) => !bag.orders.includes(key(held)));
        if (foreign) return refuse(400, `order ${foreign.order.orderNumber} is not in big bag ${each.bag_num}`);
      }
      const { mawb_no: mawb } = body.handover_mode;
      ledger.add('manifest', body.reference_num, request.now, { mawb, bags: body.big_bags.map((bag) => bag.bag_num) });
      return done({ reference_num: body.reference_num });
    }),
    result('manifest', 'manifest_result'),
    route(
      'flight_update',
      z.strictObject({ mawb_no: number, flight_no: number, node: number, node_time: number, remark: text.optional() }),
      async (body, request, work) => {
        await work();
        const known = ledger
          .newest('manifest')
          .some((entry) => (entry.value as { mawb?: string }).mawb === body.mawb_no);
        if (!known) return refuse(400, `no manifest has mawb_no ${body.mawb_no}`);
        ledger.add('flight', `${body.mawb_no}/${body.node}`, request.now, body);
        return done({ mawb_no: body.mawb_no });
      },
    ),
    route(
      'create_bag',
      z.strictObject({
        reference_num: number,
        service_code: number.optional(),
        weight: kilograms.optional(),
        order_nums: z.array(number).min(1),
      }),
      async (body, request, work) => {
        await work();
        if (ledger.last('bag', body.reference_num)) return refuse(301, '重复请求');
        const orders = ready(body.order_nums);
        if (typeof orders === 'string') return refuse(400, orders);
        const live = ledger.newest('bag').map((entry) => Bag.parse(entry.value));
        for (const held of orders) {
          const other = live.find((bag) => !voided(bag.bagNumber) && bag.orders.includes(key(held)));
          if (other) return refuse(400, `order ${held.order.orderNumber} is in big bag ${other.bagNumber}`);
        }
        const bagNumber = hgeOrderNumber(live.length + 1, request.now).replace(/^HGE/, 'BG');
        const value: z.infer<typeof Bag> = { bagNumber, orders: orders.map(key), service: body.service_code ?? '' };
        ledger.add('bag', body.reference_num, request.now, value);
        return done({ reference_num: body.reference_num, bag_num: bagNumber });
      },
    ),
    route('void_bag', z.strictObject({ bag_num: number }), async (body, request, work) => {
      await work();
      if (bagOf(body.bag_num) === undefined) return refuse(404, 'big bag not found (不存在)');
      if (voided(body.bag_num)) return refuse(400, '已作废 (already void)');
      const handedOver = ledger
        .newest('manifest')
        .some((entry) => (entry.value as { bags?: string[] }).bags?.includes(body.bag_num));
      if (handedOver) return refuse(400, 'the big bag is in a manifest');
      ledger.add('void-bag', body.bag_num, request.now);
      return done({ bag_num: body.bag_num });
    }),
    route(
      'print_bag_label',
      z.strictObject({ bag_num: number, label_type: z.enum(['PDF', 'ZPL', 'PNG']).optional() }),
      (body, request) => {
        const bag = bagOf(body.bag_num);
        if (bag === undefined || voided(body.bag_num)) return refuse(404, 'big bag not found (不存在)');
        const label = makeZplLabel({
          waybill: bag.bagNumber,
          orderNumber: bag.bagNumber,
          reference: `${bag.orders.length} PARCELS`,
          service: bag.service,
          sender: {
            name: 'Jiangnan Select Fulfilment',
            company: '',
            phone: '',
            lines: [],
            place: 'Hangzhou',
            country: 'CN',
          },
          receiver: { name: 'HGE Hub', company: '', phone: '', lines: [], place: '', country: 'CN' },
          weightG: bag.orders.reduce((sum, each) => sum + (find(each)?.order.weightG ?? 0), 0),
          date: new Date(request.now + 8 * hour).toISOString().slice(0, 10),
          items: [],
        });
        ledger.add('bag-label', bag.bagNumber, request.now);
        return done({ bag_num: bag.bagNumber, label_type: 'ZPL', label: Buffer.from(label).toString('base64') });
      },
    ),
  ];
}

/** For the query: cancelled goes before confirmed. */
export function statusOf(held: HeldOrder, ledger: Ledger): string {
  if (ledger.last('cancel', held.order.customerOrderNumber)) return 'cancelled';
  return held.waybill === null ? 'created' : 'confirmed';
}
