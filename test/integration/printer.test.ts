/** Labels over real sockets to a printer with the faults of a real one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createPrinter } from '../../main/devices/printer/printer.ts';
import type { Printer, PrinterSnapshot } from '../../main/devices/printer/printer.ts';
import type { PrintOutcome } from '../../main/domain/device.ts';
import type { Clock, Log } from '../../main/ports.ts';
import { labelPdf } from '../../main/labels/fixtures.ts';
import { createLabels } from '../../main/labels/index.ts';
import { createVirtualPrinter } from '../../main/training/printer.ts';
import type { VirtualLabel, VirtualPrinter } from '../../main/training/printer.ts';
import { createLinks } from '../../native/index.ts';

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
const silent = (): void => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function virtual(dir?: string, msPerLabel = 5): Promise<VirtualPrinter> {
  const where = dir ?? (await mkdtemp(join(tmpdir(), 'packbench-printer-')));
  const printer = await createVirtualPrinter({
    dir: where,
    clock,
    log,
    dpi: 203,
    widthMm: 100,
    heightMm: 150,
    msPerLabel,
  });
  cleanups.push(async () => {
    await printer.stop();
    if (dir === undefined) await rm(where, { recursive: true, force: true });
  });
  return printer;
}

function desk(uri: string, setup: { ask?: boolean; printWithoutAnswer?: boolean } = {}): Printer {
  const link = createLinks({ clock, log }).create(uri, { reopen: false });
  const times = { answerMs: 300, writeMs: 2_000, pollMs: 10, silenceMs: 400, printMs: 1_500, checkMs: 50 };
  const printer = createPrinter({ id: 'label', link, language: 'zpl', ask: true, clock, log, times, ...setup });
  cleanups.push(() => printer.stop());
  return printer;
}

const label = (printId: string, filler = 400): { printId: string; bytes: Uint8Array } => ({
  printId,
  bytes: Buffer.from(`^XA^FXprint=${printId} page=1/1^FS^FO1,1^FD${'x'.repeat(filler)}^FS^XZ\r\n`),
});
const ids = (printer: VirtualPrinter): string[] => printer.labels().map((each) => each.id);

/** Resolves when the device has that many complete formats. */
async function received(device: VirtualPrinter, formats: number): Promise<void> {
  while (device.counts.formats < formats) await new Promise((resolve) => setImmediate(resolve));
}

function until(printer: Printer, wanted: (snapshot: PrinterSnapshot) => boolean): Promise<PrinterSnapshot> {
  if (wanted(printer.snapshot)) return Promise.resolve(printer.snapshot);
  return new Promise((resolve) => {
    const off = printer.onState((snapshot) => {
      if (!wanted(snapshot)) return;
      off();
      resolve(snapshot);
    });
  });
}

test('labels come out one by one in the order of the calls', async () => {
  const device = await virtual();
  const printer = desk(device.uri);
  const outcomes = await Promise.all(['a', 'b', 'c'].map((id) => printer.print(label(id))));
  expect(outcomes.map((outcome) => outcome.kind)).toEqual(['printed', 'printed', 'printed']);
  expect(ids(device)).toEqual(['a', 'b', 'c']);
  expect(device.counts).toMatchObject({ formats: 3, labels: 3, mistakes: 0 });
  expect(printer.snapshot).toMatchObject({ state: 'ready', reasons: [] });
});

test.each([
  ['paper-out', 'printer.paper-out'],
  ['head-open', 'printer.head-open'],
  ['paused', 'printer.paused'],
] as const)('with %s nothing is sent, and the screen says why', async (fault, reason) => {
  const device = await virtual();
  const printer = desk(device.uri);
  await device.setFault(fault);
  expect(await printer.print(label('a'))).toEqual({ kind: 'blocked', reasons: [reason] });
  expect(device.counts.formats).toBe(0);
  expect(printer.snapshot).toMatchObject({ state: 'attention', reasons: [reason] });
  await device.setFault('ready');
  expect((await printer.print(label('a'))).kind).toBe('printed');
});

test('a printer that is off took nothing, and prints when it is on again', async () => {
  const device = await virtual();
  const printer = desk(device.uri);
  await device.setFault('off');
  expect((await printer.print(label('a'))).kind).toBe('not-printed');
  expect(printer.snapshot.state).toBe('offline');
  await device.setFault('ready');
  expect((await printer.print(label('a'))).kind).toBe('printed');
  expect(ids(device)).toEqual(['a']);
});

test('paper that runs out while the label is in the printer holds the outcome open; after the refill it is printed', async () => {
  const device = await virtual(undefined, 200);
  const printer = desk(device.uri);
  const outcome = printer.print(label('a'));
  await received(device, 1);
  await device.setFault('paper-out');
  const seen = await until(printer, (snapshot) => snapshot.state === 'attention');
  expect(seen.reasons).toEqual(['printer.paper-out']);
  expect(ids(device)).toEqual([]);
  await device.setFault('ready');
  expect((await outcome).kind).toBe('printed');
  expect(ids(device)).toEqual(['a']);
});

test('a label that the printer does not finish in time is unknown, with the reason', async () => {
  const device = await virtual(undefined, 200);
  const printer = desk(device.uri);
  const outcome = printer.print(label('a'));
  await received(device, 1);
  await device.setFault('head-open');
  expect(await outcome).toMatchObject({ kind: 'unknown', message: expect.stringContaining('printer.head-open') });
});

test('a printer that is switched off with the label in it leaves it unknown', async () => {
  const device = await virtual(undefined, 200);
  const printer = desk(device.uri);
  const outcome = printer.print(label('a'));
  await received(device, 1);
  await device.setFault('off');
  expect((await outcome).kind).toBe('unknown');
  await device.setFault('ready');
  expect(await printer.status()).toMatchObject({ ready: true, queued: 0 });
  expect(ids(device)).toEqual([]);
});

test('a printer that never answers gets the label, and its outcome is unknown; the screen does not call it ready', async () => {
  const device = await virtual();
  await device.setFault('no-answer');
  const printer = desk(device.uri);
  const request = label('a');
  expect(await printer.print(request)).toMatchObject({ kind: 'unknown', bytes: request.bytes.length });
  expect(printer.snapshot.state).toBe('no-answer');
  expect((await printer.print(label('b'))).kind).toBe('unknown');
  expect(printer.snapshot.paused).toBe(false);
});

test('a printer that left two questions open is not asked before each label, until a check finds that it answers', async () => {
  const device = await virtual();
  await device.setFault('no-answer');
  const printer = desk(device.uri);
  await printer.print(label('a'));
  await printer.print(label('b'));
  await device.setFault('ready');
  // Not asked, so not known: it would have said that the label came out.
  expect((await printer.print(label('c'))).kind).toBe('unknown');
  expect(await printer.status()).toMatchObject({ ready: true });
  expect((await printer.print(label('d'))).kind).toBe('printed');
  expect(ids(device)).toEqual(['a', 'b', 'c', 'd']);
});

test('a printer that answered before and falls silent is blocked, with nothing sent', async () => {
  const device = await virtual();
  const printer = desk(device.uri);
  expect(await printer.status()).toMatchObject({ ready: true });
  await device.setFault('no-answer');
  expect(await printer.print(label('a'))).toEqual({ kind: 'blocked', reasons: ['printer.no-answer'] });
  expect(device.counts.formats).toBe(0);
});

test('by policy a printer that has never answered gets nothing', async () => {
  const device = await virtual();
  await device.setFault('no-answer');
  const printer = desk(device.uri, { printWithoutAnswer: false });
  expect(await printer.print(label('a'))).toEqual({ kind: 'blocked', reasons: ['printer.no-answer'] });
});

test('a printer that is not asked stays unchecked, and outcomes are unknown', async () => {
  const device = await virtual();
  const printer = desk(device.uri, { ask: false });
  expect((await printer.print(label('a'))).kind).toBe('unknown');
  expect(printer.snapshot.state).toBe('unchecked');
});

test('wherever the connection is cut inside a label, it is unknown, never printed, and no second label is sent', async () => {
  const device = await virtual();
  const outcomes: { at: number; outcome: PrintOutcome; formats: number }[] = [];
  const request = label('cut', 100_000);
  for (const at of [
    1,
    2,
    3,
    4,
    10,
    64,
    1_000,
    16_384,
    16_385,
    65_536,
    request.bytes.length - 10,
    request.bytes.length - 3,
  ]) {
    const printer = desk(device.uri);
    await device.setFault('cut-mid-label', at);
    const before = device.counts.formats;
    const outcome = await printer.print(request);
    outcomes.push({ at, outcome, formats: device.counts.formats - before });
    await printer.stop();
  }
  for (const { at, outcome, formats } of outcomes) {
    expect(outcome.kind, `cut at ${at}`).toBe('unknown');
    expect(formats, `cut at ${at}`).toBe(0);
    if (outcome.kind === 'unknown') expect(outcome.bytes).toBeGreaterThanOrEqual(at);
  }
  expect(device.labels()).toEqual([]);
});

test('two unknown labels in a row pause the printer until a person resumes it', async () => {
  const device = await virtual();
  const printer = desk(device.uri);
  await device.setFault('cut-mid-label', 50);
  expect((await printer.print(label('a'))).kind).toBe('unknown');
  expect(printer.snapshot.paused).toBe(false);
  expect((await printer.print(label('b'))).kind).toBe('unknown');
  expect(printer.snapshot).toMatchObject({ state: 'attention', paused: true });
  await device.setFault('ready');
  expect(await printer.print(label('c'))).toEqual({ kind: 'blocked', reasons: ['printer.paused-unknown'] });
  expect(device.counts.formats).toBe(0);
  printer.resume();
  expect((await printer.print(label('c'))).kind).toBe('printed');
});

test('an idle printer is watched: trouble and recovery show by themselves', async () => {
  const device = await virtual();
  const printer = desk(device.uri);
  printer.start();
  await until(printer, (snapshot) => snapshot.state === 'ready');
  await device.setFault('head-open');
  await until(printer, (snapshot) => snapshot.reasons.includes('printer.head-open'));
  await device.setFault('off');
  await until(printer, (snapshot) => snapshot.state === 'offline');
  await device.setFault('ready');
  await until(printer, (snapshot) => snapshot.state === 'ready');
  expect(printer.snapshot.lastAnswerAt).not.toBeNull();
});

test('between two checks an idle network printer is seen to go and to come back, and is asked as soon as it is back', async () => {
  const device = await virtual();
  const link = createLinks({ clock, log }).create(device.uri, { reopen: false });
  // The next question by itself is an hour away.
  const times = { answerMs: 300, pollMs: 10, checkMs: 3_600_000, muteCheckMs: 3_600_000, reachMs: 20 };
  const printer = createPrinter({ id: 'label', link, language: 'zpl', ask: true, clock, log, times });
  cleanups.push(() => printer.stop());
  printer.start();
  await until(printer, ({ state }) => state === 'ready');
  await device.setFault('off');
  expect(await until(printer, ({ state }) => state === 'offline')).toMatchObject({ reasons: ['printer.offline'] });
  await device.setFault('head-open');
  expect(await until(printer, ({ state }) => state !== 'offline')).toMatchObject({ reasons: ['printer.head-open'] });
});

test('stopping leaves the label in print unknown and the waiting one not printed', async () => {
  const device = await virtual(undefined, 5_000);
  const printer = desk(device.uri);
  const first = printer.print(label('a'));
  const second = printer.print(label('b'));
  await received(device, 1);
  await printer.stop();
  expect((await first).kind).toBe('unknown');
  expect((await second).kind).toBe('not-printed');
});

test('what came out is remembered by the next process, and only that', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packbench-printer-'));
  const first = await virtual(dir);
  await desk(first.uri).print(label('a'));
  await first.stop();
  const second = await virtual(dir);
  expect(ids(second)).toEqual(['a']);
  await desk(second.uri).print(label('b'));
  expect(ids(second)).toEqual(['a', 'b']);
  cleanups.push(() => rm(dir, { recursive: true, force: true }));
});

test('a label that came out can be looked at and scanned', async () => {
  const device = await virtual();
  const seen = new Promise<readonly string[]>((resolve) => device.onLabel((each) => resolve(each.codes)));
  const bytes = Buffer.from('^XA^FXprint=s page=1/1^FS^FO50,50^BY3^BCN,150,Y,N,N^FDPB540001^FS^XZ\r\n');
  expect((await desk(device.uri).print({ printId: 's', bytes })).kind).toBe('printed');
  expect(await seen).toEqual(['PB540001']);
  expect(
    Buffer.from(await device.png('s'))
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  await expect(device.png('nothing')).rejects.toThrow('nothing');
});

test('a damaged picture is not printed and is counted', async () => {
  const device = await virtual();
  const bytes = Buffer.from('^XA^FXprint=bad^FS^GFA,2,2,1,:Z64:AAAA:0000^FS^XZ\r\n');
  await desk(device.uri).print({ printId: 'bad', bytes });
  expect(device.counts).toMatchObject({ labels: 0, mistakes: 1 });
  expect(device.mistakes[0]).toContain('checksum');
});

test('a carrier’s PDF comes out of the printer with its waybill on it', async () => {
  const device = await virtual();
  const labels = createLabels({ clock, log, resourcesDir: new URL('../../resources', import.meta.url).pathname });
  cleanups.push(() => labels.stop());
  const artwork = {
    type: 'application/pdf',
    base64: Buffer.from(labelPdf(['PB54010000010C'])).toString('base64'),
  } as const;
  const target = { language: 'zpl', dpi: 203, widthMm: 100, heightMm: 150 } as const;
  const prepared = await labels.prepare(artwork, 'PB54010000010C', target);
  if (prepared.held) throw new Error(prepared.message);
  const seen = new Promise<VirtualLabel>((resolve) => device.onLabel(resolve));
  const outcome = await desk(device.uri).print({ printId: 'print-1', bytes: prepared.bytes(0, 'print-1') });
  expect(outcome.kind).toBe('printed');
  expect(await seen).toMatchObject({ id: 'print-1', codes: ['PB54010000010C'] });
  expect(device.counts.mistakes).toBe(0);
});
