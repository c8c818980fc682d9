/** A virtual scale of every protocol and form, on a real socket with the real driver, to a stable weight; unplugged and back. */
import { expect, onTestFinished, test } from 'vitest';
import { createScale, scalePoll, settleScale, type Scale } from '../../main/devices/scale/index.ts';
import { parseScale, type ScaleProfile } from '../../main/profile/profile.ts';
import type { RefusedFrame, ScaleReading } from '../../main/domain/device.ts';
import { spokenFor, virtualScaleChoices } from '../../main/station/virtual-scale.ts';
import { createScaleLoad, type VirtualScaleMode } from '../../main/training/scale-load.ts';
import { createScaleTalk, createVirtualScale, type VirtualScale } from '../../main/training/scale.ts';
import { createLinks } from '../../native/index.ts';
import { silentLog } from '../kit/ports.ts';
import { realClock } from '../kit/real-clock.ts';
import { createVirtualClock } from '../kit/virtual-clock.ts';

interface Bench {
  readonly virtual: VirtualScale;
  readonly scale: Scale;
  /** The first reading from now on that fits. */
  reading(fits: (reading: ScaleReading) => boolean): Promise<ScaleReading>;
  state(state: ReturnType<Scale['current']>['state']): Promise<void>;
}

type Finish = (work: () => Promise<void>) => void;

async function bench(entry: ScaleProfile, finish: Finish = onTestFinished): Promise<Bench> {
  const virtual = await createVirtualScale({
    clock: realClock,
    log: silentLog,
    settleMs: 50,
    speaks: spokenFor(entry),
  });
  finish(() => virtual.stop());
  const { line: _, ...settled } = settleScale(entry);
  const link = createLinks({ clock: realClock, log: silentLog }).create(virtual.uri, {});
  const scale = createScale({ id: 'bench', link, ...settled, clock: realClock, log: silentLog, pollMs: 50 });
  finish(() => scale.close());
  scale.open();
  return {
    virtual,
    scale,
    reading: (fits) =>
      new Promise((resolve) => {
        const stop = scale.onReading((reading) => {
          if (!fits(reading)) return;
          stop();
          resolve(reading);
        });
      }),
    state: (wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (scale.current().state !== wanted) return;
          stop();
          resolve();
        };
        const stop = scale.onState(look);
        look();
      }),
  };
}

const weighs =
  (grams: number) =>
  (reading: ScaleReading): boolean =>
    reading.stable && Math.abs(reading.grams - grams) < 1e-6;

test('there is a choice for every protocol a profile can name, but the one it describes itself', () => {
  const protocols = [...new Set(virtualScaleChoices.map(({ entry }) => entry.protocol))];
  expect(protocols).toEqual([
    ...['hid-pos', 'mt-sics', 'toledo-8217', 'toledo-continuous', 'xk3190', 'and'],
    ...['cas', 'ohaus', 'sbi', 'nci', 'adam', 'kern'],
  ]);
  expect(new Set(virtualScaleChoices.map(({ id }) => id)).size).toBe(virtualScaleChoices.length);
});

/** Those that go on saying what lies on them. */
const talkative = virtualScaleChoices.filter(({ entry }) => entry.equalFrames !== 1);

test.concurrent.for(talkative)(
  '$id: a weight, none while it wobbles, unplugged and back',
  async ({ entry }, context) => {
    const { expect } = context;
    const { virtual, scale, reading, state } = await bench(entry, context.onTestFinished);
    await reading(weighs(0));
    virtual.put(12_340);
    const { raw } = await reading(weighs(12_340));
    expect(raw.length).toBeGreaterThan(0);

    virtual.setMode('moving');
    await state('moving');
    virtual.setMode('steady');
    await state('stable');

    await virtual.plug(false);
    await state('connecting');
    expect(scale.current().reading).toBeNull();
    expect(virtual.state().plugged).toBe(false);
    const backFrom = realClock.monotonic();
    await virtual.plug(true);
    await reading(weighs(12_340));
    expect(realClock.monotonic() - backFrom).toBeLessThan(2_500);
  },
);

test.each(talkative)('$id: too much and below zero are never a weight', async ({ entry }) => {
  const clock = createVirtualClock();
  const { protocol, settings } = settleScale(entry);
  const decoder = protocol.decoder(settings);
  const items: (ScaleReading | RefusedFrame)[] = [];
  const load = createScaleLoad(clock, 0, { settled: () => undefined, changed: () => undefined });
  const talk = createScaleTalk(
    spokenFor(entry),
    { clock, load, memory: { zeroG: 0, tareG: 0 } },
    {
      send: (bytes) => items.push(...decoder.push(bytes, clock.monotonic())),
      sendNoise: () => undefined,
    },
  );
  const said = async (mode: VirtualScaleMode): Promise<ScaleReading[]> => {
    load.setMode(mode);
    items.splice(0);
    for (let turn = 0; turn < 8; turn += 1) {
      talk.push(scalePoll(protocol, settings) ?? new Uint8Array());
      await clock.advance(100);
    }
    return items.flatMap((item) => ('error' in item || !item.stable ? [] : [item]));
  };
  load.put(500);
  expect((await said('steady')).map(({ grams }) => Math.round(grams))).toContain(500);
  expect(await said('overload')).toEqual([]);
  expect(await said('steady')).not.toEqual([]);
  expect(await said('underload')).toEqual([]);
  talk.stop();
});

test('a scale that could send by itself is asked, and sends by itself if the profile says so', async () => {
  const asked = spokenFor(parseScale({ id: 'a', link: 'virtual', protocol: 'and' }));
  const streaming = parseScale({ id: 'a', link: 'virtual', protocol: 'and', ask: false });
  expect([asked.streams, spokenFor(streaming).streams]).toEqual([false, true]);
  const { virtual, reading } = await bench(streaming);
  virtual.put(750);
  expect((await reading(weighs(750))).grams).toBe(750);
});

test('AZExtra says each weight once, and the one answer counts', async () => {
  const entry = parseScale({ id: 'a', link: 'virtual', protocol: 'adam', equalFrames: 1 });
  const { virtual, scale, reading } = await bench(entry);
  virtual.put(750);
  await reading(weighs(750));
  const { readings } = scale.counts();
  virtual.put(0);
  virtual.put(760);
  await reading(weighs(760));
  expect(scale.counts().readings).toBe(readings + 1);
});

test('another scale on the desk: connections are cut and it speaks its own language', async () => {
  const [first, second] = [virtualScaleChoices[0], virtualScaleChoices.find(({ id }) => id === 'cas')];
  if (first === undefined || second === undefined) throw new Error('too few choices');
  const { virtual, scale, reading, state } = await bench(first.entry);
  await reading(weighs(0));
  virtual.speak(spokenFor(second.entry));
  await state('connecting');
  virtual.put(500);
  await state('noise');
  expect(scale.counts().lastRefused?.error).toBeDefined();
});

test.each([
  [{ protocol: 'user-defined' }, 'a virtual scale cannot speak user-defined; write another protocol of docs/scales.md'],
  [{ protocol: 'toledo-8217', unit: 'ct' }, 'a virtual scale cannot be set to ct; write g, kg, lb or oz'],
])('%o cannot be played, and says why', (given, words) => {
  expect(() => spokenFor(parseScale({ id: 'a', link: 'virtual', ...given }))).toThrow(words);
});
