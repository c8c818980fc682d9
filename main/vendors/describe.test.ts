import { expect, test } from 'vitest';
import { asiabill } from './asiabill/module.ts';
import { describeRequest, listOperations } from './describe.ts';
import { testCall, testNow } from './kit/testing.ts';
import { waiqin365 } from './waiqin365/module.ts';

const at = { vendorNow: testNow, token: null };
const identity = { baseUrl: 'http://ab.test', gatewayNo: '12345001', signKey: 'k-e-y' };

test('what would be signed is shown with the exact text and without the key', () => {
  const upload = testCall('uploadTracking');
  expect(describeRequest(asiabill, identity, upload, at)).toMatchObject({
    method: 'POST',
    signedText: expect.stringMatching(new RegExp(`^12345001${upload.requestId}${testNow}\\.\\{"orderNo"`)) as string,
  });
  const appkey = 'BFCO0PAgIUgd50c0l6';
  const pull = describeRequest(
    waiqin365,
    { baseUrl: 'http://wq.test', openid: '1', appkey },
    { operation: 'pullOrders', requestId: '018f3b52-aaaa-7000-8000-000000000001' },
    at,
  );
  expect(pull).toMatchObject({
    url: expect.stringMatching(/\/1\/20260105080000\/[0-9a-f]{32}\/018f3b52aaaa70008000000000000001$/) as string,
    signedText: '{"page_number":1,"page_length":1000,"s_status":"1"}|‹appkey›|20260105080000',
  });
  expect(JSON.stringify(pull)).not.toContain(appkey);
});

test('an operation or settings that do not exist are refused in one line', () => {
  const odd = { operation: 'valueOf', requestId: 'r' };
  expect(describeRequest(asiabill, identity, odd, at)).toMatchObject({ refused: true, code: 'unsupported' });
  expect(describeRequest(asiabill, {}, odd, at)).toMatchObject({ refused: true, code: 'settings' });
});

test('operations are listed with their evidence', () => {
  const listed = listOperations().map(({ vendor, name, evidence }) => `${vendor} ${name} ${evidence}`);
  expect(listed).toEqual(
    expect.arrayContaining([
      'waiqin365 pullOrders documented',
      'waiqin365 addDeliveryOrder public',
      'hge token assumed',
      'hge placeOrder public',
      'hge queryOrder public',
      'hge confirm assumed',
      'hge fetchLabel assumed',
      'hge scanForm documented',
      'asiabill uploadTracking documented',
      'asiabill queryTracking documented',
    ]),
  );
  expect(new Set(listed).size).toBe(listed.length);
});
