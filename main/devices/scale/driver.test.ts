import { expect, test } from 'vitest';
import { createMemoryHub } from '../../../native/memory/hub.ts';
import { recordingLog } from '../../../test/kit/ports.ts';
import { createVirtualClock } from '../../../test/kit/virtual-clock.ts';
import type { ScaleState } from '../../../preload/contract/index.ts';
import { createScale } from './driver.ts';
import { hidPos } from './hid-pos.ts';
import { mtSics } from './mt-sics.ts';
import { settleScale } from './settle.ts';

const stableFrame = 'S S     100.00 g\r\n';

function bench(answer: ((asked: number) => string | null) | null = () => stableFrame) {
  const clock = createVirtualClock();
  const log = recordingLog();
  const hub = createMemoryHub();
  const device = hub.device('scale');
  let asked = 0;
  device.onReceived((bytes) => {
    expect(Buffer.from(bytes).toString('latin1')).toBe('SI\r\n');
    asked += 1;
    const text = answer?.(asked) ?? null;
    if (text !== null) device.send(Buffer.from(text, 'latin1'));
  });
  const scale = createScale({ id: 'bench', link: hub.link('memory://scale'), protocol: mtSics, clock, log });
  const states: ScaleState[] = [];
  scale.onState((state) => states.push(state));
  return {
    clock,
    log,
    device,
    scale,
    states,
    asked: () => asked,
    send: (text: string) => device.send(Buffer.from(text, 'latin1')),
  };
}

test('asks eight times a second and hands readings on', async () => {
  const { clock, scale, states, asked } = bench();
  const grams: number[] = [];
  scale.onReading((reading) => grams.push(reading.grams));
  expect(scale.current()).toEqual({ reading: null, state: 'connecting' });
  scale.open();
  await clock.advance(1_000);
  expect(asked()).toBe(9);
  expect(grams).toHaveLength(9);
  expect(scale.current()).toMatchObject({ reading: { grams: 100, stable: true }, state: 'stable' });
  expect(states).toEqual(['stable']);
  await scale.close();
});

test('a slow scale is not asked again before it answered, or a second passed', async () => {
  const { clock, scale, asked, send } = bench(null);
  scale.open();
  await clock.advance(900);
  expect(asked()).toBe(1);
  send(stableFrame);
  await clock.advance(125);
  expect(asked()).toBe(2);
  await clock.advance(1_000);
  expect(asked()).toBe(3);
  await scale.close();
});

test('no frame for two seconds is silence', async () => {
  const { clock, scale, states } = bench((asked) => (asked < 3 ? stableFrame : null));
  scale.open();
  await clock.advance(2_125);
  expect(scale.current()).toMatchObject({ reading: { grams: 100 }, state: 'stable' });
  await clock.advance(250);
  expect(scale.current()).toEqual({ reading: null, state: 'silent' });
  expect(states).toEqual(['stable', 'silent']);
  await scale.close();
});

test('only noise for a second is noise, and is logged once with its bytes', async () => {
  const { clock, scale, log, states } = bench(() => '\x00\xff\r\n');
  scale.open();
  await clock.advance(900);
  expect(scale.current().state).toBe('connecting');
  await clock.advance(300);
  expect(states).toEqual(['noise']);
  expect(scale.counts()).toMatchObject({
    readings: 0,
    lastRefused: { error: 'not an MT-SICS reply', problem: { code: 'format-sics', params: {} }, raw: '00ff0d0a' },
  });
  expect(log.lines).toMatchObject([{ level: 'warn', fields: { scale: 'bench', raw: '00ff0d0a' } }]);
  await scale.close();
});

test('motion, overload and underload are shown as the scale says them', async () => {
  const { scale, states, send } = bench(null);
  scale.open();
  for (const line of ['S D     100.00 g', 'S +', 'S -', 'S S     100.00 g']) send(`${line}\r\n`);
  expect(states).toEqual(['moving', 'overload', 'underload', 'stable']);
  await scale.close();
});

test('pulled and plugged in again: connecting, then readings; half a frame from before joins nothing', async () => {
  const { clock, device, scale, states, send } = bench(null);
  scale.open();
  send(stableFrame);
  send('S S     1');
  device.plug(false);
  expect(scale.current()).toEqual({ reading: null, state: 'connecting' });
  device.plug(true);
  send('00.00 g\r\n');
  expect(scale.current().reading).toBeNull();
  send(stableFrame);
  expect(states).toEqual(['stable', 'connecting', 'stable']);
  await clock.advance(10);
  await scale.close();
});

test('a listener that throws is logged and harms nobody', async () => {
  const { clock, scale, log } = bench();
  let heard = 0;
  scale.onReading(() => {
    throw new Error('mine');
  });
  scale.onReading(() => (heard += 1));
  scale.open();
  await clock.advance(0);
  expect(heard).toBe(1);
  expect(log.lines[0]).toMatchObject({ level: 'error', fields: { error: 'Error: mine' } });
  await scale.close();
});

test('close leaves no timer, and open starts again', async () => {
  const { clock, scale } = bench();
  scale.open();
  await clock.advance(300);
  await scale.close();
  expect(clock.pending).toBe(0);
  expect(scale.current()).toEqual({ reading: null, state: 'connecting' });
  scale.open();
  await clock.advance(300);
  expect(scale.current().state).toBe('stable');
  await scale.close();
});

test('the first report of a USB scale may be of the parcel before, and is not used; after plugging in again neither', async () => {
  const clock = createVirtualClock();
  const hub = createMemoryHub();
  const device = hub.device('usb-scale');
  const scale = createScale({
    id: 'bench',
    link: hub.link('memory://usb-scale'),
    protocol: hidPos,
    clock,
    log: recordingLog(),
  });
  const grams: number[] = [];
  scale.onReading((reading) => grams.push(reading.grams));
  scale.open();
  const report = (low: number) => device.send(Uint8Array.of(3, 4, 2, 0, low, 0));
  for (const low of [50, 60, 70]) report(low);
  expect(grams).toEqual([60, 70]);
  device.plug(false);
  device.plug(true);
  for (const low of [70, 80]) report(low);
  expect(grams).toEqual([60, 70, 80]);
  expect(device.received).toHaveLength(0);
  await scale.close();
});

test('a scale is asked in the words of its form, as often as the profile says', async () => {
  const clock = createVirtualClock();
  const hub = createMemoryHub();
  const asked: string[] = [];
  const device = hub.device('post');
  device.onReceived((bytes) => {
    asked.push(Buffer.from(bytes).toString('latin1'));
    device.send(Buffer.from('\n 1G       5.025lb \r', 'latin1'));
  });
  const { protocol, settings, pollMs } = settleScale({ protocol: 'nci', form: 'sma', pollMs: 500 });
  const scale = createScale({
    id: 'post',
    link: hub.link('memory://post'),
    protocol,
    settings,
    pollMs,
    clock,
    log: recordingLog(),
  });
  scale.open();
  await clock.advance(1_000);
  expect(asked).toEqual(['\nW\r', '\nW\r', '\nW\r']);
  expect(scale.current().reading?.grams).toBeCloseTo(2279.30165925, 6);
  await scale.close();
});

test('a scale that sends by itself is not asked if the profile says so', async () => {
  const clock = createVirtualClock();
  const hub = createMemoryHub();
  const { protocol, settings, ask } = settleScale({ protocol: 'and', ask: false });
  const scale = createScale({
    id: 'and',
    link: hub.link('memory://and'),
    protocol,
    settings,
    ask,
    clock,
    log: recordingLog(),
  });
  scale.open();
  await clock.advance(2_000);
  expect(hub.device('and').received).toHaveLength(0);
  await scale.close();
});

test('a flood keeps listeners at 50 equal readings a second, and is counted whole', async () => {
  const { clock, scale, send } = bench(null);
  let told = 0;
  scale.onEvent((event) => {
    if (event.kind === 'reading') told += 1;
  });
  scale.open();
  for (let turn = 0; turn < 100; turn++) {
    send(stableFrame.repeat(50));
    await clock.advance(10);
  }
  expect(scale.counts().readings).toBe(5_000);
  expect(told).toBeLessThanOrEqual(51);
  expect(told).toBeGreaterThan(40);
  await scale.close();
});
