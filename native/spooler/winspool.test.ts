import { expect, test } from 'vitest';
import { createWindowsSpooler, readInfo2, type Winspool } from './winspool.ts';

/** A PRINTER_INFO_2W of a 64 bit system: 13 pointers, then the numbers. */
function info2(given: { attributes?: number; status?: number; jobs?: number }): Uint8Array {
  const bytes = Buffer.alloc(13 * 8 + 8 * 4 + 40, 0xee);
  const at = 13 * 8;
  bytes.writeUInt32LE(given.attributes ?? 0, at);
  bytes.writeUInt32LE(given.status ?? 0, at + 20);
  bytes.writeUInt32LE(given.jobs ?? 0, at + 24);
  return bytes;
}

test.each([
  [{}, []],
  [{ status: 0x10 }, ['printer.paper-out']],
  [{ status: 0x50 }, ['printer.paper-out']],
  [{ status: 0x0040_0080 }, ['printer.offline', 'printer.head-open']],
  [{ attributes: 0x400 }, ['printer.offline']],
  [{ status: 0x0400 }, []],
])('the state of a queue is read from PRINTER_INFO_2: %j', (given, reasons) => {
  expect(readInfo2(info2({ ...given, jobs: 3 }), 8)).toEqual({ ready: reasons.length === 0, reasons, queued: 3 });
});

test('on 32 bit systems the pointers are shorter', () => {
  const wide = info2({ status: 0x10, jobs: 1 });
  expect(readInfo2(wide.subarray(13 * 4), 4)).toEqual(readInfo2(wide, 8));
});

/** winspool played by hand: takes `atMost` bytes per call and fails once `room` are taken. */
function standIn(given: { room?: number; atMost?: number; missing?: boolean } = {}) {
  const calls: string[] = [];
  const spooled: Uint8Array[] = [];
  let left = given.room ?? Number.POSITIVE_INFINITY;
  const yes = (name: string) => (): Promise<boolean> => {
    calls.push(name);
    return Promise.resolve(true);
  };
  const winspool: Winspool = {
    openPrinter: (queue) => Promise.resolve(given.missing === true ? null : { queue }),
    startDoc: (_printer, title, datatype) => {
      calls.push(`startDoc ${title} ${datatype}`);
      return Promise.resolve(true);
    },
    startPage: yes('startPage'),
    write(_printer, bytes) {
      if (left <= 0) return Promise.resolve(null);
      const count = Math.min(bytes.length, given.atMost ?? bytes.length, left);
      left -= count;
      spooled.push(Uint8Array.from(bytes.subarray(0, count)));
      return Promise.resolve(count);
    },
    endPage: yes('endPage'),
    endDoc: yes('endDoc'),
    abort: yes('abort'),
    close: yes('close'),
    info2: () => Promise.resolve(info2({})),
    names: () => Promise.resolve(given.missing === true ? null : ['Zebra', 'Microsoft Print to PDF']),
  };
  return { spooler: createWindowsSpooler(winspool, 8), calls, spooled: () => Buffer.concat(spooled) };
}

const label = Buffer.from('^XA^XZ'.repeat(100));

test('a label is one RAW job, written until every byte is taken', async () => {
  const { spooler, calls, spooled } = standIn({ atMost: 7 });
  await expect(spooler.hand('Zebra', 'packbench-1', label, 1_000)).resolves.toEqual({
    taken: label.length,
    problem: null,
  });
  expect(spooled()).toEqual(label);
  expect(calls).toEqual(['startDoc packbench-1 RAW', 'startPage', 'endPage', 'endDoc', 'close']);
});

test('a job that breaks off is thrown away, and its bytes are counted', async () => {
  const { spooler, calls } = standIn({ atMost: 100, room: 200 });
  await expect(spooler.hand('Zebra', 'packbench-1', label, 1_000)).resolves.toEqual({
    taken: 200,
    problem: 'WritePrinter failed',
  });
  expect(calls).toEqual(['startDoc packbench-1 RAW', 'startPage', 'abort', 'close']);
});

test('a queue that is not there takes nothing and has no state', async () => {
  const { spooler } = standIn({ missing: true });
  await expect(spooler.find('Zebra', 1_000)).resolves.toBe('no print queue is called "Zebra" (OpenPrinter failed)');
  await expect(spooler.hand('Zebra', 't', label, 1_000)).resolves.toMatchObject({ taken: 0 });
  await expect(spooler.state('Zebra', 1_000)).resolves.toBeNull();
});

test('queues are listed by their names; a spooler that cannot is said in words', async () => {
  await expect(standIn().spooler.list(1_000)).resolves.toEqual([
    { queue: 'Zebra', device: null },
    { queue: 'Microsoft Print to PDF', device: null },
  ]);
  await expect(standIn({ missing: true }).spooler.list(1_000)).rejects.toThrow('EnumPrinters failed');
});
