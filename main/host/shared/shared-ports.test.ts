/** Clock, ids, randomness and the line: what every host gives the station. */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createSystemClock } from './clock.ts';
import { createIds } from './ids.ts';
import { createLineSwitch } from './line.ts';
import { createRandom } from './random.ts';

const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('ids are UUIDs of version 7 that carry their instant', () => {
  const id = createIds({ now: () => 0x0123_4567_89ab }).next();
  expect(id).toMatch(uuid7);
  expect(id.replaceAll('-', '').slice(0, 12)).toBe('0123456789ab');
});

test('ids sort in the order they were made, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 300 }), (clock) => {
      let index = 0;
      const ids = createIds({ now: () => clock[index++ % clock.length] ?? 0 });
      const made = clock.map(() => ids.next());
      expect([...made].sort()).toEqual(made);
      expect(new Set(made).size).toBe(made.length);
    }),
  );
});

test('more ids within a millisecond than the counter holds still differ and sort', () => {
  const ids = createIds({ now: () => 1 });
  const made = Array.from({ length: 10_000 }, () => ids.next());
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(10_000);
  expect(made.every((id) => uuid7.test(id))).toBe(true);
});

test('random numbers lie in [0, 1)', () => {
  const random = createRandom();
  const numbers = Array.from({ length: 1_000 }, () => random.next());
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  expect(new Set(numbers).size).toBe(1_000);
});

test('a timer fires once, and not after it was cancelled', () => {
  vi.useFakeTimers();
  try {
    const clock = createSystemClock();
    const fired: string[] = [];
    clock.after(10, () => fired.push('kept'));
    clock.after(10, () => fired.push('cancelled')).cancel();
    // Longer than a Node timer takes: it must not fire at once.
    const far = clock.after(2 ** 40, () => fired.push('far'));
    vi.advanceTimersByTime(1_000);
    expect(fired).toEqual(['kept']);
    far.cancel();
  } finally {
    vi.useRealTimers();
  }
});

test('cutting the line destroys every open socket and tells who listens', () => {
  const line = createLineSwitch();
  const heard: boolean[] = [];
  line.onChange((up) => heard.push(up));
  const open = { destroy: vi.fn() };
  const done = { destroy: vi.fn() };
  line.register(open);
  line.register(done)();
  line.set(false);
  line.set(false);
  expect([line.up, line.open, heard]).toEqual([false, 0, [false]]);
  expect(open.destroy).toHaveBeenCalledTimes(1);
  expect(done.destroy).not.toHaveBeenCalled();
});

test('a socket that comes while the line is down is destroyed at once', () => {
  const line = createLineSwitch();
  line.set(false);
  const late = { destroy: vi.fn() };
  line.register(late);
  expect(late.destroy).toHaveBeenCalledTimes(1);
  line.set(true);
  expect([line.up, line.open]).toEqual([true, 0]);
});
