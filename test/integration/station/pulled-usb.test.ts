/**
 * A whole station whose scale, scanner and label printer are on USB, each pulled and put back while parcels are packed: through
 * the real usb and node-hid packages, with devices played by umockdev (test/kit/plugged/devices.py). How long it took is printed,
 * not judged: on a busy machine that is a matter of luck.
 *
 * What umockdev plays is libusb's and udev's side: devices come and go in /sys and /dev with the kernel's own events, so that
 * libusb's hot-plug, the look at /dev and the failing read are the real ones. What it does not play, and what stands in for it:
 * - Transfers of libusb (URBs) cannot be recorded from a printer that answers; test/kit/usb/emulated.py answers them by hand.
 * - A hidraw node is a pseudo-terminal, whose reader ends with an error when it is closed, as that of a pulled device does; but it
 *   does not keep reports apart. So half a report can come here, which a kernel never hands on.
 * - Node reads the names in /dev past umockdev, so the look at them sees nothing of these devices; libusb's events do.
 * - The time a real bus needs to find a device (some 100 ms) is not in the figures.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasEmulatedDevices, runPlugged } from '../../kit/plugged/run.ts';

const program = join(import.meta.dirname, 'pulled-usb-child.ts');
const seconds = 100;
const limitMs = 120_000;

interface Facts {
  readonly times: Readonly<Record<string, number | readonly number[]>>;
}

async function run(scenario: string): Promise<Facts> {
  const facts = await runPlugged<Facts>(program, scenario, seconds);
  // oxlint-disable-next-line no-console -- the measurement is what a reader of the run wants to know
  console.info(`${scenario} at a station under umockdev: ${JSON.stringify(facts.times)}`);
  return facts;
}

describe.skipIf(!hasEmulatedDevices('a USB printer, HID scanner and HID scale pulled at a whole station'))(
  'on USB, pulled and put back while parcels are packed',
  () => {
    test(
      'the printer, idle: its label waits and comes out once when it is back, byte for byte',
      async () => {
        expect(await run('printer-idle')).toMatchObject({
          waiting: { labels: '', prints: [{ state: 'claimed', copy: 0, bytesWritten: 0 }] },
          accepted: true,
          first: { prints: [{ state: 'printed', copy: 0 }], same: true, sent: 1 },
          next: { accepted: true, weightG: 800 },
          ...{ same: true, sent: 2 },
        });
      },
      limitMs,
    );

    test(
      'the printer, in the middle of a label: not known, a person is asked, and no second label comes by itself',
      async () => {
        const cut = { prints: [{ state: 'unknown', copy: 0, bytesWritten: 1_000 }], bytes: 1_000 };
        expect(await run('printer-in-label')).toMatchObject({
          // After it was put back and asked how it is for a good while: as before.
          ...{ cut, after: cut },
          ...{ stage: 'scan-back', prompt: { kind: 'print-unknown', notice: { code: 'print.unknown', tone: 'ask' } } },
          ...{ said: true, accepted: true },
          prints: [
            { state: 'not-printed', copy: 0, bytesWritten: 1_000 },
            { state: 'printed', copy: 1 },
          ],
          next: { accepted: true, weightG: 800 },
          ...{ pieces: [true, true, 3], same: true },
        });
      },
      limitMs,
    );

    test.each([
      ['scanner', 'HID-POS'],
      ['serial-scanner', 'behind a serial adapter, put back under another port number'],
    ])(
      'the %s (%s), between two scans and within one: what was scanned counts, half a code never',
      async (scenario) => {
        const facts = (await run(scenario)) as Facts & Record<'scans' | 'expected', readonly string[]>;
        expect(facts).toMatchObject({ kept: [1, 2, 3], last: 'scan.label-ok' });
        expect(facts.scans).toEqual(facts.expected);
      },
      limitMs,
    );

    test.each([
      ['scale', 'HID'],
      ['serial-scale', 'behind a serial adapter, put back under another port number'],
    ])(
      'the %s (%s), with a load that moves: gone, and the weight from before the pull is no parcel’s',
      async (scenario) => {
        expect(await run(scenario)).toMatchObject({
          away: { stage: 'weigh', parcel: null },
          ...{ weightG: 2_000, accepted: true, next: { accepted: true, weightG: 800 } },
        });
      },
      limitMs,
    );
  },
);
