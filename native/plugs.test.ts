import { expect, test } from 'vitest';
import { createVirtualClock } from '../test/kit/virtual-clock.ts';
import { createPlugs, lookEveryMs } from './plugs.ts';
import { nodeEveryMs, watchDeviceNode } from './device-node.ts';

function senses(names: string | null = 'ttyUSB0') {
  const seen = { names, looks: 0, usb: new Set<() => void>() };
  return {
    seen,
    of: {
      names: () => {
        seen.looks += 1;
        return Promise.resolve(seen.names);
      },
      onUsb: (tell: () => void) => {
        seen.usb.add(tell);
        return () => seen.usb.delete(tell);
      },
    },
  };
}

test('a name that comes or goes in /dev wakes whoever listens, within one look', async () => {
  const clock = createVirtualClock();
  const { seen, of } = senses();
  let woken = 0;
  const stop = createPlugs(clock, of).onPlug(() => (woken += 1));
  await clock.advance(1_000);
  expect(woken).toBe(0);
  seen.names = 'ttyUSB0 ttyUSB1';
  await clock.advance(lookEveryMs);
  expect(woken).toBe(1);
  await clock.advance(1_000);
  expect(woken).toBe(1);
  stop();
});

test('an event of the bus is passed on at once, and nothing is watched while nobody listens', async () => {
  const clock = createVirtualClock();
  const { seen, of } = senses();
  const plugs = createPlugs(clock, of);
  let woken = 0;
  const wake = (): void => void (woken += 1);
  const stops = [plugs.onPlug(wake), plugs.onPlug(wake)];
  expect(seen.usb.size).toBe(1);
  for (const tell of seen.usb) tell();
  expect(woken).toBe(2);
  for (const stop of [...stops, ...stops]) stop();
  const { looks } = seen;
  await clock.advance(5_000);
  expect(seen).toMatchObject({ looks, usb: new Set() });
  expect(clock.pending).toBe(0);
});

test('without libusb and without /dev nothing is heard and nothing breaks', async () => {
  const clock = createVirtualClock();
  const { of } = senses(null);
  const onUsb = (): never => {
    throw new Error('No native build was found');
  };
  let woken = 0;
  const stop = createPlugs(clock, { ...of, onUsb }).onPlug(() => (woken += 1));
  await clock.advance(1_000);
  expect(woken).toBe(0);
  stop();
});

test('a device file that goes away, or becomes another one, is told once', async () => {
  for (const next of [null, 'other']) {
    const clock = createVirtualClock();
    let now: string | null = 'first';
    let gone = 0;
    watchDeviceNode(
      '/dev/ttyUSB0',
      clock,
      () => (gone += 1),
      () => Promise.resolve(now),
    );
    await clock.advance(1_000);
    expect(gone).toBe(0);
    now = next;
    await clock.advance(nodeEveryMs);
    await clock.advance(1_000);
    expect(gone).toBe(1);
    expect(clock.pending).toBe(0);
  }
});

test('a look that fails says nothing, a path at which nothing ever stood neither, and a port that is no file is not looked at', async () => {
  const clock = createVirtualClock();
  let gone = 0;
  const stop = watchDeviceNode(
    '/dev/x',
    clock,
    () => (gone += 1),
    () => Promise.reject(new Error('EACCES')),
  );
  watchDeviceNode(
    'COM3',
    clock,
    () => (gone += 1),
    () => Promise.resolve(null),
  );
  await clock.advance(1_000);
  const nowhere = watchDeviceNode(
    '/dev/y',
    clock,
    () => (gone += 1),
    () => Promise.resolve(null),
  );
  await clock.advance(1_000);
  expect(gone).toBe(0);
  stop();
  nowhere();
  expect(clock.pending).toBe(0);
});
