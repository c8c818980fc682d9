import { afterEach, beforeEach, expect, test } from 'vitest';
import { sequentialIds, silentLog } from '../../test/kit/ports.ts';
import { aParcel, aPulledOrder, openTestStore, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import type { PrintOutcome } from '../domain/device.ts';
import type { ParcelRecord, PrintRecord } from '../store/store.ts';
import { createPrinting, type LabelBytes, type Printing } from './printing.ts';

let clock: VirtualClock;
let store: TestStore;
let parcel: ParcelRecord;
let outcomes: PrintOutcome[];
let sent: string[];
let label: LabelBytes;
let printing: Printing;
let wakePrinter: () => void;
let settled: PrintRecord[];

beforeEach(() => {
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
    printer: {
      id: 'label',
      print(request) {
        sent.push(new TextDecoder().decode(request.bytes));
        return Promise.resolve(outcomes.shift() ?? { kind: 'printed', bytes: request.bytes.length });
      },
      onState(listener) {
        wakePrinter = listener;
        return () => undefined;
      },
    },
    labelBytes: () => Promise.resolve(label),
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
  expect(states.slice(0, 2)).toEqual([
    ['claimed', 0],
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

test('0 bytes written are tried again by themselves after a while', async () => {
  outcomes = [{ kind: 'not-printed', message: 'refused' }];
  printing.request(parcel, 'carrier', 0, '');
  await until('claimed', 'printer.offline');
  await clock.advance(2_000);
  await until('printed');
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
  const print = { ...printing.request(parcel, 'carrier', 0, ''), state: 'sending', bytesWritten: -1 } as const;
  store.store.prints.update(print);
  const [found] = store.store.prints.recoverInterrupted(clock.now());
  expect(found).toMatchObject({ state: 'unknown', bytesWritten: -1 });
  store.store.prints.update({ ...print, state: 'not-printed' });
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
