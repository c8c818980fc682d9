/** A PDF label -> bitmaps on the media, one per page. */
import { PDFiumLibrary } from '@hyzyla/pdfium';
import type { Bitmap } from '../bitmap.ts';
import { thresholdGray } from '../bitmap.ts';
import { HeldError } from '../held.ts';
import type { Size } from './fit.ts';
import { blackBelow, layOnMedia, shrinkScale, turnsToFit } from './fit.ts';

const maxPages = 20;
/** 200 inches, the format's own limit (ISO 32000-1 annex C), is far more than a label: two metres is enough to say no. */
const maxPagePoints = 2_000;

let library: ReturnType<typeof PDFiumLibrary.init> | null = null;

/** Loads the PDF engine (about 50 ms); later calls return at once. */
export async function warmUpPdf(): Promise<void> {
  library ??= PDFiumLibrary.init();
  await library;
}

/**
 * Draws every page at `dpi` and lays it on the media. A PDF cut short is refused although its pages may still draw:
 * the marker `%%EOF` must stand in its last 1024 bytes (ISO 32000-1, 7.5.5 and Adobe's implementation note 18).
 * Throws `HeldError`.
 */
export async function rasterPdf(bytes: Uint8Array, dpi: number, media: Size): Promise<Bitmap[]> {
  const head = latin1(bytes.subarray(0, 1024));
  if (!head.includes('%PDF-')) {
    const start = head
      .slice(0, 24)
      .replace(/[^\x20-\x7e]+/g, ' ')
      .trim();
    throw new HeldError('label.unreadable', `the label is not a PDF; it starts with "${start}"`);
  }
  if (!latin1(bytes.subarray(-1024)).includes('%%EOF')) {
    throw new HeldError('label.unreadable', 'the label PDF is cut short: its end is missing; fetch it again');
  }
  await warmUpPdf();
  const engine = await library;
  if (engine === null) throw new Error('the PDF engine did not load');
  let document: Awaited<ReturnType<typeof engine.loadDocument>>;
  try {
    document = await engine.loadDocument(bytes);
  } catch (error) {
    throw new HeldError(
      'label.unreadable',
      `the label PDF is damaged: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  try {
    const count = document.getPageCount();
    if (count < 1) throw new HeldError('label.unreadable', 'the label PDF has no pages');
    if (count > maxPages)
      throw new HeldError('label.too-large', `the label PDF has ${count} pages; at most ${maxPages} are printed`);
    const pages: Bitmap[] = [];
    for (let index = 0; index < count; index += 1) pages.push(await rasterPage(document, index, dpi, media));
    return pages;
  } finally {
    document.destroy();
  }
}

type PdfDocument = Awaited<ReturnType<PDFiumLibrary['loadDocument']>>;

async function rasterPage(document: PdfDocument, index: number, dpi: number, media: Size): Promise<Bitmap> {
  const page = document.getPage(index);
  const { originalWidth, originalHeight } = page.getOriginalSize();
  if (!(
    originalWidth >= 1 &&
    originalHeight >= 1 &&
    originalWidth <= maxPagePoints &&
    originalHeight <= maxPagePoints
  )) {
    throw new HeldError(
      'label.too-large',
      `page ${index + 1} of the label PDF is ${originalWidth} x ${originalHeight} points`,
    );
  }
  const full = { width: Math.round((originalWidth * dpi) / 72), height: Math.round((originalHeight * dpi) / 72) };
  const turn = turnsToFit(full, media);
  const whole = layOnMedia(await draw(page, full, turn), media);
  if (whole !== null) return whole;
  const scale = shrinkScale(turn ? { width: full.height, height: full.width } : full, media);
  const size = { width: Math.floor(full.width * scale), height: Math.floor(full.height * scale) };
  const laid = layOnMedia(await draw(document.getPage(index), size, turn), media);
  if (laid === null) throw new HeldError('label.too-large', 'the label page does not fit the media');
  return laid;
}

/**
 * Draws with smooth edges and takes the threshold, which rounds each edge to the nearest dot. The engine closes the
 * page after drawing, so a page object draws once.
 */
async function draw(page: ReturnType<PdfDocument['getPage']>, size: Size, turn: boolean): Promise<Bitmap> {
  const image = await page.render({ scale: 1, width: size.width, height: size.height, colorSpace: 'Gray' });
  return thresholdGray({ width: image.width, height: image.height, data: image.data }, blackBelow, turn);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
