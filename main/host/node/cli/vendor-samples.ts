/** Made-up settings and a made-up parcel: only to show what a request looks like. */
import type { JobCall } from '../../../domain/job.ts';
import type { EarlierResults, OperationName, ParcelFacts, SignImagesPayload } from '../../../domain/shipping.ts';

export const sampleSettings: Readonly<Record<string, Record<string, unknown>>> = {
  waiqin365: { baseUrl: 'https://openapi.waiqin365.com', openid: '0000000000000000000', appkey: 'SAMPLEAPPKEY000001' },
  hge: {
    baseUrl: 'https://test-oms.hanjinexp.com/openapi/customer/',
    apiKey: 'sample-key',
    apiSecret: 'sample-secret',
    auth: 'signed',
  },
  asiabill: { baseUrl: 'https://api-uat.asiabill.com/openApi', gatewayNo: '12345001', signKey: 'sample-sign-key' },
  hongxun: {
    baseUrl: 'https://uat.hongxunyun.cn',
    createBy: 'SAMPLE',
    dataSource: 'PACKBENCH',
    sk: 'sample-sk',
    warehouseCode: 'WH01',
    customerFlag: 'SAMPLE',
  },
  ane: {
    baseUrl: 'https://opc.test.ane56.com',
    code: 'SAMPLE',
    appSecret: 'sample-app-secret',
    sendCompanyName: '江南优选',
    sendLinkMan: '张三',
    sendPhoneSms: '13800000000',
    sendProvince: '浙江省',
    sendCity: '杭州市',
    sendCounty: '萧山区',
    sendAddress: '市心北路1号',
  },
};

export const sampleFacts: ParcelFacts = {
  parcelId: 'sample',
  orderNumber: 'DD201612090000001',
  reference: 'PBD01SAMPLE001',
  receiver: {
    name: 'Roken Chan',
    company: 'company',
    phone: '1 401-311-2522',
    email: 'receiver@example.com',
    country: 'US',
    state: 'CA',
    city: 'Los Angeles',
    postcode: '91700',
    line1: '150 addd',
    line2: '',
  },
  service: 'P10006',
  weightG: 1_250,
  lengthMm: null,
  widthMm: null,
  heightMm: null,
  items: [{ code: 'PD001', name: '商品1', quantity: '2', unitName: '箱', price: '10.00', gift: false }],
  remark: '',
};

/** ANE delivers within China only. */
const chineseReceiver: ParcelFacts['receiver'] = {
  name: '李雷',
  company: '',
  phone: '13800000000',
  email: '',
  country: 'CN',
  state: '浙江省',
  city: '杭州市',
  postcode: '',
  line1: '浙江省杭州市西湖区文三路 1 号',
  line2: '',
};

export function sampleCall(vendor: string, operation: OperationName, requestId: string): JobCall {
  const earlier: EarlierResults = {
    placeOrder: { vendorOrderNumber: 'HGE2507080000516', waybill: null },
    confirm: { waybill: '9200190000000000000000' },
  };
  const facts = vendor === 'ane' ? { ...sampleFacts, receiver: chineseReceiver, service: 'normal' } : sampleFacts;
  const call = { operation, facts, earlier, requestId, attempt: 1 };
  if (operation === 'reportParcel') {
    return { ...call, facts: { ...facts, lengthMm: 305, widthMm: 200, heightMm: 150 } };
  }
  return deliveryOperations.has(operation) ? { ...call, payload: samplePayload } : call;
}

const deliveryOperations: ReadonlySet<OperationName> = new Set([
  'pushRoute',
  'pushSignInfo',
  'recordSigned',
  'pushSignImages',
]);

const samplePayload: SignImagesPayload = {
  event: {
    at: Date.UTC(2026, 0, 5),
    status: 'delivered',
    vendorStatus: 'delivered',
    place: '上海市浦东新区',
    text: '已签收',
  },
  signedBy: '李四',
  images: [{ url: 'https://example.com/sign.jpg', base64: null, postfix: 'jpg' }],
};
