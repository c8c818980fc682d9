/**
 * HID scales and USB serial adapters, plugged in, pulled out and put back, through the real node-hid, usb and serialport
 * packages: the operating system's devices are played by umockdev. How long it took is printed, not judged: on a busy machine
 * that is a matter of luck. The limits are the constants the unit tests of the links hold to, by a clock of their own.
 */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { missingTools } from '../kit/tools.ts';

const python = '/usr/bin/python3';
const kit = join(import.meta.dirname, '../kit/plugged');
const forWhat = 'HID scales and USB serial adapters under umockdev';
const tools = missingTools(['umockdev-wrapper', 'udevadm'], forWhat);
const binding = spawnSync(python, ['-c', 'import gi; gi.require_version("UMockdev", "1.0")']);
if (tools.length === 0 && binding.status !== 0) {
  // oxlint-disable-next-line no-console -- a skipped test must be seen
  console.warn(`SKIPPED: ${forWhat}: ${python} has no UMockdev (packages python3-gi, gir1.2-umockdev-1.0)`);
}

/** Runs one scenario of devices-child.ts; its facts. */
async function run<Facts>(scenario: string): Promise<Facts> {
  const command = [process.execPath, join(kit, 'devices-child.ts'), scenario];
  const child = spawn('umockdev-wrapper', [python, join(kit, 'devices.py'), ...command]);
  const output = { text: '', errors: '' };
  child.stdout.on('data', (bytes: Buffer) => (output.text += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (output.errors += bytes.toString()));
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(status, output.errors + output.text).toBe(0);
  const facts = output.text.split('\n').find((line) => line.startsWith('{')) ?? '{}';
  return JSON.parse(facts) as Facts;
}

describe.skipIf(tools.length > 0 || binding.status !== 0)('plugged in, pulled out and put back', () => {
  test('a HID scale: found, read, owned, tared, lost and had again, and no reading from before the pull is left', async () => {
    interface Facts {
      readonly times: Record<'attachedMs' | 'pulledMs' | 'backMs' | 'closedMs', number>;
    }
    const facts = await run<Facts>('scale');
    const uri = 'hid://0922:8003/0000000012345';
    expect(facts).toMatchObject({
      found: [
        {
          uri,
          kind: 'hid',
          usage: 'scale',
          vendorId: '0922',
          productId: '8003',
          manufacturer: 'DYMO',
          product: 'M10 10 lb USB Postal Scale',
          path: '/dev/hidraw0',
          note: 'DYMO M10 or M25',
        },
      ],
      changes: [`+${uri}`, `-${uri}`, `+${uri}`],
      refused: expect.stringContaining('already in use by scale bench'),
      reports: '03020bff000003040bff4e00030402006e0303040cfe1103030402000a00030402000b00',
      tare: { kind: 'written', bytes: 2 },
      told: [{ written: '0202' }],
      afterPull: {
        reading: null,
        state: 'connecting',
        error: expect.stringContaining(`${uri}: the device was unplugged`),
      },
      beforeNew: null,
    });
    const { grams } = facts as unknown as { readonly grams: number[] };
    expect(grams.map((each) => Math.round(each * 100) / 100)).toEqual([221.13, 878, 3560.7, 11]);
    // oxlint-disable-next-line no-console -- the measurement is what a reader of the run wants to know
    console.info(`HID scale under umockdev: ${JSON.stringify(facts.times)}`);
  }, 60_000);

  test('a scale behind a USB serial adapter is found again under another port number', async () => {
    const facts = await run<{ readonly times: Record<'pulledMs' | 'backMs', number> }>('port');
    const uri = 'serial://usb/0403:6001/A9XX';
    expect(facts).toMatchObject({
      ports: [{ uri, path: '/dev/ttyUSB0', note: 'FTDI serial adapter' }],
      now: [{ uri, path: '/dev/ttyUSB3' }],
      afterPull: { reading: null, state: 'connecting' },
    });
    // oxlint-disable-next-line no-console -- the measurement is what a reader of the run wants to know
    console.info(`serial adapter under umockdev: ${JSON.stringify(facts.times)}`);
  }, 60_000);
});
