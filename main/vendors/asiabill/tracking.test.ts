import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { queryParams, uploadParams } from './calls.ts';
import type { Tracked } from './map.ts';
import { answerFrom, inCalls, statusOf } from './tracking.ts';

const tradeNo = '2021092810011380477264';
const question = (orderNumber = tradeNo, waybill = 'WB1') => ({
  parcelId: 'p',
  waybill,
  reference: '',
  orderNumber,
  vendorOrderNumber: null,
});
const row = (change: Partial<Tracked> = {}): Tracked => ({
  tradeNo,
  trackingNo: 'WB1',
  status: 'Delivered',
  carrierCode: '',
  trackingWeb: '',
  ...change,
});

test.each([
  ['Pending', 'announced'],
  ['NotFound', 'not-found'],
  ['InfoReceived', 'announced'],
  ['InTransit', 'in-transit'],
  ['ArrivedDelivery', 'ready-for-pickup'],
  ['Delivering', 'out-for-delivery'],
  ['Delivered', 'delivered'],
  ['Exception', 'exception'],
  ['DeliveryFailure', 'delivery-failed'],
  ['Return', 'returned'],
  ['delivered', 'unclear'],
  ['toString', 'unclear'],
])('status %s is %s', (word, status) => {
  expect(statusOf(word)).toBe(status);
});

test.each([
  [[row()], 'delivered'],
  [[row({ trackingNo: 'WB0', status: 'Return' }), row()], 'delivered'],
  [[row({ trackingNo: null })], 'delivered'],
  [[row({ trackingNo: 'WB0' })], 'unclear'],
  [[row({ tradeNo: null })], 'unclear'],
  [[row({ tradeNo: '1' })], 'not-found'],
  [[], 'not-found'],
])('rows %# are %s', (rows, status) => {
  expect(answerFrom(question(), rows)).toMatchObject({ parcelId: 'p', status });
});

test('no call asks for more than 255 characters, and no question is lost or moved', () => {
  const number = fc.stringMatching(/^[0-9]{1,64}$/);
  fc.assert(
    fc.property(fc.array(number, { maxLength: 60 }), (numbers) => {
      const groups = inCalls(numbers.map((each) => question(each)));
      for (const group of groups) {
        expect(group.map((each) => each.orderNumber).join(',').length).toBeLessThanOrEqual(255);
        expect(queryParams.safeParse({ tradeNos: group.map((each) => each.orderNumber) }).success).toBe(true);
      }
      expect(groups.flat().map((each) => each.orderNumber)).toEqual(numbers);
    }),
  );
  expect(inCalls(Array.from({ length: 11 }, () => question()))).toHaveLength(1);
  expect(inCalls(Array.from({ length: 12 }, () => question()))).toHaveLength(2);
});

describe('limits', () => {
  const upload = { orderNo: '1', trackingNo: '12', trackingWeb: 'ab' };
  test.each([
    [{}, true],
    [{ orderNo: undefined }, false],
    [{ orderNo: undefined, tradeNo: '1' }, true],
    [{ orderNo: 'x'.repeat(65) }, false],
    [{ tradeNo: 'x'.repeat(65) }, false],
    [{ trackingNo: '1' }, false],
    [{ trackingNo: 'x'.repeat(51) }, false],
    [{ trackingWeb: 'a' }, false],
    [{ trackingWeb: 'x'.repeat(201) }, false],
    [{ lcCode: 'x'.repeat(51) }, false],
    [{ orderNo: 12167001000000000000 }, false],
  ])('upload with %j: %s', (change, accepted) => {
    expect(uploadParams.safeParse({ ...upload, ...change }).success).toBe(accepted);
  });

  test.each([
    ['1', true],
    ['1,2', true],
    ['', false],
    ['1,,2', false],
    ['1 ,2', false],
    ['x'.repeat(65), false],
    [Array.from({ length: 12 }, () => tradeNo).join(','), false],
  ])('query of %j: %s', (tradeNos, accepted) => {
    expect(queryParams.safeParse({ tradeNos }).success).toBe(accepted);
  });
});
