/**
 * Rules of the virtual HGE that need no state: signature, bodies, numbers, and what a label shows.
 * Sources: the vendor's pages 开放平台使用说明 (signature, codes), 下单接口 and 查询运单 (names in their samples), Scan Form
 * (address names, answer envelope). What those do not state is marked "ours".
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { LabelFacts } from './label-artwork.ts';
import { hashText } from './orders/training-order.ts';

/** Lower-case MD5 of `api_key + api_secret + timestamp + body`, over the raw bytes (开放平台使用说明). */
export function hgeSignature(apiKey: string, apiSecret: string, timestamp: string, body: Buffer): string {
  return createHash('md5').update(`${apiKey}${apiSecret}${timestamp}`, 'utf8').update(body).digest('hex');
}

/** P10006 is in the vendor's sample; the others are ours. Each says in which form its labels come. */
export const knownServices: Readonly<Record<string, 'PDF' | 'ZPL'>> = {
  P10006: 'PDF',
  P10001: 'PDF',
  P10008: 'ZPL',
  P10012: 'PDF',
};

/** Ours: the vendor's length limits are in no page we have. */
const Short = z.string().max(50);
const Long = z.string().max(255);

/** Names as in the address of the Scan Form sample; `address_num` (a stored address) as in the order sample. */
const Address = z.looseObject({
  address_num: Short.optional(),
  contact_name: Long.optional(),
  company_name: Long.optional(),
  contact_email: Long.optional(),
  contact_phone: Short.optional(),
  contact_mobile: Short.optional(),
  country_code: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be two capital letters')
    .optional(),
  state_code: Short.optional(),
  city_code: Long.optional(),
  postcode: z.string().max(20).optional(),
  house_no: Short.optional(),
  street: Long.optional(),
  address_one: Long.optional(),
  address_two: Long.optional(),
});

/** A stored address by its number, or one written out. */
const WholeAddress = Address.superRefine((address, context) => {
  if (address.address_num) return;
  const miss = (field: string): void =>
    void context.addIssue({ code: 'custom', path: [field], message: 'required unless address_num is given' });
  if (!address.contact_name) miss('contact_name');
  if (!address.country_code) miss('country_code');
  if (!address.address_one && !address.street) miss('address_one');
});

const Amount = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number')
    .transform(Number),
]);

/** parcel_list and item_info are models the menu names; their fields are ours. */
const Item = z.looseObject({
  sku: Long.optional(),
  item_name: Long.optional(),
  name: Long.optional(),
  name_en: Long.optional(),
  quantity: Amount.optional(),
  qty: Amount.optional(),
});
const Parcel = z.looseObject({
  weight: Amount.pipe(z.number().positive()).optional(),
  item_info: z.array(Item).optional(),
  item_list: z.array(Item).optional(),
  items: z.array(Item).optional(),
});

export const CreateOrder = z.looseObject({
  customer_order_num: Short.min(1),
  service_code: z.string().refine((code) => Object.hasOwn(knownServices, code), 'unknown service_code'),
  order_remark: Long.optional(),
  is_confirm_label: z.boolean().optional(),
  ship_date: z.iso.date('must be yyyy-MM-dd').optional(),
  need_track: z.enum(['Y', 'N']).optional(),
  is_overseas_return: z.boolean().optional(),
  is_signature: z.boolean().optional(),
  shipper_info: WholeAddress,
  consignee_info: WholeAddress,
  return_info: Address.optional(),
  weight: Amount.pipe(z.number().positive()).optional(),
  parcel_list: z.array(Parcel).min(1).max(50).optional(),
});
export type CreateOrder = z.output<typeof CreateOrder>;

export const QueryOrder = z.looseObject({
  // The meaning of other values is in no page we have, so they are refused.
  num_type: z.literal(1, 'only 1 is known'),
  num: Short.min(1),
});

/** Ours: the order by its own number, or by the number model of the query page. */
export const NamedOrder = z
  .looseObject({
    order_num: Short.min(1).optional(),
    num_type: z.literal(1, 'only 1 is known').optional(),
    num: Short.min(1).optional(),
  })
  .refine((body) => body.order_num !== undefined || body.num !== undefined, { message: 'order_num is required' });

export const LabelRequest = NamedOrder.and(z.looseObject({ label_type: z.enum(['PDF', 'ZPL', 'PNG']).optional() }));

export const TokenRequest = z.looseObject({ api_key: z.string(), api_secret: z.string() });

/** What is kept of an order: enough for its label. */
export const KeptOrder = z.object({
  orderNumber: z.string(),
  customerOrderNumber: z.string(),
  service: z.string(),
  weightG: z.number(),
  receiver: z.object({
    name: z.string(),
    company: z.string(),
    phone: z.string(),
    lines: z.array(z.string()),
    place: z.string(),
    country: z.string(),
  }),
  items: z.array(z.object({ name: z.string(), quantity: z.number() })),
});
export type KeptOrder = z.infer<typeof KeptOrder>;

export function keepOrder(orderNumber: string, body: CreateOrder): KeptOrder {
  const to = body.consignee_info;
  const parcels = body.parcel_list ?? [];
  // Kilograms: inferred from the Scan Form sample (11.11, 13.21).
  const kilograms = parcels.reduce((sum, parcel) => sum + (parcel.weight ?? 0), 0) || (body.weight ?? 0);
  const text = (...parts: readonly (string | undefined)[]): string =>
    parts
      .map((part) => part?.trim() ?? '')
      .filter((part) => part !== '')
      .join(' ');
  return {
    orderNumber,
    customerOrderNumber: body.customer_order_num,
    service: body.service_code,
    weightG: Math.round(kilograms * 1000),
    receiver: {
      name: to.contact_name ?? '',
      company: to.company_name ?? '',
      phone: to.contact_phone || to.contact_mobile || '',
      lines: [...new Set([text(to.house_no, to.street), text(to.address_one), text(to.address_two)])].filter(
        (line) => line !== '',
      ),
      place: text(to.city_code, to.state_code, to.postcode),
      country: to.country_code ?? '',
    },
    items: parcels
      .flatMap((parcel) => parcel.item_info ?? parcel.item_list ?? parcel.items ?? [])
      .slice(0, 20)
      .map((item) => ({
        name: item.name_en || item.item_name || item.name || item.sku || '',
        quantity: item.quantity ?? item.qty ?? 1,
      })),
  };
}

/** `HGE` + yymmdd + seven digits, as in the Scan Form sample; China time. */
export function hgeOrderNumber(sequence: number, at: number): string {
  const day = new Date(at + 8 * 3_600_000).toISOString().slice(2, 10).replaceAll('-', '');
  return `HGE${day}${String(sequence).padStart(7, '0')}`;
}

/** Ours. To the United States 22 digits with a GS1 check digit, elsewhere the 13 characters of UPU standard S10. */
export function waybillFor(sequence: number, country: string): string {
  if (country === 'US') {
    const digits = `92612901${String(sequence).padStart(13, '0')}`;
    const sum = [...digits]
      .reverse()
      .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
    return `${digits}${(10 - (sum % 10)) % 10}`;
  }
  const serial = String(sequence % 100_000_000).padStart(8, '0');
  const weights = [8, 6, 4, 2, 3, 5, 9, 7];
  const rest = 11 - ([...serial].reduce((sum, digit, index) => sum + Number(digit) * (weights[index] ?? 0), 0) % 11);
  return `LH${serial}${rest === 10 ? 0 : rest === 11 ? 5 : rest}CN`;
}

/**
 * The form a label comes in. ZPL and PNG are honoured when asked for; where PDF or nothing is asked, a ZPL service
 * answers ZPL and one order in ten answers PNG, as carriers' hubs do, so a caller must read `label_type`.
 */
export function labelForm(order: KeptOrder, asked: 'PDF' | 'ZPL' | 'PNG' | undefined): 'PDF' | 'ZPL' | 'PNG' {
  if (asked === 'ZPL' || asked === 'PNG') return asked;
  if (knownServices[order.service] === 'ZPL') return 'ZPL';
  const lot = hashText(order.orderNumber) % 10;
  return lot === 3 ? 'PNG' : lot === 7 ? 'ZPL' : 'PDF';
}

/** Parcels that leave China and go anywhere but the United States carry a customs page behind the label. */
export function hasCustomsPage(order: KeptOrder): boolean {
  return order.receiver.country !== 'US' && order.receiver.country !== 'CN';
}

export function labelFacts(order: KeptOrder, waybill: string): LabelFacts {
  const day = order.orderNumber.slice(3, 9);
  const each = order.items.length > 0 ? Math.round(order.weightG / order.items.length) : order.weightG;
  return {
    waybill,
    orderNumber: order.orderNumber,
    reference: order.customerOrderNumber,
    service: order.service,
    sender: {
      name: 'Jiangnan Select Fulfilment',
      company: '',
      phone: '+86 571 8800 1234',
      lines: ['1 Training Road, Xihu District'],
      place: 'Hangzhou, Zhejiang 310012',
      country: 'CN',
    },
    receiver: order.receiver,
    weightG: order.weightG,
    date: `20${day.slice(0, 2)}-${day.slice(2, 4)}-${day.slice(4, 6)}`,
    items: order.items.map((item) => ({ ...item, weightG: each, value: '10.00' })),
  };
}
