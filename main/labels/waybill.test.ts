import { expect, test } from 'vitest';
import { carriesWaybill } from './waybill.ts';

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
