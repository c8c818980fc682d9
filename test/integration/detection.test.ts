/**
 * Detection of printers, measuring machines and scanners over real sockets, against virtual devices that were written apart from
 * it: what is proposed, and that no question makes a printer of another language print.
 */
import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DeviceKind, DeviceSession } from '../../preload/contract/index.ts';
import { createDeviceSessions, type DeviceSessions } from '../../main/desk/devices/device-session.ts';
import { loadPrinterModels } from '../../main/profile/printer-models.ts';
import { createVirtualDws, type VirtualDwsFormat, type VirtualDwsParcel } from '../../main/training/dws.ts';
import { createVirtualPrinter, type VirtualLanguage, type VirtualPrinter } from '../../main/training/printer.ts';
import { createVirtualScanner } from '../../main/training/scanner.ts';
import { createLinks } from '../../native/index.ts';
import { silentLog as log } from '../kit/ports.ts';
import { realClock as clock } from '../kit/real-clock.ts';
import { projectDir } from '../kit/station.ts';

const printerModels = loadPrinterModels(join(projectDir, 'resources'));

function sessions(): DeviceSessions {
  const made = createDeviceSessions({
    clock,
    log,
    links: createLinks({ clock, log }),
    inUse: () => null,
    printerModels,
  });
  onTestFinished(async () => {
    await made.stop();
    made.view.stop();
  });
  return made;
}

/** Resolves with the first state of the session that fits. */
function shows(made: DeviceSessions, fits: (session: DeviceSession) => boolean): Promise<DeviceSession> {
  return new Promise((resolve) => {
    const look = (): void => {
      const session = made.view.shown.current();
      if (!fits(session)) return;
      off();
      resolve(session);
    };
    const off = made.view.shown.onChange(look);
    look();
  });
}

async function detected(made: DeviceSessions, uri: string, kind: DeviceKind, askAll = false): Promise<DeviceSession> {
  const number = await made.detect(uri, kind, askAll);
  return shows(made, (session) => session.number === number && session.state !== 'running');
}

const codesOf = ({ notes }: DeviceSession): string[] => notes.map(({ code }) => code);

describe('printers', () => {
  async function virtual(language: VirtualLanguage, dpi: 203 | 300 = 203): Promise<VirtualPrinter> {
    const dir = await mkdtemp(join(tmpdir(), 'packbench-detect-'));
    const printer = await createVirtualPrinter({
      ...{ dir, clock, log, language, dpi },
      ...{ widthMm: 100, heightMm: 50, msPerLabel: 1 },
    });
    onTestFinished(async () => {
      await printer.stop();
      await rm(dir, { recursive: true, force: true });
    });
    return printer;
  }

  test.each([
    ['escpos', 'PACKBENCH-ESCPOS'],
    ['cpcl', 'PACKBENCH-CPCL 1.0'],
    ['tspl', 'PACKBENCH-TSPL'],
  ] as const)(
    '%s is told by its own answer, with its model, before anything is asked that may print',
    async (language, sample) => {
      const printer = await virtual(language);
      const session = await detected(sessions(), printer.uri, 'printer');
      expect(session).toMatchObject({ state: 'done', problem: null, askMore: null });
      expect(session.proposals).toMatchObject([{ protocol: language, fields: { language }, sample }]);
      expect(session.proposals[0]?.score).toBeGreaterThan(0.85);
      expect(codesOf(session)).toEqual(['device.detect-compare-label']);
      expect(printer.counts).toMatchObject({ labels: 0, formats: 0 });
    },
    60_000,
  );

  test('ZPL is asked in text only after a person was told, and says its resolution', async () => {
    const printer = await virtual('zpl', 300);
    const made = sessions();
    const first = await detected(made, printer.uri, 'printer');
    expect(first).toMatchObject({ proposals: [], askMore: { code: 'device.detect-ask-text', tone: 'warn' } });
    expect(codesOf(first)).toEqual(['device.detect-mute', 'device.detect-switch-off']);
    const second = await detected(made, printer.uri, 'printer', true);
    expect(second.proposals).toMatchObject([
      { protocol: 'zpl', fields: { language: 'zpl', dpi: 300 }, sample: 'PACKBENCH-ZPL' },
    ]);
    expect(second.askMore).toBeNull();
    expect(printer.counts).toMatchObject({ labels: 0, formats: 0 });
  }, 60_000);

  test.each(['zpl', 'tspl', 'escpos', 'cpcl', 'epl'] as const)(
    'a mute %s printer prints nothing of all questions together, and nothing is proposed',
    async (language) => {
      const printer = await virtual(language);
      await printer.setFault('no-answer');
      const session = await detected(sessions(), printer.uri, 'printer', true);
      expect(session).toMatchObject({ state: 'done', proposals: [], askMore: null });
      expect(codesOf(session)).toContain('device.detect-switch-off');
      // The connection has ended: a receipt printer prints what is left of a line then.
      expect(printer.counts).toMatchObject({ connections: 1, labels: 0, formats: 0 });
    },
    60_000,
  );

  test('over a serial line nothing is asked before a person was told', async () => {
    const made = createDeviceSessions({
      ...{ clock, log, printerModels, inUse: () => null },
      links: { create: (uri, options) => createLinks({ clock, log }).create(uri, options) },
    });
    onTestFinished(() => made.stop());
    const session = await detected(made, 'serial:///dev/none-such', 'printer');
    expect(session).toMatchObject({ state: 'done', bytes: 0, askMore: { code: 'device.detect-ask-serial' } });
  }, 60_000);

  test('a queue answers nothing, which is said without asking', async () => {
    const made = createDeviceSessions({
      ...{ clock, log, printerModels, inUse: () => null },
      // Made, never opened.
      links: { create: () => createLinks({ clock, log }).create('tcp://127.0.0.1:9', {}) },
    });
    onTestFinished(() => made.stop());
    const session = await detected(made, 'spooler://zpl', 'printer');
    expect(session).toMatchObject({ state: 'done', bytes: 0, proposals: [], askMore: null });
    expect(codesOf(session)).toEqual(['device.detect-queue']);
  }, 60_000);

  test('a printer that is off is said to be unreachable', async () => {
    const printer = await virtual('zpl');
    await printer.setFault('off');
    const session = await detected(sessions(), printer.uri, 'printer');
    expect(session.state).toBe('failed');
    expect(session.problem).toContain('refused');
  }, 60_000);
});

const parcel = (index: number): VirtualDwsParcel => ({
  barcodes: [`SF12345678${index}`],
  grams: 1_250 + index,
  lengthMm: 300 + index,
  widthMm: 200,
  heightMm: 150,
});

describe('measuring machines', () => {
  test.each([
    ['csv', { format: 'csv' }, ['weightUnit', 'lengthUnit'], 'SF123456782 · 1252 · 302 × 200 × 150'],
    ['json', { format: 'json' }, ['weightUnit', 'lengthUnit'], 'SF123456782 · 1252 · 302 × 200 × 150'],
    ['sick', { format: 'sick' }, [], 'SF123456782 · 1252 g · 302 × 200 × 150 mm'],
    ['cubiscan', { format: 'cubiscan' }, [], '— · 1250 g · 302 × 200 × 150 mm'],
  ] as const)(
    'the records of a %s machine that listens are told, whatever is wrong with some',
    async (format, fields, needs, sample) => {
      const machine = await createVirtualDws({ clock, log, format });
      onTestFinished(() => machine.stop());
      const made = sessions();
      const number = await made.detect(machine.uri ?? '', 'dws', false);
      await shows(made, ({ linkState }) => linkState === 'open');
      await until(() => machine.connected(), machine.onConnected);
      const faults = ['split', 'garbage', 'none'] as const;
      for (const [index, fault] of faults.entries()) await machine.measure(parcel(index), fault);
      const session = await shows(made, (now) => now.number === number && now.proposals[0]?.frames === 3);
      expect(session.proposals[0]).toMatchObject({ fields, needs, sample });
      await shows(made, (now) => now.state === 'done');
    },
    60_000,
  );

  test('a machine that connects to the desk is heard, and again on its next connection', async () => {
    const port = await freePort();
    const machine = await createVirtualDws({ clock, log, format: 'sick', connectTo: `tcp://127.0.0.1:${port}` });
    onTestFinished(() => machine.stop());
    const made = sessions();
    await made.detect(`tcp-listen://127.0.0.1:${port}`, 'dws', false);
    await until(() => machine.connected(), machine.onConnected);
    await machine.measure(parcel(1));
    await machine.measure(parcel(2), 'cut');
    await machine.measure(parcel(3));
    const session = await shows(made, ({ state }) => state === 'done');
    expect(session.proposals[0]).toMatchObject({ fields: { format: 'sick' }, frames: 3 });
  }, 60_000);

  test('a machine that has to be asked is asked once a person wants it', async () => {
    const machine = await createVirtualDws({ clock, log, format: 'cubiscan' satisfies VirtualDwsFormat });
    onTestFinished(() => machine.stop());
    machine.put(parcel(2));
    const made = sessions();
    await made.detect(machine.uri ?? '', 'dws', true);
    const session = await shows(made, ({ proposals }) => proposals.length > 0);
    expect(session.proposals[0]).toMatchObject({ fields: { format: 'cubiscan' }, needs: [] });
  }, 60_000);
});

describe('scanners', () => {
  test.each([
    [{ prefix: '\x02', suffix: '\r\n', sendsAim: true }, { prefix: '\x02', suffix: '\r\n' }, 'device.because-aim'],
    [{ suffix: '\r' }, { prefix: '', suffix: '\r' }, 'device.because-no-aim'],
    [{ suffix: '' }, { prefix: '', suffix: '' }, 'device.because-no-suffix'],
  ] as const)(
    'three scans tell what stands around a code: %j',
    async (set, fields, reason) => {
      const scanner = await createVirtualScanner({ log, mode: 'serial-text', ...set });
      onTestFinished(() => scanner.stop());
      const made = sessions();
      await made.detect(scanner.uri, 'scanner', false);
      await scanner.connected();
      await shows(made, ({ linkState }) => linkState === 'open');
      for (let count = 1; count <= 3; count += 1) {
        scanner.scan(`690123456789${count}`, ']E0');
        await shows(made, ({ proposals }) => proposals[0]?.frames === count);
      }
      const session = await shows(made, ({ state }) => state === 'done');
      expect(session.proposals).toMatchObject([{ protocol: 'serial-text', fields, refused: 0 }]);
      expect(session.proposals[0]?.sample).toContain('6901234567893');
      expect(session.proposals[0]?.because.map(({ code }) => code)).toContain(reason);
    },
    60_000,
  );

  test('reports are told from text, and a HID-POS scanner has nothing to detect', async () => {
    const scanner = await createVirtualScanner({ log, mode: 'hid-pos' });
    onTestFinished(() => scanner.stop());
    const made = sessions();
    await made.detect(scanner.uri, 'scanner', false);
    await scanner.connected();
    await shows(made, ({ linkState }) => linkState === 'open');
    scanner.scan('6901234567892', ']E0');
    const session = await shows(made, ({ proposals }) => proposals.length > 0);
    expect(session.proposals[0]).toMatchObject({ fields: { protocol: 'hid-pos' } });

    const hid = createDeviceSessions({
      ...{ clock, log, printerModels, inUse: () => null },
      // Made, never opened.
      links: { create: () => createLinks({ clock, log }).create('tcp://127.0.0.1:9', {}) },
    });
    onTestFinished(() => hid.stop());
    const said = await detected(hid, 'hid://0c2e:0b61', 'scanner');
    expect(said).toMatchObject({ bytes: 0, proposals: [{ fields: { protocol: 'hid-pos' }, frames: 0 }] });
    expect(codesOf(said)).toEqual(['device.detect-hid']);
  }, 60_000);
});

/** Resolves once `fits` holds; looked at whenever `onChange` calls. */
function until(fits: () => boolean, onChange: (listener: () => void) => () => void): Promise<void> {
  if (fits()) return Promise.resolve();
  return new Promise((resolve) => {
    const off = onChange(() => {
      if (!fits()) return;
      off();
      resolve();
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => void server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
