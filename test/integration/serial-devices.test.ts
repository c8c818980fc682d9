/** Serial devices over real pseudo-terminals: a measuring machine and a scanner at a station, and the search for a scale. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openPty, ptyMissing } from '../kit/pty.ts';
import { openSocatPort, type SocatPort } from '../kit/socat.ts';
import { startTestStation } from '../kit/station.ts';
import { missingTools } from '../kit/tools.ts';
import { scanItems, shows, waitingOrders } from './station/packer.ts';

const absent = missingTools(['socat'], 'a serial measuring machine and a serial scanner at a station');
const noPty = ptyMissing();
if (noPty !== null) process.stderr.write(`\nNOT RUN (${noPty}): the search for a serial scale\n`);

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');

test.skipIf(absent.length > 0)(
  'a serial scanner opens the order, a serial measuring machine weighs it, and both are counted',
  { timeout: 120_000 },
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'packbench-serial-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const paths = { line: join(dir, 'line'), hand: join(dir, 'hand') };
    const line = await openSocatPort(paths.line);
    onTestFinished(() => line.unplug());
    let hand: SocatPort = await openSocatPort(paths.hand);
    onTestFinished(() => hand.unplug());
    const desk = await startTestStation({
      orders: 4,
      profile: {
        devices: {
          dws: [{ id: 'line1', link: `serial://${paths.line}`, format: 'csv', weightUnit: 'g', lengthUnit: 'mm' }],
          scanners: [{ id: 'hand', link: `serial://${paths.hand}` }],
        },
      },
    });
    onTestFinished(() => desk.stop());
    const { inside } = desk.station;
    await inside.intake.sync();
    await shows(desk, 'status', ({ dws }) => dws?.[0]?.state === 'online');
    const opened = (): Promise<unknown> => shows(desk, 'scanners', ({ scanners }) => scanners[0]?.state === 'open');
    await opened();

    // Pulled in the middle of a code: the half from before does not stick to the code from after.
    hand.send(ascii(']C0SO-'));
    await hand.unplug();
    await shows(desk, 'scanners', ({ scanners }) => scanners[0]?.state !== 'open');
    hand = await openSocatPort(paths.hand);
    await opened();
    const [number = ''] = waitingOrders(desk);
    hand.send(ascii(`]C0${number}\r`));
    await shows(desk, 'pack', ({ stage }) => stage === 'items');
    await scanItems(desk);
    await shows(desk, 'pack', ({ stage }) => stage === 'weigh');

    const record = `${number},1250,300,200,150,9000,1784000000000\r\n`;
    line.send(ascii(record.slice(0, 9)));
    line.send(ascii(record.slice(9)));
    const { parcel } = await shows(desk, 'pack', (now) => now.parcel !== null);
    expect(parcel).toMatchObject({ weightG: 1_250, size: { lengthMm: 300, widthMm: 200, heightMm: 150 } });
    const kept = inside.store.dws.ofParcel(parcel?.id ?? '');
    expect(Buffer.from(kept?.raw ?? '', 'hex').toString('latin1')).toContain(record.trim());
    const { configured } = await desk.client.call('devices.list', {});
    expect(configured.find(({ id }) => id === 'line1')).toMatchObject({ frames: 1, refused: 0, state: 'working' });
    expect(configured.find(({ id }) => id === 'hand')).toMatchObject({ frames: 1, inUse: true });
  },
);

test.skipIf(noPty !== null)(
  'the search goes through the line settings until a scale answers, and proposes that setting',
  { timeout: 120_000 },
  async () => {
    const speed = 2_400;
    const pty = await openPty();
    onTestFinished(() => pty.unplug());
    const asked = new Map<number, number>();
    let received = '';
    pty.onBytes((bytes) => {
      asked.set(pty.baud(), (asked.get(pty.baud()) ?? 0) + 1);
      if (pty.baud() !== speed) {
        // At another speed a question is noise to the scale, and whatever it says is noise to the desk.
        pty.send(Uint8Array.of(0xfe, 0x80, 0x00, 0xf8));
        return;
      }
      received += Buffer.from(bytes).toString('latin1');
      const commands = received.split('\r\n');
      received = commands.pop() ?? '';
      for (const command of commands) pty.send(ascii(command.endsWith('SI') ? 'S S    1234.50 g\r\n' : 'ES\r\n'));
    });
    const desk = await startTestStation({ orders: 1 });
    onTestFinished(() => desk.stop());
    await desk.client.call('devices.detect', { link: `serial://${pty.path}`, kind: 'scale' });
    const found = await shows(desk, 'deviceSession', ({ kind, state }) => kind === 'detect' && state !== 'running');
    expect(found).toMatchObject({ state: 'done', problem: null });
    expect(found.proposals[0]).toMatchObject({
      protocol: 'mt-sics',
      sample: '= 1234.5 g',
      fields: { protocol: 'mt-sics', baud: speed },
    });
    // It was asked at the usual speed first, and no longer than it took.
    expect([...asked.keys()]).toEqual([9_600, speed]);
  },
);
