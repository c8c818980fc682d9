/** A page of artwork that can be drawn at any size. */
import type { GrayImage } from '../bitmap.ts';
import type { Size } from './fit.ts';

export interface PageSource {
  /** A PDF page: its true size in dots of the head. A picture: its pixels; how large they should be is nowhere said. */
  readonly size: Size;
  readonly kind: 'page' | 'picture';
  /** Draws the whole page at `scale` times its size, each side rounded to whole dots (at least one). */
  draw(scale: number): Promise<GrayImage>;
}

/** The size of a page drawn at a scale. */
export function scaledSize(size: Size, scale: number): Size {
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  return { width: side(size.width), height: side(size.height) };
}
