/** Virtual scale on a real socket -> link -> driver -> weighing rules -> a weight that may be taken; and back again. */
import { afterEach, expect, test } from 'vitest';
import { createScale, scaleProtocol } from '../../main/devices/scale/index.ts';
import { defaultWeighingLimits, judge, startWeighing, weighing } from '../../main/domain/weighing.ts';
import type { Judgement, WeighingEvent } from '../../main/domain/weighing.ts';
import { createVirtualScale } from '../../main/training/scale.ts';
import type { VirtualScale } from '../../main/training/scale.ts';
import { createLinks } from '../../native/index.ts';
import { silentLog } from '../kit/ports.ts';
import { realClock } from '../kit/real-clock.ts';

const limits = { ...defaultWeighingLimits, stableMs: 100 };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const portOf = (virtual: VirtualScale) => Number(virtual.uri.split(':').at(-1));

async function startScale(port = 0): Promise<VirtualScale> {
  const virtual = await createVirtualScale({ clock: realClock, log: silentLog, settleMs: 60, port });
  cleanups.push(() => virtual.stop());
  return virtual;
}

/** A desk with the virtual scale on it. */
async function startDesk() {
  const virtual = await startScale();
  const link = createLinks({ clock: realClock, log: silentLog }).create(virtual.uri, {});
  const protocol = scaleProtocol('mt-sics');
  const scale = createScale({ id: 'bench', link, protocol, clock: realClock, log: silentLog, pollMs: 20 });
  cleanups.push(() => scale.close());
  let state = startWeighing(null);
  const watchers = new Set<() => void>();
  const apply = (event: WeighingEvent) => {
    state = weighing(state, event, limits);
    for (const watcher of [...watchers]) watcher();
  };
  scale.onEvent(apply);
  scale.onState(() => apply({ kind: 'tick', at: realClock.monotonic() }));
  const now = () => judge(state, realClock.monotonic(), limits);
  /** The first judgement from now on that fits. */
  const until = (fits: (judgement: Judgement) => boolean) =>
    new Promise<Judgement>((resolve) => {
      const look = () => {
        const judgement = now();
        if (!fits(judgement)) return;
        watchers.delete(look);
        resolve(judgement);
      };
      watchers.add(look);
      look();
    });
  scale.open();
  return { virtual, scale, apply, now, until };
}

const reason = (code: string) => (judgement: Judgement) => judgement.reason?.code === code;
const usable = (judgement: Judgement) => judgement.usable;

test('a parcel is weighed, its weight is not given to the next, and the next gets its own', async () => {
  const { virtual, apply, now, until } = await startDesk();
  await until(reason('weight.zero'));
  apply({ kind: 'parcel-opened', parcelId: 'A', at: realClock.monotonic() });
  virtual.put(1234);
  await until(reason('weight.unstable'));
  const weight = await until(usable);
  expect(weight).toMatchObject({ grams: 1234, state: 'stable', reason: null });
  expect(weight.frames.length).toBeGreaterThanOrEqual(limits.stableFrames);
  for (const raw of weight.frames) expect(Buffer.from(raw, 'hex').toString('latin1')).toBe('S S      1.234 kg\r\n');
  apply({ kind: 'weight-taken', parcelId: 'A', grams: 1234, at: realClock.monotonic() });

  apply({ kind: 'parcel-opened', parcelId: 'B', at: realClock.monotonic() });
  await until(reason('weight.not-changed'));
  virtual.put(0);
  await until(reason('weight.zero'));
  virtual.put(1234);
  expect(await until(usable)).toMatchObject({ grams: 1234 });
  expect(now().usable).toBe(true);
});

test.each([
  ['moving', 'weight.unstable'],
  ['overload', 'weight.overload'],
  ['underload', 'weight.underload'],
  ['noise', 'weight.noise'],
] as const)('mode %s stops the weight with %s, and it comes back', async (mode, code) => {
  const { virtual, apply, until } = await startDesk();
  apply({ kind: 'parcel-opened', parcelId: 'A', at: realClock.monotonic() });
  virtual.put(500);
  await until(usable);
  virtual.setMode(mode);
  expect((await until(reason(code))).usable).toBe(false);
  virtual.setMode('steady');
  expect(await until(usable)).toMatchObject({ grams: 500 });
});

test('a scale that falls silent stops the weight within two seconds and a bit', async () => {
  const { virtual, scale, apply, until } = await startDesk();
  apply({ kind: 'parcel-opened', parcelId: 'A', at: realClock.monotonic() });
  virtual.put(500);
  await until(usable);
  virtual.setMode('silent');
  const from = performance.now();
  const judgement = await until(reason('weight.stale'));
  expect(performance.now() - from).toBeLessThan(2_500);
  expect(judgement).toMatchObject({ usable: false, grams: null, state: 'silent' });
  expect(scale.current()).toEqual({ reading: null, state: 'silent' });
});

test('unplugged: connecting and no weight at once; plugged in again: readings by themselves', async () => {
  const { virtual, scale, apply, until } = await startDesk();
  apply({ kind: 'parcel-opened', parcelId: 'A', at: realClock.monotonic() });
  virtual.put(500);
  await until(usable);
  await virtual.stop();
  expect(await until((judgement) => judgement.state === 'connecting')).toMatchObject({ usable: false, grams: null });
  expect(scale.counts().lastLinkError).not.toBeNull();
  const again = await startScale(portOf(virtual));
  again.put(700);
  expect(await until(usable)).toMatchObject({ grams: 700 });
});
