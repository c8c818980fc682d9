import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryHub, type MemoryHub } from '../../native/memory/hub.ts';
import { silentLog } from '../../test/kit/ports.ts';
import { openTestStore, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import { createPrinter, type Printer } from '../devices/printer/printer.ts';
import { settlePrinter } from '../profile/printer-models.ts';
import { parsePrinter } from '../profile/profile.ts';
import { createPrinterRoom, type PrinterRoom, type RoomPrinter } from './printer-room.ts';

let clock: VirtualClock;
let store: TestStore;
let hub: MemoryHub;
let workers: Printer[];
let room: PrinterRoom;
let changes: number;

function printer(given: { id: string; language?: 'zpl' | 'escpos' }): RoomPrinter {
  const settings = settlePrinter(parsePrinter({ link: `memory://${given.id}`, answers: false, ...given }), new Map());
  const { language, dpi, media } = settings;
  const link = hub.link(settings.link);
  const worker = createPrinter({ id: given.id, link, language, ask: false, clock, log: silentLog });
  workers.push(worker);
  return { id: given.id, settings, target: { language, dpi, ...media }, worker, problem: null };
}

beforeEach(() => {
  clock = createVirtualClock();
  store = openTestStore({ clock });
  hub = createMemoryHub();
  workers = [];
  changes = 0;
  room = createPrinterRoom({
    store: store.store,
    clock,
    printers: [
      printer({ id: 'label' }),
      printer({ id: 'slips', language: 'escpos' }),
      { ...printer({ id: 'gone' }), worker: null, problem: 'no usb package' },
    ],
    labels: {
      testLabel: ({ code }) =>
        Promise.resolve({
          held: false,
          pages: 1,
          codes: [code],
          bytes: () => Buffer.from(`<${code}>`),
          previewPng: () => Promise.reject(new Error('not asked for')),
        }),
    },
    status: () => [],
    onChange: () => {
      changes += 1;
    },
  });
});
afterEach(async () => {
  for (const worker of workers) await worker.stop();
  store.remove();
});

const received = (id: string): string => Buffer.from(hub.device(id).received).toString();
const kinds = (): string[] =>
  store.store.events.list({}, 0, 100).map(({ kind, detail }) => `${kind} ${String(detail['printer'])}`);

describe('a test print', () => {
  test('is unknown where the printer does not answer, and confirmed by scanning its code', async () => {
    const result = await room.testPrint('label');
    expect(result).toMatchObject({ outcome: 'unknown', code: 'PB:PRINT:1' });
    expect(received('label')).toBe('<PB:PRINT:1>');
    expect(room.list()[0]?.test).toMatchObject({ code: 'PB:PRINT:1', at: clock.now(), confirmedAt: null });
    expect(room.scanned('pb:print:1\r')).toMatchObject({
      accepted: true,
      notice: { code: 'printer.test-confirmed', params: { printer: 'label' } },
    });
    expect(room.list()[0]?.test).toMatchObject({ confirmedAt: clock.now() });
    expect(kinds()).toEqual(['printer-tested label', 'printer-test-confirmed label']);
  });

  test('of a printer that cannot be opened prints nothing and says why', async () => {
    await expect(room.testPrint('gone')).resolves.toMatchObject({ outcome: 'not-printed', message: 'no usb package' });
  });

  test('has a code of its own each time; other codes are no test prints, unknown ones confirm nothing', async () => {
    const [first, second] = [await room.testPrint('label'), await room.testPrint('label')];
    expect(second.code).not.toBe(first.code);
    expect(room.scanned('PB:CMD:reprint')).toBeNull();
    expect(room.scanned('6901234567892')).toBeNull();
    expect(room.scanned('PB:PRINT:99')).toMatchObject({ accepted: false, notice: { code: 'printer.test-unknown' } });
  });
});

test('calibration writes the command of the language, and is refused where there is none', async () => {
  await expect(room.calibrate('label')).resolves.toEqual({ sent: true, message: '' });
  expect(received('label')).toBe('~JC\r\n');
  await expect(room.calibrate('slips')).rejects.toMatchObject({ code: 'refused' });
  await expect(room.calibrate('nobody')).rejects.toMatchObject({ code: 'not-found' });
});

test('a calibration that the printer did not take says so', async () => {
  hub.device('label').plug(false);
  await expect(room.calibrate('label')).resolves.toMatchObject({
    sent: false,
    message: 'printer label cannot be reached',
  });
});

test('labels left are counted from the last new roll, never below 0, and not at all before one', () => {
  room.labelSent('label');
  expect(room.labelsLeft('label')).toBeNull();
  room.newRoll('label', 2);
  expect(room.labelsLeft('label')).toEqual({ count: 2, estimated: true });
  for (let sent = 0; sent < 3; sent += 1) room.labelSent('label');
  expect(room.labelsLeft('label')).toEqual({ count: 0, estimated: true });
  expect(changes).toBe(4);
  room.newRoll('label', null);
  expect(room.labelsLeft('label')).toBeNull();
});
