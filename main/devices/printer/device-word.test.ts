/** Printers of which only the way to them says something: a USB port, a queue of the operating system. */
import { expect, test } from 'vitest';
import { createMemoryHub } from '../../../native/memory/hub.ts';
import { silentLog } from '../../../test/kit/ports.ts';
import { createVirtualClock } from '../../../test/kit/virtual-clock.ts';
import type { DeviceWord, Link } from '../../ports.ts';
import { createPrinter } from './printer.ts';

function desk(word: DeviceWord | null, given: { direct?: boolean; ask?: boolean } = {}) {
  const clock = createVirtualClock();
  const hub = createMemoryHub();
  const device = hub.device('p');
  const inner = hub.link('memory://p');
  const link: Link = {
    uri: inner.uri,
    get state() {
      return inner.state;
    },
    get lastError() {
      return inner.lastError;
    },
    open: () => inner.open(),
    write: (bytes, timeoutMs) => inner.write(bytes, timeoutMs),
    onBytes: (listener) => inner.onBytes(listener),
    onState: (listener) => inner.onState(listener),
    close: () => inner.close(),
    deviceWord: () => Promise.resolve(word),
    direct: given.direct ?? true,
  };
  const ask = given.ask ?? false;
  return { clock, device, printer: createPrinter({ id: 'p', link, language: 'zpl', ask, clock, log: silentLog }) };
}

const ready: DeviceWord = { ready: true, reasons: [], queued: 0 };
const paperOut: DeviceWord = { ready: false, reasons: ['printer.paper-out'], queued: null };
const offline: DeviceWord = { ready: false, reasons: ['printer.offline'], queued: null };
const label = { printId: 'a', bytes: Buffer.from('^XA^XZ') };

test.each([
  [paperOut, 'attention'],
  [offline, 'offline'],
] as const)('word against the printer keeps the label back and is shown: %j', async (word, state) => {
  const { device, printer } = desk(word);
  expect(await printer.print(label)).toEqual({ kind: 'blocked', reasons: word.reasons });
  expect(device.received).toHaveLength(0);
  expect(printer.snapshot).toMatchObject({ state, reasons: word.reasons });
});

test.each([ready, null])('word for it, or none, is no readiness: the label is unknown (%j)', async (word) => {
  const { device, printer } = desk(word);
  expect(await printer.status()).toBe('no-answer');
  expect(printer.snapshot.state).toBe('unchecked');
  expect(await printer.print(label)).toMatchObject({ kind: 'unknown', bytes: 6 });
  expect(device.received).toEqual(new Uint8Array(label.bytes));
});

test('through a queue no question is written, and a label it took is unknown, not counted against the printer', async () => {
  const { device, printer } = desk(ready, { direct: false, ask: true });
  await printer.status();
  expect(printer.snapshot).toMatchObject({ state: 'unchecked', warnings: ['printer.queue-only'] });
  for (let turn = 0; turn < 3; turn += 1) {
    expect(await printer.print(label)).toMatchObject({
      kind: 'unknown',
      message: expect.stringMatching(/the queue of printer p took the label/),
    });
  }
  expect(Buffer.from(device.received).toString()).toBe('^XA^XZ'.repeat(3));
  expect(printer.snapshot.paused).toBe(false);
});

test('a printer that leaves the question open is believed by its port when that says no', async () => {
  const { clock, printer } = desk(paperOut, { ask: true });
  const outcome = printer.print(label);
  // Both questions of ZPL, each with its time to answer.
  for (let turn = 0; turn < 8; turn += 1) await clock.advance(500);
  expect(await outcome).toEqual({ kind: 'blocked', reasons: ['printer.paper-out'] });
});
