/** The spooler link against a real CUPS scheduler with a raw queue to a TCP port. */
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSystemClock } from '../../main/host/shared/clock.ts';
import { createLinks, type Link } from '../../native/index.ts';
import { startTestCups, type TestCups } from '../kit/cups.ts';
import { silentLog } from '../kit/ports.ts';
import { missingTools } from '../kit/tools.ts';

const absent = missingTools(['cupsd', 'lpadmin', 'lp', 'lpstat'], 'print queues of CUPS');

describe.skipIf(absent.length > 0)('a print queue', () => {
  let cups: TestCups;
  let device: Server;
  let arrived: (bytes: Buffer) => void;
  const before = process.env['CUPS_SERVER'];
  beforeAll(async () => {
    device = createServer((socket) => {
      const parts: Buffer[] = [];
      socket.on('data', (bytes) => parts.push(bytes));
      socket.on('close', () => arrived(Buffer.concat(parts)));
    });
    await new Promise<void>((resolve) => device.listen(0, '127.0.0.1', resolve));
    cups = await startTestCups();
    cups.addQueue('zpl', (device.address() as AddressInfo).port);
    process.env['CUPS_SERVER'] = cups.server;
  }, 30_000);
  afterAll(async () => {
    if (before === undefined) delete process.env['CUPS_SERVER'];
    else process.env['CUPS_SERVER'] = before;
    await cups.stop();
    device.close();
  });

  const open = (uri: string): Link =>
    createLinks({ clock: createSystemClock(), log: silentLog }).create(uri, { reopen: false });

  test('hands a label over that arrives byte for byte', async () => {
    const label = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 11) & 0xff));
    const delivered = new Promise<Buffer>((resolve) => (arrived = resolve));
    const link = open('spooler://zpl');
    await expect(link.write(label, 10_000)).resolves.toEqual({ kind: 'written', bytes: label.length });
    expect((await delivered).equals(label)).toBe(true);
    await link.close();
  }, 30_000);

  test('says whether it can print', async () => {
    const link = open('spooler://zpl');
    await expect(link.deviceWord?.(5_000)).resolves.toMatchObject({ ready: true, reasons: [] });
    cups.run('/usr/sbin/cupsdisable', ['zpl']);
    await expect(link.deviceWord?.(5_000)).resolves.toMatchObject({ ready: false, reasons: ['printer.paused'] });
    cups.run('/usr/sbin/cupsenable', ['zpl']);
  }, 30_000);

  test('is in the list of what is plugged in, with where it sends to', async () => {
    const { inventory } = createLinks({ clock: createSystemClock(), log: silentLog });
    const { port } = device.address() as AddressInfo;
    const queues = (await inventory.list()).filter(({ kind }) => kind === 'spooler');
    expect(queues).toMatchObject([
      { uri: 'spooler://zpl', usage: 'printer', product: 'zpl', path: `socket://127.0.0.1:${port}/` },
    ]);
  }, 30_000);

  test('that refuses jobs has certainly taken nothing', async () => {
    cups.run('/usr/sbin/cupsreject', ['zpl']);
    const outcome = await open('spooler://zpl').write(Buffer.from('^XA^XZ'), 10_000);
    cups.run('/usr/sbin/cupsaccept', ['zpl']);
    expect(outcome).toMatchObject({ kind: 'failed', bytes: 0, message: expect.stringMatching(/not accepting/) });
  }, 30_000);

  test('that is not there has certainly taken nothing', async () => {
    await expect(open('spooler://gone').write(Buffer.from('^XA^XZ'), 10_000)).resolves.toMatchObject({
      kind: 'failed',
      bytes: 0,
    });
  }, 30_000);
});
