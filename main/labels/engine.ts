/** The heavy work on labels: drawing and reading back. Runs in a thread of its own (`worker.ts`), or in this one. */
import type { Bitmap, Box } from './bitmap.ts';
import { renderZpl } from './inspect.ts';
import type { RenderedLabel } from './inspect.ts';
import { drawLpn } from './lpn.ts';
import type { LpnFacts } from './lpn.ts';
import { drawParcelLabel } from './parcel-label.ts';
import type { ParcelLabelFacts } from './parcel-label.ts';
import { drawOwn } from './own/draw-own.ts';
import type { OwnPages, OwnRequest } from './own/draw-own.ts';
import type { LabelTarget } from './media.ts';
import { rasterArtwork } from './raster/artwork.ts';
import { openPdf, warmUpPdf } from './raster/pdf.ts';
import type { PictureType } from './raster/picture.ts';
import { toneToBitmap } from './raster/tone.ts';
import type { QuarterTurn } from './raster/turn.ts';
import { readCodes, warmUpReader } from './read-codes.ts';

/** How a label is laid on the media. */
export interface LayWishes {
  /** `auto` (if left out): turned a quarter clockwise if it fits better so. */
  readonly turn?: 'auto' | QuarterTurn | undefined;
  /** Millimetres that stay white along the edges of the media; 0 if left out. */
  readonly marginMm?: number | undefined;
}

export interface RasterResult {
  /** The labels, each of the size of the media. */
  readonly pages: readonly Bitmap[];
  readonly codes: readonly string[];
  /** For each page, where REPRINT may stand: tried, and the waybill still reads. Null where there is no such place. */
  readonly marks: readonly (Box | null)[];
}

export interface LabelEngine {
  /**
   * Draws a PDF or a picture on the media and reads its barcodes; with a waybill only as thoroughly as it takes to find
   * that. Of a sheet with several labels those with the waybill are kept; without a waybill, those with a barcode.
   * Rejects with `HeldError` if it cannot be drawn, or if the waybill reads only where it is drawn finer.
   */
  raster(
    type: 'application/pdf' | PictureType,
    bytes: Uint8Array,
    waybill: string | null,
    target: LabelTarget,
    wishes?: LayWishes,
  ): Promise<RasterResult>;
  /** Draws ZPL and reads its barcodes. */
  renderZpl(bytes: Uint8Array, target: LabelTarget): Promise<RenderedLabel[]>;
  drawLpn(facts: LpnFacts, target: LabelTarget): Promise<Bitmap>;
  drawParcelLabel(facts: ParcelLabelFacts, target: LabelTarget): Promise<Bitmap>;
  /** Draws a label, slip or sheet of our own and reads its codes back. Rejects with `HeldError`. */
  drawOwn(request: OwnRequest, target: LabelTarget): Promise<OwnPages>;
  warmUp(): Promise<void>;
}

/** The engine in this thread. `resourcesDir` holds `labels/*.svg`. `progress` is told after each step of drawing. */
export function createEngine(resourcesDir: string, progress: () => void = () => undefined): LabelEngine {
  let warm = false;
  return {
    raster: (type, bytes, waybill, target, wishes) =>
      rasterArtwork({ type, bytes, waybill, target, wishes: wishes ?? {}, progress }),
    renderZpl,
    drawLpn: (facts, target) => drawLpn(facts, target, resourcesDir),
    drawParcelLabel: (facts, target) => drawParcelLabel(facts, target, resourcesDir),
    drawOwn: (request, target) => drawOwn(request, target, resourcesDir),
    async warmUp() {
      if (warm) return;
      warm = true;
      await Promise.all([warmUpPdf(), warmUpReader()]);
      // The first run of each engine compiles it; a throwaway label takes that time now instead of from a packer.
      const { pages, close } = await openPdf(smallPdf, 203);
      for (const page of pages) await readCodes(toneToBitmap(await page.draw(1)), 'thorough');
      close();
    },
  };
}

/** One page of 4 x 6 inch with one black rectangle. */
const smallPdf = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 288 432]/Contents 4 0 R>>endobj\n' +
    '4 0 obj<</Length 15>>stream\n9 9 99 99 re f \nendstream endobj\ntrailer<</Size 5/Root 1 0 R>>\n%%EOF\n',
  'latin1',
);
