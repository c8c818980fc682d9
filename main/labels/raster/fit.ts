/** Laying a page on the media. Pure: sizes in, decisions and bitmaps out. */
import { HeldError } from '../held.ts';
import type { Bitmap, GrayImage } from '../bitmap.ts';
import { inkBounds, placeOn } from '../bitmap.ts';

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
  const upright = Math.min(media.width / page.width, media.height / page.height);
  const turned = Math.min(media.width / page.height, media.height / page.width);
  return turned > upright * 1.05;
}

/**
 * Lays a page drawn at its true size on the media, dot for dot: centred, and moved only as far as needed to keep all
 * ink. Null if the ink is larger than the media, so that the page must be drawn smaller.
 */
export function layOnMedia(page: Bitmap, media: Size): Bitmap | null {
  const ink = inkBounds(page);
  if (ink === null) throw new HeldError('label.blank', 'the label page is blank');
  if (ink.width > media.width || ink.height > media.height) return null;
  const offset = (pageSize: number, mediaSize: number, inkStart: number, inkSize: number): number => {
    const centred = Math.floor((mediaSize - pageSize) / 2);
    return Math.min(Math.max(centred, -inkStart), mediaSize - inkStart - inkSize);
  };
  const x = offset(page.width, media.width, ink.x, ink.width);
  const y = offset(page.height, media.height, ink.y, ink.height);
  return placeOn(media.width, media.height, page, x, y);
}

/** The scale below 1 that makes the page fit. Throws `HeldError` if it would become too small to be relied on. */
export function shrinkScale(page: Size, media: Size): number {
  const scale = Math.min(1, media.width / page.width, media.height / page.height);
  if (scale < smallestScale) {
    throw new HeldError(
      'label.too-large',
      `the label is ${page.width} x ${page.height} dots and the media ${media.width} x ${media.height}; load larger labels`,
    );
  }
  return scale;
}

/** Averages over areas; only ever makes the picture smaller. */
export function shrinkGray(source: GrayImage, width: number, height: number): GrayImage {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const top = Math.floor((y * source.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * source.height) / height));
    for (let x = 0; x < width; x += 1) {
      const left = Math.floor((x * source.width) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * source.width) / width));
      let sum = 0;
      for (let row = top; row < bottom; row += 1) {
        for (let column = left; column < right; column += 1) sum += source.data[row * source.width + column] ?? 255;
      }
      data[y * width + x] = Math.round(sum / ((bottom - top) * (right - left)));
    }
  }
  return { width, height, data };
}
