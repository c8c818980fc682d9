/** Pictures at another size. */
import type { GrayImage } from '../bitmap.ts';

/**
 * Each new pixel is the mean of the area it covers in the old picture, counted exactly, so that a whole factor copies
 * pixels unchanged and every edge moves by the same rule: with the threshold behind it, to the nearest dot.
 */
export function resampleGray(source: GrayImage, width: number, height: number): GrayImage {
  if (width === source.width && height === source.height) return source;
  const across = spans(source.width, width);
  const rows = new Float32Array(width * source.height);
  for (let y = 0; y < source.height; y += 1) {
    const start = y * source.width;
    for (let x = 0; x < width; x += 1) {
      const span = across[x];
      if (span === undefined) continue;
      let sum = 0;
      for (let at = span.first; at <= span.last; at += 1) {
        sum += (source.data[start + at] ?? 255) * weight(span, at);
      }
      rows[y * width + x] = sum / span.length;
    }
  }
  const data = new Uint8Array(width * height);
  const line = new Float32Array(width);
  spans(source.height, height).forEach((span, y) => {
    line.fill(0);
    for (let at = span.first; at <= span.last; at += 1) {
      const share = weight(span, at) / span.length;
      const start = at * width;
      for (let x = 0; x < width; x += 1) line[x] = (line[x] ?? 0) + (rows[start + x] ?? 255) * share;
    }
    for (let x = 0; x < width; x += 1) data[y * width + x] = Math.round(line[x] ?? 255);
  });
  return { width, height, data };
}

/** What one new pixel covers: from `start` to `end` of the old pixels, which `first` to `last` belong to. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
  readonly length: number;
}

function spans(from: number, to: number): Span[] {
  return Array.from({ length: to }, (_, index) => {
    const start = (index * from) / to;
    const end = ((index + 1) * from) / to;
    const first = Math.floor(start + 1e-9);
    const last = Math.max(first, Math.min(from - 1, Math.ceil(end - 1e-9) - 1));
    return { start, end, first, last, length: end - start };
  });
}

function weight(span: Span, at: number): number {
  return Math.min(at + 1, span.end) - Math.max(at, span.start);
}
