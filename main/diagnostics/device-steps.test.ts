import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import { deviceChecks, scaleSteps, whyNotOpen, type DeviceWay, type ScaleHeard } from './device-steps.ts';
import { runDiagnostics } from './report.ts';

const way: DeviceWay = {
  ...{ kind: 'scale', id: 'bench', link: 'serial:///dev/ttyUSB0', problem: null },
  plugged: () => Promise.resolve({ there: true, others: [] }),
  linkState: () => Promise.resolve({ state: 'open', lastError: null }),
  bytes: () => Promise.resolve(18),
};
const heard: ScaleHeard = {
  ...{ readings: 8, refused: 0, lastError: null, fits: [], garbled: false, grams: 500, state: 'stable' },
};

async function run(changes: Partial<DeviceWay>, change: Partial<ScaleHeard> = {}, polled = true) {
  const steps = scaleSteps({ ...way, ...changes }, { protocol: 'mt-sics', polled, unit: null }, () => ({
    ...heard,
    ...change,
  }));
  const { steps: said } = await runDiagnostics(
    deviceChecks(way, steps, ({ code }) => code),
    '0',
    createVirtualClock(),
  );
  return said.map(({ outcome, detail }) => `${outcome} ${detail.replace('diagnose.', '')}`);
}

test('a scale that reads passes every step', async () => {
  for (const step of await run({})) expect(step).toMatch(/^ok /);
});

test('the first step that fails ends the way; the rest is skipped', async () => {
  const said = await run({ plugged: () => Promise.resolve({ there: false, others: ['serial:///dev/ttyUSB1'] }) });
  expect(said).toEqual([
    'ok device.link.ok',
    'ok device.module.ok',
    'fail device.plugged.others',
    ...Array.from({ length: 5 }, () => 'skipped device.skipped'),
  ]);
});

test.each([
  [{ problem: 'serialport is not installed' }, {}, true, 'fail device.module.absent'],
  [{ bytes: () => Promise.resolve(0) }, {}, true, 'fail scale.bytes.no-answer'],
  [{ bytes: () => Promise.resolve(0) }, {}, false, 'fail scale.bytes.silent'],
  [{}, { readings: 0, refused: 5, fits: ['xk3190'] }, true, 'fail scale.frames.other-protocol'],
  [{}, { readings: 0, refused: 5, garbled: true }, true, 'fail scale.frames.garbled'],
  [{}, { readings: 0, refused: 5 }, true, 'fail scale.frames.refused'],
  [{}, { readings: 0, refused: 0 }, true, 'fail scale.frames.refused'],
  [{}, { readings: 9, refused: 1 }, true, 'warn scale.frames.some-refused'],
  [{}, { state: 'overload' }, true, 'warn scale.stable.overload'],
  [{}, { state: null }, true, 'warn scale.stable.moving'],
] as const)('%#: what is wrong is named', async (changes, change, polled, wanted) => {
  expect(await run(changes, change, polled)).toContain(wanted);
});

test.each([
  ['another program has the port open (Cannot lock port)', 'busy'],
  ['not allowed; add this user to the group that owns the port (dialout)', 'not-allowed'],
  ['connection refused; is the device on and its port right?', 'refused'],
  ['the device closed the connection', 'lost'],
  ['host unreachable; check the cable and the address', 'unreachable'],
  ['no such port; is the cable in?', 'no-port'],
  ['something new', 'other'],
])('%s -> %s', (lastError, wanted) => {
  expect(whyNotOpen(`tcp://h:1: ${lastError}`)).toBe(wanted);
});
