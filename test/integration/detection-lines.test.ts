/** Detection at a whole station: over real pseudo-terminals and over HTTP. */
import { request } from 'node:http';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openPty, ptyMissing } from '../kit/pty.ts';
import { startTestStation, type TestStation } from '../kit/station.ts';
import { shows } from './station/packer.ts';

const noPty = ptyMissing();
if (noPty !== null) process.stderr.write(`\nNOT RUN (${noPty}): detection over serial lines\n`);

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');

async function station(): Promise<TestStation> {
  const desk = await startTestStation({ orders: 1 });
  onTestFinished(() => desk.stop());
  return desk;
}

test.skipIf(noPty !== null)(
  'a scanner at another speed is found by scanning again until a code is readable',
  { timeout: 120_000 },
  async () => {
    const speed = 19_200;
    const pty = await openPty();
    onTestFinished(() => pty.unplug());
    const desk = await station();
    const link = `serial://${pty.path}`;
    await desk.client.call('devices.detect', { link, kind: 'scanner' });
    const tried: string[] = [];
    // At another speed a scan is noise; the person scans again at each setting.
    for (;;) {
      const { trying } = await shows(
        desk,
        'deviceSession',
        (now) => now.linkState === 'open' && now.trying !== '' && !tried.includes(now.trying),
      );
      tried.push(trying);
      if (trying.startsWith(String(speed))) break;
      pty.send(Uint8Array.of(0xfe, 0x80, 0x00, 0xf8, 0x06, 0x1c));
    }
    for (let count = 1; count <= 3; count += 1) {
      pty.send(ascii(`]E0690123456789${count}\r\n`));
      await shows(desk, 'deviceSession', ({ proposals }) => proposals[0]?.frames === count);
    }
    const found = await shows(desk, 'deviceSession', ({ state }) => state === 'done');
    expect(found.proposals).toMatchObject([
      { fields: { protocol: 'serial-text', suffix: '\r\n', baud: speed, dataBits: 8, parity: 'none', stopBits: 1 } },
    ]);
    expect(tried).toEqual(['9600 8N1', '115200 8N1', '19200 8N1']);
  },
);

test.skipIf(noPty !== null)(
  'a serial printer is asked after a person was told, and answers',
  { timeout: 120_000 },
  async () => {
    const pty = await openPty();
    onTestFinished(() => pty.unplug());
    let came = '';
    pty.onBytes((bytes) => {
      came += Buffer.from(bytes).toString('latin1');
      if (came.endsWith('\x1b!S')) pty.send(ascii('\x02@@@@\x03\r\n'));
      if (came.endsWith('~!T\r\n')) pty.send(ascii('TTP-244 Plus\r\n'));
    });
    const desk = await station();
    const link = `serial://${pty.path}`;
    await desk.client.call('devices.detect', { link, kind: 'printer' });
    const before = await shows(desk, 'deviceSession', ({ kind, state }) => kind === 'detect' && state === 'done');
    expect([before.askMore?.code, came]).toEqual(['device.detect-ask-serial', '']);
    const { number } = await desk.client.call('devices.detect', { link, kind: 'printer', askAll: true });
    const found = await shows(desk, 'deviceSession', (now) => now.number === number && now.state === 'done');
    expect(found.proposals).toMatchObject([
      { protocol: 'tspl', fields: { language: 'tspl', model: 'tsc-ttp-244-plus' }, sample: 'TTP-244 Plus' },
    ]);
    // It answered before anything was asked that may print.
    expect(came).not.toContain('~H');
  },
);

test('a machine that sends over HTTP is known by its message, and is told that nothing was stored', async () => {
  const desk = await station();
  const port = await freePort();
  const link = `http-listen://127.0.0.1:${port}/dws`;
  await desk.client.call('devices.detect', { link, kind: 'dws' });
  await shows(desk, 'deviceSession', ({ kind, linkState }) => kind === 'detect' && linkState === 'open');
  const record = { waybillNo: 'SF1234567890', weight: '1.25', len: 300, wid: 200, hgt: 150 };
  expect(await post(port, JSON.stringify({ data: record }))).toBe(503);
  const found = await shows(desk, 'deviceSession', ({ proposals }) => proposals.length > 0);
  expect(found.proposals[0]).toMatchObject({
    protocol: 'json',
    needs: ['weightUnit', 'lengthUnit'],
    sample: 'SF1234567890 · 1.25 · 300 × 200 × 150',
    fields: { format: 'json', fields: { barcode: 'data.waybillNo', length: 'data.len' } },
  });
  await desk.client.call('devices.stop', {});
  await expect(post(port, '{}')).rejects.toThrow('ECONNREFUSED');
}, 60_000);

function post(port: number, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', connection: 'close' };
    const sent = request({ host: '127.0.0.1', port, path: '/dws', method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => void server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
