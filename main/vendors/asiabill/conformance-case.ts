import { testCall, type ConformanceCase } from '../kit/testing.ts';
import queryAnswer from './fixtures/query-answer.json' with { type: 'json' };
import uploadAnswer from './fixtures/upload-answer.json' with { type: 'json' };

const upload = testCall('uploadTracking');
const long = (length: number): string => 'x'.repeat(length);
const withWaybill = (waybill: string) => testCall('uploadTracking', { earlier: { confirm: { waybill } } });

export const conformanceCase: ConformanceCase = {
  vendor: 'asiabill',
  settings: { baseUrl: 'http://127.0.0.1:1', gatewayNo: '12345001', signKey: 'sign-key-of-the-test' },
  variants: [
    {
      baseUrl: 'http://127.0.0.1:1/openApi/',
      gatewayNo: '12345001',
      signKey: 'sign-key-of-the-test',
      hexCase: 'upper',
      lcCode: 'TWTH',
      orderNumberIs: 'tradeNo',
      trackingWeb: 'https://abc.com/{waybill}',
    },
  ],
  secrets: ['sign-key-of-the-test'],
  aside: () => null,
  answerWithCode: (code) => ({ code, data: { status: 'success', description: 'uploadSuccess' }, message: '' }),
  bareAnswer: (code) => ({ code }),
  operations: [
    {
      call: upload,
      success: uploadAnswer,
      mayBeDone: (body) => {
        const { code, data } = (body ?? {}) as { code?: unknown; data?: { status?: unknown } | null };
        return code === '00000' && typeof data?.status === 'string' && data.status.trim() === 'success';
      },
    },
  ],
  calls: { queryTracking: { success: queryAnswer } },
  anyDone: (body) => ((body ?? {}) as { code?: unknown }).code === '00000',
  samples: [{ name: '物流上传接口', operation: 'uploadTracking', body: uploadAnswer }],
  limits: [
    { name: 'orderNo empty', call: testCall('uploadTracking', { facts: { orderNumber: '' } }) },
    { name: 'orderNo 65', call: testCall('uploadTracking', { facts: { orderNumber: long(65) } }) },
    { name: 'trackingNo missing', call: testCall('uploadTracking', { earlier: {} }) },
    { name: 'trackingNo 1', call: withWaybill('1') },
    { name: 'trackingNo 51', call: withWaybill(long(51)) },
    { name: 'trackingWeb 201', call: withWaybill('单'.repeat(50)) },
    { name: 'request-id 65', call: testCall('uploadTracking', { requestId: long(65) }) },
    { name: 'request-id empty', call: testCall('uploadTracking', { requestId: '' }) },
  ],
};
