import { describe, expect, test } from 'vitest';
import { answerOf } from '../kit/testing.ts';
import { settings } from './settings.ts';
import { readTracking, statusOf } from './tracking.ts';

const identity = { baseUrl: 'http://hge.test', apiKey: 'k', apiSecret: 's-e-c' };
const given = settings.parse({
  ...identity,
  assumed: { statuses: { 签收: 'delivered', CREATED: 'in-transit' }, fields: { eventTime: ['when'] } },
});
const defaults = settings.parse(identity);
const done = (data: unknown) => answerOf({ code: 200, success: true, detail: '', data });

describe('words', () => {
  test.each([
    ['In Transit', defaults, 'in-transit'],
    ['out-for-delivery', defaults, 'out-for-delivery'],
    ['已签收', defaults, 'delivered'],
    ['签收', defaults, 'unclear'],
    ['签收', given, 'delivered'],
    ['created', given, 'in-transit'],
    ['constructor', defaults, 'unclear'],
    ['', defaults, 'unclear'],
  ] as const)('%j under %# is %s', (word, under, status) => {
    expect(statusOf(word, under.assumed.statuses)).toBe(status);
  });
});

describe('answers', () => {
  test('events come oldest first, with their own words and instants', () => {
    const read = readTracking(
      done({
        status: 'delivered',
        tracks: [
          { time: 1_765_700_000, status: 'delivered', location: 'LA' },
          { time: '2025-12-13 10:00:00', node: '运输中', city: '杭州', desc: 'left' },
          'noise',
        ],
      }),
      'CS1',
      defaults,
    );
    expect(read).toEqual({
      kind: 'done',
      result: {
        status: 'delivered',
        vendorStatus: 'delivered',
        events: [
          { at: Date.UTC(2025, 11, 13, 2), status: 'in-transit', vendorStatus: '运输中', place: '杭州', text: 'left' },
          { at: 1_765_700_000_000, status: 'delivered', vendorStatus: 'delivered', place: 'LA', text: '' },
        ],
      },
    });
  });

  test('without a status of its own the newest event tells it; a list alone will do', () => {
    expect(readTracking(done([{ when: '2025-12-13 10:00:00', status: '签收' }]), 'CS1', given)).toMatchObject({
      result: { status: 'delivered', events: [{ at: Date.UTC(2025, 11, 13, 2) }] },
    });
  });

  test.each([
    [done({}), 'unknown'],
    [done(null), 'unknown'],
    [done('ok'), 'unknown'],
    [done({ customer_order_num: 'OTHER', status: 'delivered' }), 'unknown'],
    [answerOf({ code: 400, success: false, detail: 'bad' }), 'rejected'],
    [answerOf({ code: 400, success: false, detail: '订单不存在' }), 'done'],
  ])('answer %# is %s', (answer, kind) => {
    expect(readTracking(answer, 'CS1', defaults).kind).toBe(kind);
  });
});
