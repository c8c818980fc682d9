import { afterEach, beforeEach, expect, test } from 'vitest';
import { sequentialIds, silentLog } from '../../test/kit/ports.ts';
import { aParcel, aPulledOrder, openTestStore, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import type { PrintOutcome } from '../domain/device.ts';
import type { ParcelRecord, PrintRecord } from '../store/store.ts';
import { createPrinting, type LabelBytes, type LabelPrinter, type Printing } from './printing.ts';

let clock: VirtualClock;
let store: TestStore;
let parcel: ParcelRecord;
let outcomes: PrintOutcome[];
let sent: string[];
let label: LabelBytes;
let printing: Printing;
let wakePrinter: () => void;
let settled: PrintRecord[];

/** Ids of the printers a label may come out of; what each is known to suffer from; what was moved to another. */
let chain: string[];
let troubles: Record<string, string[]>;
let fallbacks: string[][];
let spareLabel: LabelBytes;
const spareWidthMm = 76;

function printer(id: string): LabelPrinter {
  return {
    id,
    target: { language: 'zpl', dpi: 203, widthMm: id === 'spare' ? spareWidthMm : 100, heightMm: 150 },
    trouble: () => troubles[id] ?? [],
    print(request) {
      sent.push(`${id} ${new TextDecoder().decode(request.bytes)}`);
      return Promise.resolve(outcomes.shift() ?? { kind: 'printed', bytes: request.bytes.length });
    },
    onState(listener) {
      if (id === 'label') wakePrinter = listener;
      return () => undefined;
    },
  };
}

beforeEach(() => {
  chain = ['label'];
  troubles = {};
  fallbacks = [];
  spareLabel = { held: false, bytes: (copy) => new TextEncoder().encode(`small ${copy}`) };
  clock = createVirtualClock();
  store = openTestStore({ clock });
  const { orderId } = store.store.orders.upsert('waiqin365', aPulledOrder());
  store.store.parcels.insert(aParcel(orderId));
  parcel = store.store.parcels.get('parcel-1') as ParcelRecord;
  outcomes = [];
  sent = [];
  settled = [];
  label = { held: false, bytes: (copy, printId) => new TextEncoder().encode(`${copy}:${printId}`) };
  printing = createPrinting({
    store: store.store,
    clock,
    ids: sequentialIds(),
    log: silentLog,
    printers: [printer('label'), printer('spare')],
    printersFor: (_kind, printerId) => (printerId === 'spare' ? [printer('spare')] : chain.map(printer)),
    labelBytes: (_parcel, _kind, { widthMm }) => Promise.resolve(widthMm === spareWidthMm ? spareLabel : label),
    onFallback: (print, from, why) => fallbacks.push([from, print.printerId, ...why]),
    onChange: (print) => settled.push(print),
    onHeld: () => undefined,
  });
});
afterEach(async () => {
  await printing.stop();
  store.remove();
});

const latest = (): PrintRecord | null => printing.latest('parcel-1', 'carrier');
async function until(state: PrintRecord['state'], message?: string): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    const print = latest();
    if (print?.state === state && (message === undefined || print.message === message)) return;
    await Promise.resolve();
  }
  throw new Error(`the print never became ${state}; it is ${latest()?.state ?? 'not there'}`);
}

test('the row says sending, with an unknown number of bytes, before the printer gets the first one', async () => {
  printing.request(parcel, 'carrier', 0, '');
  await until('printed');
  const states = settled.map((print) => [print.state, print.bytesWritten]);
  expect(states.slice(0, 3)).toEqual([
    ['claimed', 0],
    ['preflight', 0],
    ['sending', -1],
  ]);
});

test('a blocked printer gets nothing, says why, and prints exactly once when it can', async () => {
  outcomes = [{ kind: 'blocked', reasons: ['printer.paper-out'] }];
  printing.request(parcel, 'carrier', 0, '');
  await until('claimed', 'printer.paper-out');
  wakePrinter();
  await until('printed');
  expect(sent).toHaveLength(2);
  expect(printing.nextCopy('parcel-1', 'carrier')).toBe(1);
});

test('a copy that cannot be made is held with its reason, not tried for ever', async () => {
  label = {
    held: false,
    bytes: (copy) => {
      if (copy > 0) throw Object.assign(new Error('no place for the mark'), { code: 'label.too-fine' });
      return new Uint8Array(1);
    },
  };
  printing.request(parcel, 'carrier', 1, 'torn');
  await until('not-printed', 'no place for the mark');
  await clock.advance(10_000);
  expect(sent).toEqual([]);
});

test('0 bytes written are tried again by themselves after a while', async () => {
  outcomes = [{ kind: 'not-printed', message: 'refused' }];
  printing.request(parcel, 'carrier', 0, '');
  await until('claimed', 'printer.offline');
  await clock.advance(2_000);
  await until('printed');
});

test('two unknown in a row pause the printer until a person has looked at it, and two more pause it again', async () => {
  const unknown: PrintOutcome = { kind: 'unknown', bytes: 12, message: 'no answer' };
  outcomes = [unknown, unknown];
  for (const copy of [0, 1]) {
    printing.request(parcel, 'carrier', copy, '');
    await until('unknown');
  }
  printing.request(parcel, 'carrier', 2, 'packer');
  await until('claimed');
  expect(printing.paused('label')).toEqual(['printer.paused-unknown']);
  expect(sent).toHaveLength(2);

  expect(printing.goOn('label', 'looked')).toBe(true);
  await until('printed');
  expect(sent).toHaveLength(3);
  expect(store.store.events.listForOrder(parcel.orderId).map(({ kind }) => kind)).toContain('printer-checked');
  expect(printing.goOn('label', 'looked again')).toBe(false);
});

test('an unknown outcome is never tried again, and the next copy is marked', async () => {
  outcomes = [{ kind: 'unknown', bytes: 12, message: 'no answer' }];
  printing.request(parcel, 'carrier', 0, '');
  await until('unknown');
  await clock.advance(60_000);
  wakePrinter();
  await Promise.resolve();
  expect(sent).toHaveLength(1);
  expect(printing.nextCopy('parcel-1', 'carrier')).toBe(1);
});

test('a print cut off by a crash counts as a copy, even after the packer said that nothing came out', () => {
  const print = printing.request(parcel, 'carrier', 0, '');
  store.store.prints.update({ ...print, state: 'sending', bytesWritten: -1 });
  const [found] = printing.recover();
  expect(found).toMatchObject({ state: 'unknown', bytesWritten: -1 });
  printing.settle(print.id, { state: 'not-printed', message: 'said', detail: {} });
  expect(latest()?.state).toBe('not-printed');
  expect(printing.nextCopy('parcel-1', 'carrier')).toBe(1);
});

test('a held label never reaches the printer', async () => {
  label = { held: true, code: 'label.unreadable', message: 'not a PDF' };
  printing.request(parcel, 'carrier', 0, '');
  await until('not-printed', 'not a PDF');
  expect(sent).toEqual([]);
});

test('an attempt that wrote nothing can be withdrawn, one under way cannot', async () => {
  outcomes = [{ kind: 'blocked', reasons: ['printer.paper-out'] }];
  const waiting = printing.request(parcel, 'carrier', 0, '');
  await until('claimed', 'printer.paper-out');
  expect(printing.withdraw(waiting.id)).toBe(true);
  wakePrinter();
  await Promise.resolve();
  expect(sent).toHaveLength(1);
  const printed = printing.request(parcel, 'carrier', 0, '');
  await until('printed');
  expect(printing.withdraw(printed.id)).toBe(false);
});

test('a label that wrote nothing comes out of the fall-back, made for it, in words and on the record', async () => {
  chain = ['label', 'spare'];
  outcomes = [{ kind: 'blocked', reasons: ['printer.paper-out'] }];
  const print = printing.request(parcel, 'carrier', 0, '');
  await until('printed');
  expect(sent).toEqual([`label 0:${print.id}`, 'spare small 0']);
  expect(latest()).toMatchObject({ printerId: 'spare', copy: 0 });
  expect(fallbacks).toEqual([['label', 'spare', 'printer.paper-out']]);
  const { orderId } = parcel;
  const entry = store.store.events.listForOrder(orderId).find((each) => each.kind === 'print-fallback');
  expect(entry?.detail).toMatchObject({ printer: 'spare', insteadOf: 'label', because: 'printer.paper-out' });
});

test('a label of which bytes left is never printed by the fall-back', async () => {
  chain = ['label', 'spare'];
  outcomes = [{ kind: 'unknown', bytes: 900, message: 'unplugged' }];
  printing.request(parcel, 'carrier', 0, '');
  await until('unknown');
  expect(sent).toHaveLength(1);
  expect(latest()).toMatchObject({ printerId: 'label', bytesWritten: 900 });
});

test('a printer in known trouble is passed over while its fall-back may be able', async () => {
  chain = ['label', 'spare'];
  troubles = { label: ['printer.head-open'] };
  printing.request(parcel, 'carrier', 0, '');
  await until('printed');
  expect(sent).toEqual(['spare small 0']);
  expect(fallbacks).toEqual([['label', 'spare', 'printer.head-open']]);
});

test('with both in trouble the label waits for its own printer and says what that one lacks', async () => {
  chain = ['label', 'spare'];
  outcomes = [
    { kind: 'blocked', reasons: ['printer.paper-out'] },
    { kind: 'not-printed', message: 'refused' },
  ];
  printing.request(parcel, 'carrier', 0, '');
  await until('claimed', 'printer.offline');
  await until('claimed', 'printer.paper-out');
  expect(latest()).toMatchObject({ printerId: 'label', bytesWritten: 0 });
  wakePrinter();
  await until('printed');
  expect(latest()).toMatchObject({ printerId: 'label' });
});

test('a label that does not fit the fall-back waits; it is not held', async () => {
  chain = ['label', 'spare'];
  spareLabel = { held: true, code: 'label.unreadable', message: 'too small' };
  outcomes = [{ kind: 'blocked', reasons: ['printer.paper-out'] }];
  printing.request(parcel, 'carrier', 0, '');
  await until('claimed', 'printer.paper-out');
  expect(sent).toHaveLength(1);
});

test('a printer a person chose prints, whatever is usual', async () => {
  printing.request(parcel, 'carrier', 1, 'smeared', 'spare');
  await until('printed');
  expect(sent).toEqual(['spare small 1']);
});
