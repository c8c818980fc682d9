/**
 * Parameters of HGE's calls. Scan Form is documented, field for field; 下单, 查询运单 and Manifest are public up to where
 * their pages are cut, so names beyond are let through; all others are assumed. No page states lengths or required
 * fields: those here are ours, as loose as a typing error allows.
 */
import { z } from 'zod';
import { dayParam, needsOneOf, textParam } from '../kit/params.ts';
import { assumedCustomerNumberType } from './assumed.ts';

const short = textParam(100, 0).optional();
const long = textParam(4_000, 0).optional();
const number = textParam(64);
/** `weightD`, `weight`: the documents state no unit; kilograms, as 11.11 and 13.21 suggest. */
const kilograms = z.number().positive().max(100_000);
const numbers = z.array(number).min(1, 'needs at least one order number').max(10_000);

/** The number model of 查询运单 (public): `num_type` 1 with a customer's own number. */
const named = { num_type: z.number().int().default(assumedCustomerNumberType), num: number };
export const orderNumber = z.strictObject(named);

export const nothing = z.strictObject({});

const address = z.looseObject({
  address_num: short,
  contact_name: long,
  company_name: long,
  contact_email: long,
  contact_phone: short,
  contact_mobile: short,
  country_code: short,
  state_code: short,
  city_code: long,
  postcode: short,
  house_no: short,
  street: long,
  address_one: long,
});

/** 下单接口, public up to return_info. */
export const newOrder = z.looseObject({
  customer_order_num: textParam(32),
  service_code: textParam(64),
  order_remark: long,
  is_confirm_label: z.boolean().optional(),
  ship_date: dayParam().optional(),
  need_track: z.enum(['Y', 'N'], 'must be Y or N').optional(),
  is_overseas_return: z.boolean().optional(),
  is_signature: z.boolean().optional(),
  shipper_info: address,
  consignee_info: address,
  return_info: address.optional(),
});

/** Assumed. */
export const label = z.strictObject({ ...named, label_type: z.enum(['PDF', 'ZPL', 'PNG']).optional() });
export const withReason = z.strictObject({ ...named, reason: long });
export const weightUpdate = z.strictObject({
  ...named,
  weight: kilograms,
  length: z.number().positive().optional(),
  width: z.number().positive().optional(),
  height: z.number().positive().optional(),
});
export const waybillUpdate = z
  .strictObject({
    ...named,
    service_code: textParam(64).optional(),
    order_remark: long,
    ship_date: dayParam().optional(),
    shipper_info: address.optional(),
    consignee_info: address.optional(),
    return_info: address.optional(),
  })
  .superRefine(
    needsOneOf('service_code', 'order_remark', 'ship_date', 'shipper_info', 'consignee_info', 'return_info'),
  );

/** Personal Customs Clearance Code of South Korea: P and twelve digits (Korea Customs Service). Field names assumed. */
export const pccc = z.strictObject({
  pccc: z.string().regex(/^P\d{12}$/, 'must be P and twelve digits'),
  name: textParam(100),
  phone: textParam(30).optional(),
});

/** Scan Form (document): every field of its sample and no other. */
export const scanForm = z.strictObject({
  reference_num: number,
  handoverinfo: z
    .strictObject({
      handover_num: short,
      contact_name: long,
      company_name: long,
      contact_email: long,
      contact_phone: short,
      contact_mobile: short,
      country_code: short,
      state_code: short,
      city_code: long,
      postcode: short,
      house_no: short,
      street: long,
      address_one: long,
    })
    .optional(),
  netWeightD: kilograms.optional(),
  weightD: kilograms.optional(),
  order_nums: numbers,
});

export const reference = z.strictObject({ reference_num: number });

/** Manifest (public up to transit_eta). `big_bags` is assumed: the page asks for big-bag and parcel data, its names are cut. */
export const manifestPush = z.looseObject({
  reference_num: number,
  handover_mode: z.looseObject({
    mawb_no: short,
    flight_no: short,
    etd: short,
    eta: short,
    departure_port: short,
    transit_port: short,
    arrival_port: short,
    transit_etd: short,
    transit_eta: short,
  }),
  big_bags: z
    .array(z.looseObject({ bag_num: number, order_nums: numbers }))
    .max(5_000)
    .optional(),
});

/** Assumed. */
export const flightNode = z.strictObject({
  mawb_no: number,
  flight_no: textParam(20),
  node: textParam(64),
  node_time: textParam(30),
  remark: long,
});
export const newBag = z.strictObject({
  reference_num: number,
  service_code: textParam(64).optional(),
  weight: kilograms.optional(),
  order_nums: numbers,
});
export const bag = z.strictObject({ bag_num: number });
export const bagLabel = z.strictObject({ bag_num: number, label_type: z.enum(['PDF', 'ZPL', 'PNG']).optional() });
