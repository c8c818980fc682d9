import { fileURLToPath } from 'node:url';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryHub, type MemoryHub } from '../../native/memory/hub.ts';
import { silentLog } from '../../test/kit/ports.ts';
import { aParcel, aPulledOrder, openTestStore, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import { createPrinter, type Printer } from '../devices/printer/printer.ts';
import { createReceipts } from '../labels/receipt/receipts.ts';
import type { ContentsFacts, LabelTarget } from '../labels/index.ts';
import { settlePrinter } from '../profile/printer-models.ts';
import { parsePrinter } from '../profile/profile.ts';
import type { PaperPrinter } from './paper.ts';
import { createSheets } from './sheets.ts';
import { createDaySummary, type DaySummary } from './day-summary.ts';
import { createSlips, type Slips } from './slips.ts';

const resourcesDir = fileURLToPath(new URL('../../resources', import.meta.url));
let clock: VirtualClock;
let opened: TestStore;
let hub: MemoryHub;
let workers: Printer[];
let slips: Slips;
let printers: Record<'slip' | 'parcel', PaperPrinter[]>;
let drawn: { facts: ContentsFacts; target: LabelTarget }[];
let orderId: string;

function printer(id: string, language: 'zpl' | 'escpos', answers = false): PaperPrinter {
  const settings = settlePrinter(parsePrinter({ id, link: `memory://${id}`, language, answers }), new Map());
  const link = hub.link(settings.link);
  const worker = createPrinter({ id, link, language, ask: answers, clock, log: silentLog });
  workers.push(worker);
  return { id, settings, target: { language, dpi: settings.dpi, ...settings.media }, worker, problem: null };
}

beforeEach(() => {
  clock = createVirtualClock();
  opened = openTestStore({ clock });
  hub = createMemoryHub();
  workers = [];
  drawn = [];
  printers = { slip: [], parcel: [printer('label', 'zpl')] };
  ({ orderId } = opened.store.orders.upsert('waiqin365', aPulledOrder()));
  let number = 0;
  slips = createSlips({
    store: opened.store,
    clock,
    ids: { next: () => `id-${(number += 1)}` },
    log: silentLog,
    labels: {
      receipts: createReceipts(resourcesDir),
      contentsSlip: (facts, target) => {
        drawn.push({ facts, target });
        return Promise.resolve({
          held: false,
          pages: 2,
          codes: [],
          bytes: () => Buffer.from(`<contents of ${facts.parcel}>`),
          previewPng: () => Promise.reject(new Error('not asked for')),
        });
      },
    },
    printersFor: (role) => (role === 'slip' || role === 'parcel' ? printers[role] : []),
    people: { current: () => ({ badge: 'P017', name: '张三', role: 'packer' }) },
    site: 'HZ1',
    deskId: 'D01',
    locale: 'zh-CN',
  });
});
afterEach(async () => {
  for (const worker of workers) await worker.stop();
  opened.remove();
});

const received = (id: string): string => iconv.decode(Buffer.from(hub.device(id).received), 'gb18030');
const events = (): Record<string, unknown>[] =>
  opened.store.events
    .listForOrder(orderId)
    .filter(({ kind }) => kind === 'slip-printed')
    .map(({ detail }) => detail);
const order = () => opened.store.orders.get(orderId) ?? expect.fail('no order');
const pack = (): void => opened.store.parcels.insert(aParcel(orderId));

describe('the packing slip', () => {
  test('comes out of the receipt printer as text, also before the order is packed; who printed it is on record', async () => {
    printers.slip = [printer('till', 'escpos')];
    const printed = await slips.print({ orderId, kind: 'packing' });
    // A printer that says nothing: nobody claims that it came out.
    expect(printed).toEqual({
      outcome: 'unknown',
      printerId: 'till',
      pages: 1,
      notice: { code: 'paper.unknown', tone: 'warn', params: { printer: 'till', pages: 1 } },
    });
    const text = received('till');
    expect(text).toContain(order().number);
    for (const line of order().lines) expect(text).toContain(line.productCode);
    expect(events()).toEqual([{ slip: 'packing', outcome: 'unknown', printer: 'till', person: 'P017 张三' }]);
    expect(opened.store.prints.listByState('claimed')).toEqual([]);
  });

  test('says that it is a copy from the second one on; one that was not printed does not count', async () => {
    const till = printer('till', 'escpos');
    printers.slip = [{ ...till, worker: null, problem: 'no usb package' }];
    await slips.print({ orderId, kind: 'packing' });
    printers.slip = [till];
    await slips.print({ orderId, kind: 'packing' });
    const first = received('till');
    await slips.print({ orderId, kind: 'packing' });
    const second = received('till').slice(first.length);
    expect(first).not.toMatch(/补打|重打/);
    expect(second).toMatch(/补打|重打/);
    expect(events().map(({ outcome, message = '' }) => `${String(outcome)} ${String(message)}`)).toEqual([
      'not-printed no usb package',
      'unknown ',
      'unknown ',
    ]);
  });

  test('is drawn for a slip printer that speaks a label language', async () => {
    printers.slip = [printer('small', 'zpl')];
    await slips.print({ orderId, kind: 'packing' });
    expect(drawn.map(({ facts }) => facts.orderNumber)).toEqual([order().number]);
    expect(received('small')).toBe('<contents of >');
  });

  test('needs a printer for slips: without one nothing leaves, and the screen says what to write', async () => {
    await expect(slips.print({ orderId, kind: 'packing' })).resolves.toMatchObject({
      outcome: 'not-printed',
      printerId: null,
      notice: { code: 'slip.no-printer' },
    });
    expect(received('label')).toBe('');
  });

  test('goes to the next printer only while nothing was written', async () => {
    printers.slip = [
      { ...printer('gone', 'escpos'), worker: null, problem: 'no usb package' },
      printer('till', 'escpos'),
    ];
    await expect(slips.print({ orderId, kind: 'packing' })).resolves.toMatchObject({ printerId: 'till' });
    printers.slip = [printers.slip[1] ?? expect.fail(), printer('other', 'escpos')];
    await slips.print({ orderId, kind: 'packing' });
    expect(received('other')).toBe('');
  });

  test('is not started twice at once', async () => {
    printers.slip = [printer('till', 'escpos')];
    const first = slips.print({ orderId, kind: 'packing' });
    await expect(slips.print({ orderId, kind: 'packing' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(first).resolves.toMatchObject({ outcome: 'unknown' });
    await expect(slips.print({ orderId: 'nothing', kind: 'packing' })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the contents of a carton', () => {
  test('are what was packed, on the parcel printer where there is none for slips', async () => {
    pack();
    opened.store.parcels.setWaybill('parcel-1', '300012345678');
    const printed = await slips.print({ orderId, kind: 'contents' });
    expect(printed).toMatchObject({ outcome: 'unknown', printerId: 'label', pages: 2 });
    expect(received('label')).toBe('<contents of 300012345678>');
    const packed = opened.store.parcels.get('parcel-1')?.facts.items ?? [];
    expect(drawn[0]?.facts.lines).toEqual(
      packed.map(({ code, name, quantity }) => ({ sku: code, name, quantity: Number(quantity) })),
    );
  });

  test('are refused before the order is packed', async () => {
    await expect(slips.print({ orderId, kind: 'contents' })).rejects.toMatchObject({ code: 'refused' });
    expect(events()).toEqual([]);
  });
});

describe('sheets of the desk', () => {
  const made = {
    held: false,
    pages: 1,
    codes: [],
    bytes: () => Buffer.from('<sheet>'),
    previewPng: () => Promise.reject(new Error('not asked for')),
  } as const;
  const asked: unknown[] = [];
  const sheets = (people: { badge: string; name: string; role: 'packer' }[]) =>
    createSheets({
      store: opened.store,
      ids: { next: () => 'id-1' },
      labels: {
        sheet: () => Promise.resolve(made),
        badges: () => Promise.resolve(made),
        sheetPdf: (request) => {
          asked.push(request);
          return Promise.resolve({ pages: 1, pdf: Buffer.from('%PDF-') });
        },
      },
      printersFor: (role) => (role === 'parcel' ? printers.parcel : []),
      people: { current: () => null },
      badges: people,
      site: 'HZ1',
    });

  test('are saved as PDF or printed on the parcel printer, and both are on record', async () => {
    await expect(sheets([]).file({ kind: 'commands', locale: 'en' })).resolves.toEqual({
      fileName: 'packbench-commands.pdf',
      mimeType: 'application/pdf',
      pages: 1,
      base64: Buffer.from('%PDF-').toString('base64'),
    });
    await expect(sheets([]).print({ kind: 'scanner', locale: 'en' })).resolves.toMatchObject({ printerId: 'label' });
    expect(received('label')).toBe('<sheet>');
    const kinds = opened.store.events.list({}, 0, 100).map(({ kind, detail }) => `${kind} ${String(detail['sheet'])}`);
    expect(kinds).toEqual(['sheet-saved commands', 'sheet-printed scanner']);
  });

  test('badge cards are those of the profile; without people there are none to print', async () => {
    await expect(sheets([]).file({ kind: 'badges', locale: 'en' })).rejects.toMatchObject({ code: 'refused' });
    await sheets([{ badge: 'P017', name: '张三', role: 'packer' }]).file({ kind: 'badges', locale: 'en' });
    expect(asked.at(-1)).toEqual({
      kind: 'badges',
      locale: 'en',
      badges: [{ badge: 'P017', name: '张三', role: 'packer', site: 'HZ1' }],
    });
  });
});

describe('the summary of the day', () => {
  const summary = (): DaySummary =>
    createDaySummary({
      store: opened.store,
      clock,
      ids: { next: () => 'day' },
      labels: { receipts: createReceipts(resourcesDir) },
      printersFor: (role) => (role === 'slip' ? printers.slip : []),
      vendorName: (id) => id.toUpperCase(),
      site: 'HZ1',
      deskId: 'D01',
      locale: 'zh-CN',
    });

  test('adds up what was packed since midnight, by carrier; yesterday is not in it', async () => {
    printers.slip = [printer('till', 'escpos')];
    const now = clock.now();
    const sealed = (id: string, sealedAt: number, weightG: number): void =>
      opened.store.parcels.insert(aParcel(orderId, { id, reference: id, lpn: id, vendor: 'hge', sealedAt, weightG }));
    sealed('old', now - 30 * 3_600_000, 9_000);
    sealed('a', now, 1_200);
    sealed('b', now, 300);
    expect((await summary().print()).outcome).toBe('unknown');
    const paper = received('till');
    expect(paper).toContain('HGE');
    expect(paper).toMatch(/2 \/ 1\.5/);
    expect(paper).not.toContain('10.5');
  });

  test('a desk without a receipt printer says what to do', async () => {
    printers.slip = [printer('labels', 'zpl')];
    expect(await summary().print()).toMatchObject({
      outcome: 'not-printed',
      printerId: null,
      notice: { code: 'slip.no-receipt-printer' },
    });
  });
});
