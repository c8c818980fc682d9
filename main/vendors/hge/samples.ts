/** Valid parameters: the vendor's samples where there are any. */
import type { z } from 'zod';
import type * as params from './params.ts';

/** From the samples of 下单接口 and Scan Form; parcel_list is assumed. */
export const newOrderSample: z.input<typeof params.newOrder> = {
  customer_order_num: 'CS1298738912739131',
  service_code: 'P10006',
  order_remark: '',
  is_confirm_label: false,
  ship_date: '2025-12-13',
  need_track: 'Y',
  is_overseas_return: false,
  is_signature: false,
  shipper_info: { address_num: '1' },
  consignee_info: {
    contact_name: 'Roken Chan',
    country_code: 'US',
    state_code: 'CA',
    city_code: 'Los Angeles',
    postcode: '91700',
    street: 'addd',
    address_one: 'add 123',
  },
  parcel_list: [{ weight: 1.25, item_info: [{ sku: 'PD001', item_name: 'Tea', quantity: '2' }] }],
};

/** Sample of 查询运单. */
export const orderNumberSample: z.input<typeof params.orderNumber> = { num_type: 1, num: 'CS1298738912739131' };

/** The document's sample, character for character (`city_code` ends in a blank there). */
export const scanFormSample: z.input<typeof params.scanForm> = {
  reference_num: 'TR20250427000000001',
  handoverinfo: {
    handover_num: '21389910283',
    contact_name: 'Roken Chan',
    company_name: 'company',
    contact_email: 'Allen_gned@gmail.com',
    contact_phone: '1 401-311-2522',
    contact_mobile: '1 602-671-6610',
    country_code: 'US',
    state_code: 'CA',
    city_code: 'Los Angeles ',
    postcode: '91700',
    house_no: '150',
    street: 'addd',
    address_one: 'add 123',
  },
  netWeightD: 11.11,
  weightD: 13.21,
  order_nums: ['HGE2507080000516', 'HGE2507080000527'],
};

export const referenceSample: z.input<typeof params.reference> = { reference_num: 'TR20250427000000001' };

/** Names from the public page, values ours. */
export const manifestSample: z.input<typeof params.manifestPush> = {
  reference_num: 'MF20250427000000001',
  handover_mode: {
    mawb_no: '180-12345675',
    flight_no: 'KE856',
    etd: '2025-12-14 10:00:00',
    eta: '2025-12-14 13:00:00',
    departure_port: 'HGH',
    arrival_port: 'ICN',
  },
  big_bags: [{ bag_num: 'BG2512130000001', order_nums: ['HGE2507080000516'] }],
};
