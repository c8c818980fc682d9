/**
 * The Windows spooler with the datatype RAW, through koffi. Sources: Microsoft, "Print Spooler API": OpenPrinter,
 * StartDocPrinter with DOC_INFO_1, WritePrinter, GetPrinter with PRINTER_INFO_2, EnumPrinters with PRINTER_INFO_4; winspool.h for the status bits. Written
 * from those pages and tried only against a stand-in: no Windows machine runs these tests.
 */
import { createRequire } from 'node:module';
import type { DeviceWord } from '../link.ts';
import type { Spooler } from './spooler.ts';

/** An open printer: an opaque pointer of the spooler. */
export type PrinterHandle = unknown;

/**
 * The calls used, each false or null on failure. Names as in winspool.drv. Each runs in a thread of its own, where
 * GetLastError cannot be asked any more, so a failure is known by its call only.
 */
export interface Winspool {
  openPrinter(queue: string): Promise<PrinterHandle>;
  startDoc(printer: PrinterHandle, title: string, datatype: string): Promise<boolean>;
  startPage(printer: PrinterHandle): Promise<boolean>;
  /** Bytes written, or null. May be fewer than given. */
  write(printer: PrinterHandle, bytes: Uint8Array): Promise<number | null>;
  endPage(printer: PrinterHandle): Promise<boolean>;
  endDoc(printer: PrinterHandle): Promise<boolean>;
  /** Throws away what was not spooled yet. */
  abort(printer: PrinterHandle): Promise<boolean>;
  close(printer: PrinterHandle): Promise<boolean>;
  /** PRINTER_INFO_2 as it lies in memory, or null. */
  info2(printer: PrinterHandle): Promise<Uint8Array | null>;
  /** Names of this machine's queues and of those it is connected to, or null. */
  names(): Promise<readonly string[] | null>;
}

/** winspool.h: PRINTER_ENUM_LOCAL, PRINTER_ENUM_CONNECTIONS. */
const enumLocal = 0x2;
const enumConnections = 0x4;

/** Pointers before the first number of PRINTER_INFO_2W. */
const info2Pointers = 13;
const attributesAt = 0;
const statusAt = 5;
const jobsAt = 6;

/** winspool.h, PRINTER_STATUS_*: the bits that keep a label from coming out. */
const statusBits: readonly (readonly [bit: number, code: string])[] = [
  [0x0000_0001, 'printer.paused'],
  [0x0000_0002, 'printer.fault'],
  [0x0000_0008, 'printer.jam'],
  [0x0000_0010, 'printer.paper-out'],
  [0x0000_0040, 'printer.paper-out'],
  [0x0000_0080, 'printer.offline'],
  [0x0000_1000, 'printer.offline'],
  [0x0004_0000, 'printer.ribbon-out'],
  [0x0010_0000, 'printer.fault'],
  [0x0040_0000, 'printer.head-open'],
];
/** winspool.h, PRINTER_ATTRIBUTE_WORK_OFFLINE: what Windows sets when a USB printer is unplugged. */
const workOffline = 0x0000_0400;

/** Status and jobs of a PRINTER_INFO_2. `pointerBytes` is 8 on 64 bit systems. */
export function readInfo2(info: Uint8Array, pointerBytes: 4 | 8): DeviceWord {
  const view = new DataView(info.buffer, info.byteOffset, info.byteLength);
  const number = (index: number): number => view.getUint32(info2Pointers * pointerBytes + index * 4, true);
  const status = number(statusAt);
  const reasons = new Set(statusBits.filter(([bit]) => (status & bit) !== 0).map(([, code]) => code));
  if ((number(attributesAt) & workOffline) !== 0) reasons.add('printer.offline');
  return { ready: reasons.size === 0, reasons: [...reasons], queued: number(jobsAt) };
}

/** The spooler over the calls. */
export function createWindowsSpooler(winspool: Winspool, pointerBytes: 4 | 8 = pointerBytesHere()): Spooler {
  const failed = (what: string): string => `${what} failed`;

  async function withPrinter<T>(
    queue: string,
    timeoutMs: number,
    late: T,
    use: (printer: PrinterHandle, isLate: () => boolean) => Promise<T>,
    absent: (reason: string) => T,
  ): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    let isLate = false;
    const inTime = new Promise<T>((resolve) => {
      timer = setTimeout(() => {
        isLate = true;
        resolve(late);
      }, timeoutMs);
    });
    const work = async (): Promise<T> => {
      const printer = await winspool.openPrinter(queue);
      if (printer === null) return absent(`no print queue is called "${queue}" (${failed('OpenPrinter')})`);
      try {
        return await use(printer, () => isLate);
      } finally {
        await winspool.close(printer);
      }
    };
    try {
      return await Promise.race([work(), inTime]);
    } catch (error) {
      return absent(error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    find: (queue, timeoutMs) =>
      withPrinter<string | null>(
        queue,
        timeoutMs,
        'the spooler does not answer',
        () => Promise.resolve(null),
        (reason) => reason,
      ),
    hand: (queue, title, bytes, timeoutMs) => {
      let taken = 0;
      return withPrinter(
        queue,
        timeoutMs,
        { taken: bytes.length, problem: 'the spooler did not take the label in time' },
        async (printer, isLate) => {
          const broken = async (what: string): Promise<{ taken: number; problem: string }> => {
            const problem = failed(what);
            // With no byte spooled the job is thrown away whole; else some of it may be on its way to the port.
            await winspool.abort(printer);
            return { taken, problem };
          };
          if (!(await winspool.startDoc(printer, title, 'RAW')))
            return { taken: 0, problem: failed('StartDocPrinter') };
          if (!(await winspool.startPage(printer))) return broken('StartPagePrinter');
          while (taken < bytes.length) {
            if (isLate()) return broken('WritePrinter');
            const written = await winspool.write(printer, bytes.subarray(taken));
            if (written === null || written <= 0) return broken('WritePrinter');
            taken += written;
          }
          if (!(await winspool.endPage(printer))) return broken('EndPagePrinter');
          if (!(await winspool.endDoc(printer))) return { taken, problem: failed('EndDocPrinter') };
          return { taken, problem: null };
        },
        (problem) => ({ taken, problem }),
      );
    },
    state: (queue, timeoutMs) =>
      withPrinter<DeviceWord | null>(
        queue,
        timeoutMs,
        null,
        async (printer) => {
          const info = await winspool.info2(printer);
          return info === null ? null : readInfo2(info, pointerBytes);
        },
        () => null,
      ),
    async list() {
      const names = await winspool.names();
      if (names === null) throw new Error(failed('EnumPrinters'));
      return names.map((queue) => ({ queue, device: null }));
    },
  };
}

function pointerBytesHere(): 4 | 8 {
  return process.arch === 'ia32' || process.arch === 'arm' ? 4 : 8;
}

/** A function of a library, called in a thread of its own. */
type Call = (...args: unknown[]) => Promise<unknown>;

let loaded: Winspool | null = null;

/** Loads winspool.drv, once. Throws an Error on another system, or without koffi. */
export function loadWinspool(): Winspool {
  try {
    loaded ??= bindWinspool();
    return loaded;
  } catch (error) {
    throw new Error(`winspool.drv: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function bindWinspool(): Winspool {
  const require = createRequire(import.meta.url);
  const koffi = (require('koffi') as typeof import('koffi')).default ?? require('koffi');
  const spooler = koffi.load('winspool.drv');
  koffi.struct('DOC_INFO_1W', { pDocName: 'str16', pOutputFile: 'str16', pDatatype: 'str16' });
  const call = (prototype: string): Call => {
    const native = spooler.func(prototype);
    return (...args) =>
      new Promise((resolve, reject) => {
        native.async(...args, (error: unknown, result: unknown) => {
          if (error) reject(error instanceof Error ? error : new Error(JSON.stringify(error)));
          else resolve(result);
        });
      });
  };
  const open = call('int __stdcall OpenPrinterW(str16 name, _Out_ void **printer, void *defaults)');
  const startDoc = call('uint32_t __stdcall StartDocPrinterW(void *printer, uint32_t level, DOC_INFO_1W *document)');
  const startPage = call('int __stdcall StartPagePrinter(void *printer)');
  const write = call(
    'int __stdcall WritePrinter(void *printer, const uint8_t *bytes, uint32_t count, _Out_ uint32_t *written)',
  );
  const endPage = call('int __stdcall EndPagePrinter(void *printer)');
  const endDoc = call('int __stdcall EndDocPrinter(void *printer)');
  const abort = call('int __stdcall AbortPrinter(void *printer)');
  const close = call('int __stdcall ClosePrinter(void *printer)');
  const getPrinter = call(
    'int __stdcall GetPrinterW(void *printer, uint32_t level, _Out_ uint8_t *info, uint32_t size, _Out_ uint32_t *needed)',
  );
  const enumerate = call(
    'int __stdcall EnumPrintersW(uint32_t flags, str16 name, uint32_t level, _Out_ uint8_t *info, uint32_t size, _Out_ uint32_t *needed, _Out_ uint32_t *count)',
  );
  const truth = async (result: Promise<unknown>): Promise<boolean> => (await result) !== 0;
  return {
    async openPrinter(queue) {
      const out: unknown[] = [null];
      return (await open(queue, out, null)) === 0 ? null : out[0];
    },
    startDoc: (printer, title, datatype) =>
      truth(startDoc(printer, 1, { pDocName: title, pOutputFile: null, pDatatype: datatype })),
    startPage: (printer) => truth(startPage(printer)),
    async write(printer, bytes) {
      const written: number[] = [0];
      return (await write(printer, bytes, bytes.length, written)) === 0 ? null : (written[0] ?? 0);
    },
    endPage: (printer) => truth(endPage(printer)),
    endDoc: (printer) => truth(endDoc(printer)),
    abort: (printer) => truth(abort(printer)),
    close: (printer) => truth(close(printer)),
    async info2(printer) {
      const needed: number[] = [0];
      await getPrinter(printer, 2, null, 0, needed);
      const size = needed[0] ?? 0;
      if (size === 0 || size > 1024 * 1024) return null;
      const info = Buffer.alloc(size);
      return (await getPrinter(printer, 2, info, size, needed)) === 0 ? null : info;
    },
    /** PRINTER_INFO_4W: two pointers and a number, filled up to the size of a pointer; the first is the name. */
    async names() {
      const needed: number[] = [0];
      const count: number[] = [0];
      const flags = enumLocal | enumConnections;
      await enumerate(flags, null, 4, null, 0, needed, count);
      const size = needed[0] ?? 0;
      if (size === 0) return [];
      if (size > 1024 * 1024) return null;
      const info = Buffer.alloc(size);
      if ((await enumerate(flags, null, 4, info, size, needed, count)) === 0) return null;
      const entryBytes = 3 * pointerBytesHere();
      return Array.from({ length: count[0] ?? 0 }, (_, index) =>
        String(koffi.decode(info, index * entryBytes, 'str16')),
      );
    },
  };
}
