/** The heavy work on labels: drawing and reading back. Runs in a thread of its own (`worker.ts`), or in this one. */
import type { Bitmap } from './bitmap.ts';
import { renderZpl } from './inspect.ts';
import type { RenderedLabel } from './inspect.ts';
import { drawLpn } from './lpn.ts';
import type { LpnFacts } from './lpn.ts';
import { drawParcelLabel } from './parcel-label.ts';
import type { ParcelLabelFacts } from './parcel-label.ts';
import { drawOwn } from './own/draw-own.ts';
import type { OwnPages, OwnRequest } from './own/draw-own.ts';
import type { LabelTarget } from './media.ts';
import { mediaDots } from './media.ts';
import { rasterPdf, warmUpPdf } from './raster/pdf.ts';
import { rasterPicture } from './raster/picture.ts';
import { readCodes, warmUpReader } from './read-codes.ts';
import { carriesWaybill } from './waybill.ts';

export interface RasterResult {
  readonly pages: readonly Bitmap[];
  readonly codes: readonly string[];
}

export interface LabelEngine {
  /**
   * Draws a PDF or PNG on the media and reads its barcodes; with a waybill only as thoroughly as it takes to find
   * that. Rejects with `HeldError` if it cannot be drawn.
   */
  raster(
    type: 'application/pdf' | 'image/png',
    bytes: Uint8Array,
    waybill: string | null,
    target: LabelTarget,
  ): Promise<RasterResult>;
  /** Draws ZPL and reads its barcodes. */
  renderZpl(bytes: Uint8Array, target: LabelTarget): Promise<RenderedLabel[]>;
  drawLpn(facts: LpnFacts, target: LabelTarget): Promise<Bitmap>;
  drawParcelLabel(facts: ParcelLabelFacts, target: LabelTarget): Promise<Bitmap>;
  /** Draws a label, slip or sheet of our own and reads its codes back. Rejects with `HeldError`. */
  drawOwn(request: OwnRequest, target: LabelTarget): Promise<OwnPages>;
  warmUp(): Promise<void>;
}

/** The engine in this thread. `resourcesDir` holds `labels/*.svg`. */
export function createEngine(resourcesDir: string): LabelEngine {
  return {
    async raster(type, bytes, waybill, target) {
      const media = mediaDots(target);
      const pages = type === 'image/png' ? [rasterPicture(bytes, media)] : await rasterPdf(bytes, target.dpi, media);
      const codes = new Set<string>();
      for (const effort of waybill === null ? (['thorough'] as const) : (['bars', 'matrix', 'thorough'] as const)) {
        for (const page of pages) for (const code of await readCodes(page, effort)) codes.add(code);
        if (waybill !== null && carriesWaybill([...codes], waybill)) break;
      }
      return { pages, codes: [...codes] };
    },
    renderZpl,
    drawLpn: (facts, target) => drawLpn(facts, target, resourcesDir),
    drawParcelLabel: (facts, target) => drawParcelLabel(facts, target, resourcesDir),
    drawOwn: (request, target) => drawOwn(request, target, resourcesDir),
    async warmUp() {
      await Promise.all([warmUpPdf(), warmUpReader()]);
      // The first run of each engine compiles it; a throwaway label takes that time now instead of from a packer.
      const target: LabelTarget = { language: 'zpl', dpi: 203, widthMm: 100, heightMm: 150 };
      for (const page of await rasterPdf(smallPdf, 203, mediaDots(target))) await readCodes(page, 'thorough');
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
