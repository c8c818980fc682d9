/**
 * Gray -> dots. Bars, lines and text take a plain threshold: a dither would break their edges. Only where the label
 * holds a picture (a photograph, a shaded logo) is the error diffused, so that its grays survive.
 */
import type { Bitmap, GrayImage } from '../bitmap.ts';
import { thresholdGray } from '../bitmap.ts';
import { blackBelow } from './fit.ts';

/** Side of the squares that are judged, in dots: 2 mm at 203 dpi. */
const tileDots = 16;
/** A picture is at least this many touching squares; less is noise or a shaded word. */
const smallestPicture = 9;

/** The bitmap of `gray`, one dot per pixel. */
export function toneToBitmap(gray: GrayImage): Bitmap {
  const bitmap = thresholdGray(gray, blackBelow, false);
  const pictures = findPictures(gray);
  if (pictures !== null) diffuse(gray, pictures, bitmap);
  return bitmap;
}

/** Squares that belong to a picture: 1 in row-major order, or null if there is none. */
interface Squares {
  readonly columns: number;
  readonly marks: Uint8Array;
}

function findPictures(gray: GrayImage): Squares | null {
  const columns = Math.floor(gray.width / tileDots);
  const rows = Math.floor(gray.height / tileDots);
  const marks = new Uint8Array(columns * rows);
  let any = false;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (!isPicture(gray, column * tileDots, row * tileDots)) continue;
      marks[row * columns + column] = 1;
      any = true;
    }
  }
  if (!any) return null;
  return keepLarge({ columns, marks }, rows) ? { columns, marks } : null;
}

/**
 * Mostly middle grays, of several levels, that change softly. A flat shade has one level; letters, bars and modules
 * change hard, however blurred they were drawn.
 */
function isPicture(gray: GrayImage, left: number, top: number): boolean {
  const { width, data } = gray;
  let middles = 0;
  let change = 0;
  let levels = 0;
  for (let y = 0; y < tileDots; y += 2) {
    const start = (top + y) * width + left;
    for (let x = 0; x < tileDots; x += 2) {
      const value = data[start + x] ?? 255;
      if (value < 32 || value > 223) continue;
      middles += 1;
      levels |= 1 << (value >> 3);
      change += Math.abs(value - (data[start + x + 1] ?? 255));
    }
  }
  const samples = (tileDots / 2) ** 2;
  if (middles < samples * 0.6 || change > middles * 24) return false;
  let count = 0;
  for (let rest = levels >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) count += 1;
  return count >= 3;
}

/** Unmarks groups of touching squares that are too small. False if none is left. */
function keepLarge({ columns, marks }: Squares, rows: number): boolean {
  const seen = new Uint8Array(marks.length);
  let kept = false;
  for (let start = 0; start < marks.length; start += 1) {
    if (marks[start] === 0 || seen[start] === 1) continue;
    const group = [start];
    seen[start] = 1;
    for (let next = 0; next < group.length; next += 1) {
      const at = group[next] ?? 0;
      const column = at % columns;
      const row = Math.floor(at / columns);
      for (const [x, y] of [
        [column - 1, row],
        [column + 1, row],
        [column, row - 1],
        [column, row + 1],
      ] as const) {
        if (x < 0 || y < 0 || x >= columns || y >= rows) continue;
        const beside = y * columns + x;
        if (marks[beside] === 0 || seen[beside] === 1) continue;
        seen[beside] = 1;
        group.push(beside);
      }
    }
    if (group.length >= smallestPicture) kept = true;
    else for (const at of group) marks[at] = 0;
  }
  return kept;
}

/** Floyd and Steinberg's error diffusion (1976) inside the marked squares; what is outside stays as it is. */
function diffuse(gray: GrayImage, { columns, marks }: Squares, bitmap: Bitmap): void {
  const width = columns * tileDots;
  let errors = new Float32Array(width + 2);
  let below = new Float32Array(width + 2);
  const rows = Math.floor(marks.length / Math.max(1, columns)) * tileDots;
  for (let y = 0; y < rows; y += 1) {
    const tileRow = Math.floor(y / tileDots) * columns;
    below.fill(0);
    for (let x = 0; x < width; x += 1) {
      if (marks[tileRow + Math.floor(x / tileDots)] === 0) continue;
      const wanted = (gray.data[y * gray.width + x] ?? 255) + (errors[x + 1] ?? 0);
      const black = wanted < blackBelow;
      const error = wanted - (black ? 0 : 255);
      errors[x + 2] = (errors[x + 2] ?? 0) + (error * 7) / 16;
      below[x] = (below[x] ?? 0) + (error * 3) / 16;
      below[x + 1] = (below[x + 1] ?? 0) + (error * 5) / 16;
      below[x + 2] = (below[x + 2] ?? 0) + error / 16;
      const at = y * bitmap.rowBytes + (x >> 3);
      const bit = 0x80 >> (x & 7);
      bitmap.data[at] = black ? (bitmap.data[at] ?? 0) | bit : (bitmap.data[at] ?? 0) & ~bit;
    }
    [errors, below] = [below, errors];
  }
}
