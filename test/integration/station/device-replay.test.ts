/**
 * `packbench device replay --listen`: what virtual devices sent is recorded, and replayed to whoever connects. Commands run as
 * somebody runs them, in a process of their own, on real sockets. How each chunk keeps its time is tested by a clock moved by
 * hand (device-recording.test.ts); here it is only that nothing comes before its time.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createVirtualDws } from '../../../main/training/dws.ts';
import { createVirtualScale } from '../../../main/training/scale.ts';
import { createVirtualScanner } from '../../../main/training/scanner.ts';
import { silentLog } from '../../kit/ports.ts';
import { realClock } from '../../kit/real-clock.ts';
import { startTestStation } from '../../kit/station.ts';
import { runCli, type CliRun } from './cli.ts';
import { shows } from './packer.ts';

const limitMs = 60_000;
const cleanups: (() => unknown)[] = [];
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'packbench-replay-'));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  rmSync(dir, { recursive: true, force: true });
});

type Frame = Record<string, unknown>;

/** The lines without their times, which are of another clock each. */
const framesOf = ({ out }: CliRun): Frame[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { at: _at, ...frame } = JSON.parse(line) as Frame;
      return frame;
    });

/** Starts a replay on a free port; where it listens, and what became of it. */
async function replay(file: string, ...more: string[]): Promise<{ uri: string; ended: Promise<CliRun> }> {
  let listens: (uri: string) => void = () => undefined;
  const listening = new Promise<string>((resolve) => (listens = resolve));
  const ended = runCli(['device', 'replay', '--in', file, '--listen', 'tcp-listen://127.0.0.1:0', ...more], {
    onLine(line) {
      const said = JSON.parse(line) as { listening?: string };
      if (said.listening !== undefined) listens(said.listening);
    },
  });
  const uri = await Promise.race([listening, ended.then(({ errors }) => Promise.reject(new Error(errors.join('\n'))))]);
  return { uri, ended };
}

const record = (link: string, file: string, ...named: string[]): Promise<CliRun> =>
  runCli(['device', 'record', '--link', link, ...named, '--seconds', '1', '--out', file]);

/** A recording written by hand. */
function written(chunks: readonly { readonly at: number; readonly text: string }[]): string {
  const file = join(dir, 'written.jsonl');
  const head = {
    ...{ packbench: 'device-recording', version: 1, link: 'serial:///dev/ttyUSB0', kind: null, protocol: null },
    ...{ settings: {}, startedAt: '2026-01-05T00:00:00.000Z' },
  };
  const lines = chunks.map(({ at, text }) => ({ at, hex: Buffer.from(text).toString('hex') }));
  writeFileSync(file, [head, ...lines].map((line) => JSON.stringify(line)).join('\n'));
  return file;
}

test('what a scale sent is watched frame for frame', { timeout: limitMs }, async () => {
  const scale = await createVirtualScale({ clock: realClock, log: silentLog, settleMs: 20_000 });
  cleanups.push(() => scale.stop());
  const file = join(dir, 'scale.jsonl');
  const named = ['--kind', 'scale', '--protocol', 'mt-sics'];
  // It moves all the time, so that hardly any two frames are the same.
  scale.put(5_000);
  expect((await record(scale.uri, file, ...named)).status).toBe(0);
  const expected = framesOf(await runCli(['device', 'replay', '--in', file]));
  expect(new Set(expected.map(({ raw }) => raw)).size).toBeGreaterThan(2);

  const { uri, ended } = await replay(file);
  const watched = await runCli(['device', 'watch', '--link', uri, ...named, '--seconds', '2']);
  expect([watched.status, framesOf(watched)]).toEqual([0, expected]);
  const { status, out } = await ended;
  expect(status).toBe(0);
  expect(JSON.parse(out.split('\n').at(-1) ?? '')).toMatchObject({
    chunks: expect.any(Number),
    to: expect.any(String),
  });
});

test('what a measuring machine sent becomes the same records at a station', { timeout: limitMs }, async () => {
  const machine = await createVirtualDws({ clock: realClock, log: silentLog, format: 'csv' });
  cleanups.push(() => machine.stop());
  const file = join(dir, 'dws.jsonl');
  machine.onConnected((connected) => {
    if (!connected) return;
    const box = { lengthMm: 300, widthMm: 200, heightMm: 150 };
    for (const n of [1, 2, 3]) void machine.measure({ ...box, barcodes: [`SF${n}`], grams: n * 250 }, 'split');
  });
  const units = { weightUnit: 'g', lengthUnit: 'mm' };
  const named = ['--kind', 'dws', '--protocol', 'csv', '--set', 'weightUnit=g', '--set', 'lengthUnit=mm'];
  expect((await record(machine.uri ?? '', file, ...named)).status).toBe(0);
  const expected = framesOf(await runCli(['device', 'replay', '--in', file, ...named.slice(4)]));
  expect(expected.map(({ weightG }) => weightG)).toEqual([250, 500, 750]);

  const { uri, ended } = await replay(file, '--pace');
  const profile = { devices: { dws: [{ id: 'line1', link: uri, format: 'csv', ...units }] } };
  const station = await startTestStation({ profile, orders: 1 });
  cleanups.push(() => station.stop());
  await shows(station, 'status', ({ dws }) => dws?.[0]?.records === 3);
  const held = [1, 2, 3].map((n) => station.station.inside.store.dws.heldWithCode(`SF${n}`, 2));
  expect(held.map((records) => records.map(({ raw }) => raw))).toEqual(expected.map(({ raw }) => [raw]));
  expect(held.map(([first]) => first?.record.weightG)).toEqual([250, 500, 750]);
  expect((await ended).status).toBe(0);
});

test('what a scanner sent is scanned at a station, code for code', { timeout: limitMs }, async () => {
  const scanner = await createVirtualScanner({ log: silentLog, mode: 'hid-pos' });
  cleanups.push(() => scanner.stop());
  const file = join(dir, 'scanner.jsonl');
  const codes = ['SO-1', '6901234567892', 'a code of more than one report: '.repeat(4)];
  const recording = record(scanner.uri, file, '--kind', 'scanner', '--protocol', 'hid-pos');
  await scanner.connected();
  for (const code of codes) scanner.scan(code);
  expect((await recording).status).toBe(0);

  // A scanner of this kind says the symbology with each code; the station gets both.
  const decoded = framesOf(await runCli(['device', 'replay', '--in', file]));
  const expected = decoded.map(({ aim, code }) => `${String(aim)}${String(code)}`);
  expect(decoded.map(({ code }) => code)).toEqual(codes);

  const { uri, ended } = await replay(file);
  const profile = { devices: { scanners: [{ id: 'hand', link: uri, protocol: 'hid-pos' }] } };
  const station = await startTestStation({ profile, orders: 1 });
  cleanups.push(() => station.stop());
  const taken: string[] = [];
  const asked = new Set<number>();
  const stop = station.client.subscribe('scanners', ({ waiting }) => {
    for (const { seq } of waiting) {
      if (asked.has(seq)) continue;
      asked.add(seq);
      void station.client.call('scanners.take', { seq }).then(({ scan }) => taken.push(scan?.code ?? 'nothing'));
    }
  });
  cleanups.push(stop);
  await expect.poll(() => taken, { timeout: 30_000 }).toEqual(expected);
  expect((await ended).status).toBe(0);
});

test('with --pace nothing comes before its time, and all of it comes', { timeout: limitMs }, async () => {
  const chunks = ['first', 'second', 'third', 'fourth'].map((text, index) => ({ at: index * 150, text }));
  const { uri, ended } = await replay(written(chunks), '--pace');
  const from = realClock.monotonic();
  const heard: { readonly at: number; readonly length: number }[] = [];
  let got = '';
  await new Promise<void>((resolve, reject) => {
    const { hostname, port } = new URL(uri.replace('tcp:', 'http:'));
    const socket = connect(Number(port), hostname);
    socket.on('data', (bytes: Buffer) => {
      got += bytes.toString();
      heard.push({ at: realClock.monotonic() - from, length: got.length });
    });
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve());
    socket.on('error', reject);
  });
  expect((await ended).status).toBe(0);
  const all = chunks.map(({ text }) => text).join('');
  expect(got).toBe(all);
  const early = chunks.filter(({ at, text }) => {
    const end = all.indexOf(text) + text.length;
    // Timers of Node may be a millisecond early.
    return (heard.find(({ length }) => length >= end)?.at ?? 0) < at - 1;
  });
  expect(early).toEqual([]);
});

test(
  'a wrong file, a busy port, a wrong address: one line each, and the status that says whose fault it is',
  async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => busy.close(resolve)));
    const { port } = busy.address() as AddressInfo;
    const good = written([{ at: 0, text: 'x' }]);
    const wrong = join(dir, 'wrong.jsonl');
    writeFileSync(wrong, 'S S     100.00 g\r\n');
    const run = (file: string, listen: string): Promise<CliRun> =>
      runCli(['device', 'replay', '--in', file, '--listen', listen]);
    const runs = await Promise.all([
      run(wrong, 'tcp-listen://127.0.0.1:0'),
      run(join(dir, 'absent.jsonl'), 'tcp-listen://127.0.0.1:0'),
      run(good, `tcp-listen://127.0.0.1:${port}`),
      run(good, 'tcp-listen://127.0.0.1:70000'),
      run(good, 'tcp://127.0.0.1:1'),
    ]);
    expect(runs.map(({ status, errors, out }) => [status, errors, out])).toEqual([
      [2, [`--in ${wrong}: line 1 is not JSON; the file may have been cut`], ''],
      [2, [expect.stringMatching(/^--in .*absent\.jsonl: .*(ENOENT|no such file)/)], ''],
      [3, [`tcp-listen://127.0.0.1:${port}: another program listens on this port already`], ''],
      [2, [expect.stringContaining('tcp-listen://127.0.0.1:70000')], ''],
      [2, ['--listen tcp://127.0.0.1:1: write tcp-listen://HOST:PORT'], ''],
    ]);
  },
  limitMs,
);
