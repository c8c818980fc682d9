/** Valid parameters: the documents' samples, with the slips of the documents noted. */
import type { z } from 'zod';
import type {
  approval,
  closing,
  deliveryOrder,
  orderChange,
  orderFields,
  salesOrderQuery,
  signedQuantities,
} from './params.ts';

const exts = [
  { ext_key: '级别', ext_value: '四星' },
  { ext_key: '主营商品', ext_value: '食品,电器,日化用品' },
];

export const salesOrderQuerySample: z.input<typeof salesOrderQuery> = {
  page_number: 1,
  s_status: 1,
  purchase_no: 'CG20150819',
  s_cmCode: 'CUS0001',
  s_cmName: '客户1',
  s_supplyCode: 'CUS0001',
  s_supplyName: '客户1',
  emp_code: 'EMP0001',
  emp_name: '员工1',
  create_time_begin: '2017-05-01 00:00:00',
  create_time_end: '2017-05-31 00:00:00',
};

/** The sample names no supplier though the table requires one of three: `supply_code` is added. */
export const orderChangeSample: z.input<typeof orderChange> = {
  operate_type: '1',
  order_no: 'DD201612090000001',
  cm_id: '6389893435290873348',
  cm_code: 'CM0001',
  supply_code: 'SUP0001',
  date: '2016-12-09 12:12',
  emp_id: '9090338090192516225',
  emp_code: 'EMP0001',
  consignment_date: '2016-12-10',
  receive_name: '张三',
  receive_phone: '18569854561',
  receive_tel: '02578946932',
  receive_addr: '江苏省南京市康缘智汇港',
  receive_addr_id: '',
  remark: '备注',
  order_amount: '1212.00',
  order_discount_amount: '38.00',
  exts,
  products: [
    {
      id: '7755038711664976249',
      code: 'PD001',
      price: '20.000000',
      num: '10.00000000',
      unit: '6782340125265424027',
      unit_name: '箱',
      amount: '200.00',
      is_gift: '0',
      posnr: '10',
      remark: '备注',
      exts,
    },
  ],
};

/** The sample leaves both approver fields empty, against its own table; here one is filled. */
export const approvalSample: z.input<typeof approval> = {
  order_id: '6037741540892319799',
  order_no: 'DD201612090000001',
  create_time: '',
  approver_id: '',
  approver_code: 'EMP0001',
  verify_type: '1',
};

export const orderFieldsSample: z.input<typeof orderFields> = {
  order_no: 'DD201612090000001',
  exts,
  products: [{ id: '7755038711664976249', exts }],
};

export const closingSample: z.input<typeof closing> = {
  order_id: '6037741540892319799',
  order_no: 'DD201612090000001',
};

/** The document's sample has empty values only; these are ours in the documented form. */
export const signedQuantitiesSample: z.input<typeof signedQuantities> = {
  sent_create_date: '2016-12-10',
  order_sent_id: '7226306356013346628',
  prods: [{ order_sent_detail_id: '4843786111936788462', third_sign_num: '120.00000000' }],
};

/** Field names and FH_CLZ from the public page's sample; the values are ours. */
export const deliveryOrderSample: z.input<typeof deliveryOrder> = {
  sent_no: 'FH201612100001',
  sent_date: '2016-12-10',
  order_no: 'DD201612090000001',
  sign_status: 'FH_CLZ',
  receive_name: '张三',
  receive_phone: '18569854561',
  receive_addr: '江苏省南京市康缘智汇港',
  exts,
  prods: [
    { id: '7755038711664976249', posnr: '10', sent_num: '10.00000000', sent_input_unit_name: '箱', sent_remark: '' },
  ],
};
