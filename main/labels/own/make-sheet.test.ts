import { PDFiumLibrary } from '@hyzyla/pdfium';
import { expect, test } from 'vitest';
import { decodePng } from '../png.ts';
import { readCodes } from '../read-codes.ts';
import { renderZpl } from '../inspect.ts';
import type { LabelTarget } from '../media.ts';
import { makeSheet } from './make-sheet.ts';
import { pagesPdf } from './pages-pdf.ts';
import type { Bitmap } from '../bitmap.ts';
import { blankBitmap, fillBox, inkBounds, thresholdGray } from '../bitmap.ts';

const resourcesDir = new URL('../../../resources', import.meta.url).pathname;
const a4: LabelTarget = { language: 'zpl', dpi: 300, widthMm: 210, heightMm: 297 };

/** The pages of a PDF as an office printer's engine draws them, at the given size. */
async function pagesOf(pdf: Uint8Array, width: number, height: number): Promise<Bitmap[]> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(pdf);
  const pages: Bitmap[] = [];
  for (let index = 0; index < document.getPageCount(); index += 1) {
    const image = await document.getPage(index).render({ scale: 1, width, height, colorSpace: 'Gray' });
    pages.push(thresholdGray({ width: image.width, height: image.height, data: image.data }, 128, false));
  }
  document.destroy();
  library.destroy();
  return pages;
}

test('the command sheet on A4 has at most four pages, and its PDF draws every barcode readably', async () => {
  const sheet = await makeSheet({ kind: 'commands', locale: 'zh-CN' }, a4, resourcesDir);
  expect(sheet.pages).toBeLessThanOrEqual(4);
  const seen: string[] = [];
  for (const page of await pagesOf(sheet.pdf(), 2480, 3507)) seen.push(...(await readCodes(page, 'thorough')));
  for (const code of sheet.codes) expect(seen).toContain(code);
  const [picture] = sheet.pngs();
  expect(decodePng(picture ?? new Uint8Array())).toMatchObject({ width: 2480, height: 3507 });
}, 120_000);

test('a PDF page is as large as its media, black where the dots are, and every page is there', async () => {
  const page = blankBitmap(800, 1200);
  fillBox(page, { x: 100, y: 200, width: 300, height: 40 }, true);
  const pdf = pagesPdf([page, page, page], { dpi: 203, widthMm: 100, heightMm: 150 });
  const pages = await pagesOf(pdf, 800, 1200);
  expect(pages).toHaveLength(3);
  const ink = inkBounds(pages[2] ?? blankBitmap(1, 1));
  expect(ink?.x).toBeGreaterThanOrEqual(99);
  expect(ink?.width).toBeLessThanOrEqual(302);
  expect(Math.abs((ink?.y ?? 0) - 200)).toBeLessThanOrEqual(2);
});

test('as printer bytes an independent interpreter reads the same barcodes', async () => {
  const target: LabelTarget = { language: 'zpl', dpi: 203, widthMm: 100, heightMm: 150 };
  const sheet = await makeSheet({ kind: 'commands', locale: 'en' }, target, resourcesDir);
  const labels = await renderZpl(sheet.bytes('sheet'), target);
  expect(labels).toHaveLength(sheet.pages);
  const seen = labels.flatMap((label) => label.codes);
  for (const code of sheet.codes) expect(seen).toContain(code);
});
