/** Artwork -> what the printer gets, checked before the first byte leaves. */
import type { Artwork } from '../domain/shipping.ts';
import type { Clock, Log } from '../ports.ts';
import { sniffArtwork } from '../domain/artwork.ts';
import type { Bitmap, Box } from './bitmap.ts';
import { blankBitmap, placeOn } from './bitmap.ts';
import type { LabelEngine, LayWishes } from './engine.ts';
import { HeldError, StoppedError, toHeld } from './held.ts';
import type { HeldLabel } from './held.ts';
import { labelEncoders } from './languages.ts';
import type { LpnFacts } from './lpn.ts';
import type { ParcelLabelFacts } from './parcel-label.ts';
import type { LabelTarget } from './media.ts';
import { createOwnLabels } from './own/own-labels.ts';
import type { OwnLabels } from './own/own-labels.ts';
import { createReceipts } from './receipt/receipts.ts';
import type { Receipts } from './receipt/receipts.ts';
import { offsetBitmap } from './offset.ts';
import { prepareEpl, prepareZpl } from './native.ts';
import { encodePng } from './png.ts';
import { markReprint } from './reprint-mark.ts';
import { turnBitmap } from './raster/turn.ts';
import { requireWaybill } from './waybill.ts';
import { createWorkerEngine } from './worker-engine.ts';

/** Most bytes of one label's artwork. A carrier's PDF is 20 to 500 KB. */
const maxArtworkBytes = 10 * 1024 * 1024;

/** A label that may be printed. */
export interface PreparedLabel {
  readonly held: false;
  /** Labels that come out of the printer. */
  readonly pages: number;
  /** Barcodes found; the waybill is one of them. Not necessarily all: reading stops when the waybill is found. */
  readonly codes: readonly string[];
  /** What to send. `copy` 0 is the first print, n carries REPRINT n. The print id stands in a comment of each page. */
  bytes(copy: number, printId: string): Uint8Array;
  /** Set if commands of another printer language were drawn as dots: close to what their own printer makes of them. */
  readonly drawnFrom?: 'application/zpl' | 'application/epl';
  /** All pages, one below the other, dot for pixel. Rejects if vendor ZPL cannot be drawn on screen. */
  previewPng(): Promise<Uint8Array>;
}

export interface Labels extends OwnLabels {
  /** Packing slips and day summaries for receipt printers. */
  readonly receipts: Receipts;
  /**
   * Draws and checks. What cannot be printed is held, with the reason; rejects only with `StoppedError`, when the
   * service was stopped before it was done.
   */
  prepare(artwork: Artwork, waybill: string, target: LabelTarget): Promise<PreparedLabel | HeldLabel>;
  /** Our own rack label. Rejects with a one-line Error if the media is too small for its barcode. */
  lpnLabel(facts: LpnFacts, target: LabelTarget): Promise<PreparedLabel>;
  /**
   * Our own parcel label, for carriers that give none. Drawn, read back and held like a carrier's; rejects only with
   * `StoppedError`.
   */
  parcelLabel(facts: ParcelLabelFacts, target: LabelTarget): Promise<PreparedLabel | HeldLabel>;
  /** Loads what reads carriers' labels (about 0.5 s, in its own thread), so that the first is as quick as the next. */
  warmUp(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Makes the label service. Drawing and reading run in a worker thread: the main thread only packs bits (a few
 * milliseconds). `resourcesDir` holds `labels/*.svg`; `workerUrl` is for builds that move the worker's file;
 * `engine` replaces the thread.
 */
export function createLabels(deps: {
  readonly clock: Clock;
  readonly log: Log;
  readonly resourcesDir: string;
  readonly workerUrl?: URL;
  readonly engine?: LabelEngine;
}): Labels {
  const { clock, log, resourcesDir } = deps;
  const workerUrl = deps.workerUrl ?? new URL('./worker.ts', import.meta.url);
  const own = deps.engine === undefined ? createWorkerEngine({ clock, log, resourcesDir, workerUrl }) : null;
  const engine = deps.engine ?? own;
  if (engine === null) throw new Error('no label engine');

  async function orHeld(waybill: string, make: () => Promise<PreparedLabel>): Promise<PreparedLabel | HeldLabel> {
    try {
      return await make();
    } catch (error) {
      if (error instanceof StoppedError) throw error;
      const held = toHeld(error);
      log.warn({ waybill, code: held.code, reason: held.message }, 'label held');
      return held;
    }
  }

  return {
    prepare(artwork, waybill, target) {
      return orHeld(waybill, () => prepareLabel(engine, decodeArtwork(artwork), artwork.type, waybill, target));
    },
    async lpnLabel(facts, target) {
      return fromBitmaps([await engine.drawLpn(facts, target)], [facts.lpn], target);
    },
    parcelLabel(facts, target) {
      return orHeld(facts.waybill, async () => {
        const page = encodePng(await engine.drawParcelLabel(facts, target));
        const { pages, codes, marks } = await engine.raster('image/png', page, facts.waybill, target);
        requireWaybill(codes, facts.waybill);
        return fromBitmaps(pages, codes, target, marks);
      });
    },
    receipts: createReceipts(resourcesDir),
    ...createOwnLabels({
      draw: (request, target) => engine.drawOwn(request, target),
      prepare: fromBitmaps,
      orHeld,
    }),
    warmUp: () => engine.warmUp(),
    stop: () => own?.stop() ?? Promise.resolve(),
  };
}

/**
 * Draws one label and checks it. What the bytes are counts, not what the vendor calls them. `waybill` null checks only
 * that it can be drawn. Throws `HeldError`.
 */
export async function prepareLabel(
  engine: LabelEngine,
  bytes: Uint8Array,
  said: Artwork['type'],
  waybill: string | null,
  target: LabelTarget,
  wishes?: LayWishes,
): Promise<PreparedLabel> {
  if (bytes.length === 0) throw new HeldError('label.unreadable', 'the label is empty');
  if (bytes.length > maxArtworkBytes) {
    throw new HeldError('label.too-heavy', `the label is ${bytes.length} bytes; at most ${maxArtworkBytes} are read`);
  }
  const type = sniffArtwork(bytes) ?? said;
  if (type === 'application/zpl') return prepareZpl(engine, bytes, waybill, target, fromBitmaps);
  if (type === 'application/epl') return prepareEpl(engine, bytes, waybill, target, fromBitmaps);
  const { pages, codes, marks } = await engine.raster(type, bytes, waybill, target, wishes);
  requireWaybill(codes, waybill);
  return fromBitmaps(pages, codes, target, marks);
}

/** `marks`: where REPRINT may stand on each page; chosen here if left out. Throws `HeldError` `label.cut-off`. */
function fromBitmaps(
  pages: readonly Bitmap[],
  codes: readonly string[],
  target: LabelTarget,
  marks?: readonly (Box | null)[],
): PreparedLabel {
  const encode = labelEncoders[target.language];
  const placed = pages.map((page) => offsetBitmap(page, target));
  const marked = (page: Bitmap, index: number, copy: number): Bitmap => {
    const mark = marks?.[index];
    if (mark === null) throw new HeldError('label.too-fine', 'no place is left on the label for the reprint mark');
    return offsetBitmap(markReprint(page, copy, mark), target);
  };
  return {
    held: false,
    pages: pages.length,
    codes,
    bytes(copy, printId) {
      const out = copy > 0 ? pages.map((page, index) => marked(page, index, copy)) : placed;
      return encode(
        out.map((page) => turnBitmap(page, target.rotation ?? 0)),
        printId,
        turnedTarget(target),
      );
    },
    previewPng: () => Promise.resolve(encodePng(stack(placed))),
  };
}

/** The media as the head sees it. */
function turnedTarget(target: LabelTarget): LabelTarget {
  const { rotation, widthMm, heightMm } = target;
  return rotation === 90 || rotation === 270 ? { ...target, widthMm: heightMm, heightMm: widthMm } : target;
}

function stack(pages: readonly Bitmap[]): Bitmap {
  const [first] = pages;
  if (first !== undefined && pages.length === 1) return first;
  const height = pages.reduce((sum, page) => sum + page.height, 0);
  const all = blankBitmap(Math.max(...pages.map((page) => page.width)), height);
  let y = 0;
  for (const page of pages) {
    all.data.set(placeOn(all.width, page.height, page, 0, 0).data, y * all.rowBytes);
    y += page.height;
  }
  return all;
}

/** Vendors wrap and pad base64 in their own ways; anything else in it means that it is not base64. */
function decodeArtwork(artwork: Artwork): Uint8Array {
  const most = (maxArtworkBytes * 4) / 3 + 4;
  // Line ends add a few in a hundred. Looked at before the text is copied even once.
  const text = artwork.base64.length > most * 1.1 ? null : artwork.base64.replace(/\s+/g, '');
  if (text === null || text.length > most)
    throw new HeldError('label.too-heavy', 'the label is larger than 10 MB; a label has less than 1 MB');
  if (!/^[0-9A-Za-z+/_-]*={0,2}$/.test(text)) throw new HeldError('label.unreadable', 'the label is not valid base64');
  return Buffer.from(text, 'base64');
}
