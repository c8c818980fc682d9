/** One scale, two places: a bag's weight is never a parcel's, and a parcel's never a bag's. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import type { Scale } from '../devices/scale/index.ts';
import { defaultWeighingLimits } from '../domain/weighing.ts';
import type { ScaleEvent } from '../domain/weighing-pulse.ts';
import { createWeigher, type BenchWeigher } from './weigher.ts';

let clock: VirtualClock;
let opened: TestStore;
let tell: (event: ScaleEvent) => void;
let weigher: BenchWeigher;
beforeEach(() => {
  clock = createVirtualClock();
  opened = openTestStore({ clock });
  const scale = {
    id: 'bench',
    onEvent(listener: (event: ScaleEvent) => void) {
      tell = listener;
      return () => undefined;
    },
    open: () => undefined,
    current: () => ({ reading: null, state: 'connecting' }),
    close: () => Promise.resolve(),
  } as unknown as Scale;
  const limits = { ...defaultWeighingLimits, maxG: 30_000 };
  weigher = createWeigher({ scale, virtual: () => true, limits, store: opened.store, clock });
  tell({ kind: 'link-state', state: 'open', at: clock.monotonic() });
});
afterEach(() => {
  opened.remove();
});

/** Settles on this weight. */
async function lies(grams: number): Promise<void> {
  for (let frame = 0; frame < 4; frame += 1) {
    await clock.advance(100);
    const at = clock.monotonic();
    tell({
      kind: 'reading',
      reading: { grams, stable: true, overload: false, underload: false, net: false, at, raw: '' },
    });
  }
}

test('a bag is as heavy as it is: the limits of parcels do not count', async () => {
  weigher.loadOpened('b1');
  await lies(42_000);
  expect(weigher.judgeLoad()).toMatchObject({ usable: true, grams: 42_000 });
  expect(weigher.snapshot.current()).toMatchObject({ usable: true, grams: 42_000 });
});

test('while a bag is weighed no weight is a parcel’s, also not by a supervisor’s word', async () => {
  weigher.parcelOpened('order');
  weigher.loadOpened('b1');
  await lies(9_000);
  expect(weigher.judge()).toMatchObject({ usable: false, grams: null, reason: { code: 'weight.bag' } });
});

test('a parcel that waits on the scale is not the bag’s weight', async () => {
  weigher.parcelOpened('order');
  await lies(700);
  weigher.loadOpened('b1');
  await lies(700);
  expect(weigher.judgeLoad()).toMatchObject({ usable: false, reason: { code: 'weight.not-changed' } });
  await lies(0);
  await lies(700);
  expect(weigher.judgeLoad()).toMatchObject({ usable: true, grams: 700 });
});

test('nor is one whose weight was just taken', async () => {
  weigher.parcelOpened('order');
  await lies(700);
  weigher.weightTaken('order', 700);
  weigher.loadOpened('b1');
  await lies(700);
  expect(weigher.judgeLoad().usable).toBe(false);
  await lies(2_700);
  expect(weigher.judgeLoad()).toMatchObject({ usable: true, grams: 2_700 });
});

test('a bag left on the scale is not the next parcel’s weight; lifted off, the parcel’s turn comes', async () => {
  weigher.parcelOpened('order');
  weigher.loadOpened('b1');
  await lies(9_000);
  weigher.loadClosed();
  await lies(9_000);
  expect(weigher.judge()).toMatchObject({ usable: false, reason: { code: 'weight.not-changed' } });
  await lies(0);
  await lies(700);
  expect(weigher.judge()).toMatchObject({ usable: true, grams: 700 });
});

test('an order opened while a bag is weighed has its turn after it', async () => {
  weigher.loadOpened('b1');
  weigher.parcelOpened('order');
  await lies(9_000);
  expect(weigher.judge().usable).toBe(false);
  weigher.loadClosed();
  await lies(0);
  await lies(650);
  expect(weigher.judge()).toMatchObject({ usable: true, grams: 650 });
});

test('with no bag to be weighed nothing is a bag’s weight', async () => {
  await lies(9_000);
  expect(weigher.judgeLoad().usable).toBe(false);
});
