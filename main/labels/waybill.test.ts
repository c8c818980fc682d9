import { expect, test } from 'vitest';
import { carriesWaybill, otherWaybill } from './waybill.ts';

test.each([
  [['YT1234567890'], 'YT1234567890', true],
  [['yt1234567890'], 'YT1234567890', true],
  [['other', 'YT 1234 567890'], 'YT1234567890', true],
  [['https://a.test/?w=YT1234567890&x=1'], 'YT1234567890', true],
  [['YT1234567890-1-2'], 'YT1234567890-1-2', true],
  [['420900019400100000000000000000'], '9400100000000000000000', true],
  [['420900011234' + '9400100000000000000000'], '9400100000000000000000', true],
  [['YT12345678901'], 'YT1234567890', false],
  [['XYT1234567890'], 'YT1234567890', false],
  [['YT1234567890-1-2'], 'YT1234567890-1-3', false],
  [[], 'YT1234567890', false],
  [['anything'], '', false],
  [['anything'], '  ', false],
])('%j carries %j: %s', (codes, waybill, carried) => {
  expect(carriesWaybill(codes, waybill)).toBe(carried);
});

test.each([
  [['HGE2601050000001', 'LH000000018CN'], 'LH000000028CN', 'LH000000018CN'],
  [['9261290100000010000001'], 'LH000000028CN', '9261290100000010000001'],
  [['LH000000018CN'], '9261290100000010000001', 'LH000000018CN'],
  [['PB999'], 'PB54010000010C', 'PB999'],
  [['REF-1', '0571-88001234'], 'PB54010000010C', null],
  [['HGE2601050000001'], 'LH000000028CN', null],
  [[], 'PB54010000010C', null],
])('of %j, not %j, the waybill is %j', (codes, waybill, other) => {
  expect(otherWaybill(codes, waybill)).toBe(other);
});
