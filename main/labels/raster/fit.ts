/** Laying a page on the media. Pure: sizes in, decisions and bitmaps out. */
import { HeldError } from '../held.ts';
import type { Bitmap, Box } from '../bitmap.ts';
import { inkBounds, placeOn } from '../bitmap.ts';
import type { ModuleWidth } from '../symbols.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Darker than this is burnt. The middle: an edge half on a dot is rounded to the nearer side. */
export const blackBelow = 128;

/** Smaller than this share of its drawn size a label's bars and addresses can no longer be relied on. */
const smallestScale = 0.5;

/** True if the page should be turned a quarter: it does not fit as it is, and fits better turned. */
export function turnsToFit(page: Size, media: Size): boolean {
  if (page.width <= media.width && page.height <= media.height) return false;
  return fitScale(turned(page), media) > fitScale(page, media) * 1.05;
}

/** The size after a quarter turn. */
export function turned({ width, height }: Size): Size {
  return { width: height, height: width };
}

/** How many times its size the page may have to fill the media. */
export function fitScale(page: Size, media: Size): number {
  return Math.min(media.width / page.width, media.height / page.height);
}

/**
 * Lays a page drawn at its final size on the media, dot for dot: centred, and moved only as far as needed to keep all
 * ink at least `margin` dots from the edges. Null if the ink is larger than that.
 */
export function layOnMedia(page: Bitmap, media: Size, margin = 0): Bitmap | null {
  const ink = inkBounds(page);
  if (ink === null) throw new HeldError('label.blank', 'the label page is blank');
  if (ink.width > media.width - 2 * margin || ink.height > media.height - 2 * margin) return null;
  const offset = (pageSize: number, mediaSize: number, inkStart: number, inkSize: number): number => {
    const centred = Math.floor((mediaSize - pageSize) / 2);
    return Math.min(Math.max(centred, margin - inkStart), mediaSize - margin - inkStart - inkSize);
  };
  const x = offset(page.width, media.width, ink.x, ink.width);
  const y = offset(page.height, media.height, ink.y, ink.height);
  return placeOn(media.width, media.height, page, x, y);
}

/** The part of the bitmap inside the box, as a bitmap of its own. */
export function cropBitmap(page: Bitmap, box: Box): Bitmap {
  return placeOn(box.width, box.height, page, -box.x, -box.y);
}

/** The scale, at most 1, that makes the ink fit. Throws `HeldError` if it would become too small to be relied on. */
export function shrinkScale(ink: Size, media: Size): number {
  const scale = Math.min(1, fitScale(ink, media));
  if (scale < smallestScale) {
    throw new HeldError(
      'label.too-large',
      `the label is ${ink.width} x ${ink.height} dots and the media ${media.width} x ${media.height}; load larger labels`,
    );
  }
  return scale;
}

/** Wider modules lose too little to a rounded edge to be worth another size. */
const wideModuleDots = 5;
/** A label at its true size is changed by no more than this for the sake of its bars. */
const trueSizeRange = { least: 0.94, most: 1.03 };
/** A label that has to change its size anyway gives up this much of it for whole modules. */
const leastOfFit = 0.8;
const mostOfFit = 1.1;

/**
 * The scale at which a barcode's modules are whole dots, as near to `wanted` as the range allows, or `wanted`. Bars of
 * uneven width are what makes small codes unreadable: at 203 dpi a module of 2.4 dots is printed 2 or 3 wide.
 * `isTrueSize`: nothing but the bars asks for another size; `most`: the scale at which the media is full.
 */
export function wholeModuleScale(module: ModuleWidth, wanted: number, most: number, isTrueSize: boolean): number {
  const dots = module.dots * wanted;
  // The far edge of the symbol is no more than a dot off, and it was measured no better: whole already.
  if (Math.abs(dots - Math.round(dots)) * module.count <= 1.01 || dots >= wideModuleDots) return wanted;
  const allowed = (scale: number): boolean =>
    isTrueSize
      ? scale <= most && scale >= trueSizeRange.least && scale <= trueSizeRange.most
      : scale <= most && scale >= wanted * leastOfFit && scale <= wanted * mostOfFit;
  const choices = [Math.floor(dots), Math.ceil(dots)].filter((whole) => whole >= 1).map((whole) => whole / module.dots);
  const [best] = choices.filter(allowed).toSorted((one, other) => Math.abs(one - wanted) - Math.abs(other - wanted));
  return best ?? wanted;
}
