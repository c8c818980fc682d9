import { expect, test } from 'vitest';
import { createClockOffset } from './clock-offset.ts';
import { answerOf, testNow } from './testing.ts';

const minute = 60_000;
const dated = (at: number, change: { sentAt?: number; answeredAt?: number; age?: string } = {}) =>
  answerOf('', {
    headers: { date: new Date(at).toUTCString(), ...(change.age === undefined ? {} : { age: change.age }) },
    sentAt: change.sentAt ?? testNow,
    answeredAt: change.answeredAt ?? change.sentAt ?? testNow,
  });

function learning(initialMs = 0) {
  const changes: number[] = [];
  return { changes, offset: createClockOffset({ initialMs, onChange: (ms) => changes.push(ms) }) };
}

test.each([
  ['below four minutes', 3.9 * minute, 0],
  ['four minutes ahead', 4.1 * minute, 4.1 * minute + 500],
  ['thirteen minutes behind', -13 * minute, -13 * minute + 500],
])('%s', (_name, ahead, expected) => {
  const { offset } = learning();
  offset.observe(dated(testNow + ahead));
  expect(Math.abs(offset.ms - expected)).toBeLessThan(1_000);
});

test('the middle of the exchange is compared', () => {
  const { offset } = learning();
  offset.observe(dated(testNow + 10 * minute, { sentAt: testNow, answeredAt: testNow + 2 * minute }));
  expect(offset.ms).toBe(9 * minute + 500);
});

test('answers out of a cache, without a date, or after more than fifteen minutes say nothing', () => {
  const { offset, changes } = learning();
  offset.observe(dated(testNow + 60 * minute, { age: '10' }));
  offset.observe(answerOf('', { headers: { date: 'soon' } }));
  offset.observe(answerOf(''));
  offset.observe(dated(testNow + 60 * minute, { answeredAt: testNow + 16 * minute }));
  offset.observe(dated(testNow + 60 * minute, { answeredAt: testNow - 1 }));
  expect(changes).toEqual([]);
});

test('goes back when our clock is set right, and tells of each change once', () => {
  const { offset, changes } = learning();
  offset.observe(dated(testNow + 10 * minute));
  offset.observe(dated(testNow + 10 * minute));
  offset.observe(dated(testNow));
  expect(changes.map((ms) => Math.round(ms / minute))).toEqual([10, 0]);
  expect(offset.ms).toBe(500);
});

test('a jump of more than a day must be seen twice', () => {
  const { offset } = learning();
  const far = testNow + 48 * 60 * minute;
  offset.observe(dated(far));
  expect(offset.ms).toBe(0);
  offset.observe(dated(far));
  expect(offset.ms).toBe(48 * 60 * minute + 500);
});

test('starts from what was kept, and from zero if that is no number', () => {
  expect(learning(5 * minute).offset.ms).toBe(5 * minute);
  expect(learning(Number.NaN).offset.ms).toBe(0);
});

test('once the vendor says our clock is wrong, a small difference is taken too', () => {
  const { offset } = learning();
  offset.correct(dated(testNow + minute));
  expect(offset.ms).toBe(minute + 500);
});
