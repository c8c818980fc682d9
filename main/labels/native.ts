/** Artwork in a printer language: passed through to printers that speak it, drawn for the others if it can be. */
import type { Bitmap } from './bitmap.ts';
import { placeOn } from './bitmap.ts';
import type { LabelEngine } from './engine.ts';
import { readEplArtwork, stampEpl } from './epl/artwork.ts';
import { drawEplDots, eplBarcodes, isAllDots } from './epl/read.ts';
import { HeldError } from './held.ts';
import { bitmapOfPng } from './inspect.ts';
import type { PreparedLabel } from './labels.ts';
import { mediaDots } from './media.ts';
import type { LabelTarget } from './media.ts';
import { encodePng } from './png.ts';
import { carriesWaybill, requireWaybill } from './waybill.ts';
import { requireModestZpl } from './zpl-size.ts';
import { readZplArtwork, stampZpl } from './zpl/artwork.ts';
import { barcodeFields } from './zpl/barcodes.ts';

type FromBitmaps = (pages: readonly Bitmap[], codes: readonly string[], target: LabelTarget) => PreparedLabel;

/**
 * ZPL for a printer that speaks it goes through as it came, checked and stamped. For another printer it is drawn by
 * zpl-renderer-js, whose fonts and sizes are like Zebra's and not the same, and printed as dots: better than no label,
 * because the barcodes of the very dots that are printed are read back, and without the waybill among them it is held.
 * `drawnFrom` then says so. Rejects with `HeldError`.
 */
export async function prepareZpl(
  engine: LabelEngine,
  bytes: Uint8Array,
  waybill: string | null,
  target: LabelTarget,
  fromBitmaps: FromBitmaps,
): Promise<PreparedLabel> {
  const media = mediaDots(target);
  const artwork = readZplArtwork(bytes, media.width);
  requireModestZpl(artwork, media);
  if (target.language !== 'zpl') {
    const drawn = await engine.renderZpl(stampZpl(artwork, 'drawn', 0, media.height), target);
    if (drawn.length === 0) throw new HeldError('label.blank', 'the label draws nothing');
    const pages = drawn.map(({ png }) => placeOn(media.width, media.height, bitmapOfPng(png), 0, 0));
    const read = await readBack(engine, pages, waybill, target);
    return { ...fromBitmaps(read.pages, read.codes, target), drawnFrom: 'application/zpl' };
  }
  let codes = barcodeFields(artwork);
  if (waybill === null ? codes.length === 0 : !carriesWaybill(codes, waybill)) {
    const rendered = await engine.renderZpl(stampZpl(artwork, 'check', 0, media.height), target);
    codes = [...codes, ...rendered.flatMap((label) => label.codes)];
  }
  requireWaybill(codes, waybill);
  return {
    held: false,
    pages: artwork.formats.length,
    codes,
    bytes: (copy, printId) => stampZpl(artwork, printId, copy, media.height),
    async previewPng() {
      const [first] = await engine.renderZpl(stampZpl(artwork, 'preview', 0, media.height), target);
      if (first === undefined) throw new Error('the label draws nothing');
      return first.png;
    },
  };
}

/**
 * EPL2 for a printer that speaks it goes through as it came, checked and stamped. There is no drawer of EPL's fonts and
 * barcodes here: for another printer it is printed only if it is made of pictures, lines and boxes alone, else held.
 * Rejects with `HeldError`.
 */
export async function prepareEpl(
  engine: LabelEngine,
  bytes: Uint8Array,
  waybill: string | null,
  target: LabelTarget,
  fromBitmaps: FromBitmaps,
): Promise<PreparedLabel> {
  const media = mediaDots(target);
  const artwork = readEplArtwork(bytes, media.width);
  const draw = (): Bitmap[] => artwork.formats.map((commands) => drawEplDots(commands, media.width, media.height));
  if (target.language !== 'epl') {
    if (!isAllDots(artwork)) {
      throw new HeldError(
        'label.wrong-language',
        `the label is EPL with texts or barcodes of its own and the printer speaks ${target.language}; ask the carrier for PDF`,
      );
    }
    const read = await readBack(engine, draw(), waybill, target);
    return { ...fromBitmaps(read.pages, read.codes, target), drawnFrom: 'application/epl' };
  }
  let codes = eplBarcodes(artwork);
  // A barcode that is a picture is read like any other picture.
  if (waybill !== null && !carriesWaybill(codes, waybill)) {
    for (const page of draw()) {
      const { codes: read } = await engine.raster('image/png', encodePng(page), waybill, target).catch(blankPage);
      codes = [...codes, ...read];
    }
    requireWaybill(codes, waybill);
  }
  return {
    held: false,
    pages: artwork.formats.length,
    codes,
    bytes: (copy, printId) => stampEpl(artwork, printId, copy, media.height),
    previewPng() {
      const [first] = draw();
      if (first !== undefined && isAllDots(artwork)) return Promise.resolve(encodePng(first));
      return Promise.reject(new Error('EPL with texts or barcodes of its own cannot be drawn on screen'));
    },
  };
}

/** The codes of the very dots that will be printed. Rejects with `HeldError` if the waybill is not among them. */
async function readBack(
  engine: LabelEngine,
  pages: readonly Bitmap[],
  waybill: string | null,
  target: LabelTarget,
): Promise<{ pages: readonly Bitmap[]; codes: readonly string[] }> {
  const codes = new Set<string>();
  for (const page of pages) {
    // One label: reading stops when the waybill is found. Of several, each has codes of its own.
    const wanted = pages.length === 1 ? waybill : null;
    const read = await engine.raster('image/png', encodePng(page), wanted, target);
    for (const code of read.codes) codes.add(code);
  }
  requireWaybill([...codes], waybill);
  return { pages, codes: [...codes] };
}

/** A page without a picture has nothing to read; what else is wrong is the label's own. */
function blankPage(error: unknown): { codes: readonly string[] } {
  if (error instanceof HeldError && error.code === 'label.blank') return { codes: [] };
  throw error;
}
