/**
 * The virtual HGE's big bags and end-of-day documents. Scan Form follows the vendor's page field for field, Manifest its
 * page as far as it is readable; every other path, field and rule here is training's own and says nothing about the
 * real vendor. Ours too: an order that is intercepted when its document is pushed fails in the result, alone, and may be
 * pushed again once it is free; everything else of that document is through.
 */
import { z } from 'zod';
import type { FurtherParts, HeldOrder } from './hge-further.ts';
import { hgeOrderNumber } from './hge-rules.ts';
import { makeZplLabel } from './label-artwork.ts';
import type { TwinRoute } from './vendor-server.ts';

const number = z.string().min(1).max(64);
const text = z.string().max(4_000);
const kilograms = z.number().positive();
const orderNumbers = z.array(number).min(1).max(10_000);

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
  order_nums: orderNumbers,
});
const Manifest = z.looseObject({
  reference_num: number,
  handover_mode: z.looseObject({ mawb_no: number, flight_no: number }),
  // The page says: pushed with big-bag and parcel data. Names are ours.
  big_bags: z
    .array(z.looseObject({ bag_num: number, order_nums: orderNumbers }))
    .min(1)
    .max(5_000),
});

/** What the training record keeps. */
const Bag = z.object({ bagNumber: z.string(), orders: z.array(z.string()), service: z.string() });
type Bag = z.infer<typeof Bag>;
const Failures = z.array(z.object({ order: z.string(), reason: z.string() })).default([]);
const KeptScanForm = z.object({ orders: z.array(z.string()), failed: Failures });
const KeptManifest = z.object({ mawb: z.string(), bags: z.array(z.string()), failed: Failures });
/** Of either; records of an earlier version name no orders of a manifest. */
const KeptOrders = z.object({ orders: z.array(z.string()).default([]) });
type Failed = z.infer<typeof Failures>;

const hour = 3_600_000;
/** Ours: a form or manifest is through two seconds after it was pushed. */
const asyncMs = 2_000;

export interface DocumentRules {
  readonly cancelled: (held: HeldOrder) => boolean;
  readonly intercepted: (held: HeldOrder) => boolean;
}

export interface HgeDocuments {
  readonly routes: TwinRoute[];
  /** The live big bag the order is in, for the query; null if none. */
  bagOf(customerOrderNumber: string): string | null;
  /** Orders that are in two living big bags, and in two scan forms or two manifests. */
  doubled(): { readonly bags: number; readonly documents: number };
}

export function hgeDocuments(parts: FurtherParts, { cancelled, intercepted }: DocumentRules): HgeDocuments {
  const { ledger, find, done, refuse, refusesRepeats, route } = parts;
  const key = (held: HeldOrder): string => held.order.customerOrderNumber;

  // The record in a form that a day of 20,000 parcels can be asked in.
  const bags = new Map<string, Bag>();
  const bagByOrder = new Map<string, string>();
  const manifested = new Set<string>();
  const inScanForm = new Set<string>();
  const flights = new Set<string>();
  const keepBag = (bag: Bag): void => {
    bags.set(bag.bagNumber, bag);
    for (const order of bag.orders) bagByOrder.set(order, bag.bagNumber);
  };
  const forgetBag = (bagNumber: string): void => {
    for (const order of bags.get(bagNumber)?.orders ?? []) {
      if (bagByOrder.get(order) === bagNumber) bagByOrder.delete(order);
    }
    bags.delete(bagNumber);
  };
  for (const entry of ledger.newest('bag')) keepBag(Bag.parse(entry.value));
  for (const entry of ledger.newest('void-bag')) forgetBag(entry.key);
  for (const entry of ledger.newest('scan-form')) {
    for (const order of KeptScanForm.parse(entry.value).orders) inScanForm.add(order);
  }
  for (const entry of ledger.newest('manifest')) {
    const kept = KeptManifest.parse(entry.value);
    flights.add(kept.mawb);
    for (const bagNumber of kept.bags) manifested.add(bagNumber);
  }

  /** Orders that may be handed over, or why not. */
  const ready = (numbers: readonly string[]): HeldOrder[] | string => {
    const orders: HeldOrder[] = [];
    for (const each of numbers) {
      const held = find(each);
      if (!held) return `order ${each} not found (订单不存在)`;
      if (held.waybill === null) return `order ${each} is not confirmed`;
      if (cancelled(held)) return `order ${each} is cancelled (已取消)`;
      orders.push(held);
    }
    if (new Set(orders).size < orders.length) return 'an order is named twice (重复)';
    return orders;
  };
  const failures = (orders: readonly HeldOrder[]): Failed =>
    orders.filter(intercepted).map((held) => ({ order: key(held), reason: '已拦截 (intercepted)' }));

  const result = (effect: string, path: string, kept: z.ZodType<{ failed: Failed }>): TwinRoute =>
    route(path, z.strictObject({ reference_num: number }), (body, request) => {
      const entry = ledger.last(effect, body.reference_num);
      if (entry === undefined) return refuse(404, 'reference not found (不存在)');
      if (request.now - entry.at < asyncMs) return done({ reference_num: body.reference_num, status: 'processing' });
      const { failed, ...rest } = kept.parse(entry.value);
      const through = 'orders' in rest ? (rest.orders as string[]) : [];
      const rows = (names: readonly string[], status: string) =>
        names.map((order) => ({ order_num: find(order)?.order.orderNumber, customer_order_num: order, status }));
      return done({
        reference_num: body.reference_num,
        status: failed.length === 0 ? 'success' : 'partial',
        orders: [
          ...(failed.length === 0 ? [] : rows(through, 'success')),
          ...failed.map(({ order, reason }) => ({ ...rows([order], 'failed')[0], message: reason })),
        ],
      });
    });

  const routes: TwinRoute[] = [
    route('scanform', ScanForm, async (body, request, work) => {
      await work();
      if (refusesRepeats() && ledger.last('scan-form', body.reference_num)) return refuse(301, '重复请求');
      const orders = ready(body.order_nums);
      if (typeof orders === 'string') return refuse(400, orders);
      const twice = orders.find((held) => inScanForm.has(key(held)));
      if (twice && refusesRepeats()) return refuse(400, `order ${twice.order.orderNumber} is in another scan form`);
      const failed = failures(orders);
      const through = orders.filter((held) => !intercepted(held)).map(key);
      const { weightD } = body;
      ledger.add('scan-form', body.reference_num, request.now, { orders: through, failed, weightD });
      for (const order of through) inScanForm.add(order);
      return done({ reference_num: body.reference_num });
    }),
    result('scan-form', 'scanform_result', KeptScanForm),
    route('manifest', Manifest, async (body, request, work) => {
      await work();
      if (refusesRepeats() && ledger.last('manifest', body.reference_num)) return refuse(301, '重复请求');
      const all: HeldOrder[] = [];
      for (const each of body.big_bags) {
        const bag = bags.get(each.bag_num);
        if (bag === undefined) return refuse(400, `big bag ${each.bag_num} not found`);
        const orders = ready(each.order_nums);
        if (typeof orders === 'string') return refuse(400, orders);
        const inside = new Set(bag.orders);
        const foreign = orders.find((held) => !inside.has(key(held)));
        if (foreign) return refuse(400, `order ${foreign.order.orderNumber} is not in big bag ${each.bag_num}`);
        all.push(...orders);
      }
      const failed = failures(all);
      const { mawb_no: mawb } = body.handover_mode;
      const bagNumbers = body.big_bags.map((bag) => bag.bag_num);
      const through = all.filter((held) => !intercepted(held)).map(key);
      ledger.add('manifest', body.reference_num, request.now, { mawb, bags: bagNumbers, orders: through, failed });
      flights.add(mawb);
      for (const bagNumber of bagNumbers) manifested.add(bagNumber);
      return done({ reference_num: body.reference_num });
    }),
    result('manifest', 'manifest_result', KeptManifest.extend({ orders: z.array(z.string()).default([]) })),
    route(
      'flight_update',
      z.strictObject({ mawb_no: number, flight_no: number, node: number, node_time: number, remark: text.optional() }),
      async (body, request, work) => {
        await work();
        if (!flights.has(body.mawb_no)) return refuse(400, `no manifest has mawb_no ${body.mawb_no}`);
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
        order_nums: orderNumbers,
      }),
      async (body, request, work) => {
        await work();
        if (refusesRepeats() && ledger.last('bag', body.reference_num)) return refuse(301, '重复请求');
        const orders = ready(body.order_nums);
        if (typeof orders === 'string') return refuse(400, orders);
        for (const held of orders) {
          const other = bagByOrder.get(key(held));
          if (other !== undefined && refusesRepeats())
            return refuse(400, `order ${held.order.orderNumber} is in big bag ${other}`);
        }
        const sequence = ledger.newest('bag').length + 1;
        const bagNumber = hgeOrderNumber(sequence, request.now).replace(/^HGE/, 'BG');
        const bag: Bag = { bagNumber, orders: orders.map(key), service: body.service_code ?? '' };
        ledger.add('bag', body.reference_num, request.now, bag);
        keepBag(bag);
        return done({ reference_num: body.reference_num, bag_num: bagNumber });
      },
    ),
    route('void_bag', z.strictObject({ bag_num: number }), async (body, request, work) => {
      await work();
      if (ledger.last('void-bag', body.bag_num) !== undefined) return refuse(400, '已作废 (already void)');
      if (!bags.has(body.bag_num)) return refuse(404, 'big bag not found (不存在)');
      if (manifested.has(body.bag_num)) return refuse(400, 'the big bag is in a manifest');
      ledger.add('void-bag', body.bag_num, request.now);
      forgetBag(body.bag_num);
      return done({ bag_num: body.bag_num });
    }),
    route(
      'print_bag_label',
      z.strictObject({ bag_num: number, label_type: z.enum(['PDF', 'ZPL', 'PNG']).optional() }),
      (body, request) => {
        const bag = bags.get(body.bag_num);
        if (bag === undefined) return refuse(404, 'big bag not found (不存在)');
        const nobody = { company: '', phone: '', lines: [] };
        const label = makeZplLabel({
          waybill: bag.bagNumber,
          orderNumber: bag.bagNumber,
          reference: `${bag.orders.length} PARCELS`,
          service: bag.service,
          sender: { ...nobody, name: 'Jiangnan Select Fulfilment', place: 'Hangzhou', country: 'CN' },
          receiver: { ...nobody, name: 'HGE Hub', place: '', country: 'CN' },
          weightG: bag.orders.reduce((sum, each) => sum + (find(each)?.order.weightG ?? 0), 0),
          date: new Date(request.now + 8 * hour).toISOString().slice(0, 10),
          items: [],
        });
        ledger.add('bag-label', bag.bagNumber, request.now);
        return done({ bag_num: bag.bagNumber, label_type: 'ZPL', label: Buffer.from(label).toString('base64') });
      },
    ),
  ];
  const twice = (lists: Iterable<readonly string[]>): number => {
    const all = [...lists].flat();
    return all.length - new Set(all).size;
  };
  const inDocuments = (effect: string): number =>
    twice(ledger.newest(effect).map((entry) => KeptOrders.parse(entry.value).orders));
  return {
    routes,
    bagOf: (customerOrderNumber) => bagByOrder.get(customerOrderNumber) ?? null,
    doubled: () => ({
      bags: twice([...bags.values()].map((bag) => bag.orders)),
      documents: inDocuments('scan-form') + inDocuments('manifest'),
    }),
  };
}
