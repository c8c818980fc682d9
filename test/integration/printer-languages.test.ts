/**
 * Labels in every printer language over real sockets, through the real driver, to virtual printers that were written
 * apart from the encoders: what comes out, what is said of it, and when it may be called printed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createPrinter } from '../../main/devices/printer/printer.ts';
import type { Printer } from '../../main/devices/printer/printer.ts';
import type { Bitmap } from '../../main/labels/bitmap.ts';
import { codeBitmap } from '../../main/labels/fixtures.ts';
import { labelEncoders } from '../../main/labels/languages.ts';
import type { LabelLanguage, LabelTarget } from '../../main/labels/media.ts';
import { labelLanguages, mediaDots } from '../../main/labels/media.ts';
import { readEplArtwork, stampEpl } from '../../main/labels/epl/artwork.ts';
import { encodeTextLabel } from '../../main/labels/text-label.ts';
import { createCpclStream } from '../../main/training/printer-cpcl.ts';
import { createEplStream } from '../../main/training/printer-epl.ts';
import { createEscposStream } from '../../main/training/printer-escpos.ts';
import type { PrinterStream, StreamEvent } from '../../main/training/printer-stream.ts';
import { createTsplStream } from '../../main/training/printer-tspl.ts';
import { createZplStream } from '../../main/training/printer-zpl.ts';
import { createVirtualPrinter } from '../../main/training/printer.ts';
import type { VirtualLabel, VirtualPrinter } from '../../main/training/printer.ts';
import { createLinks } from '../../native/index.ts';
import { silentLog as log } from '../kit/ports.ts';
import { realClock as clock } from '../kit/real-clock.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const targetOf = (language: LabelLanguage): LabelTarget => ({
  language,
  dpi: 203,
  widthMm: 100,
  heightMm: 50,
  // What tells one ESC/POS label from the next.
  tracking: 'gap',
});
const times = { answerMs: 300, writeMs: 2_000, pollMs: 10, silenceMs: 400, startMs: 500, printMs: 3_000, checkMs: 50 };

async function virtual(language: LabelLanguage, msPerLabel = 120): Promise<VirtualPrinter> {
  const dir = await mkdtemp(join(tmpdir(), 'packbench-printer-'));
  const { dpi, widthMm, heightMm } = targetOf(language);
  const printer = await createVirtualPrinter({ dir, clock, log, language, dpi, widthMm, heightMm, msPerLabel });
  cleanups.push(async () => {
    await printer.stop();
    await rm(dir, { recursive: true, force: true });
  });
  return printer;
}

function desk(uri: string, language: LabelLanguage, setup: { confirms?: boolean } = {}): Printer {
  const link = createLinks({ clock, log }).create(uri, { reopen: false });
  const printer = createPrinter({ id: 'label', link, language, ask: true, clock, log, times, ...setup });
  cleanups.push(() => printer.stop());
  return printer;
}

function page(language: LabelLanguage, code = 'PB54010000010C'): Bitmap {
  const { width, height } = mediaDots(targetOf(language));
  return codeBitmap(code, width, height);
}
const label = (language: LabelLanguage, printId = 'p-1'): { printId: string; bytes: Uint8Array } => ({
  printId,
  bytes: labelEncoders[language]([page(language)], printId, targetOf(language)),
});

describe.each(labelLanguages)('%s', (language) => {
  test('a label comes out of the virtual printer with its barcode and its print id', async () => {
    const device = await virtual(language, 10);
    const seen = new Promise<VirtualLabel>((resolve) => device.onLabel(resolve));
    await desk(device.uri, language).print(label(language));
    const out = await seen;
    expect(device.mistakes).toEqual([]);
    expect(out.codes).toEqual(['PB54010000010C']);
    if (language !== 'escpos') expect(out.id).toBe('p-1');
  });

  test('plain text comes out too', async () => {
    const device = await virtual(language, 10);
    const seen = new Promise<VirtualLabel>((resolve) => device.onLabel(resolve));
    const bytes = encodeTextLabel(['Packbench D01', '"quoted" ^~\\ 中文'], 'p-2', targetOf(language));
    await desk(device.uri, language).print({ printId: 'p-2', bytes });
    expect((await seen).codes).toEqual([]);
    expect(device.mistakes).toEqual([]);
  });

  test('however the bytes are cut, the printer makes the same of them', () => {
    const bytes = labelEncoders[language]([smallPage, smallPage], 'cut', { ...targetOf(language), ending: 'cut' });
    const whole = eventsOf(language, bytes, []);
    expect(whole.map((event) => event.kind)).toEqual(['format', 'format']);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        expect(eventsOf(language, bytes, cuts)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  test('a label cut anywhere is not printed, and it is unknown', async () => {
    const device = await virtual(language, 10);
    const { bytes } = label(language);
    for (const at of [5, 200, bytes.length - 4]) {
      const printer = desk(device.uri, language);
      await device.setFault('cut-mid-label', at);
      const outcome = await printer.print(label(language));
      expect(outcome.kind, `cut at ${at}`).toBe('unknown');
      await printer.stop();
    }
    expect(device.labels()).toEqual([]);
  });
});

const smallPage: Bitmap = { width: 16, height: 3, rowBytes: 2, data: Uint8Array.of(0x80, 0x0a, 0x0d, 0x1b, 0xff, 1) };

function eventsOf(language: LabelLanguage, bytes: Uint8Array, cuts: readonly number[]): StreamEvent[] {
  const dots = { widthDots: 800, heightDots: 400 };
  const streams: Readonly<Record<LabelLanguage, () => PrinterStream>> = {
    zpl: createZplStream,
    tspl: () => createTsplStream(8),
    escpos: () => createEscposStream(dots),
    cpcl: () => createCpclStream(dots),
    epl: () => createEplStream(dots),
  };
  const stream = streams[language]();
  const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).flatMap((end, index) => stream.push(bytes.subarray(at[index], end)));
}

describe.each(['zpl', 'tspl', 'cpcl'] as const)('%s, which says when it is done', (language) => {
  test('a label is printed when the printer says so, not before', async () => {
    const device = await virtual(language);
    const printer = desk(device.uri, language);
    const outcome = await printer.print(label(language));
    expect(outcome.kind).toBe('printed');
    expect(device.labels()).toHaveLength(1);
  });

  test.each([
    ['paper-out', 'printer.paper-out'],
    ['head-open', 'printer.head-open'],
  ] as const)('with %s nothing is sent, and the screen says why', async (fault, reason) => {
    const device = await virtual(language);
    const printer = desk(device.uri, language);
    await device.setFault(fault);
    expect(await printer.print(label(language))).toEqual({ kind: 'blocked', reasons: [reason] });
    expect(device.counts.formats).toBe(0);
    expect(printer.snapshot).toMatchObject({ state: 'attention', reasons: [reason] });
  });

  test('a mute printer is never shown as ready', async () => {
    const device = await virtual(language, 10);
    await device.setFault('no-answer');
    const printer = desk(device.uri, language);
    expect((await printer.print(label(language))).kind).toBe('unknown');
    expect(printer.snapshot.state).toBe('no-answer');
    expect(await printer.status()).toBe('no-answer');
  });
});

test('ESC/POS: preflight is asked; without a process id the outcome is unknown, with it printed', async () => {
  const device = await virtual('escpos');
  const silent = desk(device.uri, 'escpos');
  await device.setFault('paper-out');
  expect(await silent.print(label('escpos'))).toEqual({ kind: 'blocked', reasons: ['printer.paper-out'] });
  await device.setFault('ready');
  expect((await silent.print(label('escpos'))).kind).toBe('unknown');
  expect(silent.snapshot.state).toBe('ready');
  await silent.stop();
  const confirming = desk(device.uri, 'escpos', { confirms: true });
  expect((await confirming.print(label('escpos'))).kind).toBe('printed');
  expect((await confirming.print(label('escpos'))).kind).toBe('printed');
  expect(device.labels()).toHaveLength(3);
  expect(device.mistakes).toEqual([]);
});

test('EPL is never asked and never called ready; its labels come out and are unknown', async () => {
  const device = await virtual('epl', 10);
  const printer = desk(device.uri, 'epl');
  expect(await printer.status()).toBe('no-answer');
  expect(printer.snapshot.state).toBe('unchecked');
  expect((await printer.print(label('epl'))).kind).toBe('unknown');
  expect(printer.snapshot.paused).toBe(false);
  expect(device.mistakes).toEqual([]);
});

test('a carrier’s EPL, passed through, comes out with its waybill and REPRINT', async () => {
  const device = await virtual('epl', 10);
  const seen = new Promise<VirtualLabel>((resolve) => device.onLabel(resolve));
  const epl = 'N\nq800\nA50,20,0,3,1,1,N,"Ann"\nB50,60,0,1,3,6,100,N,"PB54010000010C"\nP1\n';
  const bytes = stampEpl(readEplArtwork(Buffer.from(epl), 800), 'v-1', 1, 400);
  await desk(device.uri, 'epl').print({ printId: 'v-1', bytes });
  expect(await seen).toMatchObject({ id: 'v-1', codes: ['PB54010000010C'] });
  expect(device.mistakes).toEqual([]);
});

const request = { printId: 'p', bytes: Buffer.from('REM x\r\n') };
const labelHex = request.bytes.toString('hex');

/** A printer of a few lines that answers each question as told and takes everything else. */
async function scripted(answer: (question: string, asked: number) => string | null): Promise<string> {
  const sockets = new Set<Socket>();
  const counts = new Map<string, number>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      // The label and the question behind it may arrive glued.
      const question = Buffer.from(bytes).toString('hex').replace(labelHex, '');
      if (question === '') return;
      const asked = counts.get(question) ?? 0;
      counts.set(question, asked + 1);
      const reply = answer(question, asked);
      if (reply !== null) socket.write(Buffer.from(reply, 'hex'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('TSPL: a printer that knows only the older question is asked that one, and from then on first', async () => {
  const asked: string[] = [];
  const uri = await scripted((question) => {
    asked.push(question);
    return question === '1b213f' ? '00' : null;
  });
  const printer = desk(uri, 'tspl');
  expect(await printer.status()).toMatchObject({ ready: true });
  expect(await printer.status()).toMatchObject({ ready: true });
  expect(asked).toEqual(['1b2153', '1b213f', '1b213f']);
});

test('TSPL: calm alone is not printed: the printer may not have read the label yet', async () => {
  const uri = await scripted((question) => (question === '1b2153' ? '0240404040030d0a' : null));
  expect(await desk(uri, 'tspl').print(request)).toMatchObject({
    kind: 'unknown',
    message: expect.stringContaining('did not say that it was printing'),
  });
});

test('CPCL: silence after the label is work; a printer that was reset meanwhile leaves it unknown', async () => {
  const silentTwice = await scripted((question, asked) =>
    question === '1b68' ? (asked === 1 || asked === 2 ? null : '00') : null,
  );
  expect((await desk(silentTwice, 'cpcl').print(request)).kind).toBe('printed');
  const reset = await scripted((question, asked) => (question === '1b68' ? (asked === 0 ? '00' : '10') : null));
  expect(await desk(reset, 'cpcl').print(request)).toMatchObject({
    kind: 'unknown',
    message: expect.stringContaining('reset'),
  });
});

test('ZPL: a printer that is silent to ~HS with its head open says so to ~HQES', async () => {
  const report = Buffer.from(
    '\u0002\r\n\r\n  PRINTER STATUS\r\n   ERRORS:         1 00000000 00000004\r\n   WARNINGS:       0 00000000 00000000\r\n\u0003\r\n',
    'latin1',
  );
  const uri = await scripted((question) =>
    question === Buffer.from('~HQES\r\n').toString('hex') ? report.toString('hex') : null,
  );
  expect(await desk(uri, 'zpl').print(request)).toEqual({ kind: 'blocked', reasons: ['printer.head-open'] });
});
