/**
 * HID scales and USB serial adapters, plugged in, pulled out and put back, through the real node-hid, usb and serialport
 * packages: the operating system's devices are played by umockdev. How long it took is printed, not judged: on a busy machine
 * that is a matter of luck. The limits are the constants the unit tests of the links hold to, by a clock of their own.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasEmulatedDevices, runPlugged } from '../kit/plugged/run.ts';

const program = join(import.meta.dirname, '../kit/plugged/devices-child.ts');
const run = <Facts>(scenario: string): Promise<Facts> => runPlugged<Facts>(program, scenario);

describe.skipIf(!hasEmulatedDevices('HID scales and USB serial adapters under umockdev'))(
  'plugged in, pulled out and put back',
  () => {
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
  },
);
