import { testCall, testFacts, type ConformanceCase } from '../kit/testing.ts';
import type { Address } from '../../domain/shipping.ts';
import orderAnswer from './fixtures/order-answer.json' with { type: 'json' };

const settings = {
  baseUrl: 'http://127.0.0.1:1',
  code: 'PACK',
  appSecret: 'secret-of-the-test',
  sendCompanyName: '江南优选',
  sendLinkMan: '张三',
  sendPhoneSms: '13800000000',
  sendProvince: '浙江省',
  sendCity: '杭州市',
  sendCounty: '萧山区',
  sendAddress: '市心北路1号',
};
/** A receiver within China. */
export const receiver: Address = {
  ...testFacts().receiver,
  name: '李四',
  company: '',
  phone: '13912345678',
  country: 'CN',
  state: '',
  city: '',
  postcode: '',
  line1: '江苏省南京市建邺区云龙山路66号',
  line2: '',
};
const place = (change: object = {}, to: Partial<Address> = {}) =>
  testCall('placeOrder', { earlier: {}, facts: { service: null, receiver: { ...receiver, ...to }, ...change } });
const long = (length: number): string => '长'.repeat(length);
const isDone = (body: unknown): boolean => {
  const { result, resultCode } = (body ?? {}) as { result?: unknown; resultCode?: unknown };
  return result === true && (resultCode === 1000 || (typeof resultCode === 'string' && resultCode.trim() === '1000'));
};

export const conformanceCase: ConformanceCase = {
  vendor: 'ane',
  settings,
  variants: [
    { ...settings, encoding: 'form' },
    { ...settings, baseUrl: 'http://127.0.0.1:1/aneop/', paths: { placeOrder: 'v2/order' }, serviceType: 'same-day' },
  ],
  secrets: ['secret-of-the-test'],
  aside: () => null,
  answerWithCode: (code) => ({ result: code === '1000', resultCode: code, resultInfo: '', reason: '' }),
  bareAnswer: (code) => ({ resultCode: code }),
  operations: [
    {
      call: place(),
      success: { ...orderAnswer, resultInfo: '{"orderNo":"PACKPB0000000000000000000001","ewbNo":"300012345678"}' },
      mayBeDone: isDone,
    },
    {
      call: testCall('cancel', {
        earlier: { placeOrder: { vendorOrderNumber: 'PACKPB0000000000000000000001', waybill: '300012345678' } },
      }),
      success: orderAnswer,
      mayBeDone: isDone,
    },
  ],
  calls: { placeOrder: { success: orderAnswer } },
  anySuccess: orderAnswer,
  anyDone: isDone,
  samples: [{ name: '订单新建', operation: 'placeOrder', body: orderAnswer }],
  limits: [
    { name: 'orderNo 65', call: place({ reference: 'R'.repeat(61) }) },
    { name: 'dispatchLinkMan 101', call: place({}, { name: long(101) }) },
    { name: 'dispatchLinkMan empty', call: place({}, { name: '' }) },
    { name: 'dispatchCompanyName 101', call: place({}, { company: long(101) }) },
    { name: 'dispatchPhone 33', call: place({}, { phone: `0571-${'1'.repeat(28)}` }) },
    { name: 'no telephone', call: place({}, { phone: '' }) },
    { name: 'dispatchAddress 257', call: place({}, { line1: `江苏省南京市建邺区${long(248)}` }) },
    { name: 'remark 501', call: place({ remark: long(501) }) },
    { name: 'totalWeight 0', call: place({ weightG: 0 }) },
    { name: 'a service it does not have', call: place({ service: 'P10006' }) },
    { name: 'a receiver abroad', call: place({}, { country: 'US' }) },
    { name: 'an address whose county is not certain', call: place({}, { line1: '江苏省南京市云龙山路66号' }) },
    { name: 'cancel without an order', call: testCall('cancel', { earlier: {} }) },
  ],
};
