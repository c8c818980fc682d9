/** Artwork -> labels on the media, read back dot for dot before anything is sent. */
import type { Bitmap, Box } from '../bitmap.ts';
import type { LayWishes, RasterResult } from '../engine.ts';
import { HeldError } from '../held.ts';
import type { LabelTarget } from '../media.ts';
import { dotsPerMm, mediaDots } from '../media.ts';
import type { ReadEffort } from '../read-codes.ts';
import { readCodes, readSymbols } from '../read-codes.ts';
import { findMarkPlace, markReprint } from '../reprint-mark.ts';
import type { FoundSymbol } from '../symbols.ts';
import { carriesWaybill } from '../waybill.ts';
import { cropBitmap } from './fit.ts';
import type { LaidLabel, LayOptions } from './lay.ts';
import { layPage } from './lay.ts';
import { openPdf } from './pdf.ts';
import type { PictureType } from './picture.ts';
import { pictureSource } from './picture.ts';
import type { PageSource } from './source.ts';
import { toneToBitmap } from './tone.ts';

interface Work {
  readonly type: 'application/pdf' | PictureType;
  readonly bytes: Uint8Array;
  readonly waybill: string | null;
  readonly target: LabelTarget;
  readonly wishes: LayWishes;
  readonly progress: () => void;
}

/** See `LabelEngine.raster`. */
export async function rasterArtwork(work: Work): Promise<RasterResult> {
  const { type, bytes, target } = work;
  if (type !== 'application/pdf') return rasterPages(work, [await pictureSource(type, bytes, target.dpi)]);
  const pdf = await openPdf(bytes, target.dpi);
  try {
    return await rasterPages(work, pdf.pages);
  } finally {
    pdf.close();
  }
}

/** One label and what was read on it so far. */
interface ReadLabel extends LaidLabel {
  readonly symbols: FoundSymbol[];
}

async function rasterPages(work: Work, sources: readonly PageSource[]): Promise<RasterResult> {
  const { waybill, progress } = work;
  const labels = await layAll(work, sources, 'sheets');
  if (labels.length === 0) throw new HeldError('label.blank', 'the label is blank');
  const found = await readAll(labels, waybill, progress);
  if (waybill === null || carriesWaybill(found, waybill)) return finish(labels, waybill, found);
  // What was taken for a sheet may be one large label after all.
  if (labels.some(({ wholePage }) => !wholePage)) {
    const whole = await layAll(work, sources, 'whole');
    const foundWhole = await readAll(whole, waybill, progress);
    if (carriesWaybill(foundWhole, waybill)) return finish(whole, waybill, foundWhole);
  }
  if (!(await readsFiner(sources, waybill, progress))) return finish(labels, null, found);
  // It is the right label: drawn as large as the media allows it may still be read.
  const filled = await layAll(work, sources, 'filled');
  const foundFilled = await readAll(filled, waybill, progress);
  if (carriesWaybill(foundFilled, waybill)) return finish(filled, waybill, foundFilled);
  const { dpi, widthMm, heightMm } = work.target;
  throw new HeldError(
    'label.too-fine',
    `the bars of waybill ${waybill} are too fine for ${dpi} dpi on ${widthMm} x ${heightMm} mm`,
  );
}

async function layAll(work: Work, sources: readonly PageSource[], way: LayOptions['way']): Promise<ReadLabel[]> {
  const { target, wishes, progress } = work;
  const perMm = dotsPerMm(target.dpi);
  const labels: ReadLabel[] = [];
  const known = new Map<Bitmap, readonly FoundSymbol[]>();
  const options: LayOptions = {
    media: mediaDots(target),
    dotsPerMm: perMm,
    turn: wishes.turn ?? 'auto',
    margin: Math.round((wishes.marginMm ?? 0) * perMm),
    way,
    async readBars(bitmap) {
      const symbols = known.get(bitmap) ?? (await readSymbols(bitmap, 'bars'));
      known.set(bitmap, symbols);
      return symbols;
    },
  };
  for (const source of sources) {
    for (const label of await layPage(source, options)) {
      labels.push({ ...label, symbols: [...(await options.readBars(label.bitmap))] });
      known.clear();
      progress();
    }
  }
  return labels;
}

/** Reads on, more thoroughly each time, until the waybill is found; without a waybill as thoroughly as can be. */
async function readAll(labels: readonly ReadLabel[], waybill: string | null, progress: () => void): Promise<string[]> {
  const found = (): string[] => [...new Set(labels.flatMap(({ symbols }) => symbols.map(({ text }) => text)))];
  const efforts: readonly ReadEffort[] = waybill === null ? ['thorough'] : ['matrix', 'thorough'];
  for (const effort of efforts) {
    if (waybill !== null && carriesWaybill(found(), waybill)) break;
    for (const { bitmap, symbols } of labels) {
      const known = new Set(symbols.map(({ text }) => text));
      for (const symbol of await readSymbols(bitmap, effort)) if (!known.has(symbol.text)) symbols.push(symbol);
      progress();
    }
  }
  return found();
}

/** Pixels of the finest drawing: 4 x 6 inch at 600 dpi. */
const finestPixels = 9_000_000;

/** True if the waybill is on the artwork when it is drawn larger than the media allows. */
async function readsFiner(sources: readonly PageSource[], waybill: string, progress: () => void): Promise<boolean> {
  for (const source of sources.slice(0, 3)) {
    const most = Math.sqrt(finestPixels / (source.size.width * source.size.height));
    const bitmap = toneToBitmap(await source.draw(Math.min(3, Math.max(1, most))));
    progress();
    if (carriesWaybill(await readCodes(bitmap, 'thorough'), waybill)) return true;
    progress();
  }
  return false;
}

/** Chooses the parts of sheets that are this parcel's, and tries the reprint mark on each page. */
async function finish(
  labels: readonly ReadLabel[],
  waybill: string | null,
  codes: readonly string[],
): Promise<RasterResult> {
  const kept = keepOwn(labels, waybill);
  const marks: (Box | null)[] = [];
  for (const label of kept) marks.push(await placeMark(label, waybill));
  return { pages: kept.map(({ bitmap }) => bitmap), codes: ownFirst(kept, codes), marks };
}

/** Whole pages belong to the label whatever they carry (a customs form); parts of a sheet only with its barcode. */
function keepOwn(labels: readonly ReadLabel[], waybill: string | null): readonly ReadLabel[] {
  const texts = ({ symbols }: ReadLabel): string[] => symbols.map(({ text }) => text);
  const kept = labels.filter(
    (label) => label.wholePage || (waybill === null ? label.symbols.length > 0 : carriesWaybill(texts(label), waybill)),
  );
  return kept.length > 0 ? kept : labels.slice(0, 1);
}

function ownFirst(kept: readonly ReadLabel[], codes: readonly string[]): readonly string[] {
  const own = new Set(kept.flatMap(({ symbols }) => symbols.map(({ text }) => text)));
  return codes.filter((code) => own.has(code));
}

/** The widest mark there is, on its place: the waybill must read from that page too. Null if no place is left for it. */
async function placeMark({ bitmap, symbols }: ReadLabel, waybill: string | null): Promise<Box | null> {
  // Ten modules of quiet zone (ISO/IEC 15417, 4.4) of a wide module.
  const quiet = 40;
  const keepOut = symbols.map(({ box }) => ({
    x: box.x - quiet,
    y: box.y - 8,
    width: box.width + 2 * quiet,
    height: box.height + 16,
  }));
  const place = findMarkPlace(bitmap, keepOut);
  const own = symbols.find(({ text }) => waybill !== null && carriesWaybill([text], waybill));
  if (own === undefined || waybill === null) return place;
  // Only what is around the barcode can have changed: a strip of the page reads four times as fast.
  const top = Math.max(0, own.box.y - quiet);
  const bottom = Math.min(bitmap.height, own.box.y + own.box.height + quiet);
  const strip = { x: 0, y: top, width: bitmap.width, height: bottom - top };
  const marked = cropBitmap(markReprint(bitmap, 888, place), strip);
  if (carriesWaybill(await readCodes(marked, own.format === 'Code128' ? 'bars' : 'thorough'), waybill)) return place;
  if (carriesWaybill(await readCodes(markReprint(bitmap, 888, place), 'thorough'), waybill)) return place;
  return null;
}
