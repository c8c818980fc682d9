import { testCall, type ConformanceCase } from '../kit/testing.ts';
import type { JobCall } from '../../domain/job.ts';
import type { DeliveryPayload, OperationName, SignImagesPayload, TrackingStatus } from '../../domain/shipping.ts';
import answer from './fixtures/answer.json' with { type: 'json' };

const settings = {
  baseUrl: 'http://127.0.0.1:1',
  createBy: 'PACKBENCH',
  dataSource: 'WMS',
  sk: 'secret-key-of-the-test',
  warehouseCode: 'WH01',
  customerFlag: 'CUST01',
};
const measured = { lengthMm: 305, widthMm: 200, heightMm: 150 };

/** 2026-01-05 08:00:00 in China. */
function delivered(status: TrackingStatus = 'delivered'): DeliveryPayload {
  return {
    event: { at: Date.UTC(2026, 0, 5), status, vendorStatus: 'POD', place: '上海', text: '已签收' },
    signedBy: '李四',
  };
}
const images: SignImagesPayload = {
  ...delivered(),
  images: [{ url: 'https://example.com/sign.jpg', base64: '/9j/4AAQ', postfix: 'jpg' }],
};

function withPayload(operation: OperationName, payload: unknown, change: Parameters<typeof testCall>[1] = {}): JobCall {
  return { ...testCall(operation, change), payload };
}

const isDone = (body: unknown): boolean => {
  const { code, flag } = (body ?? {}) as { code?: unknown; flag?: unknown };
  return (code === 200 || (typeof code === 'string' && code.trim() === '200')) && flag === true;
};
const report = testCall('reportParcel', { facts: measured });
const none = { earlier: {} };

export const conformanceCase: ConformanceCase = {
  vendor: 'hongxun',
  settings,
  variants: [
    { ...settings, signCase: 'upper', nulls: 'keep', signImagesVia: 'carrier', paths: { reportParcel: '/v9/dws' } },
    { ...settings, report: { parcels: true, routes: true, signs: true, images: true }, pushesMayRepeat: true },
  ],
  secrets: ['secret-key-of-the-test'],
  aside: () => null,
  answerWithCode: (code) => ({ code: Number(code), message: '', flag: true }),
  bareAnswer: (code) => ({ code: Number(code) }),
  operations: [
    { call: report, success: answer, mayBeDone: isDone },
    { call: withPayload('pushRoute', delivered('in-transit')), success: answer, mayBeDone: isDone },
    { call: withPayload('pushSignInfo', delivered()), success: answer, mayBeDone: isDone },
    { call: withPayload('pushSignImages', images), success: answer, mayBeDone: isDone },
  ],
  anySuccess: answer,
  anyDone: isDone,
  samples: [{ name: '签收图片推送接口 返回响应', operation: 'pushSignImages', body: answer }],
  limits: [
    { name: 'mailno missing', call: testCall('reportParcel', { facts: measured, ...none }) },
    { name: 'longs missing', call: testCall('reportParcel') },
    { name: 'weight 0', call: testCall('reportParcel', { facts: { ...measured, weightG: 0 } }) },
    { name: 'route without payload', call: testCall('pushRoute') },
    { name: 'route without waybill', call: withPayload('pushRoute', delivered(), none) },
    { name: 'route of a status without node', call: withPayload('pushRoute', delivered('announced')) },
    {
      name: 'route without time',
      call: withPayload('pushRoute', { ...delivered(), event: { ...delivered().event, at: null } }),
    },
    { name: 'signature of a parcel on its way', call: withPayload('pushSignInfo', delivered('in-transit')) },
    { name: 'pictures: none', call: withPayload('pushSignImages', { ...images, images: [] }) },
    {
      name: 'pictures without address',
      call: withPayload('pushSignImages', { ...images, images: [{ url: null, base64: 'x', postfix: '' }] }),
    },
    {
      name: 'customerOrderCode 65',
      call: withPayload('pushSignImages', images, { facts: { orderNumber: 'x'.repeat(65) } }),
    },
  ],
};
