/** A page of artwork -> the labels it gives, each laid on the media. */
import type { Bitmap, Box } from '../bitmap.ts';
import { inkBounds } from '../bitmap.ts';
import { HeldError } from '../held.ts';
import type { FoundSymbol } from '../symbols.ts';
import { measureModule } from '../symbols.ts';
import type { Size } from './fit.ts';
import { cropBitmap, fitScale, layOnMedia, shrinkScale, turned, turnsToFit, wholeModuleScale } from './fit.ts';
import { findParts, fits } from './parts.ts';
import type { PageSource } from './source.ts';
import { scaledSize } from './source.ts';
import { toneToBitmap } from './tone.ts';
import type { QuarterTurn } from './turn.ts';
import { turnBitmap } from './turn.ts';

export interface LayOptions {
  readonly media: Size;
  readonly dotsPerMm: number;
  /** `auto`: a quarter turn clockwise if the label fits better so. Otherwise degrees clockwise. */
  readonly turn: 'auto' | QuarterTurn;
  /** Dots that stay white along the edges of the media. */
  readonly margin: number;
  /**
   * `sheets`: pages larger than the media are cut into the labels on them. `whole`: each page is one label. `filled`:
   * and fills the media although that is larger than its true size: for pages drawn too small to be read.
   */
  readonly way: 'sheets' | 'whole' | 'filled';
  /** Linear codes on an upright bitmap, for their module widths. */
  readonly readBars: (bitmap: Bitmap) => Promise<readonly FoundSymbol[]>;
}

/** A label as it lies on the media. */
export interface LaidLabel {
  readonly bitmap: Bitmap;
  /** Times its true size (a PDF page) or its pixels (a picture). */
  readonly scale: number;
  readonly turn: QuarterTurn;
  /** The whole page; false for a part of a sheet. */
  readonly wholePage: boolean;
}

/** A page may be this much larger than the media and still be one label: carriers' 4 x 6 inch on 100 x 150 mm. */
const samePage = 1.06;
/** A page whose ink needs to shrink no more than this is one label: cutting it could lose half of an address. */
const smallestWhole = 0.7;
/** A part of a sheet with less than this share of the media is no label but a slip or a logo. */
const smallestPart = 0.3;
const narrowestPart = 0.45;

/**
 * The labels of a page: one, or several if the page is a sheet larger than the media. Parts of a sheet come largest
 * first; which of them belong to the parcel is for the caller to say. None for a blank page. Throws `HeldError`
 * `label.too-large`.
 */
export async function layPage(source: PageSource, options: LayOptions): Promise<LaidLabel[]> {
  const first = toneToBitmap(await source.draw(1));
  const ink = inkBounds(first);
  if (ink === null) return [];
  const area = areaOf(options);
  if (options.way !== 'sheets' || fits(ink, area, 1 / smallestWhole))
    return [await layPart(source, first, null, options)];
  const parts = findParts(first, area, options.dotsPerMm);
  const labels = parts.filter((part) => parts.length > 1 && isLabelSized(part, area) && fits(part, area, 2));
  // A page without gutters, or of crumbs only, is one label that is too large.
  if (labels.length === 0) return [await layPart(source, first, null, options)];
  const laid: LaidLabel[] = [];
  for (const part of labels) laid.push(await layPart(source, first, part, options));
  return laid;
}

/** `part` null: the whole page, its white edges included as far as they fit. */
async function layPart(source: PageSource, first: Bitmap, part: Box | null, options: LayOptions): Promise<LaidLabel> {
  const area = areaOf(options);
  const upright = part === null ? first : cropBitmap(first, part);
  const ink = inkBounds(upright);
  if (ink === null) throw new HeldError('label.blank', 'the label page is blank');
  const turn = chooseTurn(upright, ink, area, options);
  const [outer, inner] = turn === 90 || turn === 270 ? [turned(upright), turned(ink)] : [upright, ink];

  const draw = async (scale: number): Promise<Bitmap> => {
    if (scale === 1) return turnBitmap(upright, turn);
    const whole = toneToBitmap(await source.draw(scale));
    return turnBitmap(part === null ? whole : cropBitmap(whole, scaledBox(part, source.size, scale)), turn);
  };
  const lay = async (scale: number): Promise<Bitmap | null> =>
    layOnMedia(await draw(scale), options.media, options.margin);
  const done = (bitmap: Bitmap, scale: number): LaidLabel => ({ bitmap, scale, turn, wholePage: part === null });

  const full = fitScale(inner, area);
  if (full < 1 && source.kind === 'page') shrinkScale(inner, area);
  const room = options.way === 'filled' ? full : source.kind === 'picture' ? fitScale(outer, area) : 1;
  const enlarged = Math.min(room, largestEnlargement);
  const wanted = full < 1 ? full : Math.max(1, enlarged);
  if (wanted === 1) {
    const laid = await lay(1);
    if (laid !== null) {
      const better = await withWholeModules(laid);
      return better ?? done(laid, 1);
    }
  }
  const drawn = turnBitmap(upright, turn);
  const module = widest(drawn, await options.readBars(drawn));
  // Without a code to go by, a picture is enlarged a whole number of times only, which keeps every proportion.
  const plain =
    wanted > 1 && source.kind === 'picture' && (module === null || module.dots * wanted < 5)
      ? Math.floor(wanted)
      : wanted;
  const scale = module === null ? plain : wholeModuleScale(module, wanted, full, false);
  // Rounded edges can make the ink a dot larger than the media: a hair smaller it fits.
  for (const each of new Set([scale === wanted ? plain : scale, plain, wanted, wanted * 0.99])) {
    const laid = await lay(each);
    if (laid !== null) return done(laid, each);
  }
  throw new HeldError('label.too-large', 'the label does not fit the media');

  /** A page at its true size whose bars are not whole dots, drawn at a size at which they are; null to leave it. */
  async function withWholeModules(laid: Bitmap): Promise<LaidLabel | null> {
    if (source.kind === 'picture') return null;
    const symbols = await options.readBars(laid);
    const measured = widest(laid, symbols);
    if (measured === null) return null;
    const better = wholeModuleScale(measured, 1, full, true);
    if (better === 1) return null;
    const changed = await lay(better);
    if (changed === null) return null;
    const read = new Set((await options.readBars(changed)).map((symbol) => symbol.text));
    return symbols.every((symbol) => read.has(symbol.text)) ? done(changed, better) : null;
  }
}

/** A picture of a few pixels is not blown up to a poster. */
const largestEnlargement = 8;

function areaOf({ media, margin }: LayOptions): Size {
  return { width: media.width - 2 * margin, height: media.height - 2 * margin };
}

function chooseTurn(outer: Size, ink: Size, area: Size, { turn, way }: LayOptions): QuarterTurn {
  if (turn !== 'auto') return turn;
  if (way === 'filled') return fitScale(turned(ink), area) > fitScale(ink, area) ? 90 : 0;
  if (outer.width <= area.width && outer.height <= area.height) return 0;
  const whole = turned(outer);
  const wholeTurnedFits = whole.width <= area.width * samePage && whole.height <= area.height * samePage;
  return turnsToFit(wholeTurnedFits ? outer : ink, area) ? 90 : 0;
}

/** Large enough, in area and across, to be a label and no slip, logo or barcode by itself. */
function isLabelSized(part: Size, area: Size): boolean {
  const narrow = (size: Size): number => Math.min(size.width, size.height);
  const enough = part.width * part.height >= area.width * area.height * smallestPart;
  return enough && narrow(part) >= narrow(area) * narrowestPart;
}

/** The symbol with the most modules: errors add up along it. */
function widest(bitmap: Bitmap, symbols: readonly FoundSymbol[]): ReturnType<typeof measureModule> {
  let best: ReturnType<typeof measureModule> = null;
  for (const symbol of symbols) {
    const module = measureModule(bitmap, symbol);
    if (module !== null && (best === null || module.count > best.count)) best = module;
  }
  return best;
}

function scaledBox(box: Box, size: Size, scale: number): Box {
  const drawn = scaledSize(size, scale);
  const [across, down] = [drawn.width / size.width, drawn.height / size.height];
  const x = Math.floor(box.x * across);
  const y = Math.floor(box.y * down);
  const width = Math.min(drawn.width, Math.ceil((box.x + box.width) * across)) - x;
  const height = Math.min(drawn.height, Math.ceil((box.y + box.height) * down)) - y;
  return { x, y, width, height };
}
