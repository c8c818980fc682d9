/** What devices and scanners send that is no good: said on the screen, nothing sealed from it, and gone when it is gone. */
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVirtualPrinter } from '../../../main/training/printer.ts';
import { silentLog } from '../../kit/ports.ts';
import { realClock } from '../../kit/real-clock.ts';
import { startTestStation, type TestStation } from '../../kit/station.ts';
import { drained, pack, packUpToScale, scan, scanItems, scanLabel, ship, shows, waitingOrders } from './packer.ts';

let dir: string;
const cleanups: (() => unknown)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'packbench-devices-'));
  cleanups.push(() => {
    rmSync(dir, { recursive: true, force: true });
  });
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function station(profile: unknown = {}): Promise<TestStation> {
  const desk = await startTestStation({ profile, orders: 3 });
  cleanups.push(() => desk.stop());
  await desk.station.inside.intake.sync();
  return desk;
}

test('a scale that sends noise says so and seals nothing; when it is well the parcel on it is sealed', async () => {
  const desk = await station();
  const [number = ''] = waitingOrders(desk);
  await desk.client.call('training.set', { scaleMode: 'noise' });
  await shows(desk, 'weight', (weight) => weight.state === 'noise');
  await packUpToScale(desk, number, 640);
  const weight = await shows(desk, 'weight', (now) => now.state === 'noise' && now.reason !== null);
  expect(weight).toMatchObject({
    usable: false,
    grams: null,
    reason: { code: 'weight.noise', tone: 'stop', params: { scale: 'bench' } },
  });
  expect((await shows(desk, 'status', (now) => now.scale.state === 'noise')).scale).toMatchObject({
    id: 'bench',
    virtual: true,
  });
  expect((await desk.client.call('pack.command', { command: 'override-weight', reason: 'in a hurry' })).accepted).toBe(
    false,
  );
  expect(pack(desk)).toMatchObject({ stage: 'weigh', parcel: null });
  await desk.client.call('training.set', { scaleMode: 'steady' });
  const { parcel } = await shows(desk, 'pack', (now) => now.parcel !== null);
  expect(parcel?.weightG).toBe(640);
  expect((await scanLabel(desk)).notice.code).toBe('scan.label-ok');
});

test('a printer address that refuses: packing goes on up to the label, which comes out once when the printer is there', async () => {
  const printer = await createVirtualPrinter({
    dir,
    clock: realClock,
    log: silentLog,
    dpi: 203,
    widthMm: 100,
    heightMm: 150,
  });
  cleanups.push(() => printer.stop());
  await printer.setFault('off');
  const desk = await station({ devices: { printers: [{ id: 'zebra', link: printer.uri }] } });
  const [number = ''] = waitingOrders(desk);
  const { printers } = await shows(desk, 'status', (now) => now.printers[0]?.state === 'offline');
  expect(printers).toMatchObject([{ id: 'zebra', virtual: false, reason: { code: 'printer.offline' } }]);
  await packUpToScale(desk, number, 512);
  const { prompt, parcel } = await shows(desk, 'pack', (now) => now.prompt?.kind === 'printer-blocked');
  expect(prompt?.notice).toMatchObject({ code: 'print.blocked', params: { reasons: 'printer.offline' } });
  expect(parcel?.weightG).toBe(512);
  const { steps } = await desk.client.call('diagnose.run', {});
  expect(steps.find((step) => step.id === 'printer.zebra')).toMatchObject({
    outcome: 'fail',
    detail: expect.stringMatching(/check power, cable and address/) as string,
  });
  await printer.setFault('ready');
  expect((await scanLabel(desk)).notice.code).toBe('scan.label-ok');
  expect(printer.labels()).toHaveLength(1);
  await drained(desk);
  expect(desk.station.inside.virtual.vendors?.effects()).toMatchObject({ vendorOrders: 1, trackingUploads: 1 });
});

test('a device address that names no known kind of link is a problem on the screen, not the end of the station', async () => {
  const desk = await station({
    devices: {
      printers: [{ id: 'label', link: 'parallel://lpt1' }],
      scales: [{ id: 'bench', link: 'tcp://127.0.0.1:9', protocol: 'smoke-signals' }],
    },
  });
  const { problems } = await shows(desk, 'status', (now) => now.problems.length >= 2);
  expect(problems.map((problem) => [problem.params['device'], String(problem.params['reason'])])).toEqual([
    ['label', expect.stringContaining('parallel')],
    ['bench', expect.stringMatching(/smoke-signals.* is not known; known are .*mt-sics/)],
  ]);
  expect((await scan(desk, waitingOrders(desk)[0] ?? '')).accepted).toBe(true);
});

const garbage: readonly (readonly [what: string, code: string])[] = [
  ['a control character inside', 'XS20\u000711'],
  ['nothing but control characters', '\u0000\u0002\r\n'],
  ['an escape sequence', '\u001b[2J\u001b[H'],
  ['a right-to-left override', 'XS\u202e1100202'],
  ['the longest text the contract takes', 'A'.repeat(2_048)],
  ['half a surrogate pair', '\ud83d'],
  ['a command that does not exist', 'PB:CMD:format-disk'],
  ['a quantity of nothing', 'PB:QTY:0'],
  ['a rack label of no parcel', 'LPN-D01-999999999'],
  ['SQL', "' OR 1=1; DROP TABLE orders; --"],
  ['a pattern of the search', '%_%*"'],
  ['markup', '<img src=x onerror=alert(1)>'],
];

/** One desk for all of them: none may leave a trace. */
let shared: TestStation | null = null;
afterAll(() => shared?.stop());

test.each(garbage)(
  'a scan of %s is refused in words, at the empty desk and while packing, and changes nothing',
  async (_what, code) => {
    if (shared === null) {
      shared = await startTestStation({ orders: 3 });
      await shared.station.inside.intake.sync();
    }
    const desk = shared;
    const before = desk.station.inside.store.orders.counts();
    const idle = await scan(desk, code);
    expect(idle).toMatchObject({ accepted: false, notice: { tone: expect.stringMatching(/^(warn|stop)$/) as string } });
    expect(pack(desk).stage).toBe('idle');
    const [number = ''] = waitingOrders(desk);
    await scan(desk, number);
    const { lines } = pack(desk);
    expect((await scan(desk, code)).accepted).toBe(false);
    expect(pack(desk)).toMatchObject({ stage: 'items', lines });
    await scanItems(desk);
    expect((await scan(desk, code)).accepted).toBe(false);
    expect(pack(desk).stage).toBe('weigh');
    await desk.client.call('pack.command', { command: 'release-order' });
    expect(desk.station.inside.store.orders.counts()).toEqual(before);
  },
);

test('a scan that is empty or longer than the contract allows never reaches the desk', async () => {
  const desk = await station();
  await expect(scan(desk, '')).rejects.toMatchObject({ code: 'bad-input' });
  await expect(scan(desk, 'A'.repeat(2_049))).rejects.toMatchObject({ code: 'bad-input' });
  await expect(scan(desk, 'A'.repeat(4_000_000))).rejects.toMatchObject({
    code: expect.stringMatching(/^(bad-input|too-large)$/) as string,
  });
  await ship(desk, waitingOrders(desk)[0] ?? '');
});
