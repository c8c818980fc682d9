/** A PDF label -> pages that can be drawn. */
import { PDFiumLibrary } from '@hyzyla/pdfium';
import type { GrayImage } from '../bitmap.ts';
import { HeldError } from '../held.ts';
import type { Size } from './fit.ts';
import type { PageSource } from './source.ts';
import { scaledSize } from './source.ts';

const maxPages = 20;
/** A3 is 842 x 1191 points. The format allows 200 inches (ISO 32000-1 annex C), which no head and no memory needs. */
const maxPagePoints = 1_300;

let library: ReturnType<typeof PDFiumLibrary.init> | null = null;

/** Loads the PDF engine (about 50 ms); later calls return at once. */
export async function warmUpPdf(): Promise<void> {
  library ??= PDFiumLibrary.init();
  await library;
}

/** An open PDF. */
export interface PdfPages {
  readonly pages: readonly PageSource[];
  /** Frees its memory; the pages cannot be drawn any more. */
  close(): void;
}

/**
 * Opens a PDF; its pages draw at `dpi`, turned as /Rotate says. A PDF cut short is refused although its pages may still
 * draw: the marker `%%EOF` must stand in its last 1024 bytes (ISO 32000-1, 7.5.5 and Adobe's implementation note 18).
 * Throws `HeldError`.
 */
export async function openPdf(bytes: Uint8Array, dpi: number): Promise<PdfPages> {
  const head = latin1(bytes.subarray(0, 1024));
  if (!head.includes('%PDF-')) {
    const start = head
      .slice(0, 24)
      .replace(/[^\x20-\x7e]+/g, ' ')
      .trim();
    throw new HeldError('label.unreadable', `the label is not a PDF; it starts with "${start}"`);
  }
  if (!latin1(bytes.subarray(-1024)).includes('%%EOF')) {
    throw new HeldError('label.unreadable', 'the label PDF is cut short: its end is missing');
  }
  const document = await loadPdf(bytes);
  try {
    const count = document.getPageCount();
    if (count < 1) throw new HeldError('label.unreadable', 'the label PDF has no pages');
    if (count > maxPages)
      throw new HeldError('label.too-heavy', `the label PDF has ${count} pages; at most ${maxPages} are printed`);
    const pages: PageSource[] = [];
    for (let index = 0; index < count; index += 1) pages.push(pageSource(document, index, dpi));
    return { pages, close: () => document.destroy() };
  } catch (error) {
    document.destroy();
    throw error;
  }
}

/** Draws the first page of a PDF of ours at `size`. Throws `HeldError` if it cannot be read. */
export async function drawPdfPage(bytes: Uint8Array, size: Size): Promise<GrayImage> {
  const document = await loadPdf(bytes);
  try {
    return await draw(document.getPage(0), size);
  } finally {
    document.destroy();
  }
}

type PdfDocument = Awaited<ReturnType<PDFiumLibrary['loadDocument']>>;

async function loadPdf(bytes: Uint8Array): Promise<PdfDocument> {
  await warmUpPdf();
  const engine = await library;
  if (engine === null) throw new Error('the PDF engine did not load');
  try {
    return await engine.loadDocument(bytes);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The engine's words for FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY (fpdfview.h).
    if (/password|security/i.test(message))
      throw new HeldError('label.encrypted', 'the label PDF is locked with a password');
    throw new HeldError('label.unreadable', `the label PDF is damaged or has no pages: ${message}`);
  }
}

function pageSource(document: PdfDocument, index: number, dpi: number): PageSource {
  // The engine opens a page when it is asked for and closes it after drawing, so a page object draws once; the one that
  // told the size draws first.
  let opened: ReturnType<PdfDocument['getPage']> | null = document.getPage(index);
  const { originalWidth, originalHeight } = opened.getOriginalSize();
  const isLabel = [originalWidth, originalHeight].every((points) => points >= 1 && points <= maxPagePoints);
  if (!isLabel) {
    const mm = (points: number): string => String(Math.round((points * 25.4) / 72));
    throw new HeldError(
      'label.too-large',
      `page ${index + 1} of the label PDF is ${mm(originalWidth)} x ${mm(originalHeight)} mm: no label is that large`,
    );
  }
  const size = { width: Math.round((originalWidth * dpi) / 72), height: Math.round((originalHeight * dpi) / 72) };
  return {
    size,
    kind: 'page',
    draw(scale) {
      const page = opened ?? document.getPage(index);
      opened = null;
      return draw(page, scaledSize(size, scale));
    },
  };
}

/** Draws with smooth edges; the threshold behind it rounds each edge to the nearest dot. */
async function draw(page: ReturnType<PdfDocument['getPage']>, size: Size): Promise<GrayImage> {
  const image = await page.render({ scale: 1, width: size.width, height: size.height, colorSpace: 'Gray' });
  return { width: image.width, height: image.height, data: image.data };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
