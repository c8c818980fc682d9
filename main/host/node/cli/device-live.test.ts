/** The commands as somebody runs them: a program of its own, against a scale on a real socket. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createVirtualScale, type VirtualScale } from '../../../training/scale.ts';
import { createVirtualScanner } from '../../../training/scanner.ts';
import { createSystemClock } from '../../shared/clock.ts';

const program = fileURLToPath(new URL('packbench.ts', import.meta.url));
const log = { debug() {}, info() {}, warn() {}, error() {} };

interface Ran {
  readonly status: number | null;
  readonly out: Record<string, unknown>[];
  readonly said: string;
}

/** Runs `packbench device …`; `onLine` hears each line as it comes. */
function device(args: readonly string[], onLine: (line: Record<string, unknown>, kill: () => void) => void = () => {}) {
  return new Promise<Ran>((resolve) => {
    const child = spawn(process.execPath, [program, 'device', ...args]);
    let text = '';
    let said = '';
    const out: Record<string, unknown>[] = [];
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const read = JSON.parse(line) as Record<string, unknown>;
        out.push(read);
        onLine(read, () => child.kill('SIGINT'));
      }
    });
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.on('close', (status) => resolve({ status, out, said }));
  });
}

let scale: VirtualScale;
let dir: string;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'packbench-device-'));
  scale = await createVirtualScale({ clock: createSystemClock(), log, settleMs: 0 });
});
afterEach(async () => {
  await scale.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('watch prints one line per reading of a live scale, until it is interrupted', { timeout: 60_000 }, async () => {
  scale.put(1_234);
  const ran = await device(['watch', '--link', scale.uri, '--kind', 'scale', '--protocol', 'mt-sics'], (_line, kill) =>
    kill(),
  );
  expect(ran.status).toBe(0);
  expect(ran.out[0]).toMatchObject({
    grams: 1_234,
    stable: true,
    overload: false,
    raw: expect.stringMatching(/^5320532020/),
  });
});

test('frames that are refused are printed as errors, and without a reading the status asks for a person', async () => {
  scale.setMode('noise');
  const ran = await device([
    'watch',
    '--link',
    scale.uri,
    '--kind',
    'scale',
    '--protocol',
    'mt-sics',
    '--seconds',
    '2',
  ]);
  expect(ran.status).toBe(1);
  expect(ran.out.length).toBeGreaterThan(0);
  for (const line of ran.out) expect(line).toMatchObject({ error: expect.any(String), raw: expect.any(String) });
  expect(ran.said).toContain('no reading in 2 s');
}, 60_000);

test('a link that does not open is status 3, a wrong protocol or link status 2, each in one line', async () => {
  const { uri } = scale;
  await scale.stop();
  const [dead, protocol, link, missing] = await Promise.all([
    device(['watch', '--link', uri, '--kind', 'scale', '--protocol', 'mt-sics', '--seconds', '1']),
    device(['watch', '--link', uri, '--kind', 'scale', '--protocol', 'nonsense', '--seconds', '1']),
    device(['watch', '--link', 'carrier-pigeon://x', '--kind', 'scale', '--protocol', 'mt-sics']),
    device(['watch', '--kind', 'scale', '--protocol', 'mt-sics']),
  ]);
  expect(dead).toMatchObject({ status: 3, said: expect.stringContaining('connection refused') });
  expect(protocol).toMatchObject({ status: 2, said: expect.stringContaining('"nonsense" is not known') });
  expect(link).toMatchObject({ status: 2, said: expect.stringContaining('no known kind') });
  expect(missing).toMatchObject({ status: 2, said: '--link is missing\n' });
}, 60_000);

test('what was recorded replays to the same readings, and feeds a station over TCP byte for byte', async () => {
  scale.put(500);
  const out = join(dir, 'bench.jsonl');
  const recorded = await device([
    ...['record', '--link', scale.uri, '--kind', 'scale', '--protocol', 'mt-sics', '--seconds', '1', '--out', out],
  ]);
  expect(recorded.status).toBe(0);
  const lines = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines[0]).toMatchObject({
    packbench: 'device-recording',
    link: scale.uri,
    kind: 'scale',
    protocol: 'mt-sics',
  });
  expect(lines.at(-1)).toMatchObject({ end: 'time' });
  const hex = lines.map((line) => (typeof line['hex'] === 'string' ? line['hex'] : '')).join('');
  expect(hex.length / 2).toBe(recorded.out[0]?.['bytes']);

  const replayed = await device(['replay', '--in', out]);
  expect(replayed.status).toBe(0);
  expect(replayed.out.length).toBeGreaterThanOrEqual(3);
  for (const line of replayed.out) expect(line).toMatchObject({ grams: 500, stable: true });

  const sink = await listen();
  const fed = await device(['replay', '--in', out, '--to', sink.uri, '--pace']);
  expect(fed.status).toBe(0);
  await expect.poll(() => sink.got()).toBe(hex);
  await sink.close();

  const again = await device(['record', '--link', scale.uri, '--seconds', '1', '--out', out]);
  expect(again).toMatchObject({ status: 2, said: expect.stringContaining('is there already') });
}, 60_000);

test('a scanner is watched, recorded, replayed and decoded, code by code', { timeout: 60_000 }, async () => {
  const out = join(dir, 'scanner.jsonl');
  const scanner = await createVirtualScanner({ log, mode: 'serial-text', prefix: '~', suffix: '', sendsAim: true });
  const scanned = { code: '0106901234567892', aim: ']C1', symbology: 'GS1 Code 128', gs1: '(01)06901234567892' };
  const named = ['--kind', 'scanner', '--protocol', 'serial-text', '--set', 'prefix=~', '--set', 'suffix='];
  try {
    const watching = device(['watch', '--link', scanner.uri, ...named], (_line, kill) => kill());
    await scanner.connected();
    // Nothing but silence ends this code.
    scanner.scan('0106901234567892', ']C1');
    expect(await watching).toMatchObject({ status: 0, out: [{ ...scanned, raw: expect.stringMatching(/^7e5d4331/) }] });

    await expect.poll(() => scanner.connections()).toBe(0);
    const recording = device(['record', '--link', scanner.uri, ...named, '--seconds', '1', '--out', out]);
    await scanner.connected();
    scanner.scan('0106901234567892', ']C1');
    expect((await recording).status).toBe(0);
  } finally {
    await scanner.stop();
  }
  const wrong = ['--set', 'prefix=%', '--set', 'suffix='];
  const [replayed, refused, decoded] = await Promise.all([
    device(['replay', '--in', out, ...named.slice(4)]),
    device(['replay', '--in', out, ...wrong]),
    device([
      'decode',
      '--kind',
      'scanner',
      '--protocol',
      'hid-pos',
      '--json',
      '--hex',
      `02035d4530363930${'00'.repeat(56)}`,
    ]),
  ]);
  expect(replayed).toMatchObject({ status: 0, out: [scanned] });
  expect(refused).toMatchObject({ status: 1, out: [{ error: 'no-prefix: does not begin with the prefix' }] });
  expect(decoded).toMatchObject({ status: 0, out: [{ code: '690', aim: ']E0', symbology: 'EAN/UPC' }] });
});

async function listen(): Promise<{ uri: string; got(): string; close(): Promise<void> }> {
  let got = '';
  const server: Server = createServer((socket) => {
    socket.on('data', (bytes: Buffer) => (got += bytes.toString('hex')));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    uri: `tcp://127.0.0.1:${port}`,
    got: () => got,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
