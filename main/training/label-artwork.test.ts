import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { PNG } from 'pngjs';
import { beforeAll, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { latin } from './artwork/canvas.ts';
import { makePdfLabel, makePngLabel, makeZplLabel, type LabelFacts } from './label-artwork.ts';

const facts: LabelFacts = {
  waybill: '9261290100000000000017',
  orderNumber: 'HGE2601050000001',
  reference: 'XS202601050001-P1',
  service: 'P10006',
  sender: {
    name: 'Packbench Training',
    company: '杭州练习仓',
    phone: '0571-88001234',
    lines: ['1 Xueyuan Road'],
    place: 'Hangzhou, Zhejiang 310012',
    country: 'CN',
  },
  receiver: {
    name: 'Zoë Müller (Groß) \\ Söhne',
    company: '',
    phone: '+1 401-311-2522',
    lines: ['1200 N Harbor Blvd', 'Apt 4B'],
    place: 'Los Angeles, CA 91700',
    country: 'US',
  },
  weightG: 1234,
  date: '2026-01-05',
  items: [{ name: 'Longjing tea 龙井', quantity: 2, weightG: 500, value: '12.00' }],
};

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const file = readFileSync(wasm);
  await prepareZXingModule({
    overrides: { wasmBinary: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) },
    fireImmediately: true,
  });
});

async function codesIn(rgba: Uint8Array, width: number, height: number): Promise<string[]> {
  const data = new Uint8ClampedArray(rgba);
  const image = { data, width, height, colorSpace: 'srgb' } as unknown as Parameters<typeof readBarcodes>[0];
  const results = await readBarcodes(image, {
    formats: ['Code128'],
    maxNumberOfSymbols: 4,
  });
  return results.map((result) => result.text).toSorted();
}

test('a 203 dpi raster of the PDF carries the waybill and the order number as Code 128', async () => {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(makePdfLabel(facts, { customsPage: true }));
  expect(document.getPageCount()).toBe(2);
  const page = document.getPage(0);
  expect(page.getText()).toContain('Zoe Muller (Gross) \\ Sohne');
  expect(document.getPage(1).getText()).toContain('CUSTOMS DECLARATION');
  const image = await page.render({ scale: 203 / 72, render: 'bitmap' });
  expect([image.width, image.height]).toEqual([812, 1218]);
  expect(await codesIn(image.data, image.width, image.height)).toEqual([facts.waybill, facts.orderNumber]);
  document.destroy();
  library.destroy();
});

test('the PNG carries the same codes', async () => {
  const png = PNG.sync.read(Buffer.from(makePngLabel(facts)));
  expect([png.width, png.height]).toEqual([812, 1218]);
  expect(await codesIn(png.data, png.width, png.height)).toEqual([facts.waybill, facts.orderNumber]);
});

test('the ZPL is one format with native barcodes and no raw control character in a field', () => {
  const zpl = Buffer.from(makeZplLabel({ ...facts, reference: 'A^XZ~HS_1' })).toString('utf8');
  expect(zpl.match(/\^XA/g)).toHaveLength(1);
  expect(zpl).toContain(`^BCN,190,N,N,N,A^FH^FD${facts.waybill}^FS`);
  expect(zpl).toContain('^FDREF A_5EXZ_7EHS_5F1^FS');
});

test('text of other scripts becomes one question mark per run, accents are dropped', () => {
  expect(latin('龙井茶 Tea é 🎁')).toBe('? Tea e ?');
});

test('the same facts make the same bytes', () => {
  for (const make of [
    () => makePdfLabel(facts, { customsPage: false }),
    () => makePngLabel(facts),
    () => makeZplLabel(facts),
  ]) {
    expect(Buffer.from(make()).equals(Buffer.from(make()))).toBe(true);
  }
});
