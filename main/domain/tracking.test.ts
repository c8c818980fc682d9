import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TrackingAnswer, TrackingEvent, TrackingStatus } from './shipping.ts';
import {
  askAgainMs,
  defaultTrackingPolicy,
  deliveryEvent,
  isFinal,
  longestWaitMs,
  nowhereYet,
  signerIn,
  whereabouts,
} from './tracking.ts';

const statuses: readonly TrackingStatus[] = [
  'unclear',
  'not-found',
  'announced',
  'in-transit',
  'ready-for-pickup',
  'out-for-delivery',
  'delivered',
  'exception',
  'delivery-failed',
  'returned',
];

const anEvent = (changes: Partial<TrackingEvent> = {}): TrackingEvent => ({
  at: 1_000,
  status: 'in-transit',
  vendorStatus: '81',
  place: '',
  text: '',
  ...changes,
});

const anAnswer = (changes: Partial<TrackingAnswer> = {}): TrackingAnswer => ({
  parcelId: 'p',
  status: 'in-transit',
  vendorStatus: '81',
  events: [],
  ...changes,
});

const status = fc.constantFrom(...statuses);
const instant = fc.option(fc.integer({ min: 0, max: 100 }));
const event = fc.record({
  at: instant,
  status,
  vendorStatus: fc.constantFrom('a', 'b'),
  place: fc.constant(''),
  text: fc.constant(''),
});
const answer = fc.record({
  parcelId: fc.constant('p'),
  status,
  vendorStatus: fc.constantFrom('a', 'b'),
  events: fc.array(event, { maxLength: 4 }),
});
const heard = fc.array(fc.tuple(answer, fc.integer({ min: 0, max: 100 })), { maxLength: 8 });

test('a parcel that was delivered or returned stays so, whatever comes later', () => {
  fc.assert(
    fc.property(heard, (answers) => {
      let now = nowhereYet;
      for (const [given, at] of answers) {
        const next = whereabouts(now, given, at);
        if (isFinal(now.status)) expect(next).toEqual(now);
        now = next;
      }
    }),
  );
});

test('the instant behind a status never goes back before the end of the way', () => {
  fc.assert(
    fc.property(heard, (answers) => {
      let now = nowhereYet;
      for (const [given, at] of answers) {
        const next = whereabouts(now, given, at);
        if (now.at !== null && !isFinal(next.status)) expect(next.at).toBeGreaterThanOrEqual(now.at);
        now = next;
      }
    }),
  );
});

test('hearing the same answer again changes nothing', () => {
  fc.assert(
    fc.property(heard, answer, fc.nat(100), (answers, given, at) => {
      const before = answers.reduce((now, [one, heardAt]) => whereabouts(now, one, heardAt), nowhereYet);
      const once = whereabouts(before, given, at);
      expect(whereabouts(once, given, at)).toEqual(once);
    }),
  );
});

test('a word we cannot read is never delivery, and never hides what is known', () => {
  const unread = anAnswer({ status: 'unclear', vendorStatus: '神秘' });
  expect(whereabouts(nowhereYet, unread, 5)).toEqual({ status: 'unclear', vendorStatus: '神秘', at: null });
  const known = { status: 'in-transit', vendorStatus: '81', at: 3 } as const;
  expect(whereabouts(known, unread, 5)).toEqual(known);
});

test('a late answer about an earlier day does not move the parcel back', () => {
  const out = { status: 'out-for-delivery', vendorStatus: '82', at: 5_000 } as const;
  const late = anAnswer({ status: 'in-transit', events: [anEvent({ at: 1_000 })] });
  expect(whereabouts(out, late, 9_000)).toEqual(out);
});

test('a delivery among the events counts although the answer itself says nothing', () => {
  const events = [anEvent(), anEvent({ at: 2_000, status: 'delivered', vendorStatus: '103' })];
  const given = anAnswer({ status: 'unclear', vendorStatus: '', events });
  expect(whereabouts(nowhereYet, given, 9_000)).toEqual({ status: 'delivered', vendorStatus: '103', at: 2_000 });
  expect(deliveryEvent(given, 9_000)).toMatchObject({ at: 2_000, vendorStatus: '103' });
});

test('a delivery told without events is told onward with the instant it was heard', () => {
  const given = anAnswer({ status: 'delivered', vendorStatus: '001' });
  expect(deliveryEvent(given, 77)).toEqual({ at: 77, status: 'delivered', vendorStatus: '001', place: '', text: '' });
});

test.each([
  ['快件已签收，签收人：张三，感谢使用', '张三'],
  ['签收人是李四。', '李四'],
  ['Signed by: Smith', 'Smith'],
  ['已签收', ''],
])('who signed is taken from %s only if it is said', (text, name) => {
  expect(signerIn(text)).toBe(name);
});

test('a parcel is asked about less often as it ages, later after failures, and not for ever', () => {
  const hour = 3_600_000;
  const after = (ageHours: number, failures = 0): number | null =>
    askAgainMs(ageHours * hour, failures, defaultTrackingPolicy);
  expect([after(0), after(25), after(24 * 5)]).toEqual([hour / 2, 2 * hour, 6 * hour]);
  expect([after(0, 1), after(0, 2), after(0, 30)]).toEqual([hour, 2 * hour, 6 * hour]);
  expect(after(24 * 60)).toBeNull();
  expect(longestWaitMs(defaultTrackingPolicy)).toBe(6 * hour);
});
